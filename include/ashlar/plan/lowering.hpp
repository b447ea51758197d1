// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/window.hpp"
#include "ashlar/plan/draft_writer.hpp"
#include "ashlar/plan/fusion.hpp"
#include "ashlar/plan/rows.hpp"
#include "ashlar/plan/windows.hpp"

namespace ashlar::detail {

/// The code of every step: what is loaded, the ops in order, which registers hold the results.
///   in   the graph; fusion; order of the steps and their blocks
///   out  steps, loads, code, results as drafts, before buffers have places; which buffer a chain of placements shares
template <class Graph> class lowering : public draft_writer {
public:
    constexpr lowering(const fusion<Graph>& fused, const step_order& order)
        : g_{fused.g}, fused_{fused}, order_{order} {}

    constexpr void write() {
        begin_drafts(g_.nodes.size());
        owner_.resize(g_.nodes.size(), -1);
        next_hosted_.resize(g_.nodes.size(), -1);
        first_hosted_.resize(fused_.leader.size(), -1);
        for (int id = g_.nodes.size() - 1; id >= 0; --id)
            if (fused_.root.data[id] != 0)
                next_hosted_.data[id] = first_hosted_.data[fused_.host.data[id]],
                first_hosted_.data[fused_.host.data[id]] = id;
        for (const int s : order_.order) {
            const int id = fused_.leader.data[s];
            switch (g_.nodes.data[id].op->what) {
                case kind::contraction: contraction(s, id); break;
                case kind::window: window_step(s, id); break;
                case kind::reduction: reduction(s, id); break;
                case kind::range: range(id); break;
                case kind::place: place(s, id); break;
                default: map(s, id); break;
            }
        }
    }

    /// The node whose buffer this root uses: a chain of placements writes into one.
    constexpr int owner(int id) const { return owner_.data[id] < 0 ? id : owner_.data[id]; }
    constexpr bool read_elsewhere(int id) const { return read_.data[id] != 0; }
    constexpr bool has_memory(int id) const {
        return owner_.data[id] < 0 && (read_.data[id] != 0 || fused_.facts(id).reads == reading::window);
    }

private:
    const Graph& g_;
    const fusion<Graph>& fused_;
    const step_order& order_;
    list<int> owner_, first_hosted_, next_hosted_;
    int host_ = -1;            // the step of `fusion` that is written
    int accumulator_ = -1;     // the node that the kernel itself computes
    int passed_ = -1;          // a pool that has come before what it takes

    constexpr void begin(int host, int id, step_kind what) {
        begin_draft(id, what, host >= 0 ? order_.block.data[host] : -1);
        host_ = host;
        accumulator_ = -1, passed_ = -1;
    }

    // ---- groups --------------------------------------------------------------------------------------------------

    // The register that holds node `id`, computed or loaded if need be.
    constexpr int emit_node(int id) {
        if (is_here(id)) return register_.data[id];
        const node& n = g_.nodes.data[id];
        if (id == accumulator_) {
            compute_ = promote(compute_, n.type);
            return append({.from = source::accumulator, .type = n.type}, id);
        }
        if (id == passed_) return emit_node(g_.argument(id, 0));
        if (n.op->facts.is_constant) return append({.from = source::constant, .type = dtype::float64, .bits = std::bit_cast<std::uint64_t>(n.value)}, id);
        const bool here =
            n.op->facts.is_elementwise && (fused_.root.data[id] == 0 || fused_.host.data[id] == host_);
        if (!here) return load(id);
        compute_ = promote(compute_, n.type);
        int r[3] = {0, 0, 0};
        for (int i = 0; i < n.count; ++i) {
            const int a = g_.argument(id, i);
            r[i] = emit_node(a);
            if (n.op->evaluates) compute_ = promote(compute_, g_.nodes.data[a].type);
        }
        if (n.op->same_value) return same_register(id, r[0]);
        return append({.from = source::op, .type = n.type, .product = mark_product(fused_.product_in(id), r),
                       .a = static_cast<short>(r[0]), .b = static_cast<short>(r[1]), .c = static_cast<short>(r[2]),
                       .op = n.op}, id);
    }

    // The line of a product becomes a part of that of the sum which takes it as argument i.
    constexpr with_product mark_product(int i, const int* registers) {
        if (i < 0) return with_product::no;
        in_group(registers[i]).product = with_product::taken;
        return i == 0 ? with_product::first : with_product::second;
    }

    constexpr int load(int id) {
        const node& n = g_.nodes.data[id];
        add_operand(aligned(fused_.access_of(id), g_.shape_of(id), space_rank_));
        compute_ = promote(compute_, n.type);
        return append({.from = source::load, .type = storage_of(loads.back().root)}, id);
    }

    constexpr dtype storage_of(int root) const {
        return fused_.facts(root).is_input ? g_.inputs.data[static_cast<int>(g_.nodes.data[root].value)].storage : g_.nodes.data[root].type;
    }

    constexpr void emit_hosted(int s, int extent = -1) {
        for (int id = first_hosted_.data[s]; id >= 0; id = next_hosted_.data[id]) {
            if (extent >= 0 && g_.nodes.data[id].extent != extent) continue;
            const bool moved = fused_.facts(id).moves();
            const int r = moved ? load_view(id) : emit_node(id);
            compute_ = promote(compute_, g_.nodes.data[id].type);  // a constant says it nowhere else
            results.push({id, static_cast<short>(r), contiguous(g_.shape_of(id))});
        }
    }

    // A view that is copied: what it views, through its own strides.
    constexpr int load_view(int id) {
        add_operand(fused_.source_of(id));
        compute_ = promote(compute_, g_.nodes.data[id].type);
        return append({.from = source::load, .type = storage_of(loads.back().root)}, id);
    }

    // ---- kinds of steps ------------------------------------------------------------------------------------------

    constexpr void map(int s, int id) {
        begin(s, id, step_kind::map);
        set_space(g_.shape_of(id));
        now_.base.first_code = code.size();
        emit_hosted(s);
        now_.base.codes = code.size() - now_.base.first_code;
        now_.base.compute = compute();
        collapse(first_axis(), now_.base.rank, now_.first_load, now_.first_result);
        settle(now_.base.first_code, now_.base.codes, now_.first_load, now_.base.rank - 1);
        finish();
    }

    constexpr void range(int id) {
        begin(-1, id, step_kind::range);
        set_space(g_.shape_of(id));
        now_.base.compute = g_.nodes.data[id].type;
        results.push({id, 0, contiguous(g_.shape_of(id))});
        finish();
    }

    constexpr void place(int s, int id) {
        const attributes& w = g_.attributes_of(id);
        const int base = g_.argument(id, 0), x = g_.argument(id, 1);
        const shape& all = g_.shape_of(id);
        // A chain of placements writes into one buffer, unless somebody else wants to see it half done.
        const bool chained = fused_.facts(base).reads == reading::window && fused_.last_reader_is(base, id);
        if (chained) {
            owner_.data[id] = owner(base);
        } else {
            begin(s, id, step_kind::map);
            set_space(all);
            write(base, id, contiguous(all));
        }
        begin(s, id, step_kind::map);
        shape inside = all;
        site where = contiguous(all);
        for (int i = 0; i < all.rank; ++i) {
            inside.extent[i] = w.value[4 * i + 3];
            const index stride = where.stride[i];
            where.offset += w.value[4 * i + 1] * stride;
            where.stride[i] = inside[i] == 1 ? 0 : stride * w.value[4 * i + 2];
        }
        set_space(inside);
        write(x, id, where);
        read_.data[id] = 1;
        if (chained) read_.data[base] = 1;
    }

    // One element-wise value into memory of `target`.
    constexpr void write(int id, int target, const site& where) {
        now_.base.first_code = code.size();
        const int r = emit_node(id);
        compute_ = promote(compute_, g_.nodes.data[target].type);
        results.push({target, static_cast<short>(r), where});
        now_.base.codes = code.size() - now_.base.first_code;
        now_.base.compute = compute();
        collapse(0, now_.base.rank, now_.first_load, now_.first_result);
        settle(now_.base.first_code, now_.base.codes, now_.first_load, now_.base.rank - 1);
        finish();
    }

    constexpr void reduction(int s, int id) {
        begin(s, id, step_kind::reduce);
        step& b = now_.base;
        const int x = g_.argument(id, 0);
        const shape in = g_.shape_of(x);
        const auto reduced = static_cast<int>(g_.attributes_of(id).value[0]), dropped = static_cast<int>(g_.attributes_of(id).value[1]);
        b.how = g_.nodes.data[id].op->how;
        set_space(in);
        b.first_code = code.size();
        b.result = emit_node(x);
        b.codes = code.size() - b.first_code;
        b.compute = b.how <= reducer::product ? promote(compute(), g_.nodes.data[id].type) : compute();
        // Axes in the order that the kernel walks them: kept, then reduced.
        int order[max_rank] = {}, axes = 0;
        for (int i = 0; i < in.rank; ++i)
            if ((reduced >> i & 1) == 0) order[axes++] = i;
        b.kept = axes;
        for (int i = 0; i < in.rank; ++i)
            if ((reduced >> i & 1) != 0) order[axes++] = i;
        for (int i = 0; i < in.rank; ++i) b.extent[i] = in[order[i]];
        for (int l = now_.first_load; l < loads.size(); ++l) reorder(loads.data[l].where, order, in.rank);
        // Of rows too short for a vector, neighbours are reduced together.
        const bool short_rows = in[in.rank - 1] <= 4 && now_.block < 0 && b.kept > 0 && b.extent[b.kept - 1] >= 4;
        const bool across = (reduced >> (in.rank - 1) & 1) == 0 || short_rows;
        b.inner_kept = b.kept > 0 && across && b.how < reducer::argmax;
        const int first_epilogue_load = loads.size();

        // The epilogue runs over the kept axes; `out` says where each of them is in the result's shape.
        now_.has_epilogue = true;
        b.first_epilogue = code.size();
        const dtype loop = b.compute;
        begin_group();
        accumulator_ = id;
        const shape out = g_.shape_of(id);
        space_rank_ = out.rank;
        emit_hosted(s);
        b.epilogues = code.size() - b.first_epilogue;
        if (is_floating(loop) || b.how < reducer::argmax) b.compute = promote(loop, compute());
        int axis_of_kept[max_rank] = {}, at = 0, kept = 0;
        for (int i = 0; i < in.rank; ++i) {
            if ((reduced >> i & 1) == 0) axis_of_kept[kept++] = at;
            if ((dropped >> i & 1) == 0) ++at;
        }
        for (int l = first_epilogue_load; l < loads.size(); ++l) reorder(loads.data[l].where, axis_of_kept, b.kept);
        for (int r = now_.first_result; r < results.size(); ++r) reorder(results.data[r].where, axis_of_kept, b.kept);
        collapse(b.kept, b.rank, now_.first_load, results.size(), first_epilogue_load);
        if (b.rank == b.kept) b.extent[b.rank++] = 1;  // a reduced axis of extent 1 stays for argmax
        collapse_kept();
        settle(b.first_code, b.codes, now_.first_load, b.inner_kept ? b.kept - 1 : b.rank - 1);
        settle(b.first_epilogue, b.epilogues, first_epilogue_load, b.kept - 1);
        finish();
    }

    // ---- windows -------------------------------------------------------------------------------------------------

    constexpr windows windows_at(int id) const { return windows_of(g_.attributes_of(id), g_.shape_of(g_.argument(id, 0)), g_.shape_of(g_.argument(id, g_.nodes.data[id].count - 1))); }

    constexpr void window_step(int s, int id) {
        begin(s, id, step_kind::window);
        step& b = now_.base;
        const int taker = fused_.taker.data[s],
                  pool = taker >= 0 && !fused_.facts(taker).reduces ? taker : -1;
        b.slide = windows_at(id);
        b.compute = g_.nodes.data[id].type;
        b.pools = pool >= 0;
        b.reduction = b.pools ? -1 : taker;
        if (b.pools) b.pooled = windows_at(pool);
        for (int i : {0, g_.nodes.data[id].count - 1}) add_operand(fused_.access_of(g_.argument(id, i)));
        const bool wide = b.compute == dtype::float64;
        loads.push({{}, -1, wide ? window_memory<double>{b}.size() : window_memory<float>{b}.size(), static_cast<int>(b.compute)});
        loads.push({{}, -1, wide ? window_memory<double>{b}.table_size() : window_memory<float>{b}.table_size(), static_cast<int>(dtype::int32)});
        b.kept = b.slide.what == sliding::weight ? 0 : 2;
        passed_ = b.pools && fused_.pools_first(s) ? pool : -1;
        const bool has_inner = b.combines() || (b.pools && passed_ < 0);
        if (has_inner) b.first_code = code.size(), planes(s, id, id, now_.first_result, g_.argument(taker, 0));
        end_inner_group(has_inner);
        now_.has_epilogue = true;
        b.first_epilogue = code.size();
        if (b.combines()) channels(s, taker);
        else planes(s, passed_ < 0 && b.pools ? pool : id, b.pools ? pool : id, results.size());
        b.epilogues = code.size() - b.first_epilogue;
        finish();
    }

    // The epilogue where reduction `id` combines the planes of every channel: one element a channel, as in
    // 2 * sum<0, 2, 3>(...).
    constexpr void channels(int s, int id) {
        const int first_load = loads.size();
        now_.base.how = g_.nodes.data[id].op->how;
        accumulator_ = id;
        set_space(g_.shape_of(id));
        emit_hosted(s, g_.nodes.data[id].extent);
        settle(now_.base.first_epilogue, code.size() - now_.base.first_epilogue, first_load, 0);
    }

    // The instructions on planes, whose elements the kernel gives as the values of node `id`: in relu(conv2d(x, w) + b)
    // the convolution. `like` is a node of their extents. A plane's height and width are one axis, if all operands lie
    // that way. Node `next` is what a pool or a sum takes of them, -1 where nothing follows.
    constexpr void planes(int s, int id, int like, int first_result, int next = -1) {
        step& b = now_.base;
        const int first = code.size(), first_load = loads.size();
        accumulator_ = id;
        set_space(g_.shape_of(like));
        emit_hosted(s, g_.nodes.data[like].extent);
        if (next >= 0) b.result = emit_node(next);
        collapse(b.kept, b.rank, first_load, first_result);
        if (b.rank == b.kept) b.extent[b.rank++] = 1;
        settle(first, code.size() - first, first_load, b.rank - 1);
    }

    constexpr void contraction(int s, int id) {
        begin(s, id, step_kind::contraction);
        step& b = now_.base;
        const int na = g_.argument(id, 0), nb = g_.argument(id, 1), sum = fused_.taker.data[s];
        const shape sa = g_.shape_of(na), sb = g_.shape_of(nb), out = g_.shape_of(id);
        product p = fused_.product_of(id);
        // A column of a matrix whose columns lie together is a row of vectors.
        b.turned = p.n == 1 && p.m > 1 && p.transpose_a && sa.rank == 2 && sb.rank <= 2 && sum < 0;
        if (b.turned) p = {1, p.m, p.k, sb.rank > 1 && !p.transpose_b, false};
        b.m = p.m, b.n = p.n, b.k = p.k, b.transpose_a = p.transpose_a, b.transpose_b = p.transpose_b;
        b.compute = g_.nodes.data[id].type;

        // The space is batch..., m, n; vectors have no m or no n of their own.
        const int batch = out.rank - (sa.rank > 1 ? 1 : 0) - (sb.rank > 1 ? 1 : 0);
        b.rank = batch + 2;
        for (int i = 0; i < batch; ++i) b.extent[i] = out[i];
        b.extent[batch] = b.m, b.extent[batch + 1] = b.n;
        matrix_operand(b.turned ? nb : na, true, batch);
        matrix_operand(b.turned ? na : nb, false, batch);
        loads.push({{}, -1, 0, static_cast<int>(b.compute)});
        const int scratch = loads.size() - 1;

        accumulator_ = id;
        space_rank_ = out.rank;
        if (sum >= 0) rows_to_combine(s, id, sum);
        now_.has_epilogue = true;
        b.first_epilogue = code.size();
        const int first = now_.first_load + (sum < 0 ? 3 : now_.inner_loads);
        emit_hosted(s, g_.nodes.data[sum < 0 ? id : sum].extent);
        b.epilogues = code.size() - b.first_epilogue;
        const bool has_m = sum < 0 ? sa.rank > 1 : g_.shape_of(sum).rank > 1;
        for (int l = first; l < loads.size(); ++l) into_space(loads.data[l].where, batch, has_m, sb.rank > 1, b.turned);
        for (int r = now_.first_result + now_.inner_results; r < results.size(); ++r)
            into_space(results.data[r].where, batch, has_m, sb.rank > 1, b.turned);
        join_batch_and_rows(scratch);
        if (fused_.access_of(b.turned ? na : nb).in_panels) b.rows_b = kernels::right_rows::panels;
        else if (may_be_read_wide(b, loads.data[now_.first_load + 1].where,
                                  g_.shape_of(loads.data[now_.first_load + 1].root).size()))
            b.rows_b = kernels::right_rows::wide;
        settle(b.first_epilogue, b.epilogues, first, b.rank - 1);
        finish();
    }

    // The group of a product whose rows are combined one by one. What follows lies in the same space, but has no rows.
    constexpr void rows_to_combine(int s, int id, int sum) {
        step& b = now_.base;
        const int first = loads.size();
        b.reduction = sum;
        b.how = g_.nodes.data[sum].op->how;
        b.first_code = code.size();
        emit_hosted(s, g_.nodes.data[id].extent);
        b.result = emit_node(g_.argument(sum, 0));
        end_inner_group(true);
        settle(b.first_code, b.codes, first, b.rank - 1);
        accumulator_ = sum;
        space_rank_ = g_.shape_of(sum).rank;
    }

    // Strides over batch..., then those of the stored rows and columns; a column-major operand is a transposed one.
    constexpr void matrix_operand(int id, bool left, int batch) {
        const access from = fused_.access_of(id);
        const shape& s = g_.shape_of(id);
        access a{from.root, from.offset, {}};
        for (int i = 0; i + 2 < s.rank; ++i) a.stride[batch - (s.rank - 2) + i] = from.stride[i];
        if (s.rank == 1) {
            a.stride[batch] = left ? 0 : 1, a.stride[batch + 1] = left ? 1 : 0;
        } else {
            a.stride[batch] = from.stride[s.rank - (fused_.lies_by_columns(id) ? 1 : 2)], a.stride[batch + 1] = 1;
        }
        add_operand(a);
    }
};

}  // namespace ashlar::detail
