// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/shape.hpp"

namespace ashlar {

/// One axis along which windows slide: window i covers in[i * stride + p * dilation - padding] for p < taps. The last
/// one ends at most `after` elements behind the padding, or before its end where that is less than 0.
struct window_axis {
    index in = 1, taps = 1, stride = 1, padding = 0, dilation = 1, after = 0;

    constexpr index span() const { return dilation * (taps - 1) + 1; }
    constexpr index room() const { return in + 2 * padding + after - span(); }
    constexpr bool fits() const { return room() >= 0; }
    constexpr index out() const { return room() / stride + 1; }
    friend constexpr bool operator==(const window_axis&, const window_axis&) = default;
};

/// What is computed of sliding windows. A convolution is what is linear in three tensors,
///   sum of image[n, c, i * stride + p * dilation - padding] * weight[o, c, p] * output[n, o, i],
/// with one of the three left out: each is the derivative of the others. A maximum over windows picks elements: `pool`
/// of the image itself, `pool_pick` of another tensor in the same places; `pool_image` adds to these places.
enum class sliding : unsigned char { output, image, weight, pool, pool_image, pool_pick };

constexpr bool is_pool(sliding what) { return what >= sliding::pool; }

/// Windows over images (batch, channels, z.in, y.in, x.in). In two dimensions z is trivial, in one also y. Channels and
/// features belong to `groups` groups of their own; pools keep the channels, and have two dimensions at most.
struct windows {
    sliding what = sliding::output;
    int dimensions = 2;
    index batch = 1, groups = 1, channels = 1, features = 1;
    window_axis y{}, x{}, z{};

    constexpr bool is(sliding w) const { return what == w; }
    constexpr index group_channels() const { return channels / groups; }
    constexpr index group_features() const { return features / groups; }
    constexpr index taps() const { return z.taps * y.taps * x.taps; }
    constexpr index image() const { return z.in * y.in * x.in; }
    constexpr index output() const { return z.out() * y.out() * x.out(); }
    /// Of one plane of the result; a weight is one plane.
    constexpr index plane() const {
        return is(sliding::weight)                             ? features * group_channels() * taps()
               : is(sliding::image) || is(sliding::pool_image) ? image()
                                                               : output();
    }
    constexpr index planes() const {
        return is(sliding::image) || is_pool(what) ? channels : is(sliding::weight) ? 1 : features;
    }
    /// Products that are summed for an element of the result.
    constexpr index depth() const {
        return is_pool(what)         ? taps()
               : is(sliding::output) ? group_channels() * taps()
               : is(sliding::image)  ? group_features() * taps()
                                     : batch * output();
    }
};

}  // namespace ashlar
