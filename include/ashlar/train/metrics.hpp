// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/module.hpp"
#include "ashlar/ops/max.hpp"
#include "ashlar/run/evaluate.hpp"
#include "ashlar/train/data_set.hpp"

#include <memory>

namespace ashlar {

/// Rows that are evaluated at once: a model's speed, no result depends on it.
inline constexpr std::size_t default_batch = 64;

namespace detail {

// What a model makes of N rows; poison where they do not fit, which has been reported then.
template <class Model, class Data, std::size_t N>
using model_output = decltype(std::declval<Model&>()(std::declval<const typename Data::template batch<N>&>().x));

template <class Model, class Criterion, class Data, std::size_t N>
using loss_of = decltype(std::declval<const Criterion&>()(std::declval<model_output<Model, Data, N>>(),
                                                          std::declval<const typename Data::template batch<N>&>().y));

// visit(i, class) for every row: what the model, in evaluation mode, gives the highest score. Rows go in batches; the
// last one is filled up with row 0, whose surplus answers nobody sees.
template <std::size_t Batch, class Model, class Data, class Visit> void
for_each_prediction(const Model& model, const Data& data, Visit&& visit) {
    using output = model_output<Model, Data, Batch>;
    if constexpr (!is_poison<output>) {
        static_assert(output::extent.rank == 2 && output::extent[1] > 1,
                      "one score for every class is needed: a model with output (batch, classes)");
        const auto memory = std::make_unique<typename Data::template batch<Batch>>();
        std::size_t number[Batch];
        Tensor<int, Batch> best;
        for (std::size_t first = 0; first < data.size(); first += Batch) {
            const std::size_t rows = data.size() - first < Batch ? data.size() - first : Batch;
            for (std::size_t i = 0; i < Batch; ++i) number[i] = i < rows ? first + i : 0;
            data.gather(number, *memory);
            best = argmax<1>(model(memory->x));
            for (std::size_t i = 0; i < rows; ++i) visit(first + i, best(i));
        }
    }
}

// Of a batch: those whose label the loss does not ignore.
template <class Criterion, class T, std::size_t N, std::size_t... Dims>
double rows_that_count(const Criterion& criterion, const Tensor<T, N, Dims...>& y) {
    double count = N;
    if constexpr (std::is_integral_v<T> && requires { criterion.ignore_index.value; }) {
        for (const T label : y)
            if (static_cast<double>(label) == criterion.ignore_index.value) --count;
    }
    return count;
}

template <class Data> void need_labels(const Data& data, const char* who) {
    if (data.empty()) raise_error(who, ": the data have no rows");
    if (!data.labelled()) raise_error(who, ": the data have no labels");
}

}  // namespace detail

/// The share of the rows whose class the model gives the highest score. A label that
/// is no class of the model, also one that a loss ignores, counts as a wrong answer.
template <std::size_t Batch = default_batch, module Model, class T, class Row>
float accuracy(const Model& model, const data_set<T, Row>& data) {
    detail::need_labels(data, "accuracy");
    std::size_t right = 0;
    detail::for_each_prediction<Batch>(model, data, [&](std::size_t i, int best) {
        if (best == data.label(i)) ++right;
    });
    return static_cast<float>(right) / static_cast<float>(data.size());
}

/// How many rows of class i (down) the model takes for class j (across).
template <std::size_t Classes, std::size_t Batch = default_batch, module Model, class T, class Row>
Tensor<int, Classes, Classes> confusion_matrix(const Model& model, const data_set<T, Row>& data) {
    detail::need_labels(data, "confusion_matrix");
    auto counts = Tensor<int, Classes, Classes>::zeros();
    detail::for_each_prediction<Batch>(model, data, [&](std::size_t i, int best) {
        const int label = data.label(i);
        for (const int c : {label, best})
            if (c < 0 || c >= static_cast<int>(Classes))
                detail::raise_error("confusion_matrix: row ", i, ": class ", c, " of ", Classes);
        ++counts(label, best);
    });
    return counts;
}

/// The mean of a loss over all rows, the model in evaluation mode. For losses that are a mean over the batch; whole
/// batches are evaluated at once, the rows that remain one by one, so that every row counts the same. Rows whose label
/// the loss ignores do not count (all ignored: nan).
template <std::size_t Batch = default_batch, module Model, class Criterion, class T, class Row, class Target>
float mean_loss(const Model& model, const Criterion& criterion, const data_set<T, Row, Target>& data) {
    using rows = data_set<T, Row, Target>;
    detail::need_labels(data, "mean_loss");
    double sum = 0, total = 0;
    [[maybe_unused]] const auto add = [&](const auto& batch) {
        const double count = detail::rows_that_count(criterion, batch.y);
        if (count > 0) sum += count * static_cast<double>(criterion(model(batch.x), batch.y));
        total += count;
    };
    if constexpr (!is_poison<detail::loss_of<const Model, Criterion, rows, Batch>>) {
        const auto memory = std::make_unique<typename rows::template batch<Batch>>();
        const auto rest = std::make_unique<typename rows::template batch<1>>();
        std::size_t number[Batch], first = 0;
        for (; first + Batch <= data.size(); first += Batch) {
            for (std::size_t i = 0; i < Batch; ++i) number[i] = first + i;
            data.gather(number, *memory);
            add(*memory);
        }
        for (; first < data.size(); ++first) {
            data.gather({first}, *rest);
            add(*rest);
        }
    }
    return static_cast<float>(sum / total);
}

}  // namespace ashlar
