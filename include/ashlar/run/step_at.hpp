// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/stages.hpp"
#include "ashlar/run/kernels.hpp"

// Step S of a program as constants: what kernels are compiled from.
namespace ashlar::detail {

template <int Codes, int Stores, class Plan>
consteval loop_body<Codes, Stores> cut_body(const Plan& p, int result, int first_code, int first_store) {
    loop_body<Codes, Stores> g;
    g.result = static_cast<short>(result);
    for (int i = 0; i < Codes; ++i) g.set(i, p.code[first_code + i]);
    for (int i = 0; i < Stores; ++i) g.set_store(i, p.stores[first_store + i]);
    return g;
}

template <class Spec, int S> inline constexpr step step_at = plan_of_program<Spec>.steps[S];
template <class Spec, int S>
inline constexpr auto inner_body = cut_body<step_at<Spec, S>.codes, step_at<Spec, S>.stores>(
    plan_of_program<Spec>, step_at<Spec, S>.result, step_at<Spec, S>.first_code, step_at<Spec, S>.first_store);
template <class Spec, int S>
inline constexpr auto epilogue_body = cut_body<step_at<Spec, S>.epilogues, step_at<Spec, S>.epilogue_stores>(
    plan_of_program<Spec>, 0, step_at<Spec, S>.first_epilogue, step_at<Spec, S>.first_epilogue_store);

using entry = void (*)(const step&, const step_operand*, const address*);

template <class Spec, int S> using type_at = element_t<step_at<Spec, S>.compute>;
template <class Spec, int S>
using axes_at = known_axes<step_at<Spec, S>.rank, step_at<Spec, S>.kept,
                           (step_at<Spec, S>.rank > 0 ? step_at<Spec, S>.extent[step_at<Spec, S>.rank - 1] : 1),
                           (facts_of(step_at<Spec, S>.what).reduces ? reduced_size(step_at<Spec, S>) : 0)>;

template <class Spec, int S>
inline constexpr gemm_form form_at = form_of(
    step_at<Spec, S>, plan_of_program<Spec>.operands[step_at<Spec, S>.first_operand + 1], plan_of_program<Spec>.known);

template <class Spec, int S> using combiner_at =
    typename combiner_if<step_at<Spec, S>.combines(), step_at<Spec, S>.how>::type;

template <class Spec, int S> struct step_operands {
    step_operand data[step_at<Spec, S>.operands + 1]{};
    constexpr step_operands() {
        for (int i = 0; i < step_at<Spec, S>.operands; ++i)
            data[i] = plan_of_program<Spec>.operands[step_at<Spec, S>.first_operand + i];
    }
};

template <class Spec, int S> inline constexpr step_operands<Spec, S> operands_at{};

}  // namespace ashlar::detail
