// SPDX-License-Identifier: BSL-1.0
// labels: slow
// weight_norm and spectral_norm, of float and of double, beside PyTorch in double: values, gradients, and three steps
// each of SGD and of Adam, with the singular vectors after them.
#include "support/catch.hpp"

#include "support/trained_layers.hpp"

namespace f = fixtures::trained_layers;
namespace nn = ashlar::nn;
using ashlar::Tensor;
using support::trains_as;

namespace {

// The fixtures begin with vectors of equal numbers.
template <class Model> Model with_unit_vectors() {
    Model model{};
    using T = typename Model::real_type;
    for (T& e : model.weight_u) e = static_cast<T>(1 / std::sqrt(static_cast<double>(model.weight_u.size())));
    for (T& e : model.weight_v) e = static_cast<T>(1 / std::sqrt(static_cast<double>(model.weight_v.size())));
    return model;
}
template <class Model> void vectors_agree(const Model& model, const double* expected) {
    constexpr double tolerance = support::trained_tolerance<typename Model::real_type>;
    CHECK(support::first_difference(model.weight_u, expected, tolerance) == -1);
    CHECK(support::first_difference(model.weight_v, expected + model.weight_u.size(), tolerance) == -1);
}

}  // namespace

TEMPLATE_TEST_CASE("weight_norm", "[nn]", float, double) {
    using T = TestType;
    using real = nn::real<T>;
    nn::weight_norm<nn::Linear<3, 2, real>> linear;
    trains_as<Tensor<T, 4, 2>, Tensor<T, 4, 3>>(f::weight_norm, linear);
    nn::weight_norm<nn::Conv1d<2, 3, 2, nn::no_bias, real>> signals;
    trains_as<Tensor<T, 2, 3, 3>, Tensor<T, 2, 2, 4>>(f::weight_norm_signals, signals);
}

TEMPLATE_TEST_CASE("spectral_norm", "[nn]", float, double) {
    using T = TestType;
    auto model = with_unit_vectors<nn::spectral_norm<nn::Linear<3, 2, nn::real<T>>>>();
    trains_as<Tensor<T, 4, 2>, Tensor<T, 4, 3>>(f::spectral_norm, model);
    vectors_agree(model, f::spectral_norm.buffers);
}

TEST_CASE("spectral_norm of convolutions", "[nn]") {
    using real = nn::real<double>;
    auto twice = with_unit_vectors<nn::spectral_norm<nn::Conv1d<2, 3, 2, real>, 2>>();
    trains_as<Tensor<double, 2, 3, 3>, Tensor<double, 2, 2, 4>>(f::spectral_norm_twice, twice);
    vectors_agree(twice, f::spectral_norm_twice.buffers);
    auto transposed = with_unit_vectors<nn::spectral_norm<nn::ConvTranspose1d<2, 3, 2, nn::no_bias, real>>>();
    trains_as<Tensor<double, 2, 3, 4>, Tensor<double, 2, 2, 3>>(f::spectral_norm_transposed, transposed);
    vectors_agree(transposed, f::spectral_norm_transposed.buffers);
}

TEST_CASE("weight_norm begins with the weight of its layer", "[nn]") {
    const nn::Linear<3, 2> plain{ashlar::seed(5)};
    const nn::weight_norm<nn::Linear<3, 2>> wrapped{ashlar::seed(5)};
    const Tensor<float, 4, 3> x{{1, -2, 0.5f}, {0.25f, 0, 3}, {-1, 1, 1}, {2, 2, -1}};
    CHECK(support::first_difference(ashlar::eval(wrapped(x)), ashlar::eval(plain(x)), 1e-6) == -1);
    static_assert(ashlar::parameter_count<nn::weight_norm<nn::Linear<3, 2>>> == 10);
    static_assert(ashlar::parameter_count<nn::spectral_norm<nn::Linear<3, 2>>> == 8);
}

TEST_CASE("the largest singular value becomes 1", "[nn]") {
    // After enough iterations: W W^T of two rows has the eigenvalues of a quadratic equation.
    nn::spectral_norm<nn::Linear<3, 2, nn::no_bias, nn::real<double>>, 40> layer{ashlar::seed(1)};
    layer.weight_orig = Tensor<double, 2, 3>{{1, 2, -1}, {0.5, 0, 3}};
    const double a = 6, b = 9.25, c = 0.5 - 3;
    const double sigma = std::sqrt((a + b + std::sqrt((a - b) * (a - b) + 4 * c * c)) / 2);
    const Tensor<double, 3> x{1, -1, 2};
    const Tensor<double, 2> y = ashlar::training(layer)(x);
    CHECK(support::close(y(0), (1 - 2 - 2) / sigma, 1e-14));
    CHECK(support::close(y(1), 6.5 / sigma, 1e-14));
}

TEST_CASE("a wrapped layer inside a model, frozen and called twice", "[nn]") {
    using layer = nn::weight_norm<nn::Linear<3, 3>>;
    nn::Sequential<layer, nn::Tanh, nn::frozen<layer>> model{ashlar::seed(2)};
    const Tensor<float, 3> x{1, -2, 0.5f};
    const auto gradients = ashlar::value_and_grad(sum(model(x)), model).gradients;
    CHECK(gradients.template get<2>().weight_g == Tensor<float, 3, 1>::zeros());
    CHECK(!(gradients.template get<0>().weight_g == Tensor<float, 3, 1>::zeros()));
    const auto compiled = ashlar::compile(model);
    CHECK(support::first_difference(ashlar::eval(compiled(x)), ashlar::eval(model(x)), 1e-6) == -1);
    const auto& first = model.template get<0>();
    CHECK(support::first_difference(ashlar::eval(first(first(x))), ashlar::eval(first(ashlar::eval(first(x)))), 1e-6) ==
          -1);
}
