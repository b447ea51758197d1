// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/isnan.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/sum.hpp"
#include "ashlar/ops/where.hpp"

namespace ashlar {

/// The index of the largest (smallest) element along an axis, or in row-major order of all axes; int32, no derivative.
/// Edges: the first of equal ones, the first nan if there is one.
struct argmax_op : reduction {
    static constexpr const char* name = "argmax";
    static constexpr reducer how = reducer::argmax;
    static constexpr dtype result_type(const attributes&, dtype) { return dtype::int32; }
};
struct argmin_op : reduction {
    static constexpr const char* name = "argmin";
    static constexpr reducer how = reducer::argmin;
    static constexpr dtype result_type(const attributes&, dtype) { return dtype::int32; }
};

template <auto... Options, operand X> constexpr reduced<argmax_op, X, Options...> argmax(X&& x) {
    return reduce<argmax_op, Options...>(std::forward<X>(x));
}
template <auto... Options, operand X> constexpr reduced<argmin_op, X, Options...> argmin(X&& x) {
    return reduce<argmin_op, Options...>(std::forward<X>(x));
}

namespace detail {

// The place of every element among those that are reduced together, in row-major order; broadcasts over the other axes.
constexpr value places_along(graph& g, const shape& s, int mask) {
    shape line{};
    index n = 1;
    for (int i = 0; i < s.rank; ++i) {
        const bool reduced = (mask >> i & 1) != 0;
        if (reduced || line.rank > 0) line.extent[line.rank++] = reduced ? s[i] : 1;
        n *= reduced ? s[i] : 1;
    }
    return reshape_value({&g, g.range(n, dtype::int32)}, line);
}

// All of g to the element that argmax or argmin returns.
template <class ArgOp> constexpr value give_to_one(auto g, auto x, index mask) {
    const auto chosen = reduce_value<ArgOp>(x, static_cast<int>(mask), 0);
    return where(eq(places_along(*x.g, x.extents(), static_cast<int>(mask)), chosen), g, 0);
}

// g in equal shares to the elements that `from` marks with 1; `otherwise(share)` to those that it marks with 0.
constexpr value share_among(auto from, auto g, index mask, auto otherwise) {
    const auto share = g / reduce_value<sum_op>(from, static_cast<int>(mask), 0);
    return where(from, share, otherwise(share));
}

template <auto... Options> inline constexpr bool names_an_axis = (!std::is_class_v<decltype(Options)> || ...);

}  // namespace detail

/// The largest element over axes that are named: `max<1>(x)`. Derivative: g to the one element that argmax returns, the
/// first of equal ones, as PyTorch's max over a dimension. Edges: nan spreads, the derivative goes to the first nan.
struct max_op : reduction {
    static constexpr const char* name = "max";
    static constexpr reducer how = reducer::maximum;
    static constexpr value pullback(auto g, auto, auto x, index mask) {
        return detail::give_to_one<argmax_op>(g, x, mask);
    }
};
struct min_op : reduction {
    static constexpr const char* name = "min";
    static constexpr reducer how = reducer::minimum;
    static constexpr value pullback(auto g, auto, auto x, index mask) {
        return detail::give_to_one<argmin_op>(g, x, mask);
    }
};

/// The largest element of all, where no axis is named: `max(x)`. Derivative: g in
/// equal shares to the equal ones, whatever the rank, as PyTorch's max of everything.
/// Edges: nan where there is one; the derivative goes to the nans, in equal shares.
struct max_of_all_op : reduction {
    static constexpr const char* name = "max";
    static constexpr reducer how = reducer::maximum;
    static constexpr value pullback(auto g, auto y, auto x, index mask) {
        const decltype(x) zero{x.g, x.g->constant(0, x.type())}, one{x.g, x.g->constant(1, x.type())};
        return detail::share_among(where((isnan)(x), one, where(eq(x, y), one, zero)), g, mask, [](auto) { return 0; });
    }
};
struct min_of_all_op : max_of_all_op {
    static constexpr const char* name = "min";
    static constexpr reducer how = reducer::minimum;
};

/// The largest element over axes: `amax(x)`, `amax<0, 2, keepdim>(x)`. Derivative: g in equal shares to the equal ones,
/// as PyTorch's amax. Edges: nan spreads, and then the derivative is nan for all that were reduced together.
struct amax_op : reduction {
    static constexpr const char* name = "amax";
    static constexpr reducer how = reducer::maximum;
    static constexpr value pullback(auto g, auto y, auto x, index mask) {
        const decltype(x) zero{x.g, x.g->constant(0, x.type())}, one{x.g, x.g->constant(1, x.type())};
        // Beside nan none is equal: the share is g / 0, and 0 of that is nan.
        return detail::share_among(where(eq(x, y), one, zero), g, mask, [](auto share) { return 0 * share; });
    }
};
struct amin_op : amax_op {
    static constexpr const char* name = "amin";
    static constexpr reducer how = reducer::minimum;
};

namespace detail {
template <auto... Options> using max_for = std::conditional_t<names_an_axis<Options...>, max_op, max_of_all_op>;
template <auto... Options> using min_for = std::conditional_t<names_an_axis<Options...>, min_op, min_of_all_op>;
}  // namespace detail

// In parentheses: max(a, b) and min(a, b) are macros of <windows.h>.
template <auto... Options, operand X> constexpr reduced<detail::max_for<Options...>, X, Options...>(max)(X&& x) {
    return reduce<detail::max_for<Options...>, Options...>(std::forward<X>(x));
}
template <auto... Options, operand X> constexpr reduced<detail::min_for<Options...>, X, Options...>(min)(X&& x) {
    return reduce<detail::min_for<Options...>, Options...>(std::forward<X>(x));
}
template <auto... Options, operand X> constexpr reduced<amax_op, X, Options...> amax(X&& x) {
    return reduce<amax_op, Options...>(std::forward<X>(x));
}
template <auto... Options, operand X> constexpr reduced<amin_op, X, Options...> amin(X&& x) {
    return reduce<amin_op, Options...>(std::forward<X>(x));
}

}  // namespace ashlar
