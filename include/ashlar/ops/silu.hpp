// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sigmoid.hpp"

namespace ashlar {

namespace detail {
struct silu_body {
    constexpr auto operator()(auto x) const { return x * sigmoid(x); }
};
}  // namespace detail

/// The sigmoid linear unit, also called swish.
/// Value: x * sigmoid(x). Edges: nan at -inf. Source: Elfwing et al. 2017.
template <operand X> constexpr auto silu(X&& x) { return compose<detail::silu_body>(std::forward<X>(x)); }

}  // namespace ashlar
