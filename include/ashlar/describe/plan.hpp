// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/listing.hpp"
#include "ashlar/describe/repeats.hpp"

namespace ashlar {
namespace detail {

template <class Spec> text list_plan(const input_names& names, const list<text>& results) {
    const program_view program = sketch_of_plan<Spec>.view();
    return plan_listing{program, names, results}(repeats{program, names}.marks());
}

}  // namespace detail

/// The plan of evaluating an expression: a line for every kernel call in order, with the formula that it computes over
/// inputs and intermediate buffers (t1, t2, ...), and a last line that says where those lie. `[64x10]` is what a
/// reduction runs over; a product's space is m x k x n. "(as step 1: see let)" stands behind what is computed again.
template <class E>
    requires(operand<E> || several_results<E>)
text plan(const E& expression) {
    if constexpr (is_poison<E>) {
        return {};  // the fault has been told
    } else {
        using spec = detail::evaluation<detail::node_of<const E&>>;
        const input_names names = detail::names_of<spec>(expression);
        return detail::list_plan<spec>(names, detail::result_names(detail::result_count<spec>));
    }
}

}  // namespace ashlar
