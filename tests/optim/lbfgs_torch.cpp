// SPDX-License-Identifier: BSL-1.0
// labels: slow
// L-BFGS beside PyTorch's, with and without its line search, in double and in float; and what it is for.
#include "support/catch.hpp"

#include "fixtures/second_order.hpp"
#include "support/training.hpp"

#include <ashlar/optim/lbfgs.hpp>

namespace f = fixtures::second_order;
namespace optim = ashlar::optim;
using ashlar::Tensor;

namespace {

struct Network {
    Tensor<double, 4, 3> weight0;
    Tensor<double, 4> bias0;
    Tensor<double, 2, 4> weight1;
    Tensor<double, 2> bias1;
    using members = ashlar::members<&Network::weight0, &Network::bias0, &Network::weight1, &Network::bias1>;
    constexpr auto operator()(ashlar::expression auto x) const {
        return matmul(tanh(matmul(x, transpose<0, 1>(weight0)) + bias0), transpose<0, 1>(weight1)) + bias1;
    }
};

struct double_problem {
    Tensor<double, 8, 3> input = support::tensor_of<f::input_shape>(f::input);
    Tensor<double, 8, 2> target = support::tensor_of<f::target_shape>(f::target);
    Network model{support::tensor_of<f::weight0_shape>(f::weight0), support::tensor_of<f::bias0_shape>(f::bias0),
                  support::tensor_of<f::weight1_shape>(f::weight1), support::tensor_of<f::bias1_shape>(f::bias1)};
    auto loss() const { return ashlar::nn::MSELoss{}(ashlar::call(model, input), target); }
};

// The valley of Rosenbrock (1960).
struct Point {
    Tensor<double> x{-1.2}, y{1.0};
    using members = ashlar::members<&Point::x, &Point::y>;
    constexpr auto operator()(ashlar::expression auto one) const {
        return square(one - one * x) + 100.0 * square(one * y - square(one * x));
    }
};
const Tensor<double> one{1.0};

struct Partly {
    Tensor<float, 2> used{1, 2}, unused{3, 4}, behind{5, 6};
    using members = ashlar::members<&Partly::used, &Partly::unused, &Partly::behind>;
    constexpr auto operator()(ashlar::expression auto x) const {
        return sum(square(x * used - 3.0f) + stop_gradient(square(x * behind)));
    }
};

template <class T, class U, std::size_t N> bool all_close(const T& got, const U (&expected)[N], double tolerance) {
    bool agree = got.size() == N;
    for (std::size_t i = 0; agree && i < N; ++i) {
        const double e = static_cast<double>(expected[i]);
        agree = support::close(static_cast<double>(got.data()[i]), e, tolerance);
        if (!agree) UNSCOPED_INFO("element " << i << " is " << got.data()[i] << ", expected " << e);
    }
    return agree;
}

template <class Loss, class Optimizer, class U, std::size_t N>
void every_loss(const Loss& loss, Optimizer& lbfgs, const U (&expected)[N], double tolerance) {
    for (const U value : expected)
        CHECK(support::close(static_cast<double>(lbfgs.step(loss)), static_cast<double>(value), tolerance));
}

// Losses, counts and weights of one namespace of the fixtures.
#define EXPECTED(name)                                                                                            \
    f::name::losses, {f::name::evaluations, f::name::iterations}, f::name::after_weight0, f::name::after_bias0,   \
        f::name::after_weight1, f::name::after_bias1

template <class Make, std::size_t L, std::size_t A, std::size_t B, std::size_t C, std::size_t D>
void in_double(Make make, const double (&losses)[L], const int (&counts)[2], const double (&weight0)[A],
               const double (&bias0)[B], const double (&weight1)[C], const double (&bias1)[D]) {
    double_problem p;
    auto lbfgs = make(p.model);
    every_loss(p.loss(), lbfgs, losses, 1e-10);
    CHECK(lbfgs.evaluations() == counts[0]);
    CHECK(lbfgs.iterations() == counts[1]);
    CHECK(all_close(p.model.weight0, weight0, 1e-9));
    CHECK(all_close(p.model.bias0, bias0, 1e-9));
    CHECK(all_close(p.model.weight1, weight1, 1e-9));
    CHECK(all_close(p.model.bias1, bias1, 1e-9));
}

template <class Problem, std::size_t L, std::size_t A, std::size_t B, std::size_t C, std::size_t D>
void in_float(const optim::LBFGSOptions& options, const float (&losses)[L], const int (&counts)[2],
              const float (&weight0)[A], const float (&bias0)[B], const float (&weight2)[C],
              const float (&bias2)[D]) {
    Problem p;
    optim::LBFGS lbfgs{p.model, options};
    every_loss(p.loss(), lbfgs, losses, 2e-4);
    CHECK(lbfgs.evaluations() == counts[0]);
    CHECK(lbfgs.iterations() == counts[1]);
    CHECK(support::deviation(p.model.template get<0>().weight, weight0) <= 5e-3);
    CHECK(support::deviation(p.model.template get<0>().bias, bias0) <= 5e-3);
    CHECK(support::deviation(p.model.template get<2>().weight, weight2) <= 5e-3);
    CHECK(support::deviation(p.model.template get<2>().bias, bias2) <= 5e-3);
}

}  // namespace

TEST_CASE("LBFGS in double without a line search", "[optim]") {
    in_double([](auto& m) { return optim::LBFGS{m, {.lr = 0.5, .max_iter = 4}}; }, EXPECTED(plain));
    in_double([](auto& m) { return optim::LBFGS{m, {.lr = 0.25, .max_iter = 5}, optim::history_size<3>}; },
              EXPECTED(plain_short_history));
    in_double([](auto& m) { return optim::LBFGS{m, {.lr = 0.5, .max_iter = 8, .max_eval = 3}}; },
              EXPECTED(plain_few_evaluations));
}

TEST_CASE("LBFGS in double with the strong Wolfe conditions", "[optim]") {
    using enum optim::line_search;
    in_double([](auto& m) { return optim::LBFGS{m, {.max_iter = 5, .line_search_fn = strong_wolfe}}; },
              EXPECTED(wolfe));
    in_double([](auto& m) {
        return optim::LBFGS{m, {.lr = 4, .max_iter = 6, .line_search_fn = strong_wolfe}, optim::history_size<2>};
    }, EXPECTED(wolfe_short_history));
    in_double([](auto& m) {
        return optim::LBFGS{m, {.lr = 0.01, .max_iter = 5, .line_search_fn = strong_wolfe}};
    }, EXPECTED(wolfe_small_rate));
    in_double([](auto& m) {
        return optim::LBFGS{m, {.max_iter = 30, .tolerance_grad = 1e-2, .tolerance_change = 1e-3,
                                .line_search_fn = strong_wolfe}};
    }, EXPECTED(wolfe_tolerances));
}

TEST_CASE("LBFGS in float", "[optim]") {
    const optim::LBFGSOptions plain{.lr = 0.5, .max_iter = 4};
    const optim::LBFGSOptions wolfe{.max_iter = 4, .line_search_fn = optim::strong_wolfe};
    {
        using namespace f::classification_plain;
        in_float<support::classification>(plain, losses, {evaluations, iterations}, after_weight0, after_bias0,
                                          after_weight2, after_bias2);
    }
    {
        using namespace f::classification_wolfe;
        in_float<support::classification>(wolfe, losses, {evaluations, iterations}, after_weight0, after_bias0,
                                          after_weight2, after_bias2);
    }
    {
        using namespace f::regression_plain;
        in_float<support::regression>(plain, losses, {evaluations, iterations}, after_weight0, after_bias0,
                                      after_weight2, after_bias2);
    }
    {
        using namespace f::regression_wolfe;
        in_float<support::regression>(wolfe, losses, {evaluations, iterations}, after_weight0, after_bias0,
                                      after_weight2, after_bias2);
    }
}

TEST_CASE("LBFGS: Rosenbrock's valley, as PyTorch goes and to its end", "[optim]") {
    Point p;
    optim::LBFGS lbfgs{p, {.max_iter = 5, .line_search_fn = optim::strong_wolfe}};
    const auto loss = ashlar::call(p, one);
    every_loss(loss, lbfgs, f::rosenbrock::losses, 1e-9);
    CHECK(lbfgs.evaluations() == f::rosenbrock::evaluations);
    CHECK(all_close(p.x, f::rosenbrock::after_x, 1e-9));
    CHECK(all_close(p.y, f::rosenbrock::after_y, 1e-9));
    lbfgs.options.tolerance_change = 0;
    for (int i = 0; i < 4; ++i) lbfgs.step(loss);
    CHECK(static_cast<double>(p.x) == Approx(1).margin(1e-8));
    CHECK(static_cast<double>(p.y) == Approx(1).margin(1e-8));
    const long long before = lbfgs.evaluations();
    lbfgs.step(loss);  // there is no gradient left
    CHECK(lbfgs.evaluations() == before + 1);

    Point far;
    optim::LBFGS bold{far, {.lr = 1000, .max_iter = 4, .line_search_fn = optim::strong_wolfe}};
    every_loss(ashlar::call(far, one), bold, f::rosenbrock_far::losses, 1e-9);
    CHECK(bold.evaluations() == f::rosenbrock_far::evaluations);
    CHECK(all_close(far.x, f::rosenbrock_far::after_x, 1e-9));
    CHECK(all_close(far.y, f::rosenbrock_far::after_y, 1e-9));
}

TEST_CASE("LBFGS: parameters without a gradient stay, options are checked, schedules set the rate", "[optim]") {
    Partly p;
    const Tensor<float, 2> x{1, 2};
    optim::LBFGS lbfgs{p, {.line_search_fn = optim::strong_wolfe}, optim::history_size<4>};
    lbfgs.step(ashlar::call(p, x));
    CHECK(p.used(0) == Approx(3).margin(1e-3));
    CHECK(p.used(1) == Approx(1.5).margin(1e-3));
    CHECK(p.unused == Tensor<float, 2>{3, 4});
    CHECK(p.behind == Tensor<float, 2>{5, 6});
    CHECK_THROWS_WITH((optim::LBFGS{p, {.max_iter = 0}}), "LBFGS: max_iter is 0, expected at least 1");
    lbfgs.set_lr(0.5);
    CHECK(lbfgs.lr() == 0.5);
}

TEST_CASE("LBFGS: as many iterations as an int counts", "[optim]") {
    for (const int most : {500'000'000, 2'147'483'647}) {
        Point p;
        optim::LBFGS lbfgs{p, {.max_iter = most, .line_search_fn = optim::strong_wolfe}};
        lbfgs.step(ashlar::call(p, one));
        CHECK(lbfgs.iterations() > 10);
        CHECK(static_cast<double>(p.x) == Approx(1).margin(1e-4));
    }
}

TEST_CASE("LBFGS: the compiler minimizes, too", "[optim]") {
    constexpr Point least = [] {
        Point p;
        optim::LBFGS lbfgs{p, {.max_iter = 40, .line_search_fn = optim::strong_wolfe}, optim::history_size<5>};
        constexpr Tensor<double> scale{1.0};
        lbfgs.step(ashlar::call(p, scale));
        return p;
    }();
    STATIC_REQUIRE((least.x.data()[0] > 0.999 && least.x.data()[0] < 1.001));
}
