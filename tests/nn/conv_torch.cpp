// SPDX-License-Identifier: BSL-1.0
// Convolutions beside PyTorch: values, and gradients of the input, the weight and the bias.
#include "support/catch.hpp"

#include "fixtures/windows.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
namespace fw = fixtures::windows;
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
    CHECK(first_difference(ashlar::eval(grad(sum(y * upstream), x)), grad_input, tolerance) == -1);
    const auto gradients = ashlar::value_and_grad(sum(y * upstream), model).gradients;
    CHECK(first_difference(gradients.weight, grad_weight, tolerance) == -1);
    if constexpr (Model::has_bias) CHECK(first_difference(gradients.bias, grad_bias, tolerance) == -1);
}

TEST_CASE("Conv2d", "[nn]") {
    namespace f = fw::conv2d;
    nn::Conv2d<2, 5, 3> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}

TEST_CASE("Conv2d with a stride and padding", "[nn]") {
    namespace f = fw::conv2d_stride;
    nn::Conv2d<2, 3, 3, nn::stride<2>, nn::padding<1>> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}

TEST_CASE("Conv2d with options that differ between height and width", "[nn]") {
    namespace f = fw::conv2d_uneven;
    nn::Conv2d<2, 3, nn::kernel<3, 2>, nn::dilation<2, 1>, nn::padding<2, 1>, nn::stride<1, 3>> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}

TEST_CASE("Conv2d in groups, without a bias", "[nn]") {
    namespace f = fw::conv2d_groups;
    nn::Conv2d<4, 6, 3, nn::padding<1>, nn::groups<2>, nn::no_bias> model;
    static_assert(ashlar::parameter_count<decltype(model)> == 6 * 2 * 9);
    model.weight = tensor_of<f::weight_shape>(f::weight);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, nullptr);
}

TEST_CASE("Conv2d of every channel by itself", "[nn]") {
    namespace f = fw::conv2d_depthwise;
    nn::Conv2d<3, 3, 3, nn::stride<2>, nn::padding<2>, nn::dilation<2>, nn::groups<3>> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}

TEST_CASE("Conv2d of single pixels", "[nn]") {
    namespace f = fw::conv2d_pointwise;
    nn::Conv2d<6, 5, 1> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}

TEST_CASE("Conv2d without a batch", "[nn]") {
    namespace f = fw::conv2d_unbatched;
    nn::Conv2d<2, 3, 3, nn::padding<1>> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}

TEST_CASE("Conv1d", "[nn]") {
    namespace f = fw::conv1d;
    nn::Conv1d<3, 4, 3, nn::padding<1>> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}

TEST_CASE("Conv1d with all options", "[nn]") {
    namespace f = fw::conv1d_stride;
    nn::Conv1d<4, 6, 5, nn::stride<3>, nn::dilation<2>, nn::groups<2>> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    agrees(model, tensor_of<f::input_shape>(f::input), tensor_of<f::upstream_shape>(f::upstream), f::output,
           f::grad_input, f::grad_weight, f::grad_bias);
}
