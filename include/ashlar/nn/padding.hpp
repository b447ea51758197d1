// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/layer.hpp"
#include "ashlar/ops/pad.hpp"

// Layers that put something around signals, the last axis, or images, the last two. Widths are one number for all
// sides, or one for each side in PyTorch's order: left, right, then top, bottom. The axes before them are as they are.
namespace ashlar::nn {
namespace detail {

template <int Sides, template <index...> class Body, index... Widths, class... X>
constexpr auto pad_sides(const X&... x) {
    static_assert(sizeof...(Widths) == 1 || sizeof...(Widths) == static_cast<std::size_t>(Sides),
                  "the widths of a padding are one number for all sides, or one for each");
    return [&]<std::size_t... Side>(std::index_sequence<Side...>) {
        constexpr index all[] = {Widths...};
        return ashlar::detail::compose_checked<Body<all[sizeof...(Widths) == 1 ? 0 : Side]...>>(x...);
    }(std::make_index_sequence<static_cast<std::size_t>(Sides)>{});
}

template <index... Widths> using reflecting = ashlar::detail::pad_as_body<ashlar::detail::reflected, Widths...>;
template <index... Widths> using replicating = ashlar::detail::pad_as_body<ashlar::detail::replicated, Widths...>;
template <index... Widths> using wrapping = ashlar::detail::pad_as_body<ashlar::detail::wrapped, Widths...>;

}  // namespace detail

/// Zeros around images; a negative width cuts off. Shapes: (..., H, W) to (..., top + H + bottom, left + W + right).
template <index... Widths> struct ZeroPad2d : layer<ZeroPad2d<Widths...>> {
    constexpr auto forward(expression auto x) const {
        return detail::pad_sides<4, ashlar::detail::pad_body, Widths...>(x);
    }
};

/// A number around signals: `ConstantPad1d<1>{0.5}`; a negative width cuts off. Shapes: (..., L).
template <index... Widths> struct ConstantPad1d {
    option value = 0;
    using members = layer_members<&ConstantPad1d::value>;

    constexpr auto forward(expression auto x) const {
        return detail::pad_sides<2, ashlar::detail::pad_body, Widths...>(x, value);
    }
    template <class... X> constexpr called<const ConstantPad1d&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

/// A number around images. Shapes: (..., H, W).
template <index... Widths> struct ConstantPad2d {
    option value = 0;
    using members = layer_members<&ConstantPad2d::value>;

    constexpr auto forward(expression auto x) const {
        return detail::pad_sides<4, ashlar::detail::pad_body, Widths...>(x, value);
    }
    template <class... X> constexpr called<const ConstantPad2d&, X...> operator()(X&&... x) const noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
};

/// The elements once more as in a mirror at the outermost one, fewer than there are (`pad_reflect`). Shapes: (..., L).
template <index... Widths> struct ReflectionPad1d : layer<ReflectionPad1d<Widths...>> {
    constexpr auto forward(expression auto x) const { return detail::pad_sides<2, detail::reflecting, Widths...>(x); }
};
/// Shapes: (..., H, W).
template <index... Widths> struct ReflectionPad2d : layer<ReflectionPad2d<Widths...>> {
    constexpr auto forward(expression auto x) const { return detail::pad_sides<4, detail::reflecting, Widths...>(x); }
};

/// The outermost element again and again (`pad_replicate`). Shapes: (..., L).
template <index... Widths> struct ReplicationPad1d : layer<ReplicationPad1d<Widths...>> {
    constexpr auto forward(expression auto x) const { return detail::pad_sides<2, detail::replicating, Widths...>(x); }
};
/// Shapes: (..., H, W).
template <index... Widths> struct ReplicationPad2d : layer<ReplicationPad2d<Widths...>> {
    constexpr auto forward(expression auto x) const { return detail::pad_sides<4, detail::replicating, Widths...>(x); }
};

/// As if the signal began again where it ends, at most once (`pad_circular`). Shapes: (..., L).
template <index... Widths> struct CircularPad1d : layer<CircularPad1d<Widths...>> {
    constexpr auto forward(expression auto x) const { return detail::pad_sides<2, detail::wrapping, Widths...>(x); }
};
/// Shapes: (..., H, W).
template <index... Widths> struct CircularPad2d : layer<CircularPad2d<Widths...>> {
    constexpr auto forward(expression auto x) const { return detail::pad_sides<4, detail::wrapping, Widths...>(x); }
};

}  // namespace ashlar::nn
