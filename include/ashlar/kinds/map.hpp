// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/interpret.hpp"
#include "ashlar/expr/notation.hpp"
#include "ashlar/expr/term.hpp"
#include "ashlar/run/step_at.hpp"

namespace ashlar::detail {

/// Element-wise nodes: one loop, that stores as many results as there are.
template <> struct kind_rules<kind::elementwise> : common_rules {
    template <class Lowering> static constexpr void lower(Lowering& w, int s, int id) {
        w.begin(s, id, kind::elementwise);
        w.set_space(w.g.shape_of(id));
        w.now.base.first_code = w.code.size();
        w.compute_hosted(s);
        w.now.base.codes = w.code.size() - w.now.base.first_code;
        w.now.base.compute = w.compute();
        w.collapse(w.first_axis(), w.now.base.rank, w.now.first_load, w.now.first_result);
        w.settle(w.now.base.first_code, w.now.base.codes, w.now.first_load, w.now.base.rank - 1);
        w.finish();
    }

    template <class Spec, int S> ASHLAR_INLINE static void run(const step_operand* operands, const address* buffers) {
        map_kernel<axes_at<Spec, S>, type_at<Spec, S>, inner_body<Spec, S>>(step_at<Spec, S>, operands, buffers);
    }
    template <class Spec, int S> static constexpr entry entry_for() {
        return &map_entry<type_at<Spec, S>, inner_body<Spec, S>>;
    }

    template <class Spec, int S>
    static constexpr void constant(const step& s, const step_operand* operands, const address* buffers) {
        using body = constant_body<inner_body<Spec, S>, type_at<Spec, S>>;
        map_constant(s, body{buffers, operands, s.rank > 0 ? s.rank - 1 : 0});
    }
    static constexpr void interpret(const auto& at) {
        map_constant(at.s, at.inner(at.operands, at.s.rank > 0 ? at.s.rank - 1 : 0));
    }

    static constexpr const char* name(const step&) { return "map"; }
    static void space(text& t, const auto&, const step& s) {
        if (s.rank == 0) t += "1";
        else append_extents(t, s.extent, s.rank, "x");
    }
    static constexpr long long flops(const auto& p, const step& s) { return s.elements(0, s.rank) * p.inner_flops(s); }
    static constexpr long long node_flops(const op_record& op, const shape& result, const shape&, const shape&,
                                          const attributes&, int arity) {
        term t{op, dtype::float32};
        t.count = arity;
        return t.flops() * result.size();
    }
    static text formula(const auto&, const step&, const term&, int&) { return {}; }

private:
    template <class T, auto G>
    ASHLAR_FLATTEN static void map_entry(const step& s, const step_operand* operands, const address* buffers) {
        map_kernel<axes_of_step, T, G>(s, operands, buffers);
    }
};

}  // namespace ashlar::detail
