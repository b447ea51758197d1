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

// Of a user's own op, too: a sum of floats in double.
struct wide_sum_op : reduction {
    static constexpr const char* name = "wide_sum";
    static constexpr reducer how = reducer::sum;
    static constexpr dtype result_type(const attributes&, dtype) { return dtype::float64; }
    static constexpr value pullback(auto g, auto, auto, ashlar::index) { return g; }
};

TEST_CASE("the derivative has the type of what an op reads", "[grad]") {
    const auto f = variable<"f">(single);
    const auto y = reduce<wide_sum_op>(f * f);
    static_assert(std::same_as<decltype(y)::value_type, double>);
    CHECK(support::first_difference(eval(grad(y, f)), eval(2 * single), 0) == -1);
    CHECK(support::first_difference(eval(grad(reduce<wide_sum_op>(f) * 3, f)), Tensor<float, 3>{3, 3, 3}, 0) == -1);
}

// Doubles inside of floats: the window's gradient is float, and so is that of what is around it.
static_assert([] {
    tracer<void> t;
    const int around = t.leaf(dtype::float32, Shape<3, 5>::value), inside = t.leaf(dtype::float64, Shape<3, 2>::value);
    attributes window{8, {3, 0, 1, 3, 5, 1, 1, 2}};
    const value y = apply_values<place_op>(window, value{&t, around}, value{&t, inside});
    const value all = reduce_value<sum_op>(y * y, 3, 3);
    backward_pass pass{t, t.nodes.size()};
    pass.want(around), pass.want(inside);
    pass.run(all.id, t.constant(1, dtype::float64));
    return t.type_of(pass.adjoint(around)) == dtype::float32 && t.type_of(pass.adjoint(inside)) == dtype::float64;
}());

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
    CHECK(support::central_difference_error([](auto x) { return where(plane > 0, x, plane) * minimum(x, line); },
                                            Tensor<double, 2, 1>{{0.2}, {-0.4}}) < 1e-8);
    CHECK(support::central_difference_error([](auto x) { return exp(x) * plane; }, Tensor<double>{0.3}) < 1e-8);
}
