// SPDX-License-Identifier: BSL-1.0
// PyTorch calls it forward.
// build error: this_module_has_no_call_operator_that_takes_one_expression<Block>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 4> layer;
    constexpr auto forward(ashlar::expression auto x) const { return layer(x); }
};
BOOST_HANA_ADAPT_STRUCT(Block, layer);

int main() {
    Block block{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(block, x);
}
