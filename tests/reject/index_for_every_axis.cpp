// SPDX-License-Identifier: BSL-1.0
// One index of a matrix.
// build error: an_element_has_one_whole_index_for_each_axis<ashlar::Shape<2, 3>, int>
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    const Tensor<float, 2, 3> a{};
    float row = a(1);
}
