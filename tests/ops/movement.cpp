// SPDX-License-Identifier: BSL-1.0
// Views, joins and splits: shapes and values beside written-out loops.

#include <ashlar/ashlar.hpp>

#include "support/compare.hpp"

using namespace ashlar;

const auto grid = Tensor<int, 3, 4>::generate([](std::size_t i, std::size_t j) { return 10 * i + j; });
const auto cube =
    Tensor<int, 2, 3, 4>::generate([](std::size_t i, std::size_t j, std::size_t k) { return 100 * i + 10 * j + k; });

template <class E, std::size_t... Dims> inline constexpr bool has = std::same_as<shape_t<E>, Shape<Dims...>>;
static_assert(has<decltype(slice<1, 0, -1>(grid)), 3, 3> && has<decltype(slice<-1, 0, 4, 3>(grid)), 3, 2>);
static_assert(has<decltype(permute<2, 0, 1>(cube)), 4, 2, 3> && has<decltype(transpose(cube)), 2, 4, 3> &&
              has<decltype(permute<-1, 0, 1>(cube)), 4, 2, 3>);
static_assert(has<decltype(unsqueeze<0>(grid)), 1, 3, 4> && has<decltype(unsqueeze<-1>(grid)), 3, 4, 1> &&
              has<decltype(squeeze<1>(unsqueeze<1>(grid))), 3, 4>);
static_assert(has<decltype(flatten(cube)), 2, 12> && has<decltype(reshape<4, 6>(cube)), 4, 6> &&
              has<decltype(expand<5, 3, 4>(grid)), 5, 3, 4>);
static_assert(has<decltype(concat<0>(grid, grid, grid)), 9, 4> && has<decltype(stack<-1>(grid, grid)), 3, 4, 2>);
static_assert(has<decltype(outer(slice<0, 0, 2>(reshape<12>(grid)), reshape<12>(grid))), 2, 12> &&
              has<decltype(dot(reshape<12>(grid), reshape<12>(grid)))>);

TEST_CASE("slices", "[view]") {
    CHECK(slice<1, -3, -1>(grid) == Tensor<int, 3, 2>{{1, 2}, {11, 12}, {21, 22}});
    CHECK(slice<0, 0, 3, 2>(grid) == Tensor<int, 2, 4>{{0, 1, 2, 3}, {20, 21, 22, 23}});
    CHECK(slice<0, 1, 2>(slice<1, 1, 4, 2>(grid)) == Tensor<int, 1, 2>{{11, 13}});
    CHECK(flip<1>(slice<0, 0, 1>(grid)) == Tensor<int, 1, 4>{{3, 2, 1, 0}});
    CHECK(flip<0>(flip<0>(grid)) == grid);
}

TEST_CASE("permutations", "[view]") {
    const Tensor<int, 4, 2, 3> p = permute<2, 0, 1>(cube);
    const Tensor<int, 2, 4, 3> t = transpose(cube);
    for (int i = 0; i < 2; ++i) {
        for (int j = 0; j < 3; ++j) {
            for (int k = 0; k < 4; ++k) {
                CHECK(p(k, i, j) == cube(i, j, k));
                CHECK(t(i, k, j) == cube(i, j, k));
            }
        }
    }
    CHECK(permute<1, 2, 0>(permute<2, 0, 1>(cube)) == cube);
    CHECK(reshape<12>(transpose<0, 1>(grid)) == Tensor<int, 12>{0, 10, 20, 1, 11, 21, 2, 12, 22, 3, 13, 23});
    CHECK(transpose(grid) + 1 == transpose(grid + 1));
}

TEST_CASE("joins", "[concat]") {
    const Tensor<int, 1, 2> a{{1, 2}}, b{{3, 4}};
    CHECK(concat<0>(a, b) == Tensor<int, 2, 2>{{1, 2}, {3, 4}});
    CHECK(concat<1>(a, b) == Tensor<int, 1, 4>{{1, 2, 3, 4}});
    CHECK(concat<-1>(a, a + b, b) == Tensor<int, 1, 6>{{1, 2, 4, 6, 3, 4}});
    CHECK(stack<0>(a, b) == Tensor<int, 2, 1, 2>{{{1, 2}}, {{3, 4}}});
    CHECK(stack<2>(a, b) == Tensor<int, 1, 2, 2>{{{1, 3}, {2, 4}}});
    CHECK(concat<1>(a, to<float>(b) / 2) == Tensor<float, 1, 4>{{1, 2, 1.5f, 2}});
    CHECK(sum(concat<0>(a, concat<0>(b, a))) == Tensor<int>{13});
}

TEST_CASE("split", "[split]") {
    const auto [one, two, rest] = split<1, 1, 2, 1>(grid);
    static_assert(has<decltype(one), 3, 1> && has<decltype(two), 3, 2> && has<decltype(rest), 3, 1>);
    CHECK(one == Tensor<int, 3, 1>{{0}, {10}, {20}});
    CHECK(two == Tensor<int, 3, 2>{{1, 2}, {11, 12}, {21, 22}});
    CHECK(concat<1>(one, two, rest) == grid);
    const auto [low, high] = split<-1, 3, 1>(cube * 2);
    CHECK(low == slice<2, 0, 3>(cube) * 2);
    CHECK(high == slice<2, 3, 4>(cube) * 2);
}

TEST_CASE("expand and broadcasting", "[expand]") {
    const Tensor<int, 3, 1> column{{1}, {2}, {3}};
    CHECK(expand<3, 2>(column) == Tensor<int, 3, 2>{{1, 1}, {2, 2}, {3, 3}});
    CHECK(column * Tensor<int, 2>{1, 10} == Tensor<int, 3, 2>{{1, 10}, {2, 20}, {3, 30}});
    CHECK(outer(Tensor<int, 2>{1, 2}, Tensor<int, 3>{1, 10, 100}) == Tensor<int, 2, 3>{{1, 10, 100}, {2, 20, 200}});
    CHECK(dot(Tensor<double, 3>{1, 2, 3}, Tensor<double, 3>{4, 5, 6}) == Tensor<double>{32});
}

TEST_CASE("an assignment that reads its target", "[view]") {
    Tensor<int, 3, 3> t{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    t = transpose(t) + t;
    CHECK(t == Tensor<int, 3, 3>{{2, 6, 10}, {6, 10, 14}, {10, 14, 18}});
    t = flip<0>(t);
    CHECK(t == Tensor<int, 3, 3>{{10, 14, 18}, {6, 10, 14}, {2, 6, 10}});
}
