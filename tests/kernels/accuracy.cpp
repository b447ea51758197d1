// SPDX-License-Identifier: BSL-1.0
// labels: widths fastmath
// Every elementary function is within 4 ULP, bit for bit the same at the end of an array, and touches nothing behind
// it. bench/accuracy measures all floats; here are a sample of them and the places where errors were largest.
#include "ashlar/kernels/elementary.hpp"
#include "ashlar/kernels/map.hpp"

#include "support/catch.hpp"
#include "support/fast_math.hpp"
#include "support/guarded.hpp"
#include "support/ulp.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace kernels = ashlar::kernels;
using kernels::lanes;
using kernels::vec;

namespace {

// A type in which the exact value is known well enough.
template <class T>
using exact_of = std::conditional_t<std::is_same_v<T, float>, double, long double>;

#define FUNCTION(NAME, EXACT)                                       \
    struct NAME##_function {                                        \
        static constexpr const char* name = #NAME;                  \
        template <class V>                                          \
        V operator()(V x) const {                                   \
            return kernels::NAME(x);                                \
        }                                                           \
        template <class E>                                          \
        static E exact(E x) {                                       \
            return EXACT;                                           \
        }                                                           \
    }
FUNCTION(exp, std::exp(x));
FUNCTION(expm1, std::expm1(x));
FUNCTION(log, std::log(x));
FUNCTION(log1p, std::log1p(x));
FUNCTION(sigmoid, x > 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)));
FUNCTION(tanh, std::tanh(x));
FUNCTION(sinh, std::sinh(x));
FUNCTION(cosh, std::cosh(x));
FUNCTION(erf, std::erf(x));
FUNCTION(sin, support::library::sin(x));
FUNCTION(cos, support::library::cos(x));
FUNCTION(tan, support::library::tan(x));
FUNCTION(asin, std::asin(x));
FUNCTION(acos, std::acos(x));
FUNCTION(atan, std::atan(x));
FUNCTION(rsqrt, 1 / std::sqrt(x));
#undef FUNCTION

// x^y for exponents that matter to a vector of bases.
struct pow_function {
    static constexpr const char* name = "pow";
    template <class V>
    V operator()(V x) const {
        return kernels::pow(x, kernels::splat<V>(kernels::scalar_of<V>{-1.375}));
    }
    template <class E>
    static E exact(E x) {
        return std::pow(x, E{-1.375});
    }
};

// As the planner's bodies, for kernels::map_row.
template <class T, class F>
struct body {
    static constexpr int length = 1;
    const T* from;
    T* to;
    void operator()(std::ptrdiff_t j) const { kernels::store(to + j, F{}(kernels::load(from + j))); }
    void partial(std::ptrdiff_t j, std::ptrdiff_t n) const {
        kernels::store_partial(to + j, F{}(kernels::load_partial(from + j, n)), n);
    }
};

template <class T, class F>
void map(const T* from, T* to, std::ptrdiff_t n) {
    body<T, F> loop{from, to};
    kernels::map_row<T>(n, loop);
}

// Zeros, infinities, NaN, the ends of the formats, and where functions have their own ends.
template <class T>
std::vector<T> special_values() {
    using limits = std::numeric_limits<T>;
    std::vector<T> values;
    for (const T x : {T{0}, limits::infinity(), limits::quiet_NaN(), limits::denorm_min(), 3 * limits::denorm_min(),
                      limits::min(), limits::min() - limits::denorm_min(), limits::max(), limits::epsilon(),
                      limits::epsilon() / 4, T{0.5}, T{1}, T{1} - limits::epsilon() / 2, T{1} + limits::epsilon(), T{2},
                      T{20}, T{88.6875}, T{88.8125}, T{103.875}, T{104.125}, T{709.75}, T{745.25}, T{0x1p17},
                      T(0x1p17 + 1), T{0x1p20}, T(0x1p20 + 1), T{0x1p64}})
        if (support::counts(x) && support::counts(-x)) values.push_back(x), values.push_back(-x);
    return values;
}

// Every so-many-th bit pattern.
template <class T>
std::vector<T> sample(int count) {
    using bits = kernels::bits_of<T>;
    std::vector<T> values;
    const bits step = static_cast<bits>(~bits{0} / static_cast<bits>(count)) | 1U;
    for (int i = 0; i < count; ++i) {
        const T x = __builtin_bit_cast(T, static_cast<bits>(step * static_cast<bits>(i)));
        if (support::counts(x)) values.push_back(x);
    }
    return values;
}

// Where a measurement of all floats, or of many doubles, found the largest errors.
template <class T>
std::vector<T> worst_places() {
    std::vector<T> places;
    for (const double x :
         {0.173515007, 0.177097138, 0.426901966,    0.443099435,    0.414809644,  0.565144563, 0.528896332,
          0.526055473, 0.544700503, 0.609156847,    0.714521156,    1.01224869,   1.06773508,  2.00000572,
          2.08178854,  2.08000499,  2.67659475,     2.70657754,     7.62484741,   7.64225413,  9.00817204,
          11.7056427,  16.6425343,  36.7475664,     75.5539703,     49.4897537,   892.978394,  1391.97571,
          60068.5703,  18918300.0,  2.87101518e+11, 9.16328177e+23, 1.0443006e+38})
        if (const auto at = static_cast<T>(x); support::counts(at)) places.push_back(at), places.push_back(-at);
    return places;
}

// The largest error of vectors and of scalars.
template <class T, class F>
double largest_error(const std::vector<T>& in) {
    std::vector<T> out(in.size());
    map<T, F>(in.data(), out.data(), static_cast<std::ptrdiff_t>(in.size()));
    double worst = 0;
    for (std::size_t i = 0; i < in.size(); ++i) {
        const auto want = static_cast<long double>(F::exact(static_cast<exact_of<T>>(in[i])));
        const double error = std::max(support::ulp(out[i], want), support::ulp(F{}(in[i]), want));
        if (error > worst) {
            worst = error;
            UNSCOPED_INFO(F::name << " of " << in[i] << " is off by " << error << " ULP");
        }
    }
    return worst;
}

// Bit for bit, unless flags let a compiler choose other formulas for a lone vector.
template <class T>
bool is_same(T a, T b) {
    if (!support::keeps_ieee) return support::ulp(a, static_cast<long double>(b)) <= 4;
    return std::memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b);
}

// Arrays that end where memory ends: the result is that of whole vectors, and nothing else is read or written.
template <class T, class F>
bool ends_well(const std::vector<T>& in) {
    support::guarded_page source, target;
    for (std::ptrdiff_t n = 1; n <= 2 * lanes<T> + 1; ++n)
        for (std::size_t at = 0; at + static_cast<std::size_t>(n) <= in.size(); at += static_cast<std::size_t>(n)) {
            const auto count = static_cast<std::size_t>(n);
            T* const from = source.last<T>(count);
            T* const to = target.last<T>(count);
            std::copy(in.begin() + static_cast<std::ptrdiff_t>(at), in.begin() + static_cast<std::ptrdiff_t>(at) + n,
                      from);
            to[-1] = T{42};
            map<T, F>(from, to, n);
            for (std::ptrdiff_t i = 0; i < n; ++i)
                if (!is_same(to[i], F{}(kernels::broadcast(from[i]))[0])) return false;
            if (to[-1] != T{42}) return false;
        }
    return true;
}

template <class T, class... F>
void check() {
    const auto special = special_values<T>(), places = worst_places<T>(),
               many = sample<T>(std::is_same_v<T, float> ? 20011 : 5003);
    const auto one = [&]<class G>(G) {
        CAPTURE(G::name);
        CHECK(largest_error<T, G>(special) <= 4);
        CHECK(largest_error<T, G>(places) <= 4);
        CHECK(largest_error<T, G>(many) <= 4);
        CHECK(ends_well<T, G>(special));
    };
    (one(F{}), ...);
}

}  // namespace

TEMPLATE_TEST_CASE("exponentials and logarithms are within 4 ULP", "[accuracy]", float, double) {
    check<TestType, exp_function, expm1_function, log_function, log1p_function, rsqrt_function, pow_function>();
}

TEMPLATE_TEST_CASE("hyperbolic functions and activations are within 4 ULP", "[accuracy]", float, double) {
    check<TestType, sigmoid_function, tanh_function, sinh_function, cosh_function, erf_function>();
}

TEMPLATE_TEST_CASE("trigonometry is within 4 ULP", "[accuracy]", float, double) {
    check<TestType, sin_function, cos_function, tan_function, asin_function, acos_function, atan_function>();
}

TEMPLATE_TEST_CASE("activations stay in their range", "[accuracy]", float, double) {
    using T = TestType;
    for (const T x : sample<T>(100003)) {
        const T t = kernels::tanh(kernels::broadcast(x))[0], s = kernels::sigmoid(kernels::broadcast(x))[0];
        if (x == x && !(t >= -1 && t <= 1 && s >= 0 && s <= 1)) FAIL("out of range at " << x);
    }
    if constexpr (support::keeps_ieee) {
        CHECK(kernels::tanh(kernels::broadcast(std::numeric_limits<T>::infinity()))[0] == 1);
        CHECK(kernels::sigmoid(kernels::broadcast(std::numeric_limits<T>::infinity()))[0] == 1);
        CHECK(kernels::sigmoid(kernels::broadcast(-std::numeric_limits<T>::infinity()))[0] == 0);
    }
}
