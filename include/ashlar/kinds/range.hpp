// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/interpret.hpp"
#include "ashlar/expr/notation.hpp"
#include "ashlar/expr/term.hpp"
#include "ashlar/run/step_at.hpp"

namespace ashlar::detail {

/// 0, 1, 2, ... as a vector.
template <> struct kind_rules<kind::range> : common_rules {
    template <class Lowering> static constexpr void lower(Lowering& w, int s, int id) {
        w.begin(s, id, kind::range);
        w.set_space(w.g.shape_of(id));
        w.now.base.compute = w.g.nodes.data[id].type;
        w.results.push({id, 0, contiguous(w.g.shape_of(id))});
        w.finish();
    }

    template <class Spec, int S> ASHLAR_INLINE static void run(const step_operand* operands, const address* buffers) {
        count<type_at<Spec, S>>(step_at<Spec, S>, operands, buffers);
    }
    template <class Spec, int S> static constexpr entry entry_for() { return &count<type_at<Spec, S>>; }
    template <class Spec, int S>
    static constexpr void constant(const step& s, const step_operand* operands, const address* buffers) {
        count<type_at<Spec, S>>(s, operands, buffers);
    }
    template <class T, bool Mixed> static constexpr void interpret(const interpreted_step<T, Mixed>& at) {
        count<T>(at.s, at.operands, at.buffers);
    }

    static constexpr const char* name(const step&) { return "range"; }
    static void space(text& t, const auto&, const step& s) { append_extents(t, s.extent, s.rank, "x"); }
    static constexpr long long flops(const auto&, const step&) { return 0; }
    static text formula(const auto&, const step& s, const term&, int&) {
        text t{"arange("};
        t.add(s.extent[0]), t += ")";
        return t;
    }

private:
    template <class T> static constexpr void count(const step& s, const step_operand* operands,
                                                   const address* buffers) {
        for (int r = 0; r < s.stores; ++r) {
            T* out = buffers[operands[r].buffer].template as<T>() + operands[r].offset;
            for (index i = 0; i < s.extent[0]; ++i) out[i] = static_cast<T>(i);
        }
    }
};

}  // namespace ashlar::detail
