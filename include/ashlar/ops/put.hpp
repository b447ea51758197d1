// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/take.hpp"
#include "ashlar/ops/where.hpp"

// How an update moves only the rows of a table that were read: what an index names is taken, changed and put back. No
// user calls these ops, and they have no derivative.
namespace ashlar {

/// For each index of whole numbers the last place with the same one, in the order of the elements; -1 outside.
/// Attributes: those of index_use, then how many there are to point at. Value: places of int32.
struct last_op {
    static constexpr const char* name = "last";
    static constexpr dtype result_type(const attributes&, dtype) { return dtype::int32; }
    static constexpr shape infer(const attributes&, const shape& by) { return by; }
    template <class Op> static consteval op_record describe() {
        return {.name = name, .id = hash_type<Op>(), .what = kind::indexed};
    }
};

/// The third argument with rows of the first written to where the index points along axis 0: nowhere twice.
struct put_op {
    static constexpr const char* name = "put";
    static constexpr dtype result_type(const attributes&, dtype, dtype, dtype onto) { return onto; }
    static constexpr shape infer(const attributes&, const shape&, const shape&, const shape& x) { return x; }
    template <class Op> static consteval op_record describe() {
        return {.name = name, .id = hash_type<Op>(), .what = kind::indexed};
    }
};

namespace detail {

/// Whether a node is nothing but rows that were added to zeros of the shape of a table, fewer than it has: the gradient
/// of `take<0>`.
constexpr bool is_of_few_rows(const graph& g, int id, int table) {
    const node& n = g.nodes[id];
    if (n.op->what != kind::indexed || n.count != 2 || n.extent != g.nodes[table].extent ||
        !are_same(n.type, g.type_of(table)))
        return false;
    const index_use use{g.attributes_of(id)};
    return use.how == indexing::add && use.whole && use.axis == 0 &&
           g.shape_of(g.argument(id, 0)).size() < g.shape_of(table).size();
}

/// What `change(rows, gradient)` makes of a table, given such a gradient, where it leaves rows as they are whose
/// gradient is 0. Rows that are read more than once have their gradients added up first, in the order in which the
/// whole gradient would: the bits are the same.
template <class V> constexpr V change_rows(V table, V gradient, auto change) {
    graph& g = *table.g;
    const index_use use{gradient.attribute()};
    const V source{&g, g.argument(gradient.id, 0)}, by{&g, g.argument(gradient.id, 1)};
    shape rows = table.extents(), line{};
    line.rank = 1, line.extent[0] = rows.extent[0] = by.extents().size();
    const attributes last{4, {0, index_use{}.with(indexing::last).code(), 0, table.extents()[0]}};
    index_use add = use;
    add.left_out = no_index;
    const V place = apply_values<ashlar::dependent<last_op, V>>(last, by);
    const V sums = apply_values<ashlar::dependent<index_add_op, V>>(add.pack(rows), source, place);
    // The same node as what the loss has taken.
    const V taken = apply_values<ashlar::dependent<take_op, V>>(use.with(indexing::gather).pack(), table, by);
    const V own{&g, g.range(line[0], dtype::int32)};
    const V named = where(eq(reshape_value(place, line), own), reshape_value(by, line), no_index);
    return apply_values<ashlar::dependent<put_op, V>>(use.with(indexing::put).pack(),
                                                      change(V{reshape_value(taken, rows)}, sums), named, table);
}

}  // namespace detail
}  // namespace ashlar
