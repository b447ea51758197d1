// SPDX-License-Identifier: BSL-1.0
// Compiled once for all files of this folder: it takes fifteen seconds.
#include <dlib/dnn.h>
