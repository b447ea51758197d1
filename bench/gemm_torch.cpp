// SPDX-License-Identifier: BSL-1.0
#include "measure.hpp"

#include <torch/torch.h>

static void add(std::int64_t m, std::int64_t k, std::int64_t n) {
    const std::string row = std::to_string(m) + 'x' + std::to_string(k) + 'x' + std::to_string(n);
    bench::add("gemm", "torch", row, [=](benchmark::State& state) {
        const torch::InferenceMode guard;
        const torch::Tensor a = torch::empty({m, k}), b = torch::empty({k, n});
        torch::Tensor out = torch::empty({m, n});
        bench::fill(a.data_ptr<float>(), static_cast<std::size_t>(m * k), 1);
        bench::fill(b.data_ptr<float>(), static_cast<std::size_t>(k * n), 2);
        const torch::Tensor exact = torch::mm(a.to(torch::kDouble), b.to(torch::kDouble));
        const std::vector<double> reference(exact.data_ptr<double>(), exact.data_ptr<double>() + m * n);
        torch::mm_out(out, a, b);
        if (!bench::agrees(state, out.data_ptr<float>(), reference, 1e-6 + 1e-7 * static_cast<double>(k))) return;
        bench::measure(state, [&] { torch::mm_out(out, a, b); });
        bench::count(state, "FLOPS", 2.0 * static_cast<double>(m * k * n));
    });
}

int main(int argc, char** argv) {
    torch::set_num_threads(1);
    for (int n = 4; n <= 1024; n *= 2) add(n, n, n);
    add(1, 64, 64);
    add(1, 784, 128);
    add(32, 784, 128);
    add(64, 128, 10);
    add(128, 512, 512);
    return bench::run(argc, argv);
}
