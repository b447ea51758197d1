// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Programs on the caller's memory read and write nothing past its ends, whatever the length.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"
#include "support/guarded.hpp"

#include <cmath>
#include <limits>

using namespace ashlar;

namespace {

template <class T, std::size_t N> void run_at_the_end_of_memory() {
    support::guarded_page pages[4];
    const TensorView<T, N> a{pages[0].last<T>(N)}, x{pages[1].last<T>(N)}, c{pages[2].last<T>(N)},
        y{pages[3].last<T>(N)};
    for (std::size_t i = 0; i < N; ++i) {
        a.data()[i] = static_cast<T>(i) - T{2.5}, x.data()[i] = T{0.25} * static_cast<T>(i),
        c.data()[i] = T{3} - static_cast<T>(i);
    }
    y.data()[-1] = T{42};
    static Workspace<decltype(tanh(a * x + c) * sigmoid(c))> scratch;
    evaluate(tanh(a * x + c) * sigmoid(c), y, scratch);
    CHECK(y.data()[-1] == T{42});
    T total = 0;
    for (std::size_t i = 0; i < N; ++i) {
        const T exact = std::tanh(a.data()[i] * x.data()[i] + c.data()[i]) / (1 + std::exp(-c.data()[i]));
        CHECK(std::abs(y.data()[i] - exact) <= 4 * std::numeric_limits<T>::epsilon() * std::abs(exact));
        total += std::exp(x.data()[i]);
    }
    const T sum_of_all = eval(sum(exp(x)));
    CHECK(std::abs(sum_of_all - total) <= static_cast<T>(8 * N) * std::numeric_limits<T>::epsilon() * total);
}

}  // namespace

TEMPLATE_TEST_CASE("fused loops end where memory ends", "[tails]", float, double) {
    constexpr std::size_t all = static_cast<std::size_t>(kernels::lanes<TestType>);
    run_at_the_end_of_memory<TestType, 1>();
    run_at_the_end_of_memory<TestType, all - 1>();
    run_at_the_end_of_memory<TestType, all + 1>();
    run_at_the_end_of_memory<TestType, 2 * all>();
    run_at_the_end_of_memory<TestType, 2 * all + 1>();
}
