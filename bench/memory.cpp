// SPDX-License-Identifier: BSL-1.0
// The memory of a training step beyond parameters and data: the workspace, whose size is a constant, and whatever the
// step takes from the heap meanwhile, which should be nothing.
#include "lenet_model.hpp"
#include "model.hpp"
#include "problem.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {
double allocated;

void* counted(std::size_t bytes) {
    allocated += static_cast<double>(bytes);
    if (void* memory = std::malloc(bytes)) return memory;
    throw std::bad_alloc{};
}
}  // namespace

// Not to be inlined: g++ would take a deleted pointer for one that `new` has not made.
[[gnu::noinline]] void* operator new(std::size_t bytes) { return counted(bytes); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

// The step of a model on `x` and `y`, which are static.
template <class Criterion, class Model, class X, class Y>
void add(const std::string& row, Model& model, const X& x, const Y& y) {
    static ashlar::optim::SGD sgd{model, {.lr = bench::rate}};
    constexpr Criterion criterion;
    using loss = decltype(criterion(model(x), y));
    bench::add("memory", "ashlar", row, [&](benchmark::State& state) {
        double from_heap = 0;
        for (auto _ : state) {
            const double before = allocated;
            benchmark::DoNotOptimize(sgd.step(Criterion{}(model(x), y)));
            from_heap = std::max(from_heap, allocated - before);
        }
        constexpr std::size_t workspace = ashlar::training_workspace_bytes<decltype(sgd), loss>;
        state.counters["peak_bytes"] = static_cast<double>(workspace) + from_heap;
    });
}

struct rows {
    template <class Loss, class Activation, std::size_t Batch, std::size_t In, std::size_t... Widths> void row() {
        constexpr std::size_t out = bench::training_problem<Loss, Activation, Batch, In, Widths...>::out;
        constexpr bool classifies = std::is_same_v<Loss, bench::cross_entropy>;
        static typename bench::model_of<bench::network<float, Activation, Batch, In, Widths...>>::type model;
        static ashlar::Tensor<float, Batch, In> x;
        static std::conditional_t<classifies, ashlar::Tensor<int, Batch>, ashlar::Tensor<float, Batch, out>> y;
        const std::string row = bench::training_name<Loss, Activation, Batch, In, Widths...>();
        add<typename bench::loss_of<Loss>::type>(row, model, x, y);
    }
};

#ifdef BENCH_ASHLAR_LENET
void add_lenet() {
    constexpr std::size_t batch = bench::lenet_problem::batch;
    static bench::lenet_model model;
    static ashlar::Tensor<float, batch, 1, 28, 28> x;
    static ashlar::Tensor<int, batch> classes;
    add<ashlar::nn::CrossEntropyLoss<>>("lenet_b32", model, x, classes);
}
#endif

}  // namespace

int main(int argc, char** argv) {
    bench::each_training(rows{});
#ifdef BENCH_ASHLAR_LENET
    add_lenet();
#endif
    return bench::run(argc, argv);
}
