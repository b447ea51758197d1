// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/notation.hpp"
#include "ashlar/expr/term.hpp"

namespace ashlar::detail {

/// A part of a formula. Precedence is that of its outermost operation: 0 comparison, 1 sum, 2 product, 3 sign,
/// 4 power, 9 anything closed.
struct piece {
    text chars{};
    int precedence = 9;
};

[[gnu::cold]] inline void append(text& out, const piece& p, bool parentheses) {
    if (parentheses) out += "(";
    out += p.chars;
    if (parentheses) out += ")";
}

// 1/3 rather than 0.33333334.
[[gnu::cold]] inline void write_constant(piece& p, double v, dtype type) {
    append_number(p.chars, v, type);
    p.precedence = v < 0 ? 3 : 9;
    const double inverse = v == 0 ? 0 : 1 / v;
    const bool whole =
        inverse > 0.5 && inverse < 1e7 &&
        static_cast<float>(1 / static_cast<double>(static_cast<long>(inverse + 0.5))) == static_cast<float>(v);
    if (p.chars.size() < 7 || !whole) return;
    p.chars = text{"1/"};
    p.chars.add(static_cast<long>(inverse + 0.5));
    p.precedence = 2;
}

[[gnu::cold]] inline void twice(piece& p, const piece& x) {
    p.precedence = 2;
    p.chars += "2 * ";
    append(p.chars, x, x.precedence < 2 || x.chars[0] == '-');
}

[[gnu::cold]] inline void infix(piece& p, const term& t, const piece& left, const piece& right) {
    const bool from_right = t.precedence == 4;
    const bool alike = left.precedence == t.precedence && (from_right || t.precedence == 0);
    append(p.chars, left, left.precedence < t.precedence || alike);
    const bool parentheses = right.precedence < t.precedence ||
                             (right.precedence == t.precedence && !from_right && !(t.commutative && t.precedence > 0));
    if (t.precedence == 1 && !parentheses && right.chars[0] == '-') {  // a + -b is a - b
        p.chars += t.infix[1] == '+' ? " - " : " + ";
        p.chars += right.chars.c_str() + 1;
    } else {
        p.chars += t.infix;
        append(p.chars, right, parentheses);
    }
}

}  // namespace ashlar::detail
