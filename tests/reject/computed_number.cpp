// SPDX-License-Identifier: BSL-1.0
// A body computes with a member's value before any expression sees it.
// build error: the_body_reads_a_value_that_is_not_known_while_compiling__or_exceeds_fconstexpr_steps<Scaled>
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Scaled {
    nn::Linear<4, 4> layer;
    float scale = 2;
    constexpr auto operator()(ashlar::expression auto x) const { return layer(x) * (scale + 1); }
};
BOOST_HANA_ADAPT_STRUCT(Scaled, layer, scale);

int main() {
    Scaled module{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(module, x);
}
