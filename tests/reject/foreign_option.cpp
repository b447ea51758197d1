// SPDX-License-Identifier: BSL-1.0
// A body uses an option that does not belong to the module.
// build error: an_option_in_the_body_is_not_a_member_of_the_module<.*Scaled
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

ashlar::option slope = 0.1;

struct Scaled {
    nn::Linear<4, 4> layer;
    constexpr auto operator()(ashlar::expression auto x) const { return leaky_relu(layer(x), slope); }
};
BOOST_HANA_ADAPT_STRUCT(Scaled, layer);

int main() {
    Scaled module{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(module, x);
}
