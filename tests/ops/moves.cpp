// SPDX-License-Identifier: BSL-1.0
// What only moves elements: shapes, edges beside plain loops, plans, derivatives beside central differences.

#include <ashlar/ashlar.hpp>

#include "support/central_difference.hpp"
#include "support/compare.hpp"

#include <limits>
#include <string>

using namespace ashlar;

namespace {

constexpr auto grid =
    Tensor<int, 3, 4>::generate([](std::size_t i, std::size_t j) { return static_cast<int>(10 * i + j); });
const auto cube = Tensor<double, 2, 3, 4>::generate([](std::size_t i, std::size_t j, std::size_t k) {
    return 0.5 + 0.004 * static_cast<double>(100 * i + 10 * j + k);
});

template <class E, std::size_t... Dims> inline constexpr bool has = std::same_as<shape_t<E>, Shape<Dims...>>;
template <class E, class T> inline constexpr bool holds = std::same_as<typename E::value_type, T>;

static_assert(has<decltype(squeeze(Tensor<float, 1, 1>{}))> &&
              has<decltype(squeeze<0, -1>(Tensor<int, 1, 2, 1>{})), 2> &&
              has<decltype(squeeze(cube)), 2, 3, 4> && has<decltype(squeeze<-2>(unsqueeze<1>(grid))), 3, 4>);
static_assert(has<decltype(flip(cube)), 2, 3, 4> && has<decltype(movedim<-1, 0>(cube)), 4, 2, 3> &&
              has<decltype(swapaxes<0, 2>(cube)), 4, 3, 2> && has<decltype(roll<100>(cube)), 2, 3, 4>);
static_assert(has<decltype(slice<1, -1, -5, -1>(grid)), 3, 4> && has<decltype(slice<1, 2, 0, -2>(grid)), 3, 1> &&
              has<decltype(slice<-1, 3, 0, -2>(grid)), 3, 2>);
static_assert(has<decltype(repeat<2, 1, 3, 1>(cube)), 2, 2, 9, 4> && has<decltype(tile<3>(cube)), 2, 3, 12> &&
              has<decltype(tile<2, 1, 1, 1>(cube)), 2, 2, 3, 4> && has<decltype(repeat<3>(Tensor<int>{1})), 3>);
static_assert(has<decltype(pad<1, 2>(cube)), 2, 3, 7> && has<decltype(pad<0, 0, 0, 0, 3, 0>(cube)), 5, 3, 4> &&
              has<decltype(pad<>(cube)), 2, 3, 4> && has<decltype(pad_circular<4, 4, 3, 0>(cube)), 2, 6, 12>);
static_assert(has<decltype(diagonal<0, -1, 0>(cube)), 3, 2> && has<decltype(diagonal<3>(grid)), 1> &&
              has<decltype(trace(grid))> && has<decltype(tril(cube)), 2, 3, 4>);
static_assert(has<decltype(unfold<-1, 4, 9>(cube)), 2, 3, 1, 4> && has<decltype(unfold<0, 1, 1>(cube)), 2, 3, 4, 1>);
static_assert(holds<decltype(tril(grid < 3)), bool> && holds<decltype(triu(grid)), int> &&
              holds<decltype(trace(grid)), std::int64_t> && holds<decltype(pad<1, 1>(grid)), int> &&
              holds<decltype(pad<1, 1>(grid, 0.5f)), float> && holds<decltype(pad<1, 1>(grid < 3)), bool>);

}  // namespace

TEST_CASE("slices that go backwards", "[view]") {
    CHECK(slice<1, -1, -5, -1>(grid) == flip<1>(grid));
    CHECK(slice<1, 3, 0, -2>(grid) == Tensor<int, 3, 2>{{3, 1}, {13, 11}, {23, 21}});
    CHECK(slice<0, -2, -4, -1>(grid) == Tensor<int, 2, 4>{{10, 11, 12, 13}, {0, 1, 2, 3}});
    CHECK(slice<0, 0, -4, -7>(grid) == Tensor<int, 1, 4>{{0, 1, 2, 3}});
    CHECK(slice<1, 1, 3>(slice<1, -1, -5, -1>(grid)) == Tensor<int, 3, 2>{{2, 1}, {12, 11}, {22, 21}});
}

TEST_CASE("moves of one element, of none, and around", "[roll]") {
    CHECK(roll<-1, 0>(grid) == roll<2, 0>(grid));
    CHECK(roll<-13>(grid) == roll<11>(grid));
    CHECK(roll<0, 1>(grid) == grid);
    CHECK(roll<5>(Tensor<int>{7}) == Tensor<int>{7});
    CHECK(roll<1, 0>(Tensor<bool, 3>{true, false, false}) == Tensor<bool, 3>{false, true, false});
    CHECK(eval(flip(Tensor<int>{7})) == Tensor<int>{7});
    CHECK(flip(grid) == flip<0>(flip<1>(grid)));
    CHECK(movedim<1, 1>(grid) == grid);
    CHECK(movedim<0, -1>(grid) == transpose(grid));
    CHECK(squeeze(Tensor<int, 1, 1>{{3}}) == Tensor<int>{3});
    CHECK(repeat<1, 1>(grid) == grid);
    CHECK(repeat<2, 2>(Tensor<int, 1, 1>{{3}}) == Tensor<int, 2, 2>{{3, 3}, {3, 3}});
    CHECK(repeat<2>(Tensor<bool, 2>{true, false}) == Tensor<bool, 4>{true, false, true, false});
    auto x = Tensor<int, 4>{1, 2, 3, 4};
    x = roll<1, 0>(x) + 10 * x;
    CHECK(x == Tensor<int, 4>{14, 21, 32, 43});
}

TEST_CASE("repeat of more axes than a tensor has at once", "[repeat]") {
    const auto x = Tensor<int, 2, 3, 2, 3>::generate(
        [](std::size_t i, std::size_t j, std::size_t k, std::size_t l) { return 1000 * i + 100 * j + 10 * k + l; });
    const Tensor<int, 4, 9, 4, 6> y = repeat<2, 3, 2, 2>(x);
    const Tensor<int, 2, 2, 3, 3, 4, 6> z = repeat<2, 1, 3, 1, 2, 2>(reshape<1, 2, 1, 3, 2, 3>(x));
    for (int i = 0; i < 4; ++i)
        for (int j = 0; j < 9; ++j)
            for (int k = 0; k < 4; ++k)
                for (int l = 0; l < 6; ++l) {
                    REQUIRE(y(i, j, k, l) == x(i % 2, j % 3, k % 2, l % 3));
                    REQUIRE(z(i % 2, i / 2, j / 3, j % 3, k, l) == x(i / 2, j % 3, k % 2, l % 3));
                }
}

TEST_CASE("padding with and of every type", "[pad]") {
    const Tensor<int, 3> x{1, 2, 3};
    CHECK(pad<2, 1>(x) == Tensor<int, 6>{0, 0, 1, 2, 3, 0});
    CHECK(pad<1, -2>(x, 9) == Tensor<int, 2>{9, 1});
    CHECK(pad<-1, 0>(x, 0.5f) == Tensor<float, 2>{2, 3});
    CHECK(pad<0, 1>(Tensor<bool, 2>{true, false}) == Tensor<bool, 3>{true, false, false});
    CHECK(pad<1, 0>(Tensor<std::uint8_t, 2>{200, 3}, 7) == Tensor<std::uint8_t, 3>{7, 200, 3});
    CHECK(pad<>(x) == x);
    CHECK(eval(pad<>(Tensor<int>{4})) == Tensor<int>{4});
    CHECK(pad_reflect<2, 2>(x) == Tensor<int, 7>{3, 2, 1, 2, 3, 2, 1});
    CHECK(pad_reflect<0, 0>(Tensor<int, 1>{5}) == Tensor<int, 1>{5});
    CHECK(pad_replicate<2, 3>(Tensor<int, 1>{5}) == Tensor<int, 6>{5, 5, 5, 5, 5, 5});
    CHECK(pad_replicate<1, 0>(x) == Tensor<int, 4>{1, 1, 2, 3});
    CHECK(pad_circular<3, 3>(x) == Tensor<int, 9>{1, 2, 3, 1, 2, 3, 1, 2, 3});
    CHECK(pad_circular<0, 1>(x) == Tensor<int, 4>{1, 2, 3, 1});
}

TEST_CASE("triangles and diagonals", "[diagonal]") {
    CHECK(tril<-2>(grid) == Tensor<int, 3, 4>{{0, 0, 0, 0}, {0, 0, 0, 0}, {20, 0, 0, 0}});
    CHECK(triu<3>(grid) == Tensor<int, 3, 4>{{0, 0, 0, 3}, {0, 0, 0, 0}, {0, 0, 0, 0}});
    CHECK(tril<100>(grid) == grid);
    CHECK(triu<100>(grid) == grid * 0);
    CHECK(tril(grid < 11) == (grid < 1 || eq(grid, 10)));
    const float nan = std::numeric_limits<float>::quiet_NaN();
    CHECK(tril(Tensor<float, 2, 2>{{1, nan}, {3, 4}}) == Tensor<float, 2, 2>{{1, 0}, {3, 4}});
    CHECK(diagonal<-2>(grid) == Tensor<int, 1>{20});
    CHECK(diagonal<1, 1, 0>(grid) == diagonal<-1>(grid));
    CHECK(diagonal(transpose(grid)) == diagonal(grid));
    CHECK(trace(Tensor<int, 1, 3>{{5, 6, 7}}) == Tensor<std::int64_t>{5});
    const Tensor<double, 3, 2> apart = diagonal<2, 0, 2>(cube), turned = diagonal<-2, 2, 0>(cube);
    for (int j = 0; j < 3; ++j)
        for (int i = 0; i < 2; ++i) {
            CHECK(apart(j, i) == cube(i, j, i + 2));
            CHECK(turned(j, i) == cube(i, j, i + 2));
        }
}

TEST_CASE("a mask as an index", "[where]") {
    CHECK(masked_fill(grid, grid < 20, -1) == Tensor<int, 3, 4>{{-1, -1, -1, -1}, {-1, -1, -1, -1}, {20, 21, 22, 23}});
    const Tensor<bool, 4> columns{true, false, false, true};
    CHECK(masked_fill(Tensor<int, 2, 4>{{1, 2, 3, 4}, {5, 6, 7, 8}}, columns, 0) ==
          Tensor<int, 2, 4>{{0, 2, 3, 0}, {0, 6, 7, 0}});
}

TEST_CASE("windows are read where they lie", "[unfold]") {
    const Tensor<float, 2, 9> x = Tensor<float, 2, 9>::generate([](std::size_t i, std::size_t j) { return 9 * i + j; });
    const Tensor<float, 3> w{0.5f, -1, 2};
    const auto lx = variable<"x">(x);
    // A convolution is a product with windows: no copy of them.
    const Tensor<float, 2, 4> y = matmul(unfold<1, 3, 2>(x), w);
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 4; ++j)
            CHECK(y(i, j) == 0.5f * x(i, 2 * j) - x(i, 2 * j + 1) + 2 * x(i, 2 * j + 2));
    const Tensor<float, 7, 2, 3> flipped = unfold<0, 3, 1>(flip<0>(transpose(x)));
    for (int j = 0; j < 7; ++j)
        for (int k = 0; k < 3; ++k)
            for (int i = 0; i < 2; ++i) CHECK(flipped(j, i, k) == x(i, 8 - j - k));
    const Tensor<float, 2, 7> largest = max<2>(unfold<1, 3, 1>(x * -1.0f));
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 7; ++j) CHECK(largest(i, j) == -x(i, j));
    CHECK(std::string{print(unfold<1, 3, 2>(lx)).c_str()} == "unfold<1, 3, 2>(x)");
    CHECK(std::string{plan(unfold<1, 3, 2>(lx) * 2.0f).c_str()} ==
          R"(1 step of straight code, 2 inputs, 24 flops, 196 bytes read and written
  1  map     2x4x3                24 flops  result = view(x) * 2
memory: 128 bytes; result if it overlaps an input f32[0..24)
)");
}

TEST_CASE("derivatives of moves", "[derivative]") {
    const auto error = [](auto f) { return support::central_difference_error(f, cube); };
    CHECK(error([](auto x) { return exp(roll<2, 1>(x)) * roll<-1>(x); }) < 1e-8);
    CHECK(error([](auto x) { return exp(repeat<2, 1, 2, 2>(x)); }) < 1e-8);
    CHECK(error([](auto x) { return sin(pad_reflect<2, 1, 1, 2>(x)) * pad_replicate<1, 2, 2, 1>(x); }) < 1e-8);
    CHECK(error([](auto x) { return exp(diagonal<1, 0, 2>(x)) + diagonal<-1, 2, 0>(x); }) < 1e-8);
    CHECK(error([](auto x) { return exp(unfold<1, 2, 1>(unfold<2, 3, 1>(x))); }) < 1e-8);
    CHECK(error([](auto x) { return exp(tril(x)) * triu<-1>(x); }) < 1e-8);
    // of the first derivative
    CHECK(error([](auto x) { return grad(sum(exp(unfold<2, 2, 1>(x)) * unfold<2, 2, 1>(flip<2>(x))), x); }) < 1e-7);
    CHECK(error([](auto x) { return grad(sum(exp(pad_circular<2, 1, 1, 1>(x)) * pad<2, 1, 1, 1>(x)), x); }) < 1e-7);
}

// In constant evaluation.
static_assert(eval(roll<1, 1>(pad_reflect<0, 1>(grid)))(1, 0) == 12);
static_assert(eval(unfold<1, 2, 1>(grid))(2, 1, 1) == 22 && eval(tril(grid))(0, 1) == 0);
static_assert(eval(trace(grid))() == 33 && eval(tile<2>(grid))(2, 7) == 23 && eval(diagonal<1>(grid))(2) == 23);
static_assert([] {
    constexpr Tensor<double, 4> p{1, 2, 3, 4};
    const auto x = variable<"x">(p);
    return eval(grad(sum(square(unfold<0, 3, 1>(x))), x)) == Tensor<double, 4>{2, 8, 12, 8};
}());
