// SPDX-License-Identifier: BSL-1.0
// A layer of the module is missing in its BOOST_HANA_ADAPT_STRUCT.
// build error: a_tensor_in_the_body_is_not_a_member_of_the_module<.*Block
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 4> first, second;
    constexpr auto operator()(ashlar::expression auto x) const { return second(relu(first(x))); }
};
BOOST_HANA_ADAPT_STRUCT(Block, first);

int main() {
    Block block{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(block, x);
}
