// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/address.hpp"
#include "ashlar/expr/value.hpp"
#include "ashlar/kernels/gemm.hpp"
#include "ashlar/kernels/reduce.hpp"
#include "ashlar/plan/draft.hpp"

// The steps of a plan in constant evaluation: the same loop bodies, one element at a time. Compilers limit constant
// evaluation by the statements and calls it makes, so what can be one expression is one.
namespace ashlar::detail {

template <class T> constexpr const evaluators<T>& evaluators_in(const op_record& op) {
    if constexpr (std::is_same_v<T, float>) return op.f32;
    else if constexpr (std::is_same_v<T, double>) return op.f64;
    else if constexpr (std::is_same_v<T, std::int64_t>) return op.i64;
    else return op.i32;
}

template <dtype Type> using element_t = typename element_of<Type>::type;

/// A register of a loop that mixes element types. Who reads it knows which one it holds.
union any_number {
    float f32;
    double f64;
    std::int32_t i32;
    std::int64_t i64;

    constexpr any_number() : i64{} {}
    constexpr explicit any_number(float x) : f32{x} {}
    constexpr explicit any_number(double x) : f64{x} {}
    constexpr explicit any_number(std::int32_t x) : i32{x} {}
    constexpr explicit any_number(std::int64_t x) : i64{x} {}

    template <class T> constexpr T as() const {
        if constexpr (std::same_as<T, float>) return f32;
        else if constexpr (std::same_as<T, double>) return f64;
        else if constexpr (std::same_as<T, std::int64_t>) return i64;
        else return i32;
    }
};

/// What a line of a loop body is at compile time: its function, its registers, its operand.
template <auto G, int At, class T> struct line_facts {
    static constexpr instruction now = G.line(At);
    static constexpr source from = now.from;
    static constexpr dtype stored = now.stored;
    static constexpr int a = now.a, b = now.b, c = now.c;
    static constexpr int operand = G.operand(At);
    static constexpr T constant = static_cast<T>(std::bit_cast<double>(now.bits));
    static constexpr element_function<T> call = [] {
        if constexpr (now.computes()) return evaluators_in<T>(*now.op).scalar;
        else return element_function<T>{};
    }();
    static constexpr bool rounds_only = [] {
        if constexpr (now.computes()) return now.op->rounds_only;
        else return false;
    }();
    static constexpr int arity = [] {
        if constexpr (now.computes()) return now.op->arity;
        else return 0;
    }();
};

/// Which register `element` returns of a loop body: none, or the one that it hands on, beside storing its results.
inline constexpr int stores_only = -1, hands_on = -2;

/// The operands and the code of one loop body. `T` is what it computes with; `result` the register that a reduction
/// combines.
template <auto G, class T> struct constant_body {
    using value_type = T;
    static constexpr int loads = G.loads(), stores = G.stores, result = G.result, handed_on = result;
    static constexpr std::make_integer_sequence<int, G.instructions> lines{};
    static constexpr std::make_integer_sequence<int, loads + stores> each_operand{};
    static constexpr std::make_integer_sequence<int, stores> results{};
    const address* buffers;
    const step_operand* operands;
    int inner;                                    // the axis of the row
    index first[bound_of(loads + stores + 1)]{};  // its first element, by operand

    // (Sequences by reference: to copy one is a step that clang counts.)

    /// Points at the row that begins at `at`, which is 0 on the axis of the row.
    template <int... O> constexpr void begin(const index* at, const std::integer_sequence<int, O...>&) {
        ((first[O] = operands[O].offset + at[0] * operands[O].stride[0] + at[1] * operands[O].stride[1] +
                     at[2] * operands[O].stride[2] + at[3] * operands[O].stride[3] + at[4] * operands[O].stride[4] +
                     at[5] * operands[O].stride[5]),
         ...);
    }

    /// Element j: all lines in order, then the stores. Returns register R.
    template <int R, int... At, int... S>
    constexpr T element(index j, T accumulator, const std::integer_sequence<int, At...>&,
                        const std::integer_sequence<int, S...>&) const {
        T r[G.instructions + 1]{};
        return ((r[At] =
                     line<At>::from == source::load
                         ? static_cast<T>(
                               (buffers[operands[line<At>::operand].buffer].*pointer_to<element_t<line<At>::stored>>)
                                   [first[line<At>::operand] + j * operands[line<At>::operand].stride[inner]])
                     : line<At>::from == source::constant    ? line<At>::constant
                     : line<At>::from == source::accumulator ? accumulator
                     : line<At>::rounds_only                 ? r[line<At>::a]
                     : line<At>::arity == 1                  ? line<At>::call.unary(r[line<At>::a])
                     : line<At>::arity == 2                  ? line<At>::call.binary(r[line<At>::a], r[line<At>::b])
                                            : line<At>::call.ternary(r[line<At>::a], r[line<At>::b], r[line<At>::c])),
                ...),
               (((buffers[operands[loads + S].buffer].*
                  pointer_to<element_t<to<S>.type>>)[first[loads + S] + j * operands[loads + S].stride[inner]] =
                     stores_as_is<S> ? static_cast<element_t<to<S>.type>>(r[to<S>.from])
                                     : kernels::converted<element_t<to<S>.type>>(r[to<S>.from])),
                ...),
               r[R < 0 ? 0 : R];
    }

private:
    template <int At> using line = line_facts<G, At, T>;
    template <int S> static constexpr store_instruction to = G.store(S);
    template <int S> static constexpr bool stores_as_is = is_floating(to<S>.type) || is_boolean(to<S>.type);
};

/// The same of a loop body whose registers have several types.
template <auto G, class T>
    requires(G.is_mixed(dtype_of<T>))
struct constant_body<G, T> : constant_body<G.in_one_type(dtype_of<T>), T> {
    using one_type = constant_body<G.in_one_type(dtype_of<T>), T>;
    using one_type::loads, one_type::buffers, one_type::operands, one_type::inner, one_type::first;

    template <int R, int... At, int... S>
    constexpr T element(index j, T accumulator, const std::integer_sequence<int, At...>&,
                        const std::integer_sequence<int, S...>&) const {
        any_number r[G.instructions + 1]{};
        return ((r[At] = any_number{wrapped<At>(computed<At>(r, j, accumulator))}), ...),
               ((*at<S + loads, to<S>.type>(j) = read<to<S>.from, element_t<to<S>.type>>(r)), ...),
               read<(R < 0 ? 0 : R), T>(r);
    }

private:
    template <int At> using line = line_facts<G, At, element_t<G.line(At).type>>;
    template <int S> static constexpr store_instruction to = G.store(S);

    template <int Operand, dtype Type> constexpr element_t<Type>* at(index j) const {
        return buffers[operands[Operand].buffer].template as<element_t<Type>>() + first[Operand] +
               j * operands[Operand].stride[inner];
    }
    template <int At, class U> static constexpr U read(const any_number* r) {
        return kernels::converted<U>(r[At].template as<element_t<G.line(At).type>>());
    }
    template <int At, class U> static constexpr U wrapped(U x) {
        if constexpr (G.line(At).wraps()) return x & 255;
        else if constexpr (G.line(At).sums_truths()) return x != U{} ? U{1} : U{};
        else return x;
    }
    template <int At> constexpr element_t<G.line(At).type> computed(const any_number* r, index j, T accumulator) const {
        using now = line<At>;
        using U = element_t<G.line(At).type>;
        if constexpr (now::from == source::load) return static_cast<U>(*at<now::operand, now::stored>(j));
        else if constexpr (now::from == source::constant) return now::constant;
        else if constexpr (now::from == source::accumulator) return accumulator;
        else if constexpr (now::rounds_only) return read<now::a, U>(r);
        else if constexpr (now::arity == 1) return now::call.unary(read<now::a, U>(r));
        else if constexpr (now::arity == 2) return now::call.binary(read<now::a, U>(r), read<now::b, U>(r));
        else return now::call.ternary(read<now::a, U>(r), read<now::b, U>(r), read<now::c, U>(r));
    }
};

template <class Body> constexpr void map_constant(const step& s, Body body) {
    kernels::for_each_index(s.extent, body.inner, [&](const index* at) {
        body.begin(at, body.each_operand);
        for (index j = 0; j < s.extent[body.inner]; ++j)
            body.template element<stores_only>(j, typename Body::value_type{}, body.lines, body.results);
    });
}

/// Every way of reducing: `How` is one of kernels/reduce.hpp.
template <class How, class Body, class Epilogue> constexpr void reduce_constant(const step& s, Body body,
                                                                                Epilogue epilogue) {
    using T = typename Body::value_type;
    const int inner = body.inner;
    kernels::for_each_index(s.extent, s.kept, [&](const index* kept) {
        T sum = How::template start<T>();
        if (inner == s.kept) {
            body.begin(kept, body.each_operand);
            // A long sum begins anew from time to time, and is a sum of those. (One statement an element.)
            T part = How::template start<T>();
            for (index j = 0; j < s.extent[inner]; ++j)
                part = How::combine(part, body.template element<Body::result>(j, T{}, body.lines, body.results)),
                (j + 1) % kernels::longest_chain == 0
                    ? void((sum = How::combine(sum, part), part = How::template start<T>()))
                    : void();
            sum = How::combine(sum, part);
        } else {
            index at[max_rank] = {kept[0], kept[1], kept[2], kept[3], kept[4], kept[5]};
            kernels::for_each_index(s.extent + s.kept, inner - s.kept, [&](const index* reduced) {
                for (int d = s.kept; d < inner; ++d) at[d] = reduced[d - s.kept];
                body.begin(at, body.each_operand);
                T part = How::template start<T>();
                for (index j = 0; j < s.extent[inner]; ++j)
                    part = How::combine(part, body.template element<Body::result>(j, T{}, body.lines, body.results));
                sum = How::combine(sum, part);
            });
        }
        epilogue.begin(kept, epilogue.each_operand);
        epilogue.template element<stores_only>(0, sum, epilogue.lines, epilogue.results);
    });
}

constexpr bool is_nan(std::integral auto) { return false; }
constexpr bool is_nan(std::floating_point auto v) { return v != v; }

/// Whether `v` takes the place of the extremum `best`: the first of equals stays, and the first nan.
template <bool Largest, class T> constexpr bool is_better(T v, T best) {
    return !is_nan(best) && (is_nan(v) || (Largest ? v > best : v < best));
}

/// The index of an extremum, in row-major order of the reduced axes.
template <bool Largest, class Body, class Epilogue> constexpr void arg_reduce_constant(const step& s, Body body,
                                                                                       Epilogue epilogue) {
    using T = typename Body::value_type;
    kernels::for_each_index(s.extent, s.kept, [&](const index* kept) {
        index at[max_rank] = {kept[0], kept[1], kept[2], kept[3], kept[4], kept[5]};
        T best{};
        int found = no_index, position = 0;
        kernels::for_each_index(s.extent + s.kept, body.inner - s.kept, [&](const index* reduced) {
            for (int d = s.kept; d < body.inner; ++d) at[d] = reduced[d - s.kept];
            body.begin(at, body.each_operand);
            for (index j = 0; j < s.extent[body.inner]; ++j, ++position) {
                const T v = body.template element<Body::result>(j, T{}, body.lines, body.results);
                if (found < 0 || is_better<Largest>(v, best)) best = v, found = position;
            }
        });
        epilogue.begin(kept, epilogue.each_operand);
        epilogue.template element<stores_only>(0, found, epilogue.lines, epilogue.results);
    });
}

/// The operands of one product of matrices. K: the length of the sums where it is known, else 0.
template <index K, class T> struct constant_product {
    const T *a, *b;
    index a_row, a_step;
    kernels::right_columns columns;

    constexpr constant_product(const step& s, const step_operand* operands, const address* buffers)
        : a{buffers[operands[0].buffer].template as<T>() + operands[0].offset},
          b{buffers[operands[1].buffer].template as<T>() + operands[1].offset},
          columns{s.own.product.transpose_b, s.own.product.rows_b, kernels::panel_width<T>,
                  operands[1].stride[s.rank - 2], s.own.product.k} {
        const index lda = operands[0].stride[s.rank - 2];
        a_row = s.own.product.transpose_a ? 1 : lda, a_step = s.own.product.transpose_a ? lda : 1;
    }
    // One expression where the length is known.
    constexpr T operator()(index i, index j, index k) const {
        if constexpr (K > 0 && K <= 64)
            return kernels::detail::dot(a + i * a_row, a_step, b + columns.offset(j), columns.step,
                                        kernels::lane_sequence<K>{});
        else return kernels::detail::dot<0>(a + i * a_row, a_step, b + columns.offset(j), columns.step, k);
    }
};

template <index K, class Epilogue> constexpr void contraction_constant(const step& s, const step_operand* operands,
                                                                       const address* buffers, Epilogue epilogue) {
    using T = typename Epilogue::value_type;
    const int outer = s.rank - 2;
    kernels::for_each_index(s.extent, outer, [&](const index* of_batch) {
        constant_product<K, T> product{s, operands, buffers};
        index at[max_rank] = {};
        for (int d = 0; d < outer; ++d)
            at[d] = of_batch[d], product.a += of_batch[d] * operands[0].stride[d],
            product.b += of_batch[d] * operands[1].stride[d];
        for (index i = 0; i < s.own.product.m; ++i) {
            at[outer] = i;
            epilogue.begin(at, epilogue.each_operand);
            for (index j = 0; j < s.own.product.n; ++j)
                epilogue.template element<stores_only>(j, product(i, j, s.own.product.k), epilogue.lines,
                                                       epilogue.results);
        }
    });
}

/// A product whose rows are combined: column by column.
template <index K, class How, class Body, class Epilogue>
constexpr void combined_product_constant(const step& s, const step_operand* operands, const address* buffers, Body body,
                                         Epilogue epilogue) {
    using T = typename Body::value_type;
    const constant_product<K, T> product{s, operands, buffers};
    index at[max_rank] = {};
    epilogue.begin(at, epilogue.each_operand);
    for (index j = 0; j < s.own.product.n; ++j) {
        T sum = How::template start<T>();
        for (at[0] = 0; at[0] < s.own.product.m; ++at[0]) {
            body.begin(at, body.each_operand);
            sum = How::combine(sum, body.template element<Body::handed_on>(j, product(at[0], j, s.own.product.k),
                                                                           body.lines, body.results));
        }
        epilogue.template element<stores_only>(j, sum, epilogue.lines, epilogue.results);
    }
}

template <reducer How> struct combiner;
template <> struct combiner<reducer::sum> {
    using type = kernels::sum_of;
};
template <> struct combiner<reducer::product> {
    using type = kernels::product_of;
};
template <> struct combiner<reducer::maximum> {
    using type = kernels::maximum_of;
};
template <> struct combiner<reducer::minimum> {
    using type = kernels::minimum_of;
};

/// visit(how), one of kernels/reduce.hpp.
template <class Visit> constexpr auto with_combiner(reducer how, Visit visit) {
    switch (how) {
        case reducer::product: return visit(kernels::product_of{});
        case reducer::maximum: return visit(kernels::maximum_of{});
        case reducer::minimum: return visit(kernels::minimum_of{});
        default: return visit(kernels::sum_of{});
    }
}

template <bool Combines, reducer How> struct combiner_if {
    using type = void;
};
template <reducer How> struct combiner_if<true, How> : combiner<How> {};

}  // namespace ashlar::detail
