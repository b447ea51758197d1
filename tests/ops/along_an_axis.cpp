// SPDX-License-Identifier: BSL-1.0
// cumsum and gather beside plain loops, with what PyTorch says of edges and types.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <cmath>
#include <limits>
#include <string>

using namespace ashlar;

namespace {

template <class T, std::size_t... D> Tensor<T, D...> counted(int from = 1, int step = 3, int modulus = 11) {
    Tensor<T, D...> t;
    for (ashlar::index i = 0; i < t.extent.size(); ++i)
        t.data()[i] = static_cast<T>((from + step * i) % modulus - modulus / 2);
    return t;
}

template <class T, std::size_t N> bool equal(const T* a, const double (&b)[N]) {
    for (std::size_t i = 0; i < N; ++i)
        if (!(static_cast<double>(a[i]) == b[i])) return false;
    return true;
}

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("cumsum along each axis", "[along_an_axis]") {
    const auto x = counted<float, 3, 4, 37>();
    const Tensor<float, 3, 4, 37> first = cumsum<0>(x), second = cumsum<1>(x), last = cumsum<-1>(x);
    for (ashlar::index i = 0; i < 3; ++i)
        for (ashlar::index j = 0; j < 4; ++j)
            for (ashlar::index k = 0; k < 37; ++k) {
                double sums[3] = {};
                for (ashlar::index n = 0; n <= i; ++n) sums[0] += x(n, j, k);
                for (ashlar::index n = 0; n <= j; ++n) sums[1] += x(i, n, k);
                for (ashlar::index n = 0; n <= k; ++n) sums[2] += x(i, j, n);
                REQUIRE(first(i, j, k) == static_cast<float>(sums[0]));
                REQUIRE(second(i, j, k) == static_cast<float>(sums[1]));
                REQUIRE(last(i, j, k) == static_cast<float>(sums[2]));
            }
}

TEST_CASE("cumsum of views, of computed values, over its own argument", "[along_an_axis]") {
    auto x = counted<float, 5, 20>();
    const auto old = x;
    const Tensor<float, 20, 5> turned = cumsum<0>(transpose(x));
    const Tensor<float, 5, 20> flipped = cumsum<1>(flip<1>(x)) * 2.0f + x;
    const Tensor<float, 5> column = cumsum<0>(reshape<5>(slice<1, 7, 8>(x)));
    x = cumsum<0>(x);
    for (ashlar::index i = 0; i < 5; ++i)
        for (ashlar::index j = 0; j < 20; ++j) {
            double along = 0, down = 0, back = 0;
            for (ashlar::index n = 0; n <= j; ++n) along += old(i, n), back += old(i, 19 - n);
            for (ashlar::index n = 0; n <= i; ++n) down += old(n, j);
            REQUIRE(turned(j, i) == static_cast<float>(along));
            REQUIRE(flipped(i, j) == static_cast<float>(2 * back + old(i, j)));
            REQUIRE(x(i, j) == static_cast<float>(down));
        }
    CHECK(column(4) == old(0, 7) + old(1, 7) + old(2, 7) + old(3, 7) + old(4, 7));
}

TEST_CASE("cumsum adds up in double, and in int64", "[along_an_axis]") {
    static Tensor<float, 1000000> tenths, y;
    for (ashlar::index i = 0; i < 1000000; ++i) tenths(i) = 0.1f;
    evaluate(cumsum<0>(tenths), y);
    CHECK(std::abs(y(999999) / (1e6 * static_cast<double>(0.1f)) - 1) < 1e-7);

    const Tensor<int, 3> large{2000000000, 2000000000, -5};
    const Tensor<std::int64_t, 3> exact = cumsum<0>(large);
    CHECK(equal(exact.data(), {2000000000.0, 4000000000.0, 3999999995.0}));
    using whole = std::numeric_limits<std::int64_t>;
    const Tensor<std::int64_t, 2> wraps = cumsum<0>(Tensor<std::int64_t, 2>{whole::max(), 1});
    CHECK(wraps(1) == whole::min());
    const Tensor<std::int64_t, 4> counts = cumsum<0>(Tensor<bool, 4>{true, false, true, true});
    CHECK(equal(counts.data(), {1.0, 1.0, 2.0, 3.0}));

    const Tensor<float, 4> edges = cumsum<0>(Tensor<float, 4>{1, infinite, 2, not_a_number});
    CHECK(edges(0) == 1);
    CHECK(std::isinf(edges(2)));
    CHECK(std::isnan(edges(3)));
}

TEST_CASE("the derivative of cumsum is the sum from the other end", "[along_an_axis]") {
    const auto x = counted<double, 3, 5>(), g = counted<double, 3, 5>(2, 5, 7);
    auto lx = variable<"x">(x);
    auto lg = variable<"g">(g);
    const Tensor<double, 3, 5> dx = grad(sum(cumsum<1>(lx) * lg), lx);
    const Tensor<double, 3, 5> twice = grad(sum(grad(sum(cumsum<0>(lx) * cumsum<0>(lx)), lx) * lg), lx);
    for (ashlar::index i = 0; i < 3; ++i)
        for (ashlar::index j = 0; j < 5; ++j) {
            double after = 0, second = 0;
            for (ashlar::index n = j; n < 5; ++n) after += g(i, n);
            for (ashlar::index n = i; n < 3; ++n)
                for (ashlar::index m = 0; m <= n; ++m) second += 2 * g(m, j);
            REQUIRE(dx(i, j) == after);
            REQUIRE(twice(i, j) == Approx(second));
        }
    CHECK(std::string{print(grad(sum(cumsum<1>(lx) * lg), lx)).c_str()} == "reverse_cumsum<1>(g)");
}

TEST_CASE("gather along each axis, by both types of index", "[along_an_axis]") {
    const auto x = counted<float, 4, 3, 6>();
    Tensor<int, 5, 2, 6> by;
    Tensor<std::int64_t, 4, 3, 9> by_last;
    for (ashlar::index i = 0; i < 60; ++i) by.data()[i] = static_cast<int>(i * 7 % 6) - 1;  // outside at both ends
    for (ashlar::index i = 0; i < 108; ++i)
        by_last.data()[i] = i % 5 == 4 ? (std::int64_t{1} << 32) + 1 : i * 5 % 6;
    const Tensor<float, 5, 2, 6> y = gather<0>(x, by);
    const Tensor<float, 4, 3, 9> z = gather<-1>(x, by_last);
    const Tensor<int, 5, 2, 6> whole = gather<0>(counted<int, 4, 3, 6>(), by);
    for (ashlar::index i = 0; i < 5; ++i)
        for (ashlar::index j = 0; j < 2; ++j)
            for (ashlar::index k = 0; k < 6; ++k) {
                const int at = by(i, j, k);
                if (at >= 0 && at < 4) REQUIRE(y(i, j, k) == x(at, j, k));
                else REQUIRE(std::isnan(y(i, j, k)));
                REQUIRE(whole(i, j, k) == (at >= 0 && at < 4 ? static_cast<int>(x(at, j, k)) : 0));
            }
    for (ashlar::index i = 0; i < 4; ++i)
        for (ashlar::index j = 0; j < 3; ++j)
            for (ashlar::index k = 0; k < 9; ++k)
                if (by_last(i, j, k) < 6) REQUIRE(z(i, j, k) == x(i, j, by_last(i, j, k)));
                else REQUIRE(std::isnan(z(i, j, k)));
}

TEST_CASE("gather of views and computed values, of bool, over its own argument", "[along_an_axis]") {
    auto x = counted<float, 3, 4>();
    const auto old = x;
    const Tensor<int, 2, 3> by{{3, 0, 2}, {1, 1, 0}};
    const Tensor<float, 2, 3> y = gather<0>(transpose(x), by) + 1.0f;
    const Tensor<int, 3, 2> turned{{3, 1}, {0, 1}, {2, 0}};
    const Tensor<float, 2, 3> computed = gather<0>(transpose(x * 2.0f), transpose(turned));
    const Tensor<bool, 2, 2> one{{true, false}, {false, true}};
    const Tensor<bool, 1, 2> truth = gather<0>(one, Tensor<int, 1, 2>{{0, 1}});
    x = gather<1>(x, expand<3, 4>(argmax<1, keepdim>(x)));
    for (ashlar::index i = 0; i < 2; ++i)
        for (ashlar::index j = 0; j < 3; ++j) {
            REQUIRE(y(i, j) == old(j, by(i, j)) + 1);
            REQUIRE(computed(i, j) == 2 * old(j, by(i, j)));
        }
    CHECK(truth(0, 0));
    CHECK(truth(0, 1));
    for (ashlar::index i = 0; i < 3; ++i) {
        float most = old(i, 0);
        for (ashlar::index j = 1; j < 4; ++j) most = old(i, j) > most ? old(i, j) : most;
        for (ashlar::index j = 0; j < 4; ++j) REQUIRE(x(i, j) == most);
    }
}

TEST_CASE("the derivative of gather adds where the index points", "[along_an_axis]") {
    const auto x = counted<double, 3, 4>();
    const auto g = counted<double, 2, 6>(2, 5, 7);
    const Tensor<int, 2, 6> by{{0, 3, 3, -1, 3, 1}, {2, 2, 4, 0, 2, 2}};
    auto lx = variable<"x">(x);
    auto lg = variable<"g">(g);
    const Tensor<double, 3, 4> dx = grad(sum(gather<1>(lx, by) * lg), lx);
    Tensor<double, 3, 4> expected{};
    for (ashlar::index i = 0; i < 2; ++i)
        for (ashlar::index j = 0; j < 6; ++j)
            if (by(i, j) >= 0 && by(i, j) < 4) expected(i, by(i, j)) += g(i, j);
    for (ashlar::index i = 0; i < 3; ++i)
        for (ashlar::index j = 0; j < 4; ++j) REQUIRE(dx(i, j) == expected(i, j));
    // sum(g^2 * d(sum x[by]^2)) has the derivative that comes through the gather of a scatter.
    const Tensor<int, 3, 2> pick{{0, 3}, {1, 1}, {2, 0}};
    const auto h = [&](auto v) { return sum(gather<1>(v, pick) * gather<1>(v, pick) * gather<1>(v, pick)); };
    const Tensor<double, 3, 4> curvature = grad(sum(grad(h(lx), lx)), lx);
    for (ashlar::index i = 0; i < 3; ++i)
        for (ashlar::index j = 0; j < 4; ++j) {
            double times = 0;
            for (ashlar::index k = 0; k < 2; ++k) times += pick(i, k) == j ? 1 : 0;
            REQUIRE(curvature(i, j) == Approx(6 * times * x(i, j)));
        }
}

TEST_CASE("plans and formulas name the axis", "[along_an_axis]") {
    const Tensor<float, 2, 3> x{{1, 2, 3}, {4, 5, 6}};
    const Tensor<int, 2, 4> by{{2, 0, 2, -1}, {5, 1, 1, 0}};
    auto lx = variable<"x">(x);
    auto at = variable<"index">(by);
    CHECK(std::string{print(gather<-1>(cumsum<0>(lx), at)).c_str()} == "gather<1>(cumsum<0>(x), index)");
    CHECK(std::string{plan(grad(sum(gather<1>(transpose(transpose(cumsum<0>(lx)) * 2), at)), lx)).c_str()} ==
          R"(4 steps of straight code, 3 inputs, 20 flops, 220 bytes read and written
  1  map     8                     0 flops  t1 = 1
  2  scatter 2x4                   8 flops  t2 = scatter_add<1>(t1, index)
  3  map     3x2                   6 flops  t3 = transpose(t2) * 2
  4  cumsum  2x3                   6 flops  result = reverse_cumsum<0>(transpose(t3))
memory: 128 bytes; t1 f32[0..8), t2 f32[16..22), t3 f32[0..6)
)");
}

constexpr Tensor<double, 2, 3> small{{1, 2, 3}, {4, 5, 6}};
static_assert([] {
    const Tensor<double, 2, 3> y = cumsum<0>(small);
    const Tensor<double, 2, 2> z = gather<1>(small, Tensor<int, 2, 2>{{2, 0}, {3, 1}});
    return y(1, 2) == 9 && z(0, 0) == 3 && z(1, 0) != z(1, 0) && z(1, 1) == 5;
}());
static_assert([] {
    auto x = variable<"x">(small);
    const Tensor<double, 2, 3> dx = grad(sum(cumsum<1>(x) * gather<1>(x, Tensor<int, 2, 3>{{0, 0, 1}, {2, 2, 2}})), x);
    // x = 1 2 3: cumsum 1 3 6, gathered 1 1 2: from the other end 4 3 2; to where the index points 4 6 0.
    return dx(0, 0) == 8 && dx(0, 1) == 9 && dx(0, 2) == 2;
}());
