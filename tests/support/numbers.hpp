// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <ashlar/ashlar.hpp>

namespace support {

/// A module whose parameters are of rank 0: sums of two products, of which a compiler may fuse one with the sum.
struct Numbers {
    ashlar::Tensor<float> a, b, c, d;
    using members = ashlar::members<&Numbers::a, &Numbers::b, &Numbers::c, &Numbers::d>;
    constexpr auto operator()(ashlar::expression auto x) const { return a * x * x + b * x + c * tanh(d * x); }
};

}  // namespace support
