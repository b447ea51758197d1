// SPDX-License-Identifier: BSL-1.0
// build error: class_indices_have_to_be_whole_numbers__a_target_of_int<.*NLLLoss<.*Shape<8>, float>
// max lines: 10
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Sequential<nn::Linear<2, 4>, nn::LogSoftmax<1>> model{ashlar::seed(0)};
    ashlar::Tensor<float, 8, 2> x{};
    ashlar::Tensor<float, 8> y{};
    float value = nn::NLLLoss{}(model(x), y);
}
