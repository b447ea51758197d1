// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/abs.hpp"
#include "ashlar/ops/add.hpp"
#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/div.hpp"

namespace ashlar {

namespace detail {
struct softsign_body {
    constexpr auto operator()(auto x) const { return x / (1 + abs(x)); }
};
}  // namespace detail

/// x / (1 + |x|). Edges: nan at +-inf.
template <operand X> constexpr auto softsign(X&& x) { return compose<detail::softsign_body>(std::forward<X>(x)); }

}  // namespace ashlar
