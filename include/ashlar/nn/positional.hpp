// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/buffer.hpp"
#include "ashlar/nn/init.hpp"
#include "ashlar/nn/layer.hpp"
#include "ashlar/nn/real.hpp"
#include "ashlar/ops/add.hpp"
#include "ashlar/ops/exp.hpp"
#include "ashlar/ops/sin.hpp"

namespace ashlar {
template <class Layer, class Input> struct positions_need_an_input_of_their_length_and_width : refusal {};
}  // namespace ashlar

namespace ashlar::nn {

/// x + pe, where pe[t][2 i] = sin(t / 10000^(2 i / Width)) and pe[t][2 i + 1] the cosine of that (Vaswani et al. 2017).
/// Computed in double when the layer is made. Shapes: (..., Length, Width), as with nn::batch_first. Option:
/// nn::real<double>.
template <std::size_t Length, std::size_t Width, class... Options> struct SinusoidalEncoding {
    using real_type = detail::real_of<Options...>;
    static constexpr bool has_initial_values = true;
    template <class X, std::size_t...> using misfit =
        std::conditional_t<(std::remove_cvref_t<X>::extent.rank >= 2 && last_extent<X>() == Width &&
                            std::remove_cvref_t<X>::extent[std::remove_cvref_t<X>::extent.rank - 2] ==
                                static_cast<index>(Length)),
                           void, positions_need_an_input_of_their_length_and_width<SinusoidalEncoding, shape_t<X>>>;

    buffer<real_type, Length, Width> pe;
    using members = layer_members<&SinusoidalEncoding::pe>;

    constexpr SinusoidalEncoding() { reset(); }

    constexpr auto forward(expression auto x) const { return x + pe; }
    template <class... X> constexpr called<const SinusoidalEncoding&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<SinusoidalEncoding, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
    constexpr void reset_parameters(generator&) { reset(); }

private:
    constexpr void reset() {
        for (std::size_t t = 0; t < Length; ++t)
            for (std::size_t i = 0; i < Width; ++i) {
                const double even = static_cast<double>(i - i % 2), width = static_cast<double>(Width);
                const double angle = static_cast<double>(t) * kernels::exp(-9.210340371976184 * even / width);
                pe.data()[t * Width + i] =
                    static_cast<real_type>(i % 2 == 0 ? kernels::sin(angle) : kernels::cos(angle));
            }
    }
};

}  // namespace ashlar::nn
