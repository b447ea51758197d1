// SPDX-License-Identifier: BSL-1.0
// The declaration that is printed says what to write.
// build error gcc: use of deleted function
// build error clang: deleted function
// build error: ashlar::sin
// max lines: 10
#include <ashlar/ashlar.hpp>

#include <cmath>
namespace nn = ashlar::nn;

int main() {
    ashlar::Tensor<float, 4> x{};
    ashlar::Tensor<float, 4> y = std::sin(x);
}
