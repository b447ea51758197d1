// SPDX-License-Identifier: BSL-1.0
// labels: text
// Plans as text. All but the last lines, "memory: ...", are the same for every target.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <string>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::plan, ashlar::Tensor;

namespace {

std::string steps(const ashlar::text& plan) {
    std::string all = "\n";
    all += plan.c_str();
    return all.erase(all.find("memory:"));
}

const Tensor<float, 4, 2> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
const Tensor<float, 4, 2> y{{1, 0}, {0, 1}, {0, 1}, {1, 0}};
using Xor = nn::Sequential<nn::Linear<2, 8>, nn::ReLU, nn::Linear<8, 2>>;
Xor model{ashlar::seed(0)};

}  // namespace

TEST_CASE("inference: bias and activation join the products") {
    CHECK(steps(plan(model(x))) == R"(
2 steps of straight code, 5 inputs, 328 flops, 488 bytes read and written
  with a (4, 2)
  1  matmul  4x2x8               192 flops  t1 = relu(matmul(a, transpose(0.weight)) + 0.bias)
  2  matmul  4x8x2               136 flops  result = matmul(t1, transpose(2.weight)) + 2.bias
)");
    nn::Sequential<nn::Linear<784, 128>, nn::ReLU, nn::Linear<128, 10>> digits;
    const Tensor<float, 32, 784> images{};
    CHECK(steps(plan(digits(images))) == R"(
2 steps with 2 kernels, 5 inputs, 6,512,960 flops, 541,480 bytes read and written
  with a (32, 784)
  1  matmul  32x784x128    6,430,720 flops  t1 = relu(matmul(a, transpose(0.weight)) + 0.bias)
  2  matmul  32x128x10        82,240 flops  result = matmul(t1, transpose(2.weight)) + 2.bias
)");
}

TEST_CASE("a compiled model: matrices are read where they lie, few outputs are dot products") {
    const nn::Sequential<nn::Linear<32, 96>, nn::ReLU, nn::Linear<96, 10>> network{ashlar::seed(0)};
    const auto fast = ashlar::compile(network);
    const Tensor<float, 40, 32> images{};
    CHECK(steps(plan(fast(images))) == R"(
2 steps with 2 kernels, 5 inputs, 330,640 flops, 53,992 bytes read and written
  with a (40, 32)
  1  matmul  40x32x96        253,440 flops  t1 = relu(matmul(a, panels(0.weight)) + 0.bias)
  2  matmul  40x96x10         77,200 flops  result = matmul(t1, transpose(2.weight)) + 2.bias
)");
}

TEST_CASE("an expression and its derivative are one loop each") {
    Tensor<float, 3> a{};
    const auto v = ashlar::variable<"x">(a);
    const auto value = sum(tanh(v) * v);
    CHECK(steps(plan(value)) == R"(
1 step of straight code, 1 input, 66 flops, 16 bytes read and written
  1  reduce  [3]                  66 flops  result = sum(tanh(x) * x)
)");
    CHECK(steps(plan(grad(value, v))) == R"(
1 step of straight code, 1 input, 72 flops, 24 bytes read and written
  1  map     3                    72 flops  result = tanh(x) + x * (1 - tanh(x)^2)
)");
}

TEST_CASE("a loss") {
    CHECK(steps(plan(nn::CrossEntropyLoss{}(model(x), y))) == R"(
6 steps of straight code, 8 inputs, 649 flops, 756 bytes read and written
  with a (4, 2), b (4, 2)
  1  matmul  4x2x8               192 flops  t1 = relu(matmul(a, transpose(0.weight)) + 0.bias)
  2  matmul  4x8x2               136 flops  t2 = matmul(t1, transpose(2.weight)) + 2.bias
  3  reduce  4[2]                  8 flops  t3 = max<1, keepdim>(t2)
  4  map     4x2                   8 flops  t4 = t2 - t3
  5  reduce  4[2]                248 flops  t5 = log(sum<1, keepdim>(exp(t4)))
  6  reduce  [4x2]                57 flops  result = -0.25 * sum((t4 - t5) * (b * (1 - label_smoothing) + 0.5 * label_smoothing))
)");
}

TEST_CASE("a training step: forward, backward and update together, parameters in place") {
    optim::SGD sgd{model, {.lr = 0.5f}};
    CHECK(steps(plan(sgd, nn::MSELoss{}(model(x), y))) == R"(
7 steps of straight code, 7 inputs, 941 flops, 1,660 bytes read and written
  with a (4, 2), b (4, 2)
  1  matmul  4x2x8               192 flops  t1 = relu(matmul(a, transpose(0.weight)) + 0.bias)
  2  matmul  4x8x2               160 flops  t2 = matmul(t1, transpose(2.weight)) + 2.bias - b
                                            t3 = 2 * 0.125 * t2
  3  reduce  [8]                  17 flops  loss = 0.125 * sum(t2^2)
  4  reduce  2[4]                 12 flops  2.bias -= lr * sum<0>(t3)
  5  matmul  4x2x8               240 flops  t4 = where(t1 <= 0, 0, matmul(t3, 2.weight))
                                            0.bias -= lr * sum<0>(t4)
  6  matmul  2x4x8               160 flops  2.weight -= lr * matmul(transpose(t3), t1)
  7  matmul  8x4x2               160 flops  0.weight -= lr * matmul(transpose(t4), a)
)");
    CHECK(steps(plan(sgd, nn::CrossEntropyLoss{}(model(x), y))) == R"(
13 steps of straight code, 9 inputs, 1,301 flops, 2,116 bytes read and written
  with a (4, 2), b (4, 2)
  1  matmul  4x2x8               192 flops  t1 = relu(matmul(a, transpose(0.weight)) + 0.bias)
  2  matmul  4x8x2               136 flops  t2 = matmul(t1, transpose(2.weight)) + 2.bias
  3  reduce  4[2]                  8 flops  t3 = max<1, keepdim>(t2)
  4  map     4x2                 168 flops  t4 = t2 - t3
                                            t5 = exp(t4)
  5  reduce  4[2]                 88 flops  t6 = sum<1, keepdim>(t5)
                                            t7 = log(t6)
  6  map     8                    32 flops  t8 = b * (1 - label_smoothing) + 0.5 * label_smoothing
  7  reduce  [4x2]                25 flops  loss = -0.25 * sum((t4 - t7) * t8)
  8  reduce  4[2]                 24 flops  t9 = sum<1, keepdim>(-(-0.25 * t8))
  9  map     4x2                  56 flops  t10 = -0.25 * t8 + t9 / t6 * t5
 10  reduce  2[4]                 12 flops  2.bias -= lr * sum<0>(t10)
 11  matmul  4x2x8               240 flops  t11 = where(t1 <= 0, 0, matmul(t10, 2.weight))
                                            0.bias -= lr * sum<0>(t11)
 12  matmul  2x4x8               160 flops  2.weight -= lr * matmul(transpose(t10), t1)
 13  matmul  8x4x2               160 flops  0.weight -= lr * matmul(transpose(t11), a)
)");
    optim::Adam adam{model};
    CHECK(steps(plan(adam, nn::MSELoss{}(model(x), y))) == R"(
7 steps of straight code, 22 inputs, 1,865 flops, 2,556 bytes read and written
  with a (4, 2), b (4, 2)
  1  matmul  4x2x8               192 flops  t1 = relu(matmul(a, transpose(0.weight)) + 0.bias)
  2  matmul  4x8x2               160 flops  t2 = matmul(t1, transpose(2.weight)) + 2.bias - b
                                            t3 = 2 * 0.125 * t2
  3  reduce  [8]                  17 flops  loss = 0.125 * sum(t2^2)
  4  reduce  2[4]                 56 flops  r1 = sum<0>(t3) + weight_decay * 2.bias
                                            2.bias.m = beta1 * 2.bias.m + (1 - beta1) * r1
                                            2.bias.v = beta2 * 2.bias.v + (1 - beta2) * r1^2
                                            2.bias -= rate * 2.bias.m / (sqrt(2.bias.v) / correction + eps)
  5  matmul  4x2x8               416 flops  t4 = where(t1 <= 0, 0, matmul(t3, 2.weight))
                                            r1 = sum<0>(t4) + weight_decay * 0.bias
                                            0.bias.m = beta1 * 0.bias.m + (1 - beta1) * r1
                                            0.bias.v = beta2 * 0.bias.v + (1 - beta2) * r1^2
                                            0.bias -= rate * 0.bias.m / (sqrt(0.bias.v) / correction + eps)
  6  matmul  2x4x8               512 flops  r1 = matmul(transpose(t3), t1) + weight_decay * 2.weight
                                            2.weight.m = beta1 * 2.weight.m + (1 - beta1) * r1
                                            2.weight.v = beta2 * 2.weight.v + (1 - beta2) * r1^2
                                            2.weight -= rate * 2.weight.m / (sqrt(2.weight.v) / correction + eps)
  7  matmul  8x4x2               512 flops  r1 = matmul(transpose(t4), a) + weight_decay * 0.weight
                                            0.weight.m = beta1 * 0.weight.m + (1 - beta1) * r1
                                            0.weight.v = beta2 * 0.weight.v + (1 - beta2) * r1^2
                                            0.weight -= rate * 0.weight.m / (sqrt(0.weight.v) / correction + eps)
)");
}

TEST_CASE("the long form: gradients are added to a buffer, then the update") {
    optim::SGD sgd{model, {.lr = 0.5f}};
    CHECK(steps(plan(sgd.gradients(), nn::MSELoss{}(model(x), y))) == R"(
7 steps of straight code, 10 inputs, 899 flops, 1,628 bytes read and written
  with a (4, 2), b (4, 2)
  1  matmul  4x2x8               192 flops  t1 = relu(matmul(a, transpose(0.weight)) + 0.bias)
  2  matmul  4x8x2               160 flops  t2 = matmul(t1, transpose(2.weight)) + 2.bias - b
                                            t3 = 2 * 0.125 * t2
  3  reduce  [8]                  17 flops  loss = 0.125 * sum(t2^2)
  4  reduce  2[4]                 10 flops  2.bias.grad += sum<0>(t3)
  5  matmul  4x2x8               232 flops  t4 = where(t1 <= 0, 0, matmul(t3, 2.weight))
                                            0.bias.grad += sum<0>(t4)
  6  matmul  2x4x8               144 flops  2.weight.grad += matmul(transpose(t3), t1)
  7  matmul  8x4x2               144 flops  0.weight.grad += matmul(transpose(t4), a)
)");
    CHECK(steps(plan(sgd)) == R"(
4 steps of straight code, 9 inputs, 84 flops, 536 bytes read and written
  1  map     16                   32 flops  0.weight -= lr * 0.weight.grad
  2  map     8                    16 flops  0.bias -= lr * 0.bias.grad
  3  map     16                   32 flops  2.weight -= lr * 2.weight.grad
  4  map     2                     4 flops  2.bias -= lr * 2.bias.grad
)");
}

TEST_CASE("the last lines say where the buffers lie") {
    const std::string all = plan(model(x)).c_str();
    CHECK(all.find("memory: ") != std::string::npos);
    CHECK(all.find("t1 f32[0..32)") != std::string::npos);
}

TEST_CASE("a training step's constants") {
    optim::SGD sgd{model, {.lr = 0.5f}};
    const auto loss = nn::MSELoss{}(model(x), y);
    constexpr auto flops = ashlar::training_flops<decltype(sgd), decltype(loss)>;
    // Three products for the second layer, two for the first one, whose input has no gradient.
    CHECK(flops > 2 * 4 * (2 * 2 * 8 + 3 * 8 * 2));
    CHECK(flops < 1100);
    CHECK(ashlar::training_workspace_bytes<decltype(sgd), decltype(loss)> <= 1024);
}

TEST_CASE("what is computed again of one object is marked, with let as the cure") {
    Tensor<float, 3> a{}, b{};
    CHECK(steps(plan(tanh(a) * tanh(a))) == R"(
1 step of straight code, 2 inputs, 123 flops, 36 bytes read and written
  with a (3)
  1  map     3                   123 flops  result = tanh(a) * tanh(a)  (tanh twice: see let)
)");
    CHECK(steps(plan(ashlar::let(tanh(a), [](auto t) { return t * t; }))) == R"(
1 step of straight code, 1 input, 63 flops, 24 bytes read and written
  with a (3)
  1  map     3                    63 flops  result = tanh(a)^2
)");
    CHECK(steps(plan(tanh(a) * tanh(b))) == R"(
1 step of straight code, 2 inputs, 123 flops, 36 bytes read and written
  with a (3), b (3)
  1  map     3                   123 flops  result = tanh(a) * tanh(b)
)");
    auto e = model(x) - y;
    CHECK(steps(plan(mean(e * e))) == R"(
5 steps of straight code, 12 inputs, 689 flops, 1,108 bytes read and written
  with a (4, 2), b (4, 2)
  1  matmul  4x2x8               192 flops  t1 = relu(matmul(a, transpose(0.weight)) + 0.bias)
  2  matmul  4x8x2               128 flops  t2 = matmul(t1, transpose(2.weight))
  3  matmul  4x2x8               192 flops  t3 = relu(matmul(a, transpose(0.weight)) + 0.bias)  (as step 1: see let)
  4  matmul  4x8x2               128 flops  t4 = matmul(t3, transpose(2.weight))  (as step 2: see let)
  5  reduce  [4x2]                49 flops  result = 0.125 * sum((t2 + 2.bias - b) * (t4 + 2.bias - b))  (sub twice: see let)
)");
    CHECK(steps(plan(tanh(a) * b + sum(tanh(a)))) == R"(
2 steps of straight code, 3 inputs, 129 flops, 56 bytes read and written
  with a (3), b (3)
  1  reduce  [3]                  63 flops  t1 = sum(tanh(a))
  2  map     3                    66 flops  result = tanh(a) * b + t1  (tanh as in step 1: see let)
)");
}

TEST_CASE("several results") {
    Tensor<float, 16, 4> m{};
    CHECK(steps(plan(ashlar::let(matmul(m, transpose(m)), [](auto e) {
              return ashlar::together(tanh(e), sum(tanh(e)), transpose(tanh(e)));
          }))) == R"(
3 steps of straight code, 2 inputs, 7,424 flops, 4,612 bytes read and written
  with a (16, 4)
  1  matmul  16x4x16           7,168 flops  result1 = tanh(matmul(a, transpose(a)))
  2  reduce  [256]               256 flops  result2 = sum(result1)
  3  map     16x16                 0 flops  result3 = transpose(result1)
)");
}
