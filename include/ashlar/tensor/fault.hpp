// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/shape.hpp"

namespace ashlar {

/// What an operation on mismatched operands returns, after the one error that names the mistake. Every operation,
/// call and program takes it in and gives it back, so that nothing cascades.
struct poison {
    using expression_tag = void;
    template <class T>
        requires std::is_arithmetic_v<T>
    constexpr operator T() const {
        return {};
    }
};

/// A fault that is reported further up, where the user's line is near.
template <class Fault> struct deferred : poison {
    using fault = Fault;
};

template <class X> concept defers_a_fault = requires { typename std::remove_cvref_t<X>::fault; };

namespace detail {
template <class... X> struct absorbed_by {
    using type = poison;
};
template <class X, class... Rest> struct absorbed_by<X, Rest...> : absorbed_by<Rest...> {};
template <defers_a_fault X, class... Rest> struct absorbed_by<X, Rest...> {
    using type = std::remove_cvref_t<X>;
};
}  // namespace detail

/// What an operation gives back for poisoned operands: a fault that is not reported yet stays in its type.
template <class... X> using absorbed = typename detail::absorbed_by<X...>::type;

/// The base of faults: class templates whose names are the message and whose arguments are the shapes.
struct refusal {};

template <class T>
inline constexpr bool is_poison =
    std::is_base_of_v<poison, std::remove_cvref_t<T>> || std::is_base_of_v<refusal, std::remove_cvref_t<T>>;

// `poison& fault = refused<shapes_do_not_broadcast<A, B>>;` reports a fault: both compilers refuse it in a single line
// that prints its name and arguments. Written in the function that the user calls, it comes with one line of context.
template <class Fault> inline constexpr Fault refused{};

/// The return type of a function that passes on the result of another one: if that is a fault,
/// this is where it is reported.
template <class Result> using checked = std::conditional_t<std::is_base_of_v<refusal, Result>, poison&, Result>;

template <class Expected, class Got> struct initializer_does_not_have_the_extents : refusal {};
template <class Expected> struct initializer_rows_differ_in_length : refusal {};
template <class Got> struct a_variable_has_a_name__as_in_variable_x_in_angles_and_quotes : refusal {};
template <class Got> struct an_option_is_a_number__a_loss_is_called_after_its_own_braces : refusal {};
template <class... Given> struct this_tensor_is_one_number__its_extents_are_template_arguments : refusal {};
template <class Target, class Got> struct a_tensor_is_copied_from_a_container_by_Tensor_from : refusal {};
struct write_the_type_and_the_extents_of_a_tensor_as_in_Tensor_float_2_3;
template <class Shape, class... Given> struct an_element_has_one_whole_index_for_each_axis : refusal {};
template <class Target, class Value> struct assigned_shape_differs : refusal {};
template <class Target, class Value> struct assigned_element_type_differs_convert_with_to : refusal {};
template <class Target> struct evaluate_cannot_write_into : refusal {};
template <std::size_t Results, std::size_t Targets> struct several_results_and_targets_differ_in_number : refusal {};
template <class Left, class Right> struct shapes_do_not_broadcast : refusal {};
template <class Left, class Right> struct matmul_inner_dimensions_differ : refusal {};
template <class Left, class Right> struct matmul_takes_no_numbers__write_a_product : refusal {};
template <class From, class To> struct reshape_changes_the_number_of_elements : refusal {};
template <class Operand> struct unsqueeze_makes_more_than_six_axes : refusal {};
template <class Operand, int Axis> struct squeeze_needs_an_axis_of_extent_1 : refusal {};
template <class From, class To> struct expand_cannot_reach_shape : refusal {};
template <class Operand, int Axis> struct axis_out_of_range : refusal {};
template <class Got> struct an_index_is_a_tensor_of_int_or_int64 : refusal {};
/// One of its extents is larger than that of what it points into, beside the axis; or the ranks differ.
template <class X, class Index, int Axis> struct gather_needs_an_index_that_fits : refusal {};
template <class X, class Index> struct take_makes_more_than_six_axes : refusal {};
template <class X, class Index, int Axis> struct take_along_axis_needs_an_index_that_broadcasts : refusal {};
template <class Needed, class Got> struct what_is_added_needs_an_element_for_each_that_the_index_names : refusal {};
template <class Got> struct a_reduction_takes_tensors_and_expressions__not_a_number : refusal {};
template <class... Got> struct axes_are_whole_numbers_and_keepdim_is_a_word__as_in_sum_1_keepdim : refusal {};
template <class Operand, int... Axes> struct permute_needs_every_axis_once : refusal {};
template <class Operand, int Axis, index Start, index Stop, index Step> struct slice_out_of_range : refusal {};
template <class... Operands> struct stack_needs_equal_shapes : refusal {};
template <class Left, class Right, int Axis> struct concat_shapes_differ_outside_the_axis : refusal {};

}  // namespace ashlar
