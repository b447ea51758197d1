// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Attention and transformer layers beside PyTorch: values, gradients of inputs and parameters, and steps of training.
#include "support/catch.hpp"

#include "fixtures/attention.hpp"
#include "support/fixture.hpp"

#include <cmath>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using support::first_difference;
using support::tensor_of;

static constexpr double tolerance = 4e-6;
/// Parameters in the order of PyTorch's named_parameters, which is that of the members.
template <class Model, std::size_t N> static void set(Model& model, const float* const (&values)[N]) {
    const float* const* next = values;
    ashlar::for_each_parameter(model, [&](auto& p) {
        REQUIRE(next < values + N);
        for (std::size_t i = 0; i < p.size(); ++i) p.data()[i] = (*next)[i];
        ++next;
    });
    CHECK(next == values + N);
}
template <class Model> static void parameters_agree(const Model& model, const float* const* next) {
    ashlar::for_each_parameter(model, [&](const auto& p) {
        CHECK(first_difference(p, *next, tolerance) == -1);
        ++next;
    });
}
template <class Model, class Upstream, class Call>
static void agrees(Model& model, const Upstream& upstream, const float* output, const float* const* gradients,
                   Call call) {
    const auto y = call(model);
    static_assert(std::same_as<ashlar::shape_t<decltype(y)>, ashlar::shape_t<Upstream>>);
    CHECK(first_difference(ashlar::eval(y), output, tolerance) == -1);
    parameters_agree(ashlar::value_and_grad(sum(y * upstream), model).gradients, gradients);
}

#define INPUT(name) const auto name = tensor_of<f::name##_shape>(f::name)
#define GRADIENT_AGREES(e, x, name) \
    CHECK(first_difference(ashlar::eval(grad(e, x)), f::grad_##name, tolerance) == -1)

TEST_CASE("attention of an input to itself", "[nn]") {
    namespace f = fixtures::self;
    nn::MultiheadAttention<6, 2> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(upstream);
    agrees(model, upstream, f::output, f::grad_parameters, [&](auto& m) { return m(input); });
    const auto x = ashlar::variable<"x">(input);
    GRADIENT_AGREES(sum(model(x) * upstream), x, input);
    CHECK(first_difference(ashlar::eval(model(input, input, input)), f::output, tolerance) == -1);
}

TEST_CASE("attention with the batch first", "[nn]") {
    namespace f = fixtures::self_batch_first;
    nn::MultiheadAttention<6, 3, nn::batch_first> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(upstream);
    agrees(model, upstream, f::output, f::grad_parameters, [&](auto& m) { return m(input); });
    const auto x = ashlar::variable<"x">(input);
    GRADIENT_AGREES(sum(model(x) * upstream), x, input);
}

TEST_CASE("attention of one sequence without biases", "[nn]") {
    namespace f = fixtures::self_alone;
    nn::MultiheadAttention<4, 2, nn::no_bias> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(upstream);
    agrees(model, upstream, f::output, f::grad_parameters,
           [&](auto& m) { return m(input); });
    const auto x = ashlar::variable<"x">(input);
    GRADIENT_AGREES(sum(model(x) * upstream), x, input);
}

TEST_CASE("attention with a mask of bool", "[nn]") {
    namespace f = fixtures::masked;
    nn::MultiheadAttention<4, 2> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(mask);
    INPUT(upstream);
    agrees(model, upstream, f::output, f::grad_parameters, [&](auto& m) { return m(input, input, input, mask); });
    const auto x = ashlar::variable<"x">(input);
    GRADIENT_AGREES(sum(model(x, x, x, mask) * upstream), x, input);
}

TEST_CASE("attention with a mask that is added, for each head of each example", "[nn]") {
    namespace f = fixtures::masked_each;
    nn::MultiheadAttention<4, 2> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(mask);
    INPUT(upstream);
    agrees(model, upstream, f::output, f::grad_parameters, [&](auto& m) { return m(input, input, input, mask); });
    const auto x = ashlar::variable<"x">(input);
    GRADIENT_AGREES(sum(model(x, x, x, mask) * upstream), x, input);
}

TEST_CASE("causal attention, in blocks", "[nn]") {
    namespace f = fixtures::masked_causal;
    nn::MultiheadAttention<4, 1, ashlar::causal> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(upstream);
    agrees(model, upstream, f::output, f::grad_parameters, [&](auto& m) { return m(input); });
    const auto x = ashlar::variable<"x">(input);
    GRADIENT_AGREES(sum(model(x) * upstream), x, input);
}

TEST_CASE("attention to another sequence, parts of which are padding", "[nn]") {
    namespace f = fixtures::padded;
    nn::MultiheadAttention<4, 2> model;
    set(model, f::parameters);
    INPUT(query);
    INPUT(key);
    INPUT(mask);
    INPUT(upstream);
    const auto call = [&](auto& m) { return m(query, key, key, nn::key_padding_mask(mask)); };
    agrees(model, upstream, f::output, f::grad_parameters, call);
    const auto q = ashlar::variable<"q">(query);
    const auto k = ashlar::variable<"k">(key);
    const auto loss = sum(model(q, k, k, nn::key_padding_mask(mask)) * upstream);
    GRADIENT_AGREES(loss, q, query);
    GRADIENT_AGREES(loss, k, key);
}

TEST_CASE("attention to keys and values of other widths", "[nn]") {
    namespace f = fixtures::other_widths;
    nn::MultiheadAttention<4, 2, nn::kdim<3>, nn::vdim<5>> model;
    set(model, f::parameters);
    INPUT(query);
    INPUT(key);
    INPUT(value);
    INPUT(upstream);
    agrees(model, upstream, f::output,
           f::grad_parameters,
           [&](auto& m) { return m(query, key, value); });
    const auto k = ashlar::variable<"k">(key);
    const auto v = ashlar::variable<"v">(value);
    GRADIENT_AGREES(sum(model(query, k, v) * upstream), k, key);
    GRADIENT_AGREES(sum(model(query, k, v) * upstream), v, value);
}

TEST_CASE("an encoder layer", "[nn]") {
    namespace f = fixtures::encoder;
    nn::TransformerEncoderLayer<4, 2, 6> model;  // its dropout is that of training
    set(model, f::parameters);
    INPUT(input);
    INPUT(upstream);
    CHECK(first_difference(ashlar::eval(model(input)), f::output, tolerance) == -1);
    model.set_dropout(0);
    agrees(model, upstream, f::output, f::grad_parameters, [&](auto& m) { return m(input); });
    nn::TransformerEncoderLayer<4, 2, 6, nn::no_dropout> without;
    set(without, f::parameters);
    agrees(without, upstream, f::output, f::grad_parameters, [&](auto& m) { return m(input); });
}

TEST_CASE("an encoder layer that normalises first", "[nn]") {
    namespace f = fixtures::encoder_norm_first;
    nn::TransformerEncoderLayer<4, 2, 6, nn::norm_first, nn::batch_first, nn::GELU, nn::no_dropout> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(mask);
    INPUT(upstream);
    agrees(model, upstream, f::output, f::grad_parameters, [&](auto& m) { return m(input, mask); });
}

TEST_CASE("a decoder layer", "[nn]") {
    namespace f = fixtures::decoder;
    nn::TransformerDecoderLayer<4, 2, 6, nn::no_dropout> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(memory);
    INPUT(mask);
    INPUT(upstream);
    agrees(model, upstream, f::output,
           f::grad_parameters,
           [&](auto& m) { return m(input, memory, mask); });
    const auto e = ashlar::variable<"e">(memory);
    GRADIENT_AGREES(sum(model(input, e, mask) * upstream), e, memory);
}

TEST_CASE("a network with an encoder layer is trained", "[nn]") {
    namespace f = fixtures::trained;
    nn::Sequential<nn::TransformerEncoderLayer<4, 2, 6, nn::no_dropout>, nn::Linear<4, 2>> model;
    set(model, f::parameters);
    INPUT(input);
    INPUT(target);
    optim::SGD sgd{model, {.lr = 0.1}};
    for (int i = 0; i < 3; ++i)
        CHECK(std::abs(sgd.step(nn::MSELoss{}(model(input), target)) - f::losses[i]) < 1e-5F);
    parameters_agree(model, f::after);
}

// A mask of other extents along the places has to be the one that it broadcasts to.
template <class T> static T filled(float step) {
    T t;
    for (std::size_t i = 0; i < t.size(); ++i) t.data()[i] = std::sin(step * static_cast<float>(i));
    return t;
}

TEST_CASE("masks for each head that broadcast along the places", "[nn]") {
    nn::MultiheadAttention<6, 2> model{ashlar::seed(1)};
    const auto x = filled<ashlar::Tensor<float, 4, 3, 6>>(0.3F);
    const auto agree = [&](const auto& mask) {
        const ashlar::Tensor<float, 6, 4, 4> whole = ashlar::expand<6, 4, 4>(mask);
        const ashlar::Tensor<float, 4, 3, 6> got = model(x, x, x, mask), expected = model(x, x, x, whole);
        CHECK(first_difference(got, expected.data(), 1e-6) == -1);
    };
    agree(filled<ashlar::Tensor<float, 6, 1, 4>>(0.7F));
    agree(filled<ashlar::Tensor<float, 6, 4, 1>>(0.7F));
    agree(filled<ashlar::Tensor<float, 6, 1, 1>>(0.7F));
    // One sequence, some of which is padding.
    const auto alone = filled<ashlar::Tensor<float, 4, 6>>(0.3F);
    const ashlar::Tensor<bool, 4> padding{false, true, false, true};
    const ashlar::Tensor<bool, 4, 4> same = ashlar::expand<4, 4>(padding);
    CHECK(eval(model(alone, alone, alone, nn::key_padding_mask(padding))) == eval(model(alone, alone, alone, same)));
}
