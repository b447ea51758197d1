// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"
#include "tables.hpp"

namespace {

void add(std::int64_t m, std::int64_t k, std::int64_t n) {
    const auto size = [](std::int64_t extent) { return static_cast<std::size_t>(extent); };
    bench::add("gemm", "torch", bench::gemm_name(size(m), size(k), size(n)), [=](benchmark::State& state) {
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

struct rows {
    template <std::size_t M, std::size_t K, std::size_t N> void row() { add(M, K, N); }
};

}  // namespace

void gemm() { bench::each_gemm(rows{}); }
