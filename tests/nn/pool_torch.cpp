// SPDX-License-Identifier: BSL-1.0
// Pools beside PyTorch: values and gradients; the inputs of the maxima have ties.
#include "support/catch.hpp"

#include "fixtures/windows.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
namespace fw = fixtures::windows;
using support::tensor_of;

static constexpr double tolerance = 2e-6;

template <class Model, class Input, class Upstream>
static void agrees(const Model& model, const Input& input, const Upstream& upstream, const float* output,
                   const float* grad_input) {
    support::agrees([&](const auto& x) { return model(x); }, input, upstream, output, grad_input, tolerance);
}

TEST_CASE("MaxPool2d", "[nn]") {
    namespace f = fw::max_pool2d;
    agrees(nn::MaxPool2d<2>{}, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream),
           f::output, f::grad_input);
}
TEST_CASE("MaxPool2d whose windows overlap", "[nn]") {
    namespace f = fw::max_pool2d_overlapping;
    agrees(nn::MaxPool2d<3, nn::stride<2>, nn::padding<1>>{}, tensor_of<f::input_shape>(f::input),
           tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input);
}
TEST_CASE("MaxPool2d with options that differ between height and width", "[nn]") {
    namespace f = fw::max_pool2d_dilation;
    agrees(nn::MaxPool2d<nn::kernel<2, 3>, nn::stride<3, 1>, nn::padding<1, 0>, nn::dilation<1, 2>>{},
           tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input);
}
TEST_CASE("MaxPool1d", "[nn]") {
    namespace f = fw::max_pool1d;
    agrees(nn::MaxPool1d<3, nn::stride<2>>{}, tensor_of<f::input_shape>(f::input),
           tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input);
}
TEST_CASE("AvgPool2d", "[nn]") {
    namespace f = fw::avg_pool2d;
    agrees(nn::AvgPool2d<2>{}, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream),
           f::output, f::grad_input);
}
TEST_CASE("AvgPool2d with padding, which counts", "[nn]") {
    namespace f = fw::avg_pool2d_padding;
    agrees(nn::AvgPool2d<3, nn::stride<2>, nn::padding<1>>{}, tensor_of<f::input_shape>(f::input),
           tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input);
}
TEST_CASE("AvgPool1d", "[nn]") {
    namespace f = fw::avg_pool1d;
    agrees(nn::AvgPool1d<3, nn::stride<2>, nn::padding<1>>{}, tensor_of<f::input_shape>(f::input),
           tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input);
}
TEST_CASE("AdaptiveAvgPool2d that divides the image", "[nn]") {
    namespace f = fw::adaptive_even;
    agrees(nn::AdaptiveAvgPool2d<2, 3>{}, tensor_of<f::input_shape>(f::input),
           tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input);
}
TEST_CASE("AdaptiveAvgPool2d whose windows overlap", "[nn]") {
    namespace f = fw::adaptive_uneven;
    agrees(nn::AdaptiveAvgPool2d<3, 4>{}, tensor_of<f::input_shape>(f::input),
           tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input);
}
TEST_CASE("AdaptiveAvgPool2d of the whole image", "[nn]") {
    namespace f = fw::adaptive_one;
    agrees(nn::AdaptiveAvgPool2d<1>{}, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream),
           f::output, f::grad_input);
}
