// SPDX-License-Identifier: BSL-1.0
// The activations that are not in plain_layers.hpp, as plain numbers with PyTorch's rules.
#pragma once

#include "support/plain_layers.hpp"

namespace support::plain {

inline number softplus(const number& v) { return v.value > 20 ? v : log1p(exp(v)); }
/// a * (e^(v / b) - 1) below 0.
inline number exponential_unit(const number& v, double a, double b) { return v.value > 0 ? v : expm1(v / b) * a; }

inline tensor run(const nn::Softsign&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return v.value < 0 ? v / (1 - v) : v / (1 + v); });
}
inline tensor run(const nn::Mish&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return v * tanh(softplus(v)); });
}
inline tensor run(const nn::LogSigmoid&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return v.value < 0 ? v - log1p(exp(v)) : 0 - log1p(exp(0 - v)); });
}
inline tensor run(const nn::ELU& layer, const tensor& x, parameters&) {
    return each(x, [&](const number& v) { return exponential_unit(v, layer.alpha.value, 1); });
}
inline tensor run(const nn::CELU& layer, const tensor& x, parameters&) {
    return each(x, [&](const number& v) { return exponential_unit(v, layer.alpha.value, layer.alpha.value); });
}
inline tensor run(const nn::SELU&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return exponential_unit(v, 1.6732632423543772, 1) * 1.0507009873554805; });
}

inline number within(const number& v, double least, double most) {
    return v.value <= least ? number{least} : v.value >= most ? number{most} : v;
}
inline tensor run(const nn::Hardtanh& layer, const tensor& x, parameters&) {
    return each(x, [&](const number& v) { return within(v, layer.min_val.value, layer.max_val.value); });
}
inline tensor run(const nn::ReLU6&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return within(v, 0, 6); });
}
inline tensor run(const nn::Hardsigmoid&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return within(v + 3, 0, 6) / 6; });
}
inline tensor run(const nn::Hardswish&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return v * within(v + 3, 0, 6) / 6; });
}
inline tensor run(const nn::Hardshrink& layer, const tensor& x, parameters&) {
    return each(x, [&](const number& v) { return std::abs(v.value) > layer.lambd.value ? v : number{0}; });
}
inline tensor run(const nn::Softshrink& layer, const tensor& x, parameters&) {
    const double by = layer.lambd.value;
    return each(x, [&](const number& v) { return v.value > by ? v - by : v.value < -by ? v + by : number{0}; });
}
inline tensor run(const nn::Tanhshrink&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return v - tanh(v); });
}
inline tensor run(const nn::Threshold& layer, const tensor& x, parameters&) {
    return each(x, [&](const number& v) { return v.value > layer.threshold.value ? v : number{layer.value.value}; });
}

/// One slope for all, or one for each index of axis 1.
template <std::size_t Channels, class... O>
tensor run(const nn::PReLU<Channels, O...>& layer, tensor x, parameters& p) {
    const std::vector<number> slope = p.take(layer.weight);
    const lines l{x, x.dims.size() > 1 ? 1u : 0u};
    for (std::size_t b = 0; b < l.before; ++b)
        for (std::size_t i = 0; i < l.along; ++i)
            for (std::size_t a = 0; a < l.after; ++a) {
                number& v = x.at[l.place(b, i, a)];
                if (!(v.value > 0)) v = v * slope[Channels == 1 ? 0 : i];
            }
    return x;
}

inline std::size_t axis_of(int axis, const tensor& x) {
    return static_cast<std::size_t>(axis < 0 ? axis + static_cast<int>(x.dims.size()) : axis);
}
template <int Axis> tensor run(const nn::LogSoftmax<Axis>&, const tensor& x, parameters&) {
    return log_softmax(x, axis_of(Axis, x));
}
template <int Axis> tensor run(const nn::Softmin<Axis>&, const tensor& x, parameters&) {
    const tensor less = each(x, [](const number& v) { return 0 - v; });
    return each(log_softmax(less, axis_of(Axis, x)), [](const number& v) { return exp(v); });
}

/// f(first half, second half) along an axis.
tensor halves(const tensor& x, std::size_t axis, auto f) {
    std::vector<std::size_t> dims = x.dims;
    dims[axis] /= 2;
    tensor y{dims};
    const lines from{x, axis}, to{y, axis};
    for (std::size_t b = 0; b < to.before; ++b)
        for (std::size_t i = 0; i < to.along; ++i)
            for (std::size_t a = 0; a < to.after; ++a)
                y.at[to.place(b, i, a)] = f(x.at[from.place(b, i, a)], x.at[from.place(b, i + to.along, a)]);
    return y;
}
template <int Axis> tensor run(const nn::GLU<Axis>&, const tensor& x, parameters&) {
    return halves(x, axis_of(Axis, x), [](const number& a, const number& b) { return a * sigmoid(b); });
}
template <int Axis> tensor run(const nn::SwiGLU<Axis>&, const tensor& x, parameters&) {
    return halves(x, axis_of(Axis, x), [](const number& a, const number& b) { return a * sigmoid(a) * b; });
}

}  // namespace support::plain
