// SPDX-License-Identifier: BSL-1.0
// build error: deleted function
// max lines: 20
#include <ashlar/ashlar.hpp>

int main() {
    auto x = ashlar::variable<"x">(ashlar::Tensor<float, 3>{1, 2, 3});
}
