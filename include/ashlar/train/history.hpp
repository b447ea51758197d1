// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/train/file_error.hpp"
#include "ashlar/train/scores.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace ashlar {

/// What `fit` saw, a number an epoch: the mean loss of its batches, and of the validation data, where there are any,
/// the accuracy (rows with classes) or the mean loss (rows with targets), and the metrics that were asked for.
struct history {
    struct curve {
        metric of;
        std::vector<float> values;
    };
    std::vector<float> losses;
    std::vector<float> validation;
    metric validated = metrics::loss;  // what `validation` is
    std::vector<curve> metrics;
    int best_epoch = -1;  // from 0: the best one by what was watched; with `.keep_best` the model has its weights
    bool stopped_early = false;

    /// The values of a metric that was asked for; none where it was not.
    std::vector<float> of(const metric& m) const {
        for (const curve& c : metrics)
            if (c.of == m) return c.values;
        return {};
    }
    /// A line of names, then one an epoch: epoch, loss, then what was measured. Nine digits, so that floats come back.
    void save_csv(const std::string& path) const;
    /// The same as curves, an SVG file: losses at the left, what was measured besides at the right.
    void save_picture(const std::string& path) const;
};

namespace detail {

struct named_curve {
    std::string name;
    const std::vector<float>* values;
    bool is_loss;
};
// All that is not empty, in the order of the columns.
inline std::vector<named_curve> curves_of(const history& h) {
    std::vector<named_curve> all{{"loss", &h.losses, true}};
    const bool is_loss = h.validated == metrics::loss;
    if (!h.validation.empty())
        all.push_back({is_loss ? "validation loss" : metric_name{h.validated}.text, &h.validation, is_loss});
    for (const history::curve& c : h.metrics) {
        const bool of_loss = c.of == metrics::loss;
        all.push_back({of_loss ? "validation loss" : metric_name{c.of}.text, &c.values, of_loss});
    }
    return all;
}

inline void write_text(const std::string& path, const std::string& text) {
    std::FILE* const file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) raise_file(path + ": cannot be written; does its folder exist?");
    const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if ((std::fclose(file) != 0) || !whole) raise_file(path + ": could not be written to its end");
}
// Numbers as C writes them, with a point in every locale: of so many digits, or of so many behind the point.
inline std::string with_a_point(std::string text) {
    for (char& c : text)
        if (c == ',') c = '.';
    return text;
}
inline std::string of_digits(double x, int digits) {
    char text[400];
    std::snprintf(text, sizeof text, "%.*g", digits, x);
    return with_a_point(text);
}
inline std::string of_decimals(double x, int decimals) {
    char text[400];
    std::snprintf(text, sizeof text, "%.*f", decimals, x);
    return with_a_point(text);
}

// Not by +, of whose temporaries g++ 12 warns.
template <class... Part> void append(std::string& to, const Part&... part) { ((to += part), ...); }

}  // namespace detail

inline void history::save_csv(const std::string& path) const {
    const auto curves = detail::curves_of(*this);
    std::string text = "epoch";
    for (const auto& c : curves) detail::append(text, ",", c.name);
    for (std::size_t epoch = 0; epoch < losses.size(); ++epoch) {
        detail::append(text, "\n", std::to_string(epoch + 1));
        for (const auto& c : curves) {
            text += ",";
            if (epoch < c.values->size()) text += detail::of_digits(static_cast<double>((*c.values)[epoch]), 9);
        }
    }
    text += "\n";
    detail::write_text(path, text);
}

}  // namespace ashlar
