// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Losses of probabilities beside PyTorch: values and gradients.
#include "support/criteria.hpp"

using namespace ashlar;
using support::criterion_error, support::has_gradient, support::has_value, support::tensor_of;
namespace by = nn::reduction;
namespace criteria = fixtures::criteria;

const auto logs_values = tensor_of<criteria::logs_shape>(criteria::logs);
const auto logs = variable<"logs">(logs_values);
const auto labels = tensor_of<criteria::labels_shape>(criteria::labels);
const auto ignored = tensor_of<criteria::ignored_shape>(criteria::ignored);
const auto images_values = tensor_of<criteria::images_shape>(criteria::images);
const auto images = variable<"images">(images_values);
const auto image_labels = tensor_of<criteria::image_labels_shape>(criteria::image_labels);
const auto probability_values = tensor_of<criteria::probability_shape>(criteria::probability);
const auto probability = variable<"probability">(probability_values);
const auto chance_values = tensor_of<criteria::chance_shape>(criteria::chance);
const auto chance = variable<"chance">(chance_values);
const auto truth_values = tensor_of<criteria::truth_shape>(criteria::truth);
const auto truth = variable<"truth">(truth_values);
const auto extreme_values = tensor_of<criteria::extreme_shape>(criteria::extreme);
const auto extreme = variable<"extreme">(extreme_values);
const auto x_values = tensor_of<criteria::x_shape>(criteria::x);
const auto x = variable<"x">(x_values);
const auto logit_values = tensor_of<criteria::logit_shape>(criteria::logit);
const auto logit = variable<"logit">(logit_values);
const auto soft_values = tensor_of<criteria::soft_shape>(criteria::soft);
const auto soft = variable<"soft">(soft_values);
const auto weight = tensor_of<criteria::weight_shape>(criteria::weight);
const Tensor<float, 3, 1> rows{{0.5f}, {2}, {3}};
using Rows = nn::weighted_elements<3, 1>;

TEST_CASE("likelihoods of classes", "[nn][loss]") {
    {
        namespace f = criteria::nll;
        const auto loss = nn::NLLLoss{}(logs, labels);
        has_value(loss, f::output);
        has_gradient(loss, logs, f::grad_logs);
    }
    {
        namespace f = criteria::nll_ignored;
        const auto loss = nn::NLLLoss{}(logs, ignored);
        has_value(loss, f::output);
        has_gradient(loss, logs, f::grad_logs);
    }
    {
        namespace f = criteria::nll_none;
        const auto loss = nn::NLLLoss<by::none>{}(logs, ignored);
        has_value(loss, f::output);
        has_gradient(loss, logs, f::grad_logs);
    }
    {
        namespace f = criteria::nll_weight;
        const auto loss = nn::NLLLoss<by::mean, nn::weighted<4>>{.weight = weight}(logs, ignored);
        has_value(loss, f::output);
        has_gradient(loss, logs, f::grad_logs);
    }
    {
        namespace f = criteria::nll_weight_sum;
        const auto loss = nn::NLLLoss<by::sum, nn::weighted<4>>{.weight = weight}(logs, labels);
        has_value(loss, f::output);
        has_gradient(loss, logs, f::grad_logs);
    }
    {
        namespace f = criteria::nll_class;
        const auto loss = nn::NLLLoss{3}(logs, labels);
        has_value(loss, f::output);
        has_gradient(loss, logs, f::grad_logs);
    }
    {
        namespace f = criteria::nll_images;
        const auto loss = nn::NLLLoss{}(images, image_labels);
        has_value(loss, f::output);
        has_gradient(loss, images, f::grad_images);
    }
    {
        namespace f = criteria::nll_images_none;
        const auto loss = nn::NLLLoss<by::none>{}(images, image_labels);
        has_value(loss, f::output);
        has_gradient(loss, images, f::grad_images);
    }
}

TEST_CASE("binary cross entropies", "[nn][loss]") {
    {
        namespace f = criteria::bce;
        const auto loss = nn::BCELoss{}(probability, chance);
        has_value(loss, f::output);
        has_gradient(loss, probability, f::grad_probability);
        has_gradient(loss, chance, f::grad_chance);
    }
    {
        namespace f = criteria::bce_sum;
        const auto loss = nn::BCELoss<by::sum>{}(probability, truth);
        has_value(loss, f::output);
        has_gradient(loss, probability, f::grad_probability);
    }
    {
        namespace f = criteria::bce_extreme;
        const auto loss = nn::BCELoss<by::none>{}(extreme, truth);
        has_value(loss, f::output);
        has_gradient(loss, extreme, f::grad_extreme);
        has_gradient(loss, truth, f::grad_truth);
    }
    {
        namespace f = criteria::bce_weight;
        const auto loss = nn::BCELoss<by::mean, nn::weighted<4>>{.weight = weight}(probability, chance);
        has_value(loss, f::output);
        has_gradient(loss, probability, f::grad_probability);
        has_gradient(loss, chance, f::grad_chance);
    }
    {
        namespace f = criteria::bce_weight_rows;
        const auto loss = nn::BCELoss<by::none, Rows>{rows}(probability, truth);
        has_value(loss, f::output);
        has_gradient(loss, probability, f::grad_probability);
    }
    {
        namespace f = criteria::logits;
        const auto loss = nn::BCEWithLogitsLoss{}(x, truth);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, truth, f::grad_truth);
    }
    {
        namespace f = criteria::logits_none;
        const auto loss = nn::BCEWithLogitsLoss<by::none>{}(logit, truth);
        has_value(loss, f::output);
        has_gradient(loss, logit, f::grad_logit);
        has_gradient(loss, truth, f::grad_truth);
    }
    {
        namespace f = criteria::logits_weight;
        const auto loss = nn::BCEWithLogitsLoss<by::mean, nn::weighted<4>>{weight}(x, truth);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, truth, f::grad_truth);
    }
    {
        namespace f = criteria::logits_weight_none;
        const auto loss = nn::BCEWithLogitsLoss<by::none, nn::weighted<4>>{.pos_weight = weight}(logit, chance);
        has_value(loss, f::output);
        has_gradient(loss, logit, f::grad_logit);
        has_gradient(loss, chance, f::grad_chance);
    }
    {
        namespace f = criteria::logits_both;
        const nn::BCEWithLogitsLoss<by::sum, nn::weighted<4>, Rows> criterion{.pos_weight = weight, .weight = rows};
        const auto loss = criterion(x, chance);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, chance, f::grad_chance);
    }
}

TEST_CASE("divergences", "[nn][loss]") {
    {
        namespace f = criteria::kl;
        const auto loss = nn::KLDivLoss{}(logs, soft);
        has_value(loss, f::output);
        has_gradient(loss, logs, f::grad_logs);
        has_gradient(loss, soft, f::grad_soft);
    }
    {
        namespace f = criteria::kl_batch;
        const auto loss = nn::KLDivLoss<by::batchmean>{}(logs, soft);
        has_value(loss, f::output);
        has_gradient(loss, logs, f::grad_logs);
        has_gradient(loss, soft, f::grad_soft);
    }
    {
        namespace f = criteria::kl_none;
        const auto loss = nn::KLDivLoss<by::none>{}(logs, chance);
        has_value(loss, f::output);
        has_gradient(loss, logs, f::grad_logs);
        has_gradient(loss, chance, f::grad_chance);
    }
    {
        namespace f = criteria::kl_log;
        const auto loss = nn::KLDivLoss<by::sum, nn::log_target>{}(x, logs);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, logs, f::grad_logs);
    }
}

TEST_CASE("Losses of probabilities: central differences", "[nn][loss]") {
    CHECK(criterion_error(nn::NLLLoss<by::none>{}, logs_values, labels) < 1e-7);
    CHECK(criterion_error(nn::BCELoss<by::none>{}, probability_values, chance_values) < 1e-7);
    CHECK(criterion_error(nn::BCEWithLogitsLoss<by::none>{}, x_values, truth_values) < 1e-7);
    CHECK(criterion_error(nn::BCELoss<by::none, Rows>{rows}, probability_values, chance_values) < 1e-7);
    CHECK(criterion_error(nn::KLDivLoss<by::none>{}, logs_values, soft_values) < 1e-7);
}
