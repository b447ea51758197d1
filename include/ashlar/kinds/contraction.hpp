// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/interpret.hpp"
#include "ashlar/expr/notation.hpp"
#include "ashlar/expr/term.hpp"
#include "ashlar/run/step_at.hpp"

namespace ashlar::detail {

/// Products of matrices and vectors, with what is made of them element by element, or of the sums of their rows.
/// Operands: a, b, scratch.
template <> struct kind_rules<kind::contraction> : common_rules {
    static constexpr bool combines(const auto& f, int first, int id) {
        if (f.g.shape_of(first).rank != 2 || f.g.attributes_of(id).value[0] != 1) return false;
        const auto by = factors_of(f.product_of(first), false);
        return is_wide(f.g.nodes.data[first].type) ? kernels::hands_out_columns<double>(by)
                                                   : kernels::hands_out_columns<float>(by);
    }

    template <class Lowering> static constexpr void lower(Lowering& w, int s, int id) {
        w.begin(s, id, kind::contraction);
        step& b = w.now.base;
        const int na = w.g.argument(id, 0), nb = w.g.argument(id, 1), sum = w.fused.taker.data[s];
        const shape sa = w.g.shape_of(na), sb = w.g.shape_of(nb), out = w.g.shape_of(id);
        product p = w.fused.product_of(id);
        // A column of a matrix whose columns lie together is a row of vectors.
        const bool turned = p.n == 1 && p.m > 1 && p.transpose_a && sa.rank == 2 && sb.rank <= 2 && sum < 0;
        if (turned) p = {1, p.m, p.k, sb.rank > 1 && !p.transpose_b, false};
        b.own = {.product = {p.m, p.n, p.k, p.transpose_a, p.transpose_b, turned}};
        assign(b.compute, w.g.nodes.data[id].type);

        // The space is batch..., m, n; vectors have no m or no n of their own.
        const int batch = out.rank - (sa.rank > 1 ? 1 : 0) - (sb.rank > 1 ? 1 : 0);
        b.rank = batch + 2;
        for (int i = 0; i < batch; ++i) b.extent[i] = out[i];
        b.extent[batch] = p.m, b.extent[batch + 1] = p.n;
        matrix_operand(w, turned ? nb : na, true, batch);
        matrix_operand(w, turned ? na : nb, false, batch);
        w.add_scratch(0, b.compute);  // see reserve
        const int scratch = w.loads.size() - 1;

        w.accumulator = id;
        w.space_rank = out.rank;
        if (sum >= 0) rows_to_combine(w, s, id, sum);
        w.now.has_epilogue = true;
        b.first_epilogue = w.code.size();
        const int first = w.now.first_load + (sum < 0 ? 3 : w.now.inner_loads);
        w.compute_hosted(s, w.g.nodes.data[sum < 0 ? id : sum].extent);
        b.epilogues = w.code.size() - b.first_epilogue;
        const bool has_m = sum < 0 ? sa.rank > 1 : w.g.shape_of(sum).rank > 1;
        for (int l = first; l < w.loads.size(); ++l)
            into_space(w.loads.data[l].where, batch, has_m, sb.rank > 1, turned);
        for (int r = w.now.first_result + w.now.inner_results; r < w.results.size(); ++r)
            into_space(w.results.data[r].where, batch, has_m, sb.rank > 1, turned);
        join_batch_and_rows(w, scratch);
        if (w.fused.access_of(turned ? na : nb).in_panels) b.own.product.rows_b = kernels::right_rows::panels;
        else if (may_be_read_wide(b, w.loads.data[w.now.first_load + 1].where,
                                  w.g.shape_of(w.loads.data[w.now.first_load + 1].root).size()))
            b.own.product.rows_b = kernels::right_rows::wide;
        w.settle(b.first_epilogue, b.epilogues, first, b.rank - 1);
        w.finish();
    }

    static constexpr bool same_kernel(const step& x, const step& y) {
        return x.own.product.transpose_a == y.own.product.transpose_a &&
               x.own.product.transpose_b == y.own.product.transpose_b;
    }
    static constexpr void reserve(const auto& s, const step_operand* operands, knowledge known, index& size) {
        size = scratch_of(s, form_of(s, operands[1], known));
    }

    template <class Spec, int S> ASHLAR_INLINE static void run(const step_operand* operands, const address* buffers) {
        constexpr product_step p = step_at<Spec, S>.own.product;
        constexpr gemm_form f = form_at<Spec, S>;
        contraction_kernel<axes_at<Spec, S>, type_at<Spec, S>, inner_body<Spec, S>, epilogue_body<Spec, S>,
                           combiner_at<Spec, S>, f.way, p.transpose_a, p.transpose_b, f.rows_b, f.m, f.n, f.k>(
            step_at<Spec, S>, operands, buffers);
    }
    template <class Spec, int S> static constexpr entry entry_for() {
        constexpr product_step p = step_at<Spec, S>.own.product;
        constexpr gemm_form f = form_at<Spec, S>;
        return &product_entry<type_at<Spec, S>, inner_body<Spec, S>, epilogue_body<Spec, S>, combiner_at<Spec, S>,
                              f.way, p.transpose_a, p.transpose_b, f.rows_b>;
    }

    template <class Spec, int S>
    static constexpr void constant(const step& s, const step_operand* operands, const address* buffers) {
        using T = type_at<Spec, S>;
        using inner = constant_body<inner_body<Spec, S>, T>;
        using epilogue = constant_body<epilogue_body<Spec, S>, T>;
        if constexpr (step_at<Spec, S>.combines())
            combined_product_constant<form_at<Spec, S>.k, combiner_at<Spec, S>>(
                s, operands, buffers, inner{buffers, operands + 3, 1},
                epilogue{buffers, operands + 3 + inner::each_operand.size(), 1});
        else
            contraction_constant<form_at<Spec, S>.k>(s, operands, buffers, epilogue{buffers, operands + 3, s.rank - 1});
    }
    template <class T, bool Mixed> static constexpr void interpret(const interpreted_step<T, Mixed>& at) {
        const step& s = at.s;
        const step_operand* const after = at.operands + own_operands(s);
        if (!s.combines())
            return contraction_constant<0>(s, at.operands, at.buffers, at.template epilogue<T>(after, s.rank - 1));
        const auto body = at.inner(after, s.rank - 1);
        const auto last = at.template epilogue<T>(after + body.loads + s.stores, s.rank - 1);
        with_combiner(
            s.how, [&]<class How>(How) { combined_product_constant<0, How>(s, at.operands, at.buffers, body, last); });
    }

    static constexpr const char* name(const step&) { return "matmul"; }
    // m x k x n after the batch.
    static void space(text& t, const auto&, const step& s) {
        append_extents(t, s.extent, s.rank - 2, "x");
        if (s.rank > 2) t += " * ";
        const index mkn[] = {s.own.product.m, s.own.product.k, s.own.product.n};
        append_extents(t, mkn, 3, "x");
    }
    static constexpr long long flops(const auto& p, const step& s) {
        const long long space = s.elements(0, s.rank), one = 2 * s.own.product.k;
        return s.combines() ? space * (one + p.inner_flops(s) + 1) + space / s.own.product.m * p.epilogue_flops(s)
                            : space * (one + p.epilogue_flops(s));
    }
    static constexpr long long own_bytes(const auto& p, const step& s) {
        const long long batch = s.elements(0, s.rank - 2);
        const step_operand* const operands = p.operands + s.first_operand;
        return ((operands[0].stride[0] != 0 || s.rank == 2 ? batch : 1) * s.own.product.m * s.own.product.k +
                (operands[1].stride[0] != 0 || s.rank == 2 ? batch : 1) * s.own.product.k * s.own.product.n) *
               element_bytes(s.compute);
    }
    static constexpr long long node_flops(const op_record&, const shape& result, const shape& a, const shape&,
                                          const attributes& transposed, int) {
        return 2 * result.size() * (a.rank < 2 ? a[0] : a[a.rank - (transposed.value[0] != 0 ? 2 : 1)]);
    }
    static text formula(auto& listing, const step& s, const term& node, int& at) {
        const text t = listing.product(s, at);
        return s.combines() ? listing.combined(s, t, node, at) : t;
    }
    static void value(const auto& values, auto& v, const step& s, const term&, int& at) {
        const product_step& p = s.own.product;
        const index sizes[] = {p.m, p.n, p.k, p.transpose_a, p.transpose_b, p.turned};
        values.add(v, sizes, 6);
        for (int i = 0; i < 2; ++i) {
            index extent[max_rank];
            matrix_extents(s, i, extent);
            values.add(v, values.read(values.operand(at++), extent, s.rank));
        }
        ++at;  // scratch
    }
    /// The extents in memory of operand i.
    static constexpr void matrix_extents(const step& s, int i, index* extent) {
        for (int d = 0; d < max_rank; ++d) extent[d] = s.extent[d];
        const product_step& p = s.own.product;
        const bool transposed = i == 0 ? p.transpose_a : p.transpose_b;
        const index rows = i == 0 ? p.m : p.k, columns = i == 0 ? p.k : p.n;
        extent[s.rank - 2] = transposed ? columns : rows, extent[s.rank - 1] = transposed ? rows : columns;
    }

private:
    // The body of a product whose rows are combined one by one. What follows lies in the same space, but has no rows.
    template <class Lowering> static constexpr void rows_to_combine(Lowering& w, int s, int id, int sum) {
        step& b = w.now.base;
        const int first = w.loads.size();
        b.reduction = sum;
        b.how = w.g.nodes.data[sum].op->how;
        b.first_code = w.code.size();
        w.compute_hosted(s, w.g.nodes.data[id].extent);
        b.result = w.register_of(w.g.argument(sum, 0));
        w.end_inner_body(true);
        w.settle(b.first_code, b.codes, first, b.rank - 1);
        w.accumulator = sum;
        w.space_rank = w.g.shape_of(sum).rank;
    }

    // Strides over batch..., then those of the stored rows and columns; a column-major operand is a transposed one.
    template <class Lowering> static constexpr void matrix_operand(Lowering& w, int id, bool left, int batch) {
        const access from = w.fused.access_of(id);
        const shape& s = w.g.shape_of(id);
        access a{from.root, from.offset, {}};
        for (int i = 0; i + 2 < s.rank; ++i) a.stride[batch - (s.rank - 2) + i] = from.stride[i];
        if (s.rank == 1) {
            a.stride[batch] = left ? 0 : 1, a.stride[batch + 1] = left ? 1 : 0;
        } else {
            a.stride[batch] = from.stride[s.rank - (w.fused.lies_by_columns(id) ? 1 : 2)], a.stride[batch + 1] = 1;
        }
        w.add_operand(a);
    }

    // (batch, m, k) x (k, n) is one product of batch * m rows where a lies contiguously and b has no batch.
    template <class Lowering> static constexpr void join_batch_and_rows(Lowering& w, int scratch) {
        step& b = w.now.base;
        while (b.rank > 2 && !b.own.product.transpose_a) {
            const int batch = b.rank - 3;
            const step_operand& second = w.loads.data[w.now.first_load + 1].where;
            if (second.stride[batch] != 0) return;
            for (int l = w.now.first_load; l < w.loads.size(); ++l)
                if (l != w.now.first_load + 1 && l != scratch && !joins(w.loads.data[l].where, batch, b.own.product.m))
                    return;
            for (int r = w.now.first_result; r < w.results.size(); ++r)
                if (!joins(w.results.data[r].where, batch, b.own.product.m)) return;
            b.own.product.m *= b.extent[batch];
            b.extent[batch + 1] = b.own.product.m;
            for (int l = w.now.first_load; l < w.loads.size(); ++l) drop_axis(w.loads.data[l].where, batch);
            for (int r = w.now.first_result; r < w.results.size(); ++r) drop_axis(w.results.data[r].where, batch);
            for (int i = batch; i + 1 < b.rank; ++i) b.extent[i] = b.extent[i + 1];
            --b.rank;
        }
    }

    template <class T, auto G, auto E, class How, kernels::way Way, bool TransposeA, bool TransposeB,
              kernels::right_rows Rows>
    ASHLAR_FLATTEN static void product_entry(const step& s, const step_operand* operands, const address* buffers) {
        contraction_kernel<axes_of_step, T, G, E, How, Way, TransposeA, TransposeB, Rows, 0, 0, 0>(s, operands,
                                                                                                   buffers);
    }
};

}  // namespace ashlar::detail
