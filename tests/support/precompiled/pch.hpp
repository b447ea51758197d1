// SPDX-License-Identifier: BSL-1.0
// What tests/support/meson.build precompiles; Meson wants it in a folder without sources.
#include "../catch.hpp"
