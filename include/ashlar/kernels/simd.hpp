// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

// Vectors are the compilers' own: no intrinsics header to parse, one source for SSE2, AVX, AVX-512 and NEON.
// The few builtins below name what plain vector code cannot say (masked loads, square roots, fused multiply-add).
namespace ashlar::kernels {

#if defined(__AVX512F__)
inline constexpr std::ptrdiff_t vector_bytes = 64;
#elif defined(__AVX__)
inline constexpr std::ptrdiff_t vector_bytes = 32;
#else
inline constexpr std::ptrdiff_t vector_bytes = 16;
#endif

template <class T, std::ptrdiff_t Bytes>
struct vector_of {
    using type [[gnu::vector_size(Bytes)]] = T;
};

// Native vector, its length, and a vector of N elements of T (which need not be native).
template <class T>
using vec = typename vector_of<T, vector_bytes>::type;
template <class T>
inline constexpr std::ptrdiff_t lanes = vector_bytes / static_cast<std::ptrdiff_t>(sizeof(T));
template <class T, std::ptrdiff_t N>
using short_vec = typename vector_of<T, N * static_cast<std::ptrdiff_t>(sizeof(T))>::type;

template <class V>
struct scalar_type {
    using type = std::remove_cvref_t<decltype(std::declval<V&>()[0])>;
};
template <class T>
    requires std::is_arithmetic_v<T>
struct scalar_type<T> {
    using type = T;
};
template <class V>
using scalar_of = typename scalar_type<V>::type;
template <class V>
inline constexpr bool is_vector = !std::is_arithmetic_v<V>;

// The unsigned integers that hold the bits of a float, lane by lane.
template <class V>
struct bits_type {
    using word = std::conditional_t<sizeof(scalar_of<V>) == 8, std::uint64_t, std::uint32_t>;
    using type = typename vector_of<word, static_cast<std::ptrdiff_t>(sizeof(V))>::type;
};
template <class T>
    requires std::is_arithmetic_v<T>
struct bits_type<T> {
    using type = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;
};
template <class V>
using bits_of = typename bits_type<V>::type;

template <std::ptrdiff_t N>
using lane_sequence = std::make_integer_sequence<std::ptrdiff_t, N>;

namespace detail {

template <class V, std::ptrdiff_t... I>
[[gnu::always_inline]] constexpr V repeat(scalar_of<V> value, std::integer_sequence<std::ptrdiff_t, I...>) {
    return V{((void)I, value)...};  // not V{} + value: that is a real addition, which also loses -0
}

template <class T, std::ptrdiff_t... I>
[[gnu::always_inline]] inline vec<T> gather_lanes(const T* p, std::ptrdiff_t stride, std::integer_sequence<std::ptrdiff_t, I...>) {
    return vec<T>{p[I * stride]...};
}

template <class T, std::ptrdiff_t... I>
[[gnu::always_inline]] inline vec<T> gather_lanes(const T* p, std::ptrdiff_t stride, std::ptrdiff_t n,
                                                  std::integer_sequence<std::ptrdiff_t, I...>) {
    return vec<T>{(I < n ? p[I * stride] : T{})...};
}

template <class T, std::ptrdiff_t... I>
[[gnu::always_inline]] inline vec<T> iota(std::integer_sequence<std::ptrdiff_t, I...>) {
    return vec<T>{static_cast<T>(I)...};
}

template <std::ptrdiff_t From, class V, std::ptrdiff_t... I>
[[gnu::always_inline]] inline auto lane_range(V low, V high, std::integer_sequence<std::ptrdiff_t, I...>) {
    return __builtin_shufflevector(low, high, (From + I)...);
}

}  // namespace detail

// A scalar or a vector from a scalar.
template <class V>
[[gnu::always_inline]] constexpr V splat(scalar_of<V> value) {
    if constexpr (is_vector<V>)
        return detail::repeat<V>(value, lane_sequence<static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(value))>{});
    else
        return value;
}

template <class T>
[[gnu::always_inline]] constexpr vec<T> broadcast(T value) {
    return splat<vec<T>>(value);
}

// N elements starting at lane From.
template <std::ptrdiff_t From, std::ptrdiff_t N, class V>
[[gnu::always_inline]] inline auto part(V v) {
    return detail::lane_range<From>(v, v, lane_sequence<N>{});
}

// One vector behind the other.
template <class V>
[[gnu::always_inline]] inline auto join(V low, V high) {
    return detail::lane_range<0>(low, high, lane_sequence<static_cast<std::ptrdiff_t>(2 * sizeof(V) / sizeof(scalar_of<V>))>{});
}

// ---- memory, no alignment asked for ----

template <class T>
[[gnu::always_inline]] inline vec<T> load(const T* p) {
    vec<T> v;
    __builtin_memcpy(&v, p, sizeof v);
    return v;
}

template <class T>
[[gnu::always_inline]] inline void store(T* p, vec<T> v) {
    __builtin_memcpy(p, &v, sizeof v);
}

// The first n lanes, 0 < n <= lanes; nothing behind them is touched; the other lanes are zero.
template <class T>
[[gnu::always_inline]] inline vec<T> load_partial(const T* p, std::ptrdiff_t n) {
    constexpr std::ptrdiff_t all = lanes<T>;
    if (__builtin_constant_p(n == all) && n == all) return load(p);
    if constexpr (all >= 4) {
        if (__builtin_constant_p(n == all / 2) && n == all / 2) {
            short_vec<T, all / 2> low;
            __builtin_memcpy(&low, p, sizeof low);
            return join(low, decltype(low){});
        }
    }
#if defined(__AVX512F__)
    const auto mask = (1U << static_cast<unsigned>(n)) - 1U;
    if constexpr (sizeof(T) == 4) {
        const auto bits = __builtin_ia32_loadups512_mask(reinterpret_cast<const float*>(p), vec<float>{},
                                                         static_cast<std::uint16_t>(mask));
        return __builtin_bit_cast(vec<T>, bits);
    } else if constexpr (sizeof(T) == 8) {
        const auto bits = __builtin_ia32_loadupd512_mask(reinterpret_cast<const double*>(p), vec<double>{},
                                                         static_cast<std::uint8_t>(mask));
        return __builtin_bit_cast(vec<T>, bits);
    }
#elif defined(__AVX__)
    if constexpr (sizeof(T) == 4) {
        const auto mask = detail::iota<std::int32_t>(lane_sequence<all>{}) < static_cast<std::int32_t>(n);
        const auto bits = __builtin_ia32_maskloadps256(reinterpret_cast<const vec<float>*>(p), __builtin_bit_cast(vec<std::int32_t>, mask));
        return __builtin_bit_cast(vec<T>, bits);
    } else if constexpr (sizeof(T) == 8) {
        const auto mask = detail::iota<std::int64_t>(lane_sequence<all>{}) < static_cast<std::int64_t>(n);
        const auto bits = __builtin_ia32_maskloadpd256(reinterpret_cast<const vec<double>*>(p), __builtin_bit_cast(vec<long long>, mask));
        return __builtin_bit_cast(vec<T>, bits);
    }
#endif
    return detail::gather_lanes(p, 1, n, lane_sequence<all>{});
}

namespace detail {

// Halves, then quarters: masked stores are microcode on AMD.
template <class T, class V>
[[gnu::always_inline]] inline void store_first(T* p, V v, std::ptrdiff_t n) {
    constexpr auto all = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(T));
    if constexpr (all == 2) {
        if (n > 0) *p = v[0];
    } else {
        auto rest = part<0, all / 2>(v);
        if (n >= all / 2) {
            __builtin_memcpy(p, &rest, sizeof rest);
            rest = part<all / 2, all / 2>(v);
            p += all / 2;
            n -= all / 2;
        }
        store_first(p, rest, n);
    }
}

}  // namespace detail

template <class T>
[[gnu::always_inline]] inline void store_partial(T* p, vec<T> v, std::ptrdiff_t n) {
    if (n >= lanes<T>)
        store(p, v);
    else
        detail::store_first(p, v, n);
}

template <class T>
[[gnu::always_inline]] inline vec<T> gather(const T* p, std::ptrdiff_t stride) {
    return detail::gather_lanes(p, stride, lane_sequence<lanes<T>>{});
}

template <class T>
[[gnu::always_inline]] inline vec<T> gather_partial(const T* p, std::ptrdiff_t stride, std::ptrdiff_t n) {
    return detail::gather_lanes(p, stride, n, lane_sequence<lanes<T>>{});
}

template <class T>
[[gnu::always_inline]] inline void scatter(T* p, std::ptrdiff_t stride, vec<T> v) {
    for (std::ptrdiff_t i = 0; i < lanes<T>; ++i) p[i * stride] = v[i];
}

template <class T>
[[gnu::always_inline]] inline void scatter_partial(T* p, std::ptrdiff_t stride, vec<T> v, std::ptrdiff_t n) {
    for (std::ptrdiff_t i = 0; i < n; ++i) p[i * stride] = v[i];
}

// ---- memory of another element type (float, double, int, bool) ----

template <class To, class From>
[[gnu::always_inline]] inline vec<To> load_as(const From* p) {
    if constexpr (std::is_same_v<To, From>) {
        return load(p);
    } else {
        using element = std::conditional_t<std::is_same_v<From, bool>, unsigned char, From>;
        short_vec<element, lanes<To>> v;
        __builtin_memcpy(&v, p, sizeof v);
        return __builtin_convertvector(v, vec<To>);
    }
}

template <class To, class From>
[[gnu::always_inline]] inline vec<To> load_partial_as(const From* p, std::ptrdiff_t n) {
    if constexpr (std::is_same_v<To, From>) {
        return load_partial(p, n);
    } else {
        To buffer[lanes<To>]{};
        for (std::ptrdiff_t i = 0; i < n; ++i) buffer[i] = static_cast<To>(p[i]);
        return load(buffer);
    }
}

template <class To, class V>
[[gnu::always_inline]] inline void store_as(To* p, V v) {
    using From = scalar_of<V>;
    if constexpr (std::is_same_v<To, From>) {
        store(p, v);
    } else if constexpr (std::is_same_v<To, bool>) {
        const auto bytes = __builtin_convertvector(v != V{}, short_vec<signed char, lanes<From>>) & 1;
        __builtin_memcpy(p, &bytes, sizeof bytes);
    } else {
        const auto converted = __builtin_convertvector(v, short_vec<To, lanes<From>>);
        __builtin_memcpy(p, &converted, sizeof converted);
    }
}

template <class To, class V>
[[gnu::always_inline]] inline void store_partial_as(To* p, V v, std::ptrdiff_t n) {
    if constexpr (std::is_same_v<To, scalar_of<V>>)
        store_partial(p, v, n);
    else
        for (std::ptrdiff_t i = 0; i < n; ++i) p[i] = static_cast<To>(v[i]);
}

// ---- lanes ----

// mask is a bool, or the result of comparing two vectors.
template <class M, class V>
[[gnu::always_inline]] constexpr V select(M mask, V a, V b) {
    return mask ? a : b;
}

// As torch.minimum and torch.maximum: NaN wins.
template <class V>
[[gnu::always_inline]] constexpr V min(V a, V b) {
    if constexpr (std::is_floating_point_v<scalar_of<V>>)
        return ((a < b) | (a != a)) ? a : b;
    else
        return a < b ? a : b;
}

template <class V>
[[gnu::always_inline]] constexpr V max(V a, V b) {
    if constexpr (std::is_floating_point_v<scalar_of<V>>)
        return ((a > b) | (a != a)) ? a : b;
    else
        return a > b ? a : b;
}

// a * b + c, rounded once where the target can.
template <class V>
[[gnu::always_inline]] constexpr V fma(V a, V b, V c) {
#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
    if (!__builtin_is_constant_evaluated()) {
        if constexpr (std::is_same_v<V, float>) return __builtin_fmaf(a, b, c);
        if constexpr (std::is_same_v<V, double>) return __builtin_fma(a, b, c);
#if defined(__clang__)
        if constexpr (is_vector<V> && std::is_floating_point_v<scalar_of<V>>) return __builtin_elementwise_fma(a, b, c);
#elif defined(__FMA__)
        if constexpr (std::is_same_v<V, vector_of<float, 16>::type>) return __builtin_ia32_vfmaddps(a, b, c);
        if constexpr (std::is_same_v<V, vector_of<double, 16>::type>) return __builtin_ia32_vfmaddpd(a, b, c);
#if defined(__AVX__)
        if constexpr (std::is_same_v<V, vector_of<float, 32>::type>) return __builtin_ia32_vfmaddps256(a, b, c);
        if constexpr (std::is_same_v<V, vector_of<double, 32>::type>) return __builtin_ia32_vfmaddpd256(a, b, c);
#endif
#endif
    }
#endif
    return a * b + c;  // one expression, so that compilers may contract it
}

namespace detail {

struct add_lanes {
    template <class V>
    [[gnu::always_inline]] constexpr V operator()(V a, V b) const { return a + b; }
};
struct multiply_lanes {
    template <class V>
    [[gnu::always_inline]] constexpr V operator()(V a, V b) const { return a * b; }
};
struct max_lanes {
    template <class V>
    [[gnu::always_inline]] constexpr V operator()(V a, V b) const { return kernels::max(a, b); }
};
struct min_lanes {
    template <class V>
    [[gnu::always_inline]] constexpr V operator()(V a, V b) const { return kernels::min(a, b); }
};

// Upper half onto lower half until one lane is left: a fixed order.
template <class F, class V>
[[gnu::always_inline]] inline scalar_of<V> fold_lanes(F f, V v) {
    constexpr auto n = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(scalar_of<V>));
    if constexpr (n == 2)
        return f(v[0], v[1]);
    else
        return fold_lanes(f, f(part<0, n / 2>(v), part<n / 2, n / 2>(v)));
}

}  // namespace detail

template <class V>
[[gnu::always_inline]] inline scalar_of<V> reduce_add(V v) {
    return detail::fold_lanes(detail::add_lanes{}, v);
}
template <class V>
[[gnu::always_inline]] inline scalar_of<V> reduce_mul(V v) {
    return detail::fold_lanes(detail::multiply_lanes{}, v);
}
template <class V>
[[gnu::always_inline]] inline scalar_of<V> reduce_max(V v) {
    return detail::fold_lanes(detail::max_lanes{}, v);
}
template <class V>
[[gnu::always_inline]] inline scalar_of<V> reduce_min(V v) {
    return detail::fold_lanes(detail::min_lanes{}, v);
}

// Is any lane of a comparison's result set?
template <class M>
[[gnu::always_inline]] constexpr bool any(M mask) {
    if constexpr (std::is_same_v<M, bool>) {
        return mask;
    } else {
        const auto words = __builtin_bit_cast(typename vector_of<std::int64_t, static_cast<std::ptrdiff_t>(sizeof(M))>::type, mask);
        std::int64_t bits = 0;
        for (std::size_t i = 0; i < sizeof(M) / 8; ++i) bits |= words[i];
        return bits != 0;
    }
}

}  // namespace ashlar::kernels
