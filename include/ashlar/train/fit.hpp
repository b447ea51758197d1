// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/train/metrics.hpp"
#include "ashlar/train/progress.hpp"
#include "ashlar/train/sampling.hpp"

#include <memory>
#include <vector>

namespace ashlar {

/// An lvalue that may be left out: `.validation = test`.
template <class T> class optional_reference {
public:
    constexpr optional_reference() = default;
    constexpr optional_reference(const T& object) : object_{&object} {}
    optional_reference(const T&&) = delete;  // it would be gone when it is read

    constexpr explicit operator bool() const { return object_ != nullptr; }
    constexpr const T& operator*() const { return *object_; }

private:
    const T* object_ = nullptr;
};

/// How `fit` goes about it. `seed` decides the order of the rows,
/// and with the model's own seed every number that comes out.
template <class Data> struct fit_options {
    int epochs = 1;
    optional_reference<Data> validation = {};  // measured after every epoch
    bool progress = false;                     // a line an epoch on standard output, and a bar on a terminal
    bool drop_last = false;                    // leave out the rows that do not fill a batch (see `fit`)
    ashlar::seed seed = ashlar::seed{0};
};

/// What `fit` saw, a number an epoch: the mean loss of its batches, and of the validation data, where there are any,
/// the accuracy (rows with classes) or the mean loss (rows with targets).
struct history {
    std::vector<float> losses;
    std::vector<float> validation;
};

namespace detail {

// A class that the model does not have would train it on nothing, without a word.
template <shape Scores, class Criterion, class Data> void check_classes(const Criterion& criterion, const Data& data) {
    if constexpr (Data::has_classes && Scores.rank == 2) {
        for (std::size_t i = 0; i < data.size(); ++i) {
            const int label = data.label(i);
            bool known = label >= 0 && label < Scores[1];
            if constexpr (requires { criterion.ignore_index; })
                known = known || label == static_cast<double>(criterion.ignore_index);
            if (!known)
                raise_error("fit: row ", i, " is of class ", label, ", the model has the classes 0 to ", Scores[1] - 1);
        }
    }
}

template <class Model, class Criterion, class Data> float validate(const Model& model, const Criterion& criterion,
                                                                   const Data& data) {
    if constexpr (Data::has_classes) return accuracy(model, data);
    else return mean_loss(model, criterion, data);
}

}  // namespace detail

/// Trains a model with an optimizer on batches of a static size: `optimizer.step(criterion(model(x), y))` for every
/// batch.
///
/// Every epoch takes the rows in a new order. Where they do not fill the last batch, it is completed by the first rows
/// of the same order, so that one program serves every batch; these few rows count twice in that epoch. With
/// `.drop_last` the last rows of the order are left out instead, other ones in every epoch.
/// Nothing is allocated for a batch.
template <std::size_t Batch, module Model, class Criterion, class Optimizer, class T, class Row, class Target>
history fit(Model& model, const Criterion& criterion, Optimizer&& optimizer, const data_set<T, Row, Target>& data,
            const std::type_identity_t<fit_options<data_set<T, Row, Target>>>& options = {}) {
    using rows = data_set<T, Row, Target>;
    history seen;
    if constexpr (!is_poison<detail::loss_of<Model, Criterion, rows, Batch>>) {
        detail::need_labels(data, "fit");
        if (options.validation) detail::need_labels(*options.validation, "fit, validation");
        if (options.drop_last && data.size() < Batch)
            detail::raise_error("fit: ", data.size(), " rows do not fill one batch of ", Batch);
        detail::check_classes<detail::model_output<Model, rows, Batch>::extent>(criterion, data);

        const std::size_t batches = options.drop_last ? data.size() / Batch : (data.size() + Batch - 1) / Batch;
        const auto memory = std::make_unique<typename rows::template batch<Batch>>();
        std::size_t number[Batch];
        std::vector<std::size_t> order = detail::first_numbers(data.size());
        generator random{options.seed};
        detail::progress progress{options.progress, options.epochs, batches};

        for (int epoch = 0; epoch < options.epochs; ++epoch) {
            progress.begin_epoch();
            detail::shuffle(order, random);
            double sum = 0;
            for (std::size_t b = 0; b < batches; ++b) {
                for (std::size_t i = 0; i < Batch; ++i) number[i] = order[(b * Batch + i) % order.size()];
                data.gather(number, *memory);
                sum += static_cast<double>(optimizer.step(criterion(model(memory->x), memory->y)));
                progress.batch_done(b + 1, sum / static_cast<double>(b + 1));
            }
            seen.losses.push_back(static_cast<float>(sum / static_cast<double>(batches)));

            if (options.validation)
                seen.validation.push_back(detail::validate(std::as_const(model), criterion, *options.validation));
            const char* const measured = !options.validation ? nullptr
                                         : rows::has_classes ? "accuracy"
                                                             : "validation loss";
            const float shown = options.validation ? seen.validation.back() : 0;
            progress.end_epoch(static_cast<double>(seen.losses.back()), measured, static_cast<double>(shown));
        }
    }
    return seen;
}

}  // namespace ashlar
