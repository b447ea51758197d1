// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/apply.hpp"

namespace ashlar {

/// A function made of other ops, without a derivative of its own: `Body` computes with handles. In a typed expression it is
/// one node, which traces its arguments once however often the body uses them: types stay small.
template <class Body, class... Args> struct composite_ {
    using result = decltype(Body{}(std::declval<typename handle_with<typename Args::value_type, dims_of<Args>>::type>()...));
    struct type {
        using expression_tag = void;
        using value_type = typename result::value_type;
        static constexpr shape extent = result::extent;
        using named = typename detail::all_leaves<typename Args::named...>::type;
        template <auto Name> static constexpr bool mentions = (Args::template mentions<Name> || ...);
        template <class M> static constexpr int calls = (0 + ... + Args::template calls<M>);
        detail::arguments<Args...> args;

        template <class Tracer> static constexpr int trace(Tracer& t) {
            const int ids[] = {Args::trace(t)...};
            return append(t, ids, std::index_sequence_for<Args...>{});
        }
        template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const { args.bind(b); }
        constexpr int embed(graph& g) const {
            return args.apply([&](const auto&... a) {
                const int ids[] = {a.embed(g)...};
                return append(g, ids, std::index_sequence_for<Args...>{});
            });
        }
        constexpr operator value_type() const requires(extent.rank == 0) { return evaluate_scalar(*this); }

    private:
        template <std::size_t... At> static constexpr int append(graph& g, const int* ids, std::index_sequence<At...>) {
            return Body{}(typename handle_with<typename Args::value_type, dims_of<Args>>::type{{&g, ids[At]}}...).id;
        }
    };
};

/// Applies a composite function to operands of any sort, as `apply` does an op.
template <class Body, operand... X> constexpr auto compose(X&&... x) {
    if constexpr ((is_poison<X> || ...)) {
        return absorbed<X...>{};
    } else if constexpr (((detail::is_value_v<X> || detail::is_handle_v<X>) || ...)) {
        return Body{}(std::forward<X>(x)...);
    } else {
        constexpr dtype scalars = detail::scalar_type_beside<X...>;
        using applied = composite_<Body, std::remove_cvref_t<decltype(detail::leaf_of<scalars>(std::declval<X>()))>...>;
        if constexpr (is_poison<typename applied::result>) return absorbed<typename applied::result>{};
        else return typename applied::type{detail::pack(detail::leaf_of<scalars>(std::forward<X>(x))...)};
    }
}

}  // namespace ashlar
