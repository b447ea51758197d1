// SPDX-License-Identifier: BSL-1.0
// Whole numbers wrap around, in every op and product, in constant expressions as at run time.
// labels: widths
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cstdint>
#include <limits>

using ashlar::Tensor;
using ashlar::eval;

namespace {

constexpr int least = std::numeric_limits<int>::min(), most = std::numeric_limits<int>::max();
constexpr auto word = [](int x) { return static_cast<std::uint32_t>(x); };
constexpr auto number = [](std::uint32_t x) { return static_cast<int>(x); };

// Large numbers of both signs, all different.
template <std::size_t... Dims> constexpr Tensor<int, Dims...> numbers(std::uint32_t seed) {
    Tensor<int, Dims...> t;
    for (int& x : t) x = number(seed = seed * 1664525u + 1013904223u);
    return t;
}
template <class F> constexpr auto map(F f, const auto&... x) {
    auto y = std::get<0>(std::tie(x...));
    for (std::size_t i = 0; i < y.size(); ++i) y.data()[i] = f(x.data()[i]...);
    return y;
}

constexpr auto add = [](int a, int b) { return number(word(a) + word(b)); };
constexpr auto subtract = [](int a, int b) { return number(word(a) - word(b)); };
constexpr auto multiply = [](int a, int b) { return number(word(a) * word(b)); };
constexpr auto negate = [](int a) { return number(0u - word(a)); };
constexpr auto magnitude = [](int a) { return a < 0 ? negate(a) : a; };
constexpr auto cube = [](int a) { return multiply(multiply(a, a), a); };

constexpr Tensor<int, 6> ends{least, least, most, -1, least + 1, 0}, others{-1, least, most, least, most, least};

// What is computed of two tensors, beside loops over unsigned numbers.
template <class T> constexpr bool wraps(const T& a, const T& b) {
    return eval((a + b) * a - b) == map([](int x, int y) { return subtract(multiply(add(x, y), x), y); }, a, b) &&
           eval(-abs(a) + square(b)) ==
               map([](int x, int y) { return add(negate(magnitude(x)), multiply(y, y)); }, a, b) &&
           eval(ashlar::pow<3>(a) * 65537 + most) == map([](int x) { return add(multiply(cube(x), 65537), most); }, a);
}

// The product of matrices as a loop over unsigned numbers.
template <std::size_t M, std::size_t K, std::size_t N> constexpr Tensor<int, M, N> product(const Tensor<int, M, K>& a,
                                                                                           const Tensor<int, K, N>& b) {
    Tensor<int, M, N> c;
    for (std::size_t i = 0; i < M; ++i)
        for (std::size_t j = 0; j < N; ++j) {
            std::uint32_t sum = 0;
            for (std::size_t k = 0; k < K; ++k) sum += word(a(i, k)) * word(b(k, j));
            c(i, j) = number(sum);
        }
    return c;
}
template <std::size_t M, std::size_t K, std::size_t N> bool product_wraps() {
    const auto a = numbers<M, K>(1);
    const auto b = numbers<K, N>(2);
    const Tensor<int, K, M> at = transpose(a);
    const Tensor<int, N, K> bt = transpose(b);
    const auto expected = product(a, b);
    return eval(matmul(a, b)) == expected && eval(matmul(a, transpose(bt))) == expected &&
           eval(matmul(transpose(at), b)) == expected &&
           eval(matmul(transpose(at), transpose(bt)) - 1) == map([](int x) { return subtract(x, 1); }, expected);
}

static_assert(wraps(ends, others));
static_assert(eval(matmul(numbers<3, 20>(3), numbers<20, 2>(4))) == product(numbers<3, 20>(3), numbers<20, 2>(4)));
static_assert(eval(dot(ends, others)) == number(word(least) * word(-1) + word(least) * word(least) + 1 + word(least) +
                                                word(least + 1) * word(most)));

}  // namespace

TEST_CASE("arithmetic of whole numbers wraps", "[whole]") {
    CHECK(wraps(ends, others));
    CHECK(wraps(numbers<61>(5), numbers<61>(6)));
    CHECK(wraps(numbers<70, 130>(7), numbers<70, 130>(8)));  // a table of kernels
    CHECK(eval(numbers<4, 1>(1) + numbers<1, 4>(2))(3, 2) == add(numbers<4, 1>(1)(3, 0), numbers<1, 4>(2)(0, 2)));
}

TEST_CASE("products of matrices of whole numbers wrap", "[whole]") {
    CHECK(product_wraps<3, 5, 4>());
    CHECK(product_wraps<9, 33, 1>());
    CHECK(product_wraps<17, 70, 65>());
    CHECK(eval(dot(ends, others)) == eval(ashlar::to<int>(sum(ends * others))));
}

TEST_CASE("numbers out of range become the nearest whole ones", "[whole]") {
    constexpr float inf = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    constexpr Tensor<float, 9> x{2147483648.0f, 1e20f, inf, -2147483648.0f, -1e20f, -inf, nan, 2147483520.0f, -0.75f};
    constexpr Tensor<int, 9> expected{most, most, most, least, least, least, 0, 2147483520, 0};
    static_assert(eval(ashlar::to<int>(x)) == expected);
    CHECK(eval(ashlar::to<int>(x)) == expected);
    CHECK(eval(ashlar::to<int>(ashlar::to<double>(x) * 1)) == expected);
    const auto many = Tensor<float, 9, 37>::generate([&](std::size_t i, std::size_t) { return x(i); });
    CHECK(eval(ashlar::to<int>(many)) ==
          Tensor<int, 9, 37>::generate([&](std::size_t i, std::size_t) { return expected(i); }));
    CHECK(eval(ashlar::to<int>(transpose(many))) ==
          Tensor<int, 37, 9>::generate([&](std::size_t, std::size_t i) { return expected(i); }));
    CHECK(eval(ashlar::to<double>(ashlar::to<int>(ashlar::to<double>(x)))) == eval(ashlar::to<double>(expected)));
    CHECK(eval(1 / ashlar::to<float>(ashlar::to<int>(x)))(8) == inf);  // no -0
}
