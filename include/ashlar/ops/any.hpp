// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/sum.hpp"

namespace ashlar {

/// Whether any element, or all of them, are not 0, over axes: a bool tensor, without derivative. `any<1>(x < 0)`.
template <auto... Options, operand X> constexpr auto any(X&& x) { return ne(sum<Options...>(ne(std::forward<X>(x), 0)), 0); }
template <auto... Options, operand X> constexpr auto all(X&& x) { return eq(sum<Options...>(eq(std::forward<X>(x), 0)), 0); }

}  // namespace ashlar
