// SPDX-License-Identifier: BSL-1.0
// Every way into a program, with small steps that are straight code and with large ones that are kernels of their own.
#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

using Small = nn::Sequential<nn::Linear<2, 8>, nn::Tanh, nn::Linear<8, 2>>;
using Large = nn::Sequential<nn::Linear<100, 96>, nn::ReLU, nn::Linear<96, 10>>;
using Images = nn::Sequential<nn::Conv2d<1, 4, 3>, nn::ReLU, nn::MaxPool2d<2>, nn::Flatten, nn::Linear<4 * 5 * 5, 3>>;

template <std::size_t N> void
expressions(const Tensor<float, N, N>& a, const Tensor<float, N, N>& b, Tensor<float, N, N>& out) {
    const Tensor<float, N, N> made = tanh(a * b + 1.0f) * sigmoid(b);
    out = matmul(made, transpose(a)) + softmax<1>(b);
    ashlar::TensorView<float, N, N>{out.data()} = exp(out) - maximum(a, 0.0f);
    const float loss = mean(square(matmul(transpose(a), out)));
    out = ashlar::eval(out * loss);
}

template <class Model, class X, class Y> float training(Model& model, const X& x, const Y& y) {
    static optim::SGD sgd{model, {.lr = 0.1f}};
    static optim::Adam adam{model, {.lr = 0.001f}};
    nn::CrossEntropyLoss criterion;
    float loss = sgd.step(criterion(model(x), y));
    loss += backward(criterion(model(x), y), sgd.gradients());
    sgd.step();
    return loss + adam.step(criterion(model(x), y));
}

template <class Model, class X, class Y> void inference(const Model& model, const X& x, Y& y) {
    static const auto fast = ashlar::compile(model);
    static ashlar::Workspace<decltype(fast(x))> scratch;
    evaluate(fast(x), y, scratch);
}

int main() {
    static Tensor<float, 4, 4> small;
    static Tensor<float, 150, 150> large;
    expressions(small, small, small);
    expressions(large, large, large);
    static Small xor_model;
    static Large mlp;
    static Images cnn;
    static Tensor<float, 4, 2> pairs;
    static Tensor<float, 32, 100> rows;
    static Tensor<float, 8, 1, 12, 12> images;
    static Tensor<int, 4> few;
    static Tensor<int, 32> many;
    static Tensor<int, 8> kinds;
    static Tensor<float, 2> two;
    static Tensor<float, 32, 10> logits;
    inference(xor_model, Tensor<float, 2>{}, two);
    inference(mlp, rows, logits);
    return training(xor_model, pairs, few) + training(mlp, rows, many) + training(cnn, images, kinds) >
           two(0) + logits(0, 0);
}
