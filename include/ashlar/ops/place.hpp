// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/expand.hpp"

namespace ashlar {

/// Writes x into a window of base: what concat, pad and the derivative of slice are made of.
/// Value: base outside of the window, x inside. Derivative: g with the window at 0 to base, the window of g to x.
struct place_op {
    static constexpr const char* name = "place";
    template <class Attributes, class... S> using fault = void;
    // Attributes: for every axis the extent of the result, then start, step and extent of the window.
    static constexpr shape infer(const attributes& a, const shape&, const shape&) {
        shape s{};
        s.rank = a.count / 4;
        for (int i = 0; i < s.rank; ++i) s.extent[i] = a.value[4 * i];
        return s;
    }
    static constexpr dtype result_type(const attributes&, dtype base, dtype x) { return promote(base, x); }
    template <class Op> static consteval op_record describe() {
        return {.name = name,
                .id = hash_type<Op>(),
                .what = kind::place,
                .cost = 0,
                .differentiable = true,
                .pullback = &Op::template pull_back<value_for<Op>>};
    }
    template <class V> static constexpr void pull_back(graph& graph, int y, int g, int* to);  // view.hpp has it
};

}  // namespace ashlar
