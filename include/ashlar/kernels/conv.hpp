// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/conv_tile.hpp"
#include "ashlar/kernels/window.hpp"

// Convolutions without a matrix of windows: a tile's row k of B is the image from tap k on.
namespace ashlar::kernels {

namespace detail {

// Images whose weights are summed in one go: as many as the first level of the cache holds of what a tile reads.
template <class T> constexpr std::ptrdiff_t weight_images(const windows& w, const window_frame& f) {
    const std::ptrdiff_t fit = 8192 / (conv_rows * rounded_up(w.output(), lanes<T>) + f.plane);
    return fit < 1 ? 1 : fit > w.batch ? w.batch : fit;
}

// The output whose rows are not whole vectors is read with zeros behind them.
template <class T> constexpr bool pads_output(const windows& w) { return w.what == sliding::weight && w.x.out() % lanes<T> != 0; }
template <class T> constexpr std::ptrdiff_t output_plane(const windows& w) { return w.y.out() * rounded_up(w.x.out(), lanes<T>); }

}  // namespace detail

/// What a convolution needs of scratch, in elements: [packed planes][turned weights or padded output][planes of the result].
template <class T> struct conv_scratch {
    std::ptrdiff_t packed, second, result, pitch;

    constexpr explicit conv_scratch(const windows& w) : packed{0}, second{0}, result{0}, pitch{rounded_up(w.plane(), lanes<T>) + slack<T>} {
        const window_frame f = frame_of<T>(w);
        const std::ptrdiff_t images = w.what == sliding::weight ? detail::weight_images<T>(w, f) : 1;
        if (!f.in_place) packed = images * (w.what == sliding::image ? w.features : w.channels) * f.plane + slack<T>;
        if (w.what == sliding::image) second = rounded_up(w.features * w.group_channels() * w.taps(), lanes<T>);
        else if (detail::pads_output<T>(w)) second = images * w.features * detail::output_plane<T>(w);
        result = w.what == sliding::weight ? pitch : detail::conv_rows * pitch;
    }
    constexpr std::ptrdiff_t size() const { return packed + second + result; }
};

template <class T> constexpr std::ptrdiff_t conv_table_size(const windows& w) {
    return table_size<T>(frame_of<T>(w), w.what == sliding::image ? w.group_features() : w.group_channels());
}

namespace detail {

// The planes of one image: those of `count` channels of the result from `first` on, by tiles.
template <class T>
[[gnu::noinline]] void convolve_rows(const T* w, std::ptrdiff_t depth, const T* x, const window_table& t, std::ptrdiff_t height, T* to, std::ptrdiff_t pitch) {
    const std::ptrdiff_t tiles = (t.vectors + conv_vectors - 1) / conv_vectors, width = t.vectors / tiles, wider = t.vectors % tiles;
    std::ptrdiff_t v = 0;
    for (std::ptrdiff_t tile = 0; tile < tiles; ++tile) {
        // Low tiles come in two widths: a vector that is not there is the last one again.
        std::ptrdiff_t count = width + (tile < wider ? 1 : 0);
        if (height < 3 && count == 2) count = t.vectors >= 3 ? 3 : 1;
        if (v + count > t.vectors) v = t.vectors - count;
        conv_tiles<T>[height - 1][count - 1](w, depth, height, x, t.from + v, t.tap, t.taps, to, pitch, t.to + v);
        v += count;
    }
    for (; v < t.vectors; ++v) conv_tiles<T>[height - 1][0](w, depth, height, x, t.from + v, t.tap, t.taps, to, pitch, t.to + v);
}

// [o][c][p] as [c][o][last p to first]: what turns the sum over outputs into one over windows.
template <class T> [[gnu::noinline]] void turn_weights(const T* from, const windows& w, T* to) {
    const std::ptrdiff_t taps = w.taps(), channels = w.group_channels(), features = w.group_features();
    for (std::ptrdiff_t group = 0; group < w.groups; ++group)
        for (std::ptrdiff_t c = 0; c < channels; ++c)
            for (std::ptrdiff_t o = 0; o < features; ++o) {
                const T* const source = from + ((group * features + o) * channels + c) * taps;
                for (std::ptrdiff_t p = 0; p < taps; ++p) *to++ = source[taps - 1 - p];
            }
}

template <class T> const T* packed_image(const T* image, std::ptrdiff_t planes, const window_frame& f, T* to) {
    if (f.in_place) return image;
    for (std::ptrdiff_t c = 0; c < planes; ++c) pack_plane(image + c * f.y.count * f.x.count, f, T{}, to + c * f.plane);
    return to;
}

}  // namespace detail

/// The output of an image and a weight, or the image of an output and a weight: plane by plane, `w.what` says which.
template <class T> [[gnu::noinline]] void convolve(const windows& w, const T* image, const T* weight, T* scratch, std::int32_t* memory, plane_receiver<T> out) {
    const window_frame f = frame_of<T>(w);
    const conv_scratch<T> s{w};
    const bool backwards = w.what == sliding::image;
    const std::ptrdiff_t inner = backwards ? w.group_features() : w.group_channels(), outer = backwards ? w.group_channels() : w.group_features();
    const std::ptrdiff_t depth = inner * f.taps(), size = f.y.count * f.x.count;
    const window_table table = fill_table<T>(f, inner, memory);
    T* const result = scratch + s.packed + s.second;
    if (backwards) detail::turn_weights(weight, w, scratch + s.packed), weight = scratch + s.packed;
    for (std::ptrdiff_t n = 0; n < w.batch; ++n, image += w.groups * inner * size) {
        const T* const x = detail::packed_image(image, w.groups * inner, f, scratch);
        for (std::ptrdiff_t group = 0; group < w.groups; ++group)
            for (std::ptrdiff_t o = 0; o < outer; o += detail::conv_rows) {
                const std::ptrdiff_t height = outer - o < detail::conv_rows ? outer - o : detail::conv_rows, first = group * outer + o;
                detail::convolve_rows(weight + first * depth, depth, x + group * inner * f.plane, table, height, result, s.pitch);
                out.take(out.epilogue, n, first, height, result, s.pitch);
            }
    }
}

/// The weight of an image and an output: one plane.
template <class T> [[gnu::noinline]] void convolve_weight(const windows& w, const T* image, const T* output, T* scratch, std::int32_t* memory, plane_receiver<T> out) {
    const window_frame f = frame_of<T>(w);
    const conv_scratch<T> s{w};
    const std::ptrdiff_t channels = w.group_channels(), features = w.group_features(), depth = channels * f.taps();
    const window_table table = fill_table<T>(f, channels, memory);
    const std::ptrdiff_t block = detail::weight_images<T>(w, f), g_size = w.output(), g_plane = detail::output_plane<T>(w);
    T *const result = scratch + s.packed + s.second, *const padded = scratch + s.packed;
    window_frame g_frame{{w.y.out()}, {w.x.out()}};
    g_frame.rows = w.y.out(), g_frame.length = g_frame.pitch = rounded_up(w.x.out(), lanes<T>), g_frame.plane = g_plane;
    detail::fill(result, w.plane(), T{});
    for (std::ptrdiff_t n = 0; n < w.batch; n += block) {
        const std::ptrdiff_t images = w.batch - n < block ? w.batch - n : block;
        const T* x = detail::packed_image(image + n * w.channels * w.image(), images * w.channels, f, scratch);
        const T* g = output + n * w.features * g_size;
        for (std::ptrdiff_t o = 0; s.second > 0 && o < images * w.features; ++o) pack_plane(g + o * g_size, g_frame, T{}, padded + o * g_plane);
        if (s.second > 0) g = padded;
        const detail::weight_range range{images, w.channels * f.plane, w.features * g_plane, table.vectors, table.from};
        for (std::ptrdiff_t group = 0; group < w.groups; ++group)
            for (std::ptrdiff_t o = 0; o < features; o += detail::conv_rows)
                for (std::ptrdiff_t k = 0; k < depth; k += detail::conv_vectors) {
                    const std::ptrdiff_t height = features - o < detail::conv_rows ? features - o : detail::conv_rows, first = group * features + o;
                    detail::weight_tiles<T>[height - 1](g + first * g_plane, g_plane, height, x + group * channels * f.plane, table.tap + k,
                                                        depth - k < detail::conv_vectors ? depth - k : detail::conv_vectors, range,
                                                        result + first * depth + k, depth);
                }
    }
    out.take(out.epilogue, 0, 0, 1, result, s.pitch);
}

}  // namespace ashlar::kernels
