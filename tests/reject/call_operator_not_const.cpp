// SPDX-License-Identifier: BSL-1.0
// build error: the_call_operator_of_this_module_has_to_be_const<Block>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 4> layer;
    auto operator()(ashlar::expression auto x) { return layer(x); }
};
BOOST_HANA_ADAPT_STRUCT(Block, layer);

int main() {
    Block block{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(block, x);
}
