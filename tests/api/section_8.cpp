// SPDX-License-Identifier: BSL-1.0
// The front door, section 8: naming a sub-expression, several results.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <tuple>

namespace nn = ashlar::nn;
using ashlar::Tensor;

TEST_CASE("let, together, evaluate into what is read") {
    nn::Linear<3, 2> model{ashlar::seed(0)};
    const Tensor<float, 4, 3> x = Tensor<float, 4, 3>::ones();
    const Tensor<float, 4, 2> target{};
    auto loss = ashlar::let(model(x) - target, [](auto e) { return mean(e * e); });
    ashlar::optim::SGD sgd{model, {.lr = 0.1f}};
    const float before = sgd.step(loss);
    CHECK(static_cast<float>(loss) < before);

    const Tensor<float, 2> a{1, 2}, b{3, 4};
    auto [q, r] = ashlar::eval(ashlar::together(a * b, a + b));
    CHECK((q == Tensor<float, 2>{3, 8} && r == Tensor<float, 2>{4, 6}));

    Tensor<float, 2> h{1, 2}, y{};
    auto next_h = h * 2.0f;
    auto out = h + a;
    ashlar::Workspace<decltype(ashlar::together(next_h, out))> scratch;
    ashlar::evaluate(ashlar::together(next_h, out), std::tie(h, y), scratch);
    CHECK((h == Tensor<float, 2>{2, 4} && y == Tensor<float, 2>{2, 4}));
}
