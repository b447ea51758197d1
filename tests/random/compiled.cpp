// SPDX-License-Identifier: BSL-1.0
// labels: widths heavy
// Random programs by the kernels that are compiled for them. Every configuration has seeds of its own.
// tests/run random runs others, thousands at a time.
#include "support/random/compiled.hpp"

#include "support/catch.hpp"

#if defined(__clang__)
    #if __has_feature(address_sanitizer)
        #define ADDRESSES_ARE_WATCHED
    #endif
#endif
#if !defined(RANDOM_FROM)
    #if defined(ADDRESSES_ARE_WATCHED)
        #define RANDOM_FROM 400
        #define RANDOM_COUNT 5
    #elif !defined(__OPTIMIZE__)
        #define RANDOM_FROM 0
        #define RANDOM_COUNT 6  // kernels take as long to compile without optimisation
    #elif defined(__clang__)
        #define RANDOM_FROM 100
        #define RANDOM_COUNT 24
    #elif defined(__AVX__)
        #define RANDOM_FROM 200
        #define RANDOM_COUNT 20
    #else
        #define RANDOM_FROM 300
        #define RANDOM_COUNT 10
    #endif
#endif
#if !defined(RANDOM_LINES)
    #define RANDOM_LINES 0  // as many as the seed says
#endif

namespace random_programs = support::random;

template <std::uint64_t Seed> static void examine() {
    using spec = random_programs::compiled<Seed, RANDOM_LINES>;
    random_programs::session s{spec::tried};
    const std::string fault = examine_compiled<spec>(s);
    if (!fault.empty()) FAIL_CHECK(s.title() + s.graph() + fault);
}

TEST_CASE("random programs, compiled", "[random]") {
    []<std::uint64_t... I>(std::integer_sequence<std::uint64_t, I...>) { (examine<RANDOM_FROM + I>(), ...); }
    (std::make_integer_sequence<std::uint64_t, RANDOM_COUNT>{});
    SUCCEED();
}
