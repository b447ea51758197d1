// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/interpret.hpp"
#include "ashlar/plan/stages.hpp"
#include "ashlar/run/kernels.hpp"
#include "ashlar/run/windows.hpp"

// From a step of a plan to the function that runs it.
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
        map_kernel<axes, T, inner_body<Spec, S>>(step_at<Spec, S>, sites, places);
    } else if constexpr (s.what == step_kind::range) {
        range_constant<T>(step_at<Spec, S>, sites, places);
    } else if constexpr (s.what == step_kind::reduce) {
        reduce_kernel<axes, T, inner_body<Spec, S>, epilogue_body<Spec, S>, s.how, s.inner_kept>(step_at<Spec, S>, sites, places);
    } else {
        constexpr gemm_form f = form_at<Spec, S>;
        contraction_kernel<axes, T, inner_body<Spec, S>, epilogue_body<Spec, S>, combiner_at<Spec, S>, f.way, s.transpose_a, s.transpose_b, f.rows_b, f.m, f.n, f.k>(step_at<Spec, S>, sites, places);
    }
}

/// A step of straight code: everything that is known of it is a constant here.
template <class Spec, int S> ASHLAR_INLINE inline void unrolled_step(const address* places) { known_step<Spec, S>(sites_at<Spec, S>.data, places); }

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
    if constexpr (s.what == step_kind::window) return &window_entry<T, inner_body<Spec, S>, epilogue_body<Spec, S>, s.slide.what, s.pools, combiner_at<Spec, S>>;
    else if constexpr (s.what == step_kind::map && plan_of_program<Spec>.shared_maps)
        return &map_entry<T, inner_body<Spec, S>>;
    else if constexpr (plan_of_program<Spec>.known == knowledge::static_layout) return &fixed_kernel<Spec, S>::run;
    else if constexpr (s.what == step_kind::map) return &map_entry<T, inner_body<Spec, S>>;
    else if constexpr (s.what == step_kind::range) return &range_entry<T>;
    else if constexpr (s.what == step_kind::reduce) return &reduce_entry<T, inner_body<Spec, S>, epilogue_body<Spec, S>, s.how, s.inner_kept>;
    else return &contraction_entry<T, inner_body<Spec, S>, epilogue_body<Spec, S>, combiner_at<Spec, S>, form_at<Spec, S>.way, s.transpose_a, s.transpose_b, form_at<Spec, S>.rows_b>;
}

/// A step of straight code in constant evaluation.
template <class Spec, int S> constexpr void constant_step(const step& s, const site* sites, const address* places) {
    using T = element_t<step_at<Spec, S>.compute>;
    constexpr step_kind what = step_at<Spec, S>.what;
    constexpr reducer how = step_at<Spec, S>.how;
    if constexpr (what == step_kind::range) {
        range_constant<T>(s, sites, places);
    } else if constexpr (what == step_kind::contraction) {
        using group = constant_body<inner_body<Spec, S>, T>;
        using epilogue = constant_body<epilogue_body<Spec, S>, T>;
        if constexpr (step_at<Spec, S>.combines())
            combined_product_constant<form_at<Spec, S>.k, combiner_at<Spec, S>>(s, sites, places, group{places, sites + 3, 1}, epilogue{places, sites + 3 + group::operands.size(), 1});
        else
            contraction_constant<form_at<Spec, S>.k>(s, sites, places, epilogue{places, sites + 3, s.rank - 1});
    } else {
        using body = constant_body<inner_body<Spec, S>, T>;
        if constexpr (what == step_kind::map)
            map_constant(s, body{places, sites, s.rank > 0 ? s.rank - 1 : 0});
        else if constexpr (how == reducer::argmax || how == reducer::argmin)
            arg_reduce_constant<how == reducer::argmax>(s, body{places, sites, s.rank - 1}, constant_body<epilogue_body<Spec, S>, std::int32_t>{places, sites + body::loads, 0});
        else
            reduce_constant<typename combiner<how>::type>(s, body{places, sites, s.rank - 1}, constant_body<epilogue_body<Spec, S>, T>{places, sites + body::loads, 0});
    }
}

}  // namespace ashlar::detail
