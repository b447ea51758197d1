// SPDX-License-Identifier: BSL-1.0
// Random programs as the library runs programs: traced, differentiated and planned while compiling, run by the kernels
// that the planner chose, and some of them in constant evaluation.
#pragma once

#include "support/random/machine.hpp"

namespace support::random {

template <std::uint64_t Seed, int Lines> struct compiled {
    using target = void;
    static constexpr trial tried = trial_of(Seed, Lines);
    static constexpr void build(ashlar::tracer<void>& t, ashlar::list<ashlar::output>& outputs) {
        support::random::build(t, outputs, generate(Seed, tried.wished), tried.shaped);
    }
};

}  // namespace support::random

template <std::uint64_t Seed, int Lines>
inline constexpr ashlar::detail::knowledge
    ashlar::detail::most_known<support::random::compiled<Seed, Lines>> = support::random::trial_of(Seed, Lines).known;

namespace support::random {

/// All results of a program, one after the other.
template <int N> struct numbers { double of[N == 0 ? 1 : N]{}; };

/// A program in constant evaluation: inputs and results are arrays of one element type each.
template <class Spec> class constant {
    static constexpr auto& graph = ashlar::detail::graph_of_program<Spec>;
    static constexpr int total(dtype t, bool results) {
        ashlar::index n = 0;
        for (int i = 0; i < graph.inputs.count; ++i)
            if (graph.inputs[i].storage == t) n += graph.shapes[graph.inputs[i].extent].size();
        for (int o = 0; o < graph.outputs.count && results; ++o)
            if (graph.nodes[graph.outputs[o].node].type == t) n += graph.shape_of(graph.outputs[o].node).size();
        return static_cast<int>(n) + 1;
    }
    template <class T> using array_of = T[total(ashlar::dtype_of<T>, true)];

public:
    static constexpr int count = [] {
        ashlar::index n = 0;
        for (const ashlar::output& o : graph.outputs) n += graph.shape_of(o.node).size();
        return static_cast<int>(n);
    }();

    /// Elements that are computed, about: what constant evaluation has to go through.
    static constexpr ashlar::index work = [] {
        ashlar::index n = 0;
        for (int id = 0; id < graph.nodes.count; ++id) {
            const ashlar::kind k = graph.nodes[id].op->what;
            ashlar::index each = 1;
            if (k == ashlar::kind::contraction || k == ashlar::kind::window) each = 30;
            if (k == ashlar::kind::reduction)
                each = graph.shape_of(graph.argument(id, 0)).size() / graph.shape_of(id).size();
            n += each * graph.shape_of(id).size();
        }
        return n;
    }();

    static constexpr numbers<count> results() {
        array_of<float> f32{};
        array_of<double> f64{};
        array_of<std::int32_t> i32{};
        array_of<std::int64_t> i64{};
        array_of<bool> b8{};
        array_of<std::uint8_t> u8{};
        int used[ashlar::dtypes] = {};
        const auto next = [&](dtype t, ashlar::index size) {
            int& at = used[static_cast<int>(t)];
            const int from = at;
            at += static_cast<int>(size);
            return t == dtype::float32   ? ashlar::address{f32 + from}
                   : t == dtype::float64 ? ashlar::address{f64 + from}
                   : t == dtype::int32   ? ashlar::address{i32 + from}
                   : t == dtype::int64   ? ashlar::address{i64 + from}
                   : t == dtype::uint8   ? ashlar::address{u8 + from}
                                         : ashlar::address{b8 + from};
        };
        ashlar::detail::buffer_table<Spec> places;
        const recipe r = generate(Spec::tried.seed, Spec::tried.wished);
        for (int i = 0; i < graph.inputs.count; ++i) {
            const dtype t = graph.inputs[i].storage;
            const ashlar::index size = graph.shapes[graph.inputs[i].extent].size();
            const ashlar::address at = places.of[ashlar::pools + i] = next(t, size);
            for (ashlar::index e = 0; e < size; ++e) {
                const double v = is_option(r, i)
                                     ? option_datum(Spec::tried.seed, i)
                                     : datum(Spec::tried.seed, i == r.twin[1] ? r.twin[0] : i, e, t);
                if (t == dtype::float32)
                    at.f32[e] = static_cast<float>(v);
                else if (t == dtype::float64)
                    at.f64[e] = v;
                else if (t == dtype::int32)
                    at.i32[e] = static_cast<std::int32_t>(v);
                else if (t == dtype::int64)
                    at.i64[e] = static_cast<std::int64_t>(v);
                else if (t == dtype::uint8)
                    at.u8[e] = static_cast<std::uint8_t>(v);
                else
                    at.b8[e] = v != 0;
            }
        }
        for (int o = 0; o < graph.outputs.count; ++o) {
            const ashlar::output out = graph.outputs[o];
            places.result(o) = out.updates >= 0 ? places.input(out.updates)
                                                : next(graph.nodes[out.node].type, graph.shape_of(out.node).size());
        }
        const ashlar::detail::buffer_table<Spec> ours = places;  // a run may leave the addresses of its own memory
        ashlar::detail::with_memory<Spec>([&](auto& memory) {
            places.set_memory(memory);
            ashlar::detail::run_protected<Spec>(places);
        });
        numbers<count> all{};
        int n = 0;
        for (int o = 0; o < graph.outputs.count; ++o) {
            const dtype t = graph.nodes[graph.outputs[o].node].type;
            const ashlar::address at = ours.of[ashlar::pools + graph.inputs.count + o];
            for (ashlar::index e = 0; e < graph.shape_of(graph.outputs[o].node).size(); ++e, ++n)
                all.of[n] = t == dtype::float32   ? static_cast<double>(at.f32[e])
                            : t == dtype::float64 ? at.f64[e]
                            : t == dtype::int32   ? static_cast<double>(at.i32[e])
                            : t == dtype::int64   ? static_cast<double>(at.i64[e])
                            : t == dtype::uint8   ? static_cast<double>(at.u8[e])
                                                  : static_cast<double>(at.b8[e]);
        }
        return all;
    }
};

/// Whether two graphs compute node a and node b alike: a generator that leaves an order of evaluation to the compiler
/// would make one recipe while compiling and another at run time. What a plan drops (plan/frozen.hpp), g may lack.
template <class G, class H> bool are_alike(const G& g, int a, const H& h, int b, std::vector<int>& known) {
    while (h.nodes[b].op->stops_gradients && !g.nodes[a].op->stops_gradients) b = h.argument(b, 0);
    int& before = known[static_cast<std::size_t>(a)];
    if (before >= 0) return before == b;
    before = b;
    const auto &x = g.nodes[a], &y = h.nodes[b];
    if (x.op != y.op || x.type != y.type || x.count != y.count || !(g.shape_of(a) == h.shape_of(b)) ||
        !(g.attributes_of(a) == h.attributes_of(b)) || !(std::abs(x.value - y.value) <= 1e-12 * std::abs(x.value)))
        return false;
    for (int i = 0; i < x.count; ++i)
        if (!are_alike(g, g.argument(a, i), h, h.argument(b, i), known)) return false;
    return true;
}
template <class Spec> bool is_compiled_as(const session& s) {
    constexpr auto& graph = ashlar::detail::graph_of_program<Spec>;
    std::vector<int> known(static_cast<std::size_t>(graph.nodes.count), -1);
    bool all = graph.outputs.count == s.outputs.size();
    for (int o = 0; all && o < graph.outputs.count; ++o)
        all = are_alike(graph, graph.outputs[o].node, s.t, s.outputs[o].node, known);
    return all;
}

inline constexpr ashlar::index most_constant_work = 2500;

/// Examines a seed by kernels that are compiled for it; what is wrong, or nothing.
template <class Spec> std::string examine_compiled(session& s) {
    try {
        std::string fault = s.faults_of_graph();
        if (!fault.empty()) return fault;
        if (!is_compiled_as<Spec>(s)) return "constant evaluation made another program of this seed";
        const auto run = [](ashlar::address* from) {
            ashlar::detail::buffer_table<Spec> places;
            for (int i = 0; i < ashlar::detail::buffer_count<Spec>; ++i) places.of[i] = from[i];
            ashlar::detail::run_protected<Spec>(places);
        };
        fault = machine{s, ashlar::detail::plan_of_program<Spec>.pool, run}.faults();
        if constexpr (Spec::tried.constant)
            if constexpr (constant<Spec>::work <= most_constant_work) {
                static constexpr auto results = constant<Spec>::results();
                if (fault.empty()) fault = s.faults_of_results(results.of);
            }
        return fault;
    } catch (const std::exception& e) { return e.what(); }
}

}  // namespace support::random
