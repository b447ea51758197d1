// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/interpret.hpp"
#include "ashlar/plan/planner.hpp"
#include "ashlar/run/kernels.hpp"
#include "ashlar/run/windows.hpp"

namespace ashlar::detail {

struct plan_sizes {
    int steps = 0, code = 0, stores = 0, sites = 0, hazards = 0, outputs = 0;
};

template <plan_sizes Size> struct frozen_plan {
    fixed<step, Size.steps> steps{};
    fixed<instruction, Size.code> code{};
    fixed<store_instruction, Size.stores> stores{};
    fixed<site, Size.sites> sites{};
    fixed<hazard, Size.hazards> hazards{};
    fixed<index, Size.outputs> staging{};
    index pool[pools] = {};
    knowledge known = knowledge::shared;
    bool shared_maps = false;

    constexpr bool fits() const {
        return steps.fits() && code.fits() && stores.fits() && sites.fits() && hazards.fits() && staging.fits();
    }
    constexpr plan_sizes sizes() const { return {steps.count, code.count, stores.count, sites.count, hazards.count, staging.count}; }
};

// ---- the stages: each is one constexpr variable, with an evaluation budget of its own ---------------------------------
//
// A stage does not know its sizes before it has run. It runs into capacities that are enough for most programs and, where
// they were not, once more into the right ones.
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

template <plan_sizes Size> constexpr frozen_plan<Size> freeze(const auto& plan) {
    frozen_plan<Size> f;
    f.steps.take(plan.steps);
    f.code.take(plan.code);
    f.stores.take(plan.stores);
    f.sites.take(plan.sites);
    f.hazards.take(plan.hazards);
    f.staging.take(plan.staging);
    for (int i = 0; i < pools; ++i) f.pool[i] = plan.pool[i];
    f.known = plan.known;
    f.shared_maps = plan.shared_maps;
    return f;
}
/// What the kernels of a program may know at most: tests ask for the forms that a program would not get by itself.
template <class Spec> inline constexpr knowledge most_known = knowledge::straight;

/// Large graphs are planned in two stages: what is fused, then all else. Those of a few layers are planned in one, for
/// less to compile.
inline constexpr int most_nodes_in_one = 384;
template <class Spec> inline constexpr auto fusion_within_fconstexpr_steps = [] {
    constexpr int nodes = graph_of_program<Spec>.nodes.count;
    return fusion{graph_of_program<Spec>}.template frozen<nodes>();
}();

// The planner is no variable: clang would evaluate its initialiser a second time, to see whether it is a constant.
template <class Spec, plan_sizes Size> constexpr frozen_plan<Size> plan_stage() {
    if constexpr (graph_of_program<Spec>.nodes.count > most_nodes_in_one)
        return freeze<Size>(planner{graph_of_program<Spec>, most_known<Spec>, fusion_within_fconstexpr_steps<Spec>});
    else return freeze<Size>(planner{graph_of_program<Spec>, most_known<Spec>});
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

// ---- from a step to its kernel ------------------------------------------------------------------------------------------

template <int Codes, int Stores, class Plan>
consteval group<Codes, Stores> cut_group(const Plan& p, int result, int first_code, int first_store) {
    group<Codes, Stores> g;
    g.result = static_cast<short>(result);
    for (int i = 0; i < Codes; ++i) g.set(i, p.code[first_code + i]);
    for (int i = 0; i < Stores; ++i) g.set_store(i, p.stores[first_store + i]);
    return g;
}

template <class Spec, int S> inline constexpr step step_at = plan_of_program<Spec>.steps[S];
template <class Spec, int S>
inline constexpr auto loop_group = cut_group<step_at<Spec, S>.codes, step_at<Spec, S>.stores>(
    plan_of_program<Spec>, step_at<Spec, S>.result, step_at<Spec, S>.first_code, step_at<Spec, S>.first_store);
template <class Spec, int S>
inline constexpr auto epilogue_group = cut_group<step_at<Spec, S>.epilogues, step_at<Spec, S>.epilogue_stores>(
    plan_of_program<Spec>, 0, step_at<Spec, S>.first_epilogue, step_at<Spec, S>.first_epilogue_store);

using entry = void (*)(const step&, const site*, const address*);

// A kernel; as a function of its own its name says what it computes, not for whom.
template <class Axes, class T, auto G, auto E, reducer How, bool Columns>
ASHLAR_INLINE inline void reduce_kernel(const step& s, const site* sites, const address* places) {
    if constexpr (How == reducer::argmax || How == reducer::argmin) arg_reduce<Axes, T, G, E, How == reducer::argmax>(s, sites, places);
    else if constexpr (Columns) reduce_columns<Axes, T, G, E, How>(s, sites, places);
    else reduce_rows<Axes, T, G, E, How>(s, sites, places);
}

template <class T, auto G> ASHLAR_FLATTEN void map_entry(const step& s, const site* sites, const address* places) { map_kernel<axes_of_step, T, G>(s, sites, places); }
template <class T, auto G, auto E, reducer How, bool Columns> ASHLAR_FLATTEN void reduce_entry(const step& s, const site* sites, const address* places) {
    reduce_kernel<axes_of_step, T, G, E, How, Columns>(s, sites, places);
}
template <class T, auto G, auto E, class How, kernels::way Way, bool TransposeA, bool TransposeB, kernels::right_rows Rows> ASHLAR_FLATTEN void contraction_entry(const step& s, const site* sites, const address* places) {
    contraction_kernel<axes_of_step, T, G, E, How, Way, TransposeA, TransposeB, Rows, 0, 0, 0>(s, sites, places);
}
template <class T> void range_entry(const step& s, const site* sites, const address* places) { range_constant<T>(s, sites, places); }

template <class Spec, int S>
inline constexpr gemm_form form_at = form_of(step_at<Spec, S>, plan_of_program<Spec>.sites[step_at<Spec, S>.first_site + 1], plan_of_program<Spec>.known);

template <class Spec, int S> using combiner_at = typename combiner_if<step_at<Spec, S>.combines(), step_at<Spec, S>.how>::type;

template <class Spec, int S> struct step_sites {
    site data[step_at<Spec, S>.sites + 1]{};
    constexpr step_sites() {
        for (int i = 0; i < step_at<Spec, S>.sites; ++i) data[i] = plan_of_program<Spec>.sites[step_at<Spec, S>.first_site + i];
    }
};

template <class Spec, int S> inline constexpr step_sites<Spec, S> sites_at{};

/// A step whose extents and strides are constants. Kernels get the step itself, not `s`: a copy would be made on the stack, and
/// g++ would see only late that nothing reads it.
template <class Spec, int S> ASHLAR_INLINE inline void known_step(const site* sites, const address* places) {
    constexpr step s = step_at<Spec, S>;
    using T = element_t<s.compute>;
    using axes = known_axes<s.rank, s.kept, (s.rank > 0 ? s.extent[s.rank - 1] : 1),
                            (s.what == step_kind::reduce ? reduced_size(step_at<Spec, S>) : 0)>;
    if constexpr (s.what == step_kind::map) {
        map_kernel<axes, T, loop_group<Spec, S>>(step_at<Spec, S>, sites, places);
    } else if constexpr (s.what == step_kind::range) {
        range_constant<T>(step_at<Spec, S>, sites, places);
    } else if constexpr (s.what == step_kind::reduce) {
        reduce_kernel<axes, T, loop_group<Spec, S>, epilogue_group<Spec, S>, s.how, s.inner_kept>(step_at<Spec, S>, sites, places);
    } else {
        constexpr gemm_form f = form_at<Spec, S>;
        contraction_kernel<axes, T, loop_group<Spec, S>, epilogue_group<Spec, S>, combiner_at<Spec, S>, f.way, s.transpose_a, s.transpose_b, f.rows_b, f.m, f.n, f.k>(step_at<Spec, S>, sites, places);
    }
}

/// A step of straight code: everything that is known of it is a constant here.
template <class Spec, int S> ASHLAR_INLINE inline void straight_step(const address* places) { known_step<Spec, S>(sites_at<Spec, S>.data, places); }

/// A kernel for all steps that differ from step S in places only.
template <class Spec, int S> struct fixed_kernel {
    ASHLAR_FLATTEN static void run(const step&, const site* sites, const address* places) { run_at(sites, places); }

    /// Operands are sites, or what a short_tape has of them: strides are known here.
    template <class Operand> ASHLAR_FLATTEN static void run_at(const Operand* sites, const address* places) {
        site all[bound_of(count + 1)];
        set(all, sites, std::make_integer_sequence<int, count>{}, std::make_integer_sequence<int, axes>{});
        known_step<Spec, S>(all, places);
    }

private:
    static constexpr step at = step_at<Spec, S>;
    static constexpr int count = at.sites, axes = at.rank;

    // Strides element by element, as a copy of their table would reach the binary;
    // those of one axis at a time, as clang's folds end at 256.
    template <class Operand, int... At, int... D> ASHLAR_INLINE static void
    set(site* all, const Operand* sites, [[maybe_unused]] std::integer_sequence<int, At...> each_site,
        std::integer_sequence<int, D...>) {
        ((all[At].place = static_cast<int>(sites[At].place), all[At].offset = sites[At].offset), ...);
        (set_strides<D>(all, each_site), ...);
    }
    template <int D, int... At> ASHLAR_INLINE static void set_strides([[maybe_unused]] site* all,
                                                                      std::integer_sequence<int, At...>) {
        ((all[At].stride[D] = std::integral_constant<index, sites_at<Spec, S>.data[At].stride[D]>::value), ...);
    }
};

template <class Spec, int S> constexpr entry entry_of() {
    constexpr step s = step_at<Spec, S>;
    using T = element_t<s.compute>;
    if constexpr (s.what == step_kind::window) return &window_entry<T, loop_group<Spec, S>, epilogue_group<Spec, S>, s.slide.what, s.pools, combiner_at<Spec, S>>;
    else if constexpr (s.what == step_kind::map && plan_of_program<Spec>.shared_maps)
        return &map_entry<T, loop_group<Spec, S>>;
    else if constexpr (plan_of_program<Spec>.known == knowledge::fixed_layout) return &fixed_kernel<Spec, S>::run;
    else if constexpr (s.what == step_kind::map) return &map_entry<T, loop_group<Spec, S>>;
    else if constexpr (s.what == step_kind::range) return &range_entry<T>;
    else if constexpr (s.what == step_kind::reduce) return &reduce_entry<T, loop_group<Spec, S>, epilogue_group<Spec, S>, s.how, s.inner_kept>;
    else return &contraction_entry<T, loop_group<Spec, S>, epilogue_group<Spec, S>, combiner_at<Spec, S>, form_at<Spec, S>.way, s.transpose_a, s.transpose_b, form_at<Spec, S>.rows_b>;
}

/// A step of straight code in constant evaluation.
template <class Spec, int S> constexpr void constant_step(const step& s, const site* sites, const address* places) {
    using T = element_t<step_at<Spec, S>.compute>;
    constexpr step_kind what = step_at<Spec, S>.what;
    constexpr reducer how = step_at<Spec, S>.how;
    if constexpr (what == step_kind::range) {
        range_constant<T>(s, sites, places);
    } else if constexpr (what == step_kind::contraction) {
        using group = constant_body<loop_group<Spec, S>, T>;
        using epilogue = constant_body<epilogue_group<Spec, S>, T>;
        if constexpr (step_at<Spec, S>.combines())
            combined_product_constant<form_at<Spec, S>.k, combiner_at<Spec, S>>(s, sites, places, group{places, sites + 3, 1}, epilogue{places, sites + 3 + group::operands.size(), 1});
        else
            contraction_constant<form_at<Spec, S>.k>(s, sites, places, epilogue{places, sites + 3, s.rank - 1});
    } else {
        using body = constant_body<loop_group<Spec, S>, T>;
        if constexpr (what == step_kind::map)
            map_constant(s, body{places, sites, s.rank > 0 ? s.rank - 1 : 0});
        else if constexpr (how == reducer::argmax || how == reducer::argmin)
            arg_reduce_constant<how == reducer::argmax>(s, body{places, sites, s.rank - 1}, constant_body<epilogue_group<Spec, S>, std::int32_t>{places, sites + body::loads, 0});
        else
            reduce_constant<typename combiner<how>::type>(s, body{places, sites, s.rank - 1}, constant_body<epilogue_group<Spec, S>, T>{places, sites + body::loads, 0});
    }
}

/// run(step, sites) for all steps in order; several that go through their rows together take turns.
template <int MostSites, class Run> constexpr void for_each_run(const step* steps, int count, const site* sites, Run run) {
    for (int i = 0; i < count;) {
        const int end = i + (steps[i].block > 0 ? steps[i].block : 1);
        if constexpr (MostSites > 0) {
            for (index turn = 0; turn < steps[i].turns; ++turn)
                for (int s = i; s < end; ++s) {
                    site moved[bound_of(MostSites)];
                    for (int k = 0; k < steps[s].sites; ++k) {
                        moved[k] = sites[steps[s].first_site + k];
                        moved[k].offset += turn * moved[k].advance;
                    }
                    run(steps[s], moved);
                }
        }
        for (; i < end; ++i)
            if (steps[i].turns == 0) run(steps[i], sites + steps[i].first_site);
    }
}

// ---- the program ----------------------------------------------------------------------------------------------------------

template <class Spec> inline constexpr int step_count = plan_of_program<Spec>.steps.count;
template <class Spec> inline constexpr int input_count = graph_of_program<Spec>.inputs.count;

template <class Spec> inline constexpr bool is_straight = plan_of_program<Spec>.known == knowledge::straight;

/// What a large program leaves in the binary.
template <class Spec> struct tape {
    static constexpr int kernels = [] {
        int most = 0;
        for (int i = 0; i < step_count<Spec>; ++i) most = plan_of_program<Spec>.steps[i].kernel + 1 > most ? plan_of_program<Spec>.steps[i].kernel + 1 : most;
        return most;
    }();
    struct first_steps {
        int of[bound_of(kernels + 1)]{};
        constexpr first_steps() {
            for (int i = step_count<Spec> - 1; i >= 0; --i) of[plan_of_program<Spec>.steps[i].kernel] = i;
        }
    };
    static constexpr first_steps first{};

    static constexpr int most_sites = [] {
        int most = 0;
        for (const step& s : plan_of_program<Spec>.steps) most = s.turns > 0 && s.sites > most ? s.sites : most;
        return most;
    }();

    step steps[step_count<Spec> + 1]{};
    site sites[plan_of_program<Spec>.sites.count + 1]{};
    entry entries[bound_of(kernels + 1)]{};

    constexpr tape() {
        for (int i = 0; i < step_count<Spec>; ++i) steps[i] = plan_of_program<Spec>.steps[i];
        for (int i = 0; i < plan_of_program<Spec>.sites.count; ++i) sites[i] = plan_of_program<Spec>.sites[i];
        [&]<int... K>(std::integer_sequence<int, K...>) {
            const entry each[] = {entry_of<Spec, first.of[K]>()..., nullptr};  // (clang's folds end at 256)
            for (int i = 0; i < kernels; ++i) entries[i] = each[i];
        }(std::make_integer_sequence<int, kernels>{});
    }
};
template <class Spec> inline constexpr tape<Spec> tape_of{};

/// Whether kernels know all of every step but the places of its operands, and steps just follow one another. A step
/// then takes some 25 to 40 bytes of the binary. Loops that share kernels, windows, and those that take turns on rows
/// read their whole step at run time, with its operands some 750 bytes.
template <class Spec>
inline constexpr bool has_short_tape = [](const auto& plan) {
    if (plan.known != knowledge::fixed_layout || plan.shared_maps) return false;
    for (int i = 0; i < plan.steps.count; ++i)
        if (plan.steps.data[i].what == step_kind::window || plan.steps.data[i].turns > 0) return false;
    return true;
}(plan_of_program<Spec>);

/// What differs from step to step of an operand.
template <class Number> struct spot { Number place = 0, offset = 0; };

template <class Spec> struct short_tape {
    // Small programs have small numbers: those of a cell of 100 elements lie within 16 bits.
    static constexpr index largest = [](const site* sites, int count, index most) {
        for (int i = 0; i < count; ++i)
            if (sites[i].offset > most || sites[i].offset < -most)
                most = sites[i].offset < 0 ? -sites[i].offset : sites[i].offset;
        return most;
    }(plan_of_program<Spec>.sites.data, plan_of_program<Spec>.sites.count,
      pools + input_count<Spec> + graph_of_program<Spec>.outputs.count);
    template <class Number> static constexpr bool holds_all = static_cast<Number>(largest) == largest;
    using number = std::conditional_t<holds_all<std::int16_t>, std::int16_t,
                                      std::conditional_t<holds_all<std::int32_t>, std::int32_t, index>>;
    using spot = detail::spot<number>;
    struct call { int kernel = 0, first = 0; };
    using function = void (*)(const spot*, const address*);
    static constexpr int kernels = tape<Spec>::kernels;

    call calls[step_count<Spec> + 1]{};
    spot spots[plan_of_program<Spec>.sites.count + 1]{};
    function functions[bound_of(kernels + 1)]{};

    constexpr short_tape() {
        const step* const from = plan_of_program<Spec>.steps.data;
        const site* const operands = plan_of_program<Spec>.sites.data;
        for (int i = 0; i < step_count<Spec>; ++i)
            calls[i].kernel = from[i].kernel, calls[i].first = from[i].first_site;
        for (int i = 0; i < plan_of_program<Spec>.sites.count; ++i) {
            spots[i].place = static_cast<number>(operands[i].place);
            spots[i].offset = static_cast<number>(operands[i].offset);
        }
        [&]<int... K>(std::integer_sequence<int, K...>) {
            const function each[] = {&fixed_kernel<Spec, tape<Spec>::first.of[K]>::template run_at<spot>..., nullptr};
            for (int i = 0; i < kernels; ++i) functions[i] = each[i];
        }(std::make_integer_sequence<int, kernels>{});
    }
};
template <class Spec> inline constexpr short_tape<Spec> short_tape_of{};

template <class Spec, dtype Type>
inline constexpr bool computes_in = [] {
    for (const step& s : plan_of_program<Spec>.steps)
        if (s.compute == Type) return true;
    return false;
}();

/// All steps of a large program in constant evaluation.
template <class Spec> constexpr void interpret_steps(const address* places) {
    constexpr auto& plan = plan_of_program<Spec>;
    for_each_run<tape<Spec>::most_sites>(plan.steps.data, plan.steps.count, plan.sites.data, [&](const step& s, const site* sites) {
        if constexpr (computes_in<Spec, dtype::float32>)
            if (s.compute == dtype::float32) interpret<float>(s, plan.code.data, plan.stores.data, sites, places);
        if constexpr (computes_in<Spec, dtype::float64>)
            if (s.compute == dtype::float64) interpret<double>(s, plan.code.data, plan.stores.data, sites, places);
        if constexpr (computes_in<Spec, dtype::int32>)
            if (s.compute == dtype::int32) interpret<std::int32_t>(s, plan.code.data, plan.stores.data, sites, places);
        if constexpr (computes_in<Spec, dtype::int64>)
            if (s.compute == dtype::int64) interpret<std::int64_t>(s, plan.code.data, plan.stores.data, sites, places);
    });
}

template <class Spec, int... S> ASHLAR_INLINE constexpr void run_straight(const address* places, std::integer_sequence<int, S...>) {
    if (__builtin_is_constant_evaluated()) (constant_step<Spec, S>(step_at<Spec, S>, sites_at<Spec, S>.data, places), ...);
    else (straight_step<Spec, S>(places), ...);
}

template <class Spec> ASHLAR_INLINE constexpr void run_steps(const address* places) {
    if constexpr (is_straight<Spec>) {
        run_straight<Spec>(places, std::make_integer_sequence<int, step_count<Spec>>{});
    } else if (__builtin_is_constant_evaluated()) {
        interpret_steps<Spec>(places);
    } else if constexpr (has_short_tape<Spec>) {
        constexpr auto& tape = short_tape_of<Spec>;
        for (int i = 0; i < step_count<Spec>; ++i)
            tape.functions[tape.calls[i].kernel](tape.spots + tape.calls[i].first, places);
    } else {
        for_each_run<tape<Spec>::most_sites>(tape_of<Spec>.steps, step_count<Spec>, tape_of<Spec>.sites, [&](const step& s, const site* sites) {
            tape_of<Spec>.entries[s.kernel](s, sites, places);
        });
    }
}

}  // namespace ashlar::detail
