// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/shape.hpp"

namespace ashlar {

/// What an operation on mismatched operands returns, after the one error that names the mistake. Every operation,
/// call and program takes it in and gives it back, so that nothing cascades.
struct poison {};

/// A fault that is reported further up, where the user's line is near.
template <class Fault> struct deferred : poison {
    using fault = Fault;
};

template <class T> inline constexpr bool is_poison = std::is_base_of_v<poison, std::remove_cvref_t<T>>;

// Faults are class templates that are declared and never defined: their names are the message, their arguments the
// shapes. `report` asks for a complete one, which both compilers refuse in a single line that prints name and arguments.
template <class Fault> constexpr poison report() {
    [[maybe_unused]] constexpr auto size = sizeof(Fault);
    return {};
}

template <class Expected, class Got> struct initializer_does_not_have_the_extents;
template <class Target, class Value> struct assigned_shape_differs;
template <class Left, class Right> struct shapes_do_not_broadcast;
template <class Left, class Right> struct matmul_inner_dimensions_differ;
template <class From, class To> struct reshape_changes_the_number_of_elements;
template <class From, class To> struct expand_cannot_reach_shape;
template <class Operand, int Axis> struct axis_out_of_range;
template <class Operand, int... Axes> struct permute_needs_every_axis_once;
template <class Operand, int Axis, index Start, index Stop, index Step> struct slice_out_of_range;
template <class Left, class Right, int Axis> struct concat_shapes_differ_outside_the_axis;

}  // namespace ashlar
