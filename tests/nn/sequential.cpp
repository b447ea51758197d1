// SPDX-License-Identifier: BSL-1.0
// Sequential: plain structs of their layers, reached by number, named by number; options changed at run time.
#include "support/catch.hpp"

#include "support/fixture.hpp"

#include <string>
#include <type_traits>
#include <vector>

namespace nn = ashlar::nn;
using ashlar::Tensor;
using support::first_difference;

using Model = nn::Sequential<nn::Linear<3, 4>, nn::LeakyReLU, nn::Linear<4, 2, nn::no_bias>>;
static_assert(std::is_trivially_copyable_v<Model> && Model::size() == 3);
static_assert(ashlar::parameter_count<Model> == 3 * 4 + 4 + 4 * 2);
static_assert(std::same_as<decltype(Model{}.get<0>().weight), Tensor<float, 4, 3>>);

// A template may ask whether there is a layer of a number.
template <class Model, std::size_t At> concept has_layer = requires(Model& m) { m.template get<At>(); };
using Pair = nn::Sequential<nn::Linear<2, 3>, nn::ReLU>;
static_assert(has_layer<Pair, 1> && has_layer<const Pair, 1> && !has_layer<Pair, 2> && !has_layer<const Pair, 4>);
static_assert(has_layer<nn::Residual<nn::ReLU>, 0> && !has_layer<nn::Residual<nn::ReLU>, 1>);

TEST_CASE("a slope of a layer inside Sequential is a run-time number", "[nn]") {
    nn::Sequential<nn::Identity, nn::LeakyReLU, nn::Identity> model;
    const Tensor<float, 3> x{-10, 0, 10};
    CHECK(first_difference(ashlar::eval(model(x)), Tensor<float, 3>{-0.1f, 0, 10}, 1e-6) == -1);
    model.get<1>().negative_slope = 0.2f;
    CHECK(first_difference(ashlar::eval(model(x)), Tensor<float, 3>{-2, 0, 10}, 1e-6) == -1);
    model.get<1>() = {};
    CHECK(first_difference(ashlar::eval(model(x)), Tensor<float, 3>{-0.1f, 0, 10}, 1e-6) == -1);
}

TEST_CASE("layers are named by their position, parameterless ones count", "[nn]") {
    Model model{ashlar::seed(0)};
    std::vector<std::string> names;
    ashlar::for_each_member(model, [&](const char* name, auto&) { names.emplace_back(name); });
    CHECK(names == std::vector<std::string>{"0", "1", "2"});
    nn::Sequential<nn::Identity, nn::Identity, nn::Identity, nn::Identity, nn::Identity, nn::Identity, nn::Identity,
                   nn::Identity, nn::Identity, nn::Identity, nn::Identity, nn::ReLU>
        twelve;
    names.clear();
    ashlar::for_each_member(twelve, [&](const char* name, auto&) { names.emplace_back(name); });
    CHECK(names[9] == "9");
    CHECK(names[11] == "11");
}

TEST_CASE("a temporary model lives in the expression", "[nn]") {
    const Tensor<float, 3> x{1, 2, 3};
    const auto y = Model{ashlar::seed(4)}(x);
    const Model model{ashlar::seed(4)};
    CHECK(ashlar::eval(y) == ashlar::eval(model(x)));
}

TEST_CASE("an expression refers to a model", "[nn]") {
    nn::Linear<2, 1> model;
    model.weight = Tensor<float, 1, 2>{{1, 1}};
    model.bias = Tensor<float, 1>{0.0f};
    const Tensor<float, 2> x{1, 2};
    const auto y = model(x);
    CHECK(ashlar::eval(y)(0) == 3.0f);
    model.bias(0) = 10;
    CHECK(ashlar::eval(y)(0) == 13.0f);
}

TEST_CASE("Flatten keeps the batch, Identity everything", "[nn]") {
    const Tensor<float, 2, 2, 3> x{{{0, 1, 2}, {3, 4, 5}}, {{6, 7, 8}, {9, 10, 11}}};
    const auto flat = nn::Flatten{}(x);
    static_assert(std::same_as<ashlar::shape_t<decltype(flat)>, ashlar::Shape<2, 6>>);
    CHECK(ashlar::eval(flat) == Tensor<float, 2, 6>{{0, 1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11}});
    CHECK(ashlar::eval(nn::Identity{}(x)) == x);
}

TEST_CASE("models in models", "[nn]") {
    using Inner = nn::Sequential<nn::Linear<3, 3>, nn::Tanh>;
    const nn::Sequential<Inner, nn::Residual<Inner, nn::ReLU>> model{ashlar::seed(9)};
    const Tensor<float, 2, 3> x{{1, 2, 3}, {-1, 0, 1}};
    const Tensor<float, 2, 3> first = model.get<0>()(x);
    const Tensor<float, 2, 3> inner = model.get<1>().get<0>()(first);
    const Tensor<float, 2, 3> expected = first + relu(inner);
    CHECK(first_difference(ashlar::eval(model(x)), expected, 1e-6) == -1);
}
