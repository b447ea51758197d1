// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "model.hpp"

namespace bench {

template <class Loss> struct loss_of;
template <> struct loss_of<cross_entropy> {
    template <class Net> using type = dlib::loss_multiclass_log<Net>;
    using label = unsigned long;
    static constexpr double rate = bench::rate;
};
template <> struct loss_of<squared_error> {
    template <class Net> using type = dlib::loss_mean_squared<Net>;
    using label = float;
    static constexpr double rate = 2 * bench::rate;  // dlib's derivative of a square is without the 2
};

/// Stochastic gradient descent of dlib. Not its trainer, which has a thread of its own.
template <class Loss, class Net> struct trainer {
    typename loss_of<Loss>::template type<Net> net;
    dlib::resizable_tensor x;
    std::vector<typename loss_of<Loss>::label> labels;
    std::vector<dlib::sgd> solvers = std::vector<dlib::sgd>(Net::num_computational_layers, dlib::sgd(0, 0));

    trainer(const float* data, int batch, int rows, int columns) {
        begin(net, x, data, batch, rows, columns);
        net.subnet().forward(x);
    }

    float step() {
        const double loss = net.compute_parameter_gradients(x, labels.begin());
        net.update_parameters(solvers, loss_of<Loss>::rate);
        return static_cast<float>(loss);
    }
};

}  // namespace bench
