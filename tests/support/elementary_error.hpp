// SPDX-License-Identifier: BSL-1.0
// The largest error of an elementary function, as a vector, as a scalar and in constant expressions.
#pragma once

#include "ashlar/kernels/elementary.hpp"

#include "support/catch.hpp"
#include "support/fast_math.hpp"
#include "support/ulp.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>

namespace support {

namespace kernels = ashlar::kernels;
using kernels::lanes;

// The largest error of f over [low, high] (or over powers of two, of both signs), as a vector and as a scalar.
template <class T, class F, class Exact>
double error(F f, Exact exact, double low, double high, bool powers = false) {
    constexpr int samples = 20000;
    constexpr auto all = static_cast<std::size_t>(lanes<T>);
    double worst = 0;
    for (int i = 0; i < samples; ++i) {
        std::array<T, all> in{}, out{};
        for (std::size_t l = 0; l < all; ++l) {
            const double u =
                low + (high - low) * (i + (static_cast<double>(l) + 0.37) / static_cast<double>(all)) / samples;
            const volatile double power = std::exp2(u);  // volatile: g++ -ffast-math makes exp2(u / 2) of its root
            in[l] = static_cast<T>(powers ? power * (l % 2 == 0 ? 1 : -1) : u);
        }
        kernels::store(out.data(), f(kernels::load(in.data())));
        for (std::size_t l = 0; l < all; ++l)
            if (counts(in[l])) worst = std::max(worst, ulp(out[l], exact(static_cast<long double>(in[l]))));
        if (counts(in[0])) worst = std::max(worst, ulp(f(in[0]), exact(static_cast<long double>(in[0]))));
    }
    return worst;
}

// Zeros, infinities, NaN, denormals, the largest values, as a vector and as a scalar.
template <class T, class F, class Exact>
double edge_error(F f, Exact exact) {
    using limits = std::numeric_limits<T>;
    double worst = 0;
    for (const T x : {T{0}, limits::infinity(), limits::quiet_NaN(), limits::denorm_min(), limits::min() / T{3},
                      limits::max(), T{1}, T{2}, T{0.5}, T{0x1p-60}})
        for (const T signed_x : {x, -x}) {
            if (!counts(signed_x)) continue;
            const long double want = exact(static_cast<long double>(signed_x));
            worst = std::max({worst, ulp(f(signed_x), want), ulp(f(kernels::broadcast(signed_x))[0], want)});
        }
    return worst;
}

constexpr std::size_t constants = 24;

template <class T>
constexpr T constant_argument(std::size_t i, double low, double high) {
    return static_cast<T>(low + (high - low) * (static_cast<double>(i) + 0.37) / static_cast<double>(constants));
}

// What the compiler computes against what the machine computes, of the same arguments.
template <class T>
struct computed {
    std::array<T, constants> arguments{}, values{};
};
template <class T, class F>
constexpr computed<T> table(F f, double low, double high) {
    computed<T> t{};
    for (std::size_t i = 0; i < constants; ++i) {
        t.arguments[i] = constant_argument<T>(i, low, high);
        t.values[i] = f(t.arguments[i]);
    }
    return t;
}

template <class T, class F>
double constant_error(const computed<T>& compiled, F f) {
    double worst = 0;
    for (std::size_t i = 0; i < constants; ++i) {
        volatile T x = compiled.arguments[i];
        const T argument = x;
        worst = std::max({worst, ulp(f(argument), static_cast<long double>(compiled.values[i])),
                          ulp(f(kernels::broadcast(argument))[0], static_cast<long double>(compiled.values[i]))});
    }
    return worst;
}

template <class T>
inline constexpr bool single = std::is_same_v<T, float>;
template <class T>
inline constexpr double lowest = single<T> ? -149 : -1074;  // powers of two
template <class T>
inline constexpr double highest = single<T> ? 127 : 1023;
template <class T>
inline constexpr double overflow = single<T> ? 89.5 : 711;  // of exp and cosh

}  // namespace support
