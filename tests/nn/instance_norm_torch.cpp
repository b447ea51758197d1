// SPDX-License-Identifier: BSL-1.0
// Instance normalisation with running statistics beside PyTorch: both forms, gradients, statistics.
#include "support/catch.hpp"

#include "fixtures/state.hpp"
#include "support/central_difference.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
using support::first_difference;
using support::tensor_of;

static constexpr double tolerance = 4e-6;

template <class Model> static void statistics_agree(const Model& model, const float* mean, const float* var) {
    CHECK(first_difference(model.running_mean, mean, tolerance) == -1);
    CHECK(first_difference(model.running_var, var, tolerance) == -1);
    CHECK(model.num_batches_tracked == 0);  // as PyTorch has it
}
template <class Model, class Input, class Upstream>
static void training_agrees(const Model& model, const Input& input, const Upstream& upstream, const float* output,
                            const float* gradient) {
    support::agrees([&](const auto& x) { return ashlar::training(model)(x); }, input, upstream, output, gradient,
                    tolerance);
}

TEST_CASE("InstanceNorm1d with running statistics", "[nn]") {
    namespace f = fixtures::instance_norm_running;
    nn::InstanceNorm1d<3, nn::affine, nn::track_running_stats> model;
    model.momentum = 0.25;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    const auto x = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    training_agrees(model, x, upstream, f::output, f::grad_input);
    CHECK(model.running_mean == model.running_mean.zeros());
    const auto gradients = ashlar::value_and_grad(sum(model(x) * upstream), model).gradients;
    CHECK(first_difference(gradients.weight, f::grad_weight, tolerance) == -1);
    CHECK(first_difference(gradients.bias, f::grad_bias, tolerance) == -1);
    statistics_agree(model, f::first_running_mean, f::first_running_var);
    static_cast<void>(ashlar::value_and_grad(sum(model(tensor_of<f::second_shape>(f::second))), model));
    statistics_agree(model, f::second_running_mean, f::second_running_var);
    CHECK(first_difference(ashlar::eval(model(x)), f::evaluated, tolerance) == -1);
    const auto fast = ashlar::compile(model);
    CHECK(first_difference(ashlar::eval(fast(x)), f::evaluated, tolerance) == -1);
}

TEST_CASE("InstanceNorm2d with running statistics, in a network", "[nn]") {
    namespace f = fixtures::instance_norm_running_images;
    nn::Sequential<nn::InstanceNorm2d<2, nn::track_running_stats>, nn::Flatten, nn::Linear<12, 1>> model{
        ashlar::seed(0)};
    const auto x = tensor_of<f::input_shape>(f::input);
    ashlar::optim::SGD sgd{model, {.lr = 0.125}};
    static_cast<void>(sgd.step(mean(model(x))));
    const auto& norm = model.template get<0>();
    statistics_agree(norm, f::first_running_mean, f::first_running_var);
    static_cast<void>(sgd.step(mean(model(tensor_of<f::second_shape>(f::second)))));
    statistics_agree(norm, f::second_running_mean, f::second_running_var);
    CHECK(first_difference(ashlar::eval(norm(x)), f::evaluated, tolerance) == -1);
    training_agrees(norm, x, tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input);
}

TEST_CASE("InstanceNorm3d without a batch, with running statistics", "[nn]") {
    namespace f = fixtures::instance_norm_running_volumes;
    nn::InstanceNorm3d<2, nn::track_running_stats, nn::affine> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    const auto x = tensor_of<f::input_shape>(f::input);
    training_agrees(model, x, tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input);
    static_cast<void>(ashlar::value_and_grad(sum(model(x)), model));
    statistics_agree(model, f::first_running_mean, f::first_running_var);
    static_cast<void>(ashlar::value_and_grad(sum(model(tensor_of<f::second_shape>(f::second))), model));
    statistics_agree(model, f::second_running_mean, f::second_running_var);
    CHECK(first_difference(ashlar::eval(model(x)), f::evaluated, tolerance) == -1);
}

TEST_CASE("instance norms beside central differences", "[nn]") {
    const nn::InstanceNorm3d<2, nn::track_running_stats, nn::real<double>> model;
    ashlar::Tensor<double, 2, 2, 1, 2, 3> x;
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = std::sin(1.3 * static_cast<double>(i * i));
    CHECK(support::central_difference_error([&](const auto& v) { return ashlar::training(model)(v); }, x) < 1e-7);
    CHECK(support::central_difference_error([&](const auto& v) { return model(v); }, x) < 1e-7);
}
