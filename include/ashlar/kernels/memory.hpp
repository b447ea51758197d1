// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/half.hpp"

// Loads and stores: whole and partial vectors, strided, of another element type. No alignment is asked for.
namespace ashlar::kernels {

namespace detail {

template <class T, std::ptrdiff_t... At>
ASHLAR_INLINE inline vec<T, std::ptrdiff_t{sizeof...(At)}> gather_lanes(const T* p, std::ptrdiff_t stride,
                                                                        std::integer_sequence<std::ptrdiff_t, At...>) {
    return vec<T, std::ptrdiff_t{sizeof...(At)}>{p[At * stride]...};
}

template <class T, std::ptrdiff_t... At>
ASHLAR_INLINE inline vec<T, std::ptrdiff_t{sizeof...(At)}>
gather_lanes(const T* p, std::ptrdiff_t stride, std::ptrdiff_t n, std::integer_sequence<std::ptrdiff_t, At...>) {
    return vec<T, std::ptrdiff_t{sizeof...(At)}>{(At < n ? p[At * stride] : T{})...};
}

template <class T, std::ptrdiff_t... At>
ASHLAR_INLINE inline vec<T, std::ptrdiff_t{sizeof...(At)}> iota(std::integer_sequence<std::ptrdiff_t, At...>) {
    return vec<T, std::ptrdiff_t{sizeof...(At)}>{static_cast<T>(At)...};
}

template <class V>
ASHLAR_INLINE inline auto with_zeros(V low) {
    return join(low, V{});
}

// Every store of whole vectors. With AVX-512 g++ 12 writes a constant of 32 or 64 bytes that ends in zeros as if it had
// none, {1, 1, 1, 0, 0, 0, 0, 0} as eight 1s, where it takes a copy for one wide number: here it sees no constant.
template <class V>
ASHLAR_INLINE inline void put(void* p, const V& v) {
#if defined(__AVX512F__) && !defined(__clang__)
    if constexpr (sizeof(V) == 32 || sizeof(V) == 64) {
        V unknown = v;
        asm("" : "+v"(unknown));
        __builtin_memcpy(p, &unknown, sizeof unknown);
        return;
    }
#endif
    __builtin_memcpy(p, &v, sizeof v);
}

// N elements as a vector of that length.
template <std::ptrdiff_t N, class T>
ASHLAR_INLINE inline short_vec<T, N> load_short(const T* p) {
    short_vec<T, N> v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

// N lanes, a half, a quarter or an eighth of all.
template <std::ptrdiff_t All, class V>
ASHLAR_INLINE inline auto filled_up(V low) {
    if constexpr (sizeof(V) == All * sizeof(scalar_of<V>)) return low;
    else return filled_up<All>(with_zeros(low));
}
template <std::ptrdiff_t All, std::ptrdiff_t N, class T>
ASHLAR_INLINE inline vec<T, All> load_low(const T* p) {
    return filled_up<All>(load_short<N>(p));
}

}  // namespace detail

template <class T, std::ptrdiff_t N = lanes<T>>
ASHLAR_INLINE inline vec<T, N> load(const T* p) {
    vec<T, N> v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

template <class T>
ASHLAR_INLINE inline void store(T* p, vec<T> v) {
    detail::put(p, v);
}

// The first n of N lanes, 0 < n <= N; nothing behind them is touched; the other lanes are zero. A load under a mask
// waits until what was stored there is in the cache; one of just these elements takes it from the store.
template <class T, std::ptrdiff_t N = lanes<T>>
ASHLAR_INLINE inline vec<T, N> load_partial(const T* p, std::ptrdiff_t n) {
    [[maybe_unused]] constexpr auto bytes = N * static_cast<std::ptrdiff_t>(sizeof(T));
    if (__builtin_constant_p(n == N) && n == N) return load<T, N>(p);
    if constexpr (N >= 4)
        if (__builtin_constant_p(n == N / 2) && n == N / 2) return detail::load_low<N, N / 2>(p);
    if constexpr (N >= 8)
        if (__builtin_constant_p(n == N / 4) && n == N / 4) return detail::load_low<N, N / 4>(p);
    if constexpr (N >= 16)
        if (__builtin_constant_p(n == N / 8) && n == N / 8) return detail::load_low<N, N / 8>(p);
#if defined(__AVX512F__)
    const auto lanes_of_64 = (1U << static_cast<unsigned>(n)) - 1U;
    if constexpr (bytes == 64 && sizeof(T) == 4) {
        const auto bits = __builtin_ia32_loadups512_mask(reinterpret_cast<const float*>(p), vec<float>{},
                                                         static_cast<std::uint16_t>(lanes_of_64));
        return __builtin_bit_cast(vec<T>, bits);
    } else if constexpr (bytes == 64 && sizeof(T) == 8) {
        const auto bits = __builtin_ia32_loadupd512_mask(reinterpret_cast<const double*>(p), vec<double>{},
                                                         static_cast<std::uint8_t>(lanes_of_64));
        return __builtin_bit_cast(vec<T>, bits);
    }
#endif
#if defined(__AVX__)
    if constexpr (bytes == 32 && sizeof(T) == 4) {
        const auto mask = detail::iota<std::int32_t>(lane_sequence<N>{}) < static_cast<std::int32_t>(n);
        const auto bits = __builtin_ia32_maskloadps256(reinterpret_cast<const vec<float, N>*>(p),
                                                       __builtin_bit_cast(vec<std::int32_t, N>, mask));
        return __builtin_bit_cast(vec<T, N>, bits);
    } else if constexpr (bytes == 32 && sizeof(T) == 8) {
        const auto mask = detail::iota<std::int64_t>(lane_sequence<N>{}) < static_cast<std::int64_t>(n);
        const auto bits = __builtin_ia32_maskloadpd256(reinterpret_cast<const vec<double, N>*>(p),
                                                       __builtin_bit_cast(vec<long long, N>, mask));
        return __builtin_bit_cast(vec<T, N>, bits);
    }
#endif
    return detail::gather_lanes(p, 1, n, lane_sequence<N>{});
}

// As load_partial, n a variable up to all lanes.
template <class T>
ASHLAR_INLINE inline vec<T> load_first(const T* p, std::ptrdiff_t n) {
#if defined(__AVX512F__) || defined(__AVX__)
    return load_partial(p, n);
#else
    return n == lanes<T> ? load(p) : load_partial(p, n);
#endif
}

namespace detail {

// Halves, then quarters: masked stores are microcode on AMD.
template <class T, class V>
ASHLAR_INLINE inline void store_first(T* p, V v, std::ptrdiff_t n) {
    constexpr auto all = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(T));
    if constexpr (all == 2) {
        if (n > 0) *p = v[0];
    } else {
        auto rest = part<0, all / 2>(v);
        if (n >= all / 2) {
            put(p, rest);
            rest = part<all / 2, all / 2>(v);
            p += all / 2;
            n -= all / 2;
        }
        store_first(p, rest, n);
    }
}

}  // namespace detail

template <class T>
ASHLAR_INLINE inline void store_partial(T* p, vec<T> v, std::ptrdiff_t n) {
    if (n >= lanes<T>) store(p, v);
    else detail::store_first(p, v, n);
}

template <class T, std::ptrdiff_t N = lanes<T>>
ASHLAR_INLINE inline vec<T, N> gather(const T* p, std::ptrdiff_t stride) {
    return detail::gather_lanes(p, stride, lane_sequence<N>{});
}

template <class T, std::ptrdiff_t N = lanes<T>>
ASHLAR_INLINE inline vec<T, N> gather_partial(const T* p, std::ptrdiff_t stride, std::ptrdiff_t n) {
    return detail::gather_lanes(p, stride, n, lane_sequence<N>{});
}

template <class T>
ASHLAR_INLINE inline void scatter(T* p, std::ptrdiff_t stride, vec<T> v) {
    for (std::ptrdiff_t i = 0; i < lanes<T>; ++i) p[i * stride] = v[i];
}

template <class T>
ASHLAR_INLINE inline void scatter_partial(T* p, std::ptrdiff_t stride, vec<T> v, std::ptrdiff_t n) {
    for (std::ptrdiff_t i = 0; i < n; ++i) p[i * stride] = v[i];
}

// ---- other element types ----

namespace detail {

// 2^31 or 2^63 in T: the first number that a whole one does not reach.
template <class Whole, class T> inline constexpr T beyond =
    sizeof(Whole) == 8 ? static_cast<T>(9223372036854775808.0) : static_cast<T>(2147483648.0);

template <class To, class From>
inline constexpr bool saturates = std::is_integral_v<To> && !std::is_same_v<To, bool> && std::is_floating_point_v<From>;

}  // namespace detail

/// A number as another element type. A floating one that a whole type does not hold becomes
/// the nearest that it does, nan 0: the language leaves it open, and processors differ.
template <class To, class From>
    requires std::is_arithmetic_v<From>
ASHLAR_INLINE constexpr To converted(From x) {
    if constexpr (std::is_same_v<To, std::uint8_t> && std::is_floating_point_v<From>)
        return static_cast<To>(converted<std::int32_t>(x));  // which wraps
    else if constexpr (detail::saturates<To, From>)
        return x >= detail::beyond<To, From>   ? detail::above_all<To>
               : x > -detail::beyond<To, From> ? static_cast<To>(x)
               : x == x                        ? detail::below_all<To>
                                               : To{};
    else return static_cast<To>(x);
}

/// The same for all lanes. Into `to`: a vector wider than the registers cannot be returned.
template <class To, class V>
    requires is_vector<V>
ASHLAR_INLINE inline void convert(const V& v,
                                  short_vec<To, static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(scalar_of<V>))>& to) {
    using From = scalar_of<V>;
    using result = short_vec<To, static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(From))>;
    if constexpr (detail::saturates<To, From>) {
        const V beyond = V{} + detail::beyond<To, From>;
        const auto above = v >= beyond, below = v <= -beyond, holds = (v < beyond) & (v > -beyond);
        to = __builtin_convertvector(holds ? v : V{}, result);
        to |= __builtin_convertvector(above, result) & (result{} + detail::above_all<To>);
        to |= __builtin_convertvector(below, result) & (result{} + detail::below_all<To>);
    } else {
        to = __builtin_convertvector(v, result);
    }
}

// ---- memory of another element type ----

template <class To, class From>
ASHLAR_INLINE inline vec<To> load_as(const From* p) {
    if constexpr (std::is_same_v<To, From>) {
        return load(p);
    } else if constexpr (is_half<From>) {
        return detail::load_half<To, lanes<To>>(p);
    } else {
        using element = std::conditional_t<std::is_same_v<From, bool>, unsigned char, From>;
        short_vec<element, lanes<To>> v;
        __builtin_memcpy(&v, p, sizeof v);
        return __builtin_convertvector(v, vec<To>);
    }
}

template <class To, class From>
ASHLAR_INLINE inline vec<To> load_partial_as(const From* p, std::ptrdiff_t n) {
    if constexpr (std::is_same_v<To, From>) {
        return load_partial(p, n);
    } else if constexpr (is_half<From>) {
        return detail::load_half<To, lanes<To>>(p, n);
    } else if constexpr (sizeof(To) == sizeof(From)) {
        return __builtin_convertvector(load_partial(p, n), vec<To>);
    } else {
        To buffer[lanes<To>]{};
        for (std::ptrdiff_t i = 0; i < n; ++i) buffer[i] = static_cast<To>(p[i]);
        return load(buffer);
    }
}

template <class To, class V>
ASHLAR_INLINE inline void store_as(To* p, V v) {
    using From = scalar_of<V>;
    constexpr auto n = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(From));
    if constexpr (std::is_same_v<To, From>) {
        detail::put(p, v);
    } else if constexpr (is_half<To>) {
        detail::store_half(p, v);
    } else if constexpr (std::is_same_v<To, bool>) {
        const auto bytes = __builtin_convertvector(v != V{}, short_vec<signed char, n>) & 1;
        detail::put(p, bytes);
    } else {
        short_vec<To, n> as_stored;
        convert<To>(v, as_stored);
        detail::put(p, as_stored);
    }
}

template <class To, class V>
ASHLAR_INLINE inline void store_partial_as(To* p, V v, std::ptrdiff_t n) {
    if constexpr (std::is_same_v<To, scalar_of<V>>) store_partial(p, v, n);
    else if constexpr (is_half<To>) detail::store_half(p, v, n);
    else
        for (std::ptrdiff_t i = 0; i < n; ++i) p[i] = converted<To>(v[i]);
}

}  // namespace ashlar::kernels
