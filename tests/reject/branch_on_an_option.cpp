// SPDX-License-Identifier: BSL-1.0
// What the program does cannot depend on a number that is bound when it runs: where(p < 0.5, a, b).
// build error: the_body_reads_a_value_that_is_not_known_while_compiling__or_exceeds_fconstexpr_steps<Block>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 4> layer;
    ashlar::option p = 0.25;
    constexpr auto operator()(ashlar::expression auto x) const {
        if (1 - p > 0.5) return layer(x);
        else return layer(layer(x));
    }
};
BOOST_HANA_ADAPT_STRUCT(Block, layer, p);

int main() {
    Block block{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(block, x);
}
