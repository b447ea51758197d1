// SPDX-License-Identifier: BSL-1.0
// build error: the_body_of_this_module_has_to_return_an_expression_of_its_input<Block, double>
// max lines: 10
#include <ashlar/ashlar.hpp>

#include <cmath>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 4> layer;
    constexpr auto operator()(ashlar::expression auto x) const { return std::tanh(layer(x)); }
    using members = ashlar::members<&Block::layer>;
};

int main() {
    Block block{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(block, x);
}
