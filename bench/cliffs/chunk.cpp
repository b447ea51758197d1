// SPDX-License-Identifier: BSL-1.0
// One chunk of a sweep: compiled many times, with other macros SWEEP and FIRST. The sizes are static, since the library
// chooses its code by them.
#include <ashlar/ashlar.hpp>

#include "../rows.hpp"
#include "cliffs.hpp"

#include <utility>

namespace {

template <std::size_t M, std::size_t K, std::size_t N> void product(benchmark::State& state) {
    static ashlar::Tensor<float, M, K> a;
    static ashlar::Tensor<float, K, N> b;
    static ashlar::Tensor<float, M, N> out;
    static ashlar::Workspace<decltype(matmul(a, b))> workspace;
    bench::fill(a.data(), a.size(), 1);
    bench::fill(b.data(), b.size(), 2);
    bench::fill(out.data(), out.size(), 3);
    std::vector<double> reference(M * N);
    for (std::size_t i = 0; i < M; ++i)
        for (std::size_t p = 0; p < K; ++p)
            for (std::size_t j = 0; j < N; ++j)
                reference[i * N + j] += static_cast<double>(a(i, p)) * static_cast<double>(b(p, j));
    const auto run = [] { evaluate(matmul(a, b), out, workspace); };
    run();
    if (!bench::agrees(state, out.data(), reference, 1e-6 + 1e-7 * K)) return;
    bench::measure(state, run);
    bench::count(state, "FLOPS", 2.0 * M * K * N);
}

template <class Sweep, std::size_t First, std::size_t... Step> void add_all(std::index_sequence<Step...>) {
    const auto add = []<std::size_t Size>(std::integral_constant<std::size_t, Size>) {
        constexpr std::size_t m = Sweep::m(Size), k = Sweep::k(Size), n = Sweep::n(Size);
        bench::add("cliffs", "ashlar", bench::gemm_name(m, k, n), product<m, k, n>);
    };
    (add(std::integral_constant<std::size_t, First + Step>{}), ...);
}

}  // namespace

template <class Sweep, std::size_t First> void cliffs::add() {
    add_all<Sweep, First>(std::make_index_sequence<chunk>{});
}
template void cliffs::add<cliffs::SWEEP, FIRST>();
