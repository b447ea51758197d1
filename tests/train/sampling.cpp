// SPDX-License-Identifier: BSL-1.0
// Folds, weighted rows and normalisation beside plain loops.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

using ashlar::data_set;
using ashlar::Shape;
using ashlar::Tensor;

namespace {

using Numbers = data_set<float, Shape<1>>;

Numbers numbered(std::size_t rows, int classes = 1) {
    Numbers data;
    for (std::size_t i = 0; i < rows; ++i) data.add(std::array{static_cast<float>(i)}, static_cast<int>(i) % classes);
    return data;
}
std::vector<int> rows_of(const Numbers& data) {
    std::vector<int> rows;
    for (std::size_t i = 0; i < data.size(); ++i) rows.push_back(static_cast<int>(data.row(i)(0)));
    return rows;
}

}  // namespace

TEST_CASE("k_fold: in order as scikit-learn's KFold") {
    const Numbers data = numbered(11, 3);
    std::vector<std::vector<int>> tests;
    for (const auto& [training, test] : ashlar::k_fold(data, 3)) {
        auto all = rows_of(training), rest = rows_of(test);
        tests.push_back(rest);
        CHECK(std::is_sorted(all.begin(), all.end()));
        all.insert(all.end(), rest.begin(), rest.end());
        std::sort(all.begin(), all.end());
        CHECK(all == rows_of(data));
        for (std::size_t i = 0; i < test.size(); ++i) CHECK(test.label(i) == rest[i] % 3);
    }
    CHECK(tests == std::vector<std::vector<int>>{{0, 1, 2, 3}, {4, 5, 6, 7}, {8, 9, 10}});
}

TEST_CASE("k_fold: shuffled, every row is tested once") {
    const Numbers data = numbered(10);
    const ashlar::k_fold folds(data, 5, ashlar::seed(3)), same(data, 5, ashlar::seed(3));
    const ashlar::k_fold other(data, 5, ashlar::seed(4));
    std::vector<int> seen, again, different;
    for (std::size_t i = 0; i < folds.size(); ++i) {
        for (const int row : rows_of(folds[i].second)) seen.push_back(row);
        for (const int row : rows_of(same[i].second)) again.push_back(row);
        for (const int row : rows_of(other[i].second)) different.push_back(row);
    }
    CHECK(seen == again);
    CHECK(seen != different);
    CHECK(!std::is_sorted(seen.begin(), seen.end()));
    std::sort(seen.begin(), seen.end());
    CHECK(seen == rows_of(data));
    CHECK_THROWS_WITH(ashlar::k_fold(data, 1), "k_fold: 1 folds of 10 rows, 2 to 10 folds are expected");
    CHECK_THROWS_WITH(ashlar::k_fold(data, 11), "k_fold: 11 folds of 10 rows, 2 to 10 folds are expected");
    const Numbers single = numbered(1);
    CHECK_THROWS_WITH(ashlar::k_fold(single, 2), "k_fold: 1 rows, at least 2 are expected");
    CHECK_THROWS_WITH(folds[5], "k_fold: fold 5 of 5");
}

TEST_CASE("weighted rows: as often as their weights say, never where it is 0") {
    const std::vector<double> weights{0, 1, 3, 0, 4, 0};
    const ashlar::detail::weighted_rows rows(weights, 6);
    ashlar::generator random{ashlar::seed(1)};
    std::array<double, 6> count{};
    for (int i = 0; i < 80000; ++i) ++count[rows.draw(random)];
    for (std::size_t i = 0; i < 6; ++i) {
        const double expected = weights[i] / 8 * 80000;
        CHECK(std::abs(count[i] - expected) <= 4 * std::sqrt(expected));
    }
    CHECK_THROWS_WITH(ashlar::detail::weighted_rows(weights, 5), "fit: 6 weights of rows given, the data have 5 rows");
    CHECK_THROWS_WITH(ashlar::detail::weighted_rows({0, 0}, 2), "fit: all weights of rows are 0");
    CHECK_THROWS_WITH(ashlar::detail::weighted_rows({1, -1}, 2),
                      "fit: the weight of row 1 is -1, a finite number from 0 on is expected");
    CHECK_THROWS_WITH(ashlar::detail::weighted_rows({1, 2, NAN}, 3),
                      "fit: the weight of row 2 is nan, a finite number from 0 on is expected");
    CHECK_THROWS_WITH(ashlar::detail::weighted_rows({1e308, 1e308, 1e308, 0}, 4),
                      "fit: the sum of the weights of rows is not finite");
}

TEST_CASE("balanced_weights: n / (classes * rows of the class)") {
    Numbers data;
    for (const int label : {0, 0, 0, 7, 0, 2, 2, 0}) data.add(std::array{1.0f}, label);
    const auto weights = ashlar::balanced_weights(data);
    const std::array<double, 8> expected{8.0 / 15, 8.0 / 15, 8.0 / 15, 8.0 / 3, 8.0 / 15, 8.0 / 6, 8.0 / 6, 8.0 / 15};
    REQUIRE(weights.size() == 8);
    for (std::size_t i = 0; i < 8; ++i) CHECK(weights[i] == Approx(expected[i]));
}

TEST_CASE("normalization: by the training data, applied to both") {
    data_set<float, Shape<2, 2>, Shape<1>> training, test;
    ashlar::generator random{ashlar::seed(2)};
    for (int i = 0; i < 50; ++i) {
        const std::array row{1000 + random.uniform(1.0f), random.uniform(1e-3f), 0.1f, 5 * random.uniform(1.0f)};
        (i < 40 ? training : test).add(row, std::array{0.0f});
    }
    const auto raw = training, raw_test = test;
    const ashlar::normalization units{training};
    units.apply(training);
    units.apply(test);
    for (std::size_t k = 0; k < 4; ++k) {
        double mean = 0, square = 0;
        for (std::size_t i = 0; i < 40; ++i) mean += static_cast<double>(raw.row(i).data()[k]) / 40;
        for (std::size_t i = 0; i < 40; ++i) {
            const double d = static_cast<double>(raw.row(i).data()[k]) - mean;
            square += d * d / 40;
        }
        const double deviation = k == 2 ? 1 : std::sqrt(square);
        CHECK(units.mean.data()[k] == Approx(mean));
        CHECK(units.deviation.data()[k] == Approx(deviation));
        for (std::size_t i = 0; i < 10; ++i) {
            const double expected = (static_cast<double>(raw_test.row(i).data()[k]) - mean) / deviation;
            CHECK(static_cast<double>(test.row(i).data()[k]) == Approx(expected).margin(2e-4));
        }
    }
    using Pairs = data_set<float, Shape<2>>;
    CHECK_THROWS_WITH(ashlar::normalization{Pairs{}}, "normalization: the data have no rows");
}

TEST_CASE("normalization: a number that is not finite is named") {
    data_set<float, Shape<2>> data;
    data.add(std::array{1.0f, 2.0f}, 0);
    data.add(std::array{3.0f, NAN}, 0);
    CHECK_THROWS_WITH(ashlar::normalization{data},
                      "normalization: row 1: feature 1 is nan, finite numbers are expected");
    CHECK_THROWS_AS(ashlar::normalization{data}, ashlar::data_error);
    data_set<double, Shape<1>> large;
    for (const double x : {-1e308, 1e308}) large.add(std::array{x}, 0);
    CHECK_THROWS_WITH(ashlar::normalization{large},
                      "normalization: the numbers of feature 0 are too large for their deviation");
}

TEST_CASE("normalization: float numbers far from 0, and a deviation that float does not know") {
    data_set<float, Shape<2>> data;
    data.add(std::array{1e8f, 0.0f}, 0);
    data.add(std::array{1e8f + 8, 1e-45f}, 0);  // the mean of the first feature lies between two floats
    const ashlar::normalization units{data};
    units.apply(data);
    CHECK(data.row(0)(0) == -1);
    CHECK(data.row(1)(0) == 1);
    CHECK(units.deviation(1) == 1);
    CHECK(std::isfinite(data.row(0)(1)));
    CHECK(std::isfinite(data.row(1)(1)));
}
