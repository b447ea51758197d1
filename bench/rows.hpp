// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "network.hpp"

#include <string>

// The rows of the tables, for all contenders alike, in C++17. A visitor has a template function `row`.
namespace bench {

/// row<M, K, N>()
template <class Visit> void each_gemm(Visit visit) {
    visit.template row<4, 4, 4>();
    visit.template row<8, 8, 8>();
    visit.template row<16, 16, 16>();
    visit.template row<32, 32, 32>();
    visit.template row<64, 64, 64>();
    visit.template row<128, 128, 128>();
    visit.template row<256, 256, 256>();
    visit.template row<512, 512, 512>();
    visit.template row<1024, 1024, 1024>();
    visit.template row<1, 64, 64>();
    visit.template row<1, 784, 128>();
    visit.template row<32, 784, 128>();
    visit.template row<64, 128, 10>();
    visit.template row<128, 512, 512>();
}
inline std::string gemm_name(std::size_t m, std::size_t k, std::size_t n) {
    return std::to_string(m) + 'x' + std::to_string(k) + 'x' + std::to_string(n);
}

/// row<N>(), N the length of the vectors
template <class Visit> void each_elementwise(Visit visit) {
    visit.template row<16>();
    visit.template row<256>();
    visit.template row<4096>();
    visit.template row<1'000'000>();
}

/// row<Activation, In, Widths...>()
template <class Visit> void each_mlp(Visit visit) {
    visit.template row<relu, 2, 8, 2>();
    visit.template row<tanh, 16, 64, 64, 4>();
    visit.template row<relu, 64, 128, 128, 10>();
    visit.template row<relu, 784, 128, 10>();
}
template <class Activation, std::size_t In, std::size_t... Widths> std::string mlp_name() {
    return ((std::to_string(In) + ... + ('-' + std::to_string(Widths))) + '_') + Activation::name;
}

/// row<Loss, Activation, Batch, In, Widths...>()
template <class Visit> void each_training(Visit visit) {
    visit.template row<cross_entropy, relu, 4, 2, 8, 2>();
    visit.template row<squared_error, tanh, 64, 1, 64, 64, 1>();
    visit.template row<cross_entropy, relu, 64, 784, 128, 10>();
}
template <class Loss, class Activation, std::size_t Batch, std::size_t In, std::size_t... Widths>
std::string training_name() {
    return mlp_name<Activation, In, Widths...>() + '_' + Loss::name + "_b" + std::to_string(Batch);
}

}  // namespace bench
