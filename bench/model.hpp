// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ashlar/ashlar.hpp>

#include "network.hpp"

namespace bench {

template <class Activation> struct layer_of;
template <> struct layer_of<relu> {
    using type = ashlar::nn::ReLU;
};
template <> struct layer_of<tanh> {
    using type = ashlar::nn::Tanh;
};

template <class Loss> struct loss_of;
template <> struct loss_of<cross_entropy> {
    using type = ashlar::nn::CrossEntropyLoss<>;
};
template <> struct loss_of<squared_error> {
    using type = ashlar::nn::MSELoss<>;
};

/// The model of Ashlar that is a plain network.
template <class Network> struct model_of;
template <class A, std::size_t Batch, std::size_t In, std::size_t Hidden, std::size_t Out>
struct model_of<network<float, A, Batch, In, Hidden, Out>> {
    using type = ashlar::nn::Sequential<ashlar::nn::Linear<In, Hidden>, typename layer_of<A>::type,
                                        ashlar::nn::Linear<Hidden, Out>>;
};
template <class A, std::size_t Batch, std::size_t In, std::size_t First, std::size_t Second, std::size_t Out>
struct model_of<network<float, A, Batch, In, First, Second, Out>> {
    using type = ashlar::nn::Sequential<ashlar::nn::Linear<In, First>, typename layer_of<A>::type,
                                        ashlar::nn::Linear<First, Second>, typename layer_of<A>::type,
                                        ashlar::nn::Linear<Second, Out>>;
};

/// Calls visit(from, to) with every weight and bias of a network and its model; `Layer` counts the model's layers.
template <std::size_t Layer = 0, class Model, class A, std::size_t Batch, std::size_t In, std::size_t Out,
          std::size_t... Rest, class Visit>
void each_weight(network<float, A, Batch, In, Out, Rest...>& n, Model& model, Visit visit) {
    auto& linear = model.template get<Layer>();
    for (std::size_t p = 0; p < In; ++p)
        for (std::size_t j = 0; j < Out; ++j) visit(n.weight[p * Out + j], linear.weight(j, p));
    for (std::size_t j = 0; j < Out; ++j) visit(n.bias[j], linear.bias(j));
    if constexpr (sizeof...(Rest) > 0) each_weight<Layer + 2>(n.rest, model, visit);
}

}  // namespace bench
