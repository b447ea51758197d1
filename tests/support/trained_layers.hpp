// SPDX-License-Identifier: BSL-1.0
// Layers of float and of double beside tests/fixtures/trained_layers.hpp: values, gradients, and steps of training.
#pragma once

#include <ashlar/ashlar.hpp>

#include "fixtures/trained_layers.hpp"
#include "support/compare.hpp"

#include <tuple>

namespace support {

/// Fills tensors, or the parameters of models, one after the other from an array.
struct reader {
    const double* from;
    void operator()(auto& tensor) {
        using T = typename std::remove_cvref_t<decltype(tensor)>::value_type;
        for (T& element : tensor) element = static_cast<T>(*from++);
    }
};
template <class Model> void set_parameters(Model& model, const double* from) {
    ashlar::for_each_parameter(model, reader{from});
}
template <class Model> void parameters_agree(const Model& model, const double* expected, double tolerance) {
    ashlar::for_each_parameter(model, [&](const char* path, const auto& parameter) {
        INFO(path);
        CHECK(first_difference(parameter, expected, tolerance) == -1);
        expected += parameter.size();
    });
}
/// The floating buffers are those of a normalisation.
template <class Model> void buffers_agree(const Model& model, const double* expected, double tolerance) {
    if constexpr (requires { model.running_mean.extent; }) {
        CHECK(first_difference(model.running_mean, expected, tolerance) == -1);
        CHECK(first_difference(model.running_var, expected + model.running_mean.size(), tolerance) == -1);
    }
}

template <class T> inline constexpr double trained_tolerance = std::same_as<T, double> ? 2e-12 : 1e-5;

// The gradient of sum(call(model, in...) * target) for input I; where what follows it in the fixture is.
template <std::size_t I, class Form, class Call, class Target, class... In>
const double* input_gradient_agrees(const double* expected, const Form& form, Call call, const Target& target,
                                    const In&... in) {
    const auto inputs = std::tie(in...);
    const auto& input = std::get<I>(inputs);
    using type = std::remove_cvref_t<decltype(input)>;
    if constexpr (!ashlar::is_parameter<type>) {
        return expected;
    } else {
        const auto x = ashlar::variable<"x">(input);
        const auto pick = [&]<std::size_t J>(std::integral_constant<std::size_t, J>) -> const auto& {
            if constexpr (J == I) return x;
            else return std::get<J>(inputs);
        };
        const auto y = [&]<std::size_t... J>(std::index_sequence<J...>) {
            return call(form, pick(std::integral_constant<std::size_t, J>{})...);
        }(std::index_sequence_for<In...>{});
        using T = typename type::value_type;
        CHECK(first_difference(ashlar::eval(grad(sum(y * target), x)), expected, trained_tolerance<T>) == -1);
        return expected + type::size();
    }
}

/// The call as it is written for one input or two.
struct plain_call {
    constexpr auto operator()(auto& model, const auto&... in) const { return model(in...); }
};

template <class Model, class Call, class Target, class... In>
void derivatives_agree(const fixtures::trained_layers::layer& f, const Model& untouched, const Call& call,
                       const Target& target, const In&... in) {
    using T = typename Target::value_type;
    Model model = untouched;
    const auto form = ashlar::training(untouched);
    const Target y = call(form, in...);
    CHECK(first_difference(y, f.output, trained_tolerance<T>) == -1);
    const auto gradients = ashlar::value_and_grad(sum(call(model, in...) * target), model).gradients;
    parameters_agree<Model>(gradients, f.grad_parameters, trained_tolerance<T>);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        const double* expected = f.grad_input;
        ((expected = input_gradient_agrees<I>(expected, form, call, target, in...)), ...);
    }(std::index_sequence_for<In...>{});
}

// The inputs are in memory of their own, so that no tensor is passed by value.
template <class Model, class Call, class Target, class... In>
void trains_on(const fixtures::trained_layers::layer& f, Model& model, const Call& call, const Target& target,
               const In&... in) {
    using T = typename Target::value_type;
    constexpr double tolerance = trained_tolerance<T>;
    set_parameters(model, f.parameters);
    derivatives_agree(f, model, call, target, in...);
    const ashlar::nn::MSELoss criterion;
    ashlar::optim::SGD sgd{model, {.lr = 0.1, .momentum = 0.9}};
    ashlar::optim::Adam adam{model, {.lr = 0.01, .eps = 1e-4}};
    for (int i = 0; i < 6; ++i) {
        const auto loss = criterion(call(model, in...), target);
        const T value = i < 3 ? sgd.step(loss) : adam.step(loss);
        CHECK(close(static_cast<double>(value), f.losses[i], tolerance));
    }
    parameters_agree(model, f.after, tolerance);
    buffers_agree(model, f.buffers, tolerance);
}

/// A model of the type of its target is what the fixture says.
template <class Target, class... In, class Model, class Call = plain_call>
void trains_as(const fixtures::trained_layers::layer& f, Model& model, const Call& call = {}) {
    static Target target;
    static std::tuple<In...> in;
    reader{f.target}(target);
    std::apply([read = reader{f.input}](auto&... each) mutable { (read(each), ...); }, in);
    std::apply([&](const auto&... each) { trains_on(f, model, call, target, each...); }, in);
}

}  // namespace support
