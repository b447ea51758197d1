// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kinds/contraction.hpp"
#include "ashlar/kinds/cumulative.hpp"
#include "ashlar/kinds/indexed.hpp"
#include "ashlar/kinds/map.hpp"
#include "ashlar/kinds/ordering.hpp"
#include "ashlar/kinds/place.hpp"
#include "ashlar/kinds/range.hpp"
#include "ashlar/kinds/reduction.hpp"
#include "ashlar/kinds/window.hpp"

namespace ashlar::detail {

/// Every kind whose nodes become steps. The others (inputs, constants, views) are read where they lie.
template <class Graph>
struct kinds : kind_list<kind::elementwise, kind::reduction, kind::contraction, kind::window, kind::range, kind::place,
                         kind::cumulative, kind::indexed, kind::ordering> {};

}  // namespace ashlar::detail
