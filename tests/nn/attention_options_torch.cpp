// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Attention with keys that are added, and with its weights as a second result, beside PyTorch: values, gradients of
// inputs and parameters, central differences.
#include "support/catch.hpp"

#include "fixtures/attention.hpp"
#include "support/central_difference.hpp"
#include "support/fixture.hpp"

#include <cmath>

namespace nn = ashlar::nn;
using support::first_difference;
using support::tensor_of;

static constexpr double tolerance = 4e-6;

template <class Model, std::size_t N> static void set(Model& model, const float* const (&values)[N]) {
    const float* const* next = values;
    ashlar::for_each_parameter(model, [&](auto& p) {
        REQUIRE(next < values + N);
        for (std::size_t i = 0; i < p.size(); ++i) p.data()[i] = (*next)[i];
        ++next;
    });
    CHECK(next == values + N);
}
template <class Model, class Y, class Upstream>
static void agrees(Model& model, const Y& y, const Upstream& upstream, const float* output,
                   const float* const* gradients) {
    static_assert(std::same_as<ashlar::shape_t<Y>, ashlar::shape_t<Upstream>>);
    CHECK(first_difference(ashlar::eval(y), output, tolerance) == -1);
    const auto all = ashlar::value_and_grad(sum(y * upstream), model).gradients;
    ashlar::for_each_parameter(all, [&](const auto& p) {
        CHECK(first_difference(p, *gradients, tolerance) == -1);
        ++gradients;
    });
}
// Both results, one behind the other.
template <class Results> static auto joined(const Results& results) {
    return ashlar::let(results, [](auto all) {
        const auto [y, w] = ashlar::parts(all);
        using Y = decltype(y);
        using W = decltype(w);
        return concat<0>(reshape<static_cast<std::size_t>(Y::extent.size())>(y),
                         reshape<static_cast<std::size_t>(W::extent.size())>(w));
    });
}

#define INPUT(name) const auto name = tensor_of<f::name##_shape>(f::name)
#define GRADIENT_AGREES(e, x, name) \
    CHECK(first_difference(ashlar::eval(grad(e, x)), f::grad_##name, tolerance) == -1)

TEST_CASE("attention with a key that is learned and one of zeros", "[nn]") {
    namespace f = fixtures::added_keys;
    nn::MultiheadAttention<4, 2, nn::add_bias_kv, nn::add_zero_attn> model;
    set(model, f::parameters);
    INPUT(query);
    INPUT(key);
    INPUT(mask);
    INPUT(upstream);
    agrees(model, model(query, key, key, mask), upstream, f::output, f::grad_parameters);
    const auto q = ashlar::variable<"q">(query);
    const auto k = ashlar::variable<"k">(key);
    GRADIENT_AGREES(sum(model(q, k, k, mask) * upstream), q, query);
    GRADIENT_AGREES(sum(model(q, k, k, mask) * upstream), k, key);
}

TEST_CASE("attention with a key of zeros, the batch first", "[nn]") {
    namespace f = fixtures::added_zero;
    nn::MultiheadAttention<4, 2, nn::add_zero_attn, nn::batch_first> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(upstream);
    agrees(model, model(input), upstream, f::output, f::grad_parameters);
    const auto x = ashlar::variable<"x">(input);
    GRADIENT_AGREES(sum(model(x) * upstream), x, input);
}

TEST_CASE("attention of one sequence with a key that is learned and a mask that is added", "[nn]") {
    namespace f = fixtures::added_bias;
    nn::MultiheadAttention<4, 2, nn::no_bias, nn::add_bias_kv> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(mask);
    INPUT(upstream);
    agrees(model, model(input, input, input, mask), upstream, f::output, f::grad_parameters);
    const auto x = ashlar::variable<"x">(input);
    GRADIENT_AGREES(sum(model(x, x, x, mask) * upstream), x, input);
}

TEST_CASE("causal attention with a key that is learned", "[nn]") {
    namespace f = fixtures::added_causal;
    nn::MultiheadAttention<6, 3, ashlar::causal, nn::add_bias_kv> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(upstream);
    agrees(model, model(input), upstream, f::output, f::grad_parameters);
    const auto x = ashlar::variable<"x">(input);
    GRADIENT_AGREES(sum(model(x) * upstream), x, input);
}

TEST_CASE("the weights of attention, the mean of the heads", "[nn]") {
    namespace f = fixtures::weights;
    nn::MultiheadAttention<4, 2, nn::need_weights> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(mask);
    INPUT(upstream);
    const auto [y, w] = ashlar::eval(model(input, input, input, mask));
    static_assert(std::same_as<decltype(y), const ashlar::Tensor<float, 5, 2, 4>>);
    static_assert(std::same_as<decltype(w), const ashlar::Tensor<float, 2, 5, 5>>);
    CHECK(first_difference(y, f::output, tolerance) == -1);
    agrees(model, joined(model(input, input, input, mask)), upstream, f::output, f::grad_parameters);
    const auto x = ashlar::variable<"x">(input);
    GRADIENT_AGREES(sum(joined(model(x, x, x, mask)) * upstream), x, input);
}

TEST_CASE("the weights of each head, of which there are more than examples", "[nn]") {
    namespace f = fixtures::weights_of_heads;
    nn::MultiheadAttention<6, 3, nn::need_weights, nn::average_attn_weights<false>, nn::add_zero_attn> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(upstream);
    const auto all = ashlar::eval(model(input));
    static_assert(std::same_as<decltype(all.get<1>()), const ashlar::Tensor<float, 2, 3, 3, 4>&>);
    agrees(model, joined(model(input)), upstream, f::output, f::grad_parameters);
    const auto x = ashlar::variable<"x">(input);
    GRADIENT_AGREES(sum(joined(model(x)) * upstream), x, input);
}

TEST_CASE("the weights of causal attention of one sequence", "[nn]") {
    namespace f = fixtures::weights_alone;
    nn::MultiheadAttention<4, 2, nn::need_weights, ashlar::causal> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(upstream);
    agrees(model, joined(model(input)), upstream, f::output, f::grad_parameters);
}

TEST_CASE("the weights of attention beside central differences", "[nn]") {
    nn::MultiheadAttention<4, 2, nn::need_weights, nn::add_bias_kv, nn::real<double>> model{ashlar::seed(3)};
    ashlar::Tensor<double, 3, 2, 4> x;
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = std::sin(1.0 + 1.7 * static_cast<double>(i));
    CHECK(support::central_difference_error([&](const auto& v) { return joined(model(v)); }, x) < 1e-7);
}
