// SPDX-License-Identifier: BSL-1.0
#include "support/products_sweep.hpp"

TEST_CASE("products of static extents, part 4 of 8", "[products]") { support::sweep_static_products<4>(); }
