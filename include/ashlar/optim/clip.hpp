// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/pow.hpp"
#include "ashlar/ops/sqrt.hpp"
#include "ashlar/optim/backward.hpp"

namespace ashlar::detail {

/// The type of a norm over all parameters of a model.
template <class Model> using norm_of = std::conditional_t<has_double_parameters<Model>(), double, float>;

/// Adds |x|^Power of all elements, or takes the largest of them and `total`. In double, and in eight sums, as one would
/// wait for itself.
constexpr double add_powers(const auto& elements, double power, double total) {
    double sums[8]{};
    int at = 0;
    for (const auto& element : elements) {
        const double x = static_cast<double>(element), magnitude = x < 0 ? -x : x;
        double& sum = sums[at++ % 8];
        if (power == 2) sum += x * x;
        else if (power == 1) sum += magnitude;
        else if (power == __builtin_inf()) total = magnitude > total || x != x ? magnitude : total;
        else sum += kernels::pow(magnitude, power);
    }
    for (const double sum : sums) total += sum;
    return total;
}

}  // namespace ashlar::detail

namespace ashlar::optim {

/// Scales all gradients by min(1, max_norm / (norm + 1e-6)), and returns their norm before: of all elements together,
/// (sum |g|^norm_type)^(1 / norm_type), or the largest where norm_type is infinity. Between `backward` and `step()`.
template <class Model>
constexpr auto clip_grad_norm(gradients_of<Model>& gradients, double max_norm, double norm_type = 2) noexcept {
    double total = 0;
    ashlar::detail::visit_parameters(static_cast<Model&>(gradients), [&](auto& gradient) {
        total = ashlar::detail::add_powers(gradient, norm_type, total);
    });
    if (norm_type == 2) total = kernels::sqrt(total);
    else if (norm_type != 1 && norm_type != __builtin_inf()) total = kernels::pow(total, 1 / norm_type);
    const double scale = max_norm / (total + 1e-6);
    if (!(scale >= 1))
        ashlar::detail::visit_parameters(static_cast<Model&>(gradients), [&](auto& gradient) {
            using T = typename std::remove_cvref_t<decltype(gradient)>::value_type;
            for (auto& element : gradient) element *= static_cast<T>(scale);
        });
    return static_cast<ashlar::detail::norm_of<Model>>(total);
}

/// Every element of the gradients into [-clip_value, clip_value].
template <class Model> constexpr void clip_grad_value(gradients_of<Model>& gradients, double clip_value) noexcept {
    ashlar::detail::visit_parameters(static_cast<Model&>(gradients), [&](auto& gradient) {
        using T = typename std::remove_cvref_t<decltype(gradient)>::value_type;
        const T bound = static_cast<T>(clip_value);
        for (auto& element : gradient) element = element > bound ? bound : element < -bound ? -bound : element;
    });
}

}  // namespace ashlar::optim
