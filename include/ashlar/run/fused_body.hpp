// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/run/line.hpp"

namespace ashlar::detail {

/// The axes of a step, as its kernel sees them: numbers that the step says, or constants of straight code.
struct axes_of_step {
    static constexpr index row = 0;  // the innermost extent, where it is known
    static constexpr bool one_row = false;
    static constexpr index reduced_size = 0;  // the elements of one result of a reduction, where they are known
    static int rank(const step& s) { return s.rank; }
    static int outer(const step& s) { return s.rank > 0 ? s.rank - 1 : 0; }  // all but the innermost
    static int batch(const step& s) { return s.rank - 2; }                   // all but rows and columns
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

template <int N> ASHLAR_INLINE inline index offset_of(const step_operand& w, const index* at, kernels::axis_count<N>) {
    if constexpr (N <= 0) return w.offset;
    else return offset_of(w, at, kernels::axis_count<N - 1>{}) + at[N - 1] * w.stride[N - 1];
}
// Not inlined: a row takes it once an operand, and it would be a loop for each.
[[gnu::noinline]] inline index offset_of_many(const step_operand& w, const index* at, int axes) {
    index offset = w.offset;
    for (int d = 0; d < axes; ++d) offset += at[d] * w.stride[d];
    return offset;
}
ASHLAR_INLINE inline index offset_of(const step_operand& w, const index* at, int axes) {
    return axes == 1 ? w.offset + at[0] * w.stride[0] : offset_of_many(w, at, axes);
}

/// What is known of the operands of a loop: the type of the elements, and whether a stride leads from one to the next
/// along the row. Loops whose operands are alike share what points at them.
template <int Count> struct operand_facts {
    dtype type[bound_of(Count + 1)]{};
    bool strides[bound_of(Count + 1)]{};
};

template <dtype Type> ASHLAR_INLINE inline address moved(address p, index n) {
    return address{p.template as<element_t<Type>>() + n};
}

/// The operands of a loop, pointing at the current row.
template <int Loads, int Stores, operand_facts<Loads + Stores> Facts> struct row_operands {
    static constexpr int loads = Loads, stores = Stores;

    address in[bound_of(loads + 1)], out[bound_of(stores + 1)];
    index in_step[bound_of(loads + 1)], out_step[bound_of(stores + 1)];  // along the row, where it is neither 0 nor 1

    row_operands() = default;
    /// Points at the row that begins at `at` of the outer axes.
    ASHLAR_INLINE row_operands(const address* buffers, const step_operand* operands, const index* at, auto outer)
        : row_operands{buffers, operands, at, outer, outer, all_loads, all_stores} {}
    /// Points at the axis `inner` instead of the last one, at `at` of the others; stores nothing.
    ASHLAR_INLINE row_operands(const address* buffers, const step_operand* operands, const index* at, auto rank,
                               int inner)
        : row_operands{buffers, operands, at, rank, inner, all_loads, std::integer_sequence<int>{}} {}

    /// Points at the next row along an outer axis.
    ASHLAR_INLINE void next_row(const step_operand* operands, int axis) {
        advance(operands, axis, all_loads, all_stores);
    }

private:
    static constexpr std::make_integer_sequence<int, loads> all_loads{};
    static constexpr std::make_integer_sequence<int, stores> all_stores{};

    template <int... K, int... S>
    ASHLAR_INLINE row_operands([[maybe_unused]] const address* buffers, [[maybe_unused]] const step_operand* operands,
                               [[maybe_unused]] const index* at, [[maybe_unused]] auto axes, [[maybe_unused]] int inner,
                               std::integer_sequence<int, K...>, std::integer_sequence<int, S...>)
        : in{moved<Facts.type[K]>(buffers[operands[K].buffer], offset_of(operands[K], at, axes))...},
          out{moved<Facts.type[loads + S]>(buffers[operands[loads + S].buffer],
                                           offset_of(operands[loads + S], at, axes))...},
          in_step{(Facts.strides[K] && inner < max_rank ? operands[K].stride[inner] : 0)...},
          out_step{(Facts.strides[loads + S] ? operands[loads + S].stride[axes] : 0)...} {}

    template <int... K, int... S>
    ASHLAR_INLINE void advance(const step_operand* operands, int axis, std::integer_sequence<int, K...>,
                               std::integer_sequence<int, S...>) {
        ((in[K] = moved<Facts.type[K]>(in[K], operands[K].stride[axis])), ...);
        ((out[S] = moved<Facts.type[loads + S]>(out[S], operands[loads + S].stride[axis])), ...);
    }
};

constexpr void set_operand(const instruction& load, dtype& type, bool& strides) {
    assign(type, load.stored), strides = load.strides();
}
constexpr void set_operand(const store_instruction& to, dtype& type, bool& strides) {
    assign(type, to.type), strides = to.strides();
}
template <auto G> constexpr operand_facts<G.loads() + G.stores> facts_of_operands() {
    operand_facts<G.loads() + G.stores> all{};
    int n = 0;
    for (int i = 0; i < G.instructions; ++i)
        if (G.is_load(i)) set_operand(G.line(i), all.type[n], all.strides[n]), ++n;
    for (int i = 0; i < G.stores; ++i, ++n) set_operand(G.store(i), all.type[n], all.strides[n]);
    return all;
}

/// The lines of a body. Only constants are made of it: the records of ops, and G itself, are not to reach the binary.
template <int Lines> struct line_table {
    line_work work[bound_of(Lines + 1)]{};
    std::uint64_t input[bound_of(Lines + 1)]{};
};

/// `product`: the line whose product this one takes with it, if it takes one; `operand`: how many were loaded before.
constexpr void set_line(line_work& w, std::uint64_t& input, const instruction& now, const instruction& product,
                        short& operand) {
    if (now.product == with_product::taken) return;  // the line of the sum computes it
    w.from = now.from;
    if (now.loads()) {
        w.type = now.stored, w.inner = now.inner;
        input = line_input(operand++, 0, 0);
    } else if (now.is_constant()) {
        input = now.bits;
    } else if (now.computes() && now.rounds_alone()) {
        w.op = now.op;
        w.fenced = kernels::fences && now.op->may_end_in_product;
        input = line_input(now.a, now.b, now.c);
    } else if (now.computes()) {
        const bool first = now.takes_first();
        w.op = now.op->with_product[first ? 0 : 1];
        input = line_input(product.a, product.b, first ? now.b : now.a);
    }
}
constexpr int line_of_product(const instruction& now) {
    return now.takes_first() ? now.a : now.product == with_product::second ? now.b : 0;
}
template <auto G> constexpr line_table<G.instructions> lines_of() {
    line_table<G.instructions> all{};
    short operand = 0;
    for (int i = 0; i < G.instructions; ++i) {
        const instruction now = G.line(i);
        set_line(all.work[i], all.input[i], now, G.line(line_of_product(now)), operand);
    }
    return all;
}

constexpr int cost_of_line(const instruction& now) { return now.computes() ? now.op->cost : 1; }

/// A body of lines over its operands. A body is a template argument: its code is unrolled, every op a direct call
/// through its record.
template <auto G, class T> struct fused_body : row_operands<G.loads(), G.stores, facts_of_operands<G>()> {
    using operands = row_operands<G.loads(), G.stores, facts_of_operands<G>()>;
    using operands::loads, operands::stores, operands::in, operands::out, operands::in_step, operands::out_step;
    using operands::operands;
    static constexpr int length = G.instructions;
    // (Read from G itself, clang emits G, all records that it points at and the functions of these.)
    static constexpr int result = G.result;
    using vector_type = kernels::vec<T>;

    /// A few instructions a vector.
    static constexpr bool brief = [] {
        int cost = G.stores;
        for (int i = 0; i < G.instructions; ++i) cost += cost_of_line(G.line(i));
        return cost <= 12;
    }();

    /// One element: computes all lines and stores.
    ASHLAR_INLINE void scalar(index j, T accumulator) const {
        T r[bound_of(length + 1)]{};
        run(r, j, accumulator, all_lines);
        put(r, j, all_stores);
    }
    /// One element of what a reduction combines.
    ASHLAR_INLINE T value(index j) const {
        T r[bound_of(length + 1)]{};
        run(r, j, T{}, all_lines);
        return r[result];
    }

    /// A vector of `count` elements, all lanes if Whole.
    template <bool Whole> ASHLAR_INLINE void lanes(index j, index count, vector_type accumulator) const {
        vector_type r[bound_of(length + 1)];
        run<Whole>(r, j, count, accumulator, all_lines);
        put<Whole>(r, j, count, all_stores);
    }
    /// The same, and the register that is handed on.
    template <bool Whole> ASHLAR_INLINE vector_type passed_lanes(index j, index count, vector_type accumulator) const {
        vector_type r[bound_of(length + 1)];
        run<Whole>(r, j, count, accumulator, all_lines);
        put<Whole>(r, j, count, all_stores);
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

protected:
    static constexpr std::make_integer_sequence<int, G.instructions> all_lines{};
    static constexpr std::make_integer_sequence<int, G.stores> all_stores{};

private:
    static constexpr auto lines = lines_of<G>();
    // Only loads differ in the last vector of a row.
    template <bool Whole, int At> static constexpr bool all_lanes = Whole || !lines.work[At].loads();

    template <int... At>
    ASHLAR_INLINE void run(T* r, index j, T accumulator, std::integer_sequence<int, At...>) const {
        ((r[At] = element_of_line<lines.work[At], T>(r, in, in_step, input_of_line<lines.input[At]>, j, accumulator)),
         ...);
    }
    template <bool Whole, int... At> ASHLAR_INLINE void
    run(vector_type* r, index j, index count, vector_type accumulator, std::integer_sequence<int, At...>) const {
        ((r[At] = vector_of_line<lines.work[At], all_lanes<Whole, At>, T>(
              r, in, in_step, input_of_line<lines.input[At]>, j, count, accumulator)),
         ...);
    }

    template <int S> static constexpr int from_register = G.store(S).from;
    template <int... S> ASHLAR_INLINE void put([[maybe_unused]] const T* r, [[maybe_unused]] index j,
                                               std::integer_sequence<int, S...>) const {
        (put_element<G.store(S).type, G.store(S).inner>(out[S], out_step[S], j, r[from_register<S>]), ...);
    }
    template <bool Whole, int... S>
    ASHLAR_INLINE void put([[maybe_unused]] const vector_type* r, [[maybe_unused]] index j,
                           [[maybe_unused]] index count, std::integer_sequence<int, S...>) const {
        (put_lanes<G.store(S).type, G.store(S).inner, Whole>(out[S], out_step[S], j, count, r[from_register<S>]), ...);
    }
};

}  // namespace ashlar::detail
