// SPDX-License-Identifier: BSL-1.0
// A comparison of tensors has many answers.
// build error: deleted
// build error: any\(e\)
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    const Tensor<float, 2, 3> a{};
    if (a > a) return 1;
}
