// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/layer.hpp"
#include "ashlar/ops/elu.hpp"
#include "ashlar/ops/logsigmoid.hpp"
#include "ashlar/ops/mish.hpp"

// Smooth layers without parameters that are not among the first ones, in activation.hpp.
namespace ashlar::nn {

/// x above 0, alpha * (e^x - 1) below.
struct ELU {
    static constexpr bool keeps_width = true;
    option alpha = 1;
    using members = layer_members<&ELU::alpha>;

    constexpr auto forward(expression auto x) const { return elu(x, alpha); }
    template <class... X> constexpr called<const ELU&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

/// x above 0, alpha * (e^(x / alpha) - 1) below.
struct CELU {
    static constexpr bool keeps_width = true;
    option alpha = 1;
    using members = layer_members<&CELU::alpha>;

    constexpr auto forward(expression auto x) const { return celu(x, alpha); }
    template <class... X> constexpr called<const CELU&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

struct SELU : same_width_layer<SELU> {
    constexpr auto forward(expression auto x) const { return selu(x); }
};

struct Mish : same_width_layer<Mish> {
    constexpr auto forward(expression auto x) const { return mish(x); }
};

struct LogSigmoid : same_width_layer<LogSigmoid> {
    constexpr auto forward(expression auto x) const { return logsigmoid(x); }
};

}  // namespace ashlar::nn
