// SPDX-License-Identifier: BSL-1.0
// Losses beside PyTorch's numbers, and their derivatives beside central differences.
#pragma once

#include "fixtures/criteria.hpp"
#include "support/central_difference.hpp"
#include "support/fixture.hpp"

#include <cstddef>

namespace support {

/// The loss's value.
template <std::size_t N> void has_value(const auto& loss, const float (&expected)[N]) {
    const auto got = ashlar::eval(loss);
    static_assert(decltype(got)::size() == N);
    CHECK(first_difference(got, expected, 2e-6) == -1);
}

/// The gradient for an operand of the loss, or where it is not reduced of its elements' sum with the weights 1, 2, ...
template <std::size_t N> void has_gradient(const auto& loss, const auto& x, const float (&expected)[N]) {
    decltype(ashlar::eval(loss)) upstream;
    for (std::size_t i = 0; i < upstream.size(); ++i) upstream.data()[i] = static_cast<float>(i + 1);
    const auto got = ashlar::eval(grad(ashlar::sum(loss * upstream), x));
    static_assert(decltype(got)::size() == N);
    CHECK(first_difference(got, expected, 2e-6) == -1);
}

/// The gradient of the first operand beside central differences, in double.
template <class A, class... B> double criterion_error(const auto& criterion, const A& a, const B&... b) {
    return central_difference_error([&](auto moved) { return criterion(moved, b...); },
                                    ashlar::eval(ashlar::to<double>(a)), 1e-6);
}

}  // namespace support
