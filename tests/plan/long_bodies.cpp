// SPDX-License-Identifier: BSL-1.0
// labels: slow types
// A loop written in a module's body makes one long chain of element-wise ops, all of
// which could go into one fused loop. Such a loop ends at a limit of instructions:
// clang refuses to fold over more than 256 operands, and registers have an end as well.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <cmath>

using ashlar::Tensor;
namespace nn = ashlar::nn;
namespace optim = ashlar::optim;

namespace {

constexpr int turns = 24;

struct Roll {
    Tensor<double, 5> p;
    constexpr auto operator()(ashlar::expression auto x) const {
        auto s = x + p;
        for (int i = 0; i < turns; ++i) s = s + 0.1 * tanh(s * p);
        return s;
    }
};

// Mean of s^2, and its derivative for p.
double loss_and_gradient(const Tensor<double, 5>& p, const Tensor<double, 5>& x, double* gradient) {
    double loss = 0;
    for (std::size_t k = 0; k < 5; ++k) {
        double s = x(k) + p(k), ds = 1;
        for (int i = 0; i < turns; ++i) {
            const double t = std::tanh(s * p(k));
            ds += 0.1 * (1 - t * t) * (ds * p(k) + s);
            s += 0.1 * t;
        }
        loss += s * s / 5;
        gradient[k] = 2 * s * ds / 5;
    }
    return loss;
}

}  // namespace
BOOST_HANA_ADAPT_STRUCT(Roll, p);

TEST_CASE("a long chain of element-wise ops is several loops", "[plan]") {
    Roll model{{0.5, -0.25, 1.5, -1, 0.125}};
    const Tensor<double, 5> x{0.1, 0.2, -0.3, 0.4, -0.5}, zero{};
    double gradient[5];
    const double expected = loss_and_gradient(model.p, x, gradient);
    const Tensor<double, 5> before = model.p;
    optim::SGD sgd{model, {.lr = 1}};
    CHECK(sgd.step(nn::MSELoss<>{}(ashlar::call(model, x), zero)) == Approx(expected).epsilon(1e-12));
    for (std::size_t k = 0; k < 5; ++k) CHECK(before(k) - model.p(k) == Approx(gradient[k]).epsilon(1e-10));
}
