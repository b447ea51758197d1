// SPDX-License-Identifier: BSL-1.0
// Convolutions of volumes beside PyTorch: values, gradients, and three steps of training.
#include "support/catch.hpp"

#include "fixtures/convolutions.hpp"
#include "support/trained.hpp"

namespace nn = ashlar::nn;
namespace fw = fixtures::convolutions;
using support::agrees_and_learns;

TEST_CASE("Conv3d", "[nn]") { agrees_and_learns<fw::conv3d::all, nn::Conv3d<2, 3, 2>>(); }

TEST_CASE("Conv3d with all options", "[nn]") {
    agrees_and_learns<fw::conv3d_all::all,
                      nn::Conv3d<2, 4, nn::kernel<2, 3, 2>, nn::stride<2, 1, 3>, nn::padding<1, 2, 0>,
                                 nn::dilation<2, 1, 3>, nn::groups<2>>>();
}

TEST_CASE("Conv3d of every channel by itself, without a batch and a bias", "[nn]") {
    agrees_and_learns<fw::conv3d_depthwise::all, nn::Conv3d<2, 2, 3, nn::padding<1>, nn::groups<2>, nn::no_bias>>();
}

TEST_CASE("Conv3d with a padding that keeps the extents", "[nn]") {
    agrees_and_learns<fw::conv3d_same::all,
                      nn::Conv3d<1, 2, nn::kernel<2, 3, 1>, nn::same, nn::padding_mode::replicate>>();
}

TEST_CASE("ConvTranspose3d", "[nn]") {
    agrees_and_learns<fw::transpose3d::all,
                      nn::ConvTranspose3d<2, 2, nn::kernel<2, 1, 3>, nn::stride<2, 3, 1>, nn::padding<1, 0, 1>,
                                          nn::output_padding<1, 1, 0>, nn::dilation<3, 1, 2>>>();
}
