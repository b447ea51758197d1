// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/place.hpp"
#include "ashlar/ops/to.hpp"

// Slices that can be written: `slice<0, 2, 5>(t) = e`, of a tensor or a view that are not const.
namespace ashlar {

template <class Shape> struct only_slices_of_what_is_not_const_are_assigned : refusal {};

namespace detail {

// Where a slice lies in memory is a placement: for every axis the extent of the memory, then start, step and extent of
// what is read.

constexpr attributes whole_placement(const shape& s) {
    attributes a{};
    for (int i = 0; i < s.rank; ++i)
        for (const index n : {s[i], index{0}, index{1}, s[i]}) a.value[a.count++] = n;
    return a;
}
/// The place of a slice, whose axes keep their order, of what has a place.
constexpr attributes placement_of_slice(const attributes& place, const attributes& view) {
    attributes a = place;
    for (int i = 0; i < place.count / 4; ++i) {
        const window_axis_range outer = window_axis_of(place, i), inner = window_axis_of(view, i);
        a.value[4 * i + 1] = outer.start + outer.step * inner.start;
        a.value[4 * i + 2] = outer.step * inner.step, a.value[4 * i + 3] = inner.extent;
    }
    return a;
}
constexpr index offset_in_memory(const attributes& place, index element) {
    index at = 0, stride = 1;
    for (int i = place.count / 4 - 1; i >= 0; --i) {
        const window_axis_range axis = window_axis_of(place, i);
        at += (axis.start + axis.step * (element % axis.extent)) * stride;
        element /= axis.extent, stride *= place.value[4 * i];
    }
    return at;
}
/// Whether the elements lie one behind the other.
constexpr bool is_contiguous(const attributes& place) {
    bool takes_all = true;  // of the axes behind
    for (int i = place.count / 4 - 1; i >= 0; --i) {
        const window_axis_range axis = window_axis_of(place, i);
        if (axis.extent > 1 && (!takes_all || axis.step != 1)) return false;
        takes_all = takes_all && axis.extent == place.value[4 * i];
    }
    return true;
}

template <attributes A> struct attributes_constant {
    static constexpr attributes value = A;
};

template <class T, class S> struct view_with;
template <class T, std::size_t... Dims> struct view_with<T, Shape<Dims...>> {
    using type = TensorView<T, Dims...>;
};
/// A slice as an expression, a Node, that can also be assigned, as NumPy's: the rest of the tensor stays. The value has
/// the slice's shape, or is a number; it is complete before the first element is written.
template <class Node, class T, class Whole, attributes Place> struct part_of : Node {
    T* memory;

    template <operand E> constexpr const part_of& operator=(const E& value) const {
        if constexpr (std::is_const_v<T>) [[maybe_unused]]
            poison& fault = refused<only_slices_of_what_is_not_const_are_assigned<dims_of<Node>>>;
        else if constexpr (is_poison<E>) return *this;
        else if constexpr (std::is_arithmetic_v<E>) fill(static_cast<T>(value));
        else if constexpr (!std::same_as<dims_of<Node>, dims_of<E>>) [[maybe_unused]]
            poison& fault = refused<assigned_shape_differs<dims_of<Node>, dims_of<E>>>;
        else if constexpr (!may_be_stored<T, typename E::value_type>) [[maybe_unused]]
            poison& fault = refused<other_type<Node, E>>;
        else write(as_node(value));
        return *this;
    }
    // Not a pointer that turns to another slice, as it would be by itself.
    constexpr const part_of& operator=(const part_of& other) const {
        if constexpr (std::is_const_v<T>) [[maybe_unused]]
            poison& fault = refused<only_slices_of_what_is_not_const_are_assigned<dims_of<Node>>>;
        else if (this != &other) write(static_cast<const Node&>(other));
        return *this;
    }
    constexpr part_of(const Node& node, T* data) : Node{node}, memory{data} {}
    constexpr part_of(const part_of&) = default;

    constexpr const part_of& operator+=(const operand auto& e) const { return *this = *this + e; }
    constexpr const part_of& operator-=(const operand auto& e) const { return *this = *this - e; }
    constexpr const part_of& operator*=(const operand auto& e) const { return *this = *this * e; }
    constexpr const part_of& operator/=(const operand auto& e) const { return *this = *this / e; }

private:
    constexpr void fill(T value) const {
        for (index i = 0; i < Node::extent.size(); ++i) memory[offset_in_memory(Place, i)] = value;
    }
    template <class E> constexpr void write(const E& value) const {
        if constexpr (!std::same_as<typename E::value_type, T>) {
            write(to<T>(value));
        } else if constexpr (is_contiguous(Place)) {
            typename view_with<T, dims_of<Node>>::type target{memory + offset_in_memory(Place, 0)};
            evaluate_into(value, target);
        } else {
            typename view_with<T, Whole>::type target{memory};
            evaluate_into(apply<place_op, attributes_constant<Place>>(target, value), target);
        }
    }
};

// As an operand it is the node.
template <class Node, class T, class Whole, attributes Place>
constexpr const Node& as_node(const part_of<Node, T, Whole, Place>& part) {
    return part;
}

/// The slice with such attributes of a tensor, a view or a slice, whose node it is.
template <class A, class T, std::size_t... Dims, class Node>
constexpr auto part_of_memory(const TensorView<T, Dims...>& t, const Node& node) {
    constexpr attributes place = placement_of_slice(whole_placement(Shape<Dims...>::value), A::value);
    return part_of<Node, T, Shape<Dims...>, place>{node, t.data()};
}
template <class A, class T, std::size_t... Dims, class Node>
constexpr auto part_of_memory(Tensor<T, Dims...>& t, const Node& node) {
    return part_of_memory<A>(TensorView<T, Dims...>{t}, node);
}
template <class A, class T, std::size_t... Dims, class Node>
constexpr auto part_of_memory(const Tensor<T, Dims...>& t, const Node& node) {
    return part_of_memory<A>(TensorView<const T, Dims...>{t}, node);
}
template <class A, class Inner, class T, class Whole, attributes Place, class Node>
constexpr auto part_of_memory(const part_of<Inner, T, Whole, Place>& part, const Node& node) {
    constexpr attributes place = placement_of_slice(Place, A::value);
    return part_of<Node, T, Whole, place>{node, part.memory};
}

/// Whether an operand that is given as an X is memory: not a tensor that ends with the statement.
template <class X> inline constexpr bool is_part = false;
template <class Node, class T, class Whole, attributes Place> inline constexpr bool
    is_part<part_of<Node, T, Whole, Place>> = true;
template <class X> concept memory_operand = (is_tensor<std::remove_cvref_t<X>> && std::is_lvalue_reference_v<X>) ||
                                            is_view<std::remove_cvref_t<X>> || is_part<std::remove_cvref_t<X>>;

}  // namespace detail

}  // namespace ashlar
