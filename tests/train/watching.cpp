// SPDX-License-Identifier: BSL-1.0
// What fit measures, watches, keeps, writes down and refuses.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
namespace metrics = ashlar::metrics;
using ashlar::data_set;
using ashlar::Shape;
using ashlar::Tensor;

namespace {

using Points = data_set<float, Shape<2>>;
using Line = data_set<float, Shape<1>, Shape<1>>;
using Classifier = nn::Sequential<nn::Linear<2, 8>, nn::Tanh, nn::Linear<8, 3>>;

Points clouds(std::size_t rows, std::uint64_t seed) {
    ashlar::generator random{ashlar::seed(seed)};
    Points data;
    for (std::size_t i = 0; i < rows; ++i) {
        const int label = static_cast<int>(i % 3);
        const float x = label == 0 ? -1.0f : label == 1 ? 1.0f : 0.0f, y = label == 2 ? 1.5f : 0.0f;
        data.add(std::array{x + random.uniform(0.9f), y + random.uniform(0.9f)}, label);
    }
    return data;
}
Line line(std::size_t rows) {
    Line data;
    for (std::size_t i = 0; i < rows; ++i) {
        const float x = static_cast<float>(i) / 8 - 1;
        data.add(std::array{x}, std::array{3 * x - 1});
    }
    return data;
}

// An optimizer that puts its model's only weight where a list says, epoch by epoch.
struct scripted {
    nn::Linear<1, 1>* model;
    std::vector<float> weights;
    std::size_t at = 0;
    template <class Loss> float step(const Loss&) {
        model->weight(0, 0) = weights[at++];
        return 1;
    }
};
// Trains on the line y = 0 with one batch an epoch: the validation loss is the square of the weight.
struct run {
    nn::Linear<1, 1> model{};
    ashlar::history history;
    run(std::vector<float> weights, ashlar::fit_options<Line> options) {
        Line zero;
        zero.add(std::array{1.0f}, std::array{0.0f});
        options.epochs = static_cast<int>(weights.size());
        options.validation = zero;
        history = ashlar::fit<1>(model, nn::MSELoss{}, scripted{&model, std::move(weights)}, zero, options);
    }
};

// Counts the rows by the loss, which is the square of the feature.
struct counting {
    std::array<int, 4>* count;
    template <class Loss> float step(const Loss& loss) {
        ++(*count)[static_cast<std::size_t>(std::sqrt(static_cast<float>(loss)) + 0.5f)];
        return 0;
    }
};

std::string temporary(const char* name) {
    return (std::filesystem::temp_directory_path() / (std::string("ashlar-watching-") + name)).string();
}
std::string content(const std::string& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    std::remove(path.c_str());
    return text.str();
}
std::size_t times(const std::string& text, const std::string& what) {
    std::size_t n = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("fit: metrics by name, those of the functions, in every epoch") {
    const Points training = clouds(90, 1), test = clouds(70, 2);
    nn::CrossEntropyLoss criterion;
    Classifier model{ashlar::seed(0)};
    optim::Adam adam{model, {.lr = 1e-2}};
    const auto history = ashlar::fit<16>(model, criterion, adam, training,
        {.epochs = 4, .validation = test,
         .metrics = {metrics::loss, metrics::f1, metrics::top_k(2), metrics::recall_of(ashlar::average::weighted)}});
    REQUIRE(history.metrics.size() == 4);
    CHECK(history.of(metrics::loss).size() == 4);
    CHECK(history.validation.back() == ashlar::accuracy(model, test));
    CHECK(history.of(metrics::loss).back() == ashlar::mean_loss(model, criterion, test));
    CHECK(history.of(metrics::f1).back() == ashlar::f1_score(model, test));
    CHECK(history.of(metrics::top_k(2)).back() == ashlar::top_k_accuracy<2>(model, test));
    CHECK(history.metrics[3].values.back() == ashlar::recall(model, test, ashlar::average::weighted));
    CHECK(history.of(metrics::precision).empty());
    CHECK(history.of(metrics::loss).front() > history.of(metrics::loss).back());
}

TEST_CASE("fit: metrics of targets") {
    const Line data = line(16);
    nn::Linear<1, 1> model{ashlar::seed(0)};
    optim::SGD sgd{model, {.lr = 0.1}};
    const auto history = ashlar::fit<8>(model, nn::MSELoss{}, sgd, data,
        {.epochs = 30, .validation = data, .metrics = {metrics::mae, metrics::r2, metrics::mse}});
    CHECK(history.of(metrics::mae).back() == ashlar::mean_absolute_error(model, data));
    CHECK(history.of(metrics::r2).back() == ashlar::r2_score(model, data));
    CHECK(history.of(metrics::mse).back() == Approx(history.validation.back()));
    CHECK(history.of(metrics::r2).back() > 0.99f);
}

TEST_CASE("fit: stops after epochs that are not better, and gives the best weights back") {
    const std::vector<float> weights{5, 3, 4, 2, 2.5f, 3, 2.1f, 1};
    const run never(weights, {});
    CHECK(never.history.losses.size() == 8);
    CHECK(never.history.best_epoch == 7);
    CHECK(!never.history.stopped_early);

    const run patient(weights, {.patience = 3});
    CHECK(patient.history.losses.size() == 7);  // 2 in epoch 3, then three that are not better
    CHECK(patient.history.best_epoch == 3);
    CHECK(patient.history.stopped_early);
    CHECK(patient.model.weight(0, 0) == 2.1f);

    const run kept(weights, {.patience = 3, .keep_best = true});
    CHECK(kept.history.best_epoch == 3);
    CHECK(kept.model.weight(0, 0) == 2);

    const run strict({5, 4.99f, 4.98f, 4.97f}, {.patience = 2, .min_delta = 1});
    CHECK(strict.history.losses.size() == 3);
    CHECK(strict.history.best_epoch == 0);
}

TEST_CASE("fit: watches what it is told to, upwards where more is better; nan is never the best") {
    const run upwards({3, 1, 2, 0.5f, 4}, {.monitor = metrics::mae, .patience = 2, .keep_best = true});
    CHECK(upwards.history.best_epoch == 3);
    CHECK(upwards.model.weight(0, 0) == 0.5f);

    const float nan = std::numeric_limits<float>::quiet_NaN();
    const run broken({nan, 3, nan, nan}, {.patience = 2, .keep_best = true});
    CHECK(broken.history.best_epoch == 1);
    CHECK(broken.model.weight(0, 0) == 3);

    Classifier model{ashlar::seed(0)};
    optim::Adam adam{model, {.lr = 0.02}};
    const Points training = clouds(60, 1), test = clouds(60, 2);
    const auto history = ashlar::fit<20>(model, nn::CrossEntropyLoss{}, adam, training,
        {.epochs = 15, .validation = test, .monitor = metrics::f1, .keep_best = true});
    const float best = ashlar::f1_score(model, test);
    CHECK(best >= history.validation.front() - 0.2f);
    CHECK(history.validation[static_cast<std::size_t>(history.best_epoch)] == ashlar::accuracy(model, test));
}

TEST_CASE("fit: rows by their weights") {
    Line data;
    for (int i = 0; i < 4; ++i) data.add(std::array{static_cast<float>(i)}, std::array{0.0f});
    nn::Linear<1, 1, nn::no_bias> model{};
    model.weight(0, 0) = 1;
    std::array<int, 4> count{};
    ashlar::fit<1>(model, nn::MSELoss{}, counting{&count}, data, {.epochs = 1000, .row_weights = {0, 1, 2, 1}});
    CHECK(count[0] == 0);
    CHECK(std::abs(count[1] - 1000) < 120);
    CHECK(std::abs(count[2] - 2000) < 140);
    CHECK(count[1] + count[2] + count[3] == 4000);
}

TEST_CASE("history: as a table") {
    ashlar::history h;
    h.losses = {1.5f, 0.1f, 0.25f};
    h.validation = {0.5f, 0.75f, 1};
    h.validated = metrics::accuracy;
    h.metrics = {{metrics::loss, {2, 1, 0.5f}}, {metrics::f1_of(ashlar::average::micro), {0.1f, 0.2f}}};
    const std::string path = temporary("history.csv");
    h.save_csv(path);
    CHECK(content(path) == "epoch,loss,accuracy,validation loss,f1 micro\n1,1.5,0.5,2,0.100000001\n"
                           "2,0.100000001,0.75,1,0.200000003\n3,0.25,1,0.5,\n");
    CHECK_THROWS_AS(h.save_csv(temporary("no-such-folder/x.csv")), ashlar::file_error);
    ashlar::history nothing;
    nothing.save_csv(path);
    CHECK(content(path) == "epoch,loss\n");
}

TEST_CASE("history: as a picture") {
    ashlar::history h;
    h.losses = {4, 3, 2, 1};
    const std::string path = temporary("history.svg");
    h.save_picture(path);
    std::string svg = content(path);
    CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"420\""));
    CHECK(svg.ends_with("</svg>\n"));
    CHECK(times(svg, "<polyline") == 1);
    // from 1 to 4 in steps of 1 over 230: the first value is at the top, the last one at the bottom
    CHECK(svg.find("points=\"60.00,20.00 175.00,96.67 290.00,173.33 405.00,250.00 \"") != std::string::npos);
    CHECK(svg.find(">loss</text>") != std::string::npos);

    h.validation = {0.5f, std::numeric_limits<float>::quiet_NaN(), 0.5f, 0.75f};
    h.validated = metrics::accuracy;
    h.best_epoch = 3;
    h.save_picture(path);
    svg = content(path);
    CHECK(svg.find("width=\"840\"") != std::string::npos);
    CHECK(times(svg, "<polyline") == 2);  // the accuracy is broken at the nan: a point and a line
    CHECK(times(svg, "<circle") == 1);
    CHECK(times(svg, "stroke-dasharray") == 2);
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(times(svg, "<") == times(svg, ">"));

    for (const std::vector<float>& losses : {std::vector<float>{}, {2}, {3, 3}, {INFINITY, 1}, {1e-30f, 1e30f}}) {
        ashlar::history odd;
        odd.losses = losses;
        odd.save_picture(path);
        svg = content(path);
        CHECK(svg.find("nan") == std::string::npos);
        CHECK(svg.find("inf") == std::string::npos);
        CHECK(svg.size() < 20000);
    }
}

TEST_CASE("fit: what cannot be trained with is found before the first step") {
    Classifier model{ashlar::seed(0)};
    optim::SGD sgd{model, {.lr = 0.1}};
    const auto before = model.get<0>().weight;
    const auto fit = [&](const Points& data, const Points& test) {
        ashlar::fit<4>(model, nn::CrossEntropyLoss{}, sgd, data, {.validation = test});
    };
    const Points good = clouds(9, 1);
    Points nan = good, wrong = good;
    nan.add(std::array{1.0f, std::numeric_limits<float>::quiet_NaN()}, 1);
    wrong.add(std::array{1.0f, 1.0f}, -1);
    try {
        fit(nan, good);
        FAIL("nothing found");
    } catch (const ashlar::data_error& e) {
        CHECK(e.row() == 9);
        CHECK(std::string(e.what()) == "fit: row 9: feature 1 is nan, finite numbers are expected");
    }
    CHECK_THROWS_WITH(fit(good, nan), "fit, validation: row 9: feature 1 is nan, finite numbers are expected");
    CHECK_THROWS_WITH(fit(good, wrong), "fit, validation: row 9 is of class -1, the model has the classes 0 to 2");
    CHECK(model.get<0>().weight == before);

    nn::Linear<1, 1> small{ashlar::seed(0)};
    optim::SGD other{small, {.lr = 0.1}};
    Line odd = line(3);
    odd.add(std::array{1.0f}, std::array{1.25f});
    CHECK_THROWS_WITH(ashlar::fit<2>(small, nn::BCEWithLogitsLoss{}, other, odd),
                      "fit: row 0: target 0 is -4, the loss takes 0 to 1");
    CHECK_NOTHROW(ashlar::fit<2>(small, nn::MSELoss{}, other, odd));
    odd.add(std::array{1.0f}, std::array{-INFINITY});
    CHECK_THROWS_WITH(ashlar::fit<2>(small, nn::MSELoss{}, other, odd),
                      "fit: row 4: target 0 is -inf, finite numbers are expected");
}

TEST_CASE("fit: metrics and weights that do not fit") {
    Classifier model{ashlar::seed(0)};
    optim::SGD sgd{model, {.lr = 0.1}};
    const Points data = clouds(9, 1);
    const auto fit = [&](const ashlar::fit_options<Points>& options) {
        ashlar::fit<4>(model, nn::CrossEntropyLoss{}, sgd, data, options);
    };
    CHECK_THROWS_WITH(fit({.metrics = {metrics::f1}}),
                      "fit: metrics are measured of validation data, and there are none");
    CHECK_THROWS_WITH(fit({.validation = data, .metrics = {metrics::r2}}), "fit: r2 cannot be measured of classes");
    CHECK_THROWS_WITH(fit({.monitor = metrics::accuracy}), "fit: without validation data only the loss can be watched");
    for (const int k : {0, -1})
        CHECK_THROWS_WITH(fit({.validation = data, .metrics = {metrics::top_k(k)}}),
                          "fit: top_k(" + std::to_string(k) + "), at least 1 is expected");
    CHECK_THROWS_WITH(fit({.min_delta = -0.5}), "fit: .min_delta is -0.5, a number from 0 on is expected");
    CHECK_THROWS_WITH(fit({.min_delta = NAN}), "fit: .min_delta is nan, a number from 0 on is expected");
    CHECK_THROWS_WITH(fit({.row_weights = {1, 2}}), "fit: 2 weights of rows given, the data have 9 rows");
    nn::Linear<1, 1> small{};
    optim::SGD other{small, {.lr = 0.1}};
    const Line targets = line(4);
    CHECK_THROWS_WITH(ashlar::fit<2>(small, nn::MSELoss{}, other, targets,
                                     {.validation = targets, .metrics = {metrics::f1}}),
                      "fit: f1 cannot be measured of these targets");
}
