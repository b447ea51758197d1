// SPDX-License-Identifier: BSL-1.0
// build error: unflatten_needs_sizes_whose_product_is_the_extent<.*Unflatten<1, 2, 3>, .*Shape<4, 7>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    ashlar::Tensor<float, 4, 7> x{};
    ashlar::Tensor<float, 4, 2, 3> y = nn::Unflatten<1, 2, 3>{}(x);
}
