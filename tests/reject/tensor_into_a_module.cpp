// SPDX-License-Identifier: BSL-1.0
// build error: no match(ing function)? for call
// build error: a_tensor_enters_a_module_through_ashlar_call
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 4> inner;
    constexpr auto operator()(ashlar::expression auto x) const { return x + inner(x); }
};
BOOST_HANA_ADAPT_STRUCT(Block, inner);

int main() {
    Block block{};
    ashlar::Tensor<float, 2, 4> x{};
    ashlar::Tensor<float, 2, 4> y = block(x);
}
