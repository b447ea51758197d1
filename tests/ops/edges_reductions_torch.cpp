// SPDX-License-Identifier: BSL-1.0
// Reductions and pools at ties, nan, infinities and zeros beside PyTorch's values and gradients.
#include "fixtures/edges.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::first_difference;
using support::tensor_of;
namespace edges = fixtures::edges;

namespace {

const auto rows = tensor_of<edges::rows_shape>(edges::rows);
const auto ends = tensor_of<edges::ends_shape>(edges::ends);

constexpr double tolerance = 1e-13;

// The value of f(x), and the gradient of sum(f(x) * upstream), where upstream is 2, 3, 4, ...
template <class F, std::size_t... X> bool same_as(F f, const Tensor<double, X...>& at, const double* output,
                                                  const double* gradient) {
    const auto x = variable<"x">(at);
    const auto upstream = []<std::size_t... Dims>(Shape<Dims...>) {
        Tensor<double, Dims...> u;
        for (std::size_t i = 0; i < u.size(); ++i) u.data()[i] = 2 + static_cast<double>(i);
        return u;
    }(shape_t<decltype(f(x))>{});
    return first_difference(eval(f(x)), output, tolerance) == -1 &&
           first_difference(eval(grad(sum(f(x) * upstream), x)), gradient, tolerance) == -1;
}

const auto max_of_all = [](auto x) { return max(x); };
const auto min_of_all = [](auto x) { return min(x); };

}  // namespace

TEST_CASE("the largest of everything is shared by equal ones, whatever the rank", "[max]") {
    CHECK(same_as(max_of_all, ends, edges::max_of_4::output, edges::max_of_4::grad_x));
    CHECK(same_as(max_of_all, eval(reshape<1, 4>(ends)), edges::max_of_1x4::output, edges::max_of_1x4::grad_x));
    CHECK(same_as(max_of_all, eval(reshape<2, 2>(ends)), edges::max_of_2x2::output, edges::max_of_2x2::grad_x));
    CHECK(same_as([](auto x) { return amax(x); }, ends, edges::amax_of_4::output, edges::amax_of_4::grad_x));
    CHECK(same_as(min_of_all, ends, edges::min_of_4::output, edges::min_of_4::grad_x));
    CHECK(same_as(min_of_all, eval(reshape<1, 4>(ends)), edges::min_of_1x4::output, edges::min_of_1x4::grad_x));
    CHECK(same_as([](auto x) { return amin(x); }, ends, edges::amin_of_4::output, edges::amin_of_4::grad_x));
}

TEST_CASE("an axis that is named gives the gradient to one", "[max]") {
    CHECK(same_as([](auto x) { return max<0>(x); }, ends, edges::max_along_0::output, edges::max_along_0::grad_x));
    CHECK(same_as([](auto x) { return max<1>(x); }, rows, edges::max_rows::output, edges::max_rows::grad_x));
    CHECK(same_as([](auto x) { return max<0>(x); }, rows, edges::max_columns::output, edges::max_columns::grad_x));
    CHECK(same_as([](auto x) { return min<0>(x); }, ends, edges::min_along_0::output, edges::min_along_0::grad_x));
    CHECK(same_as([](auto x) { return min<1>(x); }, rows, edges::min_rows::output, edges::min_rows::grad_x));
    CHECK(same_as([](auto x) { return min<0>(x); }, rows, edges::min_columns::output, edges::min_columns::grad_x));
    // PyTorch has no max over two dimensions: one of all, the first in row-major order, as argmax says.
    const Tensor<double, 2, 2, 2> cube{{{1, 5}, {3, 3}}, {{5, 2}, {3, 3}}};
    const auto x = variable<"x">(cube);
    CHECK(eval(argmax<0, 2>(x)) == Tensor<int, 2>{1, 0});
    CHECK(eval(grad(sum(max<0, 2>(x)), x)) == Tensor<double, 2, 2, 2>{{{0, 1}, {1, 0}}, {{0, 0}, {0, 0}}});
    CHECK(eval(grad(sum(max<0, 1, 2>(x)), x)) == Tensor<double, 2, 2, 2>{{{0, 1}, {0, 0}}, {{0, 0}, {0, 0}}});
}

TEST_CASE("amax and amin share over axes", "[max]") {
    const auto cube = tensor_of<edges::amax_axes::x_shape>(edges::amax_axes::x);
    CHECK(same_as([](auto x) { return amax<1>(x); }, rows, edges::amax_rows::output, edges::amax_rows::grad_x));
    CHECK(same_as([](auto x) { return amax<0, keepdim>(x); }, rows, edges::amax_columns::output,
                  edges::amax_columns::grad_x));
    CHECK(same_as([](auto x) { return amax<0, 2>(x); }, cube, edges::amax_axes::output, edges::amax_axes::grad_x));
    CHECK(same_as([](auto x) { return amin<1>(x); }, rows, edges::amin_rows::output, edges::amin_rows::grad_x));
    CHECK(same_as([](auto x) { return amin<0, keepdim>(x); }, rows, edges::amin_columns::output,
                  edges::amin_columns::grad_x));
    CHECK(same_as([](auto x) { return amin<0, 2>(x); }, cube, edges::amin_axes::output, edges::amin_axes::grad_x));
}

TEST_CASE("the largest of everything beside nan and infinities", "[max]") {
    CHECK(same_as(max_of_all, tensor_of<edges::max_nan::x_shape>(edges::max_nan::x), edges::max_nan::output,
                  edges::max_nan::grad_x));
    CHECK(same_as(min_of_all, tensor_of<edges::min_nan::x_shape>(edges::min_nan::x), edges::min_nan::output,
                  edges::min_nan::grad_x));
    CHECK(same_as(max_of_all, tensor_of<edges::max_inf::x_shape>(edges::max_inf::x), edges::max_inf::output,
                  edges::max_inf::grad_x));
    CHECK(same_as(min_of_all, tensor_of<edges::min_inf::x_shape>(edges::min_inf::x), edges::min_inf::output,
                  edges::min_inf::grad_x));
}

TEST_CASE("sums of exponentials", "[softmax]") {
    const auto x = tensor_of<edges::softmax::x_shape>(edges::softmax::x);
    CHECK(same_as([](auto v) { return logsumexp<1>(v); }, x, edges::logsumexp::output, edges::logsumexp::grad_x));
    CHECK(same_as([](auto v) { return softmax<1>(v); }, x, edges::softmax::output, edges::softmax::grad_x));
    CHECK(same_as([](auto v) { return log_softmax<1>(v); }, x, edges::log_softmax::output, edges::log_softmax::grad_x));
}

TEST_CASE("products with zeros", "[prod]") {
    const auto at = tensor_of<edges::prod_rows::x_shape>(edges::prod_rows::x);
    CHECK(same_as([](auto x) { return prod<1>(x); }, at, edges::prod_rows::output, edges::prod_rows::grad_x));
    const auto x = variable<"x">(at);
    const auto first = grad(sum(prod<1>(x) * Tensor<double, 5>{2, 3, 4, 5, 6}), x);
    CHECK(first_difference(eval(grad(sum(first * eval(cos(x))), x)), edges::prod_rows::second_x, tolerance) == -1);
    CHECK(same_as([](auto v) { return prod(v); }, tensor_of<edges::prod_nan::x_shape>(edges::prod_nan::x),
                  edges::prod_nan::output, edges::prod_nan::grad_x));
    CHECK(same_as([](auto v) { return prod(v); }, tensor_of<edges::prod_inf::x_shape>(edges::prod_inf::x),
                  edges::prod_inf::output, edges::prod_inf::grad_x));
}

TEST_CASE("norms and pools", "[max_pool]") {
    CHECK(same_as([](auto x) { return sqrt(sum<1>(x * x)); }, tensor_of<edges::norm::x_shape>(edges::norm::x),
                  edges::norm::output, edges::norm::grad_x));
    CHECK(same_as([](auto x) { return nn::MaxPool2d<2>{}(x); }, tensor_of<edges::max_pool::x_shape>(edges::max_pool::x),
                  edges::max_pool::output, edges::max_pool::grad_x));
    CHECK(same_as([](auto x) { return nn::MaxPool1d<3, nn::stride<2>, nn::padding<1>>{}(x); },
                  tensor_of<edges::max_pool_padded::x_shape>(edges::max_pool_padded::x), edges::max_pool_padded::output,
                  edges::max_pool_padded::grad_x));
}
