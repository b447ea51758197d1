// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/graph.hpp"

namespace ashlar::detail {

/// What printing knows of a node, or of an instruction of a fused loop. No function of the op is referred to, so that
/// none is emitted for a program that only prints.
struct term {
    kind what = kind::input;
    kind_facts facts = facts_of(what);
    dtype type = dtype::float32;
    bool commutative = false;
    signed char precedence = 0;
    short cost = 0;
    const char* name = "";
    std::uint64_t id = 0;  // of the op
    const char* infix = nullptr;
    int count = 0;
    int argument[3] = {};
    int extent = 0, attribute = 0;  // indices of shapes and attribute sets
    double value = 0;               // of a constant; of an input its label

    constexpr term() = default;
    constexpr term(const op_record& op, dtype t)
        : what{op.what},
          facts{op.facts},
          type{t},
          commutative{op.commutative},
          precedence{static_cast<signed char>(op.precedence)},
          cost{static_cast<short>(op.cost)},
          name{op.name},
          id{op.id},
          infix{op.infix} {}

    /// The value of its argument, under another name: `hold`, `expand`.
    constexpr bool is_transparent() const {
        return facts.is_elementwise && count == 1 && (cost == 0 || (infix != nullptr && infix[0] == '\0'));
    }
    /// Of one element.
    constexpr long long flops() const { return is_leaf() || is_transparent() ? 0 : cost; }
    constexpr bool is_leaf() const { return facts.is_leaf() || facts.counts; }
    constexpr void become(kind k) { what = k, facts = facts_of(k); }
};

struct term_list {
    const term* of = nullptr;
    int count = 0;
    const shape* shapes = nullptr;
    const attributes* sets = nullptr;
};

}  // namespace ashlar::detail
