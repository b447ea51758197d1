// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"

#include <ashlar/train.hpp>

#include <array>

using ashlar::data_set;
using ashlar::Shape;

namespace {

auto numbered(int rows) {
    data_set<float, Shape<2>> data;
    for (int i = 0; i < rows; ++i) data.add(std::array{static_cast<float>(i), static_cast<float>(10 * i)}, i);
    return data;
}

}  // namespace

TEST_CASE("split: the first rows and the rest, in order") {
    const auto data = numbered(5);
    const auto [first, rest] = ashlar::split(data, 3);
    REQUIRE(first.size() == 3);
    REQUIRE(rest.size() == 2);
    for (std::size_t i = 0; i < 5; ++i) {
        const auto& part = i < 3 ? first : rest;
        const std::size_t at = i < 3 ? i : i - 3;
        CHECK(part.label(at) == static_cast<int>(i));
        CHECK(part.row(at)(1) == 10 * static_cast<float>(i));
    }
}

TEST_CASE("split: either part may be empty, more rows than there are raise an error") {
    const auto data = numbered(4);
    CHECK(ashlar::split(data, 0).first.empty());
    CHECK(ashlar::split(data, 4).second.empty());
    CHECK_THROWS_WITH(ashlar::split(data, 5), "split: 5 rows wanted for the first part, the data have 4");
    CHECK_THROWS_AS(ashlar::split(data, 5), ashlar::error);
}

TEST_CASE("split: rows without labels and rows with targets") {
    data_set<float, Shape<1>> plain;
    plain.add(std::array{1.0f});
    plain.add(std::array{2.0f});
    CHECK(!ashlar::split(plain, 1).second.labelled());
    CHECK(ashlar::split(plain, 1).second.row(0)(0) == 2);

    data_set<float, Shape<1>, Shape<2>> targets;
    targets.add(std::array{1.0f}, std::array{3.0f, 4.0f});
    targets.add(std::array{2.0f}, std::array{5.0f, 6.0f});
    CHECK(ashlar::split(targets, 1).second.label(0)(1) == 6);
}

TEST_CASE("data set: rows of a wrong length, and labels in one row only, raise an error and change nothing") {
    data_set<float, Shape<2>> data;
    CHECK_THROWS_WITH(data.add(std::array{1.0f}, 0), "data_set::add: 1 features given, a row has 2");
    data.add(std::array{1.0f, 2.0f}, 0);
    CHECK_THROWS_WITH(data.add(std::array{1.0f, 2.0f}),
                      "data_set::add: a row without a label, the 1 rows before it have labels");
    CHECK(data.size() == 1);

    data_set<float, Shape<2>> plain;
    plain.add(std::array{1.0f, 2.0f});
    CHECK_THROWS_WITH(plain.add(std::array{1.0f, 2.0f}, 0),
                      "data_set::add: a row with a label, the 1 rows before it have none");
    CHECK(plain.size() == 1);

    data_set<float, Shape<1>, Shape<2>> targets;
    CHECK_THROWS_WITH(targets.add(std::array{1.0f}, std::array{1.0f}), "data_set::add: 1 targets given, a row has 2");
    CHECK(targets.empty());
}

TEST_CASE("data set: a row is a view that takes part in expressions, a batch is a pair of tensors") {
    auto data = numbered(3);
    CHECK(data.row(2)(0) == 2);
    decltype(data)::batch<2> batch;
    data.gather({2, 1}, batch);
    CHECK(batch.x == ashlar::Tensor<float, 2, 2>{{2, 20}, {1, 10}});
    CHECK(batch.y == ashlar::Tensor<int, 2>{2, 1});
}
