// SPDX-License-Identifier: BSL-1.0
// Ops of a random recipe over several element types: bytes, truth values, whole numbers, both floating types, options.
#pragma once

#include "support/random/single_ops.hpp"

namespace support::random {

class mixed_types : protected single_ops {
protected:
    using single_ops::single_ops;

    constexpr int typed() {
        switch (below(9)) {
            case 0:
            case 1: return beside_numbers();
            case 2: return bytes();
            case 3: return truths();
            case 4: return longs();
            case 5: return other_type();
            case 6: return counted();
            case 7: return bytes_multiplied();
            default: return converted();
        }
    }

private:
    // A whole number, a byte or a truth value that broadcasts with x, or the first line.
    constexpr int any_whole(const shape& x) {
        for (int i = any(), tries = 0; tries < r.count; ++tries, i = i == 0 ? r.count - 1 : i - 1) {
            const auto b = ashlar::broadcast(of(i), x);
            if (!is_real(i) && b.ok && b.value.size() <= most() && size_of_values(i) < 1e5) return i;
        }
        return new_of_type(x, chance(50) ? dtype::int32 : dtype::uint8);
    }
    constexpr int new_of_type(const shape& s, dtype t) {
        return may_have_input() ? input(s, t) : expand(constant(t == dtype::boolean ? 1 : 3, t), s);
    }
    constexpr int truth_beside(int x) {
        if (chance(30)) return new_of_type(part_of(of(x)), dtype::boolean);
        const int limit = chance(50) ? number(0.25, x) : partner(x);
        return compare(chance(50) ? op::less : op::ne, x, limit);
    }
    constexpr bool fit(int a, int b) const {
        const auto s = ashlar::broadcast(of(a), of(b));
        return s.ok && s.value.size() <= most();
    }

    // Numbers that are bound at the call, and what is computed of them alone: float32, but beside float64.
    constexpr int of_options() {
        int p = -1;
        for (int i = 0; i < r.count; ++i)
            if (r.lines[i].option && (p < 0 || chance(50))) p = i;
        if (p < 0 || (chance(30) && may_have_input())) p = may_have_input() ? option() : -1;
        if (p < 0) return constant(0.3, real_);
        const int steps = below(4);
        for (int i = 0; i < steps; ++i) {
            switch (below(7)) {
                case 0: p = real_unary(op::exp, within(p, -3, 3), 0.04, 21); break;
                case 1: p = real_unary(chance(50) ? op::sin : op::cos, p, -1, 1); break;
                case 2: p = tanh(p); break;
                case 3: p = real_unary(op::log, within(p, 0.1, 60), -2.4, 5); break;
                case 4: p = sub(constant(1, dtype::float32), p); break;
                case 5: p = tame(mul(p, chance(50) ? p : constant(0.7, dtype::float32))); break;
                default: p = real_unary(op::sigmoid, p, 0, 1); break;
            }
        }
        return p;
    }
    constexpr int beside_numbers() {
        const int p = of_options(), x = chance(75) ? any_real() : any_whole(random_shape());
        switch (below(6)) {
            case 0: return tame(add(x, p));
            case 1: return tame(mul(p, x));
            case 2: return tame(sub(p, x));
            case 3: return binary(op::maximum, x, p, greatest(low_[x], low_[p]), greatest(high_[x], high_[p]));
            case 4: {
                const int c = truth_beside(x), y = chance(50) ? constant(1, dtype::float32) : p;
                const int chosen = where(c, y, chance(50) ? p : x);
                return fit(chosen, x) ? tame(mul(chosen, x)) : chosen;
            }
            default: {
                const int c = compare(chance(50) ? op::less : op::less_equal, x, p);
                return chance(50) ? c : where(c, x, p);
            }
        }
    }

    constexpr int whole_binary(int a, int b) {
        switch (below(6)) {
            case 0: return add(a, b);
            case 1: return mul(a, b);
            case 2: return sub(a, b);
            case 3: return binary(op::minimum, a, b, least(low_[a], low_[b]), least(high_[a], high_[b]));
            case 4: return compare(chance(50) ? op::less : op::eq, a, b);
            default: return binary(op::maximum, a, b, greatest(low_[a], low_[b]), greatest(high_[a], high_[b]));
        }
    }
    constexpr int whole_unary(int x) {
        const double m = size_of_values(x);
        switch (below(5)) {
            case 0: return unary(op::neg, x, -high_[x], -low_[x]);
            case 1: return unary(op::abs, x, 0, m);
            case 2: return unary(op::square, x, 0, m * m);
            case 3: return unary(op::relu, x, greatest(0, low_[x]), greatest(0, high_[x]));
            default: return unary(op::sign, x, -1, 1);
        }
    }
    // What is made of a line that is no floating number: in the same loop, mostly.
    constexpr int used(int x) {
        const int y = any_real();
        switch (fit(x, y) ? below(6) : 5) {
            case 0: return tame(mul(y, x));
            case 1: return tame(add(x, y));
            case 2: return where(x, y, number(0.5, y));
            case 3: {
                const int other = real(x), both = tame(mul(other, y));
                return both;
            }
            case 4: return compare(op::less, y, x);
            default: return x;
        }
    }
    constexpr int bytes() {
        const shape s = of(any_of_rank(1, 4));
        const int a = new_of_type(s, dtype::uint8),
                  b = chance(50) ? any_whole(s) : new_of_type(part_of(s), dtype::uint8);
        int y = whole_binary(a, b);
        if (chance(50)) y = whole_unary(y);
        if (chance(40))
            y = whole_binary(y, chance(50) ? a : constant(static_cast<double>(1 + below(200)), dtype::uint8));
        return used(tame(y));
    }
    constexpr int truths() {
        const int x = any_of_rank(1, 4), a = truth_beside(x), b = truth_beside(x);
        if (!fit(a, b)) return a;
        int y = whole_binary(a, b);
        if (chance(30)) y = unary(op::neg, y, 0, 1);
        if (chance(40)) y = whole_binary(y, a);
        if (chance(20) && fit(y, b)) y = where(a, y, b);
        return used(tame(y));
    }
    constexpr int longs() {
        const shape s = of(any_of_rank(1, 4));
        const int a = new_of_type(s, dtype::int64), b = any_whole(s);
        const int y = tame(whole_binary(a, b));
        return used(chance(30) ? tame(whole_unary(y)) : y);
    }
    constexpr int other_type() {
        const int x = any_real(), y = may_have_input() ? input(part_of(of(x)), other(type(x))) : number(0.1, x);
        return chance(50) ? tame(mul(x, y)) : tame(sub(y, x));
    }
    constexpr int counted() {
        const int x = any_whole(random_shape());
        if (of(x).rank == 0) return used(x);
        const int reduced = 1 + below(all_axes(x)), dropped = chance(50) ? reduced : 0;
        constexpr op how[] = {op::sum, op::sum, op::max, op::min, op::argmax};
        return tame(reduce(how[below(5)], x, reduced, dropped));
    }
    constexpr int bytes_multiplied() {
        const index rows = width(), depth = width(), columns = width();
        if (!may_have_input()) return -1;
        const int a = new_of_type(dims(rows, depth), dtype::uint8), b = new_of_type(dims(depth, columns), dtype::uint8);
        const int y = convert(op::to_uint8, matmul(a, b));
        return chance(50) ? used(y) : used(whole_binary(y, any_whole(dims(rows, columns))));
    }
    constexpr int converted() {
        constexpr op to[] = {op::to_int, op::to_int64, op::to_uint8, op::to_bool, op::to_float, op::to_double};
        const int x = chance(50) ? any_whole(random_shape()) : within(any_real(), -4, 4);
        const int y = convert(to[below(6)], x);
        return is_real(y) ? y : used(y);
    }
};

}  // namespace support::random
