// SPDX-License-Identifier: BSL-1.0
// Real time, as the documentation has it.
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    const nn::Sequential<nn::Linear<512, 32>, nn::Tanh, nn::Linear<32, 10>> model{ashlar::seed(0)};
    const auto frame = Tensor<float, 512>::full(0.1f);
    Tensor<float, 10> into;

    ashlar::Workspace<decltype(model(frame))> scratch;          // the caller's memory: static, heap or arena
    ashlar::evaluate(model(frame), into, scratch);              // noexcept: no allocation, lock, exception or system call
    static_assert(noexcept(ashlar::evaluate(model(frame), into, scratch)));
    Tensor<float, 10> out = model(frame);                       // convenience: per-thread static scratch, never the stack when large
    if (!(into == out)) return 1;

    const float* pointer = frame.data();
    ashlar::TensorView<const float, 512> block{pointer};        // memory the caller owns takes part in expressions
    Tensor<float, 10> same = model(block);
    float loudness = sqrt(mean(block * block));
    return same == out && loudness > 0.0999f && loudness < 0.1001f ? 0 : 2;
}
