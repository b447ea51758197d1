// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/run/mixed_body.hpp"

// The steps at run time: loops over the kernels' rows and tiles around a fused body. What straight code goes through
// captures pointers by value: behind a reference g++ would see too late that nothing is left in memory, and no longer
// inline a small program.
namespace ashlar::detail {

template <class Axes, class T, auto G> ASHLAR_INLINE inline void map_kernel(const step& s, const step_operand* operands,
                                                                            const address* buffers) {
    kernels::for_each_index(s.extent, Axes::outer(s), [&s, operands, buffers](const index* at) ASHLAR_INLINE {
        const fused_body<G, T> body{buffers, operands, at, Axes::outer(s)};
        kernels::map_row<T, fused_body<G, T>::brief, Axes::row>(s.rank > 0 ? s.extent[s.rank - 1] : 1, body);
    });
}

/// Reduces along the innermost axis in memory: one result at a time.
template <class Axes, class T, auto G, auto E, class Reduction>
ASHLAR_INLINE inline void reduce_rows_by(const step& s, const step_operand* operands, const address* buffers) {
    kernels::for_each_index(s.extent, Axes::kept(s), [&s, operands, buffers](const index* kept) ASHLAR_INLINE {
        Reduction sum;
        sum.begin();
        index at[max_rank] = {};
        copy_index(at, kept, Axes::kept(s));
        kernels::for_each_index(s.extent + s.kept, Axes::outer_reduced(s), [&](const index* reduced) ASHLAR_INLINE {
            copy_index(at + s.kept, reduced, Axes::outer_reduced(s));
            const fused_body<G, T> body{buffers, operands, at, Axes::outer(s)};
            sum.row(s.extent[s.rank - 1], body);
        });
        const fused_body<E, T> epilogue{buffers, operands + fused_body<G, T>::loads, kept, Axes::kept(s)};
        epilogue.scalar(0, sum.result());
    });
}

/// How rows are combined: vector by vector, where there are whole ones. Long bodies hide the latency by themselves.
template <class Axes, class T, class How, int Instructions> constexpr auto row_reduction_for() {
    constexpr index row = Axes::row, rows = row > 0 ? Axes::reduced_size / row : 0, width = kernels::lanes<T>;
    constexpr int chains = Instructions <= 4 ? 4 : 1;
    constexpr auto stages = &kernels::takes_stages<T, How>;
    if constexpr (row == 1 || (row > 0 && row <= 4 && Axes::one_row))
        return kernels::short_row_reduction<T, How, stages(rows * row)>{};
    else if constexpr (row > 0 && row < width && !Axes::one_row)
        return kernels::narrow_reduction<T, How, row, stages(rows)>{};
    else return kernels::row_reduction<T, How, chains, row, stages(rows * (row / (chains * width) + chains))>{};
}

template <class Axes, class T, auto G, auto E, reducer How>
ASHLAR_INLINE inline void reduce_rows(const step& s, const step_operand* operands, const address* buffers) {
    reduce_rows_by<Axes, T, G, E, decltype(row_reduction_for<Axes, T, typename combiner<How>::type, G.length()>())>(
        s, operands, buffers);
}

/// Reduces along outer axes: a vector of results at a time, neighbours in memory.
template <class Axes, class T, auto G, auto E, reducer How>
ASHLAR_INLINE inline void reduce_columns(const step& s, const step_operand* operands, const address* buffers) {
    using how = typename combiner<How>::type;
    const auto outer = Axes::outer_kept(s);
    const index n = s.extent[outer];
    kernels::for_each_index(s.extent, outer, [&s, operands, buffers, outer, n](const index* kept) ASHLAR_INLINE {
        const fused_body<E, T> epilogue{buffers, operands + fused_body<G, T>::loads, kept, outer};
        // Moves every operand to element j of the kept row, then walks the reduced axes.
        const auto walk = [&](auto&& visit) ASHLAR_INLINE {
            kernels::for_each_index(s.extent + s.kept, Axes::reduced(s), [&](const index* reduced) ASHLAR_INLINE {
                index at[max_rank] = {};
                copy_index(at, kept, outer);
                copy_index(at + s.kept, reduced, Axes::reduced(s));
                const fused_body<G, T> body{buffers, operands, at, Axes::rank(s), outer};
                visit(body);
            });
        };
        constexpr index width = kernels::lanes<T>;
        using chain = kernels::chain<kernels::vec<T>, how, kernels::takes_stages<T, how>(Axes::reduced_size)>;
        index j = 0;
        for (; j + width <= n; j += width) {
            chain sum;
            sum.begin();
            walk([&](auto& body) ASHLAR_INLINE { sum.add(body.vector(j)); });
            epilogue.template lanes<true>(j, 0, sum.result());
        }
        if (j < n) {
            chain sum;
            sum.begin();
            walk([&](auto& body) ASHLAR_INLINE { sum.add(body.vector(j, n - j)); });
            epilogue.template lanes<false>(j, n - j, sum.result());
        }
    });
}

/// The index of an extremum, in row-major order of the reduced axes.
template <class Axes, class T, auto G, auto E, bool Largest>
ASHLAR_INLINE inline void arg_reduce(const step& s, const step_operand* operands, const address* buffers) {
    kernels::for_each_index(s.extent, Axes::kept(s), [&s, operands, buffers](const index* kept) ASHLAR_INLINE {
        index at[max_rank] = {};
        copy_index(at, kept, Axes::kept(s));
        T best{};
        index found = no_index, position = 0;
        kernels::for_each_index(s.extent + s.kept, Axes::outer_reduced(s), [&](const index* reduced) ASHLAR_INLINE {
            copy_index(at + s.kept, reduced, Axes::outer_reduced(s));
            const fused_body<G, T> body{buffers, operands, at, Axes::outer(s)};
            for (index j = 0; j < s.extent[s.rank - 1]; ++j, ++position) {
                const T v = body.value(j);
                if (found < 0 || is_better<Largest>(v, best)) best = v, found = position;
            }
        });
        const fused_body<E, std::int32_t> epilogue{buffers, operands + fused_body<G, T>::loads, kept, Axes::kept(s)};
        epilogue.scalar(0, static_cast<std::int32_t>(found));
    });
}

/// Where a matrix product is in its space: the outer axes, then the row.
struct product_position {
    const step& s;
    const step_operand* operands;  // those of the epilogue
    const address* buffers;
    index at[max_rank] = {};
};

/// The elements that a kernel of products hands on: those of whole numbers, which wrap, come as unsigned ones.
template <class T> using product_lanes = kernels::vec<kernels::summed<T>>;
template <class T> ASHLAR_INLINE inline kernels::vec<T> lanes_of(product_lanes<T> v) {
    return __builtin_bit_cast(kernels::vec<T>, v);
}

/// What a matrix product hands its tiles to: the fused epilogue, which stores them.
template <class Axes, class T, auto E> struct tile_epilogue : product_position {
    static constexpr int length = E.instructions - 1;  // beside the product itself
    struct tile_row {
        fused_body<E, T> body;
        ASHLAR_INLINE void operator()(index j, product_lanes<T> value, index) const {
            body.template lanes<true>(j, 0, lanes_of<T>(value));
        }
        ASHLAR_INLINE void partial(index j, product_lanes<T> value, index, index count) const {
            body.template lanes<false>(j, count, lanes_of<T>(value));
        }
    };
    ASHLAR_INLINE tile_row row(index i) { return {body_at(i)}; }
    ASHLAR_INLINE void next(auto& r) const { r.body.next_row(operands, Axes::batch(s)); }
    /// Whether rows of n columns follow each other in all operands, so that several may come as one.
    ASHLAR_INLINE bool joins_rows(index n) const {
        return [&]<index... At>(std::integer_sequence<index, At...>) ASHLAR_INLINE {
            const int row = Axes::batch(s);
            return (... && (operands[At].stride[row] == n && operands[At].stride[row + 1] == 1));
        }(kernels::lane_sequence<E.loads() + E.stores>{});
    }

    ASHLAR_INLINE fused_body<E, T> body_at(index i) {
        at[Axes::batch(s)] = i;
        return {buffers, operands, at, Axes::outer(s)};
    }
};

/// The same for a product whose rows are combined: those of some columns, which
/// come in order, then their epilogue. Long: in stages, those of reduce_columns.
template <class Axes, class T, auto G, auto E, class How, bool Long> struct combining_epilogue
    : tile_epilogue<Axes, T, G> {
    using tile_epilogue<Axes, T, G>::body_at;
    void joins_rows(index) const = delete;  // a row's lanes are added to those of others
    kernels::vec<T> combined[kernels::most_columns<T> / kernels::lanes<T>];

    struct tile_row {
        fused_body<G, T> body;
        kernels::vec<T>* combined;
        ASHLAR_INLINE void operator()(index j, product_lanes<T> value, index v) const {
            combine(body.template passed_lanes<true>(j, 0, lanes_of<T>(value)), combined[v]);
        }
        ASHLAR_INLINE void partial(index j, product_lanes<T> value, index v, index count) const {
            combine(body.template passed_lanes<false>(j, count, lanes_of<T>(value)), combined[v]);
        }
        ASHLAR_INLINE static void combine(kernels::vec<T> value, kernels::vec<T>& all) {
            all = How::combine(all, value);
        }
    };
    ASHLAR_INLINE explicit combining_epilogue(const product_position& begin) : tile_epilogue<Axes, T, G>{begin} {
        start(vectors);
    }

    ASHLAR_INLINE tile_row row(index i) {
        if constexpr (Long) begin_row(i);
        return {body_at(i), combined};
    }
    ASHLAR_INLINE void next(auto& r) {
        if constexpr (Long) begin_row(now_ + 1);
        tile_epilogue<Axes, T, G>::next(r);
    }

    ASHLAR_INLINE void end_columns(index j, index count) {
        const index no_row[max_rank] = {};
        const fused_body<E, T> epilogue{this->buffers,
                                        this->operands + fused_body<G, T>::loads + fused_body<G, T>::stores, no_row,
                                        Axes::outer(this->s)};
        if constexpr (Long) end(vectors);
        give(epilogue, j, count, vectors);
        start(vectors);
    }

private:
    using vector = kernels::vec<T>;
    struct nothing {};
    std::conditional_t<Long, kernels::stages<vector, How>, nothing>
        before_[Long ? kernels::most_columns<T> / kernels::lanes<T> : 1];
    index now_ = 0;  // the row

    // No loops: what is indexed by a variable does not stay in registers.
    static constexpr kernels::lane_sequence<kernels::most_columns<T> / kernels::lanes<T>> vectors{};
    template <index... V> ASHLAR_INLINE void start(std::integer_sequence<index, V...>) {
        ((combined[V] = kernels::start_of<How, vector>()), ...);
        if constexpr (Long) (before_[V].begin(), ...);
    }
    ASHLAR_INLINE void begin_row(index i) {
        now_ = i;
        if (i % kernels::stage_length == 0 && i > 0) begin_stage(vectors);
    }
    template <index... V> ASHLAR_INLINE void begin_stage(std::integer_sequence<index, V...>) {
        ((before_[V].add(combined[V]), combined[V] = kernels::start_of<How, vector>()), ...);
    }
    template <index... V> ASHLAR_INLINE void end(std::integer_sequence<index, V...>) {
        ((combined[V] = before_[V].with(combined[V])), ...);
    }
    template <index... V> ASHLAR_INLINE void give(const fused_body<E, T>& epilogue, index j, index count,
                                                  std::integer_sequence<index, V...>) const {
        constexpr index width = kernels::lanes<T>;
        ((count >= (V + 1) * width ? epilogue.template lanes<true>(j + V * width, 0, combined[V])
          : count > V * width      ? epilogue.template lanes<false>(j + V * width, count - V * width, combined[V])
                                   : void()),
         ...);
    }
};

/// The matrix at `batch` of operand i of a product.
template <class T> ASHLAR_INLINE inline const kernels::summed<T>*
operand_of(const product_position& position, const step_operand* operands, int i, const index* batch, auto axes) {
    return reinterpret_cast<const kernels::summed<T>*>(position.buffers[operands[i].buffer].template as<T>() +
                                                       offset_of(operands[i], batch, axes));
}
template <class T> ASHLAR_INLINE inline kernels::summed<T>* scratch_of(const product_position& position,
                                                                       const step_operand* operands) {
    return reinterpret_cast<kernels::summed<T>*>(position.buffers[operands[2].buffer].template as<T>() +
                                                 operands[2].offset);
}

/// The products of run-time extents: every epilogue goes through the same code.
template <class T, kernels::way Way, bool TransposeA, bool TransposeB, kernels::right_rows Rows>
[[gnu::noinline]] ASHLAR_FLATTEN void multiply_into(kernels::receiver<kernels::summed<T>> out,
                                                    product_position& position, const step_operand* operands) {
    const step& s = position.s;
    const int outer = s.rank - 2;
    kernels::for_each_index(s.extent, outer, [&](const index* of_batch) ASHLAR_INLINE {
        copy_index(position.at, of_batch, outer);
        kernels::multiplying<Way>::template run<kernels::summed<T>, TransposeA, TransposeB, Rows>(
            operand_of<T>(position, operands, 0, of_batch, outer), operands[0].stride[outer],
            operand_of<T>(position, operands, 1, of_batch, outer), operands[1].stride[outer], s.own.product.m,
            s.own.product.n, s.own.product.k, scratch_of<T>(position, operands), out);
    });
}

/// What a step uses of its scratch beside what the plan has reserved.
inline void check_scratch(index used, index reserved) {
    if (used > reserved) fatal("a step uses more scratch than the plan has reserved for it");
}

template <class T, class How> constexpr bool rows_in_stages(index rows) {
    if constexpr (std::is_void_v<How>) return false;
    else return kernels::takes_stages<T, How>(rows);
}

/// `How` combines the rows of what loop body G makes; void: there is no such thing, and no G.
template <class Axes, class T, auto G, auto E, class How, kernels::way Way, bool TransposeA, bool TransposeB,
          kernels::right_rows Rows, index M, index N, index K>
ASHLAR_INLINE inline void contraction_kernel(const step& s, const step_operand* operands, const address* buffers) {
    using epilogue = std::conditional_t<std::is_void_v<How>, tile_epilogue<Axes, T, E>,
                                        combining_epilogue<Axes, T, G, E, How, rows_in_stages<T, How>(M)>>;
    epilogue out{product_position{s, operands + own_operands(s), buffers}};
    if constexpr (checks) check_scratch(scratch_of(s, gemm_form{Way, 0, 0, 0, Rows}), s.scratch[0]);
    const auto outer = Axes::batch(s);
    if constexpr (!kernels::is_expanded(Way)) {
        multiply_into<T, Way, TransposeA, TransposeB, Rows>(kernels::receiver_of<kernels::summed<T>>(out), out,
                                                            operands);
    } else if constexpr (std::is_same_v<
                             decltype(outer),
                             const kernels::axis_count<0>>) {  // no lambda either, which would have to be seen through
        kernels::multiplying<Way>::template run<kernels::summed<T>, TransposeA, TransposeB, Rows, M, N, K>(
            operand_of<T>(out, operands, 0, out.at, outer), operands[0].stride[outer],
            operand_of<T>(out, operands, 1, out.at, outer), operands[1].stride[outer], scratch_of<T>(out, operands),
            out);
    } else {
        kernels::for_each_index(s.extent, outer, [&](const index* of_batch) ASHLAR_INLINE {
            copy_index(out.at, of_batch, outer);
            kernels::multiplying<Way>::template run<kernels::summed<T>, TransposeA, TransposeB, Rows, M, N, K>(
                operand_of<T>(out, operands, 0, of_batch, outer), operands[0].stride[outer],
                operand_of<T>(out, operands, 1, of_batch, outer), operands[1].stride[outer],
                scratch_of<T>(out, operands), out);
        });
    }
}

}  // namespace ashlar::detail
