// SPDX-License-Identifier: BSL-1.0
// Labels that are no class: a loss of nan for the row and for the mean, gradients of nan.
// labels: slow
// flags: -DNDEBUG
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <array>
#include <cmath>

namespace nn = ashlar::nn;
using ashlar::Tensor;

namespace {

constexpr std::size_t rows = 5;

template <class T, std::size_t Classes> Tensor<T, rows, Classes> logits() {
    return Tensor<T, rows, Classes>::generate(
        [](auto i, auto j) { return static_cast<T>((i * 7 + j * 5) % 11) * T(0.25) - 1; });
}

// The loss of one row: a plain loop in double. nan for a label that is no class, 0 for an ignored one.
template <class T, std::size_t Classes> double loss_of(const Tensor<T, rows, Classes>& x, std::size_t row, int label,
                                                       double smoothing, int ignored) {
    if (label == ignored) return 0;
    if (label < 0 || label >= static_cast<int>(Classes)) return std::nan("");
    double sum = 0, mean = 0;
    for (std::size_t j = 0; j < Classes; ++j) sum += std::exp(static_cast<double>(x(row, j)));
    for (std::size_t j = 0; j < Classes; ++j)
        mean += (std::log(sum) - static_cast<double>(x(row, j))) / static_cast<double>(Classes);
    return (1 - smoothing) * (std::log(sum) - static_cast<double>(x(row, static_cast<std::size_t>(label)))) +
           smoothing * mean;
}

bool agree(double got, double wanted) { return std::isnan(wanted) ? std::isnan(got) : std::abs(got - wanted) < 1e-5; }

template <class T, std::size_t Classes> void examine(const std::array<int, rows>& labels, double smoothing,
                                                     int ignored) {
    const auto x = logits<T, Classes>();
    const auto y = Tensor<int, rows>::from(labels);
    const auto at = ashlar::variable<"x">(x);
    const nn::CrossEntropyLoss<nn::reduction::none> by_row{.ignore_index = static_cast<double>(ignored),
                                                           .label_smoothing = smoothing};
    const nn::CrossEntropyLoss<nn::reduction::sum> sum{.ignore_index = static_cast<double>(ignored),
                                                       .label_smoothing = smoothing};
    const nn::CrossEntropyLoss mean{.ignore_index = static_cast<double>(ignored), .label_smoothing = smoothing};
    const Tensor<T, rows> losses = by_row(at, y);
    const Tensor<T, rows, Classes> slope = grad(sum(at, y), at), slope_of_mean = grad(mean(at, y), at);
    double total = 0;
    int counted = 0;
    bool any_wrong = false;
    for (std::size_t i = 0; i < rows; ++i) any_wrong |= std::isnan(loss_of(x, i, y(i), smoothing, ignored));
    for (std::size_t i = 0; i < rows; ++i) {
        const double wanted = loss_of(x, i, y(i), smoothing, ignored);
        INFO("row " << i << " of label " << y(i) << ", " << Classes << " classes: " << losses(i));
        CHECK(agree(static_cast<double>(losses(i)), wanted));
        for (std::size_t j = 0; j < Classes; ++j) {
            CHECK(std::isnan(slope(i, j)) == std::isnan(wanted));
            CHECK(std::isnan(slope_of_mean(i, j)) == (any_wrong && y(i) != ignored));
            if (y(i) == ignored) CHECK((slope(i, j) == 0 && slope_of_mean(i, j) == 0));
        }
        total += wanted;
        counted += y(i) != ignored ? 1 : 0;
    }
    CHECK(agree(static_cast<double>(static_cast<T>(sum(at, y))), total));
    CHECK(agree(static_cast<double>(static_cast<T>(mean(at, y))), total / counted));
}

template <class T, std::size_t Classes> void examine() {
    constexpr int last = static_cast<int>(Classes) - 1;
    for (const double smoothing : {0.0, 0.1})
        for (const int ignored : {-100, -1, last + 1}) {
            examine<T, Classes>({0, last, ignored, 0, last}, smoothing, ignored);  // nothing wrong
            for (const int wrong : {-1, -100, -2147483647 - 1, last + 1, last + 2, 2147483647}) {
                examine<T, Classes>({0, wrong, last, ignored, 0}, smoothing, ignored);
                examine<T, Classes>({wrong, wrong, wrong, wrong, wrong}, smoothing, ignored);
            }
        }
}

}  // namespace

TEST_CASE("a label that is no class makes the loss nan", "[nn][loss]") {
    examine<float, 2>();
    examine<float, 17>();
    examine<double, 3>();
}
