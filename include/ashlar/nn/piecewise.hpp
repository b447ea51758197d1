// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/layer.hpp"
#include "ashlar/ops/hardtanh.hpp"
#include "ashlar/ops/shrink.hpp"
#include "ashlar/ops/threshold.hpp"

// Layers without parameters that are made of straight lines; and Tanhshrink.
namespace ashlar::nn {

struct ReLU6 : same_width_layer<ReLU6> {
    constexpr auto forward(expression auto x) const { return relu6(x); }
};

struct Hardsigmoid : same_width_layer<Hardsigmoid> {
    constexpr auto forward(expression auto x) const { return hardsigmoid(x); }
};

struct Hardswish : same_width_layer<Hardswish> {
    constexpr auto forward(expression auto x) const { return hardswish(x); }
};

struct Hardshrink {
    static constexpr bool keeps_width = true;
    option lambd = 0.5;
    using members = layer_members<&Hardshrink::lambd>;

    constexpr auto forward(expression auto x) const { return hardshrink(x, lambd); }
    template <class... X> constexpr called<const Hardshrink&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

struct Softshrink {
    static constexpr bool keeps_width = true;
    option lambd = 0.5;
    using members = layer_members<&Softshrink::lambd>;

    constexpr auto forward(expression auto x) const { return softshrink(x, lambd); }
    template <class... X> constexpr called<const Softshrink&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

struct Tanhshrink : same_width_layer<Tanhshrink> {
    constexpr auto forward(expression auto x) const { return tanhshrink(x); }
};

/// x where it is above the threshold, elsewhere the value. PyTorch has no defaults here.
struct Threshold {
    static constexpr bool keeps_width = true;
    option threshold = 0, value = 0;
    using members = layer_members<&Threshold::threshold, &Threshold::value>;

    constexpr auto forward(expression auto x) const { return ashlar::threshold(x, threshold, value); }
    template <class... X> constexpr called<const Threshold&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

}  // namespace ashlar::nn
