// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/constant.hpp"

namespace ashlar::detail {

struct line {
    source from;
    dtype type;
    along inner;
    short a, b, c;
    std::uint64_t bits;
};
constexpr line line_of(const instruction& i) { return {i.from, i.type, i.inner, i.a, i.b, i.c, i.bits}; }

/// The operands of one group, pointing at the current row. A group is a template argument: its code is unrolled, every
/// op a direct call through its record.
template <auto G, class T> struct fused_body {
    static constexpr int loads = G.loads();
    static constexpr int stores = G.stores;
    using vector_type = kernels::vec<T>;

    address in[loads + 1], out[stores + 1];
    index in_step[loads + 1]{}, out_step[stores + 1]{};  // along the row, where it is neither 0 nor 1

    /// Points at the row that begins at `at` of the outer axes.
    [[gnu::always_inline]] constexpr void begin_row(const address* places, const site* sites, const index* at, int outer) {
        [&]<int... I>(std::integer_sequence<int, I...>) {
            (begin_load<I>(places, sites, at, outer), ...);
        }(std::make_integer_sequence<int, G.instructions>{});
        [&]<int... S>(std::integer_sequence<int, S...>) {
            (begin_store<S>(places, sites + loads, at, outer), ...);
        }(std::make_integer_sequence<int, stores>{});
    }

    /// Points at the axis `inner` instead of the last one, at `at` of the others.
    [[gnu::always_inline]] constexpr void begin_columns(const address* places, const site* sites, const index* at, int rank, int inner) {
        [&]<int... I>(std::integer_sequence<int, I...>) {
            (begin_load<I>(places, sites, at, rank), ...);
            (set_column_step<I>(sites, inner), ...);
        }(std::make_integer_sequence<int, G.instructions>{});
    }

    /// One element: the registers of the whole group.
    template <int R> [[gnu::always_inline]] constexpr T element(index j, T accumulator) const {
        T r[G.instructions + 1]{};
        [&]<int... I>(std::integer_sequence<int, I...>) {
            ((r[I] = scalar_step<I>(r, j, accumulator)), ...);
        }(std::make_integer_sequence<int, G.instructions>{});
        if constexpr (R < 0) put_scalars(r, j, std::make_integer_sequence<int, stores>{});
        return R < 0 ? T{} : r[R < 0 ? 0 : R];
    }

    /// A vector of `count` elements (all lanes if Whole).
    template <int R, bool Whole> [[gnu::always_inline]] vector_type lanes(index j, index count, vector_type accumulator) const {
        vector_type r[G.instructions + 1];
        [&]<int... I>(std::integer_sequence<int, I...>) {
            ((r[I] = vector_step<I, Whole>(r, j, count, accumulator)), ...);
        }(std::make_integer_sequence<int, G.instructions>{});
        if constexpr (R < 0) put_vectors<Whole>(r, j, count, std::make_integer_sequence<int, stores>{});
        return R < 0 ? accumulator : r[R < 0 ? 0 : R];
    }

    // The interface of kernels::map_row and kernels::row_reduction.
    [[gnu::always_inline]] constexpr void scalar(index j) const { element<-1>(j, T{}); }
    [[gnu::always_inline]] void operator()(index j) const { lanes<-1, true>(j, 0, vector_type{}); }
    [[gnu::always_inline]] void partial(index j, index count) const { lanes<-1, false>(j, count, vector_type{}); }
    [[gnu::always_inline]] constexpr T value(index j) const { return element<G.result>(j, T{}); }
    [[gnu::always_inline]] vector_type vector(index j) const { return lanes<G.result, true>(j, 0, vector_type{}); }
    [[gnu::always_inline]] vector_type vector(index j, index count) const { return lanes<G.result, false>(j, count, vector_type{}); }
    static constexpr int length = G.instructions;

private:
    template <class P> [[gnu::always_inline]] static constexpr P* moved(P* p, const site& s, const index* at, int outer) {
        index offset = s.offset;
        for (int d = 0; d < outer; ++d) offset += at[d] * s.stride[d];
        return p + offset;
    }

    template <int I> [[gnu::always_inline]] constexpr void begin_load(const address* places, const site* sites, const index* at, int outer) {
        if constexpr (G.code[I].from == source::load) {
            constexpr int k = G.operand(I);
            in[k] = address{moved(places[sites[k].place].template as<element_t<G.code[I].type>>(), sites[k], at, outer)};
            if constexpr (G.code[I].inner == along::strides) in_step[k] = outer < max_rank ? sites[k].stride[outer] : 0;
        }
    }
    template <int I> [[gnu::always_inline]] constexpr void set_column_step([[maybe_unused]] const site* sites, [[maybe_unused]] int inner) {
        if constexpr (G.code[I].from == source::load && G.code[I].inner == along::strides) {
            constexpr int k = G.operand(I);
            in_step[k] = sites[k].stride[inner];
        }
    }
    template <int S> [[gnu::always_inline]] constexpr void begin_store(const address* places, const site* sites, const index* at, int outer) {
        out[S] = address{moved(places[sites[S].place].template as<element_t<G.out[S].type>>(), sites[S], at, outer)};
        if constexpr (G.out[S].inner == along::strides) out_step[S] = sites[S].stride[outer];
    }

    template <int I> [[gnu::always_inline]] constexpr T scalar_step(const T* r, [[maybe_unused]] index j, [[maybe_unused]] T accumulator) const {
        constexpr line now = line_of(G.code[I]);  // without the record, which is not to reach the binary
        if constexpr (now.from == source::op) {
            constexpr auto f = evaluators_in<T>(*G.code[I].op).scalar;
            return f(r[now.a], r[now.b], r[now.c]);
        } else if constexpr (now.from == source::constant) {
            return static_cast<T>(std::bit_cast<double>(now.bits));
        } else if constexpr (now.from == source::accumulator) {
            return accumulator;
        } else {
            constexpr int k = G.operand(I);
            if constexpr (now.inner == along::stays) return static_cast<T>(*in[k].template as<element_t<now.type>>());
            else if constexpr (now.inner == along::runs) return static_cast<T>(in[k].template as<element_t<now.type>>()[j]);
            else return static_cast<T>(in[k].template as<element_t<now.type>>()[j * in_step[k]]);
        }
    }

    template <int I, bool Whole>
    [[gnu::always_inline]] vector_type vector_step(const vector_type* r, [[maybe_unused]] index j, [[maybe_unused]] index count,
                                                   [[maybe_unused]] vector_type accumulator) const {
        constexpr line now = line_of(G.code[I]);
        if constexpr (now.from == source::op) {
            constexpr auto f = evaluators_in<T>(*G.code[I].op).vector;
            return f(r[now.a], r[now.b], r[now.c]);
        } else if constexpr (now.from == source::constant) {
            return kernels::broadcast(static_cast<T>(std::bit_cast<double>(now.bits)));
        } else if constexpr (now.from == source::accumulator) {
            return accumulator;
        } else {
            constexpr int k = G.operand(I);
            const auto* p = in[k].template as<element_t<now.type>>();
            if constexpr (now.inner == along::stays) return kernels::broadcast(static_cast<T>(*p));
            else if constexpr (now.inner == along::runs) return Whole ? kernels::load_as<T>(p + j) : kernels::load_partial_as<T>(p + j, count);
            else return strided(p + j * in_step[k], in_step[k], Whole ? kernels::lanes<T> : count);
        }
    }

    template <class P> [[gnu::always_inline]] static vector_type strided(const P* p, index step, index count) {
        T lane[kernels::lanes<T>]{};
        for (index i = 0; i < count; ++i) lane[i] = static_cast<T>(p[i * step]);
        return kernels::load(lane);
    }

    template <int... S> [[gnu::always_inline]] constexpr void put_scalars(const T* r, index j, std::integer_sequence<int, S...>) const {
        (put_scalar<S>(r, j), ...);
    }
    template <int S> [[gnu::always_inline]] constexpr void put_scalar(const T* r, index j) const {
        constexpr store_instruction now = G.out[S];
        using to = element_t<now.type>;
        if constexpr (now.inner == along::runs) out[S].template as<to>()[j] = static_cast<to>(r[now.from]);
        else out[S].template as<to>()[j * out_step[S]] = static_cast<to>(r[now.from]);
    }

    template <bool Whole, int... S>
    [[gnu::always_inline]] void put_vectors(const vector_type* r, index j, index count, std::integer_sequence<int, S...>) const {
        (put_vector<S, Whole>(r, j, count), ...);
    }
    template <int S, bool Whole> [[gnu::always_inline]] void put_vector(const vector_type* r, index j, [[maybe_unused]] index count) const {
        constexpr store_instruction now = G.out[S];
        using to = element_t<now.type>;
        const vector_type v = r[now.from];
        to* p = out[S].template as<to>();
        if constexpr (now.inner == along::strides) {
            for (index i = 0; i < (Whole ? kernels::lanes<T> : count); ++i) p[(j + i) * out_step[S]] = static_cast<to>(v[i]);
        } else if constexpr (Whole) {
            kernels::store_as<to>(p + j, v);
        } else {
            kernels::store_partial_as<to>(p + j, v, count);
        }
    }
};

template <class T, auto G> [[gnu::always_inline]] constexpr void map_kernel(const step& s, const site* sites, const address* places) {
    kernels::for_each_index(s.extent, s.rank - 1, [&](const index* at) {
        fused_body<G, T> body;
        body.begin_row(places, sites, at, s.rank > 0 ? s.rank - 1 : 0);
        kernels::map_row<T>(s.rank > 0 ? s.extent[s.rank - 1] : 1, body);
    });
}

template <reducer How> struct combiner;
template <> struct combiner<reducer::sum> { using type = kernels::sum_of; };
template <> struct combiner<reducer::product> { using type = kernels::product_of; };
template <> struct combiner<reducer::maximum> { using type = kernels::maximum_of; };
template <> struct combiner<reducer::minimum> { using type = kernels::minimum_of; };

/// Reduces along the innermost axis in memory: one result at a time.
template <class T, auto G, auto E, reducer How>
[[gnu::always_inline]] constexpr void reduce_rows(const step& s, const site* sites, const address* places) {
    kernels::for_each_index(s.extent, s.kept, [&](const index* kept) {
        // Long bodies hide the latency of the combination by themselves.
        kernels::row_reduction<T, typename combiner<How>::type, (G.instructions <= 4 ? 4 : 1)> sum;
        sum.begin();
        index at[max_rank] = {};
        for (int d = 0; d < s.kept; ++d) at[d] = kept[d];
        kernels::for_each_index(s.extent + s.kept, s.rank - s.kept - 1, [&](const index* reduced) {
            for (int d = s.kept; d + 1 < s.rank; ++d) at[d] = reduced[d - s.kept];
            fused_body<G, T> body;
            body.begin_row(places, sites, at, s.rank - 1);
            sum.row(s.extent[s.rank - 1], body);
        });
        fused_body<E, T> epilogue;
        epilogue.begin_row(places, sites + fused_body<G, T>::loads, kept, s.kept);
        epilogue.template element<-1>(0, sum.result());
    });
}

/// Reduces along outer axes: a vector of results at a time, neighbours in memory.
template <class T, auto G, auto E, reducer How>
[[gnu::always_inline]] constexpr void reduce_columns(const step& s, const site* sites, const address* places) {
    using how = typename combiner<How>::type;
    const int outer = s.kept - 1;
    const index n = s.extent[outer];
    kernels::for_each_index(s.extent, outer, [&](const index* kept) {
        fused_body<E, T> epilogue;
        epilogue.begin_row(places, sites + fused_body<G, T>::loads, kept, outer);
        // Moves every operand to element j of the kept row, then walks the reduced axes.
        const auto walk = [&](auto&& visit) {
            kernels::for_each_index(s.extent + s.kept, s.rank - s.kept, [&](const index* reduced) {
                index at[max_rank] = {};
                for (int d = 0; d < outer; ++d) at[d] = kept[d];
                for (int d = s.kept; d < s.rank; ++d) at[d] = reduced[d - s.kept];
                fused_body<G, T> body;
                body.begin_columns(places, sites, at, s.rank, outer);
                visit(body);
            });
        };
        if (__builtin_is_constant_evaluated()) {
            for (index j = 0; j < n; ++j) {
                T sum = how::template start<T>();
                walk([&](auto& body) { sum = how::combine(sum, body.value(j)); });
                epilogue.template element<-1>(j, sum);
            }
            return;
        }
        constexpr index width = kernels::lanes<T>;
        index j = 0;
        for (; j + width <= n; j += width) {
            kernels::vec<T> sum = kernels::broadcast(how::template start<T>());
            walk([&](auto& body) { sum = how::combine(sum, body.vector(j)); });
            epilogue.template lanes<-1, true>(j, 0, sum);
        }
        if (j < n) {
            kernels::vec<T> sum = kernels::broadcast(how::template start<T>());
            walk([&](auto& body) { sum = how::combine(sum, body.template lanes<G.result, false>(j, n - j, kernels::vec<T>{})); });
            epilogue.template lanes<-1, false>(j, n - j, sum);
        }
    });
}

constexpr bool is_nan(std::int32_t) { return false; }
constexpr bool is_nan(std::floating_point auto v) { return v != v; }

/// The index of an extremum, in row-major order of the reduced axes: the first of equals, the first nan.
template <class T, auto G, auto E, bool Largest>
[[gnu::always_inline]] constexpr void arg_reduce(const step& s, const site* sites, const address* places) {
    kernels::for_each_index(s.extent, s.kept, [&](const index* kept) {
        index at[max_rank] = {};
        for (int d = 0; d < s.kept; ++d) at[d] = kept[d];
        T best{};
        index found = -1, position = 0;
        kernels::for_each_index(s.extent + s.kept, s.rank - s.kept - 1, [&](const index* reduced) {
            for (int d = s.kept; d + 1 < s.rank; ++d) at[d] = reduced[d - s.kept];
            fused_body<G, T> body;
            body.begin_row(places, sites, at, s.rank - 1);
            for (index j = 0; j < s.extent[s.rank - 1]; ++j, ++position) {
                const T v = body.value(j);
                const bool better = found < 0 || (!is_nan(best) && (is_nan(v) || (Largest ? v > best : v < best)));
                if (better) best = v, found = position;
            }
        });
        fused_body<E, std::int32_t> epilogue;
        epilogue.begin_row(places, sites + fused_body<G, T>::loads, kept, s.kept);
        epilogue.template element<-1>(0, static_cast<std::int32_t>(found));
    });
}

/// What a matrix product hands its tiles to: the fused epilogue, which stores them.
template <class T, auto E> struct tile_epilogue {
    const step& s;
    const site* sites;
    const address* places;
    index at[max_rank] = {};

    struct tile_row {
        fused_body<E, T> body;
        [[gnu::always_inline]] void operator()(index j, kernels::vec<T> v) const { body.template lanes<-1, true>(j, 0, v); }
        [[gnu::always_inline]] void partial(index j, kernels::vec<T> v, index count) const { body.template lanes<-1, false>(j, count, v); }
    };
    [[gnu::always_inline]] constexpr tile_row row(index i) {
        tile_row r;
        at[s.rank - 2] = i;
        r.body.begin_row(places, sites, at, s.rank - 1);
        return r;
    }

    [[gnu::always_inline]] constexpr void operator()(index i, index j, T value) { row(i).body.template element<-1>(j, value); }
    [[gnu::always_inline]] void operator()(index i, index j, kernels::vec<T> v) { row(i)(j, v); }
    [[gnu::always_inline]] void partial(index i, index j, kernels::vec<T> v, index count) { row(i).partial(j, v, count); }
};

template <class T, auto E, bool TransposeA, bool TransposeB, index M, index N, index K>
[[gnu::always_inline]] constexpr void contraction_kernel(const step& s, const site* sites, const address* places) {
    const int outer = s.rank - 2;
    kernels::for_each_index(s.extent, outer, [&](const index* batch) {
        const T* operand[2] = {};
        for (int i = 0; i < 2; ++i) {
            operand[i] = places[sites[i].place].template as<T>() + sites[i].offset;
            for (int d = 0; d < outer; ++d) operand[i] += batch[d] * sites[i].stride[d];
        }
        tile_epilogue<T, E> epilogue{s, sites + 3, places};
        for (int d = 0; d < outer; ++d) epilogue.at[d] = batch[d];
        kernels::gemm<T, TransposeA, TransposeB, M, N, K>(operand[0], sites[0].stride[outer], operand[1], sites[1].stride[outer], s.m, s.n, s.k,
                                                          places[sites[2].place].template as<T>() + sites[2].offset, epilogue);
    });
}

template <class T> [[gnu::always_inline]] constexpr void range_kernel(const step& s, const site* sites, const address* places) {
    T* out = places[sites[0].place].template as<T>() + sites[0].offset;
    for (index i = 0; i < s.extent[0]; ++i) out[i] = static_cast<T>(i);
}

}  // namespace ashlar::detail
