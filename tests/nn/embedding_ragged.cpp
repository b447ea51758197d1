// SPDX-License-Identifier: BSL-1.0
// Bags of several lengths beside PyTorch: values, and gradients of the table and of the weights.
#include "support/catch.hpp"

#include "fixtures/indexing.hpp"
#include "support/fixture.hpp"

#include <cmath>

using namespace ashlar;
namespace indexing = fixtures::indexing;
using support::first_difference, support::tensor_of;

#define RAGGED_AGREES(name, ...) \
    do { \
        namespace f = indexing::name; \
        __VA_ARGS__ layer{}; \
        layer.weight = tensor_of<f::weight_shape>(f::weight); \
        const auto flat = tensor_of<f::flat_shape>(f::flat); \
        const auto starts = tensor_of<f::starts_shape>(f::starts); \
        const auto upstream = tensor_of<f::upstream_shape>(f::upstream); \
        CHECK(first_difference(eval(layer(flat, starts)), f::output, 1e-6) == -1); \
        const auto result = value_and_grad(sum(layer(flat, starts) * upstream), layer); \
        CHECK(first_difference(result.gradients.weight, f::grad_weight, 2e-6) == -1); \
    } while (false)

TEST_CASE("bags of several lengths, one of them empty", "[nn][embedding]") {
    RAGGED_AGREES(ragged_sum, nn::EmbeddingBag<6, 3, nn::mode::sum, nn::padding_idx<2>>);
    RAGGED_AGREES(ragged_mean, nn::EmbeddingBag<6, 3, nn::padding_idx<2>>);
    RAGGED_AGREES(ragged_max, nn::EmbeddingBag<6, 3, nn::mode::max, nn::padding_idx<2>>);
    RAGGED_AGREES(ragged_plain, nn::EmbeddingBag<6, 3, nn::mode::max>);
    namespace f = indexing::ragged_weighted;
    nn::EmbeddingBag<6, 3, nn::mode::sum> layer{};
    layer.weight = tensor_of<f::weight_shape>(f::weight);
    const auto flat = tensor_of<f::flat_shape>(f::flat);
    const auto starts = tensor_of<f::starts_shape>(f::starts);
    const auto upstream = tensor_of<f::upstream_shape>(f::upstream);
    const auto at = tensor_of<f::samples_shape>(f::samples);
    const auto samples = variable<"samples">(at);
    CHECK(first_difference(eval(layer(flat, starts, at)), f::output, 1e-6) == -1);
    const auto gradient = grad(sum(layer(flat, starts, samples) * upstream), samples);
    CHECK(first_difference(eval(gradient), f::grad_samples, 2e-6) == -1);
    const auto result = value_and_grad(sum(layer(flat, starts, at) * upstream), layer);
    CHECK(first_difference(result.gradients.weight, f::grad_weight, 2e-6) == -1);
    const nn::EmbeddingBag<6, 3> plain{seed(1)};  // the mean where nothing is padding
    const Tensor<float, 2, 3> means = plain(Tensor<int, 3>{4, 1, 5}, Tensor<int, 2>{0, 1});
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(means(0, i) == plain.weight(4, i));
        CHECK(std::abs(means(1, i) - (plain.weight(1, i) + plain.weight(5, i)) / 2) < 1e-6f);
    }
}
