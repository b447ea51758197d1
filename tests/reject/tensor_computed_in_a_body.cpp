// SPDX-License-Identifier: BSL-1.0
// A body is traced: there are no values that a tensor could take.
// build error: a_body_has_no_values_yet__keep_the_expression_with_auto<.*Block
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 4> layer;
    constexpr auto operator()(ashlar::expression auto x) const {
        const ashlar::Tensor<float, 8, 4> inner = layer(x);
        return inner + x;
    }
};
BOOST_HANA_ADAPT_STRUCT(Block, layer);

int main() {
    Block block{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(block, x);
}
