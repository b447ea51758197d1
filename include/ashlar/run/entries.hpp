// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kinds/all.hpp"

// From a step of a plan to the function that runs it.
namespace ashlar::detail {

template <class Spec, int S> using rules_at = kind_rules<step_at<Spec, S>.what>;

/// A step whose extents and strides are constants. Kernels get the step itself: a copy would be made on the stack, and
/// g++ would see only late that nothing reads it.
template <class Spec, int S> ASHLAR_INLINE inline void known_step(const step_operand* operands,
                                                                  const address* buffers) {
    rules_at<Spec, S>::template run<Spec, S>(operands, buffers);
}

/// A step of straight code: everything that is known of it is a constant here.
template <class Spec, int S> ASHLAR_INLINE inline void unrolled_step(const address* buffers) {
    known_step<Spec, S>(operands_at<Spec, S>.data, buffers);
}

/// A kernel for all steps that differ from step S in buffers only.
template <class Spec, int S> struct fixed_kernel {
    ASHLAR_FLATTEN static void run(const step&, const step_operand* operands, const address* buffers) {
        run_at(operands, buffers);
    }

    /// `Operand` is step_operand, or what a short_tape has of one: strides are known here.
    template <class Operand> ASHLAR_FLATTEN static void run_at(const Operand* operands, const address* buffers) {
        step_operand all[bound_of(count + 1)];
        set(all, operands, std::make_integer_sequence<int, count>{}, std::make_integer_sequence<int, axes>{});
        known_step<Spec, S>(all, buffers);
    }

private:
    static constexpr step at = step_at<Spec, S>;
    static constexpr int count = at.operands, axes = at.rank;

    // Strides element by element, as a copy of their table would reach the binary;
    // those of one axis at a time, as clang's folds end at 256.
    template <class Operand, int... At, int... D> ASHLAR_INLINE static void
    set([[maybe_unused]] step_operand* all, [[maybe_unused]] const Operand* operands,
        [[maybe_unused]] std::integer_sequence<int, At...> each_operand, std::integer_sequence<int, D...>) {
        ((all[At].buffer = static_cast<int>(operands[At].buffer), all[At].offset = operands[At].offset), ...);
        (set_strides<D>(all, each_operand), ...);
    }
    template <int D, int... At> ASHLAR_INLINE static void set_strides([[maybe_unused]] step_operand* all,
                                                                      std::integer_sequence<int, At...>) {
        ((all[At].stride[D] = std::integral_constant<index, operands_at<Spec, S>.data[At].stride[D]>::value), ...);
    }
};

template <class Spec, int S> constexpr entry entry_of() {
    constexpr kind_facts facts = facts_of(step_at<Spec, S>.what);
    constexpr bool shared = facts.reads_step || (facts.is_elementwise && plan_of_program<Spec>.shared_maps);
    if constexpr (plan_of_program<Spec>.known == knowledge::static_layout && !shared)
        return &fixed_kernel<Spec, S>::run;
    else return rules_at<Spec, S>::template entry_for<Spec, S>();
}

/// A step of straight code in constant evaluation.
template <class Spec, int S> constexpr void constant_step(const step& s, const step_operand* operands,
                                                          const address* buffers) {
    rules_at<Spec, S>::template constant<Spec, S>(s, operands, buffers);
}

/// A step in constant evaluation, line by line; `code` and `stores` are the plan's. `Kinds`: a bit for each kind of
/// step that the program has in T. Mixed: it has loops of several element types.
template <class T, unsigned Kinds, bool Mixed = true>
constexpr void interpret(const step& s, const instruction* code, const store_instruction* stores,
                         const step_operand* operands, const address* buffers) {
    const interpreted_step<T, Mixed> at{s, code, stores, operands, buffers};
    kinds<T>::template visit_among<Kinds>(s.what, [&](auto rules) { rules.interpret(at); });
}

}  // namespace ashlar::detail
