// SPDX-License-Identifier: BSL-1.0
// Values and gradients at the largest and the smallest numbers, and of rows with infinities, beside PyTorch's.
#include "fixtures/extremes.hpp"
#include "support/fixture.hpp"

#include <limits>

using namespace ashlar;
using support::tensor_of;
namespace extremes = fixtures::extremes;

namespace {

const auto points = tensor_of<extremes::points_shape>(extremes::points);
const auto floats = tensor_of<extremes::floats_shape>(extremes::floats);
const auto left = tensor_of<extremes::left_shape>(extremes::left);
const auto right = tensor_of<extremes::right_shape>(extremes::right);
const auto rows = tensor_of<extremes::rows_shape>(extremes::rows);

// Relative to the expected number, however small, but for those that lost digits themselves: below 1e-307, 1e-37.
template <class T, std::size_t... Dims> bool same(const Tensor<T, Dims...>& got, const T* expected, double tolerance) {
    const double least = 10 * static_cast<double>(std::numeric_limits<T>::min());
    for (std::size_t i = 0; i < got.size(); ++i) {
        const double a = static_cast<double>(got.data()[i]), b = static_cast<double>(expected[i]);
        const bool equal = std::isnan(b)   ? std::isnan(a)
                           : std::isinf(b) ? a == b
                                           : std::abs(a - b) <= tolerance * std::abs(b) + least;
        if (equal) continue;
        UNSCOPED_INFO("element " << i << " is " << a << ", expected " << b);
        return false;
    }
    return true;
}

template <class F> bool in_double(F f, const double* output, const double* gradient) {
    const auto x = variable<"x">(points);
    return same(eval(f(x)), output, 1e-12) && same(eval(grad(sum(f(x) * 2.0), x)), gradient, 1e-12);
}
template <class F> bool in_float(F f, const float* output, const float* gradient) {
    const auto x = variable<"x">(floats);
    return same(eval(f(x)), output, 2e-6) && same(eval(grad(sum(f(x) * 2.0f), x)), gradient, 2e-6);
}
template <class F> bool of_two(F f, const double* output, const double* gradient_a, const double* gradient_b) {
    const auto a = variable<"a">(left);
    const auto b = variable<"b">(right);
    return same(eval(f(a, b)), output, 1e-12) && same(eval(grad(sum(f(a, b) * 2.0), a)), gradient_a, 1e-12) &&
           same(eval(grad(sum(f(a, b) * 2.0), b)), gradient_b, 1e-12);
}
template <class F> bool of_rows(F f, const double* output, const double* gradient) {
    const auto x = variable<"x">(rows);
    const auto y = f(x);
    Tensor<double, decltype(y)::extent[1]> upstream;
    for (std::size_t i = 0; i < upstream.size(); ++i) upstream(i) = 2 + static_cast<double>(i);
    return same(eval(y), output, 1e-12) && same(eval(grad(sum(y * upstream), x)), gradient, 1e-12);
}

}  // namespace

TEST_CASE("functions made of exponentials", "[extremes]") {
    CHECK(in_double([](auto x) { return softplus(x); }, extremes::softplus::output, extremes::softplus::grad_x));
    CHECK(in_double([](auto x) { return gelu(x); }, extremes::gelu::output, extremes::gelu::grad_x));
    CHECK(in_double([](auto x) { return gelu_tanh(x); }, extremes::gelu_tanh::output, extremes::gelu_tanh::grad_x));
    CHECK(in_double([](auto x) { return silu(x); }, extremes::silu::output, extremes::silu::grad_x));
    CHECK(in_double([](auto x) { return sigmoid(x); }, extremes::sigmoid::output, extremes::sigmoid::grad_x));
    CHECK(in_double([](auto x) { return tanh(x); }, extremes::tanh::output, extremes::tanh::grad_x));
    CHECK(in_double([](auto x) { return exp(x); }, extremes::exp::output, extremes::exp::grad_x));
    CHECK(in_double([](auto x) { return expm1(x); }, extremes::expm1::output, extremes::expm1::grad_x));
    CHECK(in_double([](auto x) { return erf(x); }, extremes::erf::output, extremes::erf::grad_x));
}

TEST_CASE("functions made of exponentials, in float", "[extremes]") {
    CHECK(in_float([](auto x) { return softplus(x); },
                   extremes::softplus_float::output, extremes::softplus_float::grad_x));
    CHECK(in_float([](auto x) { return gelu(x); }, extremes::gelu_float::output, extremes::gelu_float::grad_x));
    CHECK(in_float([](auto x) { return silu(x); }, extremes::silu_float::output, extremes::silu_float::grad_x));
    CHECK(in_float([](auto x) { return sigmoid(x); },
                   extremes::sigmoid_float::output, extremes::sigmoid_float::grad_x));
    CHECK(in_float([](auto x) { return tanh(x); }, extremes::tanh_float::output, extremes::tanh_float::grad_x));
    CHECK(in_float([](auto x) { return exp(x); }, extremes::exp_float::output, extremes::exp_float::grad_x));
}

TEST_CASE("other functions", "[extremes]") {
    CHECK(in_double([](auto x) { return sqrt(x); }, extremes::sqrt::output, extremes::sqrt::grad_x));
    CHECK(in_double([](auto x) { return rsqrt(x); }, extremes::rsqrt::output, extremes::rsqrt::grad_x));
    CHECK(in_double([](auto x) { return sinh(x); }, extremes::sinh::output, extremes::sinh::grad_x));
    CHECK(in_double([](auto x) { return cosh(x); }, extremes::cosh::output, extremes::cosh::grad_x));
    CHECK(in_double([](auto x) { return square(x); }, extremes::square::output, extremes::square::grad_x));
    CHECK(in_double([](auto x) { return pow<3>(x); }, extremes::cube::output, extremes::cube::grad_x));
    CHECK(in_double([](auto x) { return 1 / x; }, extremes::reciprocal::output, extremes::reciprocal::grad_x));
    CHECK(in_double([](auto x) { return pow<-2>(x); },
                    extremes::inverse_square::output, extremes::inverse_square::grad_x));
    CHECK(in_double([](auto x) { return pow(x, 2.5); }, extremes::power::output, extremes::power::grad_x));
    CHECK(in_double([](auto x) { return pow(2.0, x); }, extremes::two_to_the::output, extremes::two_to_the::grad_x));
}

TEST_CASE("functions of two", "[extremes]") {
    CHECK(of_two([](auto a, auto b) { return a * b; },
                 extremes::mul::output, extremes::mul::grad_a, extremes::mul::grad_b));
    CHECK(of_two([](auto a, auto b) { return a / b; },
                 extremes::div::output, extremes::div::grad_a, extremes::div::grad_b));
    CHECK(of_two([](auto a, auto b) { return pow(a, b); },
                 extremes::pow::output, extremes::pow::grad_a, extremes::pow::grad_b));
    CHECK(of_two([](auto a, auto b) { return sqrt(a * a + b * b); },
                 extremes::hypot::output, extremes::hypot::grad_a, extremes::hypot::grad_b));
}

TEST_CASE("rows", "[extremes]") {
    CHECK(of_rows([](auto x) { return logsumexp<1, keepdim>(x); },
                  extremes::logsumexp::output, extremes::logsumexp::grad_x));
    CHECK(of_rows([](auto x) { return softmax<1>(x); }, extremes::softmax::output, extremes::softmax::grad_x));
    CHECK(of_rows([](auto x) { return log_softmax<1>(x); },
                  extremes::log_softmax::output, extremes::log_softmax::grad_x));
    CHECK(of_rows([](auto x) { return mean<1, keepdim>(x); }, extremes::mean::output, extremes::mean::grad_x));
    CHECK(of_rows([](auto x) { return var<1, keepdim>(x); }, extremes::var::output, extremes::var::grad_x));
    CHECK(of_rows([](auto x) { return sqrt(sum<1, keepdim>(x * x)); }, extremes::norm::output, extremes::norm::grad_x));
    CHECK(of_rows([](auto x) { return max<1, keepdim>(x); }, extremes::max::output, extremes::max::grad_x));
    CHECK(of_rows([](auto x) { return amax<1, keepdim>(x); }, extremes::amax::output, extremes::amax::grad_x));
    // Two largest numbers, where PyTorch rounds the sum before it takes the difference and gives 1 twice.
    const double largest = std::numeric_limits<double>::max();
    const Tensor<double, 2> two{largest, largest};
    const auto x = variable<"x">(two);
    CHECK(eval(softmax<0>(x)) == Tensor<double, 2>{0.5, 0.5});
    CHECK(eval(grad(logsumexp<0>(x), x)) == Tensor<double, 2>{0.5, 0.5});
    CHECK(eval(logsumexp<0>(Tensor<int, 2>{0, 0})) == Tensor<float>{0.6931472f});
}

TEST_CASE("losses", "[extremes]") {
    constexpr std::size_t n = extremes::rows_shape[0];
    const Tensor<int, n> labels{};
    const auto halves = eval(Tensor<double, n, 2>::ones() * 0.5);
    nn::CrossEntropyLoss<nn::reduction::none> plain, smooth;
    smooth.label_smoothing = 0.1;
    CHECK(of_rows([&](auto x) { return nn::MSELoss<nn::reduction::none>{}(x, Tensor<double, n, 2>::ones()); },
                  extremes::mse::output, extremes::mse::grad_x));
    CHECK(of_rows([&](auto x) { return unsqueeze<1>(plain(x, labels)); },
                  extremes::classes::output, extremes::classes::grad_x));
    CHECK(of_rows([&](auto x) { return unsqueeze<1>(smooth(x, labels)); },
                  extremes::smoothed::output, extremes::smoothed::grad_x));
    CHECK(of_rows([&](auto x) { return unsqueeze<1>(plain(x, halves)); },
                  extremes::probabilities::output, extremes::probabilities::grad_x));
}
