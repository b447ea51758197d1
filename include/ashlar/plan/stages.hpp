// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/plan.hpp"

namespace ashlar::detail {

struct plan_sizes {
    int steps = 0, code = 0, stores = 0, operands = 0, hazards = 0, outputs = 0;
};

template <plan_sizes Size> struct frozen_plan {
    fixed<step, Size.steps> steps{};
    fixed<instruction, Size.code> code{};
    fixed<store_instruction, Size.stores> stores{};
    fixed<step_operand, Size.operands> operands{};
    fixed<hazard, Size.hazards> hazards{};
    fixed<index, Size.outputs> staging{};
    index pool[pools] = {};
    knowledge known = knowledge::dynamic;
    bool is_brief = false, shared_maps = false;

    constexpr bool fits() const {
        return steps.fits() && code.fits() && stores.fits() && operands.fits() && hazards.fits() && staging.fits();
    }
    constexpr plan_sizes sizes() const {
        return {steps.count, code.count, stores.count, operands.count, hazards.count, staging.count};
    }
};

// ---- the stages: each is one constexpr variable, with an evaluation budget of its own -------------------------------
//
// A stage does not know its sizes before it has run. It runs into capacities that are enough for most programs and,
// where they were not, once more into the right ones.
// Where clang's limit ends a stage, the variable's name in its first error says which flag to set (g++ says it itself).

template <class Spec, graph_sizes Size> constexpr frozen_graph<Size> trace_stage() {
    tracer<typename Spec::target> t;
    list<output> outputs;
    Spec::build(t, outputs);
    return freeze<Size>(t, outputs);
}

inline constexpr graph_sizes usual_graph{160, 320, 48, 32, 24, 24, 24, 4, 4};

template <class Spec> inline constexpr auto graph_within_fconstexpr_steps = trace_stage<Spec, usual_graph>();

template <class Spec> constexpr auto whole_graph() {
    if constexpr (graph_within_fconstexpr_steps<Spec>.fits()) return graph_within_fconstexpr_steps<Spec>;
    else return trace_stage<Spec, graph_within_fconstexpr_steps<Spec>.sizes()>();
}
template <class Spec> inline constexpr auto graph_of_program = whole_graph<Spec>();

template <plan_sizes Size, class Graph> constexpr frozen_plan<Size> freeze(const planned<Graph>& plan) {
    frozen_plan<Size> f;
    f.steps.take(plan.steps);
    f.code.take(plan.code);
    f.stores.take(plan.stores);
    f.operands.take(plan.operands);
    f.hazards.take(plan.hazards);
    f.staging.take(plan.staging);
    for (int i = 0; i < pools; ++i) f.pool[i] = plan.pool[i];
    f.known = plan.known;
    f.is_brief = plan.is_brief, f.shared_maps = plan.shared_maps;
    return f;
}
/// What the kernels of a program may know at most: tests ask for the forms that a program would not get by itself.
template <class Spec> inline constexpr knowledge most_known = knowledge::unrolled;

/// Large graphs are planned in two stages: what is fused, then all else. Those of a few layers are planned in one, for
/// less to compile.
inline constexpr int most_nodes_in_one = 384;
template <class Spec> inline constexpr auto fusion_within_fconstexpr_steps = [] {
    constexpr int nodes = graph_of_program<Spec>.nodes.count;
    fusion fused{graph_of_program<Spec>};
    fuse(fused);
    return fused.template frozen<nodes>();
}();

template <class Spec, plan_sizes Size> constexpr frozen_plan<Size> plan_stage() {
    planned p{graph_of_program<Spec>};
    if constexpr (graph_of_program<Spec>.nodes.count > most_nodes_in_one)
        make_plan(p, most_known<Spec>, fusion_within_fconstexpr_steps<Spec>);
    else make_plan(p, most_known<Spec>);
    return freeze<Size>(p);
}

// Measured on networks: two steps for three nodes is ample, so is the rest.
template <class Spec> inline constexpr plan_sizes usual_plan = [] {
    const int n = graph_of_program<Spec>.nodes.count;
    return plan_sizes{n, 4 * n + 16, 2 * n + 8, 4 * n + 16, 2 * n + 16, graph_of_program<Spec>.outputs.count};
}();
template <class Spec> inline constexpr auto plan_within_fconstexpr_steps = plan_stage<Spec, usual_plan<Spec>>();

template <class Spec> constexpr auto whole_plan() {
    if constexpr (plan_within_fconstexpr_steps<Spec>.fits()) return plan_within_fconstexpr_steps<Spec>;
    else return plan_stage<Spec, plan_within_fconstexpr_steps<Spec>.sizes()>();
}
template <class Spec> inline constexpr auto plan_of_program = whole_plan<Spec>();

template <class Spec> inline constexpr int step_count = plan_of_program<Spec>.steps.count;
template <class Spec> inline constexpr int input_count = graph_of_program<Spec>.inputs.count;

template <class Spec> inline constexpr bool is_unrolled = plan_of_program<Spec>.known == knowledge::unrolled;

}  // namespace ashlar::detail
