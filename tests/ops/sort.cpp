// SPDX-License-Identifier: BSL-1.0
// sort, argsort and topk beside std::stable_sort; cumprod and logcumsumexp beside plain loops.

#include <ashlar/ashlar.hpp>

#include "support/central_difference.hpp"
#include "support/compare.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace ashlar;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN(),
                 infinite = std::numeric_limits<double>::infinity();

template <class E, std::size_t... Dims> inline constexpr bool has = std::same_as<shape_t<E>, Shape<Dims...>>;
template <class T, std::size_t... D> Tensor<T, D...> mixed_up(int modulus = 97) {
    Tensor<T, D...> t;
    std::uint64_t z = 12345;
    for (T& x : t) {
        z = z * 6364136223846793005u + 1442695040888963407u;
        x = static_cast<T>(static_cast<int>((z >> 33) % static_cast<std::uint64_t>(modulus)) - modulus / 3);
    }
    return t;
}

// The places of n elements in their order, nan last.
template <class At> std::vector<int> plain_order(int n, bool largest_first, At at) {
    std::vector<int> p(static_cast<std::size_t>(n));
    for (int i = 0; i < n; ++i) p[static_cast<std::size_t>(i)] = i;
    const auto less = [](auto a, auto b) { return a < b || (a == a && b != b); };
    std::stable_sort(p.begin(), p.end(),
                     [&](int a, int b) { return largest_first ? less(at(b), at(a)) : less(at(a), at(b)); });
    return p;
}

using cube = Tensor<float, 3, 4, 5>;
static_assert(has<decltype(argsort(cube{})), 3, 4, 5> && has<decltype(argsort<0, descending>(cube{})), 3, 4, 5>);
static_assert(has<decltype(parts(topk<2, 1>(cube{})).get<0>()), 3, 2, 5> &&
              has<decltype(parts(topk<5>(cube{})).get<1>()), 3, 4, 5>);
static_assert(std::same_as<decltype(argsort(cube{}))::value_type, int> &&
              std::same_as<decltype(parts(sort(cube{})).get<0>())::value_type, float>);

template <class T> void sorts_lines_of(int modulus) {
    const auto x = mixed_up<T, 3, 50, 4>(modulus);
    const auto [up, up_at] = eval(sort<1>(x));
    const auto [most, most_at] = eval(topk<7, 1>(x));
    const auto [least, least_at] = eval(topk<7, 1, smallest>(x));
    const Tensor<int, 3, 50, 4> down = argsort<-2, descending>(x);
    for (int i = 0; i < 3; ++i)
        for (int k = 0; k < 4; ++k) {
            const auto at = [&](int j) { return static_cast<double>(x(i, j, k)); };
            const std::vector<int> rising = plain_order(50, false, at), falling = plain_order(50, true, at);
            for (int j = 0; j < 50; ++j) {
                const auto n = static_cast<std::size_t>(j);
                REQUIRE(up_at(i, j, k) == rising[n]);
                REQUIRE(static_cast<double>(up(i, j, k)) == at(rising[n]));
                REQUIRE(down(i, j, k) == falling[n]);
                if (j >= 7) continue;
                REQUIRE(most_at(i, j, k) == falling[n]);
                REQUIRE(static_cast<double>(most(i, j, k)) == at(falling[n]));
                REQUIRE(least_at(i, j, k) == rising[n]);
                REQUIRE(static_cast<double>(least(i, j, k)) == at(rising[n]));
            }
        }
}

}  // namespace

TEST_CASE("lines of every type, with ties", "[sort]") {
    sorts_lines_of<float>(1000);
    sorts_lines_of<double>(9);
    sorts_lines_of<int>(40);
    sorts_lines_of<std::int64_t>(40);
    sorts_lines_of<std::uint8_t>(40);
    const Tensor<bool, 4> truth{true, false, true, false};
    CHECK(argsort(truth) == Tensor<int, 4>{1, 3, 0, 2});
    CHECK(eval(parts(sort(truth)).get<0>()) == Tensor<bool, 4>{false, false, true, true});
    const Tensor<std::int64_t, 2> wide{(std::int64_t{1} << 53) + 1, std::int64_t{1} << 53};
    CHECK(argsort(wide) == Tensor<int, 2>{1, 0});
}

TEST_CASE("a long line, in order and out of it", "[sort]") {
    static const auto x = mixed_up<float, 3000>(500);
    static Tensor<int, 3000> places;
    evaluate(argsort(x), places);
    const std::vector<int> expected = plain_order(3000, false, [](int i) { return x(i); });
    CHECK(std::equal(expected.begin(), expected.end(), places.data()));
    static Tensor<float, 3000> y;
    evaluate(parts(sort(x)).get<0>(), y);
    CHECK(std::is_sorted(y.begin(), y.end()));
    evaluate(argsort(y), places);
    bool same = true;
    for (int i = 0; i < 3000; ++i) same = same && places(i) == i;
    CHECK(same);
    evaluate(argsort<0, descending>(-y), places);
    for (int i = 0; i < 3000; ++i) same = same && places(i) == i;
    CHECK(same);
}

TEST_CASE("edges of an order", "[sort]") {
    if (support::keeps_ieee) {
        const Tensor<double, 6> x{not_a_number, infinite, -infinite, -0.0, 0.0, not_a_number};
        CHECK(argsort(x) == Tensor<int, 6>{2, 3, 4, 1, 0, 5});
        CHECK(argsort<0, descending>(x) == Tensor<int, 6>{0, 5, 1, 3, 4, 2});
        CHECK(eval(topk<3>(x)).get<1>() == Tensor<int, 3>{0, 5, 1});
    }
    CHECK(argsort<0>(Tensor<float, 1, 3>{{3, 1, 2}}) == Tensor<int, 1, 3>{{0, 0, 0}});
    CHECK(eval(topk<1>(Tensor<float, 1>{3})).get<0>() == Tensor<float, 1>{3});
}

TEST_CASE("orders of views and computed values, over their own argument", "[sort]") {
    auto x = mixed_up<float, 5, 6>();
    const auto old = x;
    const Tensor<int, 6, 5> turned = argsort<0>(transpose(x));
    const Tensor<int, 5, 6> computed = argsort(exp(x * 0.01f)) * 2 + 1;
    const Tensor<int, 5, 3> every_second = argsort<1, descending>(slice<1, -1, -7, -2>(x));
    x = parts(sort<0>(x)).get<0>();
    Tensor<int, 4> places{3, 1, 2, 0};
    places = argsort(places);
    CHECK(places == Tensor<int, 4>{3, 1, 2, 0});
    for (int i = 0; i < 5; ++i) {
        const auto row = plain_order(6, false, [&](int j) { return old(i, j); });
        const auto seconds = plain_order(3, true, [&](int j) { return old(i, 5 - 2 * j); });
        for (int j = 0; j < 6; ++j) {
            CHECK(turned(j, i) == row[static_cast<std::size_t>(j)]);
            CHECK(computed(i, j) == 2 * row[static_cast<std::size_t>(j)] + 1);
            if (j < 3) CHECK(every_second(i, j) == seconds[static_cast<std::size_t>(j)]);
            if (i > 0) CHECK(x(i - 1, j) <= x(i, j));
        }
    }
}

TEST_CASE("derivatives go to where the values were", "[sort]") {
    const Tensor<double, 2, 4> p{{0.5, -1, 2, 0.25}, {1.5, 1, -2, 3}};
    const auto error = [&p](auto f) { return support::central_difference_error(f, p); };
    CHECK(error([](auto x) { return exp(parts(sort<0>(x)).template get<0>()); }) < 1e-8);
    CHECK(error([](auto x) { return exp(parts(topk<2>(x * x)).template get<0>()); }) < 1e-7);
    CHECK(error([](auto x) { return grad(sum(exp(parts(sort<1, descending>(x)).template get<0>())), x); }) < 1e-8);
    const auto x = variable<"x">(p);
    CHECK(std::string{print(parts(topk<2>(x)).get<0>()).c_str()} == "gather<1>(x, argsort<1>(x))");
    CHECK(std::string{plan(sort<1>(x)).c_str()} ==
          R"(2 steps of straight code, 1 input, 8 flops, 256 bytes read and written
  1  argsort 2x4                   8 flops  result2 = argsort<1>(x)
  2  gather  2x4                   0 flops  result1 = gather<1>(x, result2)
memory: 192 bytes; result1 if it overlaps an input f64[0..8); result2 if it overlaps an input i32[0..8)
)");
}

TEST_CASE("cumprod and logcumsumexp along each axis", "[cumprod]") {
    const auto x = mixed_up<float, 3, 4, 37>(5) * 0.5f;
    const Tensor<float, 3, 4, 37> values = x, first = cumprod<0>(x), last = cumprod<-1>(x),
                                  logs = logcumsumexp<1>(x * 100.0f);
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 4; ++j)
            for (int k = 0; k < 37; ++k) {
                double down = 1, along = 1, most = -1e9, sums = 0;
                for (int n = 0; n <= i; ++n) down *= values(n, j, k);
                for (int n = 0; n <= k; ++n) along *= values(i, j, n);
                for (int n = 0; n <= j; ++n) most = std::max(most, 100.0 * values(i, n, k));
                for (int n = 0; n <= j; ++n) sums += std::exp(100.0 * values(i, n, k) - most);
                REQUIRE(first(i, j, k) == static_cast<float>(down));
                REQUIRE(last(i, j, k) == static_cast<float>(along));
                REQUIRE(std::abs(logs(i, j, k) - (most + std::log(sums))) <= 1e-6 * (1 + std::abs(most)));
            }
    CHECK(cumprod<0>(Tensor<int, 4>{2, 3, -4, 5}) == Tensor<std::int64_t, 4>{2, 6, -24, -120});
    CHECK(cumprod<0>(Tensor<bool, 3>{true, false, true}) == Tensor<std::int64_t, 3>{1, 0, 0});
    using whole = std::numeric_limits<std::int64_t>;
    CHECK(cumprod<0>(Tensor<std::int64_t, 2>{whole::max(), 2}) == Tensor<std::int64_t, 2>{whole::max(), -2});
    CHECK(eval(logcumsumexp<0>(Tensor<int, 2>{0, 0}))(1) == std::log(2.0f));
    CHECK(eval(logcumsumexp<0>(Tensor<float, 1>{-3}))(0) == -3);
}

TEST_CASE("derivatives of cumprod and logcumsumexp", "[cumprod]") {
    const Tensor<double, 2, 4> p{{0.5, -1, 2, 0.25}, {1.5, 0, -2, 3}}, q{{0.5, -1, 2, 0.25}, {1.5, 4, -2, 3}};
    const auto error = [](auto f, const auto& at) { return support::central_difference_error(f, at); };
    CHECK(error([](auto x) { return sin(cumprod<1>(x)); }, p) < 1e-8);
    CHECK(error([](auto x) { return grad(sum(sin(cumprod<1>(x))), x); }, p) < 1e-7);
    CHECK(error([](auto x) { return exp(cumprod<0>(x)); }, p) < 1e-7);
    CHECK(error([](auto x) { return sin(logcumsumexp<1>(x)); }, q) < 1e-8);
    CHECK(error([](auto x) { return grad(sum(sin(logcumsumexp<1>(x))), x); }, q) < 1e-7);
    CHECK(error([](auto x) { return grad(sum(logcumsumexp<0>(x) * x), x); }, q) < 1e-7);
}

// In constant evaluation.
constexpr Tensor<double, 2, 3> small{{3, 1, 2}, {4, 6, 5}};
static_assert(eval(argsort(small)) == Tensor<int, 2, 3>{{1, 2, 0}, {0, 2, 1}});
static_assert(eval(topk<2>(small)).get<0>() == Tensor<double, 2, 2>{{3, 2}, {6, 5}});
static_assert(eval(cumprod<1>(small)) == Tensor<double, 2, 3>{{3, 3, 6}, {4, 24, 120}});
static_assert(eval(logcumsumexp<0>(small))(1, 1) > 6.006 && eval(logcumsumexp<0>(small))(1, 1) < 6.007);
