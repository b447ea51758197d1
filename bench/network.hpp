// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "measure.hpp"

#include <cmath>
#include <cstddef>

// A fully connected network as plain arrays and loops, C++17: the reference in double, a contender in float, and the
// memory that other contenders work on.
namespace bench {

struct relu {
    static constexpr const char* name = "relu";
    template <class T> static T value(T z) { return z > 0 ? z : 0; }
    template <class T> static T derivative(T value) { return value > 0 ? T(1) : T(0); }
};

struct tanh {
    static constexpr const char* name = "tanh";
    template <class T> static T value(T z) { return std::tanh(z); }
    template <class T> static T derivative(T value) { return 1 - value * value; }
};

/// Layers of the widths from In to the last, for a batch.
template <class T, class Activation, std::size_t Batch, std::size_t In, std::size_t... Widths> struct network;

template <class T, class Activation, std::size_t Batch, std::size_t Last> struct network<T, Activation, Batch, Last> {};

template <class T, class Activation, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
struct network<T, Activation, Batch, In, Out, Rest...> {
    static constexpr double products = static_cast<double>(In * Out);  // multiplications of an input vector's elements

    alignas(64) T weight[In * Out];  // [in][out]
    alignas(64) T bias[Out];
    alignas(64) T value[Batch * Out];  // after the activation, which the last layer does not have
    alignas(64) T delta[Batch * Out];  // the loss's derivative before the activation
    alignas(64) T turned[In * Out];    // the weight as [out][in]
    network<T, Activation, Batch, Out, Rest...> rest;
};

/// Weights between -1/sqrt(In) and 1/sqrt(In).
template <class A, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
void draw(network<float, A, Batch, In, Out, Rest...>& n, std::uint32_t seed = 1) {
    const float bound = 1 / std::sqrt(static_cast<float>(In));
    fill(n.weight, In * Out, seed, bound);
    fill(n.bias, Out, seed + 1, bound);
    if constexpr (sizeof...(Rest) > 0) draw(n.rest, seed + 2);
}

template <class T, class A, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
void copy_weights(const network<float, A, Batch, In, Out, Rest...>& from, network<T, A, Batch, In, Out, Rest...>& to) {
    for (std::size_t i = 0; i < In * Out; ++i) to.weight[i] = static_cast<T>(from.weight[i]);
    for (std::size_t i = 0; i < Out; ++i) to.bias[i] = static_cast<T>(from.bias[i]);
    if constexpr (sizeof...(Rest) > 0) copy_weights(from.rest, to.rest);
}

/// Appends all weights and biases.
template <class T, class A, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
void append_weights(const network<T, A, Batch, In, Out, Rest...>& n, std::vector<double>& to) {
    for (T w : n.weight) to.push_back(static_cast<double>(w));
    for (T b : n.bias) to.push_back(static_cast<double>(b));
    if constexpr (sizeof...(Rest) > 0) append_weights(n.rest, to);
}

/// The multiplications of one forward pass of one input vector.
template <class T, class A, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
constexpr double products_of(const network<T, A, Batch, In, Out, Rest...>& n) {
    if constexpr (sizeof...(Rest) > 0) return n.products + products_of(n.rest);
    else return n.products;
}

/// value = activation(x weight + bias) of one layer. Axpy form: without -ffast-math, dot products are not vectorised.
template <class T, class A, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
void loop_layer(network<T, A, Batch, In, Out, Rest...>& n, const T* __restrict x) {
    T* __restrict to = n.value;
    for (std::size_t i = 0; i < Batch; ++i) {
        for (std::size_t j = 0; j < Out; ++j) to[i * Out + j] = n.bias[j];
        for (std::size_t p = 0; p < In; ++p)
            for (std::size_t j = 0; j < Out; ++j) to[i * Out + j] += x[i * In + p] * n.weight[p * Out + j];
        if constexpr (sizeof...(Rest) > 0)
            for (std::size_t j = 0; j < Out; ++j) to[i * Out + j] = A::value(to[i * Out + j]);
    }
}

/// The values of the last layer.
template <class T, class A, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
const T* loop_forward(network<T, A, Batch, In, Out, Rest...>& n, const T* x) {
    loop_layer(n, x);
    if constexpr (sizeof...(Rest) > 0) return loop_forward(n.rest, n.value);
    else return n.value;
}

/// Cross entropy of logits with class probabilities, mean over the batch; writes its derivative.
struct cross_entropy {
    static constexpr const char* name = "ce";
    template <std::size_t Batch, std::size_t Width, class T>
    static T loop(const T* __restrict z, const T* __restrict target, T* __restrict delta) {
        T loss = 0;
        for (std::size_t i = 0; i < Batch; ++i, z += Width, target += Width, delta += Width) {
            T largest = z[0], sum = 0;
            for (std::size_t j = 1; j < Width; ++j) largest = z[j] > largest ? z[j] : largest;
            for (std::size_t j = 0; j < Width; ++j) sum += delta[j] = std::exp(z[j] - largest);
            const T offset = largest + std::log(sum), scale = 1 / sum;
            for (std::size_t j = 0; j < Width; ++j) {
                loss -= target[j] * (z[j] - offset);
                delta[j] = (delta[j] * scale - target[j]) / T(Batch);
            }
        }
        return loss / T(Batch);
    }
};

struct squared_error {
    static constexpr const char* name = "mse";
    template <std::size_t Batch, std::size_t Width, class T>
    static T loop(const T* __restrict z, const T* __restrict target, T* __restrict delta) {
        T loss = 0;
        for (std::size_t i = 0; i < Batch * Width; ++i) {
            const T difference = z[i] - target[i];
            loss += difference * difference;
            delta[i] = 2 * difference / T(Batch * Width);
        }
        return loss / T(Batch * Width);
    }
};

/// One step of stochastic gradient descent, from the first layer on; x_delta becomes the loss's derivative before the
/// activation that made x, unless it is null. Returns the loss.
template <class Loss, class T, class A, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
T loop_step(network<T, A, Batch, In, Out, Rest...>& n, const T* __restrict x, const T* target, T* __restrict x_delta,
            T rate) {
    loop_layer(n, x);
    T loss;
    if constexpr (sizeof...(Rest) > 0) loss = loop_step<Loss>(n.rest, n.value, target, n.delta, rate);
    else loss = Loss::template loop<Batch, Out>(n.value, target, n.delta);

    if (x_delta != nullptr) {
        for (std::size_t j = 0; j < Out; ++j)
            for (std::size_t p = 0; p < In; ++p) n.turned[j * In + p] = n.weight[p * Out + j];
        for (std::size_t i = 0; i < Batch; ++i) {
            for (std::size_t p = 0; p < In; ++p) x_delta[i * In + p] = 0;
            for (std::size_t j = 0; j < Out; ++j)
                for (std::size_t p = 0; p < In; ++p) x_delta[i * In + p] += n.delta[i * Out + j] * n.turned[j * In + p];
            for (std::size_t p = 0; p < In; ++p) x_delta[i * In + p] *= A::derivative(x[i * In + p]);
        }
    }
    for (std::size_t p = 0; p < In; ++p)
        for (std::size_t i = 0; i < Batch; ++i)
            for (std::size_t j = 0; j < Out; ++j) n.weight[p * Out + j] -= rate * x[i * In + p] * n.delta[i * Out + j];
    for (std::size_t i = 0; i < Batch; ++i)
        for (std::size_t j = 0; j < Out; ++j) n.bias[j] -= rate * n.delta[i * Out + j];
    return loss;
}

}  // namespace bench
