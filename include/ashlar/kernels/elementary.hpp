// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/exp.hpp"
#include "ashlar/kernels/gamma.hpp"
#include "ashlar/kernels/inverse_hyperbolic.hpp"
#include "ashlar/kernels/log.hpp"
#include "ashlar/kernels/pow.hpp"
#include "ashlar/kernels/rounding.hpp"
#include "ashlar/kernels/threefry.hpp"
#include "ashlar/kernels/trigonometry.hpp"
