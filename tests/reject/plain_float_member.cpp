// SPDX-License-Identifier: BSL-1.0
// A body reads a number of the module that is not adapted: its value cannot be known while compiling.
// build error: a_number_in_the_body_is_no_constant__make_it_an_ashlar_option_and_adapt_it<.*Scaled
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Scaled {
    nn::Linear<4, 4> layer;
    float scale = 2;
    constexpr auto operator()(ashlar::expression auto x) const { return layer(x) * scale; }
};
BOOST_HANA_ADAPT_STRUCT(Scaled, layer);

int main() {
    Scaled module{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(module, x);
}
