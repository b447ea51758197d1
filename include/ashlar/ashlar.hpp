// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Everything but data, files and training loops: those are <ashlar/train.hpp> and <ashlar/io.hpp>.

#include "ashlar/grad/grad.hpp"
#include "ashlar/ops/add.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/concat.hpp"
#include "ashlar/ops/div.hpp"
#include "ashlar/ops/expand.hpp"
#include "ashlar/ops/matmul.hpp"
#include "ashlar/ops/max.hpp"
#include "ashlar/ops/mul.hpp"
#include "ashlar/ops/neg.hpp"
#include "ashlar/ops/relu.hpp"
#include "ashlar/ops/reshape.hpp"
#include "ashlar/ops/stop_gradient.hpp"
#include "ashlar/ops/sub.hpp"
#include "ashlar/ops/sum.hpp"
#include "ashlar/ops/tanh.hpp"
#include "ashlar/ops/view.hpp"
#include "ashlar/ops/where.hpp"
#include "ashlar/plan/evaluate.hpp"
#include "ashlar/tensor/print.hpp"
#include "ashlar/tensor/random.hpp"
#include "ashlar/tensor/view.hpp"
