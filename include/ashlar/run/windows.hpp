// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/windows.hpp"
#include "ashlar/run/kernels.hpp"

// The steps of windows at run time: kernels give finished planes, which bodies of fused ops take while they are hot.
namespace ashlar::detail {

/// Planes of image n, from channel `first` on; `pitch` elements from one to the next.
struct plane_range {
    index n, first, count, pitch;
};

/// visit(body, plane) for every row of some planes in the axes of a loop body: mostly a plane is one row, and the next
/// is a step away.
template <class Body, class Visit>
ASHLAR_INLINE inline void for_each_row(int rank, const index* extent, int kept, const step_operand* operands,
                                       const address* buffers, const plane_range& planes, Visit visit) {
    Body body;
    index at[max_rank] = {planes.n, planes.first};
    for (index c = 0; c < planes.count; ++c, ++at[1])
        kernels::for_each_index(extent + kept, rank - kept - 1, [&](const index* inner) ASHLAR_INLINE {
            if (c > 0 && rank == kept + 1) {
                body.next_row(operands, kept - 1);
            } else {
                for (int d = kept; d < rank - 1; ++d) at[d] = inner[d - kept];
                body = Body{buffers, operands, at, rank - 1};
            }
            visit(body, c);
        });
}

/// Planes through the epilogue, which stores them.
template <class T, auto E> [[gnu::noinline]] ASHLAR_FLATTEN void
store_planes(const step& s, const step_operand* operands, const address* buffers, const plane_range& planes,
             const T* from) {
    const index n = s.extent[s.rank - 1];
    const T* row = from;
    index now = 0;
    for_each_row<fused_body<E, T>>(s.rank, s.extent, s.kept, operands, buffers, planes,
                                   [&](auto& body, index c) ASHLAR_INLINE {
                                       if (c != now) now = c, row = from + c * planes.pitch;
                                       index j = 0;
                                       for (; j + kernels::lanes<T> <= n; j += kernels::lanes<T>)
                                           body.template lanes<true>(j, 0, kernels::load(row + j));
                                       if (j < n) body.template lanes<false>(j, n - j, kernels::load(row + j));
                                       row += n;
                                   });
}

/// Planes through the loop body before a pool, which stores some of it and hands it on in place.
template <class T, auto G> [[gnu::noinline]] ASHLAR_FLATTEN void
pass_planes(const step& s, const step_operand* operands, const address* buffers, const plane_range& planes, T* from) {
    const index n = s.between.extent[s.between.rank - 1];
    T* row = from;
    index now = 0;
    for_each_row<fused_body<G, T>>(
        s.between.rank, s.between.extent, s.kept, operands, buffers, planes, [&](auto& body, index c) ASHLAR_INLINE {
            if (c != now) now = c, row = from + c * planes.pitch;
            index j = 0;
            for (; j + kernels::lanes<T> <= n; j += kernels::lanes<T>)
                kernels::store(row + j, body.template passed_lanes<true>(j, 0, kernels::load(row + j)));
            // The rest of a row may be all that the next one begins with.
            if (j < n)
                kernels::store_partial(row + j, body.template passed_lanes<false>(j, n - j, kernels::load(row + j)),
                                       n - j);
            row += n;
        });
}

/// What planes of image n have been combined to, into the sums of
/// all channels, in stages: a number of images, then of those.
template <class T, class How> void combine_image(const step& s, index n, index channel, T plane, T* sums) {
    const index next = s.own.window.slide.planes(), length = kernels::stage_length;
    T* const at = sums + channel;
    at[0] = How::combine(at[0], plane);
    if ((n + 1) % length == 0) at[next] = How::combine(at[next], at[0]), at[0] = How::template start<T>();
    if ((n + 1) % (length * length) == 0)
        at[2 * next] = How::combine(at[2 * next], at[next]), at[next] = How::template start<T>();
}
template <class T, class How> void end_images(const step& s, T* sums) {
    const index next = s.own.window.slide.planes();
    for (index c = 0; c < next; ++c) sums[c] = How::combine(sums[2 * next + c], How::combine(sums[next + c], sums[c]));
}

/// Planes through the loop body before a sum, which stores some of it; what it hands on is combined in `sums`, an
/// element a channel.
template <class T, auto G, class How> [[gnu::noinline]] ASHLAR_FLATTEN void
combine_planes(const step& s, const step_operand* operands, const address* buffers, const plane_range& planes,
               const T* from, T* sums) {
    const index n = s.between.extent[s.between.rank - 1];
    const auto start = kernels::broadcast(How::template start<T>());
    const T* row = from;
    kernels::chain<kernels::vec<T>, How, kernels::takes_stages<T, How>(0)> all;
    all.begin();
    index now = 0;
    const auto add = [&] { combine_image<T, How>(s, planes.n, planes.first + now, How::across(all.result()), sums); };
    for_each_row<fused_body<G, T>>(
        s.between.rank, s.between.extent, s.kept, operands, buffers, planes, [&](auto& body, index c) ASHLAR_INLINE {
            if (c != now) add(), all.begin(), now = c, row = from + c * planes.pitch;
            index j = 0;
            for (; j + kernels::lanes<T> <= n; j += kernels::lanes<T>)
                all.add(body.template passed_lanes<true>(j, 0, kernels::load(row + j)));
            if (j < n)
                all.add(kernels::first_lanes(body.template passed_lanes<false>(j, n - j, kernels::load(row + j)), start,
                                             n - j));
            row += n;
        });
    add();
}

/// What has been combined for every channel through the epilogue.
template <class T, auto E> ASHLAR_FLATTEN void store_channels(const step& s, const step_operand* operands,
                                                              const address* buffers, const T* sums) {
    const index none[max_rank] = {}, n = s.extent[0];
    const fused_body<E, T> body{buffers, operands, none, 0};
    index j = 0;
    for (; j + kernels::lanes<T> <= n; j += kernels::lanes<T>) body.template lanes<true>(j, 0, kernels::load(sums + j));
    if (j < n) body.template lanes<false>(j, n - j, kernels::load_partial(sums + j, n - j));
}

/// What takes the planes of a step. How: what combines those of a channel, or void.
template <class T, auto G, auto E, bool Pools, class How> struct plane_epilogue {
    const step& s;
    const step_operand* operands;  // those of the loop bodies
    const address* buffers;
    T *packed, *pooled;  // of the pool: the frame of a plane, the planes of the result
    T* sums;             // of the planes of every channel
    index pitch;
    kernels::window_frame frame{};
    kernels::window_table table{};

    ASHLAR_FLATTEN static void take(void* self, index n, index first, index count, T* planes, index pitch) {
        const plane_epilogue& e = *static_cast<const plane_epilogue*>(self);
        if constexpr (Pools) {
            if constexpr (G.instructions > 0)
                pass_planes<T, G>(e.s, e.operands, e.buffers, {n, first, count, pitch}, planes);
            for (index c = 0; c < count; ++c)
                kernels::pool_plane<true>(e.s.own.window.pooled, e.frame, planes + c * pitch, e.table, e.packed,
                                          e.pooled + c * e.pitch);
            store_planes<T, E>(e.s, e.operands + fused_body<G, T>::loads + fused_body<G, T>::stores, e.buffers,
                               {n, first, count, e.pitch}, e.pooled);
        } else if constexpr (!std::is_void_v<How>) {
            combine_planes<T, G, How>(e.s, e.operands, e.buffers, {n, first, count, pitch}, planes, e.sums);
        } else {
            store_planes<T, E>(e.s, e.operands, e.buffers, {n, first, count, pitch}, planes);
        }
    }
};

template <class T, sliding What, bool Halves>
ASHLAR_INLINE inline void slide_windows(const step& s, const step_operand* operands, const address* buffers,
                                        kernels::plane_receiver<T> out) {
    const auto operand = [&](int i) { return buffers[operands[i].buffer].template as<T>() + operands[i].offset; };
    std::int32_t* const table = buffers[operands[3].buffer].template as<std::int32_t>() + operands[3].offset;
    if constexpr (is_pool(What))
        kernels::pool<T, What>(s.own.window.slide, operand(0), operand(1), operand(2), table, out);
    else if constexpr (What == sliding::weight)
        kernels::convolve_weight<T, Halves>(s.own.window.slide, operand(0), operand(1), operand(2), table, out);
    else if constexpr (What == sliding::image)
        kernels::convolve_image<T, Halves>(s.own.window.slide, operand(0), operand(1), operand(2), table, out);
    else kernels::convolve<T, Halves>(s.own.window.slide, operand(0), operand(1), operand(2), table, out);
}

template <class T, auto G, auto E, sliding What, bool Halves, bool Pools, class How>
void window_entry(const step& s, const step_operand* operands, const address* buffers) {
    const window_memory<T> memory{s};
    if constexpr (checks) check_scratch(memory.size(), s.scratch[0]), check_scratch(memory.table_size(), s.scratch[1]);
    T* const packed = buffers[operands[2].buffer].template as<T>() + operands[2].offset + memory.own;
    plane_epilogue<T, G, E, Pools, How> epilogue{
        s, operands + own_operands(s), buffers, packed, packed + memory.packed, packed, memory.pitch};
    if (Pools && !kernels::pools_pairs(s.own.window.pooled)) {
        epilogue.frame = kernels::frame_of<T>(s.own.window.pooled);
        epilogue.table = kernels::fill_table<T>(epilogue.frame, 1,
                                                buffers[operands[3].buffer].template as<std::int32_t>() +
                                                    operands[3].offset + memory.table);
    }
    if constexpr (!std::is_void_v<How>)
        for (index c = 0; c < memory.sums; ++c) epilogue.sums[c] = How::template start<T>();
    slide_windows<T, What, Halves>(s, operands, buffers,
                                   kernels::plane_receiver<T>{&plane_epilogue<T, G, E, Pools, How>::take, &epilogue});
    if constexpr (!std::is_void_v<How>) end_images<T, How>(s, epilogue.sums);
    if constexpr (!std::is_void_v<How>)
        store_channels<T, E>(s, epilogue.operands + fused_body<G, T>::loads + fused_body<G, T>::stores, buffers,
                             epilogue.sums);
}

}  // namespace ashlar::detail
