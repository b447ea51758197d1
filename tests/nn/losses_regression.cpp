// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Losses of numbers beside PyTorch: values and gradients.
#include "support/criteria.hpp"

using namespace ashlar;
using support::criterion_error, support::has_gradient, support::has_value, support::tensor_of;
namespace by = nn::reduction;
namespace criteria = fixtures::criteria;

const auto x_values = tensor_of<criteria::x_shape>(criteria::x);
const auto x = variable<"x">(x_values);
const auto y_values = tensor_of<criteria::y_shape>(criteria::y);
const auto y = variable<"y">(y_values);
const auto near_values = tensor_of<criteria::near_shape>(criteria::near);
const auto near = variable<"near">(near_values);
const auto counts_values = tensor_of<criteria::counts_shape>(criteria::counts);
const auto counts = variable<"counts">(counts_values);
const auto rates_values = tensor_of<criteria::rates_shape>(criteria::rates);
const auto rates = variable<"rates">(rates_values);
const auto variances_values = tensor_of<criteria::variances_shape>(criteria::variances);
const auto variances = variable<"variances">(variances_values);
const auto rows_values = tensor_of<criteria::rows_shape>(criteria::rows);
const auto rows = variable<"rows">(rows_values);

TEST_CASE("absolute and Huber losses", "[nn][loss]") {
    {
        namespace f = criteria::l1;
        const auto loss = nn::L1Loss{}(x, y);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
    }
    {
        namespace f = criteria::l1_sum;
        const auto loss = nn::L1Loss<by::sum>{}(x, y);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
    }
    {
        namespace f = criteria::l1_none;
        const auto loss = nn::L1Loss<by::none>{}(x, near);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, near, f::grad_near);
    }
    {
        namespace f = criteria::smooth_l1;
        const auto loss = nn::SmoothL1Loss{}(near, x);
        has_value(loss, f::output);
        has_gradient(loss, near, f::grad_near);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::smooth_l1_half;
        const auto loss = nn::SmoothL1Loss<by::none>{.beta = 0.5}(near, x);
        has_value(loss, f::output);
        has_gradient(loss, near, f::grad_near);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::smooth_l1_0;
        const auto loss = nn::SmoothL1Loss{0}(near, x);
        has_value(loss, f::output);
        has_gradient(loss, near, f::grad_near);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::huber;
        const auto loss = nn::HuberLoss{}(near, x);
        has_value(loss, f::output);
        has_gradient(loss, near, f::grad_near);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::huber_2;
        const auto loss = nn::HuberLoss<by::none>{2}(near, x);
        has_value(loss, f::output);
        has_gradient(loss, near, f::grad_near);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::huber_sum;
        const auto loss = nn::HuberLoss<by::sum>{.delta = 0.5}(near, x);
        has_value(loss, f::output);
        has_gradient(loss, near, f::grad_near);
        has_gradient(loss, x, f::grad_x);
    }
}

TEST_CASE("likelihoods of counts", "[nn][loss]") {
    {
        namespace f = criteria::poisson;
        const auto loss = nn::PoissonNLLLoss{}(x, counts);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, counts, f::grad_counts);
    }
    {
        namespace f = criteria::poisson_full;
        const auto loss = nn::PoissonNLLLoss<by::none, nn::full>{}(x, counts);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
    }
    {
        namespace f = criteria::poisson_rates;
        const auto loss = nn::PoissonNLLLoss<by::sum, nn::no_log_input>{}(rates, counts);
        has_value(loss, f::output);
        has_gradient(loss, rates, f::grad_rates);
        has_gradient(loss, counts, f::grad_counts);
    }
    {
        namespace f = criteria::poisson_rates_full;
        const auto loss = nn::PoissonNLLLoss<by::mean, nn::full, nn::no_log_input>{.eps = 0.125}(rates, counts);
        has_value(loss, f::output);
        has_gradient(loss, rates, f::grad_rates);
    }
}

TEST_CASE("likelihoods of normal numbers", "[nn][loss]") {
    {
        namespace f = criteria::gaussian;
        const auto loss = nn::GaussianNLLLoss{}(x, y, variances);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
        has_gradient(loss, variances, f::grad_variances);
    }
    {
        namespace f = criteria::gaussian_rows;
        const auto loss = nn::GaussianNLLLoss<by::none, nn::full>{}(x, y, rows);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
        has_gradient(loss, rows, f::grad_rows);
    }
    {
        namespace f = criteria::gaussian_eps;
        const auto loss = nn::GaussianNLLLoss<by::sum>{.eps = 0.5}(x, y, variances);
        has_value(loss, f::output);
        has_gradient(loss, x, f::grad_x);
        has_gradient(loss, y, f::grad_y);
        has_gradient(loss, variances, f::grad_variances);
    }
}

TEST_CASE("Losses of numbers: central differences", "[nn][loss]") {
    CHECK(criterion_error(nn::L1Loss{}, x_values, y_values) < 1e-7);
    CHECK(criterion_error(nn::SmoothL1Loss{}, near_values, y_values) < 1e-7);
    CHECK(criterion_error(nn::HuberLoss<by::none>{}, near_values, y_values) < 1e-7);
    CHECK(criterion_error(nn::PoissonNLLLoss<by::none>{}, x_values, counts_values) < 1e-7);
    CHECK(criterion_error(nn::GaussianNLLLoss<by::none>{.eps = 0.25}, x_values, y_values, variances_values) < 1e-7);
}
