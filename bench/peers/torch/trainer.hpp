// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "model.hpp"

#include <algorithm>
#include <memory>

namespace bench {

template <class Loss> struct loss_of;
template <> struct loss_of<cross_entropy> {
    using type = torch::nn::CrossEntropyLoss;
};
template <> struct loss_of<squared_error> {
    using type = torch::nn::MSELoss;
};

/// Stochastic gradient descent of libtorch on a training problem.
template <class Loss> class trainer {
    torch::nn::Sequential model;
    torch::Tensor x, target;
    typename loss_of<Loss>::type criterion;
    std::unique_ptr<torch::optim::SGD> sgd;

    void start() { sgd = std::make_unique<torch::optim::SGD>(model->parameters(), torch::optim::SGDOptions(rate)); }

public:
    template <class A, std::size_t Batch, std::size_t In, std::size_t... Widths>
    explicit trainer(training_problem<Loss, A, Batch, In, Widths...>& problem) {
        constexpr auto batch = static_cast<std::int64_t>(Batch);
        append_layers(problem.start, model);
        x = torch::from_blob(problem.x, {batch, static_cast<std::int64_t>(In)}).clone();
        if (problem.classifies) target = torch::from_blob(problem.classes, {batch}, torch::kInt).to(torch::kLong);
        else target = torch::from_blob(problem.y, {batch, static_cast<std::int64_t>(problem.out)}).clone();
        start();
    }
    /// Any model, and class indices.
    trainer(torch::nn::Sequential network, torch::Tensor images, torch::Tensor classes)
        : model(std::move(network)), x(std::move(images)), target(std::move(classes)) {
        start();
    }

    float step() {
        sgd->zero_grad();
        const torch::Tensor loss = criterion(model->forward(x), target);
        loss.backward();
        sgd->step();
        return loss.template item<float>();
    }

    /// As a plain network orders them: matrices are [in][out] there.
    void append_weights(std::vector<double>& all) {
        for (const torch::Tensor& t : model->parameters())
            for (double value : values(t.dim() == 2 ? t.t() : t)) all.push_back(value);
    }
};

}  // namespace bench
