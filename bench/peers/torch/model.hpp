// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../../problem.hpp"

#include <torch/torch.h>

namespace bench {

/// Appends libtorch's layers with the weights of a plain network.
template <class A, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
void append_layers(network<float, A, Batch, In, Out, Rest...>& n, torch::nn::Sequential& model) {
    torch::nn::Linear linear(static_cast<std::int64_t>(In), static_cast<std::int64_t>(Out));
    const torch::NoGradGuard guard;
    linear->weight.copy_(
        torch::from_blob(n.weight, {static_cast<std::int64_t>(In), static_cast<std::int64_t>(Out)}).t());
    linear->bias.copy_(torch::from_blob(n.bias, {static_cast<std::int64_t>(Out)}));
    model->push_back(linear);
    if constexpr (sizeof...(Rest) > 0) {
        if constexpr (std::is_same_v<A, relu>) model->push_back(torch::nn::ReLU());
        else model->push_back(torch::nn::Tanh());
        append_layers(n.rest, model);
    }
}

/// A contiguous tensor's elements.
inline std::vector<double> values(const torch::Tensor& t) {
    const torch::Tensor flat = t.detach().to(torch::kDouble).contiguous();
    return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

}  // namespace bench
