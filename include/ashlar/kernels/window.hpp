// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/simd.hpp"
#include "ashlar/tensor/window.hpp"

// Images as kernels read them: with their padding written out, and so split into phases that windows of any stride are
// contiguous along a row. Vectors may run over the end of a row, into elements that nobody uses. Of short rows a vector
// takes half from one row and half from the next: 8 windows a row are two rows a vector of 16.
namespace ashlar::kernels {

/// An axis that is copied: element i goes to place offset + i.
struct placed_axis {
    std::ptrdiff_t count = 1, offset = 0;
};

/// The windows of one image, and how a plane of it lies in memory: every phase of a row by itself. In three dimensions
/// a plane is several slices, one behind the other.
struct window_frame {
    placed_axis y{}, x{}, z{};
    std::ptrdiff_t rows = 1, phases = 1, length = 1;  // of a packed slice; length is that of one phase of a row
    std::ptrdiff_t pitch = 1, plane = 1, slices = 1, slice = 1;
    std::ptrdiff_t out_z = 1, out_y = 1, out_x = 1;  // the windows; out_y: the rows of all slices
    std::ptrdiff_t step_z = 1, step_y = 1;           // and their distance
    std::ptrdiff_t taps_z = 1, taps_y = 1, taps_x = 1, dilation_z = 1, dilation_y = 1, dilation_x = 1;
    std::ptrdiff_t unit = 1;  // so many windows of a row are read together: a vector or half of one
    bool in_place = false;    // nothing has to be packed

    constexpr std::ptrdiff_t taps() const { return taps_z * taps_y * taps_x; }
    constexpr std::ptrdiff_t units_in_row() const { return (out_x + unit - 1) / unit; }
};

constexpr std::ptrdiff_t rounded_up(std::ptrdiff_t n, std::ptrdiff_t unit) { return (n + unit - 1) / unit * unit; }

/// Elements behind a plane that a vector may run into.
template <class T> inline constexpr std::ptrdiff_t slack = lanes<T>;

/// Whether halves of vectors are worth their code: 4 elements at least.
template <class T> inline constexpr bool has_halves = lanes<T> >= 8;

/// Whether half a vector of a row's windows is read together, as fewer lanes are left over then, not a whole one.
template <class T> constexpr bool reads_halves(const windows& w) {
    const std::ptrdiff_t n = w.x.out();
    return has_halves<T> && !is_pool(w.what) && rounded_up(n, lanes<T> / 2) < rounded_up(n, lanes<T>);
}

/// The frame in which the image is read, or its gradient is summed.
template <class T> [[gnu::noinline]] ASHLAR_FLATTEN constexpr window_frame frame_of(const windows& w) {
    window_frame f{{w.y.in, w.y.padding}, {w.x.in, w.x.padding}, {w.z.in, w.z.padding}};
    f.out_z = w.z.out(), f.out_y = f.out_z * w.y.out(), f.out_x = w.x.out();
    f.taps_z = w.z.taps, f.taps_y = w.y.taps, f.taps_x = w.x.taps;
    f.dilation_z = w.z.dilation, f.dilation_y = w.y.dilation, f.dilation_x = w.x.dilation;
    f.step_z = w.z.stride, f.step_y = w.y.stride;
    f.phases = w.x.stride;
    f.rows = (w.y.out() - 1) * f.step_y + w.y.span();
    f.slices = (f.out_z - 1) * f.step_z + w.z.span();
    f.unit = reads_halves<T>(w) ? lanes<T> / 2 : lanes<T>;
    f.length = f.units_in_row() * f.unit + (w.x.span() - 1) / f.phases;
    constexpr auto is_inside = [](const window_axis& a) { return a.padding == 0 && a.after <= 0; };
    f.in_place = f.phases == 1 && f.out_x % f.unit == 0 && is_inside(w.y) && is_inside(w.x) && is_inside(w.z);
    f.pitch = f.in_place ? f.x.count : f.phases * f.length;
    f.slice = (f.in_place ? f.y.count : f.rows) * f.pitch;
    f.plane = f.in_place ? f.z.count * f.slice : rounded_up(f.slices * f.slice, lanes<T>);
    return f;
}

namespace detail {

// Every `phases`-th element of a row lies beside the one before.
template <class T> void split_row(const T* from, const window_frame& f, T* to) {
    for (std::ptrdiff_t phase = 0; phase < f.phases; ++phase, to += f.length) {
        std::ptrdiff_t i = (phase - f.x.offset) % f.phases;
        i = i < 0 ? i + f.phases : i;
        std::ptrdiff_t place = (i + f.x.offset) / f.phases;
        for (; i < f.x.count && place < f.length; i += f.phases, ++place) to[place] = from[i];
    }
}
template <class T> void join_row(const T* from, const window_frame& f, T* to) {
    for (std::ptrdiff_t phase = 0; phase < f.phases; ++phase, from += f.length) {
        std::ptrdiff_t i = (phase - f.x.offset) % f.phases;
        i = i < 0 ? i + f.phases : i;
        std::ptrdiff_t place = (i + f.x.offset) / f.phases;
        for (; i < f.x.count; i += f.phases, ++place) to[i] = place < f.length ? from[place] : T{};
    }
}

template <class T> void place_row(const T* from, const window_frame& f, T* to) {
    if (f.phases > 1) return split_row(from, f, to);
    const std::ptrdiff_t last = f.length - f.x.offset, end = last < f.x.count ? last : f.x.count;
    std::ptrdiff_t i = 0;
    to += f.x.offset;
    for (; i + lanes<T> <= end; i += lanes<T>) store(to + i, load(from + i));
    for (; i < end; ++i) to[i] = from[i];
}

template <class T> void fill(T* to, std::ptrdiff_t count, T v) {
    for (std::ptrdiff_t i = 0; i < count; i += lanes<T>) store(to + i, broadcast(v));
}

}  // namespace detail

/// One plane of an image into its frame, with `around` where the image has no elements. By
/// reference: it may be nan or -inf, which clang with -ffast-math forbids as an argument.
template <class T> [[gnu::noinline]] ASHLAR_FLATTEN void pack_plane(const T* from, const window_frame& f,
                                                                    const T& around, T* to) {
    detail::fill(to, f.plane, around);
    for (std::ptrdiff_t k = 0; k < f.z.count && f.z.offset + k < f.slices; ++k) {
        T* const slice = to + (f.z.offset + k) * f.slice;
        for (std::ptrdiff_t i = 0; i < f.y.count; ++i, from += f.x.count) {
            const std::ptrdiff_t row = f.y.offset + i;
            if (row < f.rows) detail::place_row(from, f, slice + row * f.pitch);
        }
    }
}

/// Back from a frame to a plane of f.z.count x f.y.count x f.x.count; where the frame does not reach it is 0.
template <class T> [[gnu::noinline]] ASHLAR_FLATTEN void unpack_plane(const T* from, const window_frame& f, T* to) {
    for (std::ptrdiff_t k = 0; k < f.z.count; ++k)
        for (std::ptrdiff_t i = 0; i < f.y.count; ++i, to += f.x.count) {
            const std::ptrdiff_t slice = f.z.offset + k, row = f.y.offset + i;
            if (slice < f.slices && row < f.rows) {
                detail::join_row(from + slice * f.slice + row * f.pitch, f, to);
            } else {
                for (std::ptrdiff_t j = 0; j < f.x.count; ++j) to[j] = T{};
            }
        }
}

/// Where windows begin, a unit of them at a time, in an image's frame and in their own plane; and where their taps
/// are. If half a vector is missing at the end, the last unit stands there again.
struct window_table {
    std::int32_t *tap, *from, *to;
    std::ptrdiff_t taps, vectors, units;  // units: in a vector, one or two

    constexpr const std::int32_t* from_of(std::ptrdiff_t vector) const { return from + vector * units; }
    constexpr const std::int32_t* to_of(std::ptrdiff_t vector) const { return to + vector * units; }
};

template <class T> constexpr std::ptrdiff_t vectors_of(const window_frame& f) {
    return rounded_up(f.out_y * f.units_in_row() * f.unit, lanes<T>) / lanes<T>;
}

template <class T> constexpr std::ptrdiff_t table_size(const window_frame& f, std::ptrdiff_t planes) {
    return planes * f.taps() + 2 * vectors_of<T>(f) * (lanes<T> / f.unit);
}

/// The table of all taps in `planes` planes, which a window sums over.
template <class T>
[[gnu::noinline]] ASHLAR_FLATTEN inline window_table fill_table(const window_frame& f, std::ptrdiff_t planes,
                                                                std::int32_t* memory) {
    window_table t{memory, memory + planes * f.taps(), nullptr, planes * f.taps(), vectors_of<T>(f), lanes<T> / f.unit};
    t.to = t.from + t.vectors * t.units;
    std::int32_t *tap = t.tap, *from = t.from, *to = t.to;
    for (std::ptrdiff_t c = 0; c < planes; ++c)
        for (std::ptrdiff_t r = 0; r < f.taps_z; ++r)
            for (std::ptrdiff_t p = 0; p < f.taps_y; ++p) {
                std::ptrdiff_t phase = 0;
                std::ptrdiff_t at = c * f.plane + r * f.dilation_z * f.slice + p * f.dilation_y * f.pitch;
                for (std::ptrdiff_t q = 0; q < f.taps_x; ++q) {
                    *tap++ = static_cast<std::int32_t>(at + phase * f.length);
                    for (phase += f.dilation_x; phase >= f.phases; ++at) phase -= f.phases;
                }
            }
    std::ptrdiff_t row = 0;  // of windows
    for (std::ptrdiff_t k = 0; k < f.out_z; ++k)
        for (std::ptrdiff_t i = 0; i < f.out_y / f.out_z; ++i, row += f.out_x)
            for (std::ptrdiff_t j = 0; j < f.out_x; j += f.unit)
                *from++ = static_cast<std::int32_t>(k * f.step_z * f.slice + i * f.step_y * f.pitch + j),
                *to++ = static_cast<std::int32_t>(row + j);
    if (from != t.to) *from = from[-1], *to = to[-1];
    return t;
}

/// Takes the finished planes `first` to `first + count` of image n, `pitch` elements apart and followed by slack,
/// which it may write over.
template <class T> struct plane_receiver {
    void (*take)(void* epilogue, std::ptrdiff_t n, std::ptrdiff_t first, std::ptrdiff_t count, T* planes,
                 std::ptrdiff_t pitch);
    void* epilogue;
};

}  // namespace ashlar::kernels
