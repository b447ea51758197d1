// SPDX-License-Identifier: BSL-1.0
// labels: widths
// bfloat16 and float16 beside what their bits mean, written down here once more in plain double arithmetic: every one
// of the 65,536, floats at random, and those halfway between two neighbours; one by one and in vectors.
#include <ashlar/kernels/memory.hpp>
#include <ashlar/tensor/tensor.hpp>

#include "support/catch.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

using ashlar::bfloat16;
using ashlar::float16;

static_assert(sizeof(bfloat16) == 2 && std::is_trivially_copyable_v<bfloat16> && std::is_trivial_v<bfloat16>);
static_assert(sizeof(float16) == 2 && std::is_trivially_copyable_v<float16> && std::is_trivial_v<float16>);
static_assert(bfloat16(1.00390625f) == 1.0f && bfloat16(1.01171875f) == 1.015625f);  // to even
static_assert(bfloat16(3.4e38f).bits == 0x7f80 && bfloat16(-3.4e38f).bits == 0xff80);
static_assert(float16(65519).bits == 0x7bff && float16(65520).bits == 0x7c00 && float16(1e30).bits == 0x7c00);
static_assert(float16(0x1p-24f).bits == 1 && float16(0x1p-25f).bits == 0 && float16(-0x1.002p-25f).bits == 0x8001);
static_assert(float16(-0.0f).bits == 0x8000 && bfloat16(-0.0).bits == 0x8000 && float16(true) == 1 && bfloat16(3) == 3);
static_assert(bfloat16(1) + float16(0.5) == 1.5f && bfloat16(2) < float16(3) && -float16(2) == -2);

namespace {

template <class T> constexpr int digits = std::is_same_v<T, bfloat16> ? 7 : 10;  // behind the point
template <class T> constexpr int largest_exponent = std::is_same_v<T, bfloat16> ? 127 : 15;
template <class T> constexpr std::uint16_t infinity = std::is_same_v<T, bfloat16> ? 0x7f80 : 0x7c00;

/// The bits of a float that is as large as bits `h` of T; of nan, the same digits and the one that makes it quiet.
template <class T> std::uint32_t as_float(std::uint16_t h) {
    const std::uint32_t sign = (h & 0x8000u) << 16, size = h & 0x7fffu, shift = 23u - digits<T>;
    if (std::is_same_v<T, bfloat16>) return static_cast<std::uint32_t>(h) << 16;
    if (size >= infinity<T>) {
        const std::uint32_t rest = size - infinity<T>;
        return sign | 0x7f800000u | rest << shift | (rest != 0 ? 0x400000u : 0u);
    }
    const int exponent = static_cast<int>(size >> digits<T>);
    const double fraction = static_cast<double>(size & ((1u << digits<T>)-1u)) / (1 << digits<T>);
    const double value = exponent == 0 ? std::ldexp(fraction, 1 - largest_exponent<T>)
                                       : std::ldexp(1 + fraction, exponent - largest_exponent<T>);
    return sign | std::bit_cast<std::uint32_t>(static_cast<float>(value));
}

/// What a float that has these bits becomes: the nearest T, of two the even one.
template <class T> std::uint16_t nearest(std::uint32_t bits) {
    const std::uint32_t sign = bits >> 16 & 0x8000u, size = bits & 0x7fffffffu;
    if (size > 0x7f800000u)
        return static_cast<std::uint16_t>(sign | infinity<T> | 1u << (digits<T> - 1) |
                                          ((size & 0x7fffffu) >> (23 - digits<T>)));
    if (size == 0x7f800000u) return static_cast<std::uint16_t>(sign | infinity<T>);
    if (size == 0) return static_cast<std::uint16_t>(sign);
    const int exponent = static_cast<int>(size >> 23);
    const double value = std::ldexp(static_cast<double>((size & 0x7fffffu) + (exponent > 0 ? 0x800000u : 0u)),
                                    (exponent > 0 ? exponent : 1) - 150);
    // In units of the last digit, of which there are as many below the least exponent.
    const int own = std::ilogb(value), least = 1 - largest_exponent<T>, used = own < least ? least : own;
    const double units = std::ldexp(value, digits<T> - used), whole = std::floor(units), rest = units - whole;
    const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(whole, 2) == 1);
    // A carry into the exponent is right as it is, to infinity as well.
    const double all = whole + (up ? 1 : 0) + std::ldexp(static_cast<double>(used - least), digits<T>);
    return static_cast<std::uint16_t>(sign | (all < infinity<T> ? static_cast<std::uint32_t>(all) : infinity<T>));
}

std::uint32_t bits_of(float x) { return std::bit_cast<std::uint32_t>(x); }
float with_bits(std::uint32_t x) { return std::bit_cast<float>(x); }
template <class T> T with_bits(std::size_t x) {
    T t;
    t.bits = static_cast<std::uint16_t>(x);
    return t;
}
bool is_nan(std::uint32_t bits) { return (bits & 0x7fffffffu) > 0x7f800000u; }

/// Halfway points, their neighbours, and floats of all sizes.
template <class T> std::vector<float> floats() {
    std::vector<float> all;
    std::uint32_t seed = 7;
    for (int i = 0; i < 40000; ++i) all.push_back(with_bits(seed = seed * 1664525u + 1013904223u));
    for (std::size_t h = 0; h < 65536; ++h) {
        const std::uint32_t here = as_float<T>(static_cast<std::uint16_t>(h));
        if (is_nan(here)) continue;
        // float16 that are normal floats lie 2^13 floats apart, those that are no normal float16 further
        const std::uint32_t next = as_float<T>(static_cast<std::uint16_t>(h + 1)), middle = here + (next - here) / 2;
        for (const std::uint32_t bits : {here, middle - 1, middle, middle + 1}) all.push_back(with_bits(bits));
    }
    for (const std::uint32_t bits : {0x7f800001u, 0xff800001u, 0x7fc00000u, 0xffffffffu, 0x7fa00000u, 1u, 0x80000001u})
        all.push_back(with_bits(bits));
    return all;
}

/// How many are not as they should be.
template <class T> int wrong_when_read() {
    int wrong = 0;
    for (std::size_t h = 0; h < 65536; ++h) {
        const auto expected = as_float<T>(static_cast<std::uint16_t>(h));
        const float got = with_bits<T>(h);
        wrong += bits_of(got) != expected ? 1 : 0;
        wrong += T{got}.bits != (is_nan(expected) ? h | 1u << (digits<T> - 1) : h) ? 1 : 0;
    }
    return wrong;
}
template <class T> int wrong_when_rounded() {
    int wrong = 0;
    for (const float x : floats<T>()) wrong += T{x}.bits != nearest<T>(bits_of(x)) ? 1 : 0;
    return wrong;
}

template <class T, class V> int wrong_in_vectors() {
    namespace kernels = ashlar::kernels;
    constexpr std::ptrdiff_t width = kernels::lanes<V>;
    std::vector<T> all, back(65536 + 64);
    for (std::size_t h = 0; h < 65536 + 64; ++h) all.push_back(with_bits<T>(h & 0xffff));
    int wrong = 0;
    const auto compare = [&](const V* got, std::size_t begin, std::ptrdiff_t n) {
        for (std::ptrdiff_t i = 0; i < width; ++i) {
            const V expected = i < n ? static_cast<V>(static_cast<float>(all[begin + static_cast<std::size_t>(i)])) : 0;
            wrong += std::bit_cast<ashlar::kernels::bits_of<V>>(got[i]) !=
                             std::bit_cast<ashlar::kernels::bits_of<V>>(expected)
                         ? 1
                         : 0;
        }
    };
    for (std::size_t h = 0; h < 65536; h += static_cast<std::size_t>(width)) {
        V lane[width];
        kernels::store(lane, kernels::load_as<V>(all.data() + h));
        compare(lane, h, width);
        const auto n = static_cast<std::ptrdiff_t>(h / 64 % static_cast<std::size_t>(width)) + 1;
        kernels::store(lane, kernels::load_partial_as<V>(all.data() + h, n));
        compare(lane, h, n);
    }
    return wrong;
}
template <class T> int wrong_when_stored() {
    namespace kernels = ashlar::kernels;
    constexpr std::ptrdiff_t width = kernels::lanes<float>;
    std::vector<float> all = floats<T>();
    all.resize(all.size() / 64 * 64);
    int wrong = 0;
    for (std::size_t i = 0; i < all.size(); i += static_cast<std::size_t>(width)) {
        T got[width], part[width + 1]{};
        float rounded[width];
        const auto n = static_cast<std::ptrdiff_t>(i / 64 % static_cast<std::size_t>(width)) + 1;
        const auto v = kernels::load(all.data() + i);
        kernels::store_as(got, v);
        kernels::store_partial_as(part, v, n);
        kernels::store(rounded, kernels::rounded_to<T>(v));
        for (std::ptrdiff_t k = 0; k < width; ++k) {
            const std::uint16_t expected = nearest<T>(bits_of(all[i + static_cast<std::size_t>(k)]));
            wrong += got[k].bits != expected ? 1 : 0;
            wrong += part[k].bits != (k < n ? expected : 0) ? 1 : 0;
            wrong += bits_of(rounded[k]) != as_float<T>(expected) ? 1 : 0;
        }
    }
    return wrong;
}

}  // namespace

TEST_CASE("every bfloat16 and float16 is the float that its bits mean", "[half]") {
    CHECK(wrong_when_read<bfloat16>() == 0);
    CHECK(wrong_when_read<float16>() == 0);
}

TEST_CASE("floats become the nearest bfloat16 or float16, of two the even one", "[half]") {
    CHECK(wrong_when_rounded<bfloat16>() == 0);
    CHECK(wrong_when_rounded<float16>() == 0);
    CHECK(bfloat16(1e300).bits == 0x7f80);
    CHECK(float16(std::int64_t{70000}).bits == 0x7c00);
}

TEST_CASE("vectors are read from bfloat16 and float16 as one element is", "[half]") {
    CHECK(wrong_in_vectors<bfloat16, float>() == 0);
    CHECK(wrong_in_vectors<float16, float>() == 0);
    CHECK(wrong_in_vectors<bfloat16, double>() == 0);
    CHECK(wrong_in_vectors<float16, double>() == 0);
}

TEST_CASE("vectors are stored as bfloat16 and float16 as one element is", "[half]") {
    CHECK(wrong_when_stored<bfloat16>() == 0);
    CHECK(wrong_when_stored<float16>() == 0);
}
