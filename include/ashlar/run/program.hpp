// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/run/tape.hpp"

// A program: its steps one after the other.
namespace ashlar::detail {

/// run(step, operands) for all steps in order; several that go through their rows together share tiles.
template <int MostOperands, class Run> constexpr void for_each_run(const step* steps, int count,
                                                                   const step_operand* operands, Run run) {
    for (int i = 0; i < count;) {
        const int end = i + (steps[i].block > 0 ? steps[i].block : 1);
        if constexpr (MostOperands > 0) {
            for (index tile = 0; tile < steps[i].tiles; ++tile)
                for (int s = i; s < end; ++s) {
                    step_operand moved[bound_of(MostOperands)];
                    for (int k = 0; k < steps[s].operands; ++k) {
                        moved[k] = operands[steps[s].first_operand + k];
                        moved[k].offset += tile * moved[k].advance;
                    }
                    run(steps[s], moved);
                }
        }
        for (; i < end; ++i)
            if (steps[i].tiles == 0) run(steps[i], operands + steps[i].first_operand);
    }
}

/// A bit for each kind of step that computes in a type.
template <class Spec, dtype Type>
inline constexpr unsigned kinds_in = [] {
    unsigned all = 0;
    for (const step& s : plan_of_program<Spec>.steps)
        if (are_same(s.compute, Type)) all |= 1u << static_cast<unsigned>(s.what);
    return all;
}();

constexpr bool is_mixed(const instruction& i, dtype kernel) { return !are_same(i.type, kernel) || i.settles(); }

/// Whether some loops have registers of other types than their kernel.
template <class Spec>
inline constexpr bool mixes_types = [](const auto& plan) {
    for (const step& s : plan.steps) {
        for (int i = 0; i < s.codes; ++i)
            if (is_mixed(plan.code.data[s.first_code + i], s.compute)) return true;
        for (int i = 0; i < s.epilogues; ++i)
            if (is_mixed(plan.code.data[s.first_epilogue + i], accumulated(s))) return true;
    }
    return false;
}(plan_of_program<Spec>);

/// All steps of a large program in constant evaluation.
template <class Spec> constexpr void interpret_steps(const address* buffers) {
    constexpr auto& plan = plan_of_program<Spec>;
    constexpr bool mixed = mixes_types<Spec>;
    for_each_run<tape<Spec>::most_operands>(
        plan.steps.data, plan.steps.count, plan.operands.data, [&](const step& s, const step_operand* operands) {
            if constexpr (constexpr unsigned kinds = kinds_in<Spec, dtype::float32>; kinds != 0)
                if (is_float32(s.compute))
                    interpret<float, kinds, mixed>(s, plan.code.data, plan.stores.data, operands, buffers);
            if constexpr (constexpr unsigned kinds = kinds_in<Spec, dtype::float64>; kinds != 0)
                if (is_float64(s.compute))
                    interpret<double, kinds, mixed>(s, plan.code.data, plan.stores.data, operands, buffers);
            if constexpr (constexpr unsigned kinds = kinds_in<Spec, dtype::int32>; kinds != 0)
                if (are_same(s.compute, dtype::int32))
                    interpret<std::int32_t, kinds, mixed>(s, plan.code.data, plan.stores.data, operands, buffers);
            if constexpr (constexpr unsigned kinds = kinds_in<Spec, dtype::int64>; kinds != 0)
                if (are_same(s.compute, dtype::int64))
                    interpret<std::int64_t, kinds, mixed>(s, plan.code.data, plan.stores.data, operands, buffers);
        });
}

template <class Spec, int... S> ASHLAR_INLINE constexpr void run_unrolled(const address* buffers,
                                                                          std::integer_sequence<int, S...>) {
    if (__builtin_is_constant_evaluated())
        (constant_step<Spec, S>(step_at<Spec, S>, operands_at<Spec, S>.data, buffers), ...);
    else (unrolled_step<Spec, S>(buffers), ...);
}

template <class Spec> ASHLAR_INLINE constexpr void run_steps(const address* buffers) {
    if constexpr (is_unrolled<Spec>) {
        run_unrolled<Spec>(buffers, std::make_integer_sequence<int, step_count<Spec>>{});
    } else if (__builtin_is_constant_evaluated()) {
        interpret_steps<Spec>(buffers);
    } else if constexpr (has_short_tape<Spec>) {
        // A tape that clang can read while compiling is written out, and its kernels are compiled twice.
        const short_tape<Spec>& tape = *kernels::detail::opaque(&short_tape_of<Spec>);
        for (int i = 0; i < step_count<Spec>; ++i)
            tape.functions[tape.calls[i].kernel](tape.spots + tape.calls[i].first, buffers);
    } else {
        for_each_run<tape<Spec>::most_operands>(tape_of<Spec>.steps, step_count<Spec>, tape_of<Spec>.operands,
                                                [&](const step& s, const step_operand* operands) {
                                                    tape_of<Spec>.entries[s.kernel](s, operands, buffers);
                                                });
    }
}

}  // namespace ashlar::detail
