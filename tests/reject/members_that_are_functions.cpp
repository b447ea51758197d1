// SPDX-License-Identifier: BSL-1.0
// A member function among the members of a module.
// build error: ashlar_members_lists_data_members__no_functions_and_nothing_static
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

struct Block {
    nn::Linear<4, 4> layer;
    void function() {}
    constexpr auto operator()(ashlar::expression auto x) const { return layer(x); }
    using members = ashlar::members<&Block::layer, &Block::function>;
};

int main() {
    Block block{};
    Tensor<float, 3, 4> x{};
    Tensor<float, 3, 4> y = ashlar::call(block, x);
}
