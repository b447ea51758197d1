// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/layer.hpp"
#include "ashlar/nn/window_options.hpp"
#include "ashlar/ops/avg_pool.hpp"
#include "ashlar/ops/pow.hpp"
#include "ashlar/ops/view.hpp"

namespace ashlar {
template <class Layer, class Input> struct input_needs_the_axes_batch_channels_and_more : refusal {};
}  // namespace ashlar

namespace ashlar::nn {

/// x / (k + alpha * mean)^beta, mean that of x^2 over Size channels around each one, with zeros beside the first and
/// the last: PyTorch's form of Krizhevsky, Sutskever and Hinton 2012, section 3.3. An even Size has one channel more
/// before than behind. Shapes: (N, C, ...), of three axes or more.
template <std::size_t Size> struct LocalResponseNorm {
    static_assert(Size > 0);
    option alpha = 1e-4, beta = 0.75, k = 1;
    using members = layer_members<&LocalResponseNorm::alpha, &LocalResponseNorm::beta, &LocalResponseNorm::k>;

    constexpr auto forward(expression auto x) const {
        using X = decltype(x);
        constexpr shape s = X::extent;
        if constexpr (s.rank < 3) {
            return deferred<input_needs_the_axes_batch_channels_and_more<LocalResponseNorm, shape_t<X>>>{};
        } else {
            constexpr auto taps = static_cast<index>(Size), rest = s.size() / (s[0] * s[1]);
            constexpr windows around{.batch = s[0], .y = {s[1], taps, 1, taps / 2, 1}, .x = {rest, 1, 1, 0, 1}};
            const auto squares =
                reshape<static_cast<std::size_t>(s[0]), static_cast<std::size_t>(s[1]), static_cast<std::size_t>(rest)>(
                    x * x);
            // An even number of taps gives one window too many, the last one.
            const auto means = slice<1, 0, s[1]>(ashlar::detail::average_windows<around>(squares));
            return x / pow(k + alpha * ashlar::detail::reshape_to(means, shape_t<X>{}), beta);
        }
    }
    template <class... X> constexpr called<const LocalResponseNorm&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

}  // namespace ashlar::nn
