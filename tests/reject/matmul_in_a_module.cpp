// SPDX-License-Identifier: BSL-1.0
// A product inside a user's own module does not fit.
// build error: in_module<Block, .*matmul_inner_dimensions_differ<.*Shape<8, 4>, .*Shape<8, 4>
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<3, 4> layer;
    constexpr auto operator()(ashlar::expression auto x) const { return matmul(layer(x), layer(x)); }
};
BOOST_HANA_ADAPT_STRUCT(Block, layer);

int main() {
    Block block{};
    ashlar::Tensor<float, 8, 3> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(block, x);
}
