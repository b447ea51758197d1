// SPDX-License-Identifier: BSL-1.0
// build error: this_module_does_not_name_its_members__see_ashlar_members_or_BOOST_HANA_ADAPT_STRUCT<Block>
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 4> inner;
    constexpr auto operator()(ashlar::expression auto x) const { return x + inner(x); }
};

int main() {
    nn::Sequential<nn::Linear<3, 4>, Block> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 3> x{};
    ashlar::Tensor<float, 2, 4> y = model(x);
}
