// SPDX-License-Identifier: BSL-1.0
// Products of matrices through the kernels of the plan, as the planner calls them: its
// choice of a way, its groups, exactly the scratch it reserves. Every operand ends
// where memory ends, so that what is read or written behind it stops the program.
#pragma once

#include <ashlar/ashlar.hpp>

#include "support/guarded.hpp"

#include <cstddef>
#include <limits>
#include <type_traits>

namespace support {

using ashlar::index, ashlar::step_operand, ashlar::step;
using ashlar::detail::gemm_form, ashlar::detail::knowledge;
namespace kernels = ashlar::kernels;

/// What is made of a product: nothing; max(y + bias, 0) + other,
/// row by row; the sum over the rows of y + other, plus bias.
enum class epilogue { plain, biased, combined };

struct product {
    index m = 1, n = 1, k = 1;
    bool ta = false, tb = false;
    kernels::right_rows rows = kernels::right_rows::exact;
    index batch = 1;
    index apart = 0;  // elements between the rows of the operands
};

// ---- the groups that the planner makes of such programs ----

template <class T, epilogue E> struct program_of {
    using a = ashlar::Tensor<T, 5, 3>;
    using b = ashlar::Tensor<T, 3, 7>;
    using bias = ashlar::Tensor<T, 7>;
    using other = ashlar::Tensor<T, 5, 7>;
    static auto make(const a& x, const b& y, [[maybe_unused]] const bias& u, [[maybe_unused]] const other& v) {
        if constexpr (E == epilogue::plain) return matmul(x, y);
        else if constexpr (E == epilogue::biased) return relu(matmul(x, y) + u) + v;
        else return ashlar::sum<0>(matmul(x, y) + v) + u;
    }
    using type = ashlar::detail::evaluation<decltype(make(std::declval<const a&>(), std::declval<const b&>(),
                                                          std::declval<const bias&>(), std::declval<const other&>()))>;
};
template <class T, epilogue E> using example = typename program_of<T, E>::type;

/// The places of a run: scratch, then the operands in the order in which the examples name them, then the result.
enum place { scratch, left, right, second, third, result };

// What operand i of the example is, by its place there.
template <class T, epilogue E> constexpr place role_of(int i) {
    using spec = example<T, E>;
    const int at = ashlar::detail::operands_at<spec, 0>.data[i].buffer;
    if (at == ashlar::pools + ashlar::detail::input_count<spec>) return result;
    if (at < ashlar::pools) return scratch;
    if (E != epilogue::combined || at < ashlar::pools + 2) return static_cast<place>(at - ashlar::pools + 1);
    return at == ashlar::pools + 2 ? third : second;  // `other` is named first
}

// ---- a step for any product ----

template <class T> constexpr step step_of(const product& p) {
    step s{};
    s.what = ashlar::kind::contraction;
    s.compute = ashlar::dtype_of<T>;
    s.rank = p.batch > 1 ? 3 : 2;
    if (p.batch > 1) s.extent[0] = p.batch;
    s.extent[s.rank - 2] = p.m, s.extent[s.rank - 1] = p.n;
    s.own = {.product = {p.m, p.n, p.k, p.ta, p.tb, false, p.rows}};
    return s;
}

/// Where a matrix lies: a stride of 0 where there is one row, as the planner has it.
struct matrix_layout {
    index rows, columns, leading, size;
    constexpr matrix_layout(index r, index c, index apart)
        : rows{r}, columns{c}, leading{r == 1 ? 0 : c + apart}, size{(r - 1) * (c + apart) + c} {}
};
template <class T> struct layouts {
    matrix_layout a, b, c;
    index b_size;

    constexpr explicit layouts(const product& p)
        : a{p.ta ? p.k : p.m, p.ta ? p.m : p.k, p.apart},
          b{p.tb ? p.n : p.k, p.tb ? p.k : p.n, p.apart},
          c{p.m, p.n, p.apart},
          b_size{b.size} {
        constexpr index width = kernels::panel_width<T>, lanes = kernels::lanes<T>;
        if (p.rows == kernels::right_rows::panels) b_size = (p.n + width - 1) / width * width * p.k;
        if (p.rows == kernels::right_rows::wide) b_size += (lanes - p.n % lanes) % lanes;
    }
};

struct operands_of_step {
    step_operand data[8]{};
};
template <class T, epilogue E> constexpr operands_of_step operands_of(const product& p) {
    const layouts<T> all{p};
    operands_of_step s{};
    const int outer = p.batch > 1 ? 1 : 0;
    for (int i = 0; i < ashlar::detail::step_at<example<T, E>, 0>.operands; ++i) {
        const place role = i == 2 ? scratch : role_of<T, E>(i);
        step_operand& w = s.data[i];
        w.buffer = role;
        const bool vector = role == second || (role == result && E == epilogue::combined);
        const index leading = role == left                ? all.a.leading
                              : role == right             ? all.b.leading
                              : role == scratch || vector ? 0
                                                          : all.c.leading;
        w.stride[outer] = leading, w.stride[outer + 1] = role == scratch ? 0 : 1;
        if (outer == 1)
            w.stride[0] = role == left                      ? all.a.size
                          : role == right                   ? all.b_size
                          : role == third || role == result ? all.c.size
                                                            : 0;
    }
    return s;
}

// ---- a run ----

class memory {
public:
    template <class T> T* take(place what, index count, T value) {
        T* const from = pages_[what].template last<T>(static_cast<std::size_t>(count));
        for (index i = 0; i < count; ++i) from[i] = value;
        return from;
    }

private:
    static constexpr std::size_t most = 8192;  // pages, of which few are ever touched
    guarded_page pages_[6]{guarded_page{most}, guarded_page{most}, guarded_page{most},
                           guarded_page{most}, guarded_page{most}, guarded_page{most}};
};
inline memory& all_memory() {
    static memory m;
    return m;
}

/// Whether `run(step, operands, places)` multiplies right. Whole numbers that are small: sums are exact in every order.
template <class T, epilogue E, class Run> bool is_right(const product& p, knowledge known, Run run) {
    const layouts<T> all{p};
    const bool in_panels = p.rows == kernels::right_rows::panels;
    constexpr index width = kernels::panel_width<T>;
    step s = step_of<T>(p);
    const operands_of_step operands = operands_of<T, E>(p);
    s.scratch[0] = ashlar::detail::scratch_of(s, form_of(s, operands.data[1], known));
    const T none = std::numeric_limits<T>::has_quiet_NaN ? std::numeric_limits<T>::quiet_NaN() : T{1000000};
    memory& m = all_memory();
    const index a_size = all.a.size * p.batch, b_size = all.b_size * p.batch, c_size = all.c.size * p.batch;
    T *const a = m.take<T>(left, a_size, none), *const b = m.take<T>(right, b_size, none),
             *const bias = m.take<T>(second, p.n, none), *const other = m.take<T>(third, c_size, none),
             *const c = m.take<T>(result, E == epilogue::combined ? p.n : c_size, T{42});
    unsigned state = static_cast<unsigned>(p.m * 31 + p.n * 7 + p.k);
    const auto next = [&state] {
        state = state * 1664525U + 1013904223U;
        return static_cast<T>(static_cast<int>(state >> 24) % 9 - 4);
    };
    const auto leading = [](const matrix_layout& w) { return w.rows == 1 ? w.columns : w.leading; };
    const auto place_b = [&](index i, index j) {
        return in_panels ? (j / width * p.k + i) * width + j % width : i * leading(all.b) + j;
    };
    for (index n = 0; n < p.batch; ++n) {
        for (index i = 0; i < all.a.rows; ++i)
            for (index j = 0; j < all.a.columns; ++j) a[n * all.a.size + i * leading(all.a) + j] = next();
        for (index i = 0; i < all.b.rows; ++i)
            for (index j = 0; j < all.b.columns; ++j) b[n * all.b_size + place_b(i, j)] = next();
        for (index i = 0; i < p.m; ++i)
            for (index j = 0; j < p.n; ++j) other[n * all.c.size + i * leading(all.c) + j] = next();
    }
    for (index j = 0; j < p.n; ++j) bias[j] = next();
    const ashlar::address places[] = {ashlar::address{m.take<T>(scratch, s.scratch[0], none)},
                                      ashlar::address{a},
                                      ashlar::address{b},
                                      ashlar::address{bias},
                                      ashlar::address{other},
                                      ashlar::address{c}};
    run(s, operands.data, places);
    for (index n = 0; n < p.batch; ++n)
        for (index j = 0; j < p.n; ++j) {
            double column = 0;
            for (index i = 0; i < p.m; ++i) {
                double y = 0;
                for (index q = 0; q < p.k; ++q)
                    y += static_cast<double>(
                             a[n * all.a.size + (p.ta ? q * leading(all.a) + i : i * leading(all.a) + q)]) *
                         static_cast<double>(b[n * all.b_size + (p.tb ? place_b(j, q) : place_b(q, j))]);
                const index at = n * all.c.size + i * leading(all.c) + j;
                const auto more = static_cast<double>(other[at]), below = static_cast<double>(bias[j]);
                if (E == epilogue::biased) y = (y + below > 0 ? y + below : 0) + more;
                column += y + more;
                if (E != epilogue::combined && static_cast<double>(c[at]) != y) return false;
            }
            if (E == epilogue::combined && static_cast<double>(c[j]) != column + static_cast<double>(bias[j]))
                return false;
        }
    if (E != epilogue::combined)  // what lies between the rows is nobody's
        for (index n = 0; n < p.batch; ++n)
            for (index i = 0; i + 1 < p.m; ++i)
                for (index j = p.n; j < leading(all.c); ++j)
                    if (c[n * all.c.size + i * leading(all.c) + j] != T{42}) return false;
    return true;
}

template <class T, epilogue E> using combiner = ashlar::detail::combiner_at<example<T, E>, 0>;
template <class Axes, class T, epilogue E, kernels::way Way, bool TA, bool TB, kernels::right_rows Rows, index M,
          index N, index K>
void kernel(const step& s, const step_operand* operands, const ashlar::address* places) {
    using spec = example<T, E>;
    ashlar::detail::contraction_kernel<Axes, T, ashlar::detail::inner_body<spec, 0>,
                                       ashlar::detail::epilogue_body<spec, 0>, combiner<T, E>, Way, TA, TB, Rows, M, N,
                                       K>(s, operands, places);
}

/// Through the kernels of run-time extents.
template <class T, epilogue E> bool is_right_at_run_time(const product& p) {
    using kernels::way, kernels::right_rows;
    const gemm_form f = form_of(step_of<T>(p), operands_of<T, E>(p).data[1], knowledge::dynamic);
    const auto by = [&]<way Way, bool TA, bool TB, right_rows Rows>() {
        return is_right<T, E>(p, knowledge::dynamic,
                              &kernel<ashlar::detail::axes_of_step, T, E, Way, TA, TB, Rows, 0, 0, 0>);
    };
    const bool in_panels = f.rows_b == right_rows::panels;
    switch (f.way) {
        case way::column:
            return p.tb ? by.template operator()<way::column, false, true, right_rows::exact>()
                        : by.template operator()<way::column, false, false, right_rows::exact>();
        case way::few_rows: return by.template operator()<way::few_rows, false, true, right_rows::exact>();
        case way::row:
            if (p.ta)
                return in_panels ? by.template operator()<way::row, true, false, right_rows::panels>()
                                 : by.template operator()<way::row, true, false, right_rows::exact>();
            return in_panels ? by.template operator()<way::row, false, false, right_rows::panels>()
                             : by.template operator()<way::row, false, false, right_rows::exact>();
        case way::tiles:
            if (p.ta && p.tb) return by.template operator()<way::tiles, true, true, right_rows::exact>();
            if (p.tb) return by.template operator()<way::tiles, false, true, right_rows::exact>();
            if (p.ta)
                return in_panels ? by.template operator()<way::tiles, true, false, right_rows::panels>()
                                 : by.template operator()<way::tiles, true, false, right_rows::exact>();
            return in_panels ? by.template operator()<way::tiles, false, false, right_rows::panels>()
                             : by.template operator()<way::tiles, false, false, right_rows::exact>();
        default: return false;  // no way of run-time extents
    }
}

/// Through the kernel of static extents; where these go the ways of run-time extents, there is none.
template <class T, epilogue E, product P> bool is_right_when_static() {
    constexpr step s = step_of<T>(P);
    constexpr gemm_form f = form_of(s, operands_of<T, E>(P).data[1], knowledge::unrolled);
    if constexpr (!kernels::is_expanded(f.way)) return is_right_at_run_time<T, E>(P);
    else
        return is_right<T, E>(
            P, knowledge::unrolled,
            &kernel<ashlar::detail::known_axes<s.rank, 0, P.n>, T, E, f.way, P.ta, P.tb, f.rows_b, f.m, f.n, f.k>);
}

}  // namespace support
