// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/memory.hpp"
#include "ashlar/kernels/vector.hpp"

// Arithmetic that the operators do not have.
//
// With -ffast-math, -Ofast or -funsafe-math-optimizations compilers count with floats as if they were real numbers, and
// make x of (x + magic) - magic. What depends on how sums are rounded is kept as it is written: from clang by the
// pragma around this file and those that need it, as not all of these options have a macro there; from g++ by a barrier
// around what it may not put together with others: ASHLAR_KEEP(x + magic) - magic. Neither changes an instruction
// without them. (An empty instruction: __builtin_assoc_barrier is forgotten where g++ makes vectors of scalars.)
#if defined(__ASSOCIATIVE_MATH__) && !defined(__clang__)
namespace ashlar::kernels {
template <class V>
ASHLAR_INLINE constexpr V as_written(V v) {
    #if defined(__x86_64__)
    if (!__builtin_is_constant_evaluated()) asm("" : "+x"(v));
    #elif defined(__aarch64__)
    if (!__builtin_is_constant_evaluated()) asm("" : "+w"(v));
    #else
    if (!__builtin_is_constant_evaluated()) v = __builtin_assoc_barrier(v);
    #endif
    return v;
}
}  // namespace ashlar::kernels
    #define ASHLAR_KEEP ::ashlar::kernels::as_written
#else
    #define ASHLAR_KEEP
#endif

#if defined(__clang__)
    #pragma float_control(precise, on, push)
#endif
namespace ashlar::kernels {

// a / b, for which g++ -ffast-math takes a reciprocal of a few bits, and 0 where b is large.
template <class V>
ASHLAR_INLINE constexpr V quotient(V a, V b) {
#if defined(__RECIPROCAL_MATH__) && !defined(__clang__)
    if (!__builtin_is_constant_evaluated()) {
    #if defined(__SSE2__)
        if constexpr (std::is_same_v<V, vector_of<float, 16>::type>) return __builtin_ia32_divps(a, b);
    #endif
    #if defined(__AVX__)
        if constexpr (std::is_same_v<V, vector_of<float, 32>::type>) return __builtin_ia32_divps256(a, b);
    #endif
    #if defined(__AVX512F__)
        if constexpr (std::is_same_v<V, vector_of<float, 64>::type>)
            return __builtin_ia32_divps512_mask(a, b, a, -1, 4);
    #endif
    }
#endif
    return a / b;
}

// mask is a bool, or the result of comparing two vectors.
template <class M, class V>
ASHLAR_INLINE constexpr V select(M mask, V a, V b) {
    return mask ? a : b;
}

// As it is: compilers would take a vector apart again that was put together.
template <class V>
ASHLAR_INLINE inline V unbroken(V v) {
#if defined(__x86_64__)
    asm("" : "+x"(v));
#endif
    return v;
}

// Whether a product may be contracted into a sum that another function computes, or sums reassociated.
#if defined(__FAST_MATH__) || (!defined(__clang__) && (defined(__FMA__) || !defined(__SSE2__)))
inline constexpr bool fences = true;
#else
inline constexpr bool fences = false;
#endif

namespace detail {

template <class V>
ASHLAR_INLINE inline V fenced(V x) {
#if defined(__SSE2__)
    asm("" : "+v"(x));
#elif defined(__aarch64__)
    asm("" : "+w"(x));
#else
    asm("" : "+m"(x));
#endif
    return x;
}

}  // namespace detail

// x as one rounded number: no compiler contracts its product into the sum that reads it, or reassociates across it. It
// stays in its register. g++ contracts whatever product meets a sum after inlining, and which of two products depends
// on what is around them; clang does so only within one expression. (No __builtin_assoc_barrier: g++ forgets it where
// it makes vectors of scalars, and takes vectors apart for it.)
template <class V>
ASHLAR_INLINE constexpr V rounded(V x) {
    if constexpr (fences && std::is_floating_point_v<scalar_of<V>>)
        return __builtin_is_constant_evaluated() ? x : detail::fenced(x);
    else return x;
}

namespace detail {

// g++ 12 stops with an internal error, without SSE4.1, where it sees two choices of 64-bit lanes one after the other.
template <class V>
ASHLAR_INLINE constexpr V chosen(V v) {
#if defined(__SSE2__) && !defined(__SSE4_1__) && !defined(__clang__)
    if constexpr (is_vector<V> && sizeof(scalar_of<V>) == 8) return unbroken(v);
#endif
    return v;
}

}  // namespace detail

// As torch.minimum and torch.maximum: NaN wins. The parentheses keep out the macros min(a, b) and max(a, b) of Windows.
template <class V>
ASHLAR_INLINE constexpr V(min)(V a, V b) {
    if constexpr (std::is_floating_point_v<scalar_of<V>>) return detail::chosen(((a < b) | (a != a)) ? a : b);
    else return a < b ? a : b;
}

template <class V>
ASHLAR_INLINE constexpr V(max)(V a, V b) {
    if constexpr (std::is_floating_point_v<scalar_of<V>>) return detail::chosen(((a > b) | (a != a)) ? a : b);
    else return a > b ? a : b;
}

// No more than high, and no less than low, where NaN stays: one instruction, which g++ 12 does not find by itself.
template <class V>
ASHLAR_INLINE constexpr V at_most(V x, scalar_of<V> high) {
#if defined(__SSE2__) && !defined(__clang__)
    if constexpr (std::is_same_v<V, vector_of<float, 16>::type>) return __builtin_ia32_minps(splat<V>(high), x);
    if constexpr (std::is_same_v<V, vector_of<double, 16>::type>) return __builtin_ia32_minpd(splat<V>(high), x);
    #if defined(__AVX__)
    if constexpr (std::is_same_v<V, vector_of<float, 32>::type>) return __builtin_ia32_minps256(splat<V>(high), x);
    if constexpr (std::is_same_v<V, vector_of<double, 32>::type>) return __builtin_ia32_minpd256(splat<V>(high), x);
    #endif
    #if defined(__AVX512F__)
    if constexpr (std::is_same_v<V, vector_of<float, 64>::type>)
        return __builtin_ia32_minps512_mask(splat<V>(high), x, x, -1, 4);  // all lanes, rounding as it is set
    if constexpr (std::is_same_v<V, vector_of<double, 64>::type>)
        return __builtin_ia32_minpd512_mask(splat<V>(high), x, x, -1, 4);
    #endif
#endif
    return x > high ? splat<V>(high) : x;
}

template <class V>
ASHLAR_INLINE constexpr V at_least(V x, scalar_of<V> low) {
#if defined(__SSE2__) && !defined(__clang__)
    if constexpr (std::is_same_v<V, vector_of<float, 16>::type>) return __builtin_ia32_maxps(splat<V>(low), x);
    if constexpr (std::is_same_v<V, vector_of<double, 16>::type>) return __builtin_ia32_maxpd(splat<V>(low), x);
    #if defined(__AVX__)
    if constexpr (std::is_same_v<V, vector_of<float, 32>::type>) return __builtin_ia32_maxps256(splat<V>(low), x);
    if constexpr (std::is_same_v<V, vector_of<double, 32>::type>) return __builtin_ia32_maxpd256(splat<V>(low), x);
    #endif
    #if defined(__AVX512F__)
    if constexpr (std::is_same_v<V, vector_of<float, 64>::type>)
        return __builtin_ia32_maxps512_mask(splat<V>(low), x, x, -1, 4);  // all lanes, rounding as it is set
    if constexpr (std::is_same_v<V, vector_of<double, 64>::type>)
        return __builtin_ia32_maxpd512_mask(splat<V>(low), x, x, -1, 4);
    #endif
#elif defined(__AVX512F__)  // clang finds it, but not in the low lanes of a vector
    if constexpr (std::is_same_v<V, vector_of<float, 64>::type>) return __builtin_ia32_maxps512(splat<V>(low), x, 4);
#endif
    return x < low ? splat<V>(low) : x;
}

// a * b + c, rounded once where the target can.
template <class V>
ASHLAR_INLINE constexpr V fma(V a, V b, V c) {
#if defined(__clang__) && defined(__SSE2__) && !defined(__FMA__)
    #pragma clang fp contract(off)  // it would still round once what it knows while compiling
#endif
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
        #if defined(__AVX512F__)
        if constexpr (std::is_same_v<V, vector_of<float, 64>::type>)
            return __builtin_ia32_vfmaddps512_mask(a, b, c, -1, 4);
        if constexpr (std::is_same_v<V, vector_of<double, 64>::type>)
            return __builtin_ia32_vfmaddpd512_mask(a, b, c, -1, 4);
        #endif
    #elif defined(__aarch64__)
        if constexpr (std::is_same_v<V, vector_of<float, 16>::type>) return __builtin_aarch64_fmav4sf(a, b, c);
        if constexpr (std::is_same_v<V, vector_of<double, 16>::type>) return __builtin_aarch64_fmav2df(a, b, c);
    #endif
    }
#endif
    return a * b + c;  // one expression, so that compilers may contract it
}

// Sums of products begin with `no_products` and go on with `sum = add_product(a, b, sum)`: then there is one product
// that g++ can contract. Its intrinsic for `fma` is as exact, but twice the code where loops are unrolled, as nothing
// is known of it. (An ordinary zero would fall away, and leave two products that meet in a sum.)
template <class V>
ASHLAR_INLINE inline V no_products() {
    return rounded(V{});
}
template <class V>
ASHLAR_INLINE inline V add_product(V a, V b, V sum) {
#if defined(__clang__)
    return fma(a, b, sum);
#else
    return a * b + sum;
#endif
}

// In a register: g++ would read what was loaded again for every product.
template <class V>
ASHLAR_INLINE inline V kept(V v) {
#if defined(__clang__)
    return v;
#else
    return unbroken(v);
#endif
}

namespace detail {

struct add_lanes {
    template <class V>
    ASHLAR_INLINE constexpr V operator()(V a, V b) const {
        if constexpr (whole<V>) return wrapped_sum(a, b);
        else return a + b;
    }
};
struct multiply_lanes {
    template <class V>
    ASHLAR_INLINE constexpr V operator()(V a, V b) const {
        if constexpr (whole<V>) return wrapped_product(a, b);
        else return a * b;
    }
};
struct max_lanes {
    template <class V>
    ASHLAR_INLINE constexpr V operator()(V a, V b) const {
        return (kernels::max)(a, b);
    }
};
struct min_lanes {
    template <class V>
    ASHLAR_INLINE constexpr V operator()(V a, V b) const {
        return (kernels::min)(a, b);
    }
};

// Upper half onto lower half until one lane is left: a fixed order.
template <class F, class V>
ASHLAR_INLINE inline scalar_of<V> fold_lanes(F f, V v) {
    constexpr auto n = static_cast<std::ptrdiff_t>(sizeof(V) / sizeof(scalar_of<V>));
    if constexpr (n == 2) return f(v[0], v[1]);
    else return fold_lanes(f, f(part<0, n / 2>(v), part<n / 2, n / 2>(v)));
}

}  // namespace detail

template <class V>
ASHLAR_INLINE inline scalar_of<V> reduce_add(V v) {
    return detail::fold_lanes(detail::add_lanes{}, v);
}
template <class V>
ASHLAR_INLINE inline scalar_of<V> reduce_mul(V v) {
    return detail::fold_lanes(detail::multiply_lanes{}, v);
}
template <class V>
ASHLAR_INLINE inline scalar_of<V> reduce_max(V v) {
    return detail::fold_lanes(detail::max_lanes{}, v);
}
template <class V>
ASHLAR_INLINE inline scalar_of<V> reduce_min(V v) {
    return detail::fold_lanes(detail::min_lanes{}, v);
}

// Is any lane of a comparison's result set?
template <class M>
ASHLAR_INLINE constexpr bool any(M mask) {
    if constexpr (std::is_same_v<M, bool>) {
        return mask;
    } else {
        const auto words =
            __builtin_bit_cast(typename vector_of<std::int64_t, static_cast<std::ptrdiff_t>(sizeof(M))>::type, mask);
        std::int64_t bits = 0;
        for (std::size_t i = 0; i < sizeof(M) / 8; ++i) bits |= words[i];
        return bits != 0;
    }
}

}  // namespace ashlar::kernels
#if defined(__clang__)
    #pragma float_control(pop)
#endif
