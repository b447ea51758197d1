// SPDX-License-Identifier: BSL-1.0
// Compiled once for all files of this folder: it takes twenty seconds.
#include <torch/script.h>
#include <torch/torch.h>
