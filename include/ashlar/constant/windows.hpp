// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/steps.hpp"
#include "ashlar/expr/address.hpp"
#include "ashlar/expr/list.hpp"
#include "ashlar/kernels/map.hpp"
#include "ashlar/plan/windows.hpp"

// Windows in constant evaluation: one element at a time, from the definition.
namespace ashlar::detail {

/// visit(window, place in the image) for every window and every tap of it that is inside of the image, in order.
template <class Visit> constexpr void for_each_tap(const windows& w, Visit visit) {
    for (index i = 0; i < w.output(); ++i)
        for (index p = 0; p < w.taps(); ++p) {
            const index y_out = i / w.x.out(), y_tap = p / w.x.taps,
                        z = y_out / w.y.out() * w.z.stride + y_tap / w.y.taps * w.z.dilation - w.z.padding,
                        y = y_out % w.y.out() * w.y.stride + y_tap % w.y.taps * w.y.dilation - w.y.padding,
                        x = i % w.x.out() * w.x.stride + p % w.x.taps * w.x.dilation - w.x.padding;
            if (z >= 0 && z < w.z.in && y >= 0 && y < w.y.in && x >= 0 && x < w.x.in)
                visit(i, p, (z * w.y.in + y) * w.x.in + x);
        }
}

/// One plane of a convolution: image n and channel c of the result, or the whole weight.
template <class T> constexpr void convolve_plane(const windows& w, const T* a, const T* b, index n, index c, T* to) {
    const index channels = w.group_channels(), features = w.group_features(),
                group = w.is(sliding::image) ? c / channels : c / features;
    for (index i = 0; i < w.plane(); ++i) to[i] = T{};
    if (w.is(sliding::output))
        for (index k = 0; k < channels; ++k)
            for_each_tap(w, [&](index i, index p, index at) {
                to[i] +=
                    a[(n * w.channels + group * channels + k) * w.image() + at] * b[(c * channels + k) * w.taps() + p];
            });
    else if (w.is(sliding::image))
        for (index o = group * features; o < (group + 1) * features; ++o)
            for_each_tap(w, [&](index i, index p, index at) {
                to[at] += a[(n * w.features + o) * w.output() + i] * b[(o * channels + c % channels) * w.taps() + p];
            });
    else
        for (index o = 0; o < w.features; ++o)
            for (index k = 0; k < channels; ++k)
                for (index m = 0; m < w.batch; ++m)
                    for_each_tap(w, [&](index i, index p, index at) {
                        to[(o * channels + k) * w.taps() + p] +=
                            a[(m * w.channels + o / features * channels + k) * w.image() + at] *
                            b[(m * w.features + o) * w.output() + i];
                    });
}

/// One plane of a pool, of a plane of the image and one of the other argument.
template <class T> constexpr void pool_plane(const windows& w, const T* image, const T* other, T* to) {
    list<index> chosen;
    chosen.resize(static_cast<int>(w.output()), no_index);
    for_each_tap(w, [&](index i, index, index at) {
        index& best = chosen[static_cast<int>(i)];
        if (best < 0 || image[at] > image[best] || image[at] != image[at]) best = at;
    });
    for (index i = 0; i < w.plane(); ++i) to[i] = T{};
    for (index i = 0; i < w.output(); ++i) {
        const index at = chosen[static_cast<int>(i)];
        // A window may have all of its taps beside the image.
        if (at < 0 && w.is(sliding::pool)) to[i] = kernels::detail::below_all<T>;
        if (at < 0) continue;
        if (w.is(sliding::pool_image)) to[at] += other[i];
        else to[i] = w.is(sliding::pool) ? image[at] : other[at];
    }
}

// All that a loop body hands on of a plane. Passes: it takes the plane's place.
template <bool Passes, class T, class Body> constexpr void constant_plane(int rank, const index* extent, int kept,
                                                                          Body& body, const index* outer, T* plane) {
    index row = 0;
    kernels::for_each_index(extent + kept, rank - kept - 1, [&](const index* inner) {
        index at[max_rank] = {};
        for (int d = 0; d < kept; ++d) at[d] = outer[d];
        for (int d = kept; d < rank - 1; ++d) at[d] = inner[d - kept];
        body.begin(at, body.each_operand);
        for (index j = 0; j < extent[rank - 1]; ++j, ++row) {
            [[maybe_unused]] const T v = body.template element<hands_on>(j, plane[row], body.lines, body.results);
            if constexpr (Passes) plane[row] = v;
        }
    });
}

// What of all planes of a channel has been combined, through the epilogue.
template <class How, class T, class Between, class Epilogue>
constexpr void combine_constant(const step& s, Between& between, Epilogue& epilogue, list<T>& sums, index n, index c,
                                T* plane) {
    const index at[] = {n, c}, none[max_rank] = {};
    if (n == 0) sums.push(How::template start<T>());
    constant_plane<true>(s.between.rank, s.between.extent, s.kept, between, at, plane);
    T& sum = sums[static_cast<int>(c)];
    for (index i = 0; i < s.own.window.slide.plane(); ++i) sum = How::combine(sum, plane[i]);
    if (n + 1 < s.own.window.slide.batch) return;
    epilogue.begin(none, epilogue.each_operand);
    epilogue.template element<stores_only>(c, sum, epilogue.lines, epilogue.results);
}

template <class T, class Between, class Epilogue>
constexpr void windows_constant(const step& s, const step_operand* operands, const address* buffers, Between between,
                                Epilogue epilogue) {
    const auto operand = [&](int i) { return buffers[operands[i].buffer].template as<T>() + operands[i].offset; };
    const windows& w = s.own.window.slide;
    const T *const a = operand(0), *const b = operand(1);
    T *const plane = operand(2), *const pooled = plane + w.plane();
    list<T> sums;
    for (index n = 0; n < (w.is(sliding::weight) ? 1 : w.batch); ++n)
        for (index c = 0; c < w.planes(); ++c) {
            const index at[] = {n, c}, other = w.is(sliding::pool_image) ? w.output() : w.image();
            if (is_pool(w.what))
                pool_plane(w, a + (n * w.channels + c) * w.image(), b + (n * w.channels + c) * other, plane);
            else convolve_plane(w, a, b, n, c, plane);
            if (s.combines()) {
                with_combiner(s.how,
                              [&]<class How>(How) { combine_constant<How>(s, between, epilogue, sums, n, c, plane); });
            } else if (!s.pools) {
                constant_plane<false>(s.rank, s.extent, s.kept, epilogue, at, plane);
            } else {
                if (s.codes > 0) constant_plane<true>(s.between.rank, s.between.extent, s.kept, between, at, plane);
                pool_plane<T>(s.own.window.pooled, plane, plane, pooled);
                constant_plane<false>(s.rank, s.extent, s.kept, epilogue, at, pooled);
            }
        }
}

}  // namespace ashlar::detail
