// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../../lenet.hpp"
#include "trainer.hpp"

namespace bench {

/// libtorch's network with the weights of a problem.
inline torch::nn::Sequential lenet_model(lenet_problem& problem) {
    using layout = lenet_weights<float>;
    const torch::NoGradGuard guard;
    float* const all = problem.start.all;
    torch::nn::Conv2d first(torch::nn::Conv2dOptions(1, 8, 5)), second(torch::nn::Conv2dOptions(8, 16, 5));
    torch::nn::Linear linear(256, 10);
    first->weight.copy_(torch::from_blob(all + layout::first, {8, 1, 5, 5}));
    first->bias.copy_(torch::from_blob(all + layout::first_bias, {8}));
    second->weight.copy_(torch::from_blob(all + layout::second, {16, 8, 5, 5}));
    second->bias.copy_(torch::from_blob(all + layout::second_bias, {16}));
    linear->weight.copy_(torch::from_blob(all + layout::linear, {256, 10}).t());
    linear->bias.copy_(torch::from_blob(all + layout::linear_bias, {10}));
    return torch::nn::Sequential(first, torch::nn::ReLU(), torch::nn::MaxPool2d(2), second, torch::nn::ReLU(),
                                 torch::nn::MaxPool2d(2), torch::nn::Flatten(), linear);
}

inline torch::Tensor lenet_images(lenet_problem& problem, std::int64_t batch) {
    return torch::from_blob(problem.x, {batch, 1, 28, 28}).clone();
}

inline trainer<cross_entropy> lenet_trainer(lenet_problem& problem) {
    const torch::Tensor labels = torch::from_blob(problem.labels, {problem.batch}, torch::kInt).to(torch::kLong);
    return {lenet_model(problem), lenet_images(problem, problem.batch), labels};
}

}  // namespace bench
