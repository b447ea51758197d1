// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/mixed.hpp"
#include "ashlar/run/fused_body.hpp"

namespace ashlar::detail {

/// A loop body whose registers have several types, in a kernel of T: in where(labels == 3, x, 0.0f) the comparison is
/// one of int32. Every op converts what it reads to the type that it computes in.
template <auto G, class T>
    requires(G.is_mixed(dtype_of<T>))
struct fused_body<G, T> : row_operands<G.loads(), G.stores, facts_of_operands<G>()> {
    using operands = row_operands<G.loads(), G.stores, facts_of_operands<G>()>;
    using operands::loads, operands::stores, operands::in, operands::out, operands::in_step, operands::out_step;
    using operands::operands;
    static constexpr int length = G.instructions;
    static constexpr int result = G.result;
    static constexpr bool brief = false;
    using vector_type = kernels::vec<T>;

    ASHLAR_INLINE void scalar(index j, T accumulator) const {
        elements r;
        run_scalar(r, j, accumulator, all_lines);
        put_scalars(r, j, all_stores);
    }
    ASHLAR_INLINE T value(index j) const {
        elements r;
        run_scalar(r, j, T{}, all_lines);
        return read<result, T>(r);
    }

    template <bool Whole> ASHLAR_INLINE void lanes(index j, index count, vector_type accumulator) const {
        vectors r;
        run<Whole>(r, j, count, accumulator, all_lines);
        put_vectors<Whole>(r, j, count, all_stores);
    }
    template <bool Whole> ASHLAR_INLINE vector_type passed_lanes(index j, index count, vector_type accumulator) const {
        vectors r;
        run<Whole>(r, j, count, accumulator, all_lines);
        put_vectors<Whole>(r, j, count, all_stores);
        return read<result, T, 0>(r);
    }
    template <bool Whole> ASHLAR_INLINE vector_type vector(index j, index count) const {
        vectors r;
        run<Whole>(r, j, count, vector_type{}, all_lines);
        return read<result, T, 0>(r);
    }

    ASHLAR_INLINE void operator()(index j) const { lanes<true>(j, 0, vector_type{}); }
    ASHLAR_INLINE void partial(index j, index count) const { lanes<false>(j, count, vector_type{}); }
    ASHLAR_INLINE vector_type vector(index j) const { return vector<true>(j, 0); }
    ASHLAR_INLINE vector_type vector(index j, index count) const { return vector<false>(j, count); }

private:
    static constexpr std::make_integer_sequence<int, G.instructions> all_lines{};
    static constexpr std::make_integer_sequence<int, G.stores> all_stores{};
    static constexpr index width = kernels::lanes<T>;
    static constexpr auto lines = lines_of<G>();

    // Registers of T, as in a loop of T alone, and the bits of others: a vector or two for each.
    struct elements {
        T own[bound_of(length + 1)];
        any_number other[bound_of(length + 1)];
    };
    using bits = kernels::vec<std::int32_t>;
    struct vectors {
        vector_type own[bound_of(length + 1)];
        bits other[bound_of(length + 1)][2];
    };
    template <int At> using type_of = element_t<G.line(At).type>;
    template <int At> static constexpr bool is_own = G.line(At).type == dtype_of<T>;
    template <bool Whole, int At> static constexpr bool all_lanes = Whole || !lines.work[At].loads();
    template <int At> static constexpr int arity = [] {
        if constexpr (lines.work[At].computes()) return lines.work[At].op->arity;
        else return 0;
    }();
    // The registers that an op reads.
    template <int At, int Slot> static constexpr int input = static_cast<int>(lines.input[At] >> 16 * Slot & 0xffff);
    // Whether a loop of T alone would compute it so.
    template <int At> static constexpr bool is_plain = [] {
        const int read[] = {input<At, 0>, input<At, 1>, input<At, 2>};
        for (int i = 0; i < arity<At>; ++i)
            if (G.line(read[i]).type != dtype_of<T>) return false;
        return is_own<At> && !G.line(At).settles();
    }();
    // Calls the op of a line, once its arguments have its type. V: a number, or a vector of them.
    template <int At, class V> ASHLAR_INLINE static V call(const V* arguments) {
        V y = call_op<lines.work[At]>(arguments, input_of_line<line_input(0, 1, 2)>);
        if constexpr (G.line(At).wraps()) y &= 255;
        else if constexpr (G.line(At).sums_truths()) y = kernels::select(y != V{}, kernels::splat<V>(1), V{});
        return y;
    }

    // ---- one element -------------------------------------------------------------------------------------------

    template <int At, class U> ASHLAR_INLINE static U read(const elements& r) {
        if constexpr (is_own<At>) return kernels::converted<U>(r.own[At]);
        else return kernels::converted<U>(r.other[At].template as<type_of<At>>());
    }
    template <int... At>
    ASHLAR_INLINE void run_scalar(elements& r, index j, T accumulator, std::integer_sequence<int, At...>) const {
        (set<At>(r, j, accumulator), ...);
    }
    template <int At> ASHLAR_INLINE void set(elements& r, index j, T accumulator) const {
        if constexpr (is_plain<At>)
            r.own[At] =
                element_of_line<lines.work[At], T>(r.own, in, in_step, input_of_line<lines.input[At]>, j, accumulator);
        else if constexpr (is_own<At>) r.own[At] = mixed<At>(r, j);
        else r.other[At] = any_number{mixed<At>(r, j)};
    }
    template <int At> ASHLAR_INLINE type_of<At> mixed(const elements& r, index j) const {
        using U = type_of<At>;
        if constexpr (arity<At> > 0) {
            return [&]<int... Slot>(std::integer_sequence<int, Slot...>) ASHLAR_INLINE {
                const U arguments[] = {read<input<At, Slot>, U>(r)...};
                return call<At>(arguments);
            }(std::make_integer_sequence<int, arity<At>>{});
        } else {
            return element_of_line<lines.work[At], U>(nullptr, in, in_step, input_of_line<lines.input[At]>, j, U{});
        }
    }
    template <int... S>
    ASHLAR_INLINE void put_scalars([[maybe_unused]] const elements& r, [[maybe_unused]] index j,
                                   std::integer_sequence<int, S...>) const {
        (put_element<G.store(S).type, G.store(S).inner>(out[S], out_step[S], j,
                                                        read<G.store(S).from, type_of<G.store(S).from>>(r)),
         ...);
    }

    // ---- a vector ----------------------------------------------------------------------------------------------

    template <int At, class U, int P> ASHLAR_INLINE static kernels::vec<U> read(const vectors& r) {
        if constexpr (is_own<At>) {
            return kernels::part_as<T, U, P, T>(r.own + At);
        } else {
            using from = kernels::vec<type_of<At>>;
            const from all[] = {__builtin_bit_cast(from, r.other[At][0]), __builtin_bit_cast(from, r.other[At][1])};
            return kernels::part_as<T, U, P, type_of<At>>(all);
        }
    }
    template <bool Whole, int... At> ASHLAR_INLINE void run(vectors& r, index j, index count, vector_type accumulator,
                                                            std::integer_sequence<int, At...>) const {
        (set<At, Whole>(r, j, count, accumulator), ...);
    }
    template <int At, bool Whole>
    ASHLAR_INLINE void set(vectors& r, index j, index count, vector_type accumulator) const {
        if constexpr (is_plain<At>)
            r.own[At] = vector_of_line<lines.work[At], all_lanes<Whole, At>, T>(
                r.own, in, in_step, input_of_line<lines.input[At]>, j, count, accumulator);
        else if constexpr (is_own<At>) r.own[At] = mixed<At, Whole, 0>(r, j, count);
        else r.other[At][0] = __builtin_bit_cast(bits, mixed<At, Whole, 0>(r, j, count));
        if constexpr (kernels::parts<T, type_of<At>> == 2)
            r.other[At][1] = __builtin_bit_cast(bits, mixed<At, Whole, 1>(r, j, count));
        else if constexpr (!is_own<At>) r.other[At][1] = bits{};
    }
    template <int At, bool Whole, int P>
    ASHLAR_INLINE kernels::vec<type_of<At>> mixed(const vectors& r, index j, index count) const {
        using U = type_of<At>;
        constexpr std::uint64_t from = lines.input[At];
        if constexpr (arity<At> > 0) {
            return [&]<int... Slot>(std::integer_sequence<int, Slot...>) ASHLAR_INLINE {
                const kernels::vec<U> arguments[] = {read<input<At, Slot>, U, P>(r)...};
                return call<At>(arguments);
            }(std::make_integer_sequence<int, arity<At>>{});
        } else if constexpr (lines.work[At].is_constant() || lines.work[At].inner == along::stays) {
            return vector_of_line<lines.work[At], true, U>(nullptr, in, in_step, input_of_line<from>, j, count,
                                                           kernels::vec<U>{});
        } else {
            const auto* p = in[from].template as<element_t<lines.work[At].type>>();
            if constexpr (lines.work[At].inner == along::strides)
                return kernels::load_part<T, U, P>(p + j * in_step[from], in_step[from], Whole ? width : count);
            else if constexpr (Whole) return kernels::load_part<T, U, P>(p + j);
            else return kernels::load_part<T, U, P>(p + j, count);
        }
    }

    template <bool Whole, int... S>
    ASHLAR_INLINE void put_vectors([[maybe_unused]] const vectors& r, [[maybe_unused]] index j,
                                   [[maybe_unused]] index count, std::integer_sequence<int, S...>) const {
        (put_vector<S, Whole>(r, j, count), ...);
    }
    template <int S, bool Whole> ASHLAR_INLINE void put_vector(const vectors& r, index j, index count) const {
        constexpr int from = G.store(S).from;
        if constexpr (is_own<from>)
            put_lanes<G.store(S).type, G.store(S).inner, Whole>(out[S], out_step[S], j, count, r.own[from]);
        else put_parts<S, Whole>(r, j, count, std::make_integer_sequence<int, kernels::parts<T, type_of<from>>>{});
    }
    template <int S, bool Whole, int... P>
    ASHLAR_INLINE void put_parts(const vectors& r, index j, index count, std::integer_sequence<int, P...>) const {
        constexpr store_instruction now = G.store(S);
        using to = element_t<now.type>;
        to* const p = out[S].template as<to>();
        using from = type_of<now.from>;
        if constexpr (now.inner == along::strides)
            (kernels::store_part<T, P>(p + j * out_step[S], read<now.from, from, P>(r), out_step[S],
                                       Whole ? width : count),
             ...);
        else if constexpr (Whole) (kernels::store_part<T, P>(p + j, read<now.from, from, P>(r)), ...);
        else (kernels::store_part<T, P>(p + j, read<now.from, from, P>(r), 1, count), ...);
    }
};

}  // namespace ashlar::detail
