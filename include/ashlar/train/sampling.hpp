// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/random.hpp"
#include "ashlar/train/checks.hpp"

#include <cmath>
#include <utility>
#include <vector>

// Which rows are seen, and in what units: folds for cross-validation, rows drawn by weight, normalisation.
namespace ashlar {
namespace detail {

// Fisher and Yates, as Durstenfeld wrote it down (Algorithm 235, 1964).
inline void shuffle(std::vector<std::size_t>& order, generator& random) {
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
}
inline std::vector<std::size_t> first_numbers(std::size_t n) {
    std::vector<std::size_t> order(n);
    for (std::size_t i = 0; i < n; ++i) order[i] = i;
    return order;
}

/// Rows drawn with replacement, row i in proportion to weight i: PyTorch's WeightedRandomSampler.
class weighted_rows {
public:
    weighted_rows(const std::vector<double>& weights, std::size_t rows) {
        if (weights.size() != rows)
            raise_error("fit: ", weights.size(), " weights of rows given, the data have ", rows, " rows");
        double sum = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            if (!(is_finite(weights[i]) && weights[i] >= 0))
                raise_error("fit: the weight of row ", i, " is ", number_text{weights[i]}.text(),
                            ", a finite number from 0 on is expected");
            sums_.push_back(sum += weights[i]);
        }
        if (!(sum > 0)) raise_error("fit: all weights of rows are 0");
        if (!is_finite(sum)) raise_error("fit: the sum of the weights of rows is not finite");
    }
    /// The row where the running sum of the weights first exceeds a number uniform below their sum (53 bits).
    std::size_t draw(generator& random) const {
        const std::uint64_t high = random() >> 5, low = random() >> 6;
        const double at = static_cast<double>(high << 26 | low) * 0x1p-53 * sums_.back();
        std::size_t first = 0, last = sums_.size() - 1;
        while (first < last) {
            const std::size_t middle = first + (last - first) / 2;
            if (sums_[middle] > at) last = middle;
            else first = middle + 1;
        }
        return first;
    }

private:
    std::vector<double> sums_;
};

}  // namespace detail

/// For rows with classes: a weight a row that makes every class as frequent, `.row_weights = balanced_weights(data)` in
/// `fit`. That of a row is n / (classes that occur * rows of its class), as scikit-learn's "balanced".
template <class T, class Row> std::vector<double> balanced_weights(const data_set<T, Row>& data) {
    std::vector<std::pair<int, std::size_t>> counts;  // few classes
    const auto count_of = [&counts](int label) -> std::size_t& {
        for (auto& [known, count] : counts)
            if (known == label) return count;
        return counts.emplace_back(label, 0).second;
    };
    for (std::size_t i = 0; i < data.size(); ++i) ++count_of(data.label(i));
    std::vector<double> weights;
    weights.reserve(data.size());
    for (std::size_t i = 0; i < data.size(); ++i)
        weights.push_back(static_cast<double>(data.size()) /
                          static_cast<double>(counts.size() * count_of(data.label(i))));
    return weights;
}

/// Cross-validation: `for (const auto& [training, test] : k_fold(data, 5))`. Every row is in one test set; the first
/// size % k of them have a row more. Rows in their order, as scikit-learn's KFold, or shuffled by a seed first. The
/// data have to stay where they are; a pair is copied when its turn comes.
template <class Data> class k_fold {
public:
    k_fold(const Data& data, std::size_t folds)
        : data_{&data}, folds_{folds}, order_(detail::first_numbers(data.size())) {
        if (data.size() < 2) detail::raise_error("k_fold: ", data.size(), " rows, at least 2 are expected");
        if (folds < 2 || folds > data.size())
            detail::raise_error("k_fold: ", folds, " folds of ", data.size(), " rows, 2 to ", data.size(),
                                " folds are expected");
    }
    k_fold(const Data& data, std::size_t folds, seed s) : k_fold(data, folds) {
        generator random{s};
        detail::shuffle(order_, random);
    }
    k_fold(const Data&& data, std::size_t folds, seed = seed{0}) = delete;  // it would be gone when it is read

    std::size_t size() const { return folds_; }
    /// The rows outside fold i, and those in it.
    std::pair<Data, Data> operator[](std::size_t i) const {
        if (i >= folds_) detail::raise_error("k_fold: fold ", i, " of ", folds_);
        const std::size_t rows = order_.size(), share = rows / folds_, more = rows % folds_;
        const std::size_t first = i * share + (i < more ? i : more), last = first + share + (i < more ? 1 : 0);
        std::pair<Data, Data> parts;
        parts.first.reserve(rows - (last - first)), parts.second.reserve(last - first);
        for (std::size_t k = 0; k < rows; ++k) add(k >= first && k < last ? parts.second : parts.first, order_[k]);
        return parts;
    }

    struct iterator {
        const k_fold* of;
        std::size_t at;
        std::pair<Data, Data> operator*() const { return (*of)[at]; }
        iterator& operator++() { return ++at, *this; }
        bool operator==(const iterator&) const = default;
    };
    iterator begin() const { return {this, 0}; }
    iterator end() const { return {this, folds_}; }

private:
    void add(Data& to, std::size_t row) const {
        if (data_->labelled()) to.add(data_->row(row), data_->label(row));
        else to.add(data_->row(row));
    }

    const Data* data_;
    std::size_t folds_;
    std::vector<std::size_t> order_;
};

/// Features of mean 0 and standard deviation 1, by the numbers of one data set, the training data:
///     const normalization units{training};
///     units.apply(training), units.apply(test);
/// Every feature by itself, the deviation that of the rows (not of a sample); a feature that is always the same, or
/// whose deviation is 0 in T, is only moved to 0 (as scikit-learn's StandardScaler). A number that is not finite raises
/// a `data_error`. `mean` and `deviation` are tensors, for what a model is given later:
/// `model((x - units.mean) / units.deviation)`; `apply` also knows what rounding took from the mean.
template <class T, class Row> struct normalization;
template <class T, std::size_t... Dims> struct normalization<T, Shape<Dims...>> {
    static_assert(is_floating(dtype_of<T>),
                  "normalization: a data set of floating numbers is expected, whole ones cannot hold the result");
    Tensor<T, Dims...> mean{}, deviation{};

    template <class Target> explicit normalization(const data_set<T, Shape<Dims...>, Target>& data) {
        if (data.empty()) detail::raise_error("normalization: the data have no rows");
        const auto rows = static_cast<double>(data.size());
        for (std::size_t k = 0; k < mean.size(); ++k) {
            double sum = 0, squares = 0;
            for (std::size_t i = 0; i < data.size(); ++i) sum += finite(data, i, k);
            const double middle = sum / rows;
            for (std::size_t i = 0; i < data.size(); ++i) {
                const double d = finite(data, i, k) - middle;
                squares += d * d;
            }
            const double spread = std::sqrt(squares / rows);
            if (!detail::is_finite(spread))
                detail::raise_error("normalization: the numbers of feature ", k, " are too large for their deviation");
            mean.data()[k] = static_cast<T>(middle);
            rest_of_mean_.data()[k] = middle - static_cast<double>(mean.data()[k]);
            const T rounded = static_cast<T>(spread);
            deviation.data()[k] =
                is_noise(spread, middle, rows) || !(static_cast<double>(rounded) > 0) ? static_cast<T>(1) : rounded;
        }
    }
    template <class Target> void apply(data_set<T, Shape<Dims...>, Target>& data) const {
        T* x = data.features().data();
        for (std::size_t i = 0; i < data.size(); ++i)
            for (std::size_t k = 0; k < mean.size(); ++k, ++x) {
                const double moved = static_cast<double>(*x) - static_cast<double>(mean.data()[k]);
                *x = static_cast<T>((moved - rest_of_mean_.data()[k]) / static_cast<double>(deviation.data()[k]));
            }
    }

private:
    static double finite(const auto& data, std::size_t i, std::size_t k) {
        const auto x = static_cast<double>(data.row(i).data()[k]);
        if (!detail::is_finite(x))
            detail::raise_data(i, "normalization: row ", i, ": feature ", k, " is ", detail::number_text{x}.text(),
                               ", finite numbers are expected");
        return x;
    }
    // What rounding makes of a number that is always the same.
    static bool is_noise(double spread, double middle, double rows) {
        return spread <= rows * 0x1p-52 * std::abs(middle);
    }

    Tensor<double, Dims...> rest_of_mean_{};
};
template <class T, class Row, class Target> normalization(const data_set<T, Row, Target>&) -> normalization<T, Row>;

}  // namespace ashlar
