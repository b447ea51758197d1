// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/elementary.hpp"
#include "ashlar/ops/apply.hpp"

namespace ashlar {

namespace detail {

template <class... S> struct broadcast_fault { using type = void; };
template <class A, class B> struct broadcast_fault<A, B> {
    using type = std::conditional_t<broadcast(A::value, B::value).ok, void, shapes_do_not_broadcast<A, B>>;
};
template <class A, class B, class C> struct broadcast_fault<A, B, C> {
    using ab = typename broadcast_fault<A, B>::type;
    using ac = typename broadcast_fault<A, C>::type;
    using bc = typename broadcast_fault<B, C>::type;
    using type = std::conditional_t<!std::is_void_v<ab>, ab, std::conditional_t<!std::is_void_v<ac>, ac, bc>>;
};

// One signature for every arity, so that a kernel can call any op the same way.
template <class Op, class V> constexpr V evaluate_op([[maybe_unused]] V a, [[maybe_unused]] V b, [[maybe_unused]] V c) {
    if constexpr (Op::arity == 1) return Op::eval(a);
    else if constexpr (Op::arity == 2) return Op::eval(a, b);
    else return Op::eval(a, b, c);
}

template <class Op, class T> consteval evaluators<T> evaluators_of() {
    return {&evaluate_op<Op, T>, &evaluate_op<Op, kernels::vec<T>>};
}

/// Sums an adjoint that was made in the shape of the result down to an argument's shape. An extent of 1 where the
/// result has n stands for n equal values.
template <class Value> constexpr Value sum_to(Value g, const shape& from, const shape& to);

/// An adjoint in the element type of its argument, where they differ. Templates, since sum.hpp and to.hpp define them later.
template <class Value> constexpr Value to_type(const Value& x, dtype type);

constexpr void store_adjoint(graph& graph, const value& v, int y, int argument, int* to) {
    if (v.id < 0 || !is_floating(graph.type_of(argument))) *to = -1;
    else *to = to_type(sum_to(v, graph.shape_of(y), graph.shape_of(argument)), graph.type_of(argument)).id;
}

template <class Op> constexpr void pull_back_elementwise(graph& graph, int y, int g, int* to) {
    const value adjoint{&graph, g}, result{&graph, y};
    const auto argument = [&](int i) { return value{&graph, graph.argument(y, i)}; };
    if constexpr (Op::arity == 1) {
        store_adjoint(graph, Op::pullback(adjoint, result, argument(0)), y, graph.argument(y, 0), to);
    } else {
        const adjoints all = [&] {
            if constexpr (Op::arity == 2) return Op::pullback(adjoint, result, argument(0), argument(1));
            else return Op::pullback(adjoint, result, argument(0), argument(1), argument(2));
        }();
        for (int i = 0; i < Op::arity; ++i) store_adjoint(graph, all.of[i], y, graph.argument(y, i), to + i);
    }
}

}  // namespace detail

/// The kind of ops that compute element by element, with NumPy broadcasting. An op says `name`, `eval` (on a scalar or a
/// vector of elements), `pullback(g, y, arguments...)` unless its derivative is zero, and `cost` where it is not 1 flop.
template <int Arity> struct elementwise {
    static constexpr int arity = Arity;
    static constexpr int cost = 1;
    static constexpr bool commutative = false;
    static constexpr const char* infix = nullptr;
    static constexpr int precedence = 0;
    static constexpr bool whole_numbers = true;  // has a meaning on int32
    static constexpr bool broadcasts = true;     // the shape is that of the arguments together

    template <class Attributes, class... S> using fault = typename detail::broadcast_fault<S...>::type;

    static constexpr shape infer(const attributes&, const shape& a) { return a; }
    static constexpr shape infer(const attributes&, const shape& a, const shape& b) { return broadcast(a, b).value; }
    static constexpr shape infer(const attributes&, const shape& a, const shape& b, const shape& c) {
        return broadcast(broadcast(a, b).value, c).value;
    }
    static constexpr dtype result_type(const attributes&, dtype a) { return a; }
    static constexpr dtype result_type(const attributes&, dtype a, dtype b) { return promote(a, b); }
    static constexpr dtype result_type(const attributes&, dtype a, dtype b, dtype c) { return promote(promote(a, b), c); }

    template <class Op> static consteval op_record describe() {
        op_record r{.name = Op::name, .id = hash_name(Op::name), .what = kind::elementwise, .cost = Op::cost, .commutative = Op::commutative};
        r.f32 = detail::evaluators_of<Op, float>();
        r.f64 = detail::evaluators_of<Op, double>();
        if constexpr (Op::whole_numbers) r.i32 = detail::evaluators_of<Op, std::int32_t>();
        if constexpr (requires { Op::pullback; } || requires(value v) { Op::pullback(v, v, v); } ||
                      requires(value v) { Op::pullback(v, v, v, v); } || requires(value v) { Op::pullback(v, v, v, v, v); })
            r.differentiable = true, r.pullback = &detail::pull_back_elementwise<Op>;
        if constexpr (requires(graph& g, const int* x, const attributes& a) { Op::simplify(g, x, a); }) r.simplifies = true, r.simplify = &Op::simplify;
        r.evaluates = true;
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
    static constexpr dtype result_type(const attributes&, std::same_as<dtype> auto...) { return dtype::boolean; }
};

}  // namespace ashlar
