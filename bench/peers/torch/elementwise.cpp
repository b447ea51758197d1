// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"
#include "tables.hpp"

namespace {

struct vectors {
    torch::Tensor a, x, b, c;

    vectors(std::int64_t count, torch::Dtype type) {
        std::uint32_t seed = 0;
        for (torch::Tensor* t : {&a, &x, &b, &c}) {
            *t = torch::empty({count});
            bench::fill(t->data_ptr<float>(), static_cast<std::size_t>(count), ++seed, 2);
            *t = t->to(type);
        }
    }
};

template <class F> void add(const char* name, std::int64_t count, int arrays, F f) {
    bench::add("elementwise", "torch", std::string{name} + '/' + std::to_string(count), [=](benchmark::State& state) {
        const torch::InferenceMode guard;
        const vectors v{count, torch::kFloat};
        const torch::Tensor exact = f(vectors{count, torch::kDouble});
        const std::vector<double> reference(exact.data_ptr<double>(), exact.data_ptr<double>() + count);
        const torch::Tensor result = f(v);
        if (!bench::agrees(state, result.data_ptr<float>(), reference, 1e-6)) return;
        bench::measure(state, [&] { benchmark::DoNotOptimize(f(v)); });
        bench::count(state, "bytes", 4.0 * static_cast<double>(count * arrays));
    });
}

struct rows {
    template <std::size_t N> void row() {
        add("relu", N, 5, [](const vectors& v) { return torch::relu(v.a * v.x + v.b) - v.c * v.c; });
        add("tanh_sigmoid", N, 5, [](const vectors& v) { return torch::tanh(v.a * v.x + v.b) * torch::sigmoid(v.c); });
        add("exp", N, 2, [](const vectors& v) { return torch::exp(v.x); });
    }
};

}  // namespace

void elementwise() { bench::each_elementwise(rows{}); }
