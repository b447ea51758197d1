// SPDX-License-Identifier: BSL-1.0
// What the machine can do: independent fused multiply-adds in registers, nothing else, beside which all GFLOP/s are
// read; and sums of what lies in the second cache, which no network of weights that lie there can do in less time.
#include "measure.hpp"

#include <vector>

#ifdef __AVX512F__
using floats = float __attribute__((vector_size(64)));
#elif defined(__AVX__)
using floats = float __attribute__((vector_size(32)));
#else
using floats = float __attribute__((vector_size(16)));
#endif

namespace {

constexpr int chains = 12;  // enough for two units of four cycles' latency, and still all in sixteen registers
constexpr int rounds = 1000;

void multiply_add(benchmark::State& state) {
    floats sum[chains] = {};
    floats factor{}, summand{};
    for (std::size_t i = 0; i < sizeof(floats) / sizeof(float); ++i) {
        factor[i] = 0.5f;
        summand[i] = 1;
    }
    for (auto _ : state) {
        benchmark::DoNotOptimize(factor);
        benchmark::DoNotOptimize(summand);
        for (int round = 0; round < rounds; ++round)
            for (floats& each : sum) each = each * factor + summand;
        for (floats& each : sum) benchmark::DoNotOptimize(each);
    }
    for (const floats& each : sum)  // the chains' fixed point
        if (!(each[0] == 2)) state.SkipWithError("the chains do not converge to 2");
    bench::count(state, "FLOPS", 2.0 * chains * rounds * sizeof(floats) / sizeof(float));
}

// In eight sums, which nothing else may point at.
floats total(const float* p, std::size_t vectors) {
    using anywhere = float __attribute__((vector_size(sizeof(floats)), aligned(sizeof(float)), may_alias));
    const auto* from = reinterpret_cast<const anywhere*>(p);
    floats a{}, b{}, c{}, d{}, e{}, f{}, g{}, h{};
    for (std::size_t i = 0; i < vectors; i += 8) {
        a += from[i];
        b += from[i + 1];
        c += from[i + 2];
        d += from[i + 3];
        e += from[i + 4];
        f += from[i + 5];
        g += from[i + 6];
        h += from[i + 7];
    }
    return a + b + c + d + e + f + g + h;
}

void read_second_cache(benchmark::State& state) {
    constexpr std::size_t size = 128 * 1024;
    const std::vector<float> ones(size / sizeof(float), 1.0f);
    floats sum{};
    for (auto _ : state) {
        const float* p = ones.data();
        benchmark::DoNotOptimize(p);
        sum = total(p, size / sizeof(floats));
        benchmark::DoNotOptimize(sum);
    }
    if (!(sum[0] == static_cast<float>(size / sizeof(floats))))
        state.SkipWithError("the sum of ones is not their number");
    bench::count(state, "BYTES", size);
}

}  // namespace

int main(int argc, char** argv) {
    bench::add("peak", "machine", "float", multiply_add);
    bench::add("peak", "machine", "second_cache", read_second_cache);
    return bench::run(argc, argv);
}
