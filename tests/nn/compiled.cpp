// SPDX-License-Identifier: BSL-1.0
// compile(model): the same numbers as the model, from weights that lie as the kernels like them.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>
#include <memory>
#include <thread>

namespace nn = ashlar::nn;
using ashlar::Tensor;

// A matrix that the body does not transpose, and reads element by element too; an option.
struct Scaled {
    Tensor<float, 20, 12> right;  // [in, out], as a body likes it
    nn::Linear<12, 33> head;
    ashlar::option slope{0.125};
    constexpr auto operator()(ashlar::expression auto x) const {
        return head(leaky_relu(matmul(x, right), slope)) + sum(right * right);
    }
};
BOOST_HANA_ADAPT_STRUCT(Scaled, right, head, slope);

struct Doubles {
    Tensor<double, 11, 6> weight;
    Tensor<double, 11> bias;
    constexpr auto operator()(ashlar::expression auto x) const { return tanh(matmul(x, transpose(weight)) + bias); }
};
BOOST_HANA_ADAPT_STRUCT(Doubles, weight, bias);

struct DoublesInPanels {
    static constexpr bool matrices_only_multiply = true;
    Tensor<double, 64, 6> weight;
    constexpr auto operator()(ashlar::expression auto x) const { return matmul(x, transpose(weight)); }
};
BOOST_HANA_ADAPT_STRUCT(DoublesInPanels, weight);

// Reads the matrix of a layer, which lies in panels, in other ways than the layer.
struct Tied {
    nn::Linear<24, 96> layer;
    constexpr auto operator()(ashlar::expression auto x) const {
        return matmul(layer(x), layer.weight) + sum<0>(layer.weight);
    }
};
BOOST_HANA_ADAPT_STRUCT(Tied, layer);

namespace {

template <class T, std::size_t... Dims> Tensor<T, Dims...> filled(int seed) {
    Tensor<T, Dims...> t;
    for (std::size_t i = 0; i < t.size(); ++i) t.data()[i] = static_cast<T>(std::sin(static_cast<double>(i) + seed));
    return t;
}

template <class T, class Model, std::size_t... Dims> double difference(const Model& model) {
    const auto x = filled<T, Dims...>(7);
    const auto fast = std::make_unique<ashlar::Compiled<Model>>(model);
    const auto want = ashlar::eval(call(model, x)), got = ashlar::eval((*fast)(x));
    double most = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        const auto d = std::abs(static_cast<double>(want.data()[i]) - static_cast<double>(got.data()[i]));
        most = d > most || d != d ? d : most;
    }
    return most;
}

}  // namespace

TEST_CASE("a compiled network gives the model's numbers, with any batch", "[compiled]") {
    const nn::Sequential<nn::Linear<20, 13>, nn::Tanh, nn::Linear<13, 3>> model{ashlar::seed(1)};
    CHECK(difference<float, decltype(model), 20>(model) < 1e-6);
    CHECK(difference<float, decltype(model), 1, 20>(model) < 1e-6);
    CHECK(difference<float, decltype(model), 5, 20>(model) < 1e-6);
    CHECK(difference<float, decltype(model), 40, 20>(model) < 1e-6);
    CHECK(difference<float, decltype(model), 2, 3, 20>(model) < 1e-6);
}

TEST_CASE("a compiled network of small and of large layers", "[compiled]") {
    CHECK(difference<float, nn::Sequential<nn::Linear<2, 8>, nn::ReLU, nn::Linear<8, 2>>, 2>(
              nn::Sequential<nn::Linear<2, 8>, nn::ReLU, nn::Linear<8, 2>>{ashlar::seed(2)}) < 1e-6);
    const auto large =
        std::make_unique<nn::Sequential<nn::Linear<300, 150>, nn::ReLU, nn::Linear<150, 10>>>(ashlar::seed(3));
    CHECK(difference<float, nn::Sequential<nn::Linear<300, 150>, nn::ReLU, nn::Linear<150, 10>>, 300>(*large) < 1e-5);
    CHECK(difference<float, nn::Sequential<nn::Linear<300, 150>, nn::ReLU, nn::Linear<150, 10>>, 19, 300>(*large) <
          1e-5);
}

TEST_CASE("a compiled network of layers whose matrices lie in panels", "[compiled]") {
    using model_type =
        nn::Sequential<nn::Linear<40, 96>, nn::Tanh, nn::Linear<96, 192>, nn::ReLU, nn::Linear<192, 128>>;
    const auto model = std::make_unique<model_type>(ashlar::seed(5));
    CHECK(difference<float, model_type, 40>(*model) < 1e-6);
    CHECK(difference<float, model_type, 1, 40>(*model) < 1e-6);
    CHECK(difference<float, model_type, 7, 40>(*model) < 1e-6);
    CHECK(difference<float, model_type, 150, 40>(*model) < 1e-6);
    CHECK(difference<float, model_type, 2, 3, 40>(*model) < 1e-6);
}

TEST_CASE("a body may use its matrices in any way", "[compiled]") {
    Tied tied{};
    initialize(tied, ashlar::seed(9));
    CHECK(difference<float, Tied, 24>(tied) < 1e-5);
    CHECK(difference<float, Tied, 5, 24>(tied) < 1e-5);
    Scaled scaled{};
    initialize(scaled, ashlar::seed(4));
    CHECK(difference<float, Scaled, 6, 20>(scaled) < 1e-5);
    Doubles doubles{filled<double, 11, 6>(1), filled<double, 11>(2)};
    CHECK(difference<double, Doubles, 4, 6>(doubles) < 1e-14);
    CHECK(difference<double, Doubles, 6>(doubles) < 1e-14);
    const DoublesInPanels panels{filled<double, 64, 6>(3)};
    CHECK(difference<double, DoublesInPanels, 6>(panels) < 1e-14);
    CHECK(difference<double, DoublesInPanels, 9, 6>(panels) < 1e-14);
}

TEST_CASE("what is done to the model later does not reach its compiled form", "[compiled]") {
    nn::Sequential<nn::Linear<4, 6>> model{ashlar::seed(5)};
    const auto fast = ashlar::compile(model);
    const auto x = filled<float, 3, 4>(1);
    // Numbers that it knows g++ multiplies while compiling, and rounds them before it adds: not as the program does.
    asm volatile("" : : "g"(&x), "g"(&fast) : "memory");
    const auto before = ashlar::eval(fast(x));
    for (float& w : model.get<0>().weight) w = 0;
    CHECK(ashlar::eval(fast(x)) == before);
    CHECK_FALSE(ashlar::eval(model(x)) == before);
}

TEST_CASE("two threads share one compiled model", "[compiled]") {
    const nn::Sequential<nn::Linear<30, 64>, nn::ReLU, nn::Linear<64, 5>> model{ashlar::seed(6)};
    const auto fast = ashlar::compile(model);
    const auto x = filled<float, 30>(1);
    const auto want = ashlar::eval(fast(x));
    bool right[2] = {true, true};
    const auto work = [&](bool& good) {
        ashlar::Workspace<decltype(fast(x))> scratch;
        Tensor<float, 5> y;
        for (int i = 0; i < 200; ++i) {
            evaluate(fast(x), y, scratch);
            good = good && y == want;
        }
    };
    std::thread one(work, std::ref(right[0])), two(work, std::ref(right[1]));
    one.join(), two.join();
    CHECK((right[0] && right[1]));
}

// A constant where the model is one.
static constexpr nn::Sequential<nn::Linear<3, 6>, nn::ReLU, nn::Linear<6, 2>> constant_model{ashlar::seed(7)};
static constexpr auto constant_compiled = ashlar::compile(constant_model);
static constexpr Tensor<float, 3> constant_input{0.5f, -1.0f, 2.0f};
static constexpr Tensor<float, 2> constant_result = constant_compiled(constant_input);
static_assert(constant_result == Tensor<float, 2>(constant_model(constant_input)));

static constexpr nn::Linear<3, 64> constant_layer{ashlar::seed(8)};
static constexpr auto constant_panels = ashlar::compile(constant_layer);
static_assert(Tensor<float, 64>(constant_panels(constant_input)) == Tensor<float, 64>(constant_layer(constant_input)));

TEST_CASE("a compiled model in a constant expression", "[compiled]") {
    const Tensor<float, 2> y = constant_compiled(constant_input);
    for (std::size_t i = 0; i < 2; ++i) CHECK(std::abs(y(i) - constant_result(i)) < 1e-6f);
}

TEST_CASE("a compiled model takes part in expressions", "[compiled]") {
    const nn::Sequential<nn::Linear<4, 8>> model{ashlar::seed(8)};
    const auto fast = ashlar::compile(model);
    const auto x = filled<float, 2, 4>(3);
    const Tensor<float, 2, 8> y = softmax<1>(fast(x) * 2.0f), want = softmax<1>(model(x) * 2.0f);
    for (std::size_t i = 0; i < y.size(); ++i) CHECK(std::abs(y.data()[i] - want.data()[i]) < 1e-6f);
}
