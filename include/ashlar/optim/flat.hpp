// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/backward.hpp"

// All parameters of a model as one vector, for optimizers that look at them together. Plain loops: their cost is small
// beside that of the loss, and every number is the same on every machine.
namespace ashlar::detail {

/// What such a vector is made of: double where the model has a parameter of doubles.
template <class Model>
inline constexpr bool has_doubles = [] {
    bool found = false;
    visit_parameters(shadow<Model>.model, [&found](auto& parameter) {
        found = found || sizeof(typename std::remove_cvref_t<decltype(parameter)>::value_type) > sizeof(float);
    });
    return found;
}();
template <class Model> using flat_element = std::conditional_t<has_doubles<Model>, double, float>;

template <class Model, class T> constexpr void flatten(const Model& model, T* to) {
    visit_parameters(model, [&to](auto& parameter) {
        for (const auto& element : parameter) *to++ = static_cast<T>(element);
    });
}
template <class Model, class T> constexpr void unflatten(const T* from, Model& model) {
    visit_parameters(model, [&from](auto& parameter) {
        using U = typename std::remove_reference_t<decltype(parameter)>::value_type;
        for (auto& element : parameter) element = static_cast<U>(*from++);
    });
}

/// a * b + c in double: of floats the product is exact, of doubles it is rounded, whatever the machine could fuse.
template <class T> ASHLAR_INLINE constexpr double plus_product(T c, T a, T b) {
    const double product = static_cast<double>(a) * static_cast<double>(b);
    if constexpr (std::is_same_v<T, float>) return static_cast<double>(c) + product;
    else return static_cast<double>(c) + kernels::rounded(product);
}

/// The sum of all a_i b_i, in eight chains whatever the width of the machine.
template <class T> constexpr double flat_dot(const T* a, const T* b, std::size_t n) {
    constexpr std::size_t chains = 8;
    double sum[chains]{};
    const auto add = [&](std::size_t chain, std::size_t i) {
        const double product = static_cast<double>(a[i]) * static_cast<double>(b[i]);
        if constexpr (std::is_same_v<T, float>) sum[chain] += product;
        else sum[chain] += kernels::rounded(product);
    };
    std::size_t i = 0;
    for (; i + chains <= n; i += chains)
        for (std::size_t c = 0; c < chains; ++c) add(c, i + c);
    for (std::size_t c = 0; i < n; ++i, ++c) add(c, i);
    return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

/// y + scale x in place of y.
template <class T> constexpr void flat_add(T* y, double scale, const T* x, std::size_t n) {
    const T s = static_cast<T>(scale);
    for (std::size_t i = 0; i < n; ++i) y[i] = static_cast<T>(plus_product(y[i], s, x[i]));
}

constexpr double magnitude(double x) { return x < 0 ? -x : x; }

/// The largest magnitude; nan where there is one.
template <class T> constexpr double flat_largest(const T* x, std::size_t n) {
    double largest = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double size = magnitude(static_cast<double>(x[i]));
        if (size > largest || size != size) largest = size;
    }
    return largest;
}

}  // namespace ashlar::detail
