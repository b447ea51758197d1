// SPDX-License-Identifier: BSL-1.0
// The models of tests/fixtures/training.hpp, from their first weights, and twenty steps beside PyTorch's.
#pragma once

#include "fixtures/training.hpp"
#include "support/fixture.hpp"

namespace support {

struct classifier : ashlar::nn::Sequential<ashlar::nn::Linear<4, 8>, ashlar::nn::Tanh, ashlar::nn::Linear<8, 3>> {
    classifier() {
        namespace f = fixtures::training::classification;
        get<0>().weight = tensor_of<f::weight0_shape>(f::weight0);
        get<0>().bias = tensor_of<f::bias0_shape>(f::bias0);
        get<2>().weight = tensor_of<f::weight2_shape>(f::weight2);
        get<2>().bias = tensor_of<f::bias2_shape>(f::bias2);
    }
};

}  // namespace support
