// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/layer.hpp"
#include "ashlar/ops/gelu.hpp"
#include "ashlar/ops/hardtanh.hpp"
#include "ashlar/ops/leaky_relu.hpp"
#include "ashlar/ops/relu.hpp"
#include "ashlar/ops/reshape.hpp"
#include "ashlar/ops/sigmoid.hpp"
#include "ashlar/ops/silu.hpp"
#include "ashlar/ops/softmax.hpp"
#include "ashlar/ops/softplus.hpp"
#include "ashlar/ops/softsign.hpp"
#include "ashlar/ops/tanh.hpp"

// Layers without parameters: each is the function of its name on every element, with PyTorch's options and defaults.
namespace ashlar::nn {

struct Identity : same_width_layer<Identity> {
    constexpr auto forward(expression auto x) const { return x; }
};

/// Keeps dimension 0, the batch, and joins the others.
struct Flatten : layer<Flatten> {
    constexpr auto forward(expression auto x) const { return flatten(x); }
};

struct ReLU : same_width_layer<ReLU> {
    constexpr auto forward(expression auto x) const { return relu(x); }
};

struct LeakyReLU {
    static constexpr bool keeps_width = true;
    option negative_slope = 0.01;
    using members = layer_members<&LeakyReLU::negative_slope>;

    constexpr auto forward(expression auto x) const { return leaky_relu(x, negative_slope); }
    template <class... X> constexpr called<const LeakyReLU&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

struct Tanh : same_width_layer<Tanh> {
    constexpr auto forward(expression auto x) const { return tanh(x); }
};

struct Sigmoid : same_width_layer<Sigmoid> {
    constexpr auto forward(expression auto x) const { return sigmoid(x); }
};

struct SiLU : same_width_layer<SiLU> {
    constexpr auto forward(expression auto x) const { return silu(x); }
};

/// x * Phi(x), with the error function.
struct GELU : same_width_layer<GELU> {
    constexpr auto forward(expression auto x) const { return gelu(x); }
};

/// PyTorch's GELU(approximate="tanh").
struct GELUTanh : same_width_layer<GELUTanh> {
    constexpr auto forward(expression auto x) const { return gelu_tanh(x); }
};

/// log(1 + exp(beta * x)) / beta, and x itself where beta * x > threshold.
struct Softplus {
    static constexpr bool keeps_width = true;
    option beta = 1, threshold = 20;
    using members = layer_members<&Softplus::beta, &Softplus::threshold>;

    constexpr auto forward(expression auto x) const { return softplus(x, beta, threshold); }
    template <class... X> constexpr called<const Softplus&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

/// x / (1 + |x|).
struct Softsign : same_width_layer<Softsign> {
    constexpr auto forward(expression auto x) const { return softsign(x); }
};

/// x kept within [min_val, max_val]; unlike `clamp` without a derivative at the bounds. nan stays.
struct Hardtanh {
    static constexpr bool keeps_width = true;
    option min_val = -1, max_val = 1;
    using members = layer_members<&Hardtanh::min_val, &Hardtanh::max_val>;

    constexpr auto forward(expression auto x) const { return hardtanh(x, min_val, max_val); }
    template <class... X> constexpr called<const Hardtanh&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

template <int Axis> struct Softmax : same_width_layer<Softmax<Axis>> {
    constexpr auto forward(expression auto x) const { return softmax<Axis>(x); }
};

template <int Axis> struct LogSoftmax : same_width_layer<LogSoftmax<Axis>> {
    constexpr auto forward(expression auto x) const { return log_softmax<Axis>(x); }
};

/// Softmax of -x.
template <int Axis> struct Softmin : same_width_layer<Softmin<Axis>> {
    constexpr auto forward(expression auto x) const { return softmin<Axis>(x); }
};

}  // namespace ashlar::nn
