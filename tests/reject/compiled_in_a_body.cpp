// SPDX-License-Identifier: BSL-1.0
// build error: a_compiled_model_cannot_be_called_inside_a_body__call_the_model_itself<.*Linear<4, 4>
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

static nn::Linear<4, 4> layer{ashlar::seed(0)};
static const auto fast = ashlar::compile(layer);

struct Block {
    nn::Linear<4, 4> own;
    constexpr auto operator()(ashlar::expression auto x) const { return own(fast(x)); }
};
BOOST_HANA_ADAPT_STRUCT(Block, own);

int main() {
    Block block{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(block, x);
}
