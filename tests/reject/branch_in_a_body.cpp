// SPDX-License-Identifier: BSL-1.0
// What a body computes has no value while it is traced: where(sum(x) > 0, a, b).
// build error: a_body_has_no_values_yet__keep_the_expression_with_auto<.*Block
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 4> layer;
    constexpr auto operator()(ashlar::expression auto x) const {
        if (sum(x) > 0) return layer(x);
        else return layer(layer(x));
    }
    using members = ashlar::members<&Block::layer>;
};

int main() {
    Block block{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(block, x);
}
