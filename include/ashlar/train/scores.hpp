// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/train/checks.hpp"

#include <cstddef>
#include <limits>
#include <vector>

namespace ashlar {

/// How the numbers of several classes become one. `macro`: their mean, over the classes that occur as label or answer
/// (scikit-learn's rule); `weighted`: with the share of each class among the labels; `micro`: of all answers together,
/// which is the accuracy where every row has one class.
enum class average : unsigned char { macro, micro, weighted };

/// What is measured of a model, `.metrics = {metrics::f1, metrics::top_k(5)}` in `fit`.
struct metric {
    enum class kind : unsigned char { loss, accuracy, top_k, precision, recall, f1, mae, mse, r2 };
    kind what = kind::loss;
    average of = average::macro;
    int k = 1;

    constexpr bool is_of_classes() const { return what > kind::loss && what < kind::mae; }
    constexpr bool is_of_targets() const { return what >= kind::mae; }
    constexpr bool more_is_better() const { return is_of_classes() || what == kind::r2; }
    constexpr bool operator==(const metric&) const = default;
};

/// The metrics: for rows with classes accuracy, top_k, precision, recall and f1 (of the classes' mean, or
/// `f1_of(average::weighted)`); for rows with targets mae, mse and r2; for both the loss that is trained with.
namespace metrics {
inline constexpr metric loss{metric::kind::loss}, accuracy{metric::kind::accuracy}, precision{metric::kind::precision},
    recall{metric::kind::recall}, f1{metric::kind::f1}, mae{metric::kind::mae}, mse{metric::kind::mse},
    r2{metric::kind::r2};
constexpr metric top_k(int k) { return {metric::kind::top_k, average::macro, k}; }
constexpr metric precision_of(average a) { return {metric::kind::precision, a}; }
constexpr metric recall_of(average a) { return {metric::kind::recall, a}; }
constexpr metric f1_of(average a) { return {metric::kind::f1, a}; }
}  // namespace metrics

namespace detail {

/// "f1", "f1 weighted", "top 5": what a metric is called in tables and pictures.
struct metric_name {
    char text[24]{};
    constexpr explicit metric_name(const metric& m) {
        constexpr const char* names[] = {"loss", "accuracy", "top ", "precision", "recall", "f1", "mae", "mse", "r2"};
        int at = 0;
        const auto add = [&](const char* s) {
            for (; *s != '\0'; ++s) text[at++] = *s;
        };
        add(names[static_cast<int>(m.what)]);
        if (m.what == metric::kind::top_k) add(message{m.k}.text());
        if (m.is_of_classes() && m.of != average::macro) add(m.of == average::micro ? " micro" : " weighted");
    }
};

constexpr double share_of(double part, double whole) { return whole > 0 ? part / whole : 0; }

/// Precision, recall or F1 from a table of counts, label down and answer across. Of a class: TP / (TP + FP), TP / (TP +
/// FN), 2 TP / (2 TP + FP + FN), 0 where nothing is below the line (as scikit-learn).
class class_rates {
public:
    constexpr class_rates(const int* counts, int classes, metric::kind what)
        : counts_{counts}, classes_{classes}, what_{what} {}

    constexpr double of_class(int c) const { return rate(right(c), labels(c), answers(c)); }
    constexpr double value(average a) const {
        double sum = 0, all_right = 0, all = 0, weight = 0;
        for (int c = 0; c < classes_; ++c) {
            const double given = labels(c), found = answers(c);
            const double w = a == average::weighted ? given : given + found > 0 ? 1 : 0;
            sum += w * of_class(c), weight += w;
            all_right += right(c), all += given;
        }
        return a == average::micro ? rate(all_right, all, all) : share_of(sum, weight);
    }

private:
    constexpr double rate(double right, double labels, double answers) const {
        const double below = what_ == metric::kind::precision ? answers
                             : what_ == metric::kind::recall  ? labels
                                                              : (labels + answers) / 2;
        return share_of(right, below);
    }
    constexpr double at(int label, int answer) const { return counts_[label * classes_ + answer]; }
    constexpr double right(int c) const { return at(c, c); }
    constexpr double labels(int c) const {
        double sum = 0;
        for (int k = 0; k < classes_; ++k) sum += at(c, k);
        return sum;
    }
    constexpr double answers(int c) const {
        double sum = 0;
        for (int k = 0; k < classes_; ++k) sum += at(k, c);
        return sum;
    }

    const int* counts_;
    int classes_;
    metric::kind what_;
};

/// What is counted of rows with classes. A label that is no class counts in `rows` only: as a wrong answer.
class class_scores {
public:
    explicit class_scores(std::size_t classes) : classes_{classes}, counts_(classes * classes), ranks_(classes) {}
    void clear() {
        rows_ = 0;
        for (int& n : counts_) n = 0;
        for (int& n : ranks_) n = 0;
    }

    template <class T> void add(const T* score, int label) {
        ++rows_;
        const auto is_before = [&](std::size_t i, std::size_t k) {  // nan is above all numbers, as for argmax
            const bool i_is_nan = score[i] != score[i], k_is_nan = score[k] != score[k];
            if (i_is_nan != k_is_nan) return i_is_nan;
            return i_is_nan || score[i] == score[k] ? i < k : score[i] > score[k];
        };
        std::size_t best = 0, rank = 0;
        for (std::size_t c = 1; c < classes_; ++c)
            if (is_before(c, best)) best = c;
        if (label < 0 || static_cast<std::size_t>(label) >= classes_) return;
        const auto own = static_cast<std::size_t>(label);
        for (std::size_t c = 0; c < classes_; ++c)
            if (c != own && is_before(c, own)) ++rank;
        ++counts_[own * classes_ + best];
        ++ranks_[rank];
    }
    double value(const metric& m) const {
        if (m.what == metric::kind::accuracy || m.what == metric::kind::top_k) {
            double right = 0;
            for (std::size_t r = 0; r < classes_ && static_cast<int>(r) < m.k; ++r) right += ranks_[r];
            return share_of(right, static_cast<double>(rows_));
        }
        return class_rates{counts_.data(), static_cast<int>(classes_), m.what}.value(m.of);
    }

private:
    std::size_t classes_, rows_ = 0;
    std::vector<int> counts_, ranks_;
};

/// What is summed of rows with targets. R2 is the mean over the outputs of 1 - sum (y - f)^2 / sum (y - mean y)^2;
/// where all y are equal 1 if they are met, else 0 (as scikit-learn); nan where a number or a sum is not finite.
class target_scores {
public:
    explicit target_scores(std::size_t outputs) : sums_(outputs) {}
    void clear() {
        rows_ = 0, absolute_ = 0;
        for (sums& s : sums_) s = {};
    }

    template <class T> void add(const T* answer, const T* target) {
        ++rows_;
        for (std::size_t i = 0; i < sums_.size(); ++i) {
            sums& s = sums_[i];
            const double y = static_cast<double>(target[i]), error = y - static_cast<double>(answer[i]);
            if (rows_ == 1) s.first = y;  // a mean near 0 loses no digits
            absolute_ += error < 0 ? -error : error;
            s.squares += error * error;
            s.shift += y - s.first;
            s.shifts += (y - s.first) * (y - s.first);
        }
    }
    double value(const metric& m) const {
        const auto rows = static_cast<double>(rows_), outputs = static_cast<double>(sums_.size());
        if (m.what == metric::kind::mae) return absolute_ / (rows * outputs);
        double sum = 0;
        for (const sums& s : sums_) {
            if (m.what == metric::kind::mse) sum += s.squares / rows;
            else sum += share_explained(s.squares, s.shifts - s.shift * s.shift / rows);
        }
        return sum / outputs;
    }

private:
    static double share_explained(double squares, double all) {
        if (!is_finite(squares) || !is_finite(all)) return std::numeric_limits<double>::quiet_NaN();
        return all > 0 ? 1 - squares / all : squares > 0 ? 0 : 1;
    }

    struct sums {
        double first = 0, squares = 0, shift = 0, shifts = 0;
    };
    std::size_t rows_ = 0;
    double absolute_ = 0;
    std::vector<sums> sums_;
};

}  // namespace detail
}  // namespace ashlar
