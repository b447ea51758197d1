// SPDX-License-Identifier: BSL-1.0
// build error: matmul_takes_no_numbers__write_a_product<.*option
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 4> layer;
    ashlar::option p = 0.5;
    constexpr auto operator()(ashlar::expression auto x) const { return matmul(layer(x), p); }
    using members = ashlar::members<&Block::layer, &Block::p>;
};

int main() {
    Block block{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(block, x);
}
