// SPDX-License-Identifier: BSL-1.0
// Derivatives of whole expressions: several leaves, element types, broadcasting, constants, higher orders.

#include "support/central_difference.hpp"
#include "support/compare.hpp"

using namespace ashlar;

const Tensor<double, 2, 3> plane{{0.3, -1.2, 0.8}, {1.7, 0.4, -0.5}};
const Tensor<double, 3> line{0.5, -0.7, 1.1};
const Tensor<float, 3> single{0.5f, -0.7f, 1.1f};

TEST_CASE("the derivative has the leaf's shape and type", "[grad]") {
    const auto f = variable<"f">(single);
    const auto d = variable<"d">(plane);
    const auto y = sum(f * d);
    static_assert(std::same_as<decltype(y)::value_type, double>);
    const auto gf = grad(y, f);
    static_assert(std::same_as<decltype(gf)::value_type, float> && std::same_as<shape_t<decltype(gf)>, Shape<3>>);
    CHECK(support::first_difference(eval(gf), eval(to<float>(sum<0>(plane))), 1e-7) == -1);
    CHECK(support::first_difference(eval(grad(y, d)), eval(expand<2, 3>(to<double>(single))), 0) == -1);
    CHECK(support::first_difference(eval(grad(sum(to<double>(f) * line), f)), eval(to<float>(line)), 0) == -1);
}

TEST_CASE("a derivative that is constant, or nothing", "[grad]") {
    const auto x = variable<"x">(plane);
    CHECK(grad(sum(x), x) == Tensor<double, 2, 3>::ones());
    CHECK(grad(sum(slice<1, 1, 3>(x)), x) == Tensor<double, 2, 3>{{0, 1, 1}, {0, 1, 1}});
    CHECK(grad(sum(reshape<6>(transpose(x))), x) == Tensor<double, 2, 3>::ones());
    CHECK(grad(sum(concat<0>(x, x)), x) == Tensor<double, 2, 3>::full(2));
    CHECK(grad(sum(floor(x) + stop_gradient(x) + to<int>(x)), x) == Tensor<double, 2, 3>::zeros());
    CHECK(grad(sum(to<double>(x > 0)), x) == Tensor<double, 2, 3>::zeros());
    CHECK(grad(mean(x), x) == Tensor<double, 2, 3>::full(1.0 / 6));
}

TEST_CASE("stop_gradient", "[grad]") {
    const auto x = variable<"x">(line);
    CHECK(grad(sum(x * stop_gradient(x)), x) == line);
}

TEST_CASE("a small network with everything", "[grad]") {
    const auto loss = [](auto x) {
        const auto hidden = gelu(matmul(x, transpose(x)) + slice<1, 0, 1>(x));
        const auto normal = (hidden - mean<1, keepdim>(hidden)) * rsqrt(var<1, biased, keepdim>(hidden) + 1e-5);
        return logsumexp<1>(normal) - sum<1>(log_softmax<1>(concat<1>(normal, exp(x))));
    };
    CHECK(support::central_difference_error(loss, plane) < 1e-6);
}

TEST_CASE("broadcasting is summed back", "[grad]") {
    CHECK(support::central_difference_error([](auto x) { return plane * x + x / (1 + plane * plane); }, line) < 1e-8);
    CHECK(support::central_difference_error([](auto x) { return where(plane > 0, x, plane) * minimum(x, line); }, Tensor<double, 2, 1>{{0.2}, {-0.4}}) < 1e-8);
    CHECK(support::central_difference_error([](auto x) { return exp(x) * plane; }, Tensor<double>{0.3}) < 1e-8);
}
