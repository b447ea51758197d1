// SPDX-License-Identifier: BSL-1.0
// A temporary tensor is no member, whatever it is computed with.
// build error: a_tensor_in_the_body_is_not_a_member_of_the_module<.*Block
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 4> layer;
    ashlar::Tensor<float, 4> shift;
    constexpr auto operator()(ashlar::expression auto x) const {
        return layer(x + (shift + ashlar::Tensor<float, 4>::ones()));
    }
};
BOOST_HANA_ADAPT_STRUCT(Block, layer, shift);

int main() {
    Block block{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(block, x);
}
