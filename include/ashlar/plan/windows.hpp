// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/conv.hpp"
#include "ashlar/kernels/pool.hpp"
#include "ashlar/plan/group.hpp"

namespace ashlar::detail {

/// The scratch of a step of windows: that of its own kernel, then of the pool behind it a plane to take and its own.
template <class T> struct window_memory {
    index own = 0, between = 0, pool = 0, table = 0, pool_table = 0;

    constexpr explicit window_memory(const step& s)
        : own{is_pool(s.slide.what) ? kernels::pool_scratch<T>{s.slide}.size() : kernels::conv_scratch<T>{s.slide}.size()},
          table{is_pool(s.slide.what) ? kernels::pool_table_size<T>(s.slide) : kernels::conv_table_size<T>(s.slide)} {
        if (!s.pools) return;
        between = kernels::conv_scratch<T>{s.slide}.pitch;
        pool = kernels::pool_scratch<T>{s.pooled}.size();
        pool_table = kernels::pool_table_size<T>(s.pooled);
    }
    constexpr index size() const { return own + between + pool; }
    constexpr index table_size() const { return table + pool_table; }
};

}  // namespace ashlar::detail
