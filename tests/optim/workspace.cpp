// SPDX-License-Identifier: BSL-1.0
// labels: slow
// A training step in memory of the caller: the numbers of the one in memory of the thread, bit for bit.
#include <ashlar/ashlar.hpp>

#include "support/allocations.hpp"

#include <cstdio>
#include <cstring>
#include <memory>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Shape;
using ashlar::Tensor;

namespace {

int failed = 0;
void expect(bool holds, const char* what) {
    if (!holds) std::printf("failed: %s\n", what), ++failed;
}

template <class Model> bool same_bits(const Model& a, const Model& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

using Small = nn::Sequential<nn::Linear<2, 8>, nn::Tanh, nn::Linear<8, 2>>;                   // straight code
using Large = nn::Sequential<nn::Linear<40, 60>, nn::GELU, nn::Linear<60, 5>>;                // a table of steps
using Images = nn::Sequential<nn::Conv2d<1, 4, 3>, nn::ReLU, nn::MaxPool2d<2>, nn::Flatten, nn::Linear<36, 3>>;

template <class T> T drawn(std::uint64_t seed) {
    T t;
    ashlar::generator random{ashlar::seed(seed)};
    fill_uniform(t, random, 1.0f);
    return t;
}

// The memory is never 0 before: what a step does not write itself, it may not read.
template <class Memory> void spoil(Memory& scratch) { std::memset(static_cast<void*>(&scratch), 0x7f, sizeof scratch); }

template <class Model, class X, class Y, class Memory, class Optimizer>
void compare(Optimizer& with, Optimizer& without, const X& x, const Y& y, Memory& scratch, auto criterion,
             const char* what) {
    bool same = true;
    for (int i = 0; i < 3; ++i) {
        spoil(scratch);
        float loss = 0;
        const int allocated = support::allocated_by([&] { loss = with.step(criterion(with.model()(x), y), scratch); });
        const float expected = without.step(criterion(without.model()(x), y));
        same = same && allocated == 0 && std::memcmp(&loss, &expected, sizeof loss) == 0 &&
               same_bits(with.model(), without.model());
    }
    expect(same, what);
}

const Tensor<float, 4, 2> pairs{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
const Tensor<int, 4> few{0, 1, 1, 0};

void steps_of_sgd() {
    static Small a{ashlar::seed(1)}, b{ashlar::seed(1)};  // static: the padding is 0
    optim::SGD with{a, {.lr = 0.5}}, without{b, {.lr = 0.5}};
    ashlar::Workspace<decltype(with), nn::CrossEntropyLoss<>, Shape<4, 2>, Tensor<int, 4>> scratch;
    const nn::CrossEntropyLoss criterion;
    static_assert(noexcept(with.step(criterion(a(pairs), few), scratch)));
    const nn::CrossEntropyLoss smoothed{.label_smoothing = 0.1};
    compare<Small>(with, without, pairs, few, scratch, smoothed, "SGD, straight code");

    // Views are of another type than tensors, and need no other memory.
    float values[8] = {0, 0, 0, 1, 1, 0, 1, 1};
    const ashlar::TensorView<const float, 4, 2> view{values};
    spoil(scratch);
    const float loss = with.step(nn::CrossEntropyLoss{}(a(view), few), scratch);
    expect(loss == without.step(nn::CrossEntropyLoss{}(b(pairs), few)) && same_bits(a, b), "views");

    // A loss of another kind is stated by its type.
    const auto squares = [](const Small& model) { return mean(square(model(pairs))); };
    ashlar::Workspace<decltype(with), decltype(squares(a))> other;
    spoil(other);
    const float size = with.step(squares(a), other);
    expect(size == without.step(squares(b)) && same_bits(a, b), "a loss by its type");
}

// More than the stack is used for: without a workspace it would be memory of the thread.
void steps_of_adam() {
    static Large a{ashlar::seed(1)}, b{ashlar::seed(1)};
    static const auto x = drawn<Tensor<float, 33, 40>>(2);
    static const auto wanted = drawn<Tensor<float, 33, 5>>(4);
    static optim::Adam with{a, {.lr = 1e-2}}, without{b, {.lr = 1e-2}};
    using memory = ashlar::Workspace<decltype(with), nn::MSELoss<>, Shape<33, 40>, Shape<33, 5>>;
    static_assert(sizeof(memory) > ashlar::detail::stack_limit);
    const auto scratch = std::make_unique<memory>();
    compare<Large>(with, without, x, wanted, *scratch, nn::MSELoss{}, "Adam, a table of steps");

    // A smaller batch in the same memory.
    const auto last = drawn<Tensor<float, 7, 40>>(7);
    const auto target = drawn<Tensor<float, 7, 5>>(8);
    compare<Large>(with, without, last, target, *scratch, nn::MSELoss{}, "a smaller batch");

}

// A user's criterion.
struct Halved {
    constexpr auto operator()(const auto& x, const auto& y) const { return 0.5f * nn::MSELoss{}(x, y); }
};

void steps_of_images() {
    static Images a{ashlar::seed(1)}, b{ashlar::seed(1)};
    static const auto x = drawn<Tensor<float, 4, 1, 8, 8>>(5);
    static optim::SGD with{a, {.lr = 0.1, .momentum = 0.9}}, without{b, {.lr = 0.1, .momentum = 0.9}};
    static const auto scores = drawn<Tensor<float, 4, 3>>(6);
    static ashlar::Workspace<decltype(with), Halved, Shape<4, 1, 8, 8>, Shape<4, 3>> halved;
    compare<Images>(with, without, x, scores, halved, Halved{}, "convolutions, a user's criterion");
}

constexpr float trained_while_compiling(bool by_workspace) {
    Small model{ashlar::seed(0)};
    optim::SGD sgd{model, {.lr = 0.5}};
    ashlar::Workspace<decltype(sgd), nn::CrossEntropyLoss<>, Shape<4, 2>, Tensor<int, 4>> scratch;
    const Tensor<float, 4, 2> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    const Tensor<int, 4> y{0, 1, 1, 0};
    const nn::CrossEntropyLoss criterion;
    return by_workspace ? sgd.step(criterion(model(x), y), scratch) : sgd.step(criterion(model(x), y));
}
static_assert(trained_while_compiling(true) == trained_while_compiling(false));

}  // namespace

int main() {
    expect(support::allocated_by([] { ::operator delete(::operator new(1)); }) == 1, "allocations are counted");
    steps_of_sgd();
    steps_of_adam();
    steps_of_images();
    return failed == 0 ? 0 : 1;
}
