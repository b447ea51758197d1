// SPDX-License-Identifier: BSL-1.0
// std::max of tensors.
// build error: deleted
// build error: any\(e\)
// max lines: 15
#include <ashlar/ashlar.hpp>
#include <algorithm>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    const Tensor<float, 2, 3> a{};
    auto y = std::max(a, a);
}
