// SPDX-License-Identifier: BSL-1.0
#include "../../measure.hpp"
#include "tables.hpp"

#include <ATen/Parallel.h>

int main(int argc, char** argv) {
    at::set_num_threads(1);
    gemm();
    elementwise();
    mlp();
    training();
    lenet();
    layers();
    memory();
    return bench::run(argc, argv);
}
