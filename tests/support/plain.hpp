// SPDX-License-Identifier: BSL-1.0
// Numbers in double that remember how they came about: the values and gradients that the library
// is held against. Shares nothing with it. What an operation is said to have rounded can be made
// larger (`noise`), which shows how far from the exact value a calculation in float may be.
#pragma once

#include <cmath>
#include <cstddef>
#include <random>
#include <utility>
#include <vector>

namespace support::plain {

/// Every result is changed by up to this much, relative to itself, on the way forward and back.
inline double noise = 0;
inline double rounded(double x) {
    static std::minstd_rand random{1};
    return noise == 0 ? x : x * (1 + noise * std::uniform_real_distribution<double>{-1, 1}(random));
}

/// One operation: the numbers that it took, and the derivative with respect to each.
struct operation {
    int of[2];
    double slope[2];
};
inline std::vector<operation> tape;

struct number {
    double value;
    int at;  // on the tape; -1 for a constant

    number(double constant = 0) : value{constant}, at{-1} {}
    number(double result, const number& a, double slope_a) : number{result, a, slope_a, 0, 0} {}
    number(double result, const number& a, double slope_a, const number& b, double slope_b)
        : value{rounded(result)}, at{static_cast<int>(tape.size())} {
        tape.push_back({{a.at, b.at}, {slope_a, slope_b}});
    }
};
inline number variable(double value) {
    number x{value, 0, 0};
    x.value = value;
    return x;
}

/// The derivatives of one number with respect to all on the tape.
inline std::vector<double> derivatives(const number& root) {
    std::vector<double> of(tape.size(), 0.0);
    if (root.at >= 0) of[static_cast<std::size_t>(root.at)] = 1;
    for (std::size_t i = tape.size(); i-- > 0;)
        for (int side = 0; side < 2; ++side)
            if (tape[i].of[side] >= 0 && of[i] != 0) {
                double& to = of[static_cast<std::size_t>(tape[i].of[side])];
                to = rounded(to + rounded(of[i] * tape[i].slope[side]));
            }
    return of;
}

inline number operator+(const number& a, const number& b) { return {a.value + b.value, a, 1, b, 1}; }
inline number operator-(const number& a, const number& b) { return {a.value - b.value, a, 1, b, -1}; }
inline number operator*(const number& a, const number& b) { return {a.value * b.value, a, b.value, b, a.value}; }
inline number operator/(const number& a, const number& b) {
    return {a.value / b.value, a, 1 / b.value, b, -a.value / (b.value * b.value)};
}
inline number exp(const number& x) { return {std::exp(x.value), x, std::exp(x.value)}; }
inline number log(const number& x) { return {std::log(x.value), x, 1 / x.value}; }
inline number expm1(const number& x) { return {std::expm1(x.value), x, std::exp(x.value)}; }
inline number log1p(const number& x) { return {std::log1p(x.value), x, 1 / (1 + x.value)}; }
inline number sqrt(const number& x) { return {std::sqrt(x.value), x, 0.5 / std::sqrt(x.value)}; }
inline number tanh(const number& x) { return {std::tanh(x.value), x, 1 - std::tanh(x.value) * std::tanh(x.value)}; }
inline number erf(const number& x) {
    return {std::erf(x.value), x, 2 / std::sqrt(std::acos(-1.0)) * std::exp(-x.value * x.value)};
}
inline number sigmoid(const number& x) { return 1 / (1 + exp(0 - x)); }

/// Row-major.
struct tensor {
    std::vector<std::size_t> dims;
    std::vector<number> at;

    explicit tensor(std::vector<std::size_t> extents) : dims{std::move(extents)} {
        std::size_t size = 1;
        for (const std::size_t n : dims) size *= n;
        at.resize(size);
    }
    std::size_t last() const { return dims.back(); }
};

/// x seen as (before, along, after) around one axis.
struct lines {
    std::size_t before = 1, along = 1, after = 1;
    lines(const tensor& x, std::size_t axis) {
        for (std::size_t i = 0; i < axis; ++i) before *= x.dims[i];
        along = x.dims[axis];
        for (std::size_t i = axis + 1; i < x.dims.size(); ++i) after *= x.dims[i];
    }
    std::size_t place(std::size_t b, std::size_t i, std::size_t a) const { return (b * along + i) * after + a; }
};

/// x less the logarithm of the sum of all exp(x), along an axis.
inline tensor log_softmax(const tensor& x, std::size_t axis) {
    const lines l{x, axis};
    tensor y{x.dims};
    for (std::size_t b = 0; b < l.before; ++b)
        for (std::size_t a = 0; a < l.after; ++a) {
            double most = x.at[l.place(b, 0, a)].value;
            for (std::size_t i = 1; i < l.along; ++i) most = std::max(most, x.at[l.place(b, i, a)].value);
            number sum = 0;
            for (std::size_t i = 0; i < l.along; ++i) sum = sum + exp(x.at[l.place(b, i, a)] - most);
            for (std::size_t i = 0; i < l.along; ++i) y.at[l.place(b, i, a)] = x.at[l.place(b, i, a)] - most - log(sum);
        }
    return y;
}

}  // namespace support::plain
