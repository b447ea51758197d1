// SPDX-License-Identifier: BSL-1.0
// A sum inside a user's own module does not broadcast.
// build error: in_module<Block, .*shapes_do_not_broadcast<.*Shape<2, 8>, .*Shape<2, 3>
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 8> wide;
    nn::Linear<4, 3> narrow;
    constexpr auto operator()(ashlar::expression auto x) const { return relu(wide(x) + narrow(x)); }
};
BOOST_HANA_ADAPT_STRUCT(Block, wide, narrow);

int main() {
    nn::Sequential<Block, nn::ReLU> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 4> x{};
    ashlar::Tensor<float, 2, 8> y = model(x);
}
