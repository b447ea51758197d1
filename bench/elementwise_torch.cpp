// SPDX-License-Identifier: BSL-1.0
#include "measure.hpp"

#include <torch/torch.h>

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

template <class F> static void add(const char* name, std::int64_t count, int arrays, F f) {
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

int main(int argc, char** argv) {
    torch::set_num_threads(1);
    for (int n : {16, 256, 4096, 1'000'000}) {
        add("relu", n, 5, [](const vectors& v) { return torch::relu(v.a * v.x + v.b) - v.c * v.c; });
        add("tanh_sigmoid", n, 5, [](const vectors& v) { return torch::tanh(v.a * v.x + v.b) * torch::sigmoid(v.c); });
        add("exp", n, 2, [](const vectors& v) { return torch::exp(v.x); });
    }
    return bench::run(argc, argv);
}
