// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ashlar/ashlar.hpp>

#include "lenet.hpp"

#if __has_include(<ashlar/nn/pool.hpp>)  // this table is older than the library's convolutions
    #define BENCH_ASHLAR_LENET

namespace bench {

using lenet_model = ashlar::nn::Sequential<ashlar::nn::Conv2d<1, 8, 5>, ashlar::nn::ReLU, ashlar::nn::MaxPool2d<2>,
                                           ashlar::nn::Conv2d<8, 16, 5>, ashlar::nn::ReLU, ashlar::nn::MaxPool2d<2>,
                                           ashlar::nn::Flatten, ashlar::nn::Linear<256, 10>>;

/// Calls visit(from, to) with every parameter of plain loops and of a model.
template <class Weights, class Visit> void each_weight(Weights& weights, lenet_model& model, Visit visit) {
    using layout = lenet_weights<float>;
    const auto each = [&](std::size_t part, auto& tensor) {
        for (std::size_t i = 0; i < tensor.size(); ++i) visit(weights.all[part + i], tensor.data()[i]);
    };
    each(layout::first, model.get<0>().weight);
    each(layout::first_bias, model.get<0>().bias);
    each(layout::second, model.get<3>().weight);
    each(layout::second_bias, model.get<3>().bias);
    for (std::size_t p = 0; p < 256; ++p)
        for (std::size_t j = 0; j < 10; ++j)
            visit(weights.all[layout::linear + p * 10 + j], model.get<7>().weight(j, p));
    each(layout::linear_bias, model.get<7>().bias);
}

}  // namespace bench
#endif
