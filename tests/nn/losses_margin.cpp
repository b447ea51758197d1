// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Losses with a margin beside PyTorch: values and gradients.
#include "support/criteria.hpp"

using namespace ashlar;
using support::criterion_error, support::has_gradient, support::has_value, support::tensor_of;
namespace by = nn::reduction;
namespace criteria = fixtures::criteria;

const auto x_values = tensor_of<criteria::x_shape>(criteria::x);
const auto x = variable<"x">(x_values);
const auto signs = tensor_of<criteria::signs_shape>(criteria::signs);
const auto near_values = tensor_of<criteria::near_shape>(criteria::near);
const auto near = variable<"near">(near_values);
const auto y_values = tensor_of<criteria::y_shape>(criteria::y);
const auto y = variable<"y">(y_values);
const auto labels = tensor_of<criteria::labels_shape>(criteria::labels);
const auto several = tensor_of<criteria::several_shape>(criteria::several);
const auto row_signs = tensor_of<criteria::row_signs_shape>(criteria::row_signs);
const auto z_values = tensor_of<criteria::z_shape>(criteria::z);
const auto z = variable<"z">(z_values);
const auto weight = tensor_of<criteria::weight_shape>(criteria::weight);

TEST_CASE("margins of signs", "[nn][loss]") {
    {
        namespace f = criteria::hinge;
        const auto loss = nn::HingeEmbeddingLoss{}(x, signs);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::hinge_none;
        const auto loss = nn::HingeEmbeddingLoss<by::none>{0.25}(near, signs);
        has_value(loss, f::output);
        has_gradient(loss, near, f::grad_near);
    }
    {
        namespace f = criteria::ranking;
        const auto loss = nn::MarginRankingLoss{}(x, y, signs);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
    }
    {
        namespace f = criteria::ranking_none;
        const auto loss = nn::MarginRankingLoss<by::none>{.margin = 0.5}(x, y, signs);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
    }
    {
        namespace f = criteria::soft_margin;
        const auto loss = nn::SoftMarginLoss{}(x, signs);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::soft_margin_none;
        const auto loss = nn::SoftMarginLoss<by::none>{}(near, signs);
        has_value(loss, f::output);
        has_gradient(loss, near, f::grad_near);
    }
}

TEST_CASE("margins of classes", "[nn][loss]") {
    {
        namespace f = criteria::multi_margin;
        const auto loss = nn::MultiMarginLoss{}(x, labels);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::multi_margin_2;
        const auto loss = nn::MultiMarginLoss<by::none>{.p = 2, .margin = 0.5}(x, labels);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::multi_margin_weight;
        const auto loss = nn::MultiMarginLoss<by::mean, nn::weighted<4>>{.weight = weight}(x, labels);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::multi_label;
        const auto loss = nn::MultiLabelMarginLoss{}(x, several);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::multi_label_none;
        const auto loss = nn::MultiLabelMarginLoss<by::none>{}(x, several);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
    }
}

TEST_CASE("margins of distances", "[nn][loss]") {
    {
        namespace f = criteria::cosine;
        const auto loss = nn::CosineEmbeddingLoss{}(x, y, row_signs);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
    }
    {
        namespace f = criteria::cosine_none;
        const auto loss = nn::CosineEmbeddingLoss<by::none>{0.25}(x, y, row_signs);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
    }
    {
        namespace f = criteria::triplet;
        const auto loss = nn::TripletMarginLoss{}(x, y, z);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
        has_gradient(loss, z, f::grad_z);
    }
    {
        namespace f = criteria::triplet_none;
        const auto loss = nn::TripletMarginLoss<by::none, 1>{.margin = 2}(x, y, z);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
        has_gradient(loss, z, f::grad_z);
    }
    {
        namespace f = criteria::triplet_swap;
        const auto loss = nn::TripletMarginLoss<by::mean, 3, nn::swap>{.margin = 2}(x, y, z);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
        has_gradient(loss, z, f::grad_z);
    }
}

TEST_CASE("Losses with a margin: central differences", "[nn][loss]") {
    CHECK(criterion_error(nn::HingeEmbeddingLoss<by::none>{}, x_values, signs) < 1e-7);
    CHECK(criterion_error(nn::MarginRankingLoss{}, x_values, y_values, signs) < 1e-7);
    CHECK(criterion_error(nn::SoftMarginLoss{}, x_values, signs) < 1e-7);
    CHECK(criterion_error(nn::MultiMarginLoss<by::none>{.p = 2}, x_values, labels) < 1e-7);
    CHECK(criterion_error(nn::MultiLabelMarginLoss{}, x_values, several) < 1e-7);
    CHECK(criterion_error(nn::CosineEmbeddingLoss<by::none>{}, x_values, y_values, row_signs) < 1e-7);
    CHECK(criterion_error(nn::TripletMarginLoss<by::none>{}, x_values, y_values, z_values) < 1e-7);
}
