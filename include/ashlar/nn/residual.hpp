// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/sequential.hpp"
#include "ashlar/ops/add.hpp"

namespace ashlar {
template <class Layer, class Input, class Output> struct residual_changes_the_shape : refusal {};
}  // namespace ashlar

namespace ashlar::nn {

/// x + f(x), where f is Layers one after the other and keeps the shape.
template <class... Layers> struct Residual
    : detail::layer_slots<std::make_index_sequence<sizeof...(Layers)>, Layers...> {
    static constexpr bool keeps_width = true;

    Residual() = default;
    constexpr explicit Residual(seed s) { ashlar::detail::construct(*this, s); }

    constexpr auto forward(expression auto x) const {
        const auto y = detail::run_layers<0, sizeof...(Layers)>(*this, x);
        if constexpr (is_poison<decltype(y)>) return y;
        else if constexpr (!std::same_as<shape_t<decltype(x)>, shape_t<decltype(y)>>)
            return deferred<residual_changes_the_shape<Residual, shape_t<decltype(x)>, shape_t<decltype(y)>>>{};
        else return x + y;
    }
    template <class... X> constexpr called<const Residual&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<Residual, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};

}  // namespace ashlar::nn
