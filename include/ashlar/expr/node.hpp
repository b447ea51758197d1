// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/leaf.hpp"

namespace ashlar {

/// Attributes known while compiling, as a type.
template <index... Values> struct static_attributes {
    static constexpr attributes value = [] {
        attributes a{};
        ((a.value[a.count++] = Values), ...);
        return a;
    }();
};
using no_attributes = static_attributes<>;

namespace detail {

template <class... Args> struct arguments;
template <> struct arguments<> {
    constexpr void bind(auto&) const {}
    template <class F, class... Before> constexpr auto apply(F&& f, const Before&... before) const {
        return f(before...);
    }
};
template <class First, class... Rest> struct arguments<First, Rest...> {
    First first;
    [[no_unique_address]] arguments<Rest...> rest;
    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        first.bind(b);
        rest.bind(b);
    }
    template <class F, class... Before> constexpr auto apply(F&& f, const Before&... before) const {
        return rest.apply(f, before..., first);
    }
};
constexpr arguments<> pack() { return {}; }
template <class First, class... Rest> constexpr arguments<First, Rest...> pack(const First& first,
                                                                               const Rest&... rest) {
    return {first, pack(rest...)};
}

/// Shape and element type of an op's result, from its arguments' types.
template <class Op, class Attributes, class... Args> struct result {
    static constexpr shape extent = Op::infer(Attributes::value, Args::extent...);
    static constexpr dtype type = Op::result_type(Attributes::value, dtype_of<typename Args::value_type>...);
};

}  // namespace detail

/// An op applied to typed arguments. The node is a member of a template, so that look-up by argument does not walk the
/// tree.
template <class Op, class Attributes, class... Args> struct node_ {
    struct type {
        using expression_tag = void;
        using value_type = typename element_of<detail::result<Op, Attributes, Args...>::type>::type;
        static constexpr shape extent = detail::result<Op, Attributes, Args...>::extent;
        using named = typename detail::all_leaves<typename Args::named...>::type;
        template <auto Name> static constexpr bool mentions = (Args::template mentions<Name> || ...);
        template <class M> static constexpr int calls = (0 + ... + Args::template calls<M>);
        detail::arguments<Args...> args;

        template <class Tracer> static constexpr int trace(Tracer& t) {
            const int ids[] = {Args::trace(t)...};
            return t.make(record<Op>, ids, sizeof...(Args), extent, dtype_of<value_type>, Attributes::value);
        }
        template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const { args.bind(b); }

        /// The same node inside a body that is being traced: `transpose(weight)` beside a handle.
        constexpr int embed(graph& g) const {
            return args.apply([&](const auto&... each) {
                const int ids[] = {each.embed(g)...};
                return g.make(record<Op>, ids, sizeof...(Args), extent, dtype_of<value_type>, Attributes::value);
            });
        }

        constexpr operator double() const  // std::sin(e), if (e): sin(e), any(e)
            requires(extent.rank != 0)
        = delete;
        /// Rank 0 converts to its element.
        constexpr operator value_type() const
            requires(extent.rank == 0)
        {
            return evaluate_scalar(*this);
        }
    };
};

}  // namespace ashlar
