// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/train/checks.hpp"
#include "ashlar/train/history.hpp"
#include "ashlar/train/metrics.hpp"
#include "ashlar/train/progress.hpp"
#include "ashlar/train/sampling.hpp"

#include <memory>
#include <optional>
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

/// How `fit` goes about it. `seed` decides the order of the rows, and with the model's own seed every number that comes
/// out. What is measured is measured of the validation data after every epoch.
template <class Data> struct fit_options {
    int epochs = 1;
    optional_reference<Data> validation = {};
    bool progress = false;   // a line an epoch on standard output, and a bar on a terminal
    bool drop_last = false;  // leave out the rows that do not fill a batch (see `fit`)
    ashlar::seed seed = ashlar::seed{0};
    std::vector<metric> metrics = {};      // `{metrics::f1, metrics::top_k(5)}`
    std::optional<metric> monitor = {};    // what is watched: accuracy or loss of the validation data, else the loss
    int patience = 0;                      // stop after so many epochs that are not better than the best; 0: never
    double min_delta = 0;                  // better by more than this
    bool keep_best = false;                // at the end the model has the weights of the best epoch
    std::vector<double> row_weights = {};  // rows are drawn in proportion to these, with replacement
};

namespace detail {

/// Keeps an eye on one number an epoch.
class watched {
public:
    watched(bool more_is_better, double min_delta, int patience)
        : sign_{more_is_better ? -1.0 : 1.0}, min_delta_{min_delta}, patience_{patience} {}

    /// Whether this epoch is the best so far. nan never is.
    bool is_best(int epoch, double value) {
        const double cost = sign_ * value;
        const bool better = best_epoch < 0 ? cost == cost : cost < best_ - min_delta_;
        if (better) best_ = cost, best_epoch = epoch;
        waited_ = better ? 0 : waited_ + 1;
        return better;
    }
    bool has_waited_enough() const { return patience_ > 0 && waited_ >= patience_; }
    int best_epoch = -1;

private:
    double sign_, min_delta_, best_ = 0;
    int patience_, waited_ = 0;
};

/// One call of `fit`.
template <std::size_t Batch, class Model, class Criterion, class Optimizer, class Data> class fitting {
public:
    fitting(Model& model, const Criterion& criterion, Optimizer& optimizer, const Data& data,
            const fit_options<Data>& options)
        : model_{model}, criterion_{criterion}, optimizer_{optimizer}, data_{data}, o_{options} {
        require_valid(data, "fit");
        if (o_.validation) require_valid(*o_.validation, "fit, validation");
        if (o_.drop_last && data.size() < Batch)
            raise_error("fit: ", data.size(), " rows do not fill one batch of ", Batch);
        seen_.validated = Data::has_classes ? metrics::accuracy : metrics::loss;
        if (o_.validation) require_valid(seen_.validated);
        for (const metric& m : o_.metrics) require_valid(m), seen_.metrics.push_back({m, {}});
        if (o_.monitor && o_.validation) require_valid(*o_.monitor);
        if (o_.monitor && !o_.validation && *o_.monitor != metrics::loss)
            raise_error("fit: without validation data only the loss can be watched");
        if (!(o_.min_delta >= 0))
            raise_error("fit: .min_delta is ", number_text{o_.min_delta}.text(), ", a number from 0 on is expected");
        if (!o_.row_weights.empty()) weighted_.emplace(o_.row_weights, data.size());
    }

    history run() {
        progress progress{o_.progress, o_.epochs, batches_};
        const metric of = o_.monitor ? *o_.monitor : o_.validation ? seen_.validated : metrics::loss;
        watched watch{of.more_is_better(), o_.min_delta, o_.patience};
        std::unique_ptr<Model> best;
        for (int epoch = 0; epoch < o_.epochs && !seen_.stopped_early; ++epoch) {
            progress.begin_epoch();
            train(progress);
            progress.loss(static_cast<double>(seen_.losses.back()));
            const double value = o_.validation ? measure(of, progress) : static_cast<double>(seen_.losses.back());
            progress.end_epoch();
            if (watch.is_best(epoch, value) && o_.keep_best) {
                if (best) *best = model_;
                else best = std::make_unique<Model>(model_);
            }
            seen_.stopped_early = watch.has_waited_enough();
        }
        seen_.best_epoch = watch.best_epoch;
        if (best) model_ = *best;
        if (seen_.stopped_early) progress.stopped(o_.patience, watch.best_epoch);
        return std::move(seen_);
    }

private:
    static constexpr bool scored = can_be_scored<default_batch, Model, Data>();
    static constexpr bool has_loss =
        answers_every_row<default_batch, model_output<const Model, Data, default_batch>>() &&
        loss_of<const Model, Criterion, Data, default_batch>::extent.rank == 0;

    void require_valid(const Data& data, const char* who) const {
        need_labels(data, who);
        check_classes<model_output<Model, Data, Batch>::extent>(criterion_, data, who);
        check_values<Criterion>(data, who);
    }
    void require_valid(const metric& m) const {
        if (!o_.validation) raise_error("fit: metrics are measured of validation data, and there are none");
        const bool fits = Data::has_classes ? !m.is_of_targets() : !m.is_of_classes();
        if (!fits || !(m == metrics::loss ? has_loss : scored))
            raise_error("fit: ", metric_name{m}.text, " cannot be measured of ",
                        Data::has_classes ? "classes" : "these targets");
        if (m.what == metric::kind::top_k && m.k < 1) raise_error("fit: top_k(", m.k, "), at least 1 is expected");
    }
    void train(progress& progress) {
        begin_order();
        double sum = 0;
        std::size_t number[Batch];
        for (std::size_t b = 0; b < batches_; ++b) {
            for (std::size_t i = 0; i < Batch; ++i) number[i] = order_[(b * Batch + i) % order_.size()];
            data_.gather(number, *memory_);
            sum += static_cast<double>(optimizer_.step(criterion_(model_(memory_->x), memory_->y)));
            progress.batch_done(b + 1, sum / static_cast<double>(b + 1));
        }
        seen_.losses.push_back(static_cast<float>(sum / static_cast<double>(batches_)));
    }
    void begin_order() {
        if (!weighted_) return shuffle(order_, random_);
        for (std::size_t& row : order_) row = weighted_->draw(random_);
    }

    // All that is measured of the validation data; the number that is watched.
    double measure(const metric& watched, progress& progress) {
        bool wants_loss = watched == metrics::loss || seen_.validated == metrics::loss;
        for (const auto& curve : seen_.metrics) wants_loss = wants_loss || curve.of == metrics::loss;
        scores_.clear(), loss_.clear();
        answers_(model_, *o_.validation, [&](const auto& batch, std::size_t, std::size_t rows) {
            if constexpr (scored) add_scores(scores_, batch, rows);
            if constexpr (has_loss)
                if (wants_loss) loss_.add(batch, rows);
        });
        const auto value = [&](const metric& m) {
            return static_cast<float>(m == metrics::loss ? loss_.value() : scores_.value(m));
        };
        const auto note = [&](const metric& m, std::vector<float>& values) {
            values.push_back(value(m));
            progress.value(m == metrics::loss ? "validation loss" : metric_name{m}.text,
                           static_cast<double>(values.back()));
        };
        note(seen_.validated, seen_.validation);
        for (auto& curve : seen_.metrics) note(curve.of, curve.values);
        return static_cast<double>(value(watched));
    }

    Model& model_;
    const Criterion& criterion_;
    Optimizer& optimizer_;
    const Data& data_;
    const fit_options<Data>& o_;
    history seen_;
    answers<default_batch, Model, Data> answers_;
    scores_of_rows<Data> scores_{answers_.width};
    loss_of_answers<default_batch, Model, Criterion, Data> loss_{criterion_};
    std::unique_ptr<typename Data::template batch<Batch>> memory_ =
        std::make_unique<typename Data::template batch<Batch>>();
    std::vector<std::size_t> order_ = first_numbers(data_.size());
    generator random_{o_.seed};
    std::optional<weighted_rows> weighted_;
    const std::size_t batches_ = o_.drop_last ? data_.size() / Batch : (data_.size() + Batch - 1) / Batch;
};

}  // namespace detail

/// Trains a model with an optimizer on batches of a static size: `optimizer.step(criterion(model(x), y))` for every
/// batch. Before the first one all rows are looked at: a class that the model does not have, a number that is not
/// finite or that the loss does not take raise a `data_error`.
///
/// Every epoch takes the rows in a new order. Where they do not fill the last batch, it is completed by the first rows
/// of the same order, so that one program serves every batch; these few rows count twice in that epoch. With
/// `.drop_last` the last rows of the order are left out instead, other ones in every epoch. With `.row_weights` as many
/// rows are drawn in an epoch as there are. Nothing is allocated for a batch. `optim::checked(adam)` in place of `adam`
/// names the step and the layer where a nan arises.
template <std::size_t Batch, module Model, class Criterion, class Optimizer, class T, class Row, class Target>
history fit(Model& model, const Criterion& criterion, Optimizer&& optimizer, const data_set<T, Row, Target>& data,
            const std::type_identity_t<fit_options<data_set<T, Row, Target>>>& options = {}) {
    using rows = data_set<T, Row, Target>;
    if constexpr (is_poison<detail::loss_of<Model, Criterion, rows, Batch>>) return {};
    else
        return detail::fitting<Batch, Model, Criterion, std::remove_reference_t<Optimizer>, rows>(
                   model, criterion, optimizer, data, options)
            .run();
}

}  // namespace ashlar
