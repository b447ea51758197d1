// SPDX-License-Identifier: BSL-1.0
// Names for sub-expressions: one node of the graph each, however often it is used.
#include "support/catch.hpp"

#include "support/central_difference.hpp"
#include "support/compare.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>

namespace nn = ashlar::nn;
using ashlar::Tensor, ashlar::let, ashlar::shared, ashlar::together;

namespace {

template <class E> constexpr long long flops_of(const E&) {
    return ashlar::detail::flops_of_program<ashlar::detail::evaluation<E>>;
}

constexpr auto squared = [](auto e) { return mean(e * e); };

// One step of a pendulum with a torque: the state is used four times.
constexpr auto pendulum = [](auto x, auto u) { return x + 0.1f * (matmul(u, x) - tanh(x) * x); };

}  // namespace

TEST_CASE("what is named is computed once") {
    const Tensor<float, 3> a{0.1f, -0.2f, 0.3f}, b{1, 2, 3};
    double expected = 0;
    for (std::size_t i = 0; i < 3; ++i)
        expected += std::pow(std::tanh(static_cast<double>(a(i))) - static_cast<double>(b(i)), 2) / 3;
    const auto named = let(tanh(a) - b, squared);
    CHECK(support::close(static_cast<double>(static_cast<float>(named)), expected, 1e-6));
    const auto difference = tanh(a) - b;
    CHECK(flops_of(let(tanh(a), [](auto t) { return t * t; })) < flops_of(tanh(a) * tanh(a)) * 6 / 10);
    CHECK(flops_of(named) < flops_of(mean(difference * difference)) * 6 / 10);
    // The type knows what is named and by which function, not what the function does.
    static_assert(
        std::same_as<decltype(let(a, squared)),
                     ashlar::composite_<std::remove_const_t<decltype(squared)>, ashlar::tensor_leaf<float, 3>>::type>);
}

TEST_CASE("further arguments: shared ones, numbers, whole numbers, temporaries") {
    const Tensor<float, 2, 2> a{{1, 2}, {3, 4}};
    const Tensor<int, 2> i{1, 0};
    CHECK(ashlar::eval(let(a, shared(i), 2.0f, [](auto x, auto k, auto s) { return x * s + k; })) ==
          Tensor<float, 2, 2>{{3, 4}, {7, 8}});
    CHECK(ashlar::eval(let(i + 1, [](auto k) { return k * k; })) == Tensor<int, 2>{4, 1});
    CHECK(ashlar::eval(let(a > 2.0f, a, [](auto big, auto x) { return where(big, x, -x); })) ==
          Tensor<float, 2, 2>{{-1, -2}, {3, 4}});
    const auto held = let(Tensor<float, 2>{1, 2}, shared(Tensor<float, 2>{3, 4}), [](auto x, auto y) { return x * y; });
    CHECK(ashlar::eval(held) == Tensor<float, 2>{3, 8});
    CHECK(ashlar::eval(let(a, shared(0.5f), [](auto x, auto s) { return x * s; })) ==
          Tensor<float, 2, 2>{{0.5f, 1}, {1.5f, 2}});
    CHECK(ashlar::eval(let(a, [](auto x) { return nn::LeakyReLU{0.25}(-x); })) ==
          Tensor<float, 2, 2>{{-0.25f, -0.5f}, {-0.75f, -1}});
}

TEST_CASE("derivatives, also of names inside of names") {
    const Tensor<double, 3> a{0.3, -0.7, 1.1};
    const Tensor<double, 3> b{1, 2, -1};
    const auto x = ashlar::variable<"x">(a);
    const auto y = let(tanh(x) * b, shared(b), [](auto e, auto c) {
        return let(e * e, [=](auto f) { return sum(f * e + f * c); });  // inside, handles may be captured
    });
    const Tensor<double, 3> first = grad(y, x), second = grad(sum(grad(y, x)), x);
    for (std::size_t i = 0; i < 3; ++i) {
        const double t = std::tanh(a(i)), d = 1 - t * t, c = b(i);
        CHECK(support::close(first(i), (3 * c * c * c * t * t + 2 * c * c * c * t) * d, 1e-12));
        CHECK(support::close(second(i),
                             (6 * c * c * c * t + 2 * c * c * c) * d * d -
                                 2 * t * d * (3 * c * c * c * t * t + 2 * c * c * c * t),
                             1e-12));
    }
}

TEST_CASE("a model in what is named: backward, step") {
    using Model = nn::Sequential<nn::Linear<3, 4>, nn::Tanh, nn::Linear<4, 2>>;
    Model named{ashlar::seed(1)}, other{ashlar::seed(1)};
    const auto x = Tensor<float, 5, 3>::generate(
        [](std::size_t i, std::size_t j) { return 0.1f * static_cast<float>(i) - 0.3f * static_cast<float>(j); });
    const Tensor<float, 5, 2> y{};
    CHECK(flops_of(let(named(x) - y, squared)) * 2 < flops_of(mean((named(x) - y) * (named(x) - y))) + 100);
    ashlar::optim::SGD sgd{named, {.lr = 0.1}}, reference{other, {.lr = 0.1}};
    const auto gradients = ashlar::value_and_grad(let(named(x) - y, squared), named).gradients;
    const auto expected = ashlar::value_and_grad(nn::MSELoss{}(other(x), y), other).gradients;
    CHECK(support::first_difference(gradients.get<0>().weight, expected.get<0>().weight, 1e-6) == -1);
    for (int i = 0; i < 3; ++i) {
        const float value = sgd.step(let(named(x) - y, squared));
        CHECK(support::close(static_cast<double>(value),
                             static_cast<double>(reference.step(nn::MSELoss{}(other(x), y))), 1e-6));
    }
    CHECK(support::first_difference(named.get<2>().weight, other.get<2>().weight, 1e-6) == -1);
    // A model is an argument of the function through its call only; a call of another object of its type is constant.
    const float both = let(named(x), other(x), [](auto p, auto q) { return mean(p * q); });
    CHECK(both > 0);
}

TEST_CASE("printed, and in constant evaluation") {
    const Tensor<float, 3> a{1, 2, 3};
    const auto x = ashlar::variable<"x">(a);
    CHECK(ashlar::print(let(tanh(x) - 1.0f, squared)) == "1/3 * sum((tanh(x) - 1)^2)");
    CHECK(ashlar::print(let(x, [](auto e) { return together(e + e, sum(e)); })) == "(2 * x, sum(x))");
    static_assert(static_cast<float>(let(Tensor<float, 2>{1, 2} * 2.0f, [](auto e) { return sum(e * e); })) == 20);
    static_assert(ashlar::eval(let(Tensor<float, 2>{1, 2}, [](auto e) { return together(e * e, sum(e)); })).get<0>() ==
                  Tensor<float, 2>{1, 4});
}

TEST_CASE("a rollout is as long as its steps") {
    const Tensor<float, 2, 2> u{{0, 1}, {-1, 0}};
    const Tensor<float, 2> start{1, 0.5f};
    const auto x0 = ashlar::variable<"x">(start);
    const auto x1 = let(x0, shared(u), pendulum);
    const auto x2 = let(x1, shared(u), pendulum);
    const auto x3 = let(x2, shared(u), pendulum);
    double at[2] = {1, 0.5};
    for (int i = 0; i < 3; ++i) {
        const double p = at[0], q = at[1];
        at[0] = p + 0.1 * (q - std::tanh(p) * p), at[1] = q + 0.1 * (-p - std::tanh(q) * q);
    }
    const Tensor<float, 2> end = x3;
    CHECK((support::close(static_cast<double>(end(0)), at[0], 1e-6) &&
           support::close(static_cast<double>(end(1)), at[1], 1e-6)));
    CHECK(flops_of(x3) < 3 * flops_of(x1) + 4);
    const Tensor<float, 2> slope = grad(sum(x3), x0);
    const float h = 1e-2f;
    Tensor<float, 2> moved = start;
    const auto total = [&](const Tensor<float, 2>& from) {
        double p = static_cast<double>(from(0)), q = static_cast<double>(from(1));
        for (int i = 0; i < 3; ++i) {
            const double pp = p + 0.1 * (q - std::tanh(p) * p);
            q += 0.1 * (-p - std::tanh(q) * q), p = pp;
        }
        return p + q;
    };
    moved(0) = start(0) + h;
    const double above = total(moved);
    moved(0) = start(0) - h;
    CHECK(support::close(static_cast<double>(slope(0)), (above - total(moved)) / (2 * static_cast<double>(h)), 1e-3));
}
