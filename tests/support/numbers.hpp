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

/// A table, and an input of which each number between -1.5 and 1.5 names a row: exactly, in float as in double.
template <std::size_t Scale, std::size_t Dim, class... Options> struct Words {
    ashlar::nn::Embedding<Scale * 3 / 2 + 1, Dim, Options...> table;
    using members = ashlar::members<&Words::table>;
    constexpr auto operator()(ashlar::expression auto x) const {
        return table(ashlar::to<int>(abs(x) * ashlar::ratio<static_cast<ashlar::index>(Scale)>{}));
    }
};

}  // namespace support
