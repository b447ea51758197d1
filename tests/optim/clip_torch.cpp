// SPDX-License-Identifier: BSL-1.0
// Clipped gradients and the norm before, beside torch.nn.utils.
#include "support/catch.hpp"

#include "fixtures/clipping.hpp"
#include "support/training.hpp"

#include <ashlar/optim/clip.hpp>

#include <limits>

namespace f = fixtures::clipping;
namespace nn = ashlar::nn;
namespace optim = ashlar::optim;

namespace {

template <std::size_t A, std::size_t B, std::size_t C, std::size_t D>
void gradients_agree(auto& problem, auto clip, const float (&weight0)[A], const float (&bias0)[B],
                     const float (&weight2)[C], const float (&bias2)[D]) {
    optim::SGD sgd{problem.model, {.lr = 0.1}};
    ashlar::backward(problem.loss(), sgd.gradients());
    clip(sgd.gradients());
    support::weights_agree(sgd.gradients(), weight0, bias0, weight2, bias2);
}
auto by_norm(double max_norm, double norm_type, const float (&total)[1]) {
    return [=, expected = static_cast<double>(total[0])](auto& gradients) {
        const float norm = optim::clip_grad_norm(gradients, max_norm, norm_type);
        CHECK(support::close(static_cast<double>(norm), expected, 1e-6));
    };
}

}  // namespace

TEST_CASE("clip_grad_norm", "[optim]") {
    support::classification problem;
    gradients_agree(problem, by_norm(0.25, 2, f::norm::total), f::norm::grad_weight0, f::norm::grad_bias0,
                    f::norm::grad_weight2, f::norm::grad_bias2);
    using namespace f::norm_within;
    gradients_agree(problem, by_norm(10, 2, total), grad_weight0, grad_bias0, grad_weight2, grad_bias2);
}

TEST_CASE("clip_grad_norm by other norms", "[optim]") {
    support::regression problem;
    gradients_agree(problem, by_norm(0.5, 1, f::norm_1::total), f::norm_1::grad_weight0, f::norm_1::grad_bias0,
                    f::norm_1::grad_weight2, f::norm_1::grad_bias2);
    gradients_agree(problem, by_norm(0.5, 3, f::norm_3::total), f::norm_3::grad_weight0, f::norm_3::grad_bias0,
                    f::norm_3::grad_weight2, f::norm_3::grad_bias2);
    using namespace f::norm_infinite;
    gradients_agree(problem, by_norm(0.125, std::numeric_limits<double>::infinity(), total), grad_weight0, grad_bias0,
                    grad_weight2, grad_bias2);
}

TEST_CASE("clip_grad_value", "[optim]") {
    support::classification problem;
    using namespace f::value;
    gradients_agree(problem, [](auto& gradients) { optim::clip_grad_value(gradients, 0.0625); }, grad_weight0,
                    grad_bias0, grad_weight2, grad_bias2);
}

TEST_CASE("nan and nothing in what is clipped", "[optim]") {
    nn::Linear<2, 1> model{};
    optim::SGD sgd{model, {.lr = 0.1}};
    CHECK(optim::clip_grad_norm(sgd.gradients(), 1) == 0);
    sgd.gradients().weight = ashlar::Tensor<float, 1, 2>{{3, 4}};
    CHECK(optim::clip_grad_norm(sgd.gradients(), 10.0f) == 5);
    CHECK(sgd.gradients().weight == ashlar::Tensor<float, 1, 2>{{3, 4}});
    sgd.gradients().weight(0, 0) = std::numeric_limits<float>::quiet_NaN();
    CHECK(std::isnan(optim::clip_grad_norm(sgd.gradients(), 1, std::numeric_limits<double>::infinity())));
    CHECK(std::isnan(sgd.gradients().weight(0, 1)));  // as PyTorch: all of them
    sgd.gradients().weight = ashlar::Tensor<float, 1, 2>{{std::numeric_limits<float>::quiet_NaN(), -4}};
    optim::clip_grad_value(sgd.gradients(), 1);
    CHECK(std::isnan(sgd.gradients().weight(0, 0)));
    CHECK(sgd.gradients().weight(0, 1) == -1);
}
