// SPDX-License-Identifier: BSL-1.0
// labels: fastmath
// Batch normalisation beside PyTorch: both forms, gradients, running statistics, and a network that is trained.
#include "support/catch.hpp"

#include "fixtures/state.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using support::first_difference;
using support::tensor_of;

static constexpr double tolerance = 4e-6;

struct statistics {
    const float *mean, *var;
};
template <class Model> static void agree(const Model& model, const statistics& expected, int batches) {
    CHECK(first_difference(model.running_mean, expected.mean, tolerance) == -1);
    CHECK(first_difference(model.running_var, expected.var, tolerance) == -1);
    CHECK(model.num_batches_tracked == batches);
}

template <class Model, class Input, class Upstream>
static void training_agrees(const Model& model, const Input& input, const Upstream& upstream, const float* output,
                            const float* grad_input) {
    const Upstream y = ashlar::training(model)(input);
    CHECK(first_difference(y, output, tolerance) == -1);
    const auto x = ashlar::variable<"x">(input);
    const auto loss = sum(ashlar::training(model)(x) * upstream);
    CHECK(first_difference(ashlar::eval(grad(loss, x)), grad_input, tolerance) == -1);
}

template <class Gradients> static void gradients_agree(const Gradients& gradients, const float* weight,
                                                       const float* bias) {
    CHECK(first_difference(gradients.weight, weight, tolerance) == -1);
    CHECK(first_difference(gradients.bias, bias, tolerance) == -1);
}

TEST_CASE("BatchNorm1d of rows", "[nn]") {
    namespace f = fixtures::batch_norm_rows;
    nn::BatchNorm1d<5> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    const auto x = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    training_agrees(model, x, upstream, f::output, f::grad_input);
    CHECK(model.num_batches_tracked == 0);
    gradients_agree(ashlar::value_and_grad(sum(model(x) * upstream), model).gradients, f::grad_weight, f::grad_bias);
    agree(model, {f::first_running_mean, f::first_running_var}, 1);
    const auto second = tensor_of<f::second_shape>(f::second);
    static_cast<void>(ashlar::value_and_grad(sum(model(second)), model));
    agree(model, {f::second_running_mean, f::second_running_var}, 2);
    CHECK(first_difference(ashlar::eval(model(x)), f::evaluated, tolerance) == -1);
}

TEST_CASE("BatchNorm1d of signals", "[nn]") {
    namespace f = fixtures::batch_norm_signals;
    nn::BatchNorm1d<3> model;
    model.eps = 0.01, model.momentum = 0.25;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    const auto x = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    training_agrees(model, x, upstream, f::output, f::grad_input);
    CHECK(model.num_batches_tracked == 0);
    gradients_agree(ashlar::value_and_grad(sum(model(x) * upstream), model).gradients, f::grad_weight, f::grad_bias);
    agree(model, {f::first_running_mean, f::first_running_var}, 1);
    const auto second = tensor_of<f::second_shape>(f::second);
    static_cast<void>(ashlar::value_and_grad(sum(model(second)), model));
    agree(model, {f::second_running_mean, f::second_running_var}, 2);
    CHECK(first_difference(ashlar::eval(model(x)), f::evaluated, tolerance) == -1);
}

TEST_CASE("BatchNorm2d", "[nn]") {
    namespace f = fixtures::batch_norm_images;
    nn::BatchNorm2d<3> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    const auto x = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    training_agrees(model, x, upstream, f::output, f::grad_input);
    CHECK(model.num_batches_tracked == 0);
    gradients_agree(ashlar::value_and_grad(sum(model(x) * upstream), model).gradients, f::grad_weight, f::grad_bias);
    agree(model, {f::first_running_mean, f::first_running_var}, 1);
    const auto second = tensor_of<f::second_shape>(f::second);
    static_cast<void>(ashlar::value_and_grad(sum(model(second)), model));
    agree(model, {f::second_running_mean, f::second_running_var}, 2);
    CHECK(first_difference(ashlar::eval(model(x)), f::evaluated, tolerance) == -1);
}

TEST_CASE("BatchNorm3d", "[nn]") {
    namespace f = fixtures::batch_norm_volumes;
    nn::BatchNorm3d<2> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    const auto x = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    training_agrees(model, x, upstream, f::output, f::grad_input);
    CHECK(model.num_batches_tracked == 0);
    gradients_agree(ashlar::value_and_grad(sum(model(x) * upstream), model).gradients, f::grad_weight, f::grad_bias);
    agree(model, {f::first_running_mean, f::first_running_var}, 1);
    const auto second = tensor_of<f::second_shape>(f::second);
    static_cast<void>(ashlar::value_and_grad(sum(model(second)), model));
    agree(model, {f::second_running_mean, f::second_running_var}, 2);
    CHECK(first_difference(ashlar::eval(model(x)), f::evaluated, tolerance) == -1);
}

TEST_CASE("BatchNorm2d without weight and bias", "[nn]") {
    namespace f = fixtures::batch_norm_plain;
    nn::BatchNorm2d<3, nn::no_affine> model;
    const auto x = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    training_agrees(model, x, upstream, f::output, f::grad_input);
    CHECK(model.num_batches_tracked == 0);
    model.running_mean = tensor_of<f::second_running_mean_shape>(f::second_running_mean);
    model.running_var = tensor_of<f::second_running_var_shape>(f::second_running_var);
    CHECK(first_difference(ashlar::eval(model(x)), f::evaluated, tolerance) == -1);
}

TEST_CASE("BatchNorm1d without running statistics", "[nn]") {
    namespace f = fixtures::batch_norm_no_statistics;
    nn::BatchNorm1d<4, nn::no_running_stats> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    const auto x = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    training_agrees(model, x, upstream, f::output, f::grad_input);
    gradients_agree(ashlar::value_and_grad(sum(model(x) * upstream), model).gradients, f::grad_weight, f::grad_bias);
    CHECK(first_difference(ashlar::eval(model(x)), f::evaluated, tolerance) == -1);
}

TEST_CASE("BatchNorm1d whose running statistics are the means of all batches", "[nn]") {
    namespace f = fixtures::batch_norm_cumulative;
    nn::BatchNorm1d<3, nn::no_momentum> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    const auto x = tensor_of<f::input_shape>(f::input);
    training_agrees(model, x, tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input);
    static_cast<void>(ashlar::value_and_grad(sum(model(x)), model));
    agree(model, {f::first_running_mean, f::first_running_var}, 1);
    const auto second = tensor_of<f::second_shape>(f::second);
    optim::SGD sgd{model, {.lr = 0}};
    static_cast<void>(sgd.step(sum(model(second))));
    agree(model, {f::second_running_mean, f::second_running_var}, 2);
    CHECK(first_difference(ashlar::eval(model(x)), f::evaluated, tolerance) == -1);
}

TEST_CASE("a network with batch normalisation is trained", "[nn]") {
    namespace f = fixtures::trained;
    nn::Sequential<nn::Conv2d<1, 3, 3>, nn::BatchNorm2d<3>, nn::ReLU, nn::Flatten, nn::Linear<18, 2>> model;
    model.get<0>().weight = tensor_of<f::weight0_shape>(f::weight0);
    model.get<0>().bias = tensor_of<f::bias0_shape>(f::bias0);
    model.get<4>().weight = tensor_of<f::weight4_shape>(f::weight4);
    model.get<4>().bias = tensor_of<f::bias4_shape>(f::bias4);
    const auto x = tensor_of<f::input_shape>(f::input);
    const auto y = tensor_of<f::target_shape>(f::target);
    optim::SGD sgd{model, {.lr = 0.1, .momentum = 0.9}};
    SECTION("in one program") {
        for (const float expected : f::losses)
            CHECK(support::close(sgd.step(nn::MSELoss{}(model(x), y)), expected, tolerance));
    }
    SECTION("in the long form") {
        for (const float expected : f::losses) {
            sgd.zero_grad();
            CHECK(support::close(backward(nn::MSELoss{}(model(x), y), sgd.gradients()), expected, tolerance));
            sgd.step();
        }
    }
    SECTION("in the functional form") {
        for (const float expected : f::losses) {
            const auto [loss, gradients] = value_and_grad(nn::MSELoss{}(model(x), y), model);
            CHECK(support::close(loss, expected, tolerance));
            sgd.gradients() = gradients;
            sgd.step();
        }
    }
    CHECK(first_difference(model.get<0>().weight, f::final_weight0, tolerance) == -1);
    CHECK(first_difference(model.get<1>().weight, f::final_weight1, tolerance) == -1);
    CHECK(first_difference(model.get<1>().bias, f::final_bias1, tolerance) == -1);
    CHECK(first_difference(model.get<4>().weight, f::final_weight4, tolerance) == -1);
    CHECK(first_difference(model.get<4>().bias, f::final_bias4, tolerance) == -1);
    agree(model.get<1>(), {f::final_running_mean, f::final_running_var}, 3);
    CHECK(first_difference(ashlar::eval(model(x)), f::evaluated, tolerance) == -1);
    const auto fast = ashlar::compile(model);
    CHECK(first_difference(ashlar::eval(fast(x)), f::evaluated, tolerance) == -1);
}
