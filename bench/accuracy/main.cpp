// SPDX-License-Identifier: BSL-1.0
// The largest error of every elementary function, in units of the last place (ULP) of the exact result. Floats: every
// one of the 2^32 arguments, against the C library's double. Doubles and pow: many arguments, against its long double.
// Vectors compute all of it, and scalars the first lane of each vector again. Built and started by bench/run accuracy.
//
//   main TYPE FUNCTION STEP      one line: function|type|range|largest error|argument; STEP 1 takes every float
//   main list                    the functions
#include <ashlar/kernels/elementary.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string_view>

namespace {

namespace kernels = ashlar::kernels;

// A type in which the exact value is known well enough.
template <class T> using exact_of = std::conditional_t<std::is_same_v<T, float>, double, long double>;

/// Distance in ULP: in steps as wide as they are where the exact value lies. Infinity stands for the first power of two
/// out of range; a zero that has the wrong sign, and a NaN on one side only, are as wrong as can be.
template <class T> double rare_distance(T got, exact_of<T> want) {
    using limits = std::numeric_limits<T>;
    constexpr double wrong = 1e30;
    if ((std::isinf(got) || (got == 0 && want != 0)) && static_cast<T>(want) == got &&
        std::signbit(want) == std::signbit(got))
        return 0;
    if (std::isnan(got) || std::isnan(want)) return std::isnan(got) && std::isnan(want) ? 0 : wrong;
    if (want == 0 && got == 0) return std::signbit(want) == std::signbit(got) ? 0 : wrong;
    const exact_of<T> beyond = std::scalbn(exact_of<T>{1}, limits::max_exponent);
    const auto bounded = [&](exact_of<T> x) { return std::clamp<exact_of<T>>(x, -beyond, beyond); };
    const exact_of<T> near = bounded(want);
    const int exponent = near == 0 ? limits::min_exponent : std::ilogb(near) + 1;
    const int last = std::clamp(exponent, limits::min_exponent, limits::max_exponent) - limits::digits;
    return static_cast<double>(std::scalbn(std::fabs(bounded(static_cast<exact_of<T>>(got)) - near), -last));
}
template <class T> double distance(T got, exact_of<T> want) {
    if constexpr (std::is_same_v<T, float>)
        if (std::fabs(want) >= 0x1p-126 && std::fabs(want) < 0x1p127 && std::isfinite(got)) {
            const auto exponent = __builtin_bit_cast(std::uint64_t, want) >> 52 & 0x7ff;
            const auto steps = __builtin_bit_cast(double, (2046 + 23 - exponent) << 52);  // in 1
            return std::fabs(static_cast<double>(got) - want) * steps;
        }
    return rare_distance(got, want);
}

/// The largest error so far in a range of magnitudes, and where it was.
struct worst_of {
    const char* range;
    double below;  // magnitudes up to there
    double error = -1, x = 0, y = 0;
    void take(double e, double at, double second) {
        if (e > error) error = e, x = at, y = second;
    }
};

struct worst_list {
    worst_of part[2] = {{"all", std::numeric_limits<double>::infinity()}, {nullptr, 0}};
    void take(double e, double x, double y = 0) {
        for (auto& p : part)
            if (p.range && (std::fabs(x) <= p.below || !std::isfinite(p.below))) return p.take(e, x, y);
    }
    void print(const char* name, const char* type) const {
        for (const auto& p : part)
            if (p.range)
                std::printf(p.y == 0 ? "%s|%s|%s|%.3f|%.9g\n" : "%s|%s|%s|%.3f|%.9g, %.9g\n", name, type, p.range,
                            p.error, p.x, p.y);
    }
};

template <class T> constexpr std::ptrdiff_t block = 64 * kernels::lanes<T>;

template <class T, class F> struct measurement {
    using function = F;
    F f;
    worst_list worst;
    T x[block<T>], y[block<T>], result[block<T>], mirror[block<T>];
    std::ptrdiff_t filled = 0;

    void add(T a, T b = 0) {
        x[filled] = a, y[filled] = b;
        if (++filled == block<T>) flush();
    }
    void flush() {
        for (std::ptrdiff_t i = filled; i < block<T>; ++i) x[i] = T{1}, y[i] = T{1};
        for (std::ptrdiff_t i = 0; i < block<T>; i += kernels::lanes<T>)
            kernels::store(result + i, f(kernels::load(x + i), kernels::load(y + i)));
        if constexpr (F::parity != 0)
            for (std::ptrdiff_t i = 0; i < block<T>; i += kernels::lanes<T>)
                kernels::store(mirror + i, f(-kernels::load(x + i), kernels::load(y + i)));
        for (std::ptrdiff_t i = 0; i < filled; ++i) {
            const auto want = F::exact(static_cast<exact_of<T>>(x[i]), static_cast<exact_of<T>>(y[i]));
            double e = distance(result[i], want);
            if (i % kernels::lanes<T> == 0) e = std::max(e, distance(f(x[i], y[i]), want));
            if (F::parity != 0) {  // the same, or measured too
                const T other = F::parity < 0 ? -mirror[i] : mirror[i];
                if (other != result[i]) e = std::max(e, distance(other, want));
            }
            worst.take(e, static_cast<double>(x[i]), F::arguments == 1 ? 0 : static_cast<double>(y[i]));
        }
        filled = 0;
    }
};

/// A sequence of well-mixed bits.
struct mixer {
    std::uint64_t state = 0;
    std::uint64_t operator()() {
        std::uint64_t z = state += 0x9e3779b97f4a7c15U;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }
    double unit() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }
};

template <class T> T any_bits(mixer& next) {
    using bits = kernels::bits_of<T>;
    return __builtin_bit_cast(T, static_cast<bits>(next() >> (64 - 8 * sizeof(T))));
}

template <class M> void every_float(M& m, std::uint64_t step) {
    const std::uint64_t end = M::function::parity != 0 ? 1ULL << 31 : 1ULL << 32;  // flush looks at the negative ones
    for (std::uint64_t bits = 0; bits < end; bits += step)
        m.add(__builtin_bit_cast(float, static_cast<std::uint32_t>(bits)));
}

// A third anywhere, two thirds where functions have a shape.
template <class M> void many_doubles(M& m, std::uint64_t step) {
    mixer next;
    for (std::uint64_t i = 0; i < (1ULL << 32); i += 64 * step) {
        m.add(any_bits<double>(next));
        m.add(next.unit() * 8 - 4);
        m.add((next.unit() * 2 - 1) * std::exp2(next.unit() * 24 - 12));
    }
}

// Powers that neither overflow nor vanish, bases close to 1, whole exponents, and anything.
template <class T, class M> void many_powers(M& m, std::uint64_t step) {
    mixer next;
    constexpr bool single = std::is_same_v<T, float>;
    for (std::uint64_t i = 0; i < (1ULL << 32); i += (single ? 16 : 64) * step) {
        m.add(any_bits<T>(next), any_bits<T>(next));
        const T a = std::fabs(any_bits<T>(next));
        m.add(a, static_cast<T>((next.unit() * 2 - 1) * (single ? 150 : 1080) / std::log2(static_cast<double>(a))));
        const T b = static_cast<T>(1 + (next.unit() - 0.5) * std::exp2(-20 * next.unit()));
        m.add(b, static_cast<T>((next.unit() * 2 - 1) * (single ? 150 : 1080) / std::log2(static_cast<double>(b))));
        m.add(static_cast<T>(-4 * next.unit()), static_cast<T>(std::rint(next.unit() * 60 - 30)));
    }
}

template <class T, class F> void measure(F f, std::uint64_t step) {
    measurement<T, F> m{f, {}, {}, {}, {}, {}};
    if (F::limit > 0)
        m.worst.part[1] = m.worst.part[0], m.worst.part[1].range = "beyond", m.worst.part[0] = {"up to 2^17", F::limit};
    if constexpr (F::arguments == 2) many_powers<T>(m, step);
    else if constexpr (std::is_same_v<T, float>) every_float(m, step);
    else many_doubles(m, step);
    m.flush();
    m.worst.print(F::name, std::is_same_v<T, float> ? "float" : "double");
}

struct one_argument {
    static constexpr int arguments = 1, parity = 0;
    static constexpr double limit = 0;
};
struct odd : one_argument {
    static constexpr int parity = -1;
};
struct even : one_argument {
    static constexpr int parity = 1;
};
template <class Parity> struct angle : Parity {
    static constexpr double limit = 0x1p17;
};
struct two_arguments : one_argument {
    static constexpr int arguments = 2;
};

// As far out as makes a difference: the C library takes its time to overflow.
template <class E> E near(E x) {
    return x != x ? x : std::clamp<E>(x, sizeof(E) == 8 ? -700 : -11000, sizeof(E) == 8 ? 700 : 11000);
}

#define FUNCTION(NAME, KIND, CALL, EXACT)                                                                              \
    struct NAME##_function : KIND {                                                                                    \
        static constexpr const char* name = #NAME;                                                                     \
        template <class V> V operator()(V x, [[maybe_unused]] V y) const { return kernels::CALL; }                     \
        template <class E> static E exact(E x, [[maybe_unused]] E y) { return EXACT; }                                 \
    }
FUNCTION(exp, one_argument, exp(x), std::exp(near(x)));
FUNCTION(expm1, one_argument, expm1(x), std::expm1(near(x)));
FUNCTION(log, one_argument, log(x), std::log(x));
FUNCTION(log1p, one_argument, log1p(x), std::log1p(x));
FUNCTION(sigmoid, one_argument, sigmoid(x),
         x > 0 ? 1 / (1 + std::exp(-near(x))) : std::exp(near(x)) / (1 + std::exp(near(x))));
FUNCTION(tanh, odd, tanh(x), std::tanh(x));
FUNCTION(sinh, odd, sinh(x), std::sinh(near(x)));
FUNCTION(cosh, even, cosh(x), std::cosh(near(x)));
FUNCTION(erf, odd, erf(x), std::erf(x));
FUNCTION(sin, angle<odd>, sin(x), std::sin(x));
FUNCTION(cos, angle<even>, cos(x), std::cos(x));
FUNCTION(tan, angle<odd>, tan(x), std::tan(x));
FUNCTION(asin, odd, asin(x), std::asin(x));
FUNCTION(acos, one_argument, acos(x), std::acos(x));
FUNCTION(atan, odd, atan(x), std::atan(x));
FUNCTION(sqrt, one_argument, sqrt(x), std::sqrt(x));
FUNCTION(rsqrt, one_argument, rsqrt(x), 1 / std::sqrt(x));
FUNCTION(pow, two_arguments, pow(x, y), std::pow(x, y));
#undef FUNCTION

template <class... F> int choose(std::string_view type, std::string_view name, std::uint64_t step) {
    if (type == "list") return (std::puts(F::name), ...), 0;
    const auto run = [&]<class G>(G f) {
        if (name != G::name) return false;
        if (type == "float") measure<float>(f, step);
        else measure<double>(f, step);
        return true;
    };
    return (run(F{}) || ...) ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const auto word = [&](int i) { return argc > i ? argv[i] : ""; };
    const auto step = std::max<std::uint64_t>(1, std::strtoull(word(3), nullptr, 10));
    return choose<exp_function, expm1_function, log_function, log1p_function, sigmoid_function, tanh_function,
                  sinh_function, cosh_function, erf_function, sin_function, cos_function, tan_function, asin_function,
                  acos_function, atan_function, sqrt_function, rsqrt_function, pow_function>(word(1), word(2), step);
}
