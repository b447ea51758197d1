// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Cross entropy with class weights beside PyTorch: values and gradients.
#include "fixtures/losses.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
namespace by = nn::reduction;
using support::first_difference;
using support::tensor_of;

template <class Reduction, std::size_t N, std::size_t M>
static void agrees(const auto& weight, double smoothing, const auto& at, const auto& target, const auto& upstream,
                   const float (&output)[N], const float (&gradient)[M]) {
    const auto x = ashlar::variable<"x">(at);
    // The loss is gone when its call is computed.
    const auto loss =
        nn::CrossEntropyLoss<Reduction, nn::weighted<4>>{.label_smoothing = smoothing, .weight = weight}(x, target);
    CHECK(first_difference(ashlar::eval(loss), output, 2e-6) == -1);
    CHECK(first_difference(ashlar::eval(grad(ashlar::sum(loss * upstream), x)), gradient, 2e-6) == -1);
}

TEST_CASE("ce_index_weight", "[nn][loss]") {
    {
        namespace f = fixtures::ce_index_weight_mean;
        agrees<by::mean>(tensor_of<f::weight_shape>(f::weight), 0, tensor_of<f::input_shape>(f::input),
                         tensor_of<f::target_shape>(f::target), 1, f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_index_weight_sum;
        agrees<by::sum>(tensor_of<f::weight_shape>(f::weight), 0, tensor_of<f::input_shape>(f::input),
                        tensor_of<f::target_shape>(f::target), 1, f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_index_weight_none;
        agrees<by::none>(tensor_of<f::weight_shape>(f::weight), 0, tensor_of<f::input_shape>(f::input),
                         tensor_of<f::target_shape>(f::target), tensor_of<f::upstream_shape>(f::upstream), f::output,
                         f::grad_input);
    }
}

TEST_CASE("ce_index_weight_ignore", "[nn][loss]") {
    {
        namespace f = fixtures::ce_index_weight_ignore_mean;
        agrees<by::mean>(tensor_of<f::weight_shape>(f::weight), 0, tensor_of<f::input_shape>(f::input),
                         tensor_of<f::target_shape>(f::target), 1, f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_index_weight_ignore_sum;
        agrees<by::sum>(tensor_of<f::weight_shape>(f::weight), 0, tensor_of<f::input_shape>(f::input),
                        tensor_of<f::target_shape>(f::target), 1, f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_index_weight_ignore_none;
        agrees<by::none>(tensor_of<f::weight_shape>(f::weight), 0, tensor_of<f::input_shape>(f::input),
                         tensor_of<f::target_shape>(f::target), tensor_of<f::upstream_shape>(f::upstream), f::output,
                         f::grad_input);
    }
}

TEST_CASE("ce_index_smoothing_weight", "[nn][loss]") {
    {
        namespace f = fixtures::ce_index_smoothing_weight_mean;
        agrees<by::mean>(tensor_of<f::weight_shape>(f::weight), 0.1, tensor_of<f::input_shape>(f::input),
                         tensor_of<f::target_shape>(f::target), 1, f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_index_smoothing_weight_sum;
        agrees<by::sum>(tensor_of<f::weight_shape>(f::weight), 0.1, tensor_of<f::input_shape>(f::input),
                        tensor_of<f::target_shape>(f::target), 1, f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_index_smoothing_weight_none;
        agrees<by::none>(tensor_of<f::weight_shape>(f::weight), 0.1, tensor_of<f::input_shape>(f::input),
                         tensor_of<f::target_shape>(f::target), tensor_of<f::upstream_shape>(f::upstream), f::output,
                         f::grad_input);
    }
}

TEST_CASE("ce_prob_weight", "[nn][loss]") {
    {
        namespace f = fixtures::ce_prob_weight_mean;
        agrees<by::mean>(tensor_of<f::weight_shape>(f::weight), 0, tensor_of<f::input_shape>(f::input),
                         tensor_of<f::target_shape>(f::target), 1, f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_prob_weight_sum;
        agrees<by::sum>(tensor_of<f::weight_shape>(f::weight), 0, tensor_of<f::input_shape>(f::input),
                        tensor_of<f::target_shape>(f::target), 1, f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_prob_weight_none;
        agrees<by::none>(tensor_of<f::weight_shape>(f::weight), 0, tensor_of<f::input_shape>(f::input),
                         tensor_of<f::target_shape>(f::target), tensor_of<f::upstream_shape>(f::upstream), f::output,
                         f::grad_input);
    }
}

TEST_CASE("ce_prob_smoothing_weight", "[nn][loss]") {
    {
        namespace f = fixtures::ce_prob_smoothing_weight_mean;
        agrees<by::mean>(tensor_of<f::weight_shape>(f::weight), 0.1, tensor_of<f::input_shape>(f::input),
                         tensor_of<f::target_shape>(f::target), 1, f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_prob_smoothing_weight_sum;
        agrees<by::sum>(tensor_of<f::weight_shape>(f::weight), 0.1, tensor_of<f::input_shape>(f::input),
                        tensor_of<f::target_shape>(f::target), 1, f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_prob_smoothing_weight_none;
        agrees<by::none>(tensor_of<f::weight_shape>(f::weight), 0.1, tensor_of<f::input_shape>(f::input),
                         tensor_of<f::target_shape>(f::target), tensor_of<f::upstream_shape>(f::upstream), f::output,
                         f::grad_input);
    }
}

TEST_CASE("weights of a loss are not trained", "[nn][loss]") {
    nn::Sequential<nn::Linear<3, 4>> model{ashlar::seed(1)};
    nn::CrossEntropyLoss<by::mean, nn::weighted<4>> criterion{.weight = {1, 2, 0.5f, 4}};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    const ashlar::Tensor<float, 2, 3> x{{1, 2, 3}, {-1, 0, 2}};
    const ashlar::Tensor<int, 2> y{3, 1};
    const float before = criterion(model(x), y);
    for (int i = 0; i < 10; ++i) sgd.step(criterion(model(x), y));
    CHECK(criterion(model(x), y) < 0.7f * before);
    CHECK(criterion.weight == ashlar::Tensor<float, 4>{1, 2, 0.5f, 4});
    static_assert(sizeof(nn::CrossEntropyLoss<>) == 2 * sizeof(double));
}
