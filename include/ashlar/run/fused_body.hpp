// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/steps.hpp"

namespace ashlar::detail {

/// The axes of a step, as its kernel sees them: numbers that the step says, or constants of straight code.
struct axes_of_step {
    static constexpr index row = 0;  // the innermost extent, where it is known
    static constexpr bool one_row = false;
    static constexpr index reduced_size = 0;  // the elements of one result of a reduction, where they are known
    static int rank(const step& s) { return s.rank; }
    static int outer(const step& s) { return s.rank > 0 ? s.rank - 1 : 0; }          // all but the innermost
    static int batch(const step& s) { return s.rank - 2; }                           // all but rows and columns
    static int kept(const step& s) { return s.kept; }
    static int outer_kept(const step& s) { return s.kept - 1; }
    static int reduced(const step& s) { return s.rank - s.kept; }
    static int outer_reduced(const step& s) { return s.rank - s.kept - 1; }
};
template <int Rank, int Kept, index Row, index ReducedSize = 0> struct known_axes {
    static constexpr index reduced_size = ReducedSize;
    static constexpr index row = Row;
    static constexpr bool one_row = Rank - Kept == 1;  // is reduced at a time
    static constexpr kernels::axis_count<Rank> rank(const step&) { return {}; }
    static constexpr kernels::axis_count<(Rank > 0 ? Rank - 1 : 0)> outer(const step&) { return {}; }
    static constexpr kernels::axis_count<Rank - 2> batch(const step&) { return {}; }
    static constexpr kernels::axis_count<Kept> kept(const step&) { return {}; }
    static constexpr kernels::axis_count<Kept - 1> outer_kept(const step&) { return {}; }
    static constexpr kernels::axis_count<Rank - Kept> reduced(const step&) { return {}; }
    static constexpr kernels::axis_count<Rank - Kept - 1> outer_reduced(const step&) { return {}; }
};

template <int N> ASHLAR_INLINE inline void copy_index(index* to, const index* from, kernels::axis_count<N>) {
    if constexpr (N > 0) copy_index(to, from, kernels::axis_count<N - 1>{}), to[N - 1] = from[N - 1];
}
inline void copy_index(index* to, const index* from, int n) {
    for (int d = 0; d < n; ++d) to[d] = from[d];
}

template <int N> ASHLAR_INLINE inline index offset_of(const site& w, const index* at, kernels::axis_count<N>) {
    if constexpr (N <= 0) return w.offset;
    else return offset_of(w, at, kernels::axis_count<N - 1>{}) + at[N - 1] * w.stride[N - 1];
}
// Not inlined: a row takes it once an operand, and it would be a loop for each.
[[gnu::noinline]] inline index offset_of_many(const site& w, const index* at, int axes) {
    index offset = w.offset;
    for (int d = 0; d < axes; ++d) offset += at[d] * w.stride[d];
    return offset;
}
ASHLAR_INLINE inline index offset_of(const site& w, const index* at, int axes) {
    return axes == 1 ? w.offset + at[0] * w.stride[0] : offset_of_many(w, at, axes);
}

/// What of a line is needed beside its op. The record of the op is not to reach the binary.
struct line {
    source from;
    dtype type;
    along inner;
    with_product product;
    bool fenced;  // what the compiler may not contract into a sum: that is the plan's choice
    short a, b, c;
    int arity;
    int operand;
    double constant;
};

/// The op of a line, which may take a product with it.
constexpr const op_record& op_of(const op_record& op, with_product product) {
    return product == with_product::no ? op : *op.with_product[product == with_product::first ? 0 : 1];
}

/// The operands of one group, pointing at the current row. A group is a template argument: its code is unrolled, every
/// op a direct call through its record.
template <auto G, class T> struct fused_body {
    static constexpr int loads = G.loads();
    static constexpr int stores = G.stores;
    static constexpr int length = G.instructions;
    static constexpr int result = G.result;  // read from G itself, clang emits G, all records that it points at and the functions of these
    using vector_type = kernels::vec<T>;

    /// A few instructions a vector.
    static constexpr bool brief = [] {
        int cost = G.stores;
        for (int i = 0; i < G.instructions; ++i) cost += G.line(i).from == source::op ? G.line(i).op->cost : 1;
        return cost <= 12;
    }();

    address in[bound_of(loads + 1)], out[bound_of(stores + 1)];
    index in_step[bound_of(loads + 1)], out_step[bound_of(stores + 1)];  // along the row, where it is neither 0 nor 1

    fused_body() = default;
    /// Points at the row that begins at `at` of the outer axes.
    ASHLAR_INLINE fused_body(const address* places, const site* sites, const index* at, auto outer) : fused_body{places, sites, at, outer, outer, all_loads, all_stores} {}
    /// Points at the axis `inner` instead of the last one, at `at` of the others; stores nothing.
    ASHLAR_INLINE fused_body(const address* places, const site* sites, const index* at, auto rank, int inner) : fused_body{places, sites, at, rank, inner, all_loads, std::integer_sequence<int>{}} {}

    /// Points at the next row along an outer axis.
    ASHLAR_INLINE void next_row(const site* sites, int axis) { advance(sites, axis, all_loads, all_stores); }

    /// One element: computes all lines and stores.
    ASHLAR_INLINE void scalar(index j, T accumulator) const {
        T r[bound_of(length + 1)]{};
        run_scalar(r, j, accumulator, all_lines);
        put_scalars(r, j, all_stores);
    }
    /// One element of what a reduction combines.
    ASHLAR_INLINE T value(index j) const {
        T r[bound_of(length + 1)]{};
        run_scalar(r, j, T{}, all_lines);
        return r[result];
    }

    /// A vector of `count` elements, all lanes if Whole.
    template <bool Whole> ASHLAR_INLINE void lanes(index j, index count, vector_type accumulator) const {
        vector_type r[bound_of(length + 1)];
        run<Whole>(r, j, count, accumulator, all_lines);
        put_vectors<Whole>(r, j, count, all_stores);
    }
    /// The same, and the register that is handed on.
    template <bool Whole> ASHLAR_INLINE vector_type passed_lanes(index j, index count, vector_type accumulator) const {
        vector_type r[bound_of(length + 1)];
        run<Whole>(r, j, count, accumulator, all_lines);
        put_vectors<Whole>(r, j, count, all_stores);
        return r[result];
    }
    template <bool Whole> ASHLAR_INLINE vector_type vector(index j, index count) const {
        vector_type r[bound_of(length + 1)];
        run<Whole>(r, j, count, vector_type{}, all_lines);
        return r[result];
    }

    // The interface of kernels::map_row and kernels::row_reduction.
    ASHLAR_INLINE void operator()(index j) const { lanes<true>(j, 0, vector_type{}); }
    ASHLAR_INLINE void partial(index j, index count) const { lanes<false>(j, count, vector_type{}); }
    ASHLAR_INLINE vector_type vector(index j) const { return vector<true>(j, 0); }
    ASHLAR_INLINE vector_type vector(index j, index count) const { return vector<false>(j, count); }

private:
    static constexpr std::make_integer_sequence<int, G.instructions> all_lines{};
    static constexpr std::make_integer_sequence<int, loads> all_loads{};
    static constexpr std::make_integer_sequence<int, stores> all_stores{};

    struct table {
        line at[bound_of(length + 1)]{};
        line load[bound_of(loads + 1)]{};
    };
    static constexpr table lines = [] {
        table t{};
        int operand = 0;
        for (int i = 0; i < length; ++i) {
            instruction now = G.line(i);
            bool fenced = false;
            if (now.product == with_product::taken) {  // the line of the sum computes it
                now.from = source::constant;
            } else if (now.product != with_product::no) {
                const instruction product = G.line(now.product == with_product::first ? now.a : now.b);
                now.c = now.product == with_product::first ? now.b : now.a;
                now.a = product.a, now.b = product.b;
            } else if (now.from == source::op) {
                fenced = kernels::fences && now.op->may_end_in_product;
            }
            const int arity = now.from == source::op ? op_of(*now.op, now.product).arity : 0;
            t.at[i] = {now.from, now.type, now.inner, now.product, fenced,
                       now.a,    now.b,    now.c,     arity,       operand, std::bit_cast<double>(now.bits)};
            if (now.from == source::load) t.load[operand++] = t.at[i];
        }
        return t;
    }();

    template <int... K, int... S>
    ASHLAR_INLINE fused_body([[maybe_unused]] const address* places, [[maybe_unused]] const site* sites, [[maybe_unused]] const index* at, [[maybe_unused]] auto axes, [[maybe_unused]] int inner, std::integer_sequence<int, K...>, std::integer_sequence<int, S...>)
        : in{address{places[sites[K].place].template as<element_t<lines.load[K].type>>() + offset_of(sites[K], at, axes)}...},
          out{address{places[sites[loads + S].place].template as<element_t<G.store(S).type>>() + offset_of(sites[loads + S], at, axes)}...},
          in_step{(lines.load[K].inner == along::strides && inner < max_rank ? sites[K].stride[inner] : 0)...},
          out_step{(G.store(S).inner == along::strides ? sites[loads + S].stride[axes] : 0)...} {}

    template <int... K, int... S> ASHLAR_INLINE void advance(const site* sites, int axis, std::integer_sequence<int, K...>, std::integer_sequence<int, S...>) {
        ((in[K] = address{in[K].template as<element_t<lines.load[K].type>>() + sites[K].stride[axis]}), ...);
        ((out[S] = address{out[S].template as<element_t<G.store(S).type>>() + sites[loads + S].stride[axis]}), ...);
    }

    template <int... At> ASHLAR_INLINE void run_scalar(T* r, index j, T accumulator,
                                                       std::integer_sequence<int, At...>) const {
        ((r[At] = scalar_step<At>(r, j, accumulator)), ...);
    }
    template <bool Whole, int... At> ASHLAR_INLINE void
    run(vector_type* r, index j, index count, vector_type accumulator, std::integer_sequence<int, At...>) const {
        ((r[At] = vector_step<At, Whole>(r, j, count, accumulator)), ...);
    }

    // The function of the op's arity by its name, and registers as constants of their own: what is read of `f` and
    // `now` while the program runs, g++ writes into memory first, for its optimizer to see through.
    template <int At> ASHLAR_INLINE T scalar_step(const T* r, [[maybe_unused]] index j,
                                                  [[maybe_unused]] T accumulator) const {
        constexpr line now = lines.at[At];
        if constexpr (now.from == source::op) {
            constexpr auto f = evaluators_in<T>(op_of(*G.code[At].op, now.product)).scalar;
            constexpr int a = now.a, b = now.b, c = now.c;
            T y;
            if constexpr (now.arity == 1) y = f.unary(r[a]);
            else if constexpr (now.arity == 2) y = f.binary(r[a], r[b]);
            else y = f.ternary(r[a], r[b], r[c]);
            if constexpr (now.fenced) return kernels::rounded(y);
            else return y;
        } else if constexpr (now.from == source::constant) {
            return static_cast<T>(now.constant);
        } else if constexpr (now.from == source::accumulator) {
            return accumulator;
        } else {
            constexpr int operand = now.operand;
            const auto* p = in[operand].template as<element_t<now.type>>();
            if constexpr (now.inner == along::stays) return static_cast<T>(*p);
            else if constexpr (now.inner == along::runs) return static_cast<T>(p[j]);
            else return static_cast<T>(p[j * in_step[operand]]);
        }
    }

    template <int At, bool Whole>
    ASHLAR_INLINE vector_type vector_step(const vector_type* r, [[maybe_unused]] index j, [[maybe_unused]] index count, [[maybe_unused]] vector_type accumulator) const {
        constexpr line now = lines.at[At];
        if constexpr (now.from == source::op) {
            constexpr auto f = evaluators_in<T>(op_of(*G.code[At].op, now.product)).vector;
            constexpr int a = now.a, b = now.b, c = now.c;
            vector_type y;
            if constexpr (now.arity == 1) y = f.unary(r[a]);
            else if constexpr (now.arity == 2) y = f.binary(r[a], r[b]);
            else y = f.ternary(r[a], r[b], r[c]);
            if constexpr (now.fenced) return kernels::rounded(y);
            else return y;
        } else if constexpr (now.from == source::constant) {
            return kernels::broadcast(static_cast<T>(now.constant));
        } else if constexpr (now.from == source::accumulator) {
            return accumulator;
        } else {
            constexpr int operand = now.operand;
            const auto* p = in[operand].template as<element_t<now.type>>();
            if constexpr (now.inner == along::stays) return kernels::broadcast(static_cast<T>(*p));
            else if constexpr (now.inner == along::runs) return Whole ? kernels::load_as<T>(p + j) : kernels::load_partial_as<T>(p + j, count);
            else return strided(p + j * in_step[operand], in_step[operand], Whole ? kernels::lanes<T> : count);
        }
    }

    template <class P> ASHLAR_INLINE static vector_type strided(const P* p, index step, index count) {
        if constexpr (std::same_as<P, T>) return count == kernels::lanes<T> ? kernels::gather(p, step) : kernels::gather_partial(p, step, count);
        T lane[kernels::lanes<T>]{};
        for (index i = 0; i < count; ++i) lane[i] = static_cast<T>(p[i * step]);
        return kernels::load(lane);
    }

    template <int... S> ASHLAR_INLINE void put_scalars(const T* r, index j, std::integer_sequence<int, S...>) const { (put_scalar<S>(r, j), ...); }
    template <int S> ASHLAR_INLINE void put_scalar(const T* r, index j) const {
        constexpr store_instruction now = G.store(S);
        constexpr int from = now.from;
        using to = element_t<now.type>;
        to* p = out[S].template as<to>();
        if constexpr (now.inner == along::runs) p[j] = kernels::converted<to>(r[from]);
        else p[j * out_step[S]] = kernels::converted<to>(r[from]);
    }

    template <bool Whole, int... S> ASHLAR_INLINE void put_vectors([[maybe_unused]] const vector_type* r, [[maybe_unused]] index j, [[maybe_unused]] index count, std::integer_sequence<int, S...>) const {
        (put_vector<S, Whole>(r, j, count), ...);
    }
    template <int S, bool Whole> ASHLAR_INLINE void put_vector(const vector_type* r, index j, [[maybe_unused]] index count) const {
        constexpr store_instruction now = G.store(S);
        constexpr int from = now.from;
        using to = element_t<now.type>;
        const vector_type v = r[from];
        to* p = out[S].template as<to>();
        if constexpr (now.inner == along::strides) {
            for (index i = 0; i < (Whole ? kernels::lanes<T> : count); ++i)
                p[(j + i) * out_step[S]] = kernels::converted<to>(v[i]);
        } else if constexpr (Whole) {
            kernels::store_as<to>(p + j, v);
        } else {
            kernels::store_partial_as<to>(p + j, v, count);
        }
    }
};

}  // namespace ashlar::detail
