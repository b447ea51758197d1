// SPDX-License-Identifier: BSL-1.0
// Memory for intermediate results: a constant of the type, given by the caller or static,
// never a large part of the stack.
#include "support/catch.hpp"


#include "support/child.hpp"

#include <ashlar/ashlar.hpp>

#include <functional>
#include <memory>
#include <thread>
#include <type_traits>

#include <sys/resource.h>

namespace nn = ashlar::nn;
using ashlar::Shape;
using ashlar::Tensor;

using Model = nn::Sequential<nn::Linear<64, 256>, nn::ReLU, nn::Linear<256, 256>, nn::ReLU, nn::Linear<256, 10>>;
using Input = Tensor<float, 128, 64>;
using Call = decltype(std::declval<const Model&>()(std::declval<const Input&>()));

// Two layers are alive at a time, and pieces of a product beside them.
static_assert(ashlar::workspace_bytes<Model, Shape<128, 64>> >= 128 * 256 * 4);
static_assert(ashlar::workspace_bytes<Model, Shape<128, 64>> <= 3 * 128 * 256 * 4);
static_assert(sizeof(ashlar::Workspace<Call>) >= ashlar::workspace_bytes<Model, Shape<128, 64>>);
static_assert(sizeof(ashlar::Workspace<Call>) <= ashlar::workspace_bytes<Model, Shape<128, 64>> + 64);
static_assert(std::is_trivially_destructible_v<ashlar::Workspace<Call>>);
// An expression is small, whatever it will compute; element-wise work needs no memory.
static_assert(sizeof(Call) <= 2 * sizeof(void*));
static_assert(ashlar::workspace_bytes<nn::ReLU, Shape<1000, 1000>> == 0);

TEST_CASE("a workspace gives the numbers of the conversion", "[workspace]") {
    const auto model = std::make_unique<Model>(ashlar::seed(1));
    const auto x = std::make_unique<Input>(Input::full(0.5f));
    const auto scratch = std::make_unique<ashlar::Workspace<Call>>();
    Tensor<float, 128, 10> out;
    ashlar::evaluate((*model)(*x), out, *scratch);
    const Tensor<float, 128, 10> converted = (*model)(*x);
    CHECK(out == converted);
    ashlar::evaluate((*model)(*x), out, *scratch);  // again in the same memory
    CHECK(out == converted);
}

TEST_CASE("evaluate without a workspace", "[workspace]") {
    static Model model{ashlar::seed(1)};
    static const Input x = Input::full(0.5f);
    static Tensor<float, 128, 10> out, expected;
    expected = model(x);
    ashlar::evaluate(model(x), out);  // large: in static memory
    CHECK(out == expected);
    float block[3] = {1, 2, 3};
    const ashlar::TensorView<float, 3> view{block};
    ashlar::evaluate(flip<0>(view) * 2, view);  // its own memory among what is read
    CHECK(block[0] == 6);
    CHECK(block[2] == 2);
    ashlar::evaluate(view, ashlar::TensorView<float, 3>{block});
    CHECK(block[0] == 6);
    static_assert(noexcept(ashlar::evaluate(model(x), out)));
    static_assert([] {
        Tensor<int, 2> y{};
        ashlar::evaluate(Tensor<int, 2>{1, 2} + 1, y);
        return y == Tensor<int, 2>{2, 3};
    }());
}

// A process whose stack may not grow beyond a fraction of what the program needs for its results.
TEST_CASE("large programs leave the stack alone", "[workspace]") {
    static Model model{ashlar::seed(1)};
    static Input x = Input::full(0.5f);
    static Tensor<int, 128> y{};
    static Tensor<float, 128, 10> out;
    static ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    using Loss = decltype(nn::CrossEntropyLoss{}(model(x), y));
    static_assert(
        ashlar::detail::memory_bytes<ashlar::detail::step_program<Loss, Model, ashlar::optim::plain_sgd>> > 384 * 1024);
    const auto ending = support::ending_of([] {
        const rlimit small{256 * 1024, 256 * 1024};
        setrlimit(RLIMIT_STACK, &small);
        out = model(x);
        const float loss = sgd.step(nn::CrossEntropyLoss{}(model(x), y));
        std::fputs(loss > 0 && out(127, 0) == out(0, 0) ? "done" : "wrong", stderr);
    });
    CHECK(ending.message == "done");
}

TEST_CASE("one model is evaluated from two threads", "[workspace]") {
    const auto model = std::make_unique<const Model>(ashlar::seed(1));
    const auto a = std::make_unique<Input>(Input::full(0.5f)), b = std::make_unique<Input>(Input::full(-0.25f));
    const auto expected_a = std::make_unique<Tensor<float, 128, 10>>((*model)(*a));
    const auto expected_b = std::make_unique<Tensor<float, 128, 10>>((*model)(*b));
    int wrong[2] = {};
    const auto work = [&](int which, const Input& x, const Tensor<float, 128, 10>& expected) {
        Tensor<float, 128, 10> out;
        for (int i = 0; i < 50; ++i) {
            out = (*model)(x);
            wrong[which] += out == expected ? 0 : 1;
        }
    };
    std::thread one{work, 0, std::cref(*a), std::cref(*expected_a)},
        two{work, 1, std::cref(*b), std::cref(*expected_b)};
    one.join();
    two.join();
    CHECK(wrong[0] == 0);
    CHECK(wrong[1] == 0);
}
