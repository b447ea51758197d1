// SPDX-License-Identifier: BSL-1.0
// Metrics beside plain loops over the model's answers, and beside numbers of scikit-learn's documentation.
#include "support/catch.hpp"

#include "support/fast_math.hpp"

#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

namespace nn = ashlar::nn;
using ashlar::average;
using ashlar::data_set;
using ashlar::Shape;
using ashlar::Tensor;

namespace {

// A model that gives back what it gets: the features of a row are the scores of its classes.
struct Given {
    constexpr auto forward(ashlar::expression auto x) const { return x; }
    template <ashlar::operand X> constexpr auto operator()(X&& x) const {
        return ashlar::call(*this, std::forward<X>(x));
    }
    static constexpr void members(auto&, auto&&) {}
};

using Scores = data_set<float, Shape<4>>;
using Pairs = data_set<float, Shape<2>, Shape<2>>;

Scores random_scores(std::size_t rows, std::uint64_t seed) {
    ashlar::generator random{ashlar::seed(seed)};
    Scores data;
    for (std::size_t i = 0; i < rows; ++i) {
        std::array<float, 4> s{};
        for (float& x : s) x = std::round(random.uniform(1.0f) * 4) / 4;  // some are equal
        data.add(s, static_cast<int>(random.below(3)));  // class 3 only as an answer
    }
    return data;
}

int best_of(const auto& row) {
    int best = 0;
    for (int c = 1; c < 4; ++c)
        if (row(static_cast<std::size_t>(c)) > row(static_cast<std::size_t>(best))) best = c;
    return best;
}

struct by_hand {
    double macro = 0, micro = 0, weighted = 0;
};
// Of one class against the others, class by class.
template <class Rate> by_hand averages(const Scores& data, Rate rate) {
    by_hand r;
    double classes = 0, rows = 0, all_tp = 0, all_fp = 0, all_fn = 0;
    for (int c = 0; c < 4; ++c) {
        double tp = 0, fp = 0, fn = 0;
        for (std::size_t i = 0; i < data.size(); ++i) {
            const bool is = data.label(i) == c, said = best_of(data.row(i)) == c;
            tp += is && said, fp += !is && said, fn += is && !said;
        }
        all_tp += tp, all_fp += fp, all_fn += fn;
        if (tp + fp + fn == 0) continue;
        classes += 1, r.macro += rate(tp, fp, fn), r.weighted += (tp + fn) * rate(tp, fp, fn), rows += tp + fn;
    }
    r.macro /= classes, r.weighted /= rows, r.micro = rate(all_tp, all_fp, all_fn);
    return r;
}
double quotient(double a, double b) { return b == 0 ? 0 : a / b; }

}  // namespace

TEST_CASE("precision, recall, F1: as counted by hand, macro, micro and weighted") {
    const Given model;
    for (const std::size_t rows : {1u, 5u, 64u, 131u}) {
        const Scores data = random_scores(rows, rows);
        const auto counts = ashlar::confusion_matrix<4>(model, data);
        const auto check = [&](const by_hand& expected, auto of) {
            CHECK(of(average::macro) == Approx(expected.macro).margin(1e-7));
            CHECK(of(average::micro) == Approx(expected.micro).margin(1e-7));
            CHECK(of(average::weighted) == Approx(expected.weighted).margin(1e-7));
        };
        const auto precision = averages(data, [](double tp, double fp, double) { return quotient(tp, tp + fp); });
        const auto recall = averages(data, [](double tp, double, double fn) { return quotient(tp, tp + fn); });
        const auto f1 = averages(data, [](double tp, double fp, double fn) {
            const double p = quotient(tp, tp + fp), r = quotient(tp, tp + fn);
            return quotient(2 * p * r, p + r);
        });
        check(precision, [&](average a) { return static_cast<double>(ashlar::precision(model, data, a)); });
        check(recall, [&](average a) { return static_cast<double>(ashlar::recall<7>(model, data, a)); });
        check(f1, [&](average a) { return static_cast<double>(ashlar::f1_score(model, data, a)); });
        check(precision, [&](average a) { return ashlar::precision(counts, a); });
        check(recall, [&](average a) { return ashlar::recall(counts, a); });
        check(f1, [&](average a) { return ashlar::f1_score(counts, a); });
        CHECK(ashlar::precision(model, data, average::micro) == Approx(ashlar::accuracy(model, data)));
        CHECK(ashlar::top_k_accuracy<1>(model, data) == ashlar::accuracy(model, data));
    }
}

TEST_CASE("precision, recall, F1: scikit-learn's example") {
    // y_true = [0, 1, 2, 0, 1, 2], y_pred = [0, 2, 1, 0, 0, 1]
    constexpr Tensor<int, 3, 3> counts{{2, 0, 0}, {1, 0, 1}, {0, 2, 0}};
    CHECK(ashlar::precision(counts) == Approx(0.2222222222));
    CHECK(ashlar::precision(counts, average::micro) == Approx(0.3333333333));
    CHECK(ashlar::precision(counts, average::weighted) == Approx(0.2222222222));
    CHECK(ashlar::recall(counts) == Approx(0.3333333333));
    CHECK(ashlar::f1_score(counts) == Approx(0.2666666667));
    STATIC_REQUIRE((ashlar::f1_score(counts, average::weighted) > 0.2666));
    // a class that occurs nowhere does not count
    CHECK(ashlar::f1_score(Tensor<int, 3, 3>{{2, 1, 0}, {0, 3, 0}, {0, 0, 0}}) == Approx((0.8 + 6.0 / 7) / 2));
    CHECK(ashlar::f1_score(Tensor<int, 2, 2>{{0, 0}, {0, 0}}) == 0);
}

TEST_CASE("top_k_accuracy: by sorting, ties in the order of the classes, nan first") {
    const Given model;
    const Scores data = random_scores(100, 3);
    const auto expected = [&](int k) {
        float right = 0;
        for (std::size_t i = 0; i < data.size(); ++i) {
            std::vector<int> order{0, 1, 2, 3};
            const auto row = data.row(i);
            std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
                return row(static_cast<std::size_t>(a)) > row(static_cast<std::size_t>(b));
            });
            for (int r = 0; r < k; ++r) right += order[static_cast<std::size_t>(r)] == data.label(i) ? 1.0f : 0.0f;
        }
        return right / 100;
    };
    CHECK(ashlar::top_k_accuracy<1>(model, data) == Approx(expected(1)));
    CHECK(ashlar::top_k_accuracy<2>(model, data) == Approx(expected(2)));
    CHECK(ashlar::top_k_accuracy<3, 9>(model, data) == Approx(expected(3)));
    CHECK(ashlar::top_k_accuracy<4>(model, data) == 1);

    Scores other;
    other.add(std::array{0.0f, 1.0f, 2.0f, 3.0f}, 7);  // no class of the model: a wrong answer
    other.add(std::array{0.0f, 1.0f, 2.0f, 3.0f}, 3);
    CHECK(ashlar::top_k_accuracy<4>(model, other) == 0.5f);
    if constexpr (support::keeps_ieee) {
        Scores with_nan;
        with_nan.add(std::array{9.0f, std::numeric_limits<float>::quiet_NaN(), 2.0f, 3.0f}, 1);
        CHECK(ashlar::top_k_accuracy<1>(model, with_nan) == ashlar::accuracy(model, with_nan));
    }
}

TEST_CASE("mean_absolute_error, mean_squared_error, r2_score: as plain loops") {
    const Given model;
    ashlar::generator random{ashlar::seed(5)};
    Pairs data;
    std::vector<std::array<double, 4>> rows;
    for (int i = 0; i < 75; ++i) {
        const float y0 = random.uniform(1.0f) + 100, y1 = random.uniform(2.0f);
        const float f0 = y0 + random.uniform(0.3f), f1 = y1 + random.uniform(1.5f);
        data.add(std::array{f0, f1}, std::array{y0, y1});
        const auto wide = [](float x) { return static_cast<double>(x); };
        rows.push_back({wide(f0), wide(f1), wide(y0), wide(y1)});
    }
    double absolute = 0, squares = 0, r2 = 0;
    for (std::size_t o = 0; o < 2; ++o) {
        double mean = 0, rest = 0, all = 0;
        for (const auto& row : rows) mean += row[2 + o] / 75;
        for (const auto& row : rows) {
            const double e = row[2 + o] - row[o];
            absolute += std::abs(e) / 150, squares += e * e / 150;
            rest += e * e, all += (row[2 + o] - mean) * (row[2 + o] - mean);
        }
        r2 += (1 - rest / all) / 2;
    }
    CHECK(ashlar::mean_absolute_error(model, data) == Approx(absolute).epsilon(1e-6));
    CHECK(ashlar::mean_squared_error<8>(model, data) == Approx(squares).epsilon(1e-6));
    CHECK(ashlar::r2_score(model, data) == Approx(r2).epsilon(1e-6));

    Pairs constant;  // one output met, the other not
    for (int i = 0; i < 3; ++i) constant.add(std::array{1.0f, static_cast<float>(i)}, std::array{1.0f, 1.0f});
    CHECK(ashlar::r2_score(model, constant) == 0.5f);
    const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
    for (const float bad : {nan, inf}) {
        Pairs of_targets, of_answers;
        for (const float x : {1.0f, 2.0f, 3.0f}) {
            of_targets.add(std::array{x, 0.0f}, std::array{x == 2 ? bad : x, 0.0f});
            of_answers.add(std::array{x == 2 ? bad : 1.0f, 0.0f}, std::array{1.0f, 0.0f});
        }
        if (!support::keeps_ieee) continue;
        CHECK(std::isnan(ashlar::r2_score(model, of_targets)));
        CHECK(std::isnan(ashlar::r2_score(model, of_answers)));
    }
    CHECK_THROWS_WITH(ashlar::r2_score(model, Pairs{}), "r2_score: the data have no rows");
    CHECK_THROWS_WITH(ashlar::f1_score(model, Scores{}), "f1_score: the data have no rows");
}
