// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/dropout.hpp"
#include "ashlar/ops/rsqrt.hpp"

namespace ashlar::nn {

/// Dropout for networks of SELU, which keeps mean 0 and variance 1 (Klambauer et al. 2017, section 2): in the training
/// form an element becomes, with the probability p, what SELU tends to at -inf, -s = -1.7580993408473766, and then all
/// go through y = a x + a s p, a = 1 / sqrt((1 - p)(1 + p s^2)). In the evaluation form x stays as it is.
/// Derivative: a g where x was kept. Edges: 0 for p = 1. Random numbers: those of Dropout.
struct AlphaDropout {
    static constexpr bool keeps_width = true;
    option p = 0.5;
    random_stream stream{};
    using members = layer_members<&AlphaDropout::p, &AlphaDropout::stream>;

    template <class X> constexpr auto forward(X x) const { return in_training(dropped(x), x); }
    template <class... X> constexpr called<const AlphaDropout&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    constexpr void reset_parameters(generator& random) { stream.begin(random); }

private:
    template <class X> constexpr X dropped(const X& x) const {
        using V = value_for<X>;
        constexpr double s = 1.7580993408473766;
        const V stated = ashlar::detail::option_beside(x, p);
        const V often = ashlar::detail::to_type<V>(stated, promote(dtype::float32, dtype_of<typename X::value_type>)),
                kept = 1 - often;
        const V a = where(often < 1, rsqrt((often * (s * s) + 1) * kept), 0);
        const V gone = ashlar::detail::drawn_below(*x.g, stream, stated, X::extent);
        ashlar::detail::advance(stream, x);
        const V y = V{x} * where(gone, 0, a) + where(gone, a * kept * -s, a * often * s);
        return {{to<typename X::value_type>(y)}};
    }
};

}  // namespace ashlar::nn
