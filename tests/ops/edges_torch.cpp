// SPDX-License-Identifier: BSL-1.0
// Values and gradients at nan, infinities, zeros and kinks beside PyTorch's.
#include "fixtures/edges.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::first_difference;
using support::tensor_of;
namespace edges = fixtures::edges;

namespace {

const auto points = tensor_of<edges::points_shape>(edges::points);
const auto left = tensor_of<edges::left_shape>(edges::left), right = tensor_of<edges::right_shape>(edges::right);

// 2, 3, 4, ...
template <std::size_t... Dims> auto upstream_of(Shape<Dims...>) {
    Tensor<double, Dims...> u;
    for (std::size_t i = 0; i < u.size(); ++i) u.data()[i] = 2 + static_cast<double>(i);
    return u;
}

constexpr double tolerance = 1e-13;

template <class Y, class X> bool values_and_gradient(const Y& y, const X& x, const double* output,
                                                     const double* gradient) {
    return first_difference(eval(y), output, tolerance) == -1 &&
           first_difference(eval(grad(sum(y * upstream_of(shape_t<Y>{})), x)), gradient, tolerance) == -1;
}
template <class F> bool unary(F f, const double* output, const double* gradient) {
    const auto x = variable<"x">(points);
    return values_and_gradient(f(x), x, output, gradient);
}
template <class F> bool binary(F f, const double* output, const double* gradient_a, const double* gradient_b) {
    const auto a = variable<"a">(left);
    const auto b = variable<"b">(right);
    return values_and_gradient(f(a, b), a, output, gradient_a) && values_and_gradient(f(a, b), b, output, gradient_b);
}

}  // namespace

TEST_CASE("functions with kinks", "[edges]") {
    CHECK(unary([](auto x) { return relu(x); }, edges::relu::output, edges::relu::grad_x));
    CHECK(unary([](auto x) { return leaky_relu(x); }, edges::leaky_relu::output, edges::leaky_relu::grad_x));
    CHECK(unary([](auto x) { return abs(x); }, edges::abs::output, edges::abs::grad_x));
    CHECK(unary([](auto x) { return sign(x); }, edges::sign::output, edges::sign::grad_x));
    CHECK(unary([](auto x) { return clamp(x, -1, 1); }, edges::clamp::output, edges::clamp::grad_x));
    CHECK(unary([](auto x) { return floor(x); }, edges::floor::output, edges::floor::grad_x));
    CHECK(unary([](auto x) { return round(x); }, edges::round::output, edges::round::grad_x));
    CHECK(unary([](auto x) { return softplus(x); }, edges::softplus::output, edges::softplus::grad_x));
}

TEST_CASE("smooth functions", "[edges]") {
    CHECK(unary([](auto x) { return gelu(x); }, edges::gelu::output, edges::gelu::grad_x));
    CHECK(unary([](auto x) { return silu(x); }, edges::silu::output, edges::silu::grad_x));
    CHECK(unary([](auto x) { return sigmoid(x); }, edges::sigmoid::output, edges::sigmoid::grad_x));
    CHECK(unary([](auto x) { return tanh(x); }, edges::tanh::output, edges::tanh::grad_x));
    CHECK(unary([](auto x) { return sqrt(x); }, edges::sqrt::output, edges::sqrt::grad_x));
    CHECK(unary([](auto x) { return rsqrt(x); }, edges::rsqrt::output, edges::rsqrt::grad_x));
    CHECK(unary([](auto x) { return log(x); }, edges::log::output, edges::log::grad_x));
    CHECK(unary([](auto x) { return asin(x); }, edges::asin::output, edges::asin::grad_x));
}

TEST_CASE("powers", "[edges]") {
    CHECK(unary([](auto x) { return square(x); }, edges::square::output, edges::square::grad_x));
    CHECK(unary([](auto x) { return pow(x, 0); }, edges::pow_0::output, edges::pow_0::grad_x));
    CHECK(unary([](auto x) { return pow<0>(x); }, edges::pow_0::output, edges::pow_0::grad_x));
    CHECK(unary([](auto x) { return pow(x, 1); }, edges::pow_1::output, edges::pow_1::grad_x));
    CHECK(unary([](auto x) { return pow<3>(x); }, edges::pow_3::output, edges::pow_3::grad_x));
    CHECK(unary([](auto x) { return pow(x, 2.5); }, edges::pow_2_5::output, edges::pow_2_5::grad_x));
    CHECK(unary([](auto x) { return pow(x, -1); }, edges::pow_minus1::output, edges::pow_minus1::grad_x));
    CHECK(unary([](auto x) { return pow(0.0, x); }, edges::zero_pow::output, edges::zero_pow::grad_x));
}

TEST_CASE("functions of two", "[edges]") {
    CHECK(binary([](auto a, auto b) { return minimum(a, b); }, edges::minimum::output, edges::minimum::grad_a,
                 edges::minimum::grad_b));
    CHECK(binary([](auto a, auto b) { return maximum(a, b); }, edges::maximum::output, edges::maximum::grad_a,
                 edges::maximum::grad_b));
    CHECK(binary([](auto a, auto b) { return a * b; }, edges::mul::output, edges::mul::grad_a, edges::mul::grad_b));
    CHECK(binary([](auto a, auto b) { return a / b; }, edges::div::output, edges::div::grad_a, edges::div::grad_b));
    CHECK(binary([](auto a, auto b) { return pow(a, b); }, edges::pow::output, edges::pow::grad_a, edges::pow::grad_b));
    CHECK(binary([](auto a, auto b) { return clamp(a, b, 1); }, edges::clamp_low::output, edges::clamp_low::grad_a,
                 edges::clamp_low::grad_b));
    CHECK(binary([](auto a, auto b) { return clamp(a, 0, b); }, edges::clamp_high::output, edges::clamp_high::grad_a,
                 edges::clamp_high::grad_b));
    CHECK(binary([](auto a, auto b) { return where(a > b, a, b); }, edges::where::output, edges::where::grad_a,
                 edges::where::grad_b));
    CHECK(binary([](auto a, auto b) { return leaky_relu(a, b); }, edges::prelu::output, edges::prelu::grad_a,
                 edges::prelu::grad_b));
}
