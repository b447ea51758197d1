// SPDX-License-Identifier: BSL-1.0
// build error: input_features_differ<.*Linear<9, 4>, 9, .*Shape<2, 8>
// build error: Encoder
// max lines: 20
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Encoder {
    nn::Linear<4, 8> first;
    nn::Linear<9, 4> second;
    constexpr auto operator()(ashlar::expression auto x) const { return second(relu(first(x))); }
};
BOOST_HANA_ADAPT_STRUCT(Encoder, first, second);

int main() {
    nn::Sequential<nn::Linear<3, 4>, Encoder> model{ashlar::seed(0)};
    ashlar::Tensor<float, 2, 3> x{};
    ashlar::Tensor<float, 2, 4> y = model(x);
}
