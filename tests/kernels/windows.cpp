// SPDX-License-Identifier: BSL-1.0
// labels: widths
// The kernels of convolutions and pools beside their definition, for many shapes; memory is as large as they ask for.
#include <ashlar/kernels/conv.hpp>
#include <ashlar/kernels/pool.hpp>
#include <ashlar/constant/windows.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

namespace kernels = ashlar::kernels;
using ashlar::index, ashlar::sliding, ashlar::window_axis, ashlar::windows;

namespace {

template <class T> struct planes_of {
    std::vector<T> all;
    index plane, channels;

    static void take(void* self, index n, index first, index count, T* from, index pitch) {
        auto& to = *static_cast<planes_of*>(self);
        for (index c = 0; c < count; ++c) {
            for (index i = 0; i < to.plane; ++i)
                to.all[static_cast<std::size_t>((n * to.channels + first + c) * to.plane + i)] += from[c * pitch + i];
            for (index i = 0; i < kernels::slack<T>; ++i) from[c * pitch + to.plane + i] = 77;  // it is the receiver's
        }
    }
};

template <class T> std::vector<T> numbers(index count, std::mt19937& random) {
    std::vector<T> v(static_cast<std::size_t>(count));
    for (T& x : v) x = static_cast<T>(static_cast<int>(random() % 17) - 8) / 4;
    return v;
}

template <class T> void put_infinities(std::vector<T>& v, std::mt19937& random) {
    constexpr T infinity = std::numeric_limits<T>::infinity();
    for (T& x : v)
        if (random() % 11 == 0) x = random() % 2 == 0 ? infinity : -infinity;
}

template <class T> bool agree(T got, T expected) {
    if (expected != expected) return got != got;
    return got == expected || std::abs(got - expected) <= T(1e-4) * (1 + std::abs(expected));
}

template <class T, bool Halves>
void slide(const windows& w, const T* a, const T* b, T* scratch, std::int32_t* table, kernels::plane_receiver<T> out) {
    switch (w.what) {
        case sliding::output: return kernels::convolve<T, Halves>(w, a, b, scratch, table, out);
        case sliding::image: return kernels::convolve_image<T, Halves>(w, a, b, scratch, table, out);
        case sliding::weight: return kernels::convolve_weight<T, Halves>(w, a, b, scratch, table, out);
        case sliding::pool: return kernels::pool<T, sliding::pool>(w, a, b, scratch, table, out);
        case sliding::pool_image: return kernels::pool<T, sliding::pool_image>(w, a, b, scratch, table, out);
        case sliding::pool_pick: return kernels::pool<T, sliding::pool_pick>(w, a, b, scratch, table, out);
    }
}

/// infinite: some of the elements that windows slide over are, or of the weights where the image is what is computed.
/// None of them may reach what it is no part of.
template <class T> bool agrees(const windows& w, std::mt19937& random, bool infinite = false) {
    const bool pool = ashlar::is_pool(w.what), image_first = w.what != sliding::image;
    const index images = w.batch * w.channels * w.image(), outputs = w.batch * w.features * w.output(),
                weights = w.features * w.group_channels() * w.taps();
    auto a = numbers<T>(image_first ? images : outputs, random);
    auto b = numbers<T>(w.what == sliding::output || w.what == sliding::image ? weights
                              : w.what == sliding::pool_pick                        ? images
                                                                                    : outputs,
                              random);
    if (infinite) put_infinities(w.what == sliding::image ? b : a, random);
    const index result = w.plane() * w.planes() * (w.what == sliding::weight ? 1 : w.batch);
    planes_of<T> got{std::vector<T>(static_cast<std::size_t>(result)), w.plane(), w.planes()};
    std::vector<T> scratch(
        static_cast<std::size_t>(pool ? kernels::pool_scratch<T>{w}.size() : kernels::conv_scratch<T>{w}.size()),
        T(99));
    std::vector<std::int32_t> table(
        static_cast<std::size_t>(pool ? kernels::pool_table_size<T>(w) : kernels::conv_table_size<T>(w)));
    const kernels::plane_receiver<T> out{&planes_of<T>::take, &got};
    if (kernels::reads_halves<T>(w))
        slide<T, kernels::has_halves<T>>(w, a.data(), b.data(), scratch.data(), table.data(), out);
    else slide<T, false>(w, a.data(), b.data(), scratch.data(), table.data(), out);
    std::vector<T> expected(static_cast<std::size_t>(w.plane()));
    for (index n = 0, at = 0; n < (w.what == sliding::weight ? 1 : w.batch); ++n)
        for (index c = 0; c < w.planes(); ++c) {
            const index other = w.what == sliding::pool_image ? w.output() : w.image();
            if (pool)
                ashlar::detail::pool_plane(
                    w, a.data() + (n * w.channels + c) * w.image(),
                    w.what == sliding::pool ? a.data() : b.data() + (n * w.channels + c) * other, expected.data());
            else ashlar::detail::convolve_plane(w, a.data(), b.data(), n, c, expected.data());
            for (T e : expected)
                if (!agree(got.all[static_cast<std::size_t>(at++)], e)) return false;
        }
    return true;
}

window_axis axis(std::mt19937& random, bool pool) {
    const auto up_to = [&](unsigned n) { return static_cast<index>(1 + random() % n); };
    window_axis a{up_to(26), up_to(4), up_to(3), 0, up_to(2)};
    a.padding = static_cast<index>(random() % 3);
    if (pool && 2 * a.padding > a.taps) a.padding = a.taps / 2;
    if (random() % 3 == 0) a = {a.in, 2, 2, 0, 1};
    if (random() % 4 == 0) a.in = 8 * up_to(3) + a.taps - 1, a.stride = 1, a.padding = 0, a.dilation = 1;
    if (!a.fits()) a.in = a.span();
    if (random() % 3 == 0) a.after = static_cast<index>(random() % 4) - 1;
    if (!a.fits()) a.after = 0;
    return a;
}

windows any_windows(sliding what, std::mt19937& random) {
    const auto up_to = [&](unsigned n) { return static_cast<index>(1 + random() % n); };
    windows w{.what = what,
              .batch = up_to(3),
              .groups = up_to(2),
              .channels = up_to(10),
              .features = up_to(18),
              .y = axis(random, ashlar::is_pool(what)),
              .x = axis(random, ashlar::is_pool(what))};
    if (random() % 3 == 0) {
        w.dimensions = 3, w.z = axis(random, ashlar::is_pool(what));
        if (w.z.in > 6 && w.z.span() + 1 < w.z.in) w.z.in = w.z.span() + 1;
        if (!w.z.fits()) w.z.after = 0;
    }
    w.channels *= w.groups, w.features *= w.groups;
    if (ashlar::is_pool(what)) w.groups = 1, w.features = w.channels;
    return w;
}

std::string text(const window_axis& a) {
    return std::to_string(a.in) + ' ' + std::to_string(a.taps) + ' ' + std::to_string(a.stride) + ' ' +
           std::to_string(a.padding) + ' ' + std::to_string(a.dilation) + ' ' + std::to_string(a.after);
}
std::string text(const windows& w) {
    return ": kind " + std::to_string(static_cast<int>(w.what)) + ", batch " + std::to_string(w.batch) + ", groups " +
           std::to_string(w.groups) + ", channels " + std::to_string(w.channels) + ", features " +
           std::to_string(w.features) + "; z " + text(w.z) + ", y " + text(w.y) + ", x " + text(w.x);
}

}  // namespace

TEMPLATE_TEST_CASE("kernels of windows agree with their definition", "[kernels]", float, double) {
    std::mt19937 random{7};
    for (int i = 0; i < 1200; ++i) {
        const windows w = any_windows(static_cast<sliding>(i % 6), random);
        INFO("case " << i << text(w));
        REQUIRE(agrees<TestType>(w, random));
    }
}

TEMPLATE_TEST_CASE("what no window covers does not reach its result", "[kernels]", float, double) {
    std::mt19937 random{8};
    for (int i = 0; i < 600; ++i) {
        const windows w = any_windows(static_cast<sliding>(i % 3), random);
        INFO("case " << i << text(w));
        REQUIRE(agrees<TestType>(w, random, true));
    }
}
