// SPDX-License-Identifier: BSL-1.0
// The first program, as the documentation has it, and its other two forms.
#include <ashlar/ashlar.hpp>
#include <cstring>
#include <iostream>
#include <sstream>
namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

int main() {
    const Tensor<float, 4, 2> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    const Tensor<float, 4, 2> y{{1, 0}, {0, 1}, {0, 1}, {1, 0}};      // one-hot: left, right

    nn::Sequential<nn::Linear<2, 8>, nn::ReLU, nn::Linear<8, 2>> model{ashlar::seed(0)};
    nn::CrossEntropyLoss criterion;
    optim::SGD sgd{model, {.lr = 0.5f}};  // refers to model; owns its state, sized by the model's type
    auto twin = model;

    for (int epoch = 0; epoch < 1000; ++epoch) {
        auto loss = criterion(model(x), y);                            // a typed expression; nothing is computed yet
        float value = sgd.step(loss);  // forward, backward and update as one planned program
        if (epoch % 100 == 0) std::cout << "loss " << value << '\n';
    }
    const Tensor<float, 4, 2> logits = model(x);                       // evaluated on conversion
    std::cout << argmax<1>(logits) << '\n';

    std::ostringstream right;
    right << argmax<1>(logits);
    if (right.str() != "[0, 1, 1, 0]") return 1;

    // The long form, from the same first weights.
    const auto trained = model;
    model = twin;
    for (int epoch = 0; epoch < 1000; ++epoch) {
        sgd.zero_grad();
        float value = ashlar::backward(criterion(model(x), y), sgd.gradients());   // accumulates
        sgd.step();
        if (!(value >= 0)) return 2;
    }
    if (std::memcmp(&model, &trained, sizeof model) != 0) return 3;

    auto [value, gradients] = ashlar::value_and_grad(criterion(model(x), y), model);
    if (!(value < 0.05f) || !(gradients.template get<0>().weight == gradients.get<0>().weight)) return 4;
}
