// SPDX-License-Identifier: BSL-1.0
// Real time, as the documentation has it.
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Shape;
using ashlar::Tensor;

static bool trains() {
    using Model = nn::Sequential<nn::Linear<784, 16>, nn::ReLU, nn::Linear<16, 10>>;
    static Model model{ashlar::seed(0)}, other{ashlar::seed(0)};
    static const auto x = Tensor<float, 64, 784>::full(0.1f);
    static const Tensor<int, 64> y{};
    nn::CrossEntropyLoss criterion;
    ashlar::optim::SGD sgd{model, {.lr = 0.1f}}, of_other{other, {.lr = 0.1f}};
    static ashlar::Workspace<decltype(sgd), nn::CrossEntropyLoss<>, Shape<64, 784>, Tensor<int, 64>> space;
    const float loss = sgd.step(criterion(model(x), y), space);
    return loss == of_other.step(criterion(other(x), y)) &&
           model.template get<0>().weight == other.template get<0>().weight;
}

int main() {
    const nn::Sequential<nn::Linear<512, 32>, nn::Tanh, nn::Linear<32, 10>> model{ashlar::seed(0)};
    const auto frame = Tensor<float, 512>::full(0.1f);
    Tensor<float, 10> into;

    ashlar::Workspace<decltype(model(frame))> scratch;          // the caller's memory: static, heap or arena
    ashlar::evaluate(model(frame), into, scratch);  // noexcept: no allocation, lock, exception or system call
    static_assert(noexcept(ashlar::evaluate(model(frame), into, scratch)));
    Tensor<float, 10> out = model(frame);  // convenience: per-thread static scratch, never the stack when large
    if (!(into == out)) return 1;

    const float* pointer = frame.data();
    ashlar::TensorView<const float, 512> block{pointer};        // memory the caller owns takes part in expressions
    Tensor<float, 10> same = model(block);
    float loudness = sqrt(mean(block * block));
    return trains() && same == out && loudness > 0.0999f && loudness < 0.1001f ? 0 : 2;
}
