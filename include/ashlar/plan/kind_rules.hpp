// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/draft.hpp"

namespace ashlar::detail {

/// All that plans need of one kind of node: kinds/<kind>.hpp has it, and kinds/all.hpp lists them. Passes, programs and
/// printing ask these rules, and know no kind themselves. A kind has, in this order:
///
///   taken_by(hosts, id)               the step before it that it joins, or no_index: a convolution's, of a pool
///   combines(fusion, first, id)       whether the step of node `first` can combine its elements by reduction `id`
///   lower(lowering, s, id)            its step: axes, operands, what it computes and stores
///   reserve(step, operands, known, n)  scratch that is known only when the layout is
///   same_kernel(step, step)           whether one kernel runs both, as far as it knows what is the kind's own
///   run<Spec, S>(operands, buffers)   the kernel of step S, of which everything but buffers is a constant
///   entry_for<Spec, S>()              the kernel for all extents and strides, which reads them from the step
///   constant<Spec, S>(step, ...)      the same in constant evaluation, compiled for step S
///   interpret(interpreted)            and line by line
///   name, space, flops, own_bytes     how `plan` begins a line: "matmul  4x8x2  128 flops"
///   node_flops(op, result, first, last argument, attributes, arity)  what a node costs in a summary
///   formula(listing, step, node, at)  what the kernel computes, over its own operands: operands[at] and after
///   value(repeats, v, step, node, at) likewise as a hash
template <kind K> struct kind_rules;

/// What most kinds have no say in.
struct common_rules {
    static constexpr int taken_by(const auto&, int) { return no_index; }
    static constexpr bool combines(const auto&, int, int) { return false; }
    static constexpr void reserve(const step&, const step_operand*, knowledge, index&) {}
    static constexpr bool same_kernel(const step&, const step&) { return true; }
    static constexpr long long node_flops(const op_record&, const shape&, const shape&, const shape&, const attributes&,
                                          int) {
        return 0;
    }
    static constexpr long long own_bytes(const auto&, const step&) { return 0; }
    template <class Values, class Value>
    static void value(const Values&, Value&, const step&, const auto&, int&) {}
};

/// The kinds that steps have. (Kinds are compared as numbers: for each comparison of an enumeration clang goes through
/// all operators that the language has, and there is one for each kind, pass and program.)
template <kind... K> struct kind_list {
    template <kind Which> static constexpr int number = static_cast<int>(Which);

    // What passes ask for each node: without functions between, which are one more for each kind and program.
    static constexpr void lower(kind what, auto& lowering, int s, int id) {
        ((static_cast<int>(what) == number<K> ? kind_rules<K>::lower(lowering, s, id) : void()), ...);
    }
    static constexpr int taken_by(kind what, const auto& hosts, int id) {
        int step = no_index;
        ((static_cast<int>(what) == number<K> ? void(step = kind_rules<K>::taken_by(hosts, id)) : void()), ...);
        return step;
    }
    static constexpr bool combines(kind what, const auto& fusion, int first, int id) {
        return ((static_cast<int>(what) == number<K> && kind_rules<K>::combines(fusion, first, id)) || ...);
    }
    static constexpr void reserve(const step& s, const step_operand* operands, knowledge known, index& size) {
        ((static_cast<int>(s.what) == number<K> ? kind_rules<K>::reserve(s, operands, known, size) : void()), ...);
    }
    // Both are of one kind.
    static constexpr bool same_kernel(const step& x, const step& y) {
        return ((static_cast<int>(x.what) != number<K> || kind_rules<K>::same_kernel(x, y)) && ...);
    }

    /// visit(rules) of one of them.
    template <class Visit> static constexpr void visit(kind what, Visit visit) {
        ((static_cast<int>(what) == number<K> ? visit(kind_rules<K>{}) : void()), ...);
    }
    /// The same where `what` is one of `Among`, which has a bit for each kind: nothing is compiled for the others.
    template <unsigned Among, class Visit> static constexpr void visit_among(kind what, Visit visit) {
        (visit_if < K, (Among >> static_cast<unsigned>(K) & 1) != 0 > (what, visit), ...);
    }

private:
    template <kind Which, bool Among, class Visit> static constexpr void visit_if(kind what, Visit& visit) {
        if constexpr (Among)
            if (static_cast<int>(what) == number<Which>) visit(kind_rules<Which>{});
    }
};

/// The list, for passes over a graph: kinds/all.hpp defines it. (A template, so that passes may come before it.)
template <class Graph> struct kinds;

}  // namespace ashlar::detail
