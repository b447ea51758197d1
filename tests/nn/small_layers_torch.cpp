// SPDX-License-Identifier: BSL-1.0
// Small layers that are made of a few ops beside PyTorch: values, and gradients of what they take.

#include "fixtures/small_layers.hpp"
#include "support/fixture.hpp"

#include <algorithm>
#include <cmath>

namespace nn = ashlar::nn;
using ashlar::Tensor;
using support::agrees;
using support::first_difference;
using support::tensor_of;
namespace small = fixtures::small_layers;

static constexpr double tolerance = 4e-6;

TEST_CASE("the elements elsewhere", "[nn]") {
    {
        namespace f = small::unflatten;
        agrees(nn::Unflatten<1, 2, 3>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::permute;
        agrees(nn::Permute<2, 0, 1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::pixel_shuffle;
        agrees(nn::PixelShuffle<2>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::pixel_unshuffle;
        agrees(nn::PixelUnshuffle<2>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::upsample_signals;
        agrees(nn::Upsample<3>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::upsample_images;
        agrees(nn::Upsample<2>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
}

TEST_CASE("something around signals and images", "[nn]") {
    {
        namespace f = small::zero_pad2d;
        agrees(nn::ZeroPad2d<1, 0, 2, -1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::constant_pad1d;
        agrees(nn::ConstantPad1d<1>{0.5}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::constant_pad2d;
        agrees(nn::ConstantPad2d<0, 1, 1, 2>{-2.5}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::reflection_pad1d;
        agrees(nn::ReflectionPad1d<2, 1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::reflection_pad2d;
        agrees(nn::ReflectionPad2d<1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::replication_pad1d;
        agrees(nn::ReplicationPad1d<2>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::replication_pad2d;
        agrees(nn::ReplicationPad2d<2, 1, 0, 1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::circular_pad1d;
        agrees(nn::CircularPad1d<1, 3>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::circular_pad2d;
        agrees(nn::CircularPad2d<1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
}

TEST_CASE("LocalResponseNorm", "[nn]") {
    {
        namespace f = small::local_response_norm;
        agrees(nn::LocalResponseNorm<3>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, tolerance);
    }
    {
        namespace f = small::local_response_norm_even;
        agrees(nn::LocalResponseNorm<4>{.alpha = 0.5, .beta = 1.5, .k = 0.75}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, tolerance);
    }
}

TEST_CASE("branches that are put beside each other", "[nn]") {
    namespace f = small::branches_concat;
    nn::Parallel<nn::join::concat<1>, nn::Linear<3, 2>, nn::Tanh, nn::Linear<3, 1, nn::no_bias>> model;
    model.get<0>().weight = tensor_of<f::weight0_shape>(f::weight0);
    model.get<0>().bias = tensor_of<f::bias0_shape>(f::bias0);
    model.get<2>().weight = tensor_of<f::weight2_shape>(f::weight2);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    agrees([&](const auto& x) { return model(x); }, tensor_of<f::input_shape>(f::input), upstream, f::output,
           f::grad_input, tolerance);
    const auto of = value_and_grad(sum(model(tensor_of<f::input_shape>(f::input)) * upstream), model).gradients;
    CHECK(first_difference(of.template get<0>().weight, f::grad_weight0, tolerance) == -1);
    CHECK(first_difference(of.template get<0>().bias, f::grad_bias0, tolerance) == -1);
    CHECK(first_difference(of.template get<2>().weight, f::grad_weight2, tolerance) == -1);
}

TEST_CASE("branches that are added or multiplied", "[nn]") {
    {
        namespace f = small::branches_sum;
        nn::Sequential<nn::Parallel<nn::join::sum, nn::Linear<3, 2>, nn::Linear<3, 2>>> model;
        auto& branches = model.get<0>();
        branches.get<0>().weight = tensor_of<f::weight0_shape>(f::weight0);
        branches.get<0>().bias = tensor_of<f::bias0_shape>(f::bias0);
        branches.get<1>().weight = tensor_of<f::weight1_shape>(f::weight1);
        branches.get<1>().bias = tensor_of<f::bias1_shape>(f::bias1);
        agrees([&](const auto& x) { return model(x); }, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, tolerance);
    }
    {
        namespace f = small::branches_product;
        nn::Parallel<nn::join::product, nn::Identity, nn::Sequential<nn::Linear<3, 3>, nn::Sigmoid>> model;
        auto& gate = model.get<1>().get<0>();
        gate.weight = tensor_of<f::weight0_shape>(f::weight0);
        gate.bias = tensor_of<f::bias0_shape>(f::bias0);
        agrees([&](const auto& x) { return model(x); }, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, tolerance);
    }
}

TEST_CASE("Bilinear", "[nn]") {
    {
        namespace f = small::bilinear;
        nn::Bilinear<3, 2, 4> model;
        model.weight = tensor_of<f::weight0_shape>(f::weight0);
        model.bias = tensor_of<f::bias0_shape>(f::bias0);
        const auto a = tensor_of<f::input_shape>(f::input);
        const auto b = tensor_of<f::other_shape>(f::other);
        const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
        agrees([&](const auto& x, const auto& y) { return model(x, y); }, a, b, upstream, f::output, f::grad_input,
               f::grad_other, tolerance);
        const auto of = value_and_grad(sum(model(a, b) * upstream), model).gradients;
        CHECK(first_difference(of.weight, f::grad_weight0, tolerance) == -1);
        CHECK(first_difference(of.bias, f::grad_bias0, tolerance) == -1);
    }
    {
        namespace f = small::bilinear_no_bias;
        nn::Bilinear<2, 3, 2, nn::no_bias> model;
        model.weight = tensor_of<f::weight0_shape>(f::weight0);
        agrees([&](const auto& x, const auto& y) { return model(x, y); }, tensor_of<f::input_shape>(f::input),
               tensor_of<f::other_shape>(f::other), tensor_of<f::upstream_shape>(f::upstream), f::output,
               f::grad_input, f::grad_other, tolerance);
    }
}

TEST_CASE("what Bilinear and branches begin with", "[nn]") {
    const nn::Bilinear<16, 2, 3> model{ashlar::seed(4)};
    float largest = 0;
    for (const float w : model.weight) largest = std::max(largest, std::abs(w));
    CHECK(largest <= 0.25f);
    CHECK(largest > 0.2f);
    const nn::Parallel<nn::join::sum, nn::Linear<2, 2>, nn::Linear<2, 2>> branches{ashlar::seed(4)};
    CHECK(!(branches.get<0>().weight == branches.get<1>().weight));
}

// PyTorch draws other elements than this library, but what becomes of an element is one of the same two numbers.
template <std::size_t N>
static void of_one_element(double p, const float (&x)[N], const float (&y)[N], const float (&upstream)[N],
                           const float (&grad)[N]) {
    const double s = 1.7580993408473766, a = 1 / std::sqrt((1 - p) * (1 + p * s * s));
    Tensor<float, N> input, weights;
    for (std::size_t i = 0; i < N; ++i) input(i) = x[i], weights(i) = upstream[i];
    nn::AlphaDropout layer{p};
    layer.stream.seed = 3;
    const auto v = ashlar::variable<"x">(input);
    const auto output = ashlar::eval(ashlar::training(layer)(input));
    const auto gradient = ashlar::eval(ashlar::grad(sum(ashlar::training(layer)(v) * weights), v));
    CHECK(ashlar::eval(layer(input)) == input);
    int kept = 0, gone = 0;
    for (std::size_t i = 0; i < N; ++i) {
        const double of_kept = a * static_cast<double>(x[i]) + a * s * p, of_gone = -a * s + a * s * p;
        const bool torch_keeps = grad[i] != 0, keeps = gradient(i) != 0;
        CHECK(support::close(static_cast<double>(y[i]), torch_keeps ? of_kept : of_gone, tolerance));
        CHECK(support::close(static_cast<double>(output(i)), keeps ? of_kept : of_gone, tolerance));
        if (keeps)
            CHECK(support::close(static_cast<double>(gradient(i)), a * static_cast<double>(upstream[i]), tolerance));
        kept += keeps, gone += !keeps;
    }
    CHECK(kept > 0);
    CHECK(gone > 0);
}

TEST_CASE("AlphaDropout", "[nn]") {
    {
        namespace f = small::alpha_dropout_2;
        of_one_element(0.2, f::input, f::output, f::upstream, f::grad_input);
    }
    {
        namespace f = small::alpha_dropout_5;
        of_one_element(0.5, f::input, f::output, f::upstream, f::grad_input);
    }
    const auto x = Tensor<float, 3, 5>::full(2);
    nn::AlphaDropout layer{1.0};
    CHECK(ashlar::eval(ashlar::training(layer)(x)) == x.zeros());
    layer.p = 0;
    CHECK(ashlar::eval(ashlar::training(layer)(x)) == x);
}
