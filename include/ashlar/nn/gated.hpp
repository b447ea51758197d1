// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/layer.hpp"
#include "ashlar/ops/glu.hpp"

// Layers without parameters that halve an axis: one half decides what passes of the other.
namespace ashlar::nn {

/// a * sigmoid(b) of the halves of an axis.
template <int Axis = -1> struct GLU : layer<GLU<Axis>> {
    constexpr auto forward(expression auto x) const { return glu<Axis>(x); }
};

/// silu(a) * b of the halves of an axis. The first part of the paper's FFN_SwiGLU (Shazeer 2020, equation 6), which is
/// `Sequential<Linear<In, 2 * Hidden, no_bias>, SwiGLU<>, Linear<Hidden, In, no_bias>>`: the rows of W, then those of
/// V.
template <int Axis = -1> struct SwiGLU : layer<SwiGLU<Axis>> {
    constexpr auto forward(expression auto x) const { return swiglu<Axis>(x); }
};

}  // namespace ashlar::nn
