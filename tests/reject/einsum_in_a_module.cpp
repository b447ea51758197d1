// SPDX-License-Identifier: BSL-1.0
// build error: einsum_letter_has_two_extents<'i', 5, 4>
// max lines: 10
#include <ashlar/ashlar.hpp>

struct Block {
    ashlar::Tensor<float, 3, 4> weight;
    constexpr auto operator()(ashlar::expression auto x) const { return ashlar::einsum<"bi,oi->bo">(x, weight) * 2; }
};
BOOST_HANA_ADAPT_STRUCT(Block, weight);

int main() {
    Block block{};
    const ashlar::Tensor<float, 2, 5> x{};
    const ashlar::Tensor<float, 2, 3> y = ashlar::call(block, x);
}
