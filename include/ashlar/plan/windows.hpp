// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/conv.hpp"
#include "ashlar/kernels/pool.hpp"
#include "ashlar/plan/step.hpp"

namespace ashlar::detail {

/// The scratch of a step of windows: that of its own kernel, then of the pool behind it the frame of a plane and the
/// planes of the result, or what the planes of every channel have been combined to.
template <class T> struct window_memory {
    static constexpr index sum_stages = 3;  // of every channel: the images, 32 together, 1024 together
    index own = 0, packed = 0, pitch = 0, sums = 0, table = 0, pool_table = 0;

    [[gnu::noinline]] constexpr explicit window_memory(const step& s)
        : own{is_pool(s.own.window.slide.what) ? kernels::pool_scratch<T>{s.own.window.slide}.size()
                                               : kernels::conv_scratch<T>{s.own.window.slide}.size()},
          table{is_pool(s.own.window.slide.what) ? kernels::pool_table_size<T>(s.own.window.slide)
                                                 : kernels::conv_table_size<T>(s.own.window.slide)} {
        sums = s.combines() ? sum_stages * s.own.window.slide.planes() : 0;
        if (!s.pools) return;
        const kernels::pool_scratch<T> of_pool{s.own.window.pooled};
        packed = of_pool.packed, pitch = of_pool.pitch;
        pool_table = kernels::pool_table_size<T>(s.own.window.pooled);
    }
    constexpr index size() const { return own + packed + kernels::detail::conv_rows * pitch + sums; }
    constexpr index table_size() const { return table + pool_table; }
};

/// What a kernel of windows knows of a row while compiling. (Step is `step`: see form_of.)
template <class Step> constexpr bool reads_halves(const Step& s) {
    return is_wide(s.compute) ? kernels::reads_halves<double>(s.own.window.slide)
                              : kernels::reads_halves<float>(s.own.window.slide);
}

}  // namespace ashlar::detail
