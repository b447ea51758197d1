// SPDX-License-Identifier: BSL-1.0
#include "../../measure.hpp"
#include "tables.hpp"

int main(int argc, char** argv) {
    mlp();
    training();
    lenet();
    return bench::run(argc, argv);
}
