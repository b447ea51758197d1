// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/elementary.hpp"
#include "ashlar/ops/apply.hpp"

namespace ashlar {

namespace detail {

template <class... S> struct broadcast_fault {
    using type = void;
};
template <class A, class B> struct broadcast_fault<A, B> {
    using type = std::conditional_t<broadcast(A::value, B::value).ok, void, shapes_do_not_broadcast<A, B>>;
};
template <class A, class B, class C> struct broadcast_fault<A, B, C> {
    using ab = typename broadcast_fault<A, B>::type;
    using ac = typename broadcast_fault<A, C>::type;
    using bc = typename broadcast_fault<B, C>::type;
    using type = std::conditional_t<!std::is_void_v<ab>, ab, std::conditional_t<!std::is_void_v<ac>, ac, bc>>;
};

template <class Op, class T> consteval evaluators<T> evaluators_of() {
    if constexpr (Op::arity == 1) return {{.unary = &Op::eval}, {.unary = &Op::eval}};
    else if constexpr (Op::arity == 2) return {{.binary = &Op::eval}, {.binary = &Op::eval}};
    else return {{.ternary = &Op::eval}, {.ternary = &Op::eval}};
}

// Adjoints are stored in the shape of the result; the walk backwards sums them down to the arguments'.
template <class Op> constexpr void pull_back_elementwise(graph& graph, int y, int g, int* to) {
    const value adjoint{&graph, g}, result{&graph, y};
    const auto argument = [&](int i) { return value{&graph, graph.argument(y, i)}; };
    if constexpr (Op::arity == 1) {
        *to = Op::pullback(adjoint, result, argument(0)).id;
    } else {
        const adjoints all = [&] {
            if constexpr (Op::arity == 2) return Op::pullback(adjoint, result, argument(0), argument(1));
            else return Op::pullback(adjoint, result, argument(0), argument(1), argument(2));
        }();
        for (int i = 0; i < Op::arity; ++i) to[i] = all.of[i].id;
    }
}

}  // namespace detail

/// The kind of ops that compute element by element, with NumPy broadcasting. An op says `name`, `eval` (on a scalar or
/// a vector of elements), `pullback(g, y, arguments...)` unless its derivative is zero, and `cost` where it is not 1
/// flop.
template <int Arity> struct elementwise {
    static constexpr int arity = Arity;
    static constexpr int cost = 1;
    static constexpr bool commutative = false;
    static constexpr bool nondecreasing = false;
    static constexpr const char* infix = nullptr;
    static constexpr int precedence = 0;
    static constexpr bool whole_numbers = true;       // has a meaning on int32 and int64
    static constexpr bool broadcasts = true;          // the shape is that of the arguments together
    static constexpr bool may_end_in_product = true;  // as the compiler sees it

    template <class Attributes, class... S> using fault = typename detail::broadcast_fault<S...>::type;

    static constexpr shape infer(const attributes&, const shape& a) { return a; }
    static constexpr shape infer(const attributes&, const shape& a, const shape& b) { return broadcast(a, b).value; }
    static constexpr shape infer(const attributes&, const shape& a, const shape& b, const shape& c) {
        return broadcast(broadcast(a, b).value, c).value;
    }
    static constexpr dtype result_type(const attributes&, dtype a) { return arithmetic_type(a); }
    static constexpr dtype result_type(const attributes&, dtype a, dtype b) { return promote(a, b); }
    static constexpr dtype result_type(const attributes&, dtype a, dtype b, dtype c) {
        return promote(promote(a, b), c);
    }

    template <class Op> static consteval op_record describe() {
        op_record r{.name = Op::name,
                    .id = hash_type<Op>(),
                    .what = kind::elementwise,
                    .cost = Op::cost,
                    .commutative = Op::commutative,
                    .nondecreasing = Op::nondecreasing};
        r.f32 = detail::evaluators_of<Op, float>();
        r.f64 = detail::evaluators_of<Op, double>();
        if constexpr (Op::whole_numbers)
            r.i32 = detail::evaluators_of<Op, std::int32_t>(), r.i64 = detail::evaluators_of<Op, std::int64_t>();
        if constexpr (
            requires { Op::pullback; } || requires(value v) { Op::pullback(v, v, v); } ||
            requires(value v) { Op::pullback(v, v, v, v); } || requires(value v) { Op::pullback(v, v, v, v, v); })
            r.differentiable = true, r.pullback = &detail::pull_back_elementwise<Op>;
        if constexpr (requires(graph& g, const int* x, const attributes& a) { Op::simplify(g, x, a); })
            r.simplifies = true, r.simplify = &Op::simplify;
        r.stops_gradients = requires { Op::stops_gradients; };
        r.rounds_only = requires { Op::rounds_only; };
        r.is_random = requires { Op::is_random; };
        r.may_end_in_product = Op::may_end_in_product;
        r.is_product = requires { Op::is_product; };
        if constexpr (requires { typename Op::with_first_product; }) {
            r.takes_products = true;
            r.with_product[0] = &record<typename Op::with_first_product>;
            r.with_product[1] = &record<typename Op::with_second_product>;
        }
        r.evaluates = true;
        r.arity = Op::arity;
        if constexpr (requires { Op::same_value; }) r.same_value = Op::same_value;
        else r.same_value = Op::cost == 0;
        r.infix = Op::infix;
        r.precedence = Op::precedence;
        return r;
    }
};

/// Functions of real numbers: whole numbers become float32 first.
template <int Arity> struct real_function : elementwise<Arity> {
    static constexpr bool whole_numbers = false;
    static constexpr dtype result_type(const attributes&, std::same_as<dtype> auto... t) {
        dtype all = dtype::boolean;
        ((all = promote(all, t)), ...);
        return is_floating(all) ? all : dtype::float32;
    }
};

/// Functions whose result is true or false; inside a kernel that is 1 or 0.
template <int Arity> struct predicate : elementwise<Arity> {
    static constexpr bool may_end_in_product = false;
    static constexpr dtype result_type(const attributes&, std::same_as<dtype> auto...) { return dtype::boolean; }
};

}  // namespace ashlar
