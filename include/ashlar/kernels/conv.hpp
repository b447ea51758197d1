// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/blocks.hpp"
#include "ashlar/kernels/conv_tile.hpp"

// Convolutions without a matrix of windows: a tile's row k of B is the image from tap k on.
namespace ashlar::kernels {

namespace detail {

// Images whose weights are summed in one go: as many as the first level of the cache holds of what a tile reads.
template <class T> constexpr std::ptrdiff_t weight_images(const windows& w, const window_frame& f) {
    const std::ptrdiff_t fit = 8192 / (conv_rows * vectors_of<T>(f) * lanes<T> + f.plane);
    return fit < 1 ? 1 : fit > w.batch ? w.batch : fit;
}

constexpr std::ptrdiff_t blocks_of(std::ptrdiff_t n) {
    return goes_in_blocks(n) ? (n - block_length - 1) / block_length + 1 : 1;
}

// Tiles sum at most two blocks, and are added to the result in memory. How often that is: to an output for every block
// of its taps; to an image for every tap and every block of features; to a weight for every few images, or for parts
// of one.
template <class T> constexpr std::ptrdiff_t additions_to_result(const windows& w, const window_frame& f) {
    if (w.is(sliding::output)) return blocks_of(w.depth());
    if (w.is(sliding::image)) return f.taps() * blocks_of(w.group_features());
    const std::ptrdiff_t images = weight_images<T>(w, f);
    return (w.batch + images - 1) / images * blocks_of(vectors_of<T>(f));
}

// Whether it needs a second result.
template <class T> constexpr bool adds_results(const windows& w, const window_frame& f) {
    const std::ptrdiff_t additions = additions_to_result<T>(w, f);
    return w.is(sliding::output) ? additions > 1 : goes_in_blocks(additions);
}

template <class T> [[gnu::noinline]] void add_result(T* to, const T* from, std::ptrdiff_t size) {
    for (std::ptrdiff_t i = 0; i < size; i += lanes<T>) store(to + i, load(to + i) + load(from + i));
}

// A result that is added to so often that its errors would grow is moved to another one now and then.
template <class T> struct result_in_blocks {
    T* result;
    T* before;
    std::ptrdiff_t size;
    bool in_blocks;
    std::ptrdiff_t number = 0;

    void begin() {
        fill(result, size, T{});
        if (in_blocks) fill(before, size, T{});
        number = 0;
    }
    void added() {
        if (!in_blocks || ++number % block_length != 0) return;
        add_result(before, result, size);
        fill(result, size, T{});
    }
    void end() {
        if (in_blocks) add_result(result, before, size);
    }
};

// The output in whole vectors of units, as tiles read it.
template <class T> constexpr std::ptrdiff_t output_plane(const window_frame& f) { return vectors_of<T>(f) * lanes<T>; }
template <class T> constexpr bool output_in_place(const window_frame& f) {
    return f.out_y * f.out_x == output_plane<T>(f);
}

}  // namespace detail

/// What a convolution needs of scratch, in elements: [image, in its frame][output, in rows of whole vectors][planes of
/// the result][as many again, where it is the sum of several].
template <class T> struct conv_scratch {
    std::ptrdiff_t image = 0, output = 0, result, before = 0, pitch;
    bool in_blocks = false;

    [[gnu::noinline]] ASHLAR_FLATTEN constexpr explicit conv_scratch(const windows& w)
        : result{0}, pitch{rounded_up(w.plane(), lanes<T>) + slack<T>} {
        const window_frame f = frame_of<T>(w);
        const std::ptrdiff_t images = w.is(sliding::weight) ? detail::weight_images<T>(w, f) : 1;
        if (!f.in_place) image = w.is(sliding::image) ? detail::conv_rows * f.plane : images * w.channels * f.plane;
        if (!w.is(sliding::output) && !detail::output_in_place<T>(f))
            output = images * w.features * detail::output_plane<T>(f);
        result = w.is(sliding::weight) ? pitch : detail::conv_rows * pitch;
        in_blocks = detail::adds_results<T>(w, f);
        if (in_blocks) before = w.is(sliding::image) && !f.in_place ? detail::conv_rows * f.plane : result;
    }
    constexpr std::ptrdiff_t size() const { return image + output + result + before; }
};

template <class T> constexpr std::ptrdiff_t conv_table_size(const windows& w) {
    return table_size<T>(frame_of<T>(w), w.is(sliding::image) ? 1 : w.group_channels());
}

namespace detail {

// visit(first, count): vectors dealt evenly to tiles, at most `most` each.
template <class Visit>
ASHLAR_INLINE inline void for_each_tile(std::ptrdiff_t vectors, std::ptrdiff_t most, Visit visit) {
    const std::ptrdiff_t tiles = (vectors + most - 1) / most;
    std::ptrdiff_t width = vectors / tiles + 1;
    const std::ptrdiff_t wider = vectors - (width - 1) * tiles;
    for (std::ptrdiff_t tile = 0, v = 0; tile < tiles; ++tile, v += width) {
        if (tile == wider) --width;
        visit(v, width);
    }
}

// The planes of one image for `height` channels of the result.
template <class T, bool Halves>
[[gnu::noinline]] ASHLAR_FLATTEN void convolve_rows(const T* w, std::ptrdiff_t depth, const T* x, const window_table& t,
                                                    std::ptrdiff_t height, T* to, std::ptrdiff_t pitch) {
    for_each_tile(t.vectors, most_vectors_of(height), [&](std::ptrdiff_t v, std::ptrdiff_t count) ASHLAR_INLINE {
        conv_tile_of<T, Halves>(height, count)(w, depth, height, count, x, t.from_of(v), t.tap, t.taps, to, pitch,
                                               t.to_of(v));
    });
}

// One tap's products with `depth` outputs, added to `height` channels of an image.
template <class T, bool Halves>
[[gnu::noinline]] ASHLAR_FLATTEN void spread_rows(const T* w, std::ptrdiff_t w_row, std::ptrdiff_t w_step,
                                                  std::ptrdiff_t height, const T* g, std::ptrdiff_t g_plane,
                                                  std::ptrdiff_t depth, T* to, std::ptrdiff_t plane,
                                                  const window_table& t, const window_frame& f) {
    for_each_tile(t.vectors, most_vectors_of(height), [&](std::ptrdiff_t v, std::ptrdiff_t count) ASHLAR_INLINE {
        spread_tile_of<T, Halves>(height, count)(w, w_row, w_step, height, count, g + v * lanes<T>, g_plane, depth, to,
                                                 plane, t.from_of(v), row_ends<T, Halves>{f, v});
    });
}

// Adds to all weights what some images and outputs give at the vectors of a range.
template <class T, bool Halves>
void add_weights(const windows& w, const window_frame& f, const window_table& t, const weight_range<T, Halves>& range,
                 const T* x, const T* g, T* to) {
    const std::ptrdiff_t channels = w.group_channels(), features = w.group_features(), depth = channels * f.taps(),
                         g_plane = output_plane<T>(f);
    for (std::ptrdiff_t o = 0; o < w.features;) {
        const std::ptrdiff_t group = o / features, left = (group + 1) * features - o,
                             height = left < conv_rows ? left : conv_rows, width = most_vectors_of(height);
        for (std::ptrdiff_t k = 0; k < depth; k += width)
            weight_tile_of<T, Halves>(height)(g + o * g_plane, g_plane, height, x + group * channels * f.plane,
                                              t.tap + k, depth - k < width ? depth - k : width, range,
                                              to + o * depth + k, depth);
        o += height;
    }
}

template <class T> const T* packed_image(const T* image, std::ptrdiff_t planes, const window_frame& f, T* to) {
    if (f.in_place) return image;
    for (std::ptrdiff_t c = 0; c < planes; ++c, image += f.z.count * f.y.count * f.x.count)
        pack_plane(image, f, T{}, to + c * f.plane);
    return to;
}

// The output with zeros behind the rows that are not whole units.
template <class T> const T* whole_rows(const T* output, std::ptrdiff_t planes, const window_frame& image, T* to) {
    if (output_in_place<T>(image)) return output;
    window_frame f{{image.out_y}, {image.out_x}};
    f.rows = image.out_y, f.length = f.pitch = image.units_in_row() * image.unit, f.plane = output_plane<T>(image);
    for (std::ptrdiff_t o = 0; o < planes; ++o, output += f.y.count * f.x.count)
        pack_plane(output, f, T{}, to + o * f.plane);
    return to;
}

}  // namespace detail

/// The output of an image and a weight, a few planes at a time. Halves: what reads_halves says of them.
template <class T, bool Halves>
[[gnu::noinline]] ASHLAR_FLATTEN void convolve(const windows& w, const T* image, const T* weight, T* scratch,
                                               std::int32_t* memory, plane_receiver<T> out) {
    const window_frame f = frame_of<T>(w);
    const conv_scratch<T> s{w};
    const std::ptrdiff_t channels = w.group_channels(), features = w.group_features(), depth = channels * f.taps();
    const window_table table = fill_table<T>(f, channels, memory);
    window_table part = table;
    T* const result = scratch + s.image;
    T* const other = result + s.result;
    if (s.in_blocks) detail::fill(result, s.result + s.before, T{});
    for (std::ptrdiff_t n = 0; n < w.batch; ++n, image += w.channels * w.image()) {
        const T* x = detail::packed_image(image, w.channels, f, scratch);
        for (std::ptrdiff_t group = 0; group < w.groups; ++group, x += channels * f.plane)
            for (std::ptrdiff_t o = 0; o < features; o += detail::conv_rows) {
                const std::ptrdiff_t height = features - o < detail::conv_rows ? features - o : detail::conv_rows,
                                     first = group * features + o;
                for (std::ptrdiff_t k = 0; k < depth; k += part.taps) {
                    part.tap = table.tap + k, part.taps = detail::next_block(depth - k);
                    T* const to = k == 0 ? result : other;
                    detail::convolve_rows<T, Halves>(weight + first * depth + k, depth, x, part, height, to, s.pitch);
                    if (k > 0) detail::add_result(result, other, height * s.pitch);
                }
                out.take(out.epilogue, n, first, height, result, s.pitch);
            }
    }
}

/// The image of an output and a weight, a few planes at a time: every tap of them takes a product of few rows.
template <class T, bool Halves>
[[gnu::noinline]] ASHLAR_FLATTEN void convolve_image(const windows& w, const T* output, const T* weight, T* scratch,
                                                     std::int32_t* memory, plane_receiver<T> out) {
    const window_frame f = frame_of<T>(w);
    const conv_scratch<T> s{w};
    const std::ptrdiff_t channels = w.group_channels(), features = w.group_features(), taps = f.taps(),
                         g_plane = detail::output_plane<T>(f);
    const window_table table = fill_table<T>(f, 1, memory);
    T* const result = scratch + s.image + s.output;
    T* const sums = f.in_place ? result : scratch;
    const std::ptrdiff_t plane = f.in_place ? s.pitch : f.plane;
    for (std::ptrdiff_t n = 0; n < w.batch; ++n, output += w.features * w.output()) {
        const T* const g = detail::whole_rows(output, w.features, f, scratch + s.image);
        for (std::ptrdiff_t c = 0; c < w.channels;) {
            const std::ptrdiff_t group = c / channels, left = (group + 1) * channels - c,
                                 height = left < detail::conv_rows ? left : detail::conv_rows;
            const T* const of = weight + (group * features * channels + c % channels) * taps;
            const T* const from = g + group * features * g_plane;
            detail::result_in_blocks<T> all{sums, result + s.result, height * plane, s.in_blocks};
            all.begin();
            for (std::ptrdiff_t o = 0, now = 0; o < features; o += now) {
                now = detail::next_block(features - o);
                for (std::ptrdiff_t k = 0; k < taps; ++k, all.added())
                    detail::spread_rows<T, Halves>(of + o * channels * taps + k, taps, channels * taps, height,
                                                   from + o * g_plane, g_plane, now, sums + table.tap[k], plane, table,
                                                   f);
            }
            all.end();
            for (std::ptrdiff_t i = 0; i < height && !f.in_place; ++i)
                unpack_plane(sums + i * plane, f, result + i * s.pitch);
            out.take(out.epilogue, n, c, height, result, s.pitch);
            c += height;
        }
    }
}

/// The weight of an image and an output: one plane.
template <class T, bool Halves>
[[gnu::noinline]] ASHLAR_FLATTEN void convolve_weight(const windows& w, const T* image, const T* output, T* scratch,
                                                      std::int32_t* memory, plane_receiver<T> out) {
    const window_frame f = frame_of<T>(w);
    const conv_scratch<T> s{w};
    const std::ptrdiff_t g_plane = detail::output_plane<T>(f);
    const window_table table = fill_table<T>(f, w.group_channels(), memory);
    const std::ptrdiff_t block = detail::weight_images<T>(w, f);
    T* const result = scratch + s.image + s.output;
    detail::result_in_blocks<T> all{result, result + s.result, w.plane(), s.in_blocks};
    all.begin();
    for (std::ptrdiff_t n = 0; n < w.batch; n += block) {
        const std::ptrdiff_t images = w.batch - n < block ? w.batch - n : block;
        const T* const x = detail::packed_image(image + n * w.channels * w.image(), images * w.channels, f, scratch);
        const T* const g =
            detail::whole_rows(output + n * w.features * w.output(), images * w.features, f, scratch + s.image);
        // Large planes in parts: the shorter the sums, the smaller their errors.
        for (std::ptrdiff_t v = 0, now = 0; v < table.vectors; v += now, all.added()) {
            now = detail::next_block(table.vectors - v);
            const detail::weight_range<T, Halves> range{images, w.channels * f.plane, w.features * g_plane,
                                                        now,    table.from_of(v),     {f, v}};
            detail::add_weights<T, Halves>(w, f, table, range, x, g + v * lanes<T>, result);
        }
    }
    all.end();
    out.take(out.epilogue, 0, 0, 1, result, s.pitch);
}

}  // namespace ashlar::kernels
