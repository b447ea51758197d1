// SPDX-License-Identifier: BSL-1.0
// labels: widths
// uint8: pixels and other bytes, which wrap at 256. What stands here as numbers is what PyTorch gives.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cstdint>
#include <sstream>

using ashlar::eval;
using ashlar::Tensor;
using ashlar::to;

using byte = std::uint8_t;
using long_number = std::int64_t;

template <class E> using element_of_result = typename decltype(eval(std::declval<E>()))::value_type;
template <class T> using some = Tensor<T, 4>;
static_assert(std::same_as<element_of_result<decltype(some<byte>{} + some<byte>{})>, byte>);
static_assert(std::same_as<element_of_result<decltype(some<byte>{} + 1)>, byte>);
static_assert(std::same_as<element_of_result<decltype(some<byte>{} * some<bool>{})>, byte>);
static_assert(std::same_as<element_of_result<decltype(some<byte>{} + some<int>{})>, int>);
static_assert(std::same_as<element_of_result<decltype(some<byte>{} + some<long_number>{})>, long_number>);
static_assert(std::same_as<element_of_result<decltype(some<byte>{} + some<float>{})>, float>);
static_assert(std::same_as<element_of_result<decltype(some<byte>{} * some<double>{})>, double>);
static_assert(std::same_as<element_of_result<decltype(some<byte>{} * 0.5)>, float>);
static_assert(std::same_as<element_of_result<decltype(some<byte>{} / some<byte>{})>, float>);
static_assert(std::same_as<element_of_result<decltype(ashlar::exp(some<byte>{}))>, float>);
static_assert(std::same_as<element_of_result<decltype(ashlar::pow(some<byte>{}, some<byte>{}))>, byte>);
static_assert(std::same_as<element_of_result<decltype(sum(some<byte>{}))>, long_number>);
static_assert(std::same_as<element_of_result<decltype(dot(some<byte>{}, some<byte>{}))>, byte>);
static_assert(std::same_as<element_of_result<decltype(prod(some<byte>{}))>, long_number>);
static_assert(std::same_as<element_of_result<decltype(ashlar::max(some<byte>{}))>, byte>);
static_assert(std::same_as<element_of_result<decltype(argmax(some<byte>{}))>, int>);
static_assert(std::same_as<element_of_result<decltype(cumsum<0>(some<byte>{}))>, long_number>);
static_assert(std::same_as<element_of_result<decltype(some<byte>{} < 1)>, bool>);

namespace {

constexpr Tensor<byte, 3> a{250, 5, 128};
static_assert(eval(a + 10) == Tensor<byte, 3>{4, 15, 138});
static_assert(eval(to<float>(a * 2) * 0.5f) == Tensor<float, 3>{122, 5, 0});

template <std::size_t... N> constexpr auto bytes(unsigned seed) {
    Tensor<byte, N...> t;
    for (auto& x : t) x = static_cast<byte>((seed = seed * 1664525u + 1013904223u) >> 24);
    return t;
}

}  // namespace

TEST_CASE("uint8 wraps at 256", "[whole]") {
    CHECK(eval(a + 10) == Tensor<byte, 3>{4, 15, 138});
    CHECK(eval(a - 6) == Tensor<byte, 3>{244, 255, 122});
    CHECK(eval(a * 2) == Tensor<byte, 3>{244, 10, 0});
    CHECK(eval(a * a) == Tensor<byte, 3>{36, 25, 0});
    CHECK(eval(-a) == Tensor<byte, 3>{6, 251, 128});
    CHECK(eval(ashlar::pow(a, Tensor<byte, 3>{2, 3, 2})) == Tensor<byte, 3>{36, 125, 0});
    CHECK(eval(square(a)) == Tensor<byte, 3>{36, 25, 0});
    CHECK(eval(a + 300) == Tensor<byte, 3>{38, 49, 172});
    CHECK(eval(abs(a)) == a);
    CHECK(eval(sign(a)) == Tensor<byte, 3>{1, 1, 1});
    CHECK(eval(maximum(a, 100)) == Tensor<byte, 3>{250, 100, 128});
}

TEST_CASE("uint8 wraps before anything else is made of it", "[whole]") {
    CHECK(eval(a + 10 > 5) == Tensor<bool, 3>{false, true, true});
    CHECK(eval(to<int>(a + 10)) == Tensor<int, 3>{4, 15, 138});
    CHECK(eval(to<float>(a * 2) / 2) == Tensor<float, 3>{122, 5, 0});
    CHECK(eval(sum(a + 10)) == 4 + 15 + 138);
    CHECK(eval(ashlar::max(a + 10)) == byte{138});
    CHECK(eval(argmax(a + 10)) == 2);
    CHECK(eval((a + 10) / 10)(0) == 0.4f);
}

TEST_CASE("uint8 beside other types", "[whole]") {
    CHECK(eval(a + Tensor<int, 3>{10, -10, 1000}) == Tensor<int, 3>{260, -5, 1128});
    CHECK(eval(a + Tensor<bool, 3>{true, false, true}) == Tensor<byte, 3>{251, 5, 129});
    CHECK(eval(a * 0.5) == Tensor<float, 3>{125, 2.5f, 64});
    CHECK(eval(a + Tensor<double, 3>{0.5, 0.25, 0}) == Tensor<double, 3>{250.5, 5.25, 128});
    CHECK(eval(where(a > 100, a, 0)) == Tensor<byte, 3>{250, 0, 128});
    CHECK(eval(sum(a)) == 383);
    CHECK(eval(prod(a)) == 160000);
    CHECK(eval(mean(Tensor<byte, 2>{255, 254})) == 254.5f);
    CHECK(eval(to<byte>(Tensor<int, 3>{300, -1, 256})) == Tensor<byte, 3>{44, 255, 0});
    CHECK(eval(to<byte>(Tensor<long_number, 2>{4294967296 + 7, -2})) == Tensor<byte, 2>{7, 254});
    CHECK(eval(to<byte>(Tensor<float, 3>{1.9f, 255, 300})) == Tensor<byte, 3>{1, 255, 44});
    CHECK(eval(to<byte>(Tensor<double, 2>{128.5, 0.9})) == Tensor<byte, 2>{128, 0});
    CHECK(eval(to<byte>(a > 100)) == Tensor<byte, 3>{1, 0, 1});
    CHECK(eval(to<bool>(Tensor<byte, 3>{0, 2, 255})) == Tensor<bool, 3>{false, true, true});
    CHECK(eval(gather<0>(a, Tensor<int, 4>{2, 0, 0, 1})) == Tensor<byte, 4>{128, 250, 250, 5});
    CHECK(eval(cumsum<0>(a)) == Tensor<long_number, 3>{250, 255, 383});
    CHECK(eval(matmul(reshape<1, 3>(a), Tensor<float, 3, 1>{{1}, {2}, {3}})) == Tensor<float, 1, 1>{{644}});
    const auto two = eval(concat<0>(a, a + 1));
    CHECK(two == Tensor<byte, 6>{250, 5, 128, 251, 6, 129});
}

TEST_CASE("images of bytes become numbers in one loop", "[whole]") {
    const auto image = bytes<3, 7, 37>(1), other = bytes<3, 7, 37>(2);
    const Tensor<float, 3, 1, 1> mean_of{{{0.5f}}, {{0.25f}}, {{0.125f}}};
    const auto got = eval(to<float>(image) * (1.0f / 255) - mean_of);
    const auto mixed = eval(where(image + other < 100, to<double>(image * other), 0.5));
    const auto longs = eval(sum<2>(to<long_number>(image - other) * 3000000000));
    for (std::size_t c = 0; c < 3; ++c)
        for (std::size_t i = 0; i < 7; ++i) {
            long_number all = 0;
            for (std::size_t j = 0; j < 37; ++j) {
                const int p = image(c, i, j), q = other(c, i, j);
                CHECK(got(c, i, j) == Approx(static_cast<float>(p) * (1.0f / 255) - mean_of(c, 0, 0)).margin(1e-7));
                CHECK(mixed(c, i, j) == ((p + q) % 256 < 100 ? static_cast<double>(p * q % 256) : 0.5));
                all += (p - q + 256) % 256 * 3000000000;
            }
            CHECK(longs(c, i) == all);
        }
    const auto turned = eval(transpose(image));
    CHECK(turned(0, 36, 6) == image(0, 6, 36));
    CHECK(turned(2, 20, 3) == image(2, 3, 20));
    std::ostringstream out;
    out << a;
    CHECK(out.str() == "[250, 5, 128]");
}

TEST_CASE("products of matrices of uint8 wrap at 256", "[whole]") {
    const Tensor<byte, 2, 2> u{{200, 100}, {1, 2}};
    CHECK(eval(matmul(u, u)) == Tensor<byte, 2, 2>{{164, 232}, {202, 104}});
    CHECK(eval(dot(Tensor<byte, 2>{200, 100}, Tensor<byte, 2>{200, 100})) == byte{80});
    static constexpr auto constant = eval(matmul(Tensor<byte, 1, 2>{{200, 100}}, Tensor<byte, 2>{200, 100}));
    CHECK(constant == Tensor<byte, 1>{80});
    // What is made of the product at once reads it as wrapped.
    const auto a8 = bytes<2, 5, 19>(3);
    const auto b8 = bytes<19, 21>(4);
    const auto v8 = bytes<19>(5);
    const auto product = eval(matmul(a8, b8));
    const auto above = eval(matmul(a8, b8) > 100);
    const auto scaled = eval(to<float>(matmul(a8, b8)) * 0.5f);
    const auto longs = eval(to<long_number>(matmul(a8, b8)) + 1);
    const auto total = eval(sum<1>(matmul(a8, b8)));
    const auto column = eval(matmul(a8, v8));
    const auto row = eval(matmul(v8, b8));
    for (std::size_t n = 0; n < 2; ++n)
        for (std::size_t j = 0; j < 21; ++j) {
            long_number all = 0;
            for (std::size_t i = 0; i < 5; ++i) {
                int s = 0, of_vector = 0, of_row = 0;
                for (std::size_t k = 0; k < 19; ++k)
                    s += a8(n, i, k) * b8(k, j), of_vector += a8(n, i, k) * v8(k), of_row += v8(k) * b8(k, j);
                s %= 256, all += s;
                CHECK(product(n, i, j) == s);
                CHECK(above(n, i, j) == (s > 100));
                CHECK(scaled(n, i, j) == static_cast<float>(s) * 0.5f);
                CHECK(longs(n, i, j) == s + 1);
                CHECK(column(n, i) == of_vector % 256);
                CHECK(row(j) == of_row % 256);
            }
            CHECK(total(n, j) == all);
        }
}
