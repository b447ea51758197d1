// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cstring>
#include <vector>

// The forms of a training step compared bit for bit.
namespace support {

template <ashlar::module M> bool same_bits(const M& a, const M& b) {
    const auto values = [](const M& m) {
        std::vector<float> all;
        ashlar::for_each_parameter(m, [&](const auto& p) { all.insert(all.end(), p.data(), p.data() + p.size()); });
        return all;
    };
    const std::vector<float> x = values(a), y = values(b);
    return x.size() == y.size() && !x.empty() && std::memcmp(x.data(), y.data(), x.size() * sizeof(float)) == 0;
}

/// `step(loss)` beside `backward` and `step()`, with optimizers that `make` gives for a model of type M.
template <ashlar::module M, class X, class Y, class MakeOptimizer> void
the_long_form_equals_the_short_one(const X& x, const Y& y, int steps, MakeOptimizer make) {
    ashlar::nn::CrossEntropyLoss criterion;
    M a{ashlar::seed(1)}, b{ashlar::seed(1)};
    auto short_form = make(a), long_form = make(b);
    for (int i = 0; i < steps; ++i) {
        const float value = short_form.step(criterion(a(x), y));
        long_form.zero_grad();
        const float same = ashlar::backward(criterion(b(x), y), long_form.gradients());
        long_form.step();
        CHECK(std::memcmp(&value, &same, sizeof value) == 0);
        CHECK(same_bits(a, b));
    }
    const M untouched{ashlar::seed(1)};
    CHECK_FALSE(same_bits(a, untouched));
}

}  // namespace support
