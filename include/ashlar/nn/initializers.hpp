// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/normal.hpp"
#include "ashlar/ops/erf.hpp"

namespace ashlar {
template <class Got> struct this_initializer_needs_a_weight_of_two_axes_or_more : refusal {};
template <class Got> struct eye_fills_a_matrix : refusal {};
template <class Got> struct dirac_fills_the_weight_of_a_convolution : refusal {};
}  // namespace ashlar

// The functions of torch.nn.init, which fill a tensor: `nn::init::kaiming_normal(model.get<0>().weight, random)` with
// a `generator random{seed(1)}`. Also in constant expressions. Each number has the 24 bits that a draw has. A weight is
// [out, in, ...]: its fan_in is the product of all extents but the first, its fan_out that of all but the second.
namespace ashlar::nn::init {

enum class fan : std::uint8_t { in, out };
enum class nonlinearity : std::uint8_t { linear, sigmoid, tanh, relu, leaky_relu, selu };

/// What keeps the variance behind a function; `slope` is that of leaky_relu.
constexpr double calculate_gain(nonlinearity f, double slope = 0.01) {
    switch (f) {
        case nonlinearity::tanh: return 5.0 / 3;
        case nonlinearity::relu: return 1.4142135623730951;
        case nonlinearity::leaky_relu: return ashlar::detail::inverse_root(0.5 * (1 + slope * slope));
        case nonlinearity::selu: return 0.75;
        default: return 1;
    }
}

/// `a` is the slope of leaky_relu.
struct kaiming {
    double a = 0;
    fan mode = fan::in;
    nonlinearity after = nonlinearity::leaky_relu;
};

namespace detail {

using nn::detail::normal_number;

constexpr index fan_in(const shape& s) { return s.size() / s[0]; }
constexpr index fan_out(const shape& s) { return s.size() / s[1]; }

// a + b * x with one rounding, whether a compiler contracts it or not: the product of two floats is exact.
template <class T> constexpr T scaled(double a, double b, double x) {
    return static_cast<T>(a + static_cast<double>(static_cast<float>(b)) * static_cast<double>(static_cast<float>(x)));
}

constexpr double deviation(const shape& s, const kaiming& o) {
    const index n = o.mode == fan::in ? fan_in(s) : fan_out(s);
    return calculate_gain(o.after, o.a) * ashlar::detail::inverse_root(static_cast<double>(n));
}
constexpr double deviation(const shape& s, double gain) {
    return gain * ashlar::detail::inverse_root(0.5 * static_cast<double>(fan_in(s) + fan_out(s)));
}
constexpr double root_of_3 = 1.7320508075688772;

// erf(x / sqrt(2)).
template <class T> constexpr T erf_of(T x) { return erf_op::eval(x * 0.70710678118654752); }
// x with the chance p of N(0, 1) below it, between two bounds.
template <class T> constexpr T normal_quantile(T p, T low, T high) {
    for (int i = 0; i < 48; ++i) {
        const T middle = 0.5 * (low + high);
        if (erf_of<T>(middle) < 2 * p - 1) low = middle;
        else high = middle;
    }
    return low;
}

/// `count` vectors of n elements each, which lie `step` and their neighbours `next` apart.
template <class T> struct vectors {
    T* begin;
    index count, n, step, next;

    constexpr T& at(index vector, index i) const { return begin[vector * next + i * step]; }
    constexpr double dot(index a, index b) const {
        double sum = 0;
        for (index i = 0; i < n; ++i) sum += static_cast<double>(at(a, i)) * static_cast<double>(at(b, i));
        return sum;
    }
    constexpr void subtract(index from, index other) const {
        const double part = static_cast<double>(static_cast<T>(dot(from, other)));
        for (index i = 0; i < n; ++i)
            at(from, i) = static_cast<T>(static_cast<double>(at(from, i)) - part * static_cast<double>(at(other, i)));
    }
    constexpr void scale(index vector, double by) const {
        for (index i = 0; i < n; ++i) at(vector, i) = static_cast<T>(static_cast<double>(at(vector, i)) * by);
    }
    // Gram and Schmidt, twice, as once leaves the errors of subtracting what is nearly equal.
    constexpr void orthonormalize() const {
        for (index v = 0; v < count; ++v) {
            for (int pass = 0; pass < 2; ++pass)
                for (index other = 0; other < v; ++other) subtract(v, other);
            scale(v, ashlar::detail::inverse_root(dot(v, v)));
        }
    }
};

}  // namespace detail

template <class T, std::size_t... Dims> constexpr void constant(Tensor<T, Dims...>& t, T value) {
    for (T& e : t) e = value;
}
template <class T, std::size_t... Dims> constexpr void zeros(Tensor<T, Dims...>& t) { constant(t, T(0)); }
template <class T, std::size_t... Dims> constexpr void ones(Tensor<T, Dims...>& t) { constant(t, T(1)); }

/// U(a, b).
template <class T, std::size_t... Dims>
constexpr void uniform(Tensor<T, Dims...>& t, generator& random, double a = 0, double b = 1) {
    for (T& e : t) e = detail::scaled<T>(0.5 * (a + b), 0.5 * (b - a), random.uniform(1.0));
}
/// N(mean, std^2).
template <class T, std::size_t... Dims>
constexpr void normal(Tensor<T, Dims...>& t, generator& random, double mean = 0, double std = 1) {
    for (T& e : t) e = detail::scaled<T>(mean, std, detail::normal_number(random));
}
/// N(mean, std^2) of which only what lies in [a, b] is taken.
template <class T, std::size_t... Dims>
constexpr void trunc_normal(Tensor<T, Dims...>& t, generator& random, double mean = 0, double std = 1, double a = -2,
                            double b = 2) {
    const double low = (a - mean) / std, high = (b - mean) / std;
    const double from = detail::erf_of<double>(low), to = detail::erf_of<double>(high);
    for (T& e : t) {
        const double p = detail::scaled<double>(0.25 * (from + to) + 0.5, 0.25 * (to - from), random.uniform(1.0));
        const T drawn = detail::scaled<T>(mean, std, detail::normal_quantile(p, low, high));
        e = drawn < static_cast<T>(a) ? static_cast<T>(a) : drawn > static_cast<T>(b) ? static_cast<T>(b) : drawn;
    }
}

/// U(-b, b), b = gain sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010).
template <class T, std::size_t... Dims>
constexpr void xavier_uniform(Tensor<T, Dims...>& t, generator& random, double gain = 1) {
    if constexpr (sizeof...(Dims) < 2) {
        [[maybe_unused]] poison& fault = refused<this_initializer_needs_a_weight_of_two_axes_or_more<Shape<Dims...>>>;
    }
    uniform(t, random, -detail::root_of_3 * detail::deviation(Shape<Dims...>::value, gain),
            detail::root_of_3 * detail::deviation(Shape<Dims...>::value, gain));
}
/// N(0, gain^2 2 / (fan_in + fan_out)).
template <class T, std::size_t... Dims>
constexpr void xavier_normal(Tensor<T, Dims...>& t, generator& random, double gain = 1) {
    if constexpr (sizeof...(Dims) < 2) {
        [[maybe_unused]] poison& fault = refused<this_initializer_needs_a_weight_of_two_axes_or_more<Shape<Dims...>>>;
    }
    normal(t, random, 0, detail::deviation(Shape<Dims...>::value, gain));
}
/// U(-b, b), b = gain sqrt(3 / fan) (He et al. 2015): `kaiming_uniform(weight, random, {.mode = nn::init::fan::out})`.
template <class T, std::size_t... Dims>
constexpr void kaiming_uniform(Tensor<T, Dims...>& t, generator& random, kaiming options = {}) {
    if constexpr (sizeof...(Dims) < 2) {
        [[maybe_unused]] poison& fault = refused<this_initializer_needs_a_weight_of_two_axes_or_more<Shape<Dims...>>>;
    }
    uniform(t, random, -detail::root_of_3 * detail::deviation(Shape<Dims...>::value, options),
            detail::root_of_3 * detail::deviation(Shape<Dims...>::value, options));
}
/// N(0, gain^2 / fan).
template <class T, std::size_t... Dims>
constexpr void kaiming_normal(Tensor<T, Dims...>& t, generator& random, kaiming options = {}) {
    if constexpr (sizeof...(Dims) < 2) {
        [[maybe_unused]] poison& fault = refused<this_initializer_needs_a_weight_of_two_axes_or_more<Shape<Dims...>>>;
    }
    normal(t, random, 0, detail::deviation(Shape<Dims...>::value, options));
}

/// Rows, or columns where there are fewer of them, of length gain at right angles to each other, every set of them as
/// likely (Saxe, McClelland and Ganguli 2014). Axes behind the second belong to it.
template <class T, std::size_t... Dims>
constexpr void orthogonal(Tensor<T, Dims...>& t, generator& random, double gain = 1) {
    if constexpr (sizeof...(Dims) < 2) {
        [[maybe_unused]] poison& fault = refused<this_initializer_needs_a_weight_of_two_axes_or_more<Shape<Dims...>>>;
    }
    normal(t, random);
    constexpr index rows = Shape<Dims...>::value[0], columns = Shape<Dims...>::value.size() / rows;
    const detail::vectors<T> v = rows <= columns ? detail::vectors<T>{t.data(), rows, columns, 1, columns}
                                                 : detail::vectors<T>{t.data(), columns, rows, columns, 1};
    v.orthonormalize();
    for (index i = 0; i < v.count; ++i) v.scale(i, gain);
}

/// 1 on the diagonal of a matrix, elsewhere 0.
template <class T, std::size_t... Dims> constexpr void eye(Tensor<T, Dims...>& t) {
    if constexpr (sizeof...(Dims) != 2) {
        [[maybe_unused]] poison& fault = refused<eye_fills_a_matrix<Shape<Dims...>>>;
    }
    zeros(t);
    constexpr index columns = Shape<Dims...>::value.size() / Shape<Dims...>::value[0];
    for (index i = 0; i < Shape<Dims...>::value[0] && i < columns; ++i) t.data()[i * columns + i] = 1;
}

/// What makes a convolution the identity of as many channels as there are, in each of its groups: 1 in the middle.
template <class T, std::size_t... Dims> constexpr void dirac(Tensor<T, Dims...>& t, index groups = 1) {
    constexpr shape s = Shape<Dims...>::value;
    if constexpr (sizeof...(Dims) < 3 || sizeof...(Dims) > 5) {
        [[maybe_unused]] poison& fault = refused<dirac_fills_the_weight_of_a_convolution<Shape<Dims...>>>;
    }
    zeros(t);
    index taps = 1, middle = 0;
    for (int i = 2; i < s.rank; ++i) taps *= s[i], middle = middle * s[i] + s[i] / 2;
    const index out = s[0] / groups;
    for (index g = 0; g < groups; ++g)
        for (index c = 0; c < out && c < s[1]; ++c) t.data()[((g * out + c) * s[1] + c) * taps + middle] = 1;
}

}  // namespace ashlar::nn::init
