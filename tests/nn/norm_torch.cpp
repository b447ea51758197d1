// SPDX-License-Identifier: BSL-1.0
// labels: slow fastmath
// Normalisations of each example by itself beside PyTorch: values, and gradients of the input, the weight and the bias.
#include "support/catch.hpp"

#include "fixtures/state.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
using support::first_difference;
using support::tensor_of;

static constexpr double tolerance = 4e-6;

template <class Model, class Input, class Upstream>
static void agrees(const Model& model, const Input& input, const Upstream& upstream, const float* output,
                   const float* grad_input, const float* grad_weight, const float* grad_bias) {
    const auto x = ashlar::variable<"x">(input);
    const auto y = model(x);
    static_assert(std::same_as<ashlar::shape_t<decltype(y)>, ashlar::shape_t<Upstream>>);
    CHECK(first_difference(ashlar::eval(y), output, tolerance) == -1);
    CHECK(first_difference(ashlar::eval(ashlar::training(model)(input)), output, tolerance) == -1);
    CHECK(first_difference(ashlar::eval(grad(sum(y * upstream), x)), grad_input, tolerance) == -1);
    if constexpr (requires { model.weight.data(); }) {
        const auto gradients = ashlar::value_and_grad(sum(model(input) * upstream), model).gradients;
        CHECK(first_difference(gradients.weight, grad_weight, tolerance) == -1);
        if constexpr (requires { model.bias.data(); })
            CHECK(first_difference(gradients.bias, grad_bias, tolerance) == -1);
    }
}

TEST_CASE("LayerNorm", "[nn]") {
    namespace f = fixtures::layer_norm;
    nn::LayerNorm<6> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}

TEST_CASE("LayerNorm of planes", "[nn]") {
    namespace f = fixtures::layer_norm_planes;
    nn::LayerNorm<3, 4> model;
    model.eps = 1e-2;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}

TEST_CASE("GroupNorm", "[nn]") {
    namespace f = fixtures::group_norm;
    nn::GroupNorm<2, 6> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}

TEST_CASE("GroupNorm without weight and bias", "[nn]") {
    namespace f = fixtures::group_norm_plain;
    nn::GroupNorm<3, 6, nn::no_affine> model;
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, nullptr, nullptr);
}

TEST_CASE("InstanceNorm1d", "[nn]") {
    namespace f = fixtures::instance_norm_signals;
    nn::InstanceNorm1d<3, nn::affine> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}

TEST_CASE("InstanceNorm2d", "[nn]") {
    namespace f = fixtures::instance_norm_images;
    nn::InstanceNorm2d<2> model;
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, nullptr, nullptr);
}

TEST_CASE("RMSNorm", "[nn]") {
    namespace f = fixtures::rms_norm;
    nn::RMSNorm<5> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, nullptr);
}

TEST_CASE("an instance without a batch", "[nn]") {
    namespace f = fixtures::instance_norm_images;
    nn::InstanceNorm2d<2> model;
    ashlar::Tensor<float, 2, 3, 2> one;
    for (std::size_t i = 0; i < one.size(); ++i) one.data()[i] = f::input[i];
    CHECK(first_difference(ashlar::eval(model(one)), f::output, tolerance) == -1);
}

TEST_CASE("optimizers begin with states of 0 where a weight begins with 1", "[nn]") {
    nn::LayerNorm<3> model;
    CHECK(model.weight == model.weight.ones());
    ashlar::optim::SGD sgd{model, {.lr = 0.5, .momentum = 0.5}};
    CHECK(sgd.gradients().weight == model.weight.zeros());
    const ashlar::Tensor<float, 1, 3> x{{-1, 0, 1}};
    static_cast<void>(sgd.step(sum(model(x) * x)));  // with a momentum of 1 it would be 0.25 less
    const float g = 1 / std::sqrt(2 / 3.0f + 1e-5f);
    CHECK(std::abs(model.weight(0) - (1 - 0.5f * g)) < 1e-6f);
    CHECK(model.weight(1) == 1);
}
