// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/elementwise.hpp"

namespace ashlar {

/// Tests, element by element: a bool tensor, without derivative. Whole numbers are finite.
struct isnan_op : predicate<1> {
    static constexpr const char* name = "isnan";
    static constexpr auto eval(auto x) { return (kernels::isnan)(x); }
};
struct isinf_op : predicate<1> {
    static constexpr const char* name = "isinf";
    static constexpr auto eval(auto x) { return (kernels::isinf)(x); }
};
struct isfinite_op : predicate<1> {
    static constexpr const char* name = "isfinite";
    static constexpr auto eval(auto x) { return (kernels::isfinite)(x); }
};

// In parentheses: isnan(x) and the like are macros of C.
template <operand X> constexpr auto(isnan)(X&& x) { return apply<isnan_op>(std::forward<X>(x)); }
template <operand X> constexpr auto(isinf)(X&& x) { return apply<isinf_op>(std::forward<X>(x)); }
template <operand X> constexpr auto(isfinite)(X&& x) { return apply<isfinite_op>(std::forward<X>(x)); }

}  // namespace ashlar
