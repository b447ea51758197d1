// SPDX-License-Identifier: BSL-1.0
// The two models of tests/fixtures/training.hpp, from their first weights, and their twenty steps beside PyTorch's.
#pragma once

#include "fixtures/training.hpp"
#include "support/fixture.hpp"

#include <algorithm>

namespace support {

struct classification {
    using model_type = ashlar::nn::Sequential<ashlar::nn::Linear<4, 8>, ashlar::nn::Tanh, ashlar::nn::Linear<8, 3>>;
    decltype(tensor_of<fixtures::training::classification::input_shape>(
        fixtures::training::classification::input)) input;
    decltype(tensor_of<fixtures::training::classification::target_shape>(
        fixtures::training::classification::target)) target;
    model_type model;

    classification() {
        namespace f = fixtures::training::classification;
        input = tensor_of<f::input_shape>(f::input);
        target = tensor_of<f::target_shape>(f::target);
        model.get<0>().weight = tensor_of<f::weight0_shape>(f::weight0);
        model.get<0>().bias = tensor_of<f::bias0_shape>(f::bias0);
        model.get<2>().weight = tensor_of<f::weight2_shape>(f::weight2);
        model.get<2>().bias = tensor_of<f::bias2_shape>(f::bias2);
    }
    auto loss() const { return ashlar::nn::CrossEntropyLoss{}(model(input), target); }
};

struct regression {
    using model_type = ashlar::nn::Sequential<ashlar::nn::Linear<3, 5>, ashlar::nn::GELU, ashlar::nn::Linear<5, 2>>;
    decltype(tensor_of<fixtures::training::regression::input_shape>(fixtures::training::regression::input)) input;
    decltype(tensor_of<fixtures::training::regression::target_shape>(fixtures::training::regression::target)) target;
    model_type model;

    regression() {
        namespace f = fixtures::training::regression;
        input = tensor_of<f::input_shape>(f::input);
        target = tensor_of<f::target_shape>(f::target);
        model.get<0>().weight = tensor_of<f::weight0_shape>(f::weight0);
        model.get<0>().bias = tensor_of<f::bias0_shape>(f::bias0);
        model.get<2>().weight = tensor_of<f::weight2_shape>(f::weight2);
        model.get<2>().bias = tensor_of<f::bias2_shape>(f::bias2);
    }
    auto loss() const { return ashlar::nn::MSELoss{}(model(input), target); }
};

/// The largest deviation of a tensor, relative to its largest expected element.
template <class T, std::size_t N> double deviation(const T& got, const float (&expected)[N]) {
    double worst = 0, largest = 0;
    for (std::size_t i = 0; i < N; ++i) {
        largest = std::max(largest, std::abs(static_cast<double>(expected[i])));
        const double d = std::abs(static_cast<double>(got.data()[i]) - static_cast<double>(expected[i]));
        if (!(d <= worst)) worst = d;  // nan is a deviation
    }
    return worst / largest;
}

/// Every loss on the way, and the last one.
template <class Problem, class Optimizer, std::size_t Steps>
void losses_agree(const Problem& problem, Optimizer& optimizer, const float (&losses)[Steps], const float (&last)[1]) {
    for (const float expected : losses)
        CHECK(close(static_cast<double>(optimizer.step(problem.loss())), static_cast<double>(expected), 1e-5));
    const float end = problem.loss();
    CHECK(close(static_cast<double>(end), static_cast<double>(last[0]), 1e-5));
}

template <class Model, std::size_t A, std::size_t B, std::size_t C, std::size_t D>
void weights_agree(const Model& model, const float (&weight0)[A], const float (&bias0)[B], const float (&weight2)[C],
                   const float (&bias2)[D]) {
    CHECK(deviation(model.template get<0>().weight, weight0) <= 1e-5);
    CHECK(deviation(model.template get<0>().bias, bias0) <= 1e-5);
    CHECK(deviation(model.template get<2>().weight, weight2) <= 1e-5);
    CHECK(deviation(model.template get<2>().bias, bias2) <= 1e-5);
}

}  // namespace support
