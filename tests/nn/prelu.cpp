// SPDX-License-Identifier: BSL-1.0
// labels: slow
// PReLU beside PyTorch: one weight, one for each channel on axis 1, and what it is initialised with.

#include "fixtures/units.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::first_difference;
using support::tensor_of;
namespace units = fixtures::units;

template <class Layer, class X, std::size_t N, std::size_t M>
static void agrees(const Layer& layer, const X& at, const float (&output)[N], const float (&grad_input)[N],
                   const float (&grad_weight)[M]) {
    X upstream;
    for (std::size_t i = 0; i < N; ++i) upstream.data()[i] = units::upstream[i];
    const auto x = variable<"x">(at);
    CHECK(first_difference(eval(layer(x)), output, 1e-6) == -1);
    CHECK(first_difference(eval(grad(sum(layer(x) * upstream), x)), grad_input, 1e-6) == -1);
    const auto result = value_and_grad(sum(layer(at) * upstream), layer);
    CHECK(first_difference(result.gradients.weight, grad_weight, 2e-6) == -1);
}

TEST_CASE("PReLU", "[nn][activation]") {
    const auto at = tensor_of<units::matrix_shape>(units::matrix);
    {
        namespace f = units::prelu;
        agrees(nn::PReLU{}, at, f::output, f::grad_input, f::grad_weight);
        CHECK(first_difference(eval(prelu(at, Tensor<float, 1>{0.25f})), f::output, 1e-6) == -1);
    }
    {
        namespace f = units::prelu_weight;
        agrees(nn::PReLU<>{0.5f}, at, f::output, f::grad_input, f::grad_weight);
    }
    {
        namespace f = units::prelu_columns;
        nn::PReLU<6> layer{};
        layer.weight = tensor_of<f::weight_shape>(f::weight);
        agrees(layer, at, f::output, f::grad_input, f::grad_weight);
    }
    {
        namespace f = units::prelu_images;
        nn::PReLU<3> layer{};
        layer.weight = tensor_of<f::weight_shape>(f::weight);
        const Tensor<float, 2, 3, 2, 2> images = reshape<2, 3, 2, 2>(at);
        agrees(layer, images, f::output, f::grad_input, f::grad_weight);
    }
}

TEST_CASE("PReLU begins with 0.25", "[nn][activation]") {
    CHECK(nn::PReLU<2>{}.weight == Tensor<float, 2>::full(0.25f));
    CHECK(nn::PReLU<2>{0.1f}.weight == Tensor<float, 2>::full(0.1f));
    CHECK(nn::PReLU<2>{seed(3)}.weight == Tensor<float, 2>::full(0.25f));
    nn::Sequential<nn::Linear<3, 4>, nn::PReLU<4>, nn::Linear<4, 2>> model{seed(1)};
    CHECK(model.get<1>().weight == Tensor<float, 4>::full(0.25f));
    CHECK(parameter_count<decltype(model)> == 16 + 4 + 10);
    // It learns.
    optim::SGD sgd{model, {.lr = 0.1f}};
    const auto x = Tensor<float, 5, 3>::generate(
        [](std::size_t i, std::size_t j) { return std::sin(3.0 * static_cast<double>(i) + static_cast<double>(j)); });
    const float before = nn::MSELoss{}(model(x), Tensor<float, 5, 2>::ones());
    for (int i = 0; i < 20; ++i) sgd.step(nn::MSELoss{}(model(x), Tensor<float, 5, 2>::ones()));
    CHECK(nn::MSELoss{}(model(x), Tensor<float, 5, 2>::ones()) < 0.5f * before);
    CHECK(model.get<1>().weight != Tensor<float, 4>::full(0.25f));
}
