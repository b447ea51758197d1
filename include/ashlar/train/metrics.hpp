// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/module.hpp"
#include "ashlar/ops/max.hpp"
#include "ashlar/run/evaluate.hpp"
#include "ashlar/train/data_set.hpp"
#include "ashlar/train/scores.hpp"

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

namespace detail {

// Whether a model gives an answer for every row, the rows being axis 0.
template <std::size_t Batch, class Output> constexpr bool answers_every_row() {
    if constexpr (!operand<Output>) return false;
    else return Output::extent.rank > 0 && Output::extent[0] == static_cast<index>(Batch);
}

/// The answers of a model, in evaluation mode, to all rows, batch by batch; rows that fill a batch up are row 0 again.
template <std::size_t Batch, class Model, class Data> class answers {
    using output = model_output<const Model, Data, Batch>;

public:
    static constexpr std::size_t width = static_cast<std::size_t>(output::extent.size()) / Batch;
    struct batch_and_answers {
        typename Data::template batch<Batch> rows;
        tensor_for<output> answers;
    };

    /// visit(batch and answers, number of the first row, how many rows) for all of them.
    template <class Visit> void operator()(const Model& model, const Data& data, Visit&& visit) {
        std::size_t number[Batch];
        for (std::size_t first = 0; first < data.size(); first += Batch) {
            const std::size_t rows = data.size() - first < Batch ? data.size() - first : Batch;
            for (std::size_t i = 0; i < Batch; ++i) number[i] = i < rows ? first + i : 0;
            data.gather(number, memory_->rows);
            memory_->answers = model(memory_->rows.x);
            visit(std::as_const(*memory_), first, rows);
        }
    }

private:
    std::unique_ptr<batch_and_answers> memory_ = std::make_unique<batch_and_answers>();
};

/// The mean of a loss over rows, each of which counts the same: whole batches at once, the rest row by row.
template <std::size_t Batch, class Model, class Criterion, class Data> class loss_of_answers {
public:
    explicit loss_of_answers(const Criterion& criterion) : criterion_{criterion} {}
    void clear() { sum_ = 0, count_ = 0; }
    double value() const { return sum_ / count_; }

    void add(const typename answers<Batch, Model, Data>::batch_and_answers& all, std::size_t rows) {
        if (rows == Batch) return add(all.answers, all.rows.y);
        constexpr std::size_t width = answers<Batch, Model, Data>::width;
        for (std::size_t i = 0; i < rows; ++i) {
            for (std::size_t k = 0; k < width; ++k) answer_.data()[k] = all.answers.data()[i * width + k];
            for (std::size_t k = 0; k < y_.size(); ++k) y_.data()[k] = all.rows.y.data()[i * y_.size() + k];
            add(answer_, y_);
        }
    }

private:
    void add(const auto& answer, const auto& y) {
        const double count = rows_that_count(criterion_, y);
        if (count > 0) sum_ += count * static_cast<double>(criterion_(answer, y));
        count_ += count;
    }

    const Criterion& criterion_;
    tensor_for<model_output<const Model, Data, 1>> answer_;
    decltype(Data::template batch<1>::y) y_;
    double sum_ = 0, count_ = 0;
};

/// What is counted of rows with classes, or summed of rows with targets. Some models give their losses other numbers
/// than their targets have: nothing is known of those.
template <class Data>
using scores_of_rows = std::conditional_t<Data::has_classes, class_scores, target_scores>;
template <std::size_t Batch, class Model, class Data> constexpr bool can_be_scored() {
    using output = model_output<const Model, Data, Batch>;
    if constexpr (!answers_every_row<Batch, output>()) return false;
    else if constexpr (Data::has_classes) return output::extent.rank == 2 && output::extent[1] > 1;
    else
        return answers<Batch, Model, Data>::width ==
               row_layout<typename Data::value_type, typename Data::target_shape>::size;
}
template <class Scores, class Batch> void add_scores(Scores& to, const Batch& all, std::size_t rows) {
    const std::size_t width = all.answers.size() / static_cast<std::size_t>(all.rows.y.extent[0]);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto* const answer = all.answers.data() + i * width;
        if constexpr (std::is_same_v<Scores, class_scores>) to.add(answer, all.rows.y(i));
        else to.add(answer, all.rows.y.data() + i * width);
    }
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

/// The mean of a loss over all rows, the model in evaluation mode. For losses that are a mean over the batch, of
/// answers row by row; rows that fill no batch are given to the loss one by one, so that every row counts the same.
/// Rows whose label the loss ignores do not count (all ignored: nan).
template <std::size_t Batch = default_batch, module Model, class Criterion, class T, class Row, class Target>
float mean_loss(const Model& model, const Criterion& criterion, const data_set<T, Row, Target>& data) {
    using rows = data_set<T, Row, Target>;
    detail::need_labels(data, "mean_loss");
    if constexpr (is_poison<detail::loss_of<const Model, Criterion, rows, Batch>>) {
        return 0;  // it has been told
    } else {
        static_assert(detail::answers_every_row<Batch, detail::model_output<const Model, rows, Batch>>(),
                      "mean_loss: a model with the rows on axis 0 of its output is needed");
        detail::answers<Batch, Model, rows> all;
        detail::loss_of_answers<Batch, Model, Criterion, rows> loss(criterion);
        all(model, data, [&](const auto& batch, std::size_t, std::size_t n) { loss.add(batch, n); });
        return static_cast<float>(loss.value());
    }
}

// ---- scores ---------------------------------------------------------------------------------------------------------

namespace detail {

template <std::size_t Batch, class Model, class Data> float measured(const Model& model, const Data& data,
                                                                     const metric& m, const char* who) {
    need_labels(data, who);
    if constexpr (is_poison<model_output<const Model, Data, Batch>>) {
        return 0;  // it has been told
    } else {
        static_assert(can_be_scored<Batch, Model, Data>(),
                      "one score for every class is needed, or one answer for every target");
        answers<Batch, Model, Data> all;
        scores_of_rows<Data> scores(all.width);
        all(model, data, [&](const auto& batch, std::size_t, std::size_t rows) { add_scores(scores, batch, rows); });
        return static_cast<float>(scores.value(m));
    }
}

}  // namespace detail

/// The share of the rows whose class is among those with the K highest scores (of equal ones, the first).
template <int K, std::size_t Batch = default_batch, module Model, class T, class Row>
float top_k_accuracy(const Model& model, const data_set<T, Row>& data) {
    return detail::measured<Batch>(model, data, metrics::top_k(K), "top_k_accuracy");
}

/// Of the rows that the model takes for a class, the share that are of it; of the rows of a class, the share that it
/// finds; the harmonic mean of both. Rows whose label is no class of the model do not count.
template <std::size_t Batch = default_batch, module Model, class T, class Row>
float precision(const Model& model, const data_set<T, Row>& data, average a = average::macro) {
    return detail::measured<Batch>(model, data, metrics::precision_of(a), "precision");
}
template <std::size_t Batch = default_batch, module Model, class T, class Row>
float recall(const Model& model, const data_set<T, Row>& data, average a = average::macro) {
    return detail::measured<Batch>(model, data, metrics::recall_of(a), "recall");
}
template <std::size_t Batch = default_batch, module Model, class T, class Row>
float f1_score(const Model& model, const data_set<T, Row>& data, average a = average::macro) {
    return detail::measured<Batch>(model, data, metrics::f1_of(a), "f1_score");
}
/// The same from a `confusion_matrix`.
template <std::size_t C> constexpr double precision(const Tensor<int, C, C>& counts, average a = average::macro) {
    return detail::class_rates{counts.data(), static_cast<int>(C), metric::kind::precision}.value(a);
}
template <std::size_t C> constexpr double recall(const Tensor<int, C, C>& counts, average a = average::macro) {
    return detail::class_rates{counts.data(), static_cast<int>(C), metric::kind::recall}.value(a);
}
template <std::size_t C> constexpr double f1_score(const Tensor<int, C, C>& counts, average a = average::macro) {
    return detail::class_rates{counts.data(), static_cast<int>(C), metric::kind::f1}.value(a);
}

/// The mean of |y - f| over all rows and outputs, and that of (y - f)^2.
template <std::size_t Batch = default_batch, module Model, class T, class Row, class Target>
    requires(!data_set<T, Row, Target>::has_classes)
float mean_absolute_error(const Model& model, const data_set<T, Row, Target>& data) {
    return detail::measured<Batch>(model, data, metrics::mae, "mean_absolute_error");
}
template <std::size_t Batch = default_batch, module Model, class T, class Row, class Target>
    requires(!data_set<T, Row, Target>::has_classes)
float mean_squared_error(const Model& model, const data_set<T, Row, Target>& data) {
    return detail::measured<Batch>(model, data, metrics::mse, "mean_squared_error");
}
/// The share of the targets' variance that the model explains: see `detail::target_scores`.
template <std::size_t Batch = default_batch, module Model, class T, class Row, class Target>
    requires(!data_set<T, Row, Target>::has_classes)
float r2_score(const Model& model, const data_set<T, Row, Target>& data) {
    return detail::measured<Batch>(model, data, metrics::r2, "r2_score");
}

}  // namespace ashlar
