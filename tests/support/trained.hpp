// SPDX-License-Identifier: BSL-1.0
// A layer beside PyTorch's numbers: its value, its gradients, and what three steps of SGD make of it.
#pragma once

#include "support/fixture.hpp"

namespace support {

/// The layer with the weights: the model, or its first layer.
template <class Model> auto& trained_layer(Model& model) {
    if constexpr (requires { model.weight; }) return model;
    else return model.template get<0>();
}

/// F: a namespace of tests/fixtures/convolutions.hpp, `all`.
template <class F, class Model> void agrees_and_learns(double tolerance = 4e-6) {
    Model model;
    auto& layer = trained_layer(model);
    constexpr bool has_bias = std::remove_cvref_t<decltype(layer)>::has_bias;
    layer.weight = tensor_of<F::weight_shape>(F::weight);
    if constexpr (has_bias) layer.bias = tensor_of<F::bias_shape>(F::bias);
    const auto input = tensor_of<F::input_shape>(F::input);
    const auto upstream = tensor_of<F::upstream_shape>(F::upstream);
    const auto x = ashlar::variable<"x">(input);
    const auto y = model(x);
    static_assert(std::same_as<ashlar::shape_t<decltype(y)>, ashlar::shape_t<decltype(upstream)>>);
    CHECK(first_difference(ashlar::eval(y), F::output, tolerance) == -1);
    CHECK(first_difference(ashlar::eval(grad(sum(y * upstream), x)), F::grad_input, tolerance) == -1);
    const auto gradients = ashlar::value_and_grad(sum(y * upstream), model).gradients;
    const auto& of_layer = trained_layer(gradients);
    CHECK(first_difference(of_layer.weight, F::grad_weight, tolerance) == -1);
    if constexpr (has_bias) CHECK(first_difference(of_layer.bias, F::grad_bias, tolerance) == -1);
    const auto compiled = ashlar::compile(model);
    CHECK(first_difference(ashlar::eval(compiled(input)), F::output, tolerance) == -1);

    ashlar::optim::SGD sgd{model, {.lr = 0.1f}};
    for (const float expected : F::losses)
        CHECK(close(sgd.step(ashlar::nn::MSELoss{}(model(input), upstream)), expected, tolerance));
    CHECK(first_difference(layer.weight, F::after_weight, tolerance) == -1);
    if constexpr (has_bias) CHECK(first_difference(layer.bias, F::after_bias, tolerance) == -1);
}

}  // namespace support
