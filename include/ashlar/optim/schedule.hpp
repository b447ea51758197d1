// SPDX-License-Identifier: BSL-1.0
#pragma once

/// All schedules of a rate.
#include "ashlar/optim/cosine.hpp"
#include "ashlar/optim/cycle.hpp"
#include "ashlar/optim/decay.hpp"
#include "ashlar/optim/plateau.hpp"
#include "ashlar/optim/scheduler.hpp"
#include "ashlar/optim/sequence.hpp"
