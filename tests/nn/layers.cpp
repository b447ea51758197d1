// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Linear beside PyTorch: values, and gradients of the input, the weight and the bias.
#include "support/catch.hpp"

#include "fixtures/layers.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
using ashlar::Tensor;
using support::first_difference;
using support::tensor_of;

static constexpr double tolerance = 2e-6;

// PyTorch's gradients are those of the sum of output * upstream: here as a user's own loss.
struct WeightedSum {
    constexpr auto operator()(ashlar::expression auto output, ashlar::expression auto upstream) const {
        return sum(output * upstream);
    }
};
BOOST_HANA_ADAPT_STRUCT(WeightedSum);

TEST_CASE("Linear on a batch", "[nn]") {
    namespace f = fixtures::linear;
    nn::Linear<5, 3> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    const auto input = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    CHECK(first_difference(ashlar::eval(model(input)), f::output, tolerance) == -1);

    const auto x = ashlar::variable<"x">(input);
    const auto loss = ashlar::call(WeightedSum{}, model(x), upstream);
    CHECK(first_difference(ashlar::eval(grad(loss, x)), f::grad_input, tolerance) == -1);
    const auto [value, gradients] = ashlar::value_and_grad(loss, model);
    CHECK(first_difference(gradients.weight, f::grad_weight, tolerance) == -1);
    CHECK(first_difference(gradients.bias, f::grad_bias, tolerance) == -1);
    float by_hand = 0;
    for (std::size_t i = 0; i < upstream.size(); ++i) by_hand += f::output[i] * f::upstream[i];
    CHECK(support::close(static_cast<double>(value), static_cast<double>(by_hand), tolerance));
}

TEST_CASE("Linear without a batch", "[nn]") {
    namespace f = fixtures::linear_unbatched;
    nn::Linear<5, 3> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    const auto input = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    static_assert(std::same_as<ashlar::shape_t<decltype(model(input))>, ashlar::Shape<3>>);
    CHECK(first_difference(ashlar::eval(model(input)), f::output, tolerance) == -1);

    const auto x = ashlar::variable<"x">(input);
    CHECK(first_difference(ashlar::eval(grad(sum(model(x) * upstream), x)), f::grad_input, tolerance) == -1);
    const auto gradients = ashlar::value_and_grad(sum(model(x) * upstream), model).gradients;
    CHECK(first_difference(gradients.weight, f::grad_weight, tolerance) == -1);
    CHECK(first_difference(gradients.bias, f::grad_bias, tolerance) == -1);
}

TEST_CASE("Linear on rank 3", "[nn]") {
    namespace f = fixtures::linear_rank3;
    nn::Linear<5, 3> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    model.bias = tensor_of<f::bias_shape>(f::bias);
    const auto input = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    static_assert(std::same_as<ashlar::shape_t<decltype(model(input))>, ashlar::Shape<2, 3, 3>>);
    CHECK(first_difference(ashlar::eval(model(input)), f::output, tolerance) == -1);

    const auto x = ashlar::variable<"x">(input);
    CHECK(first_difference(ashlar::eval(grad(sum(model(x) * upstream), x)), f::grad_input, tolerance) == -1);
    const auto gradients = ashlar::value_and_grad(sum(model(x) * upstream), model).gradients;
    CHECK(first_difference(gradients.weight, f::grad_weight, tolerance) == -1);
    CHECK(first_difference(gradients.bias, f::grad_bias, tolerance) == -1);
}

TEST_CASE("Linear without a bias has none", "[nn]") {
    namespace f = fixtures::linear_no_bias;
    using Model = nn::Linear<5, 3, nn::no_bias>;
    static_assert(ashlar::parameter_count<Model> == 15 && sizeof(Model) == sizeof(Tensor<float, 3, 5>));
    Model model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    const auto input = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    CHECK(first_difference(ashlar::eval(model(input)), f::output, tolerance) == -1);

    const auto x = ashlar::variable<"x">(input);
    CHECK(first_difference(ashlar::eval(grad(sum(model(x) * upstream), x)), f::grad_input, tolerance) == -1);
    CHECK(first_difference(ashlar::value_and_grad(sum(model(x) * upstream), model).gradients.weight, f::grad_weight,
                           tolerance) == -1);
}

TEST_CASE("Linear with neither a bias nor a batch", "[nn]") {
    namespace f = fixtures::linear_no_bias_unbatched;
    nn::Linear<5, 3, nn::no_bias> model;
    model.weight = tensor_of<f::weight_shape>(f::weight);
    const auto input = tensor_of<f::input_shape>(f::input);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    CHECK(first_difference(ashlar::eval(model(input)), f::output, tolerance) == -1);
    const auto x = ashlar::variable<"x">(input);
    CHECK(first_difference(ashlar::eval(grad(sum(model(x) * upstream), x)), f::grad_input, tolerance) == -1);
    CHECK(first_difference(ashlar::value_and_grad(sum(model(x) * upstream), model).gradients.weight, f::grad_weight,
                           tolerance) == -1);
}
