// SPDX-License-Identifier: BSL-1.0
// A model has no text.
// build error: a_model_is_printed_by_its_summary_or_its_tensors_one_by_one
// max lines: 15
#include <ashlar/ashlar.hpp>
#include <iostream>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{ashlar::seed(0)};
    std::cout << m;
}
