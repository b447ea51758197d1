// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "../../problem.hpp"

#include <algorithm>
#include <dlib/dnn.h>
#include <memory>

namespace bench {

using dlib_input = dlib::input<dlib::matrix<float>>;

template <class Activation, class Below>
using activated = std::conditional_t<std::is_same_v<Activation, relu>, dlib::relu<Below>, dlib::htan<Below>>;

/// Linear layers of the widths on top of Below, with the activation between them.
template <class Activation, class Below, std::size_t Width, std::size_t... Rest> struct stack {
    using type = typename stack<Activation, activated<Activation, dlib::fc<Width, Below>>, Rest...>::type;
};
template <class Activation, class Below, std::size_t Last> struct stack<Activation, Below, Last> {
    using type = dlib::fc<Last, Below>;
};

/// Parameters of the layer `Index` below the top.
template <std::size_t Index, class Net> float* parameters(Net& net) {
    return dlib::layer<Index>(net).layer_details().get_layer_params().host();
}

/// Sets the weights of a net whose layer `Top` below the top is the last linear one. They are [in][out], too.
template <std::size_t Top, class Net, class A, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
void set_weights(const network<float, A, Batch, In, Out, Rest...>& n, Net& net) {
    float* to = parameters<Top + 2 * sizeof...(Rest)>(net);
    std::copy(n.bias, n.bias + Out, std::copy(n.weight, n.weight + In * Out, to));
    if constexpr (sizeof...(Rest) > 0) set_weights<Top>(n.rest, net);
}

/// Appends them.
template <std::size_t Top, class Net, class A, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
void append_weights(const network<float, A, Batch, In, Out, Rest...>& n, Net& net, std::vector<double>& to) {
    const float* from = parameters<Top + 2 * sizeof...(Rest)>(net);
    to.insert(to.end(), from, from + (In + 1) * Out);
    if constexpr (sizeof...(Rest) > 0) append_weights<Top>(n.rest, net, to);
}

/// Data as dlib's tensor; the net, whose layers are set up by it, allocates its weights.
template <class Net>
void begin(Net& net, dlib::resizable_tensor& x, const float* data, int batch, int rows, int columns) {
    const dlib::matrix<float> first(rows, columns);
    net.to_tensor(&first, &first + 1, x);
    x.set_size(batch, 1, rows, columns);
    std::copy(data, data + batch * rows * columns, x.host());
}

}  // namespace bench
