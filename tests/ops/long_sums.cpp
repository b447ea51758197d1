// SPDX-License-Identifier: BSL-1.0
// Sums of many numbers are as exact as their bound says, along every axis, fused or not, and in products: beside sums
// in long double.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

using namespace ashlar;

namespace {

// How numbers are made: all the same, which rounds to the same side again and again; of both signs; of every size.
enum class kinds { same, mixed, sizes };

template <class T> T next(kinds kind, std::uint32_t& state) {
    if (kind == kinds::same) return T(0.1);
    state = state * 1664525u + 1013904223u;
    const T x = static_cast<T>(static_cast<std::int32_t>(state)) / T(0x1p31);
    return kind == kinds::mixed ? x : std::ldexp(x, static_cast<int>(state >> 8 & 15));
}
template <class X> void fill(X& x, kinds kind) {
    std::uint32_t state = 7;
    for (auto& e : x) e = next<std::remove_reference_t<decltype(e)>>(kind, state);
}

// The error of a sum in roundings of the sum of magnitudes.
template <class T> double roundings(T got, long double sum, long double magnitudes) {
    const long double unit = std::numeric_limits<T>::epsilon() / 2;
    return static_cast<double>(std::fabs(static_cast<long double>(got) - sum) / (unit * magnitudes));
}

constexpr double bound = 160;  // what the documentation of sum says

template <class T, std::size_t M, std::size_t N> void check_sums(kinds kind) {
    CAPTURE(sizeof(T), M, N, static_cast<int>(kind));
    const auto memory = std::make_unique<Tensor<T, M, N>>();
    auto& x = *memory;
    fill(x, kind);
    const auto rows = std::make_unique<Tensor<T, M>>(), fused = std::make_unique<Tensor<T, M>>();
    *rows = sum<1>(x), *fused = sum<1>(abs(x));
    const auto columns = std::make_unique<Tensor<T, N>>(), means = std::make_unique<Tensor<T, N>>();
    *columns = sum<0>(x), *means = mean<0>(abs(x));
    std::vector<long double> of_column(N), column_magnitudes(N);
    long double all = 0, all_magnitudes = 0;
    double worst_row = 0, worst_column = 0;
    for (std::size_t i = 0; i < M; ++i) {
        long double row = 0, magnitudes = 0;
        for (std::size_t j = 0; j < N; ++j) {
            const long double v = x(i, j), size = std::fabs(v);
            row += v, magnitudes += size, of_column[j] += v, column_magnitudes[j] += size;
        }
        all += row, all_magnitudes += magnitudes;
        worst_row = std::fmax(worst_row, roundings((*rows)(i), row, magnitudes));
        worst_row = std::fmax(worst_row, roundings((*fused)(i), magnitudes, magnitudes));
    }
    for (std::size_t j = 0; j < N; ++j) {
        worst_column = std::fmax(worst_column, roundings((*columns)(j), of_column[j], column_magnitudes[j]));
        const auto of_mean = column_magnitudes[j] / static_cast<long double>(M);
        worst_column =
            std::fmax(worst_column, roundings((*means)(j), of_mean, of_mean) - 2);  // 1 / M, and the product by it
    }
    CHECK(worst_row <= bound);
    CHECK(worst_column <= bound);
    CHECK(roundings(static_cast<T>(sum(x)), all, all_magnitudes) <= bound);
}
template <class T, std::size_t M, std::size_t N> void check_all_kinds() {
    for (const auto kind : {kinds::same, kinds::mixed, kinds::sizes}) check_sums<T, M, N>(kind);
}

// Products of k terms: beyond 1024 of them in blocks.
template <class T, std::size_t M, std::size_t N, std::size_t K, bool TransposedA, bool TransposedB>
void check_product(kinds kind) {
    CAPTURE(sizeof(T), M, N, K, TransposedA, TransposedB, static_cast<int>(kind));
    const auto a = std::make_unique<Tensor<T, TransposedA ? K : M, TransposedA ? M : K>>();
    const auto b = std::make_unique<Tensor<T, TransposedB ? N : K, TransposedB ? K : N>>();
    fill(*a, kind), fill(*b, kind);
    const auto at_a = [&](std::size_t i, std::size_t k) { return TransposedA ? (*a)(k, i) : (*a)(i, k); };
    const auto at_b = [&](std::size_t k, std::size_t j) { return TransposedB ? (*b)(j, k) : (*b)(k, j); };
    Tensor<T, M, N> c;
    if constexpr (TransposedA) c = matmul(transpose(*a), *b);
    else if constexpr (TransposedB) c = matmul(*a, transpose(*b));
    else c = matmul(*a, *b);
    double worst = 0;
    for (std::size_t i = 0; i < M; ++i)
        for (std::size_t j = 0; j < N; ++j) {
            long double exact = 0, magnitudes = 0;
            for (std::size_t k = 0; k < K; ++k) {
                const long double p = static_cast<long double>(at_a(i, k)) * static_cast<long double>(at_b(k, j));
                exact += p, magnitudes += std::fabs(p);
            }
            worst = std::fmax(worst, roundings(c(i, j), exact, magnitudes));
        }
    CHECK(worst <= 300);
}

// The rows of a product, combined as they come.
template <class T, std::size_t M, std::size_t N> void check_combined_rows() {
    CAPTURE(sizeof(T), M, N);
    const auto memory = std::make_unique<Tensor<T, M, 3>>();
    auto& a = *memory;
    Tensor<T, 3, N> b;
    fill(a, kinds::same), fill(b, kinds::same);
    const Tensor<T, N> got = sum<0>(matmul(a, b) + T(1));
    const auto tenth = static_cast<long double>(T(0.1));
    const long double exact = static_cast<long double>(M) * (3 * tenth * tenth + 1);
    double worst = 0;
    for (std::size_t j = 0; j < N; ++j) worst = std::fmax(worst, roundings(got(j), exact, exact));
    CHECK(worst <= bound + 4);
}

// Convolutions of long sums: over channels and taps, for the gradient of the image over features or taps, for that of
// the weight over images and windows. Sums of two of each, beside long double.
template <std::size_t N, std::size_t C, std::size_t O, std::size_t K, std::size_t L> struct long_convolution {
    nn::Conv1d<C, O, K, nn::no_bias> conv{};
    Tensor<float, N, C, L + K - 1> x;
    Tensor<float, N, O, L> g;
    double worst = 0;

    explicit long_convolution(kinds kind) { fill(conv.weight, kind), fill(x, kind), fill(g, kind); }

    // each(visit): visit(a, b) of every two factors of a sum.
    void check(float got, auto each) {
        long double exact = 0, magnitudes = 0;
        each([&](float a, float b) {
            const long double p = static_cast<long double>(a) * static_cast<long double>(b);
            exact += p, magnitudes += std::fabs(p);
        });
        worst = std::fmax(worst, roundings(got, exact, magnitudes));
    }
    double output() {
        const auto y = std::make_unique<Tensor<float, N, O, L>>();
        *y = conv(x);
        for (std::size_t l : {std::size_t{0}, L - 1})
            check((*y)(N - 1, O - 1, l), [&](auto visit) {
                for (std::size_t c = 0; c < C; ++c)
                    for (std::size_t k = 0; k < K; ++k) visit(conv.weight(O - 1, c, k), x(N - 1, c, l + k));
            });
        return worst;
    }
    double image() {
        const auto leaf = variable<"x">(x);
        const auto dx = std::make_unique<Tensor<float, N, C, L + K - 1>>();
        *dx = grad(sum(conv(leaf) * g), leaf);
        for (std::size_t at : {K, L - 1})
            check((*dx)(N - 1, C - 1, at), [&](auto visit) {
                for (std::size_t o = 0; o < O; ++o)
                    for (std::size_t k = 0; k < K; ++k)
                        if (k <= at && at - k < L) visit(conv.weight(o, C - 1, k), g(N - 1, o, at - k));
            });
        return worst;
    }
    double weight() {
        const auto gradients = std::make_unique<gradient_buffer<decltype(conv)>>(conv);
        backward(sum(conv(x) * g), *gradients);
        for (std::size_t k : {std::size_t{0}, K - 1})
            check(gradients->weight(O - 1, C - 1, k), [&](auto visit) {
                for (std::size_t n = 0; n < N; ++n)
                    for (std::size_t l = 0; l < L; ++l) visit(x(n, C - 1, l + k), g(n, O - 1, l));
            });
        return worst;
    }
};

}  // namespace

TEMPLATE_TEST_CASE("sums along every axis", "[long_sums]", float, double) {
    check_all_kinds<TestType, 1, 1>();
    check_all_kinds<TestType, 3, 100003>();
    check_all_kinds<TestType, 50001, 37>();
}

TEST_CASE("four million numbers, and the mean of a million", "[long_sums]") {
    check_sums<float, 1, 4000000>(kinds::same);
    const auto x = std::make_unique<Tensor<float, 1000000, 1>>();
    fill(*x, kinds::same);
    const Tensor<float, 1> m = mean<0>(*x);
    CHECK(std::fabs(static_cast<double>(m(0)) - 0.1) < 1e-7);
}

TEST_CASE("products of many terms", "[long_sums]") {
    for (const auto kind : {kinds::same, kinds::mixed}) {
        check_product<float, 1, 1, 300001, false, false>(kind);
        check_product<float, 1, 40, 20000, false, false>(kind);
        check_product<float, 8, 4, 40000, false, false>(kind);
        check_product<float, 7, 5, 30001, true, false>(kind);
        check_product<float, 40, 33, 20001, false, true>(kind);
        check_product<double, 5, 9, 20000, false, true>(kind);
    }
}

TEST_CASE("combined rows of a product", "[long_sums]") {
    check_combined_rows<float, 20001, 40>();
    check_combined_rows<float, 1056, 5>();
    check_combined_rows<double, 5000, 9>();
}

TEST_CASE("convolutions of many terms", "[long_sums]") {
    for (const auto kind : {kinds::same, kinds::mixed}) {
        CHECK(std::make_unique<long_convolution<1, 32, 1, 2048, 20>>(kind)->output() <= bound);  // 65,536 taps
        CHECK(std::make_unique<long_convolution<1, 1, 1, 5000, 5000>>(kind)->image() <= bound);   // 5,000 taps
        CHECK(std::make_unique<long_convolution<1, 1, 8192, 2, 20>>(kind)->image() <= bound);     // 8,192 features
        CHECK(std::make_unique<long_convolution<2200, 1, 1, 2, 1501>>(kind)->weight() <= bound);  // in 2,200 parts
    }
}

// While compiling, too.
constexpr float total = [] {
    Tensor<float, 1500> x{};
    for (float& e : x) e = 0.1f;
    return static_cast<float>(sum(x));
}();
static_assert(total > 149.9998f && total < 150.0002f);
