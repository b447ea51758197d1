// SPDX-License-Identifier: BSL-1.0
// A body reads the first element of a tensor, which has the address of the tensor, and is not all of it.
// build error: a_number_in_the_body_is_no_constant__make_it_an_ashlar_option_and_adapt_it<.*Scaled
// max lines: 20
#include <ashlar/ashlar.hpp>

struct Scaled {
    ashlar::Tensor<float, 4> weight{};
    float scale = 2;
    constexpr auto operator()(ashlar::expression auto x) const { return x * weight(0) * scale; }
};
BOOST_HANA_ADAPT_STRUCT(Scaled, weight, scale);

int main() {
    Scaled module{};
    ashlar::Tensor<float, 8, 4> x{};
    ashlar::Tensor<float, 8, 4> y = ashlar::call(module, x);
}
