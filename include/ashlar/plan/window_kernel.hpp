// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/fused_body.hpp"
#include "ashlar/plan/windows.hpp"

// The steps of windows at run time: kernels give finished planes, which groups of fused ops take while they are hot.
namespace ashlar::detail {

/// visit(body, row) for every row of a plane in the axes of a group; the outer axes before `kept` are at `at`.
template <class Body, class Visit>
[[gnu::always_inline]] inline void for_each_row(int rank, const index* extent, int kept, const site* sites, const address* places, const index* outer, Visit visit) {
    kernels::for_each_index(extent + kept, rank - kept - 1, [&](const index* inner) __attribute__((always_inline)) {
        index at[max_rank] = {};
        for (int d = 0; d < kept; ++d) at[d] = outer[d];
        for (int d = kept; d < rank - 1; ++d) at[d] = inner[d - kept];
        Body body;
        body.begin_row(places, sites, at, rank - 1);
        visit(body);
    });
}

/// A plane through the epilogue, which stores it.
template <class T, auto E> [[gnu::noinline]] void store_plane(const step& s, const site* sites, const address* places, const index* outer, const T* plane) {
    const index n = s.extent[s.rank - 1];
    for_each_row<fused_body<E, T>>(s.rank, s.extent, s.kept, sites, places, outer, [&](auto& body) __attribute__((always_inline)) {
        index j = 0;
        for (; j + kernels::lanes<T> <= n; j += kernels::lanes<T>) body.template lanes<true>(j, 0, kernels::load(plane + j));
        if (j < n) body.template lanes<false>(j, n - j, kernels::load(plane + j));
        plane += n;
    });
}

/// A plane through the group before a pool, which stores some of it and hands it on.
template <class T, auto G> [[gnu::noinline]] void pass_plane(const step& s, const site* sites, const address* places, const index* outer, const T* plane, T* to) {
    const index n = s.between.extent[s.between.rank - 1];
    for_each_row<fused_body<G, T>>(s.between.rank, s.between.extent, s.kept, sites, places, outer, [&](auto& body) __attribute__((always_inline)) {
        index j = 0;
        for (; j + kernels::lanes<T> <= n; j += kernels::lanes<T>) kernels::store(to + j, body.template passed_lanes<true>(j, 0, kernels::load(plane + j)));
        if (j < n) kernels::store(to + j, body.template passed_lanes<false>(j, n - j, kernels::load(plane + j)));
        plane += n, to += n;
    });
}

/// What takes the planes of a step.
template <class T, auto G, auto E, bool Pools> struct plane_epilogue {
    const step& s;
    const site* sites;  // those of the groups
    const address* places;
    T* scratch;         // of the pool: [plane to take][its own]
    kernels::window_frame frame{};
    kernels::window_table table{};

    static void take(void* self, index n, index first, index count, const T* planes, index pitch) {
        const plane_epilogue& e = *static_cast<const plane_epilogue*>(self);
        for (index c = 0; c < count; ++c, planes += pitch) {
            const index at[] = {n, first + c};
            if constexpr (Pools) e.pool(at, planes);
            else store_plane<T, E>(e.s, e.sites, e.places, at, planes);
        }
    }

private:
    void pool(const index* at, const T* plane) const {
        const kernels::pool_scratch<T> own{s.pooled};
        T *const taken = scratch, *const packed = taken + kernels::conv_scratch<T>{s.slide}.pitch, *const result = packed + own.packed + own.second;
        pass_plane<T, G>(s, sites, places, at, plane, taken);
        kernels::pool_plane(s.pooled, frame, taken, table, packed, result);
        store_plane<T, E>(s, sites + fused_body<G, T>::loads + fused_body<G, T>::stores, places, at, result);
    }
};

template <class T, sliding What> [[gnu::always_inline]] inline void slide_windows(const step& s, const site* sites, const address* places, kernels::plane_receiver<T> out) {
    const auto operand = [&](int i) { return places[sites[i].place].template as<T>() + sites[i].offset; };
    std::int32_t* const table = places[sites[3].place].template as<std::int32_t>() + sites[3].offset;
    if constexpr (is_pool(What)) kernels::pool<T>(s.slide, operand(0), operand(1), operand(2), table, out);
    else if constexpr (What == sliding::weight) kernels::convolve_weight<T>(s.slide, operand(0), operand(1), operand(2), table, out);
    else if constexpr (What == sliding::image) kernels::convolve_image<T>(s.slide, operand(0), operand(1), operand(2), table, out);
    else kernels::convolve<T>(s.slide, operand(0), operand(1), operand(2), table, out);
}

template <class T, auto G, auto E, sliding What, bool Pools> void window_entry(const step& s, const site* sites, const address* places) {
    const window_memory<T> memory{s};
    plane_epilogue<T, G, E, Pools> epilogue{s, sites + 4, places, places[sites[2].place].template as<T>() + sites[2].offset + memory.own};
    if constexpr (Pools) {
        epilogue.frame = kernels::frame_of<T>(s.pooled);
        epilogue.table = kernels::fill_table<T>(epilogue.frame, 1, places[sites[3].place].template as<std::int32_t>() + sites[3].offset + memory.table);
    }
    slide_windows<T, What>(s, sites, places, kernels::plane_receiver<T>{&plane_epilogue<T, G, E, Pools>::take, &epilogue});
}

}  // namespace ashlar::detail
