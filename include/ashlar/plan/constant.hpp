// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/address.hpp"
#include "ashlar/expr/value.hpp"
#include "ashlar/kernels/gemm.hpp"
#include "ashlar/kernels/reduce.hpp"
#include "ashlar/plan/emitter.hpp"

// The steps of a plan in constant evaluation: the same groups, one element at a time. Compilers limit constant
// evaluation by the statements and calls it makes, so what can be one expression is one.
namespace ashlar::detail {

template <class T> constexpr const evaluators<T>& evaluators_in(const op_record& op) {
    if constexpr (std::is_same_v<T, float>) return op.f32;
    else if constexpr (std::is_same_v<T, double>) return op.f64;
    else return op.i32;
}

template <dtype Type> using element_t = typename element_of<Type>::type;

/// What a line of a group is at compile time: its function, its registers, its operand.
template <auto G, int I, class T> struct line_facts {
    static constexpr source from = G.code[I].from;
    static constexpr dtype type = G.code[I].type;
    static constexpr int a = G.code[I].a, b = G.code[I].b, c = G.code[I].c;
    static constexpr int operand = G.operand(I);
    static constexpr T constant = static_cast<T>(std::bit_cast<double>(G.code[I].bits));
    static constexpr evaluators<T> call = [] {
        if constexpr (G.code[I].from == source::op) return evaluators_in<T>(*G.code[I].op);
        else return evaluators<T>{};
    }();
    static constexpr int arity = [] {
        if constexpr (G.code[I].from == source::op) return G.code[I].op->arity;
        else return 0;
    }();
};

template <auto G, class T> struct constant_body {
    static constexpr int loads = G.loads(), stores = G.stores;
    static constexpr std::make_integer_sequence<int, G.instructions> lines{};
    static constexpr std::make_integer_sequence<int, loads + stores> operands{};
    static constexpr std::make_integer_sequence<int, stores> results{};
    const address* places;
    const site* sites;
    int inner;                           // the axis of the row
    index first[loads + stores + 1]{};   // its first element, by operand

    /// Points at the row that begins at `at`, which is 0 on the axis of the row.
    template <int... O> constexpr void begin(const index* at, std::integer_sequence<int, O...>) {
        ((first[O] = sites[O].offset + at[0] * sites[O].stride[0] + at[1] * sites[O].stride[1] + at[2] * sites[O].stride[2] +
                     at[3] * sites[O].stride[3] + at[4] * sites[O].stride[4] + at[5] * sites[O].stride[5]),
         ...);
    }

    /// Element j: all lines in order, then the stores. Returns register R.
    template <int R, int... I, int... S>
    constexpr T element(index j, T accumulator, std::integer_sequence<int, I...>, std::integer_sequence<int, S...>) const {
        T r[G.instructions + 1]{};
        return ((r[I] = line<I>::from == source::load          ? (line<I>::type == dtype::float32   ? static_cast<T>(places[sites[line<I>::operand].place].f32[first[line<I>::operand] + j * sites[line<I>::operand].stride[inner]])
                                                           : line<I>::type == dtype::float64 ? static_cast<T>(places[sites[line<I>::operand].place].f64[first[line<I>::operand] + j * sites[line<I>::operand].stride[inner]])
                                                           : line<I>::type == dtype::int32   ? static_cast<T>(places[sites[line<I>::operand].place].i32[first[line<I>::operand] + j * sites[line<I>::operand].stride[inner]])
                                                                                             : static_cast<T>(places[sites[line<I>::operand].place].b8[first[line<I>::operand] + j * sites[line<I>::operand].stride[inner]]))
                 : line<I>::from == source::constant    ? line<I>::constant
                 : line<I>::from == source::accumulator ? accumulator
                 : line<I>::arity == 1                  ? line<I>::call.unary(r[line<I>::a])
                 : line<I>::arity == 2                  ? line<I>::call.binary(r[line<I>::a], r[line<I>::b])
                                                        : line<I>::call.ternary(r[line<I>::a], r[line<I>::b], r[line<I>::c])),
         ...),
        ((G.out[S].type == dtype::float32   ? void(places[sites[loads + S].place].f32[first[loads + S] + j * sites[loads + S].stride[inner]] = static_cast<float>(r[G.out[S].from]))
          : G.out[S].type == dtype::float64 ? void(places[sites[loads + S].place].f64[first[loads + S] + j * sites[loads + S].stride[inner]] = static_cast<double>(r[G.out[S].from]))
          : G.out[S].type == dtype::int32   ? void(places[sites[loads + S].place].i32[first[loads + S] + j * sites[loads + S].stride[inner]] = static_cast<std::int32_t>(r[G.out[S].from]))
                                            : void(places[sites[loads + S].place].b8[first[loads + S] + j * sites[loads + S].stride[inner]] = static_cast<bool>(r[G.out[S].from]))),
         ...),
         r[R < 0 ? 0 : R];
    }

private:
    template <int I> using line = line_facts<G, I, T>;
};

template <class T, auto G> constexpr void map_constant(const step& s, const site* sites, const address* places) {
    const int inner = s.rank > 0 ? s.rank - 1 : 0;
    kernels::for_each_index(s.extent, inner, [&](const index* at) {
        constant_body<G, T> body{places, sites, inner};
        body.begin(at, body.operands);
        for (index j = 0; j < s.extent[inner]; ++j) body.template element<-1>(j, T{}, body.lines, body.results);
    });
}

/// Every way of reducing: `Start` and `Combine` are those of kernels/reduce.hpp, or the search for an extremum's index.
template <class T, auto G, auto E, class How> constexpr void reduce_constant(const step& s, const site* sites, const address* places) {
    const int inner = s.rank - 1;
    constant_body<G, T> body{places, sites, inner};
    constant_body<E, T> epilogue{places, sites + constant_body<G, T>::loads, 0};
    kernels::for_each_index(s.extent, s.kept, [&](const index* kept) {
        T sum = How::template start<T>();
        if (inner == s.kept) {
            body.begin(kept, body.operands);
            for (index j = 0; j < s.extent[inner]; ++j)
                sum = How::combine(sum, body.template element<G.result>(j, T{}, body.lines, body.results));
        } else {
            index at[max_rank] = {kept[0], kept[1], kept[2], kept[3], kept[4], kept[5]};
            kernels::for_each_index(s.extent + s.kept, inner - s.kept, [&](const index* reduced) {
                for (int d = s.kept; d < inner; ++d) at[d] = reduced[d - s.kept];
                body.begin(at, body.operands);
                for (index j = 0; j < s.extent[inner]; ++j)
                    sum = How::combine(sum, body.template element<G.result>(j, T{}, body.lines, body.results));
            });
        }
        epilogue.begin(kept, epilogue.operands);
        epilogue.template element<-1>(0, sum, epilogue.lines, epilogue.results);
    });
}

template <class T, auto E, bool TransposeA, bool TransposeB, index K>
constexpr void contraction_constant(const step& s, const site* sites, const address* places) {
    const int outer = s.rank - 2;
    kernels::for_each_index(s.extent, outer, [&](const index* batch) {
        const T *a = places[sites[0].place].template as<T>() + sites[0].offset, *b = places[sites[1].place].template as<T>() + sites[1].offset;
        index at[max_rank] = {};
        for (int d = 0; d < outer; ++d) at[d] = batch[d], a += batch[d] * sites[0].stride[d], b += batch[d] * sites[1].stride[d];
        const index a_row = TransposeA ? 1 : sites[0].stride[outer], a_step = TransposeA ? sites[0].stride[outer] : 1;
        const index b_column = TransposeB ? sites[1].stride[outer] : 1, b_step = TransposeB ? 1 : sites[1].stride[outer];
        constant_body<E, T> epilogue{places, sites + 3, outer + 1};
        for (index i = 0; i < s.m; ++i) {
            at[outer] = i;
            epilogue.begin(at, epilogue.operands);
            // One expression where the length is known.
            if constexpr (K > 0 && K <= 64)
                for (index j = 0; j < s.n; ++j)
                    epilogue.template element<-1>(j, kernels::detail::dot(a + i * a_row, a_step, b + j * b_column, b_step, kernels::lane_sequence<K>{}),
                                                  epilogue.lines, epilogue.results);
            else
                for (index j = 0; j < s.n; ++j)
                    epilogue.template element<-1>(j, kernels::detail::dot<0>(a + i * a_row, a_step, b + j * b_column, b_step, s.k), epilogue.lines,
                                                  epilogue.results);
        }
    });
}

}  // namespace ashlar::detail
