// SPDX-License-Identifier: BSL-1.0
// A container in place of the elements.
// build error: a_tensor_is_copied_from_a_container_by_Tensor_from
// max lines: 15
#include <ashlar/ashlar.hpp>
#include <vector>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    const std::vector<float> v(3);
    Tensor<float, 3> t = v;
}
