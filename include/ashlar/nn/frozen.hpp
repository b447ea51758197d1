// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/layer.hpp"

namespace ashlar::nn {

/// A layer or module whose parameters stay as they are: an L, with the names and paths of its members. Their gradients
/// are never computed; that of its input is. Its buffers still advance in the training form, as in PyTorch.
template <module L> struct frozen : L {
    frozen() = default;
    constexpr frozen(const L& layer) : L{layer} {}
    constexpr explicit frozen(seed s) { ashlar::detail::construct(static_cast<L&>(*this), s); }

    constexpr auto forward(expression auto... x) const {
        graph* g = nullptr;
        ((g = ashlar::detail::graph_of(x)), ...);
        for_each_parameter(static_cast<const L&>(*this), [g](const auto& parameter) {
            const shape extent = std::remove_cvref_t<decltype(parameter)>::extent;
            if (const int id = ashlar::detail::member_node(*g, parameter.data(), extent); id >= 0)
                ashlar::detail::replace_member(*g, parameter.data(), extent, stop_gradient(value_for<L>{g, id}).id);
        });
        return ashlar::detail::run_body(static_cast<const L&>(*this), x...);
    }
    template <class... X> constexpr called<const frozen&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<frozen, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
    template <class Self, class Visit> static constexpr void members(Self& self, Visit&& visit) {
        for_each_member(static_cast<std::conditional_t<std::is_const_v<Self>, const L, L>&>(self), visit);
    }
};

}  // namespace ashlar::nn
