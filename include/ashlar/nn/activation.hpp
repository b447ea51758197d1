// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/module.hpp"
#include "ashlar/ops/gelu.hpp"
#include "ashlar/ops/leaky_relu.hpp"
#include "ashlar/ops/relu.hpp"
#include "ashlar/ops/reshape.hpp"
#include "ashlar/ops/sigmoid.hpp"
#include "ashlar/ops/silu.hpp"
#include "ashlar/ops/softmax.hpp"
#include "ashlar/ops/softplus.hpp"
#include "ashlar/ops/tanh.hpp"

// Layers without parameters: each is the function of its name on every element, with PyTorch's options and defaults.
namespace ashlar::nn {

struct Identity {
    constexpr auto forward(expression auto x) const { return x; }
    template <class... X> constexpr called<const Identity&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    static constexpr void members(auto&, auto&&) {}
};

/// Keeps dimension 0, the batch, and joins the others.
struct Flatten {
    constexpr auto forward(expression auto x) const { return flatten(x); }
    template <class... X> constexpr called<const Flatten&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    static constexpr void members(auto&, auto&&) {}
};

struct ReLU {
    constexpr auto forward(expression auto x) const { return relu(x); }
    template <class... X> constexpr called<const ReLU&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    static constexpr void members(auto&, auto&&) {}
};

struct LeakyReLU {
    option negative_slope = 0.01;

    constexpr auto forward(expression auto x) const { return leaky_relu(x, negative_slope); }
    template <class... X> constexpr called<const LeakyReLU&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    static constexpr void members(auto& self, auto&& visit) { visit("negative_slope", self.negative_slope); }
};

struct Tanh {
    constexpr auto forward(expression auto x) const { return tanh(x); }
    template <class... X> constexpr called<const Tanh&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    static constexpr void members(auto&, auto&&) {}
};

struct Sigmoid {
    constexpr auto forward(expression auto x) const { return sigmoid(x); }
    template <class... X> constexpr called<const Sigmoid&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    static constexpr void members(auto&, auto&&) {}
};

struct SiLU {
    constexpr auto forward(expression auto x) const { return silu(x); }
    template <class... X> constexpr called<const SiLU&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    static constexpr void members(auto&, auto&&) {}
};

/// x * Phi(x), with the error function.
struct GELU {
    constexpr auto forward(expression auto x) const { return gelu(x); }
    template <class... X> constexpr called<const GELU&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    static constexpr void members(auto&, auto&&) {}
};

/// PyTorch's GELU(approximate="tanh").
struct GELUTanh {
    constexpr auto forward(expression auto x) const { return gelu_tanh(x); }
    template <class... X> constexpr called<const GELUTanh&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    static constexpr void members(auto&, auto&&) {}
};

/// log(1 + exp(beta * x)) / beta, and x itself where beta * x > threshold.
struct Softplus {
    option beta = 1;
    option threshold = 20;

    constexpr auto forward(expression auto x) const { return softplus(x, beta, threshold); }
    template <class... X> constexpr called<const Softplus&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    static constexpr void members(auto& self, auto&& visit) {
        visit("beta", self.beta);
        visit("threshold", self.threshold);
    }
};

template <int Axis> struct Softmax {
    constexpr auto forward(expression auto x) const { return softmax<Axis>(x); }
    template <class... X> constexpr called<const Softmax&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    static constexpr void members(auto&, auto&&) {}
};

}  // namespace ashlar::nn
