// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Reductions: shapes, values beside written-out loops, derivatives beside central differences.

#include <ashlar/ashlar.hpp>

#include "support/central_difference.hpp"
#include "support/compare.hpp"

using namespace ashlar;

const auto cube = Tensor<double, 3, 4, 5>::generate([](std::size_t i, std::size_t j, std::size_t k) {
    return std::sin(1.0 + 3.1 * double(20 * i + 5 * j + k));
});

static_assert(std::same_as<shape_t<decltype(sum(cube))>, Shape<>> &&
              std::same_as<shape_t<decltype(sum<0>(cube))>, Shape<4, 5>>);
static_assert(std::same_as<shape_t<decltype(mean<-1>(cube))>, Shape<3, 4>> &&
              std::same_as<shape_t<decltype(max<0, 2>(cube))>, Shape<4>>);
static_assert(std::same_as<shape_t<decltype(prod<1, keepdim>(cube))>, Shape<3, 1, 5>> &&
              std::same_as<shape_t<decltype(sum<keepdim>(cube))>, Shape<1, 1, 1>>);
static_assert(std::same_as<shape_t<decltype(var<0, 1, biased>(cube))>, Shape<5>> &&
              std::same_as<shape_t<decltype(argmin<2>(cube))>, Shape<3, 4>>);
// An axis may be a whole number of any type.
static_assert(std::same_as<shape_t<decltype(sum<std::size_t{1}>(cube))>, Shape<3, 5>> &&
              std::same_as<shape_t<decltype(max<-1L, keepdim>(cube))>, Shape<3, 4, 1>> &&
              std::same_as<shape_t<decltype(mean<2u>(cube))>, Shape<3, 4>>);
static_assert(std::same_as<shape_t<decltype(logsumexp<2, keepdim>(cube))>, Shape<3, 4, 1>> &&
              std::same_as<shape_t<decltype(softmax<1>(cube))>, Shape<3, 4, 5>>);
static_assert(std::same_as<shape_t<decltype(any<0>(cube > 0))>, Shape<4, 5>>);

TEST_CASE("over the middle axis", "[reduction]") {
    const Tensor<double, 3, 5> sums = sum<1>(cube), products = prod<1>(cube), variances = var<1>(cube),
                               largest = max<1>(cube), smooth = logsumexp<1>(cube);
    const Tensor<int, 3, 5> where_largest = argmax<1>(cube);
    for (int i = 0; i < 3; ++i) {
        for (int k = 0; k < 5; ++k) {
            double s = 0, p = 1, e = 0, v = 0;
            int best = 0;
            for (int j = 0; j < 4; ++j) {
                s += cube(i, j, k), p *= cube(i, j, k), e += std::exp(cube(i, j, k));
                if (cube(i, j, k) > cube(i, best, k)) best = j;
            }
            for (int j = 0; j < 4; ++j) v += (cube(i, j, k) - s / 4) * (cube(i, j, k) - s / 4) / 3;
            CHECK(support::close(sums(i, k), s, 1e-14));
            CHECK(support::close(products(i, k), p, 1e-14));
            CHECK(support::close(variances(i, k), v, 1e-14));
            CHECK(support::close(smooth(i, k), std::log(e), 1e-14));
            CHECK(where_largest(i, k) == best);
            CHECK(largest(i, k) == cube(i, best, k));
        }
    }
}

TEST_CASE("axes in any order and of any sign", "[reduction]") {
    CHECK(sum<2, 0>(cube) == sum<0, -1>(cube));
    CHECK(sum<0, 1, 2>(cube) == sum(cube));
    CHECK(support::first_difference(eval(mean<0>(cube)), eval(sum<0>(cube) / 3), 1e-15) == -1);
    CHECK(reshape<3, 5>(max<1, keepdim>(cube)) == max<1>(cube));
}

TEST_CASE("axes of extent 1", "[reduction]") {
    const Tensor<double, 1, 3> row{{1, 2, 4}};
    CHECK(sum<0>(row) == Tensor<double, 3>{1, 2, 4});
    CHECK(max<0, keepdim>(row) == row);
    CHECK(argmax<0>(row) == Tensor<int, 3>{0, 0, 0});
}

TEST_CASE("of a number", "[reduction]") {
    const Tensor<double> x = 2.5;
    const auto number = [](const auto& e) { return static_cast<double>(eval(e)); };
    CHECK((number(sum(2 * x)) == 5 && number(mean(2 * x)) == 5 && number(prod<keepdim>(2 * x)) == 5));
    CHECK((number(max(2 * x)) == 5 && number(min(2 * x)) == 5 && number(amax(2 * x)) == 5 && number(amin(2 * x)) == 5));
    CHECK(support::close(number(logsumexp(2 * x)), 5, 1e-15));
    const Tensor<int> where_largest = argmax(2 * x), where_smallest = argmin<keepdim>(x);
    CHECK((where_largest == 0 && where_smallest == 0));
    CHECK(number((argmax(2 * x) + 1) * x + argmin(2 * x)) == 2.5);
}

TEST_CASE("bool and whole numbers", "[reduction]") {
    const Tensor<bool, 2, 3> b{{true, false, true}, {false, false, true}};
    CHECK(sum<1>(b) == Tensor<int, 2>{2, 1});
    CHECK(any<0>(b) == Tensor<bool, 3>{true, false, true});
    CHECK(all<0>(b) == Tensor<bool, 3>{false, false, true});
    CHECK(mean(b) == Tensor<float>{0.5f});
    CHECK(prod<1>(Tensor<int, 2, 2>{{2, 3}, {4, 5}}) == Tensor<int, 2>{6, 20});
    CHECK(max<0>(Tensor<int, 2, 2>{{2, 3}, {4, 1}}) == Tensor<int, 2>{4, 3});
}

TEST_CASE("a long sum", "[reduction]") {
    static const auto many =
        Tensor<float, 100003>::generate([](std::size_t i) { return 0.1f + static_cast<float>(i % 7); });
    double expected = 0;
    for (float v : many) expected += static_cast<double>(v);
    CHECK(support::close(static_cast<float>(eval(sum(many))), expected, 1e-4));
}
