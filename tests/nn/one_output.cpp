// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Layers of one output, as regression has them, with few inputs and any number of rows: values, gradients and training.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <cstddef>

using namespace ashlar;

namespace {

template <std::size_t In, std::size_t Rows, class T> void check() {
    CAPTURE(In, Rows);
    nn::Linear<In, 1> head{};
    Tensor<float, Rows, In> x{};
    for (std::size_t i = 0; i < Rows * In; ++i) x.data()[i] = static_cast<float>(i * 7 % 11) - 5;
    for (std::size_t j = 0; j < In; ++j) head.weight.data()[j] = static_cast<float>(j % 4) - 1;
    head.bias.data()[0] = 2;
    const Tensor<float, Rows, 1> y = head(x);
    const Tensor<T, Rows, In> left = to<T>(x);
    const Tensor<T, 1, In> right = to<T>(head.weight);
    const Tensor<T, Rows, 1> z = matmul(left, transpose(right));
    for (std::size_t i = 0; i < Rows; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < In; ++j) sum += static_cast<double>(x(i, j)) * head.weight.data()[j];
        CHECK(y.data()[i] == sum + 2);
        CHECK(z.data()[i] == sum);
    }
}

}  // namespace

TEMPLATE_TEST_CASE("layers of one output", "[linear]", float, double) {
    check<7, 16, TestType>();
    check<1, 9, TestType>();
    check<8, 16, TestType>();
    check<5, 3000, TestType>();  // no longer straight code
}

TEST_CASE("a layer of one output learns", "[linear]") {
    nn::Linear<3, 1> head{};
    Tensor<float, 32, 3> x{};
    Tensor<float, 32, 1> y{};
    for (std::size_t i = 0; i < 96; ++i) x.data()[i] = static_cast<float>(i * 5 % 13) / 8 - 0.75f;
    for (std::size_t i = 0; i < 32; ++i) y.data()[i] = x(i, 0) - 2 * x(i, 1) + 0.5f * x(i, 2) + 1;
    head.weight = Tensor<float, 1, 3>::zeros(), head.bias = Tensor<float, 1>::zeros();
    double weight[3]{}, bias = 0;
    optim::SGD optimizer{head, {.lr = 0.1f}};
    for (int step = 0; step < 4; ++step) {
        double loss = 0, gradient[4]{};
        for (std::size_t i = 0; i < 32; ++i) {
            double e = bias - y.data()[i];
            for (std::size_t j = 0; j < 3; ++j) e += weight[j] * x(i, j);
            loss += e * e / 32, gradient[3] += e / 16;
            for (std::size_t j = 0; j < 3; ++j) gradient[j] += e * x(i, j) / 16;
        }
        for (std::size_t j = 0; j < 3; ++j) weight[j] -= 0.1 * gradient[j];
        bias -= 0.1 * gradient[3];
        const float found = optimizer.step(nn::MSELoss{}(head(x), y));
        CHECK(found == Approx(loss).epsilon(1e-5));
    }
}
