// SPDX-License-Identifier: BSL-1.0
// labels: text
// The plan's text of convolutional networks: convolution, bias, activation and pool are one kernel.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <string_view>

namespace nn = ashlar::nn;
using ashlar::Tensor;

namespace {

using LeNet = nn::Sequential<nn::Conv2d<1, 8, 5>, nn::ReLU, nn::MaxPool2d<2>, nn::Conv2d<8, 16, 5>, nn::ReLU,
                             nn::MaxPool2d<2>, nn::Flatten, nn::Linear<256, 10>>;
LeNet model;
Tensor<float, 1, 1, 28, 28> image{};
Tensor<float, 32, 1, 28, 28> images{};
Tensor<int, 32> labels{};

// Without the last lines: they depend on the width of vectors.
std::string_view steps(const ashlar::text& plan) {
    const std::string_view all{plan.c_str(), plan.size()};
    return all.substr(0, all.find("memory:"));
}

}  // namespace

TEST_CASE("inference") {
    CHECK(steps(ashlar::plan(model(image))) ==
          R"(3 steps with 2 kernels, 7 inputs, 653,578 flops, 38,416 bytes read and written
  with a (1, 1, 28, 28)
  1  conv    1x8x24x24       237,312 flops  t1 = relu(max_pool2d<2>(conv2d(a, 0.weight)) + 0.bias)
  2  conv    1x16x8x8        411,136 flops  t2 = relu(max_pool2d<2>(conv2d(t1, 3.weight)) + 3.bias)
  3  matmul  1x256x10          5,130 flops  result = matmul(t2, transpose(7.weight)) + 7.bias
)");
}

TEST_CASE("an activation that may not be exchanged with the maximum stands before it") {
    nn::Sequential<nn::Conv1d<2, 4, 3, nn::padding<1>>, nn::Tanh, nn::MaxPool1d<3, nn::stride<2>>> tanh;
    CHECK(steps(ashlar::plan(tanh(Tensor<float, 3, 2, 10>{}))) ==
          R"(1 step with 1 kernel, 3 inputs, 4,104 flops, 544 bytes read and written
  with a (3, 2, 10)
  1  conv    3x4x10            4,104 flops  result = max_pool1d<3, stride 2>(tanh(conv1d<padding 1>(a, 0.weight) + 0.bias))
)");
}

TEST_CASE("training: the kernel also stores what the way back needs") {
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    const ashlar::text plan = ashlar::plan(sgd, nn::CrossEntropyLoss{}(model(images), labels));
    const std::string_view all{plan.c_str(), plan.size()};
    const auto has = [&](std::string_view part) { return all.find(part) != all.npos; };
    CHECK(has("t1 = relu(conv2d(a, 0.weight) + 0.bias)\n"));
    CHECK(has("t2 = max_pool2d<2>(t1)\n"));
    CHECK(has("t18 = where(t3 <= 0, 0, max_pool2d_input<2>(t3, t17))\n"));
    CHECK(has("  3.bias -= lr * sum<0, 2, 3>(t18)\n"));
    CHECK(!has("[32x64]"));  // no step of its own for that
    CHECK(has("= conv2d_input(t18, 3.weight)\n"));
    CHECK(has("3.weight -= lr * conv2d_weight(t2, t18)\n"));
    CHECK(has("0.weight -= lr * conv2d_weight(a, t20)\n"));
    CHECK(has("0.bias -= lr * sum<0, 2, 3>(t20)\n"));
}
