// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/interpret.hpp"
#include "ashlar/constant/windows.hpp"
#include "ashlar/expr/notation.hpp"
#include "ashlar/expr/term.hpp"
#include "ashlar/ops/window.hpp"
#include "ashlar/run/step_at.hpp"
#include "ashlar/run/windows.hpp"

namespace ashlar::detail {

/// Two flops for every product of a convolution, one for every element that a pool compares.
constexpr long long windows_flops(const windows& w) {
    const long long planes = (w.is(sliding::weight) ? 1 : w.batch) * w.planes();
    if (is_pool(w.what)) return planes * w.output() * w.taps();
    // Windows that lie beside the image in part count as whole ones; the gradient of an image is as much as the output.
    return 2 * w.batch * w.features * w.output() * w.group_channels() * w.taps();
}

/// Convolutions, pools and their gradients: planes, and what is made of them while they are in the cache.
/// Operands: both arguments, scratch, a table.
template <> struct kind_rules<kind::window> : common_rules {
    // A convolution whose planes a pool takes as they are made.
    static constexpr int taken_by(const auto& hosts, int id) {
        const auto& f = hosts.fused();
        const int x = f.g.argument(id, 0), step = f.host.data[x];
        if (step < 0 || f.taker.data[step] >= 0 || f.root.data[x] == 0) return no_index;
        const int first = f.leader.data[step];
        const node &pool = f.g.nodes.data[id], &planes = f.g.nodes.data[x], &convolution = f.g.nodes.data[first];
        return convolution.op->what == kind::window && what_slides(f, id) == sliding::pool &&
                       what_slides(f, first) == sliding::output && planes.extent == convolution.extent &&
                       pool.extent != planes.extent && are_same(pool.type, convolution.type)
                   ? step
                   : no_index;
    }
    static constexpr bool gives_planes(sliding what) { return what == sliding::image || what > sliding::pool; }
    // One element a channel (but not of a convolution's output, which a pool may want).
    static constexpr bool combines(const auto& f, int first, int id) {
        const int rank = f.g.shape_of(first).rank;
        const attributes& reduced = f.g.attributes_of(id);
        return gives_planes(what_slides(f, first)) && rank > 2 && reduced.value[0] == (1 << rank) - 3 &&
               reduced.value[1] == reduced.value[0];
    }

    template <class Lowering> static constexpr void lower(Lowering& w, int s, int id) {
        w.begin(s, id, kind::window);
        auto& b = w.now.base;
        const int taker = w.fused.taker.data[s], pool = taker >= 0 && !w.fused.facts(taker).reduces ? taker : no_index;
        assign(b.compute, w.g.nodes.data[id].type);
        b.pools = pool >= 0;
        b.reduction = b.pools ? no_index : taker;
        b.own = {.window = {windows_at(w, id), b.pools ? windows_at(w, pool) : windows{}}};
        for (int i : {0, w.g.nodes.data[id].count - 1}) w.add_operand(w.fused.access_of(w.g.argument(id, i)));
        const bool wide = is_float64(b.compute);
        w.add_scratch(wide ? window_memory<double>{b}.size() : window_memory<float>{b}.size(), b.compute);
        w.add_scratch(wide ? window_memory<double>{b}.table_size() : window_memory<float>{b}.table_size(),
                      dtype::int32);
        b.kept = b.own.window.slide.is(sliding::weight) ? 0 : 2;
        w.passed = b.pools && w.fused.pools_first(s) ? pool : no_index;
        const bool has_inner = b.combines() || (b.pools && w.passed < 0);
        if (has_inner) b.first_code = w.code.size(), planes(w, s, id, id, w.now.first_result, w.g.argument(taker, 0));
        w.end_inner_body(has_inner);
        w.now.has_epilogue = true;
        b.first_epilogue = w.code.size();
        if (b.combines()) channels(w, s, taker);
        else planes(w, s, w.passed < 0 && b.pools ? pool : id, b.pools ? pool : id, w.results.size());
        b.epilogues = w.code.size() - b.first_epilogue;
        w.finish();
    }

    static constexpr bool same_kernel(const auto& x, const auto& y) {
        return x.own.window.slide.what == y.own.window.slide.what && reads_halves(x) == reads_halves(y);
    }

    // Kernels of windows read the whole step at run time.
    template <class Spec, int S> static void run(const step_operand* operands, const address* buffers) {
        entry_for<Spec, S>()(step_at<Spec, S>, operands, buffers);
    }
    template <class Spec, int S> static constexpr entry entry_for() {
        constexpr step s = step_at<Spec, S>;
        return &window_entry<type_at<Spec, S>, inner_body<Spec, S>, epilogue_body<Spec, S>, s.own.window.slide.what,
                             reads_halves(step_at<Spec, S>), s.pools, combiner_at<Spec, S>>;
    }

    template <class T, bool Mixed> static constexpr void interpret(const interpreted_step<T, Mixed>& at) {
        const step& s = at.s;
        const step_operand* const after = at.operands + own_operands(s);
        const auto between = at.inner(after, s.between.rank - 1);
        windows_constant<T>(s, at.operands, at.buffers, between,
                            at.template epilogue<T>(after + between.loads + s.stores, s.rank > 0 ? s.rank - 1 : 0));
    }

    static constexpr const char* name(const step& s) { return is_pool(s.own.window.slide.what) ? "pool" : "conv"; }
    static void space(text& t, const auto& p, const step& s) {
        const shape& whole = p.graph.shapes[p.graph.of[s.node].extent];
        append_extents(t, whole.extent, whole.rank, "x");
    }
    static constexpr long long flops(const auto& p, const step& s) {
        return windows_flops(s.own.window.slide) + s.between.elements() * (p.inner_flops(s) + (s.combines() ? 1 : 0)) +
               (s.pools ? windows_flops(s.own.window.pooled) : 0) + s.elements(0, s.rank) * p.epilogue_flops(s);
    }
    static constexpr long long own_bytes(const auto&, const step& s) {
        const windows& w = s.own.window.slide;
        const long long image = w.batch * w.channels * w.image(), output = w.batch * w.features * w.output(),
                        weight = w.features * w.group_channels() * w.taps();
        const long long n = w.is(sliding::pool)        ? image
                            : w.is(sliding::pool_pick) ? 2 * image
                            : w.is(sliding::output)    ? image + weight
                            : w.is(sliding::image)     ? output + weight
                                                       : image + output;
        return n * element_bytes(s.compute);
    }
    static constexpr long long node_flops(const op_record&, const shape&, const shape& first, const shape& last,
                                          const attributes& a, int) {
        return windows_flops(windows_of(a, first, last));
    }
    static text formula(auto& listing, const step& s, const term& node, int& at) {
        const text t = listing.windowed(s, node, at);
        return s.combines() ? listing.combined(s, t, node, at) : t;
    }
    static void value(const auto& values, auto& v, const step& s, const term& node, int& at) {
        text t;
        append_windows(t, s.own.window.slide);
        values.add(v, values.named(t.c_str()));
        values.add(v, values.attributes_of(node).value, values.attributes_of(node).count);
        for (int i = 0; i < node.count; ++i) {
            const shape& extent = values.argument_shape(node, i);
            values.add(v, values.read(values.operand(at + i), extent.extent, extent.rank));
        }
        at += own_operands(s);
    }

private:
    static constexpr sliding what_slides(const auto& f, int id) {
        return static_cast<sliding>(f.g.attributes_of(id).value[0]);
    }
    static constexpr windows windows_at(const auto& w, int id) {
        const int last = w.g.nodes.data[id].count - 1;
        return windows_of(w.g.attributes_of(id), w.g.shape_of(w.g.argument(id, 0)),
                          w.g.shape_of(w.g.argument(id, last)));
    }

    // The epilogue where reduction `id` combines the planes of every channel: one element a channel, as in
    // 2 * sum<0, 2, 3>(...).
    template <class Lowering> static constexpr void channels(Lowering& w, int s, int id) {
        const int first_load = w.loads.size();
        w.now.base.how = w.g.nodes.data[id].op->how;
        w.accumulator = id;
        w.set_space(w.g.shape_of(id));
        w.compute_hosted(s, w.g.nodes.data[id].extent);
        w.settle(w.now.base.first_epilogue, w.code.size() - w.now.base.first_epilogue, first_load, 0);
    }

    // The instructions on planes, whose elements the kernel gives as the values of node `id`: in relu(conv2d(x, w) + b)
    // the convolution. `like` is a node of their extents. A plane's height and width are one axis, if all operands lie
    // that way. Node `next` is what a pool or a sum takes of them, if anything.
    template <class Lowering>
    static constexpr void planes(Lowering& w, int s, int id, int like, int first_result, int next = no_index) {
        step& b = w.now.base;
        const int first = w.code.size(), first_load = w.loads.size();
        w.accumulator = id;
        w.set_space(w.g.shape_of(like));
        w.compute_hosted(s, w.g.nodes.data[like].extent);
        if (next >= 0) b.result = w.register_of(next);
        w.collapse(b.kept, b.rank, first_load, first_result);
        if (b.rank == b.kept) b.extent[b.rank++] = 1;
        w.settle(first, w.code.size() - first, first_load, b.rank - 1);
    }
};

}  // namespace ashlar::detail
