// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/conv_options.hpp"
#include "ashlar/ops/conv.hpp"

namespace ashlar::nn {
namespace detail {

/// PyTorch's layout of a weight: [Out, In / groups, kernel...].
template <class T, windows W, std::size_t In, std::size_t Out> struct conv_weight;
template <class T, windows W, std::size_t In, std::size_t Out>
    requires(W.dimensions == 1)
struct conv_weight<T, W, In, Out> {
    using type = Tensor<T, Out, In / static_cast<std::size_t>(W.groups), static_cast<std::size_t>(W.x.taps)>;
};
template <class T, windows W, std::size_t In, std::size_t Out>
    requires(W.dimensions == 2)
struct conv_weight<T, W, In, Out> {
    using type = Tensor<T, Out, In / static_cast<std::size_t>(W.groups), static_cast<std::size_t>(W.y.taps),
                        static_cast<std::size_t>(W.x.taps)>;
};
template <class T, windows W, std::size_t In, std::size_t Out>
    requires(W.dimensions == 3)
struct conv_weight<T, W, In, Out> {
    using type = Tensor<T, Out, In / static_cast<std::size_t>(W.groups), static_cast<std::size_t>(W.z.taps),
                        static_cast<std::size_t>(W.y.taps), static_cast<std::size_t>(W.x.taps)>;
};

// An image without a batch is a batch of one. Around: what takes the place of the padding's zeros, if anything.
template <windows W, class Around = void, class X> constexpr auto convolve(const X& x, const auto& weight) {
    if constexpr (is_poison<X>) return x;
    else if constexpr (!std::is_void_v<Around>) return convolve<without_padding(W)>(put_around<Around, W>(x), weight);
    else if constexpr (X::extent.rank == W.dimensions + 1) return squeeze<0>(convolve<W>(unsqueeze<0>(x), weight));
    else
        return apply<conv_op, ashlar::detail::attributes_constant<attributes_of(windows_over(W, X::extent))>>(x,
                                                                                                              weight);
}

}  // namespace detail

/// The weight and the bias of a convolution, and how they begin: with U(-1/sqrt(n), 1/sqrt(n)), where weight[0] has n
/// elements, which is kaiming_uniform with a = sqrt(5).
template <class Weight, std::size_t Out, bool HasBias> struct convolution_parameters {
    using real_type = typename Weight::value_type;
    static constexpr bool has_bias = HasBias;

    Weight weight;
    [[no_unique_address]] std::conditional_t<HasBias, Tensor<real_type, Out>, no_bias> bias;

    constexpr void reset_parameters(generator& random) {
        constexpr auto bound = static_cast<real_type>(ashlar::detail::inverse_root(
            static_cast<double>(Weight::size() / static_cast<std::size_t>(Weight::extent[0]))));
        fill_uniform(weight, random, bound);
        if constexpr (HasBias) fill_uniform(bias, random, bound);
    }
    static constexpr void members(auto& self, auto&& visit) {
        visit("weight", self.weight);
        if constexpr (HasBias) visit("bias", self.bias);
    }

protected:
    // One number for each channel of y, whose images have so many axes.
    template <int Dimensions> constexpr auto biased(auto y) const {
        if constexpr (!HasBias || is_poison<decltype(y)>) return y;
        else if constexpr (Dimensions == 1) return y + reshape<Out, 1>(bias);
        else if constexpr (Dimensions == 2) return y + reshape<Out, 1, 1>(bias);
        else return y + reshape<Out, 1, 1, 1>(bias);
    }
};

/// The cross-correlation of images (batch, In, [[depth,] height,] width) with a weight, and a bias. Options: those of
/// nn/conv_options.hpp. Without a batch, so is the result.
template <int Dimensions, std::size_t In, std::size_t Out, auto Kernel, class... Options>
struct convolution
    : convolution_parameters<
          typename detail::conv_weight<detail::real_of<Options...>,
                                       detail::stated_convolution<Dimensions, Kernel, Options...>, In, Out>::type,
          Out, detail::states_a_bias<Options...>> {
    static constexpr windows stated = detail::stated_convolution<Dimensions, Kernel, Options...>;
    static constexpr bool takes_options = detail::are_convolution_options<Options...>,
                          keeps_extents = (std::same_as<Options, same> || ...);
    static_assert(detail::groups_divide(stated, In, Out), "groups divide the channels on both sides");

    constexpr auto forward(expression auto x) const {
        using around = typename detail::around_images<Options...>::type;
        return this->template biased<Dimensions>(detail::convolve<stated, around>(x, this->weight));
    }
};

template <std::size_t In, std::size_t Out, auto Kernel, class... Options>
struct Conv1d : convolution<1, In, Out, Kernel, Options...> {
    template <class X, std::size_t... Index> using misfit = detail::convolution_misfit_t<Conv1d, In, X, Index...>;

    Conv1d() = default;
    constexpr explicit Conv1d(seed s) { ashlar::detail::construct(*this, s); }
    template <class... X> constexpr called<const Conv1d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<Conv1d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};

template <std::size_t In, std::size_t Out, auto Kernel, class... Options>
struct Conv2d : convolution<2, In, Out, Kernel, Options...> {
    template <class X, std::size_t... Index> using misfit = detail::convolution_misfit_t<Conv2d, In, X, Index...>;

    Conv2d() = default;
    constexpr explicit Conv2d(seed s) { ashlar::detail::construct(*this, s); }
    template <class... X> constexpr called<const Conv2d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<Conv2d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};

template <std::size_t In, std::size_t Out, auto Kernel, class... Options>
struct Conv3d : convolution<3, In, Out, Kernel, Options...> {
    template <class X, std::size_t... Index> using misfit = detail::convolution_misfit_t<Conv3d, In, X, Index...>;

    Conv3d() = default;
    constexpr explicit Conv3d(seed s) { ashlar::detail::construct(*this, s); }
    template <class... X> constexpr called<const Conv3d&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<Conv3d, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};

}  // namespace ashlar::nn
