// SPDX-License-Identifier: BSL-1.0
// A body calls a layer that does not belong to the module.
// build error: a_tensor_in_the_body_is_not_a_member_of_the_module<.*Block
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

nn::Linear<4, 4> shared;

struct Block {
    nn::Linear<4, 4> own;
    constexpr auto operator()(ashlar::expression auto x) const { return own(x) + shared(x); }
};
BOOST_HANA_ADAPT_STRUCT(Block, own);

int main() {
    nn::Sequential<nn::Linear<3, 4>, Block> model{ashlar::seed(0)};
    ashlar::Tensor<float, 8, 3> x{};
    ashlar::Tensor<float, 8, 4> y = model(x);
}
