// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Dropout between products: its factors are computed in registers of both of them, forward and backward, and stored in
// neither. Expected values come from loops in this file.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <memory>
#include <string>
#include <vector>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

namespace {

std::string steps(const ashlar::text& plan) {
    std::string all = "\n";
    all += plan.c_str();
    return all.erase(all.find("memory:"));
}

// Two products with a dropout in between.
template <class T, std::size_t In, std::size_t Hidden, std::size_t Out> struct Model {
    Tensor<T, Hidden, In> first{};
    Tensor<T, Hidden> bias{};
    nn::Dropout drop{0.5};
    Tensor<T, Out, Hidden> second{};
    using members = ashlar::members<&Model::first, &Model::bias, &Model::drop, &Model::second>;
    constexpr auto operator()(ashlar::expression auto x) const {
        return matmul(drop(relu(matmul(x, transpose(first)) + bias)), transpose(second));
    }
};
constexpr int place = 3;  // of the dropout's seed among the numbers of the model

bool dropped(std::size_t i, std::uint32_t position, std::uint32_t seed) {
    const std::uint32_t key = ashlar::kernels::threefry(seed, std::uint32_t{place}, 0u, 0u).first;
    const auto bits = ashlar::kernels::threefry(static_cast<std::uint32_t>(i), position, key, 0u).first;
    return static_cast<std::int32_t>(bits) < 0;  // p = 0.5
}

// Whole numbers: sums are exact in every order.
template <class T, std::size_t... N> void fill(Tensor<T, N...>& t, int seed) {
    int i = 0;
    for (auto& x : t) x = static_cast<T>((i * 7 + seed) % 11 - 5), ++i;
}

template <class T, std::size_t Rows, std::size_t In, std::size_t Hidden, std::size_t Out> int wrong_gradients() {
    using model = Model<T, In, Hidden, Out>;
    const auto m = std::make_unique<model>();
    const auto x = std::make_unique<Tensor<T, Rows, In>>();
    fill(m->first, 1), fill(m->bias, 2), fill(m->second, 3), fill(*x, 4);
    m->drop.stream.seed = 77;
    int wrong = 0;
    for (std::uint32_t position = 0; position < 2; ++position) {
        const auto [loss, gradients] = ashlar::value_and_grad(sum(ashlar::call(*m, *x)), *m);
        double expected_loss = 0;
        std::vector<double> first(Hidden * In), bias(Hidden), second(Hidden);
        for (std::size_t n = 0; n < Rows; ++n)
            for (std::size_t h = 0; h < Hidden; ++h) {
                double y = static_cast<double>(m->bias(h)), g = 0;
                for (std::size_t k = 0; k < In; ++k) y += static_cast<double>((*x)(n, k) * m->first(h, k));
                for (std::size_t o = 0; o < Out; ++o) g += static_cast<double>(m->second(o, h));
                const double factor = dropped(n * Hidden + h, position, 77) ? 0 : 2;
                if (y <= 0) continue;
                expected_loss += y * factor * g;
                second[h] += y * factor;
                bias[h] += g * factor;
                for (std::size_t k = 0; k < In; ++k) first[h * In + k] += g * factor * static_cast<double>((*x)(n, k));
            }
        wrong += static_cast<double>(loss) != expected_loss;
        for (std::size_t h = 0; h < Hidden; ++h) {
            wrong += static_cast<double>(gradients.bias(h)) != bias[h];
            for (std::size_t o = 0; o < Out; ++o) wrong += static_cast<double>(gradients.second(o, h)) != second[h];
            for (std::size_t k = 0; k < In; ++k)
                wrong += static_cast<double>(gradients.first(h, k)) != first[h * In + k];
        }
    }
    return wrong;
}

}  // namespace

TEST_CASE("the factors of a dropout are drawn where products end", "[nn]") {
    nn::Sequential<nn::Linear<30, 40>, nn::ReLU, nn::Dropout, nn::Linear<40, 10>> model{ashlar::seed(0)};
    const Tensor<float, 20, 30> x{};
    const Tensor<float, 20, 10> y{};
    CHECK(steps(ashlar::plan(ashlar::training(model)(x))) == R"(
6 steps with 6 kernels, 8 inputs, 73,008 flops, 16,720 bytes read and written
  with a (20, 30)
  1  map     1                     7 flops  t1 = where(2.p < 1, 1 / (1 - 2.p), 0)
  2  map     1                     1 flops  t2 = random_bits(2.stream.seed, 3, 0)
  3  range   40                    0 flops  t3 = arange(40)
  4  range   20                    0 flops  t4 = arange(20)
  5  matmul  20x30x40         56,800 flops  r1 = random_bits(t3 + 40 * t4, 2.stream.position, t2) )"
          R"(< to<int>(4.2949673e+09 * 2.p - 2147483648)
                                            t5 = relu(matmul(a, transpose(0.weight)) + 0.bias) * where(r1,)"
          R"( 0, t1)
  6  matmul  20x40x10         16,200 flops  result = matmul(t5, transpose(3.weight)) + 3.bias
)");
    optim::SGD sgd{model, {.lr = 0.1}};
    CHECK(steps(ashlar::plan(sgd, nn::MSELoss{}(model(x), y))) == R"(
12 steps with 12 kernels, 10 inputs, 168,710 flops, 55,184 bytes read and written
  with a (20, 30), b (20, 10)
  1  map     1                     7 flops  t1 = where(2.p < 1, 1 / (1 - 2.p), 0)
  2  map     1                     1 flops  t2 = random_bits(2.stream.seed, 3, 0)
  3  range   40                    0 flops  t3 = arange(40)
  4  range   20                    0 flops  t4 = arange(20)
  5  matmul  20x30x40         56,800 flops  t5 = matmul(a, transpose(0.weight))
                                            r1 = random_bits(t3 + 40 * t4, 2.stream.position, t2) )"
          R"(< to<int>(4.2949673e+09 * 2.p - 2147483648)
                                            t6 = relu(t5 + 0.bias) * where(r1, 0, t1)
  6  map     1                     1 flops  2.stream.position' = 2.stream.position + 1
  7  matmul  20x40x10         16,800 flops  t7 = matmul(t6, transpose(3.weight)) + 3.bias - b
                                            t8 = 2 * 0.005 * t7
  8  reduce  [200]               401 flops  loss = 0.005 * sum(t7^2)
  9  reduce  10[20]              220 flops  3.bias -= lr * sum<0>(t8)
 10  matmul  20x10x40         27,280 flops  r1 = random_bits(t3 + 40 * t4, 2.stream.position, t2) )"
          R"(< to<int>(4.2949673e+09 * 2.p - 2147483648)
                                            t9 = where(relu(t5 + 0.bias) <= 0, 0, matmul(t8, 3.weight) )"
          R"(* where(r1, 0, t1))
                                            0.bias -= lr * sum<0>(t9)
 11  matmul  10x20x40         16,800 flops  3.weight -= lr * matmul(transpose(t8), t6)
 12  matmul  40x20x30         50,400 flops  0.weight -= lr * matmul(transpose(t9), a)
)");
}

TEST_CASE("a product of a batch with one matrix stays one product", "[nn]") {
    nn::Sequential<nn::Linear<8, 24>, nn::Dropout, nn::Linear<24, 3>> model{ashlar::seed(0)};
    const Tensor<float, 4, 5, 8> x{};
    const std::string plan = ashlar::plan(ashlar::training(model)(x)).c_str();
    CHECK(plan.substr(0, 8) == "6 steps ");
    CHECK(plan.find("  matmul  20x8x24 ") != std::string::npos);
    CHECK(plan.find("  matmul  20x24x3 ") != std::string::npos);
}

TEST_CASE("what is moved before a product", "[nn]") {
    const Tensor<float, 20, 30> a{};
    const Tensor<float, 30, 40> b{};
    const Tensor<float, 40> scale{};
    CHECK(steps(ashlar::plan(matmul(a, b) * exp(scale) + exp(scale))) == R"(
3 steps with 2 kernels, 4 inputs, 51,200 flops, 11,360 bytes read and written
  with a (20, 30), b (30, 40), c (40)
  1  map     40                  800 flops  t1 = exp(c)
  2  map     40                  800 flops  t2 = exp(c)  (as step 1: see let)
  3  matmul  20x30x40         49,600 flops  result = matmul(a, b) * t1 + t2
)");
}

TEST_CASE("gradients of products around a dropout", "[nn]") {
    CHECK(wrong_gradients<float, 1, 3, 5, 2>() == 0);
    CHECK(wrong_gradients<float, 20, 30, 40, 10>() == 0);
    CHECK(wrong_gradients<float, 71, 6, 67, 3>() == 0);
    CHECK(wrong_gradients<double, 7, 5, 19, 3>() == 0);
}
