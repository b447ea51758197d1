// SPDX-License-Identifier: BSL-1.0
// Transposed convolutions beside PyTorch: values, gradients, and three steps of training.
#include "support/catch.hpp"

#include "fixtures/convolutions.hpp"
#include "support/trained.hpp"

namespace nn = ashlar::nn;
namespace fw = fixtures::convolutions;
using support::agrees_and_learns;

TEST_CASE("ConvTranspose2d", "[nn]") { agrees_and_learns<fw::transpose2d::all, nn::ConvTranspose2d<2, 3, 3>>(); }

TEST_CASE("ConvTranspose2d with all options", "[nn]") {
    agrees_and_learns<fw::transpose2d_all::all,
                      nn::ConvTranspose2d<4, 2, nn::kernel<3, 2>, nn::stride<2, 3>, nn::padding<1, 2>,
                                          nn::output_padding<1, 2>, nn::dilation<2, 1>, nn::groups<2>>>();
}

TEST_CASE("ConvTranspose2d whose output padding is as much as a stride", "[nn]") {
    using Layer =
        nn::ConvTranspose2d<1, 1, 2, nn::stride<2, 1>, nn::output_padding<3, 2>, nn::dilation<4, 3>, nn::no_bias>;
    static_assert(ashlar::parameter_count<Layer> == 4);
    agrees_and_learns<fw::transpose2d_windows_more::all, Layer>();
}

TEST_CASE("ConvTranspose2d of every channel by itself, without a batch", "[nn]") {
    agrees_and_learns<fw::transpose2d_depthwise::all,
                      nn::ConvTranspose2d<3, 3, 4, nn::stride<2>, nn::padding<1>, nn::groups<3>>>();
}

TEST_CASE("ConvTranspose1d", "[nn]") {
    agrees_and_learns<fw::transpose1d::all, nn::ConvTranspose1d<3, 2, 4, nn::stride<2>, nn::padding<1>>>();
}

TEST_CASE("ConvTranspose1d of one element, without a batch", "[nn]") {
    agrees_and_learns<
        fw::transpose1d_one::all,
        nn::ConvTranspose1d<2, 4, 3, nn::stride<3>, nn::dilation<2>, nn::output_padding<2>, nn::groups<2>>>();
}
