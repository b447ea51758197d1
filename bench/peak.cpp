// SPDX-License-Identifier: BSL-1.0
// What the machine can do: independent fused multiply-adds in registers, nothing else. All GFLOP/s are read beside it.
#include "measure.hpp"

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

}  // namespace

int main(int argc, char** argv) {
    bench::add("peak", "machine", "float", multiply_add);
    return bench::run(argc, argv);
}
