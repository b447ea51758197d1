// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::data_set;
using ashlar::Shape;
using ashlar::Tensor;

namespace {

using Points = data_set<float, Shape<2>>;
using Classifier = nn::Sequential<nn::Linear<2, 8>, nn::Tanh, nn::Linear<8, 3>>;

// Three clouds of points in the plane, one a class.
Points clouds(std::size_t rows, std::uint64_t seed) {
    ashlar::generator random{ashlar::seed(seed)};
    Points data;
    for (std::size_t i = 0; i < rows; ++i) {
        const int label = static_cast<int>(i % 3);
        const float x = label == 0 ? -1.0f : label == 1 ? 1.0f : 0.0f, y = label == 2 ? 1.5f : 0.0f;
        data.add(std::array{x + random.uniform(0.4f), y + random.uniform(0.4f)}, label);
    }
    return data;
}

// An optimizer in shape only: it writes down which rows it was given.
struct spy {
    std::vector<int>* seen;
    template <class Loss> float step(const Loss& loss) {
        const auto rows = ashlar::eval(loss);
        for (const float row : rows) seen->push_back(static_cast<int>(row));
        return 0;
    }
};
struct Pass {
    constexpr auto forward(ashlar::expression auto x) const { return x; }
    template <ashlar::operand X> constexpr auto operator()(X&& x) const {
        return ashlar::call(*this, std::forward<X>(x));
    }
    static constexpr void members(auto&, auto&&) {}
};
struct First {
    template <class X, class Y> auto operator()(const X& x, const Y&) const { return ashlar::sum<1>(x); }
};

std::vector<int> rows_seen(std::size_t rows, int epochs, bool drop_last = false, std::uint64_t seed = 0) {
    Points data;
    for (std::size_t i = 0; i < rows; ++i) data.add(std::array{static_cast<float>(i), 0.0f}, 0);
    std::vector<int> seen;
    Pass model;
    ashlar::fit<4>(model, First{}, spy{&seen}, data,
                   {.epochs = epochs, .drop_last = drop_last, .seed = ashlar::seed(seed)});
    return seen;
}

bool is_permutation_of_all(std::vector<int> v) {
    std::sort(v.begin(), v.end());
    for (std::size_t i = 0; i < v.size(); ++i)
        if (v[i] != static_cast<int>(i)) return false;
    return true;
}

}  // namespace

TEST_CASE("fit: every epoch sees every row once, each in another order") {
    const auto seen = rows_seen(12, 3);
    REQUIRE(seen.size() == 36);
    const std::vector<int> first(seen.begin(), seen.begin() + 12), second(seen.begin() + 12, seen.begin() + 24);
    CHECK(is_permutation_of_all(first));
    CHECK(is_permutation_of_all(second));
    CHECK(first != second);
    CHECK(!std::is_sorted(first.begin(), first.end()));
}

TEST_CASE("fit: the last batch is completed by the first rows of the epoch's order") {
    const auto seen = rows_seen(10, 2);
    REQUIRE(seen.size() == 24);
    for (const std::ptrdiff_t epoch : {0, 12}) {
        const std::vector<int> rows(seen.begin() + epoch, seen.begin() + epoch + 12);
        CHECK(is_permutation_of_all({rows.begin(), rows.begin() + 10}));
        CHECK(rows[10] == rows[0]);
        CHECK(rows[11] == rows[1]);
    }
}

TEST_CASE("fit: fewer rows than a batch are repeated") {
    const auto seen = rows_seen(3, 1);
    REQUIRE(seen.size() == 4);
    CHECK(is_permutation_of_all({seen.begin(), seen.begin() + 3}));
    CHECK(seen[3] == seen[0]);
}

TEST_CASE("fit: drop_last leaves the remainder out, other rows in every epoch") {
    const auto seen = rows_seen(10, 2, true);
    REQUIRE(seen.size() == 16);
    std::vector<int> first(seen.begin(), seen.begin() + 8), second(seen.begin() + 8, seen.end());
    std::sort(first.begin(), first.end());
    std::sort(second.begin(), second.end());
    CHECK(std::unique(first.begin(), first.end()) == first.end());
    CHECK(first != second);
}

TEST_CASE("fit: the seed decides the order") {
    CHECK(rows_seen(20, 2, false, 5) == rows_seen(20, 2, false, 5));
    CHECK(rows_seen(20, 2, false, 5) != rows_seen(20, 2, false, 6));
}

TEST_CASE("fit: trains a classifier, the same numbers for the same seeds") {
    const Points training = clouds(201, 1), test = clouds(100, 2);  // neither a multiple of the batch
    nn::CrossEntropyLoss criterion;
    const auto run = [&](std::uint64_t seed) {
        Classifier model{ashlar::seed(3)};
        optim::Adam adam{model, {.lr = 1e-2f}};
        const auto history = ashlar::fit<16>(
            model, criterion, adam, training, {.epochs = 20, .validation = test, .seed = ashlar::seed(seed)});
        return std::pair{history, model};
    };
    const auto [history, model] = run(7);
    REQUIRE(history.losses.size() == 20);
    REQUIRE(history.validation.size() == 20);
    CHECK(history.losses.back() < 0.2f * history.losses.front());
    CHECK(history.validation.back() > 0.95f);
    CHECK(history.validation.back() == ashlar::accuracy(model, test));

    const auto [same, same_model] = run(7);
    CHECK(same.losses == history.losses);
    CHECK(same_model.get<0>().weight == model.get<0>().weight);
    CHECK(run(8).first.losses != history.losses);
}

TEST_CASE("fit: its numbers are those of a loop written out") {
    const Points data = clouds(32, 1);
    nn::CrossEntropyLoss criterion;
    Classifier fitted{ashlar::seed(0)}, looped{ashlar::seed(0)};
    optim::SGD sgd{fitted, {.lr = 0.1f}};
    const auto history = ashlar::fit<16>(fitted, criterion, sgd, data, {.epochs = 1, .seed = ashlar::seed(4)});

    std::vector<std::size_t> order(32);
    for (std::size_t i = 0; i < 32; ++i) order[i] = i;
    ashlar::generator random{ashlar::seed(4)};
    for (std::size_t i = 32; i > 1; --i) std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
    optim::SGD by_hand{looped, {.lr = 0.1f}};
    float sum = 0;
    for (std::size_t b = 0; b < 2; ++b) {
        Tensor<float, 16, 2> x;
        Tensor<int, 16> y;
        for (std::size_t i = 0; i < 16; ++i) {
            x(i, 0) = data.row(order[16 * b + i])(0);
            x(i, 1) = data.row(order[16 * b + i])(1);
            y(i) = data.label(order[16 * b + i]);
        }
        sum += by_hand.step(criterion(looped(x), y));
    }
    CHECK(history.losses[0] == Approx(sum / 2));
    CHECK(history.validation.empty());
    CHECK(fitted.get<0>().weight == looped.get<0>().weight);
    CHECK(fitted.get<2>().bias == looped.get<2>().bias);
}

TEST_CASE("fit: targets that are numbers, validated by the mean loss") {
    data_set<float, Shape<1>, Shape<1>> line;
    for (int i = 0; i < 40; ++i) {
        const float x = static_cast<float>(i) / 20 - 1;
        line.add(std::array{x}, std::array{3 * x - 1});
    }
    nn::Linear<1, 1> model{ashlar::seed(0)};
    nn::MSELoss criterion;
    optim::SGD sgd{model, {.lr = 0.1f}};
    const auto history = ashlar::fit<8>(model, criterion, sgd, line, {.epochs = 60, .validation = line});
    CHECK(model.weight(0, 0) == Approx(3).margin(1e-3));
    CHECK(model.bias(0) == Approx(-1).margin(1e-3));
    CHECK(history.validation.back() == ashlar::mean_loss(model, criterion, line));
}

TEST_CASE("accuracy: the rows that do not fill a batch count exactly") {
    // Class 1 where the first feature is positive.
    nn::Linear<1, 2> model{ashlar::seed(0)};
    model.weight = Tensor<float, 2, 1>{{0}, {1}};
    model.bias = Tensor<float, 2>{0, 0};
    for (const std::size_t rows : {1u, 63u, 64u, 65u, 130u}) {
        data_set<float, Shape<1>> data;
        for (std::size_t i = 0; i < rows; ++i) data.add(std::array{i % 3 == 0 ? 1.0f : -1.0f}, 1);
        const auto right = static_cast<float>((rows + 2) / 3);
        CHECK(ashlar::accuracy(model, data) == right / static_cast<float>(rows));
        CHECK(ashlar::accuracy<7>(model, data) == right / static_cast<float>(rows));
        const auto counts = ashlar::confusion_matrix<2>(model, data);
        CHECK(counts ==
              Tensor<int, 2, 2>{{0, 0}, {static_cast<int>(rows - (rows + 2) / 3), static_cast<int>((rows + 2) / 3)}});
    }
}

TEST_CASE("mean_loss: every row counts the same, whatever the batch") {
    const Points data = clouds(70, 1);
    nn::CrossEntropyLoss criterion;
    const Classifier model{ashlar::seed(0)};
    double sum = 0;
    for (std::size_t i = 0; i < 70; ++i) {
        data_set<float, Shape<2>> one;
        one.add(data.row(i), data.label(i));
        sum += static_cast<double>(ashlar::mean_loss<1>(model, criterion, one));
    }
    CHECK(ashlar::mean_loss(model, criterion, data) == Approx(sum / 70));
    CHECK(ashlar::mean_loss<32>(model, criterion, data) == Approx(sum / 70));
}

TEST_CASE("mean_loss: ignored rows do not count, in whole batches and behind them") {
    const Points data = clouds(70, 1);
    Points some, ignored;
    for (std::size_t i = 0; i < 70; ++i) {
        ignored.add(data.row(i), i % 3 == 0 || i == 69 ? -100 : data.label(i));
        if (ignored.label(i) != -100) some.add(data.row(i), data.label(i));
    }
    nn::CrossEntropyLoss criterion;
    const Classifier model{ashlar::seed(0)};
    const float expected = ashlar::mean_loss<1>(model, criterion, some);
    CHECK(ashlar::mean_loss<32>(model, criterion, ignored) == Approx(expected));
    CHECK(ashlar::mean_loss<1>(model, criterion, ignored) == Approx(expected));
    Points none;
    none.add(data.row(0), -100);
    CHECK(std::isnan(ashlar::mean_loss<4>(model, criterion, none)));
}

TEST_CASE("fit and metrics: what they refuse") {
    nn::CrossEntropyLoss criterion;
    Classifier model{ashlar::seed(0)};
    optim::SGD sgd{model, {.lr = 0.1f}};
    const auto fit = [&](const Points& data, const ashlar::fit_options<Points>& options) {
        ashlar::fit<16>(model, criterion, sgd, data, options);
    };
    const Points good = clouds(20, 1), empty;
    Points unlabelled, wrong = clouds(20, 1);
    unlabelled.add(std::array{1.0f, 2.0f});
    wrong.add(std::array{1.0f, 2.0f}, 3);

    CHECK_THROWS_WITH(fit(empty, {}), "fit: the data have no rows");
    CHECK_THROWS_WITH(fit(unlabelled, {}), "fit: the data have no labels");
    CHECK_THROWS_WITH(fit(good, {.validation = empty}), "fit, validation: the data have no rows");
    CHECK_THROWS_WITH(fit(wrong, {}), "fit: row 20 is of class 3, the model has the classes 0 to 2");
    CHECK_THROWS_WITH(fit(clouds(15, 1), {.drop_last = true}), "fit: 15 rows do not fill one batch of 16");
    CHECK_THROWS_WITH(ashlar::accuracy(model, empty), "accuracy: the data have no rows");
    CHECK_THROWS_WITH(ashlar::accuracy(model, unlabelled), "accuracy: the data have no labels");
    CHECK_THROWS_WITH(ashlar::confusion_matrix<3>(model, wrong), "confusion_matrix: row 20: class 3 of 3");

    Points ignored = clouds(20, 1);
    ignored.add(std::array{1.0f, 2.0f}, -100);  // CrossEntropyLoss::ignore_index
    CHECK_NOTHROW(fit(ignored, {}));
}
