// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/sequential.hpp"
#include "ashlar/ops/add.hpp"
#include "ashlar/ops/concat.hpp"
#include "ashlar/ops/mul.hpp"

// What becomes of the results of several branches. Sums and products broadcast.
namespace ashlar::nn::join {

template <int Axis = 1> struct concat {
    constexpr auto operator()(const auto&... y) const { return ashlar::concat<Axis>(y...); }
};
struct sum {
    constexpr auto operator()(const auto&... y) const { return (... + y); }
};
struct product {
    constexpr auto operator()(const auto&... y) const { return (... * y); }
};

}  // namespace ashlar::nn::join

namespace ashlar::nn {

/// Layers beside each other: all take the same input, and their results are joined. `Parallel<nn::join::concat<1>,
/// Conv2d<3, 4, 1>, Conv2d<3, 4, 3, padding<1>>>` has the channels of both, `Parallel<nn::join::product, Identity,
/// Sequential<Linear<8, 8>, Sigmoid>>` is a gate. Names in the state are the places: `1.weight`.
template <class Join, class... Layers> struct Parallel
    : detail::layer_slots<std::make_index_sequence<sizeof...(Layers)>, Layers...> {
    static_assert(sizeof...(Layers) > 0, "branches follow the way they are joined");

    Parallel() = default;
    constexpr explicit Parallel(seed s) { ashlar::detail::construct(*this, s); }

    constexpr auto forward(expression auto x, expression auto... more) const {
        return [&]<std::size_t... At>(std::index_sequence<At...>) {
            using result = decltype(Join{}(detail::apply_layer<At>(detail::layer_of<At>(*this), x, more...)...));
            return ashlar::detail::in_order<result>{Join{},
                                                    detail::apply_layer<At>(detail::layer_of<At>(*this), x, more...)...}
                .result;
        }(std::make_index_sequence<sizeof...(Layers)>{});
    }
    template <class... X> constexpr called<const Parallel&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<Parallel, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};

}  // namespace ashlar::nn
