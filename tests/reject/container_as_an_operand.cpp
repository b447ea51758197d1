// SPDX-License-Identifier: BSL-1.0
// A container beside a tensor.
// build error: an_operand_is_no_container__see_Tensor_from_and_TensorView<.*vector
// max lines: 15
#include <ashlar/ashlar.hpp>
#include <vector>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    const Tensor<float, 2, 3> a{};
    const std::vector<float> v(3);
    auto y = a + v;
}
