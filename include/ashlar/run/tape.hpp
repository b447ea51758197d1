// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/run/entries.hpp"

// What a large program leaves in the binary: a table of its steps.
namespace ashlar::detail {

/// What a large program leaves in the binary.
template <class Spec> struct tape {
    static constexpr int kernels = [] {
        int most = 0;
        for (int i = 0; i < step_count<Spec>; ++i)
            most = plan_of_program<Spec>.steps[i].kernel + 1 > most ? plan_of_program<Spec>.steps[i].kernel + 1 : most;
        return most;
    }();
    struct first_steps {
        int of[bound_of(kernels + 1)]{};
        constexpr first_steps() {
            for (int i = step_count<Spec> - 1; i >= 0; --i) of[plan_of_program<Spec>.steps[i].kernel] = i;
        }
    };
    static constexpr first_steps first{};

    static constexpr int most_operands = [] {
        int most = 0;
        for (const step& s : plan_of_program<Spec>.steps) most = s.tiles > 0 && s.operands > most ? s.operands : most;
        return most;
    }();

    step steps[step_count<Spec> + 1]{};
    step_operand operands[plan_of_program<Spec>.operands.count + 1]{};
    entry entries[bound_of(kernels + 1)]{};

    constexpr tape() {
        for (int i = 0; i < step_count<Spec>; ++i) steps[i] = plan_of_program<Spec>.steps[i];
        for (int i = 0; i < plan_of_program<Spec>.operands.count; ++i) operands[i] = plan_of_program<Spec>.operands[i];
        [&]<int... K>(std::integer_sequence<int, K...>) {
            const entry each[] = {entry_of<Spec, first.of[K]>()..., nullptr};  // (clang's folds end at 256)
            for (int i = 0; i < kernels; ++i) entries[i] = each[i];
        }(std::make_integer_sequence<int, kernels>{});
    }
};
template <class Spec> inline constexpr tape<Spec> tape_of{};

/// Whether kernels know all of every step but the buffers of its operands, and steps just follow one another. A step
/// then takes some 25 to 40 bytes of the binary. Loops that share kernels, windows, and those that share tiles of rows
/// read their whole step at run time, with its operands some 750 bytes.
template <class Spec>
inline constexpr bool has_short_tape = [](const auto& plan) {
    if (plan.known != knowledge::static_layout || plan.shared_maps) return false;
    for (int i = 0; i < plan.steps.count; ++i)
        if (facts_of(plan.steps.data[i].what).reads_step || plan.steps.data[i].tiles > 0) return false;
    return true;
}(plan_of_program<Spec>);

/// What differs from step to step of an operand.
template <class Number> struct spot {
    Number buffer = 0, offset = 0;
};

template <class Spec> struct short_tape {
    // Small programs have small numbers: those of a cell of 100 elements lie within 16 bits.
    static constexpr index largest =
        [](const step_operand* operands, int count, index most) {
            for (int i = 0; i < count; ++i)
                if (operands[i].offset > most || operands[i].offset < -most)
                    most = operands[i].offset < 0 ? -operands[i].offset : operands[i].offset;
            return most;
        }(plan_of_program<Spec>.operands.data, plan_of_program<Spec>.operands.count,
          pools + input_count<Spec> + graph_of_program<Spec>.outputs.count);
    template <class Number> static constexpr bool holds_all = static_cast<Number>(largest) == largest;
    using number = std::conditional_t<holds_all<std::int16_t>, std::int16_t,
                                      std::conditional_t<holds_all<std::int32_t>, std::int32_t, index>>;
    using spot = detail::spot<number>;
    struct call {
        int kernel = 0, first = 0;
    };
    using function = void (*)(const spot*, const address*);
    static constexpr int kernels = tape<Spec>::kernels;

    call calls[step_count<Spec> + 1]{};
    spot spots[plan_of_program<Spec>.operands.count + 1]{};
    function functions[bound_of(kernels + 1)]{};

    constexpr short_tape() {
        const step* const from = plan_of_program<Spec>.steps.data;
        const step_operand* const operands = plan_of_program<Spec>.operands.data;
        for (int i = 0; i < step_count<Spec>; ++i)
            calls[i].kernel = from[i].kernel, calls[i].first = from[i].first_operand;
        for (int i = 0; i < plan_of_program<Spec>.operands.count; ++i) {
            spots[i].buffer = static_cast<number>(operands[i].buffer);
            spots[i].offset = static_cast<number>(operands[i].offset);
        }
        [&]<int... K>(std::integer_sequence<int, K...>) {
            const function each[] = {&fixed_kernel<Spec, tape<Spec>::first.of[K]>::template run_at<spot>..., nullptr};
            for (int i = 0; i < kernels; ++i) functions[i] = each[i];
        }(std::make_integer_sequence<int, kernels>{});
    }
};
template <class Spec> inline constexpr short_tape<Spec> short_tape_of{};

}  // namespace ashlar::detail
