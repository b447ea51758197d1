// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/composite.hpp"
#include "ashlar/ops/reshape.hpp"

namespace ashlar {

/// `sum<1, keepdim>(x)`: reduced axes stay, with extent 1.
struct keepdim_t {};
inline constexpr keepdim_t keepdim{};

namespace detail {

/// The axes that are named where a reduction is called, as its attributes have them.
struct reduced_axes {
    int reduced = 0, dropped = 0;
    int bad = max_rank;  // the first axis that does not exist
};

constexpr reduced_axes add_axis(reduced_axes r, int rank, std::integral auto wanted) {
    const int axis = static_cast<int>(wanted);
    if (axis < -rank || axis >= rank) r.bad = axis;
    else r.reduced |= 1 << (axis < 0 ? axis + rank : axis);
    return r;
}
constexpr reduced_axes add_axis(reduced_axes r, int, auto) { return r; }  // a tag

template <class Option>
inline constexpr bool is_axis_or_tag =
    std::is_class_v<Option> || (std::is_integral_v<Option> && !std::is_same_v<std::remove_const_t<Option>, bool>);

template <auto... Options> constexpr reduced_axes axes_of(int rank) {
    reduced_axes r{};
    ((r = add_axis(r, rank, Options)), ...);
    if (r.reduced == 0) r.reduced = (1 << rank) - 1;
    r.dropped = (std::is_same_v<std::remove_const_t<decltype(Options)>, keepdim_t> || ...) ? 0 : r.reduced;
    return r;
}

// What is wrong with a reduction, or void.
template <class X, auto... Options> constexpr auto fault_of_reduction() {
    if constexpr (scalar<X>) {
        return a_reduction_takes_tensors_and_expressions__not_a_number<std::remove_cvref_t<X>>{};
    } else if constexpr (!(is_axis_or_tag<decltype(Options)> && ...)) {
        return axes_are_whole_numbers_and_keepdim_is_a_word__as_in_sum_1_keepdim<decltype(Options)...>{};
    } else if constexpr (constexpr int bad = axes_of<Options...>(std::remove_cvref_t<X>::extent.rank).bad;
                         bad != max_rank) {
        return axis_out_of_range<dims_of<std::remove_cvref_t<X>>, bad>{};
    }
}
template <class X, auto... Options>
using reduction_fault = decltype(fault_of_reduction<X, Options...>());

}  // namespace detail

/// The kind of ops that combine elements along axes. An op says `name`, `how` and `pullback(g, y, x, axes)`, where
/// g and y come with the reduced axes put back as 1 and `axes` has a bit for every reduced axis.
struct reduction {
    static constexpr int cost = 1;

    template <class Attributes, class S> using fault = void;

    static constexpr shape infer(const attributes& a, const shape& x) {
        return detail::reduced_shape(x, static_cast<int>(a.value[0]), static_cast<int>(a.value[1]));
    }
    static constexpr dtype result_type(const attributes&, dtype x) {
        return is_boolean(x) ? dtype::int32 : arithmetic_type(x);
    }
    /// Sums and products of whole numbers and truth values are int64, as PyTorch's and NumPy's.
    static constexpr dtype accumulated(dtype x) { return is_floating(x) ? arithmetic_type(x) : dtype::int64; }

    // Functions, not lambdas: g++ would find their parameters shadowing a user's globals.
    template <class Op> static constexpr void pull_back(graph& graph, int y, int g, int* to) {
        const value x{&graph, graph.argument(y, 0)};
        const attributes a = graph.attributes_of(y);
        const auto dropped = static_cast<int>(a.value[1]);
        const shape full = x.extents();
        *to =
            Op::pullback(put_back({&graph, g}, dropped, full), put_back({&graph, y}, dropped, full), x, a.value[0]).id;
    }
    template <class Op> static constexpr int simplify(graph& graph, const int* x, const attributes& a) {
        // Nothing to combine where every reduced axis has extent 1.
        const shape s = graph.shape_of(x[0]);
        for (int i = 0; i < s.rank; ++i)
            if ((a.value[0] >> i & 1) != 0 && s[i] != 1) return no_index;
        // Of a number, which has no axis to look along, the index is 0.
        if (Op::how >= reducer::argmax) return s.rank == 0 ? graph.constant(0, dtype::int32) : no_index;
        return reshape_value({&graph, x[0]}, infer(a, s)).id;
    }

    template <class Op> static consteval op_record describe() {
        op_record r{.name = Op::name, .id = hash_type<Op>(), .what = kind::reduction, .how = Op::how, .cost = Op::cost};
        if constexpr (requires(value v) { Op::pullback(v, v, v, index{}); }) {
            r.differentiable = true;
            r.pullback = &pull_back<Op>;
        }
        r.simplifies = true;
        r.simplify = &simplify<Op>;
        return r;
    }

    /// x with the dropped axes of its reduction put back; lower rank and extents of 1 broadcast as ever.
    static constexpr value put_back(value x, int dropped, const shape& full) {
        if (dropped == 0 || x.extents().size() == 1) return x;
        shape s = full;
        const shape& from = x.extents();
        int at = from.rank;
        for (int i = full.rank - 1; i >= 0; --i) s.extent[i] = (dropped >> i & 1) != 0 ? 1 : at > 0 ? from[--at] : 1;
        return reshape_value(x, s);
    }
};

/// Applies a reduction along axes given as template arguments: none means all. A fault is returned, as `apply` does.
template <class Op, auto... Options, operand X> constexpr auto reduce(X&& x) {
    if constexpr (is_poison<X>) {
        return absorbed<X>{};
    } else if constexpr (!std::is_void_v<detail::reduction_fault<X, Options...>>) {
        return detail::fault_of_operands<detail::reduction_fault<X, Options...>, X>{};
    } else {
        constexpr int rank = std::remove_cvref_t<X>::extent.rank;
        constexpr detail::reduced_axes axes = detail::axes_of<Options...>(rank);
        return apply<Op, static_attributes<axes.reduced, axes.dropped>>(std::forward<X>(x));
    }
}

template <class Op, class X, auto... Options> using reduced =
    checked<decltype(reduce<Op, Options...>(std::declval<X>()))>;

/// A composite function along axes that are given to its body.
template <template <auto...> class Body, auto... Options, class X> constexpr auto compose_over(X&& x) {
    if constexpr (is_poison<X>) return absorbed<X>{};
    else if constexpr (!std::is_void_v<detail::reduction_fault<X, Options...>>)
        return detail::fault_of_operands<detail::reduction_fault<X, Options...>, X>{};
    else return compose<Body<Options...>>(std::forward<X>(x));
}

template <template <auto...> class Body, class X, auto... Options>
using composed = checked<decltype(compose_over<Body, Options...>(std::declval<X>()))>;

template <class Op, class V = value> constexpr value reduce_value(std::type_identity_t<V> x, int reduced, int dropped) {
    return apply_values<Op>(detail::reduction_attributes(reduced, dropped), x);
}

}  // namespace ashlar
