// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Nothing allocates after the start: not an evaluation, not a step; and nothing throws.
#include <ashlar/ashlar.hpp>

#include "support/allocations.hpp"

#include <cstdio>
#include <tuple>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

using Model = nn::Sequential<nn::Linear<40, 60>, nn::GELU, nn::Linear<60, 5>>;
using Frame = Tensor<float, 40>;
using Batch = Tensor<float, 33, 40>;
using Labels = Tensor<int, 33>;
using Loss = decltype(nn::CrossEntropyLoss{}(std::declval<Model&>()(std::declval<Batch&>()), std::declval<Labels&>()));
using Call = decltype(std::declval<const Model&>()(std::declval<Frame&>()));

static_assert(noexcept(ashlar::evaluate(std::declval<const Call&>(), std::declval<Tensor<float, 5>&>(),
                                        std::declval<ashlar::Workspace<Call>&>())));
static_assert(noexcept(std::declval<optim::SGD<Model, optim::plain_sgd>&>().step(std::declval<Loss&>())));
static_assert(noexcept(std::declval<optim::Adam<Model>&>().step()));
static_assert(noexcept(std::declval<optim::Adam<Model>&>().zero_grad()));
static_assert(noexcept(ashlar::backward(std::declval<Loss&>(), std::declval<ashlar::gradient_buffer<Model>&>())));
static_assert(noexcept(ashlar::value_and_grad(std::declval<Loss&>(), std::declval<const Model&>())));

// More than the stack is used for: the convenient forms have memory of their own.
static_assert(ashlar::detail::memory_bytes<ashlar::detail::step_program<Loss, Model, optim::plain_sgd>> >
              ashlar::detail::stack_limit);

static Model model{ashlar::seed(1)};
static Batch samples;
static Labels labels{};
static ashlar::Workspace<Call> scratch;
static nn::Sequential<nn::Conv2d<1, 4, 3>, nn::ReLU, nn::MaxPool2d<2>, nn::Flatten, nn::Linear<36, 3>> images{
    ashlar::seed(1)};

int main() {
    int failed = 0;
    const auto expect_none = [&](const char* what, const auto& work) {
        const int n = support::allocated_by(work);
        if (n != 0) std::printf("failed: %s allocates %d times\n", what, n), ++failed;
    };
    const auto expect = [&](bool holds, const char* what) {
        if (!holds) std::printf("failed: %s\n", what), ++failed;
    };
    ashlar::generator random{ashlar::seed(2)};
    fill_uniform(samples, random, 1.0f);
    for (int& label : labels) label = static_cast<int>(random.below(5));

    Frame frame = Frame::ones();
    Tensor<float, 5> out;
    nn::CrossEntropyLoss criterion;
    static optim::SGD sgd{model, {.lr = 0.1}};
    static optim::Adam adam{model};
    float loss = 0;

    expect(support::allocated_by([] { ::operator delete(::operator new(1)); }) == 1, "allocations are counted");
    expect_none("evaluate", [&] { ashlar::evaluate(model(frame), out, scratch); });
    expect_none("conversion", [&] { out = model(frame); });
    expect_none("conversion of a batch", [&] {
        const Tensor<float, 33, 5> logits = model(samples);
        out(0) = logits(0, 0);
    });
    expect_none("the first step", [&] { loss = sgd.step(criterion(model(samples), labels)); });
    expect_none("ten steps", [&] { for (int i = 0; i < 10; ++i) loss = sgd.step(criterion(model(samples), labels)); });
    expect_none("steps of Adam", [&] {
        for (int i = 0; i < 10; ++i) loss = adam.step(criterion(model(samples), labels));
    });
    expect_none("the long form", [&] {
        adam.zero_grad();
        loss = ashlar::backward(criterion(model(samples), labels), adam.gradients());
        adam.step();
    });
    expect_none("value_and_grad",
                [&] { loss = ashlar::value_and_grad(criterion(model(samples), labels), model).value; });
    expect(loss > 0 && loss < 1.7f, "the loss is a number");

    const auto fast = ashlar::compile(model);
    static ashlar::Workspace<decltype(fast(frame))> fast_scratch;
    expect_none("a compiled model", [&] { ashlar::evaluate(fast(frame), out, fast_scratch); });
    static Tensor<float, 4, 1, 8, 8> pixels = Tensor<float, 4, 1, 8, 8>::ones();
    static optim::SGD by_images{images, {.lr = 0.1}};
    expect_none("a step with convolutions",
                [&] { loss = by_images.step(criterion(images(pixels), Tensor<int, 4>{0, 1, 2, 0})); });
    expect(loss > 0, "so is that of images");

    static nn::Sequential<nn::Embedding<300, 8>, nn::Flatten, nn::Linear<24, 3>> words{ashlar::seed(2)};
    static optim::SGD by_words{words, {.lr = 0.1}};
    static Tensor<float, 300, 8> table{};
    const Tensor<int, 5, 3> named{{1, 2, 299}, {2, 2, 2}, {0, -1, 300}, {4, 5, 6}, {7, 8, 9}};
    const Tensor<int, 5> tags{0, 1, 2, 1, 0};
    expect_none("a step that moves some rows", [&] { loss = by_words.step(criterion(words(named), tags)); });
    expect_none("rows by an index, and back", [&] { table = index_add<0>(table, named, take<0>(table, named)); });

    static Tensor<float, 70, 70> h = Tensor<float, 70, 70>::full(0.01f), w = Tensor<float, 70, 70>::full(0.02f), y{};
    const auto next =
        let(tanh(matmul(h, w)), ashlar::shared(w), [](auto n, auto u) { return ashlar::together(n, matmul(n, u)); });
    static ashlar::Workspace<decltype(next)> several_scratch;
    static_assert(noexcept(ashlar::evaluate(next, std::tie(h, y), several_scratch)) &&
                  noexcept(ashlar::evaluate(next, std::tie(h, y))));
    expect_none("several results", [&] { ashlar::evaluate(next, std::tie(h, y), several_scratch); });
    expect_none("several results without a workspace", [&] { ashlar::evaluate(next, std::tie(h, y)); });
    expect_none("their values", [&] {
        auto [n, u] = ashlar::eval(ashlar::together(frame + 1.0f, frame * 2.0f));
        out(0) = n(0) + u(0);
    });
    expect(out(0) == 4, "a value of several");
    return failed == 0 ? 0 : 1;
}
