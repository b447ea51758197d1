// SPDX-License-Identifier: BSL-1.0
// Random programs, planned at run time and run step by step as constant evaluation would: graphs, derivatives, plans.
// tests/run random runs others, thousands at a time.
#include "support/random/interpreted.hpp"

#include "support/catch.hpp"

#include <cstdlib>

namespace random_programs = support::random;

// Numbers that tools/random_programs.py gives.
static std::uint64_t given(const char* name, std::uint64_t otherwise) {
    const char* const text = std::getenv(name);
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// The same seed with fewer lines, if that fails too.
static std::string smallest(std::uint64_t seed, int lines, const std::string& fault) {
    for (int n = 1; n < random_programs::trial_of(seed, lines).wished.lines; ++n) {
        random_programs::session s{random_programs::trial_of(seed, n)};
        const std::string smaller = examine_interpreted(s);
        if (!smaller.empty()) return s.title() + s.graph() + smaller;
    }
    const random_programs::session s{random_programs::trial_of(seed, lines)};
    return s.title() + s.graph() + fault;
}

#if defined(__SANITIZE_ADDRESS__)
static constexpr std::uint64_t usual_first = 4000, usual_count = 200;
#elif defined(__OPTIMIZE__)
static constexpr std::uint64_t usual_first = 1000, usual_count = 600;
#else
static constexpr std::uint64_t usual_first = 0, usual_count = 60;
#endif

TEST_CASE("random programs, interpreted", "[random]") {
    const std::uint64_t first = given("RANDOM_FROM", usual_first), count = given("RANDOM_COUNT", usual_count);
    const auto lines = static_cast<int>(given("RANDOM_LINES", 0));  // 0: as many as the seed says
    long skipped = 0, loose = 0, compared = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        random_programs::session s{random_programs::trial_of(seed, lines)};
        const std::string fault = examine_interpreted(s);
        if (!fault.empty()) FAIL_CHECK(smallest(seed, lines, fault));
        skipped += s.skipped_a_derivative ? 1 : 0, loose += s.loose, compared += s.compared;
    }
    // What is not smooth, or not well determined, must be the exception.
    CHECK(20 * skipped <= static_cast<long>(count) + 40);
    CHECK(100 * loose <= compared + 20000);
}
