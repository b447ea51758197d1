// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Pools with all of their options, in three dimensions, of powers and adaptive ones beside PyTorch: values and
// gradients; the inputs of the maxima have ties.
#include "support/catch.hpp"

#include "fixtures/pools.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
namespace fp = fixtures::pools;
using support::tensor_of;

// The arrays of a namespace of fixtures.
#define FIXTURE(name) \
    tensor_of<fp::name::input_shape>(fp::name::input), tensor_of<fp::name::upstream_shape>(fp::name::upstream), \
        fp::name::output, fp::name::grad_input

template <class Model, class Input, class Upstream>
static void agrees(const Input& input, const Upstream& upstream, const float* output, const float* gradient) {
    support::agrees([](const auto& x) { return Model{}(x); }, input, upstream, output, gradient, 2e-6);
}

TEST_CASE("MaxPool1d and MaxPool2d in ceil_mode", "[nn]") {
    agrees<nn::MaxPool2d<3, nn::stride<2>, nn::padding<1>, nn::ceil_mode>>(FIXTURE(max2d_ceil));
    agrees<nn::MaxPool2d<nn::kernel<2, 3>, nn::stride<3, 2>, nn::padding<1, 0>, nn::dilation<1, 2>, nn::ceil_mode>>(
        FIXTURE(max2d_ceil_uneven));
    agrees<nn::MaxPool2d<2, nn::ceil_mode>>(FIXTURE(max2d_ceil_pairs));
    agrees<nn::MaxPool2d<4, nn::stride<3>, nn::ceil_mode>>(FIXTURE(max2d_ceil_larger));
    agrees<nn::MaxPool1d<3, nn::stride<2>, nn::ceil_mode>>(FIXTURE(max1d_ceil));
}

TEST_CASE("MaxPool3d", "[nn]") {
    agrees<nn::MaxPool3d<2>>(FIXTURE(max3d));
    agrees<nn::MaxPool3d<3, nn::stride<2>, nn::padding<1>>>(FIXTURE(max3d_overlapping));
    agrees<nn::MaxPool3d<nn::kernel<2, 3, 2>, nn::stride<1, 2, 3>, nn::padding<1, 1, 0>, nn::dilation<2, 1, 1>,
                         nn::ceil_mode>>(
        FIXTURE(max3d_uneven));
}

TEST_CASE("AvgPool1d and AvgPool2d", "[nn]") {
    agrees<nn::AvgPool2d<3, nn::stride<2>, nn::padding<1>, nn::ceil_mode>>(FIXTURE(avg2d_ceil));
    agrees<nn::AvgPool2d<3, nn::stride<2>, nn::padding<1>, nn::count_include_pad<false>>>(FIXTURE(avg2d_inside));
    agrees<nn::AvgPool2d<nn::kernel<3, 4>, nn::stride<2, 3>, nn::padding<1, 2>, nn::ceil_mode,
                         nn::count_include_pad<false>>>(
        FIXTURE(avg2d_ceil_inside));
    agrees<nn::AvgPool2d<2, nn::stride<1>, nn::divisor_override<3>>>(FIXTURE(avg2d_divisor));
    agrees<nn::AvgPool2d<nn::kernel<2, 3>, nn::padding<1>, nn::ceil_mode, nn::count_include_pad<false>,
                         nn::divisor_override<5>>>(
        FIXTURE(avg2d_divisor_ceil));
    agrees<nn::AvgPool1d<4, nn::stride<3>, nn::padding<2>, nn::ceil_mode, nn::count_include_pad<false>>>(
        FIXTURE(avg1d_ceil_inside));
}

TEST_CASE("AvgPool3d", "[nn]") {
    agrees<nn::AvgPool3d<3, nn::stride<2>, nn::padding<1>>>(FIXTURE(avg3d));
    agrees<nn::AvgPool3d<nn::kernel<2, 3, 2>, nn::stride<2>, nn::padding<1, 1, 0>, nn::ceil_mode,
                         nn::count_include_pad<false>>>(
        FIXTURE(avg3d_ceil_inside));
    agrees<nn::AvgPool3d<nn::kernel<2, 1, 3>, nn::stride<1, 2, 2>, nn::divisor_override<7>>>(FIXTURE(avg3d_divisor));
}

TEST_CASE("LPPool1d and LPPool2d", "[nn]") {
    agrees<nn::LPPool1d<2, 3, nn::stride<2>>>(FIXTURE(lp1d));
    agrees<nn::LPPool1d<1, 3, nn::ceil_mode>>(FIXTURE(lp1d_sum));
    agrees<nn::LPPool2d<2, nn::kernel<2, 3>, nn::ceil_mode>>(FIXTURE(lp2d));
    agrees<nn::LPPool2d<4, 3, nn::stride<1, 2>>>(FIXTURE(lp2d_fourth));
    agrees<nn::LPPool2d<1.5, 2>>(FIXTURE(lp2d_real));
}

TEST_CASE("AdaptiveAvgPool1d and AdaptiveAvgPool3d", "[nn]") {
    agrees<nn::AdaptiveAvgPool1d<3>>(FIXTURE(adaptive_avg1d_even));
    agrees<nn::AdaptiveAvgPool1d<4>>(FIXTURE(adaptive_avg1d));
    agrees<nn::AdaptiveAvgPool1d<1>>(FIXTURE(adaptive_avg1d_one));
    agrees<nn::AdaptiveAvgPool3d<2, 3, 4>>(FIXTURE(adaptive_avg3d));
    agrees<nn::AdaptiveAvgPool3d<1>>(FIXTURE(adaptive_avg3d_one));
    agrees<nn::AdaptiveAvgPool3d<2, 3, 1>>(FIXTURE(adaptive_avg3d_even));
}

TEST_CASE("AdaptiveMaxPool1d and AdaptiveMaxPool2d", "[nn]") {
    agrees<nn::AdaptiveMaxPool1d<3>>(FIXTURE(adaptive_max1d_even));
    agrees<nn::AdaptiveMaxPool1d<4>>(FIXTURE(adaptive_max1d));
    agrees<nn::AdaptiveMaxPool1d<7>>(FIXTURE(adaptive_max1d_more));
    agrees<nn::AdaptiveMaxPool2d<2, 3>>(FIXTURE(adaptive_max2d_even));
    agrees<nn::AdaptiveMaxPool2d<3, 4>>(FIXTURE(adaptive_max2d));
    agrees<nn::AdaptiveMaxPool2d<2, 4>>(FIXTURE(adaptive_max2d_mixed));
}
