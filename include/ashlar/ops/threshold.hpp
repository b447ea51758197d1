// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

namespace detail {
struct threshold_body {
    constexpr auto operator()(auto x, const auto& threshold, const auto& otherwise) const {
        return where(x <= threshold, otherwise, x);
    }
};
}  // namespace detail

/// x where it is above the threshold, elsewhere the value that is said. Derivative: g above, else 0. Edges: nan stays.
template <operand X, scalar Threshold, scalar Value>
constexpr auto threshold(X&& x, const Threshold& threshold, const Value& otherwise) {
    return compose<detail::threshold_body>(std::forward<X>(x), threshold, otherwise);
}

}  // namespace ashlar
