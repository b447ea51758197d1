// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

// What every table needs, with Ashlar or without, in C++17: inputs, the check against a reference, and the measurement.
namespace bench {

/// Numbers in [-bound, bound) that the compiler does not know.
inline void fill(float* to, std::size_t count, std::uint32_t seed, float bound = 1) {
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t bits = static_cast<std::uint32_t>(i) * 0x9E3779B9u + seed * 0x85EBCA6Bu;
        bits = (bits ^ (bits >> 16)) * 0x7FEB352Du;
        bits = (bits ^ (bits >> 15)) * 0x846CA68Bu;
        bits ^= bits >> 16;
        to[i] = bound * (static_cast<float>(bits >> 8) / static_cast<float>(1 << 23) - 1);
    }
    benchmark::DoNotOptimize(to);
    benchmark::ClobberMemory();
}

/// Whether a contender's result is that of the reference within `tolerance` (relative for large values, absolute for
/// small ones); if not, its benchmark becomes an error.
template <class T>
bool agrees(benchmark::State& state, const T* result, const std::vector<double>& reference, double tolerance) {
    for (std::size_t i = 0; i < reference.size(); ++i) {
        const auto value = static_cast<double>(result[i]);
        if (!(std::abs(value - reference[i]) <= tolerance * (1 + std::abs(reference[i])))) {
            const std::string text = "element " + std::to_string(i) + " is " + std::to_string(value) + ", not " +
                                     std::to_string(reference[i]);
            state.SkipWithError(text.c_str());
            return false;
        }
    }
    return true;
}

template <class Run> void measure(benchmark::State& state, Run run) {
    for (auto _ : state) {
        run();
        benchmark::ClobberMemory();
    }
}

/// A counter FLOPS or bytes: so much work an iteration.
inline void count(benchmark::State& state, const char* what, double work) {
    state.counters[what] = benchmark::Counter(work, benchmark::Counter::kIsIterationInvariantRate);
}

/// A benchmark of one table: `body(state)`.
template <class Body>
void add(const std::string& table, const std::string& contender, const std::string& row, Body body) {
    benchmark::RegisterBenchmark((table + '/' + contender + '/' + row).c_str(), body);
}

/// The benchmarks one after the other, as any program of Google Benchmark; or, with --serve as the first argument,
/// those that are named on the standard input, one a line. A form feed ends each answer. So somebody else decides on
/// the order, and contenders of several programs can take turns.
inline int run(int argc, char** argv) {
    const bool serves = argc > 1 && argv[1] == std::string{"--serve"};
    if (serves) argv[1] = argv[0];
    int count = serves ? argc - 1 : argc;
    char** words = serves ? argv + 1 : argv;
    benchmark::Initialize(&count, words);
    if (benchmark::ReportUnrecognizedArguments(count, words)) return 1;
    if (serves)
        for (std::string name; std::getline(std::cin, name);) {
            benchmark::JSONReporter reporter;
            benchmark::RunSpecifiedBenchmarks(&reporter, '^' + name + '$');
            std::cout << '\f' << std::endl;
        }
    else benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

}  // namespace bench
