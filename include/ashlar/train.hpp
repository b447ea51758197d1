// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Data from files, training loops and metrics. Beside <ashlar/ashlar.hpp>, which needs none of it.

#include "ashlar/train/checks.hpp"
#include "ashlar/train/csv.hpp"
#include "ashlar/train/data_set.hpp"
#include "ashlar/train/file_error.hpp"
#include "ashlar/train/fit.hpp"
#include "ashlar/train/history.hpp"
#include "ashlar/train/metrics.hpp"
#include "ashlar/train/picture.hpp"
#include "ashlar/train/progress.hpp"
#include "ashlar/train/sampling.hpp"
#include "ashlar/train/scores.hpp"
