// SPDX-License-Identifier: BSL-1.0
// take, take_along_axis, scatter_add, index_add and one_hot beside plain loops: shapes, types, edges, plans.
#include "support/catch.hpp"
#include "support/central_difference.hpp"
#include "support/guarded.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>
#include <string>

using namespace ashlar;

namespace {

template <class T, std::size_t... D> Tensor<T, D...> counted(int from = 1, int step = 3, int modulus = 11) {
    Tensor<T, D...> t;
    for (ashlar::index i = 0; i < t.extent.size(); ++i)
        t.data()[i] = static_cast<T>((from + step * i) % modulus - modulus / 2);
    return t;
}

template <class Y, std::size_t... D> constexpr bool has_shape = std::is_same_v<shape_t<Y>, Shape<D...>>;

}  // namespace

TEST_CASE("the shape of the index stands in the place of the axis", "[take]") {
    const Tensor<float, 4, 3, 5> x{};
    const Tensor<int, 2, 7> by{};
    const Tensor<int> one{};
    static_assert(has_shape<decltype(take<0>(x, by)), 2, 7, 3, 5>);
    static_assert(has_shape<decltype(take<1>(x, by)), 4, 2, 7, 5>);
    static_assert(has_shape<decltype(take<-1>(x, by)), 4, 3, 2, 7>);
    static_assert(has_shape<decltype(take<1>(x, one)), 4, 5>);
    static_assert(has_shape<decltype(take(x, by)), 2, 7>);
    static_assert(has_shape<decltype(take_along_axis<1>(x, Tensor<int, 1, 9, 1>{})), 4, 9, 5>);
    static_assert(has_shape<decltype(take_along_axis<0>(Tensor<float, 4, 1>{}, Tensor<int, 2, 6>{})), 2, 6>);
    static_assert(has_shape<decltype(one_hot<6>(by)), 2, 7, 6>);
    static_assert(std::is_same_v<decltype(one_hot<6>(by))::value_type, std::int64_t>);
    static_assert(std::is_same_v<decltype(one_hot<6>(one) * 0.5f)::value_type, float>);
    CHECK(has_shape<decltype(index_add<0>(x, one, Tensor<float, 3, 5>{})), 4, 3, 5>);
}

TEST_CASE("take along each axis, of all that it may read", "[take]") {
    const auto x = counted<float, 4, 3, 37>();
    Tensor<int, 2, 3> by{{3, 0, -1}, {2, 4, 2}};
    const Tensor<std::int64_t, 5> wide{1, 2, (std::int64_t{1} << 32) + 1, 0, 1};
    const Tensor<float, 2, 3, 3, 37> first = take<0>(x, by);
    const Tensor<float, 4, 5, 37> second = take<1>(x, wide);
    const Tensor<float, 4, 3, 5> last = take<2>(x, wide);
    for (ashlar::index k = 0; k < 37; ++k)
        for (ashlar::index j = 0; j < 3; ++j) {
            for (ashlar::index n = 0; n < 6; ++n) {
                const int at = by.data()[n];
                const bool inside = at >= 0 && at < 4;
                const float y = first(n / 3, n % 3, j, k);
                if (inside) REQUIRE(y == x(at, j, k));
                else REQUIRE(std::isnan(y));
            }
            for (ashlar::index i = 0; i < 4; ++i)
                for (ashlar::index n = 0; n < 5; ++n)
                    if (wide(n) < 3) REQUIRE(second(i, n, k) == x(i, wide(n), k));
                    else REQUIRE(std::isnan(second(i, n, k)));
        }
    for (ashlar::index i = 0; i < 4; ++i)
        for (ashlar::index j = 0; j < 3; ++j)
            for (ashlar::index n = 0; n < 5; ++n)
                if (n != 2) REQUIRE(last(i, j, n) == x(i, j, wide(n)));
}

TEST_CASE("take of views and computed values, over its own argument, of whole numbers and bool", "[take]") {
    auto x = counted<float, 4, 6>();
    const auto old = x;
    const Tensor<int, 2, 2> by{{3, 0}, {0, 2}};
    const Tensor<float, 2, 2, 4> columns = take<0>(transpose(x), by);  // of which no row lies together
    const Tensor<float, 2, 2, 3> part = take<0>(slice<1, 2, 5>(x), by) * 2.0f;
    const Tensor<float, 4, 2, 2> computed = take<1>(x * x, transpose(by) + 1);
    const Tensor<float, 2, 4> flipped = take<0>(flip<0>(reshape<6, 4>(x)), Tensor<int, 2>{0, 5});
    x = take<0>(x, Tensor<int, 4>{1, 1, 3, 0});
    for (ashlar::index n = 0; n < 4; ++n) {
        const int at = by.data()[n];
        for (ashlar::index k = 0; k < 4; ++k) REQUIRE(columns(n / 2, n % 2, k) == old(k, at));
        for (ashlar::index k = 0; k < 3; ++k) REQUIRE(part(n / 2, n % 2, k) == 2 * old(at, 2 + k));
        for (ashlar::index k = 0; k < 4; ++k) REQUIRE(computed(k, n % 2, n / 2) == old(k, at + 1) * old(k, at + 1));
        for (ashlar::index k = 0; k < 2; ++k) REQUIRE(flipped(k, n) == old.data()[20 - 20 * k + n]);
        for (ashlar::index k = 0; k < 6; ++k) REQUIRE(x(n, k) == old(n < 2 ? 1 : n == 2 ? 3 : 0, k));
    }
    const Tensor<int, 3> outside{-1, 1, 2};
    const Tensor<int, 3> whole = take<0>(Tensor<int, 2>{7, -8}, outside);
    CHECK(whole == Tensor<int, 3>{0, -8, 0});
    const Tensor<bool, 3> truth = take<0>(Tensor<bool, 2>{true, true}, outside);
    CHECK(truth == Tensor<bool, 3>{false, true, false});
    const Tensor<std::uint8_t, 3> pixels = take<0>(Tensor<std::uint8_t, 2>{3, 250}, outside);
    CHECK(pixels == Tensor<std::uint8_t, 3>{0, 250, 0});
    CHECK(sum(take<0>(Tensor<std::int64_t, 2>{5, 6}, Tensor<int>{1})) == 6);
}

TEST_CASE("nothing is read or written outside", "[take]") {
    // Both ends of the memory are at pages that are not there.
    support::guarded_page memory;
    for (const bool at_the_end : {false, true}) {
        float* const data = at_the_end ? memory.last<float>(12) : memory.first<float>();
        for (int i = 0; i < 12; ++i) data[i] = static_cast<float>(i);
        const TensorView<const float, 4, 3> x{data};
        const TensorView<float, 4, 3> target{data};
        const Tensor<int, 5> by{-1, 4, -2147483647 - 1, 2147483647, 3};
        const Tensor<std::int64_t, 5> wide{-1, 4, INT64_MIN, INT64_MAX, 0};
        const Tensor<float, 5, 3> rows = take<0>(x, by);
        const Tensor<float, 5> single = take(x, wide);
        const Tensor<float, 1, 3> along = gather<0>(x, Tensor<std::int64_t, 1, 3>{{INT64_MIN, 4, 1}});
        for (ashlar::index i = 0; i < 4; ++i)
            for (ashlar::index k = 0; k < 3; ++k) REQUIRE(std::isnan(rows(i, k)));
        CHECK(rows(4, 2) == 11);
        CHECK(single(1) == 4);
        CHECK(std::isnan(single(2)));
        CHECK(along(0, 2) == 5);
        evaluate(index_add<0>(x, by, Tensor<float, 5, 3>::full(100)), target);
        evaluate(index_add<0>(x, wide, Tensor<float, 5, 3>::full(1000)), target);
        evaluate(scatter_add<1>(x, Tensor<int, 1, 2>{{3, -1}}, Tensor<float, 1, 2>::full(5)), target);
        for (int i = 0; i < 12; ++i)
            REQUIRE(data[i] == static_cast<float>(i < 3 ? i + 1000 : i < 9 ? i : i + 100));
    }
}

TEST_CASE("scatter_add and index_add: in order, of types, of views, over their own argument", "[take]") {
    auto x = counted<float, 5, 19>();
    const auto old = x;
    const auto rows = counted<float, 2, 3, 19>(3, 5, 7);
    const Tensor<int, 2, 3> by{{4, 4, 0}, {-1, 4, 5}};
    const Tensor<float, 19, 5> columns = index_add<1>(transpose(x), by, permute<2, 0, 1>(rows));
    const Tensor<double, 5, 19> promoted = index_add<0>(x, by, to<double>(rows));
    x = index_add<0>(x, by, rows);
    for (ashlar::index i = 0; i < 5; ++i)
        for (ashlar::index k = 0; k < 19; ++k) {
            float expected = old(i, k);
            for (ashlar::index n = 0; n < 6; ++n)
                if (by.data()[n] == i) expected += rows(n / 3, n % 3, k);
            REQUIRE(x(i, k) == expected);
            REQUIRE(columns(k, i) == expected);
            REQUIRE(promoted(i, k) == static_cast<double>(expected));
        }
    // 1 + 2^-24 + 2^-24 is 1: the elements are added to x one after the other.
    const Tensor<float, 1> one = index_add<0>(Tensor<float, 1>{1}, Tensor<int, 2>{0, 0},
                                              Tensor<float, 2>{0x1p-24f, 0x1p-24f});
    CHECK(one(0) == 1);
    const Tensor<int, 2> wraps = scatter_add<0>(Tensor<int, 2>{2147483647, 0}, Tensor<int, 2>{0, 0},
                                                Tensor<int, 2>{1, 2});
    CHECK(wraps == Tensor<int, 2>{-2147483646, 0});
    // The source lies in what is written.
    auto self = counted<float, 4, 3>();
    const auto before = self;
    self = index_add<0>(self, Tensor<int, 4>{1, 2, 3, 0}, self);
    for (ashlar::index i = 0; i < 4; ++i)
        for (ashlar::index k = 0; k < 3; ++k) REQUIRE(self(i, k) == before(i, k) + before((i + 3) % 4, k));
}

TEST_CASE("derivatives of what goes by an index: central differences", "[take]") {
    const auto x = counted<double, 4, 3>();
    const auto source = counted<double, 2, 3, 3>(2, 5, 7);
    const Tensor<int, 2, 3> by{{3, 0, 3}, {-1, 3, 4}}, inside{{3, 0, 3}, {1, 3, 1}};
    const Tensor<int, 4, 3> along{{0, 3, 3}, {0, 0, 1}, {-1, 2, 4}, {2, 2, 2}};
    using support::central_difference_error;
    CHECK(central_difference_error([&](auto v) { return square(take<0>(v, inside)); }, x) < 1e-8);
    CHECK(central_difference_error([&](auto v) { return square(take<1>(transpose(v), inside)); }, x) < 1e-8);
    CHECK(central_difference_error([&](auto v) { return square(take(v, inside)); }, x) < 1e-8);
    CHECK(central_difference_error([&](auto v) { return square(index_add<0>(v, by, source)); }, x) < 1e-8);
    CHECK(central_difference_error([&](auto v) { return square(index_add<0>(x, by, v)); }, source) < 1e-8);
    CHECK(central_difference_error([&](auto v) { return square(scatter_add<0>(x, along, v)); }, x) < 1e-8);
    CHECK(central_difference_error([&](auto v) { return square(scatter_add<0>(v, along, v)); }, x) < 1e-8);
    // Second derivatives go through both again.
    auto lx = variable<"x">(x);
    auto ls = variable<"s">(source);
    const auto cube = [](auto v) { return v * v * v; };
    CHECK(central_difference_error(
              [&](auto v) { return grad(sum(cube(take<0>(v, inside))), v); }, x) < 1e-7);
    CHECK(central_difference_error(
              [&](auto v) { return grad(sum(cube(index_add<0>(x, by, v))), v); }, source) < 1e-7);
    CHECK(central_difference_error(
              [&](auto v) { return grad(sum(cube(scatter_add<0>(x, along, v))), v); }, x) < 1e-7);
    CHECK(std::string{print(grad(sum(take<0>(lx, by) * ls), lx)).c_str()} == "index_add<0>(s, a)\n  with a (2, 3)");
    CHECK(std::string{print(grad(sum(index_add<0>(lx, by, ls) * lx), ls)).c_str()} == "take<0>(x, a)\n  with a (2, 3)");
}

TEST_CASE("what is added nowhere has a derivative of 0", "[take]") {
    const auto x = counted<double, 4, 3>();
    const auto added = counted<double, 2, 3>();
    auto source = variable<"s">(added);
    const Tensor<double, 2, 3> g = grad(sum(index_add<0>(x, Tensor<int, 2>{4, 2}, source) * x), source);
    const Tensor<double, 2, 3> h =
        grad(sum(scatter_add<0>(x, Tensor<int, 2, 3>{{0, -1, 1}, {3, 3, 9}}, source) * x), source);
    for (ashlar::index k = 0; k < 3; ++k) {
        CHECK(g(0, k) == 0);
        CHECK(g(1, k) == x(2, k));
    }
    CHECK(h == Tensor<double, 2, 3>{{x(0, 0), 0, x(1, 2)}, {x(3, 0), x(3, 1), 0}});
}

TEST_CASE("take_along_axis and one_hot at their edges", "[take]") {
    const auto x = counted<float, 3, 4>();
    const Tensor<float, 3, 1> most = take_along_axis<1>(x, argmax<1, keepdim>(x));
    CHECK(most == eval(max<1, keepdim>(x)));
    const Tensor<int, 5> by{2, -1, 0, 3, 2};
    const Tensor<std::int64_t, 5, 3> y = one_hot<3>(by);
    const Tensor<float, 5, 4> rows = matmul(to<float>(one_hot<3>(by)), x);
    for (ashlar::index i = 0; i < 5; ++i) {
        for (ashlar::index j = 0; j < 3; ++j) REQUIRE(y(i, j) == (by(i) == j ? 1 : 0));
        for (ashlar::index k = 0; k < 4; ++k)
            REQUIRE(rows(i, k) == (by(i) >= 0 && by(i) < 3 ? x(by(i), k) : 0));
    }
    const Tensor<float, 2> single = one_hot<2>(Tensor<std::int64_t>{1}) * 0.5f;
    CHECK(single == Tensor<float, 2>{0, 0.5f});
}

TEST_CASE("plans of what goes by an index", "[take]") {
    const auto x = counted<float, 100, 32>();
    const Tensor<int, 2, 8> by{};
    auto lx = variable<"x">(x);
    auto at = variable<"index">(by);
    CHECK(std::string{plan(index_add<0>(lx, at, take<0>(lx, at))).c_str()} ==
          R"(2 steps of straight code, 2 inputs, 512 flops, 8,320 bytes read and written
  1  gather  2x8x32                0 flops  t1 = take<0>(x, index)
  2  scatter 2x8x32              512 flops  result = index_add<0>(t1, index, x)
memory: 14,848 bytes; t1 f32[0..512), result if it overlaps an input f32[512..3712)
)");
}

constexpr Tensor<double, 3, 2> small{{1, 2}, {3, 4}, {5, 6}};
constexpr Tensor<int, 2> picks{2, 0};
static_assert([] {
    const Tensor<double, 2, 2> rows = take<0>(small, picks);
    const Tensor<double, 3, 2> sums = index_add<0>(small, Tensor<int, 3>{1, 1, 3}, small);
    const Tensor<double, 3, 2> along =
        scatter_add<0>(small, Tensor<int, 1, 2>{{2, -1}}, Tensor<double, 1, 2>{{10, 20}});
    const Tensor<std::int64_t, 2, 3> hot = one_hot<3>(picks);
    return rows == Tensor<double, 2, 2>{{5, 6}, {1, 2}} && sums(1, 0) == 7 && sums(1, 1) == 10 && sums(2, 1) == 6 &&
           along(2, 0) == 15 && along(2, 1) == 6 && hot(0, 2) == 1 && hot(0, 0) == 0 && hot(1, 0) == 1;
}());
static_assert([] {
    auto x = variable<"x">(small);
    const Tensor<double, 3, 2> dx = grad(sum(take<0>(x, Tensor<int, 3>{2, 2, 0}) * take<0>(x, Tensor<int>{1})), x);
    return dx(2, 0) == 6 && dx(0, 1) == 4 && dx(1, 0) == 11 && dx(1, 1) == 14;
}());
