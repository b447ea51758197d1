// SPDX-License-Identifier: BSL-1.0
// Single ops of a random recipe, each of earlier lines.
#pragma once

#include "support/random/generator.hpp"

namespace support::random {

class single_ops : protected writer {
protected:
    using writer::writer;

    constexpr shape random_shape() {
        constexpr int ranks[] = {0, 1, 1, 2, 2, 2, 2, 3, 3, 4};
        shape s{};
        s.rank = ranks[below(10)];
        index size = 1;
        for (int i = 0; i < s.rank; ++i) {
            const index e = extent();
            s.extent[i] = size * e <= 400 ? e : 1;
            size *= s.extent[i];
        }
        return s;
    }

    // Mostly one of the latest lines.
    constexpr int any() {
        const int back = below(1 + below(r.count));
        return r.count - 1 - back;
    }
    constexpr int any_real() {
        for (int i = any(), tries = 0; tries < r.count; ++tries, i = i == 0 ? r.count - 1 : i - 1)
            if (is_real(i) && r.lines[i].what != op::constant) return i;
        return 0;
    }
    constexpr int any_of_rank(int least, int most) {
        for (int i = any(), tries = 0; tries < r.count; ++tries, i = i == 0 ? r.count - 1 : i - 1)
            if (is_real(i) && of(i).rank >= least && of(i).rank <= most) return i;
        shape s = random_shape();
        while (s.rank < least) s.extent[s.rank++] = 2;
        while (s.rank > most) s.extent[--s.rank] = 1;
        return new_input(s);
    }
    constexpr bool may_have_input() const { return r.inputs + 2 < recipe::most_inputs && r.inputs < 8; }
    constexpr int new_input(const shape& s) {
        return may_have_input() ? input(s, chance(8) ? other(real_) : real_) : expand(number(0.75, 0), s);
    }
    static constexpr dtype other(dtype t) { return t == dtype::float32 ? dtype::float64 : dtype::float32; }

    // Something that broadcasts with x.
    constexpr int partner(int x) {
        const int how = below(10);
        if (how < 5)
            for (int i = any(), tries = 0; tries < r.count; ++tries, i = i == 0 ? r.count - 1 : i - 1) {
                const auto b = ashlar::broadcast(of(i), of(x));
                if (i != x && is_real(i) && b.ok && b.value.size() <= most()) return i;
            }
        constexpr double numbers[] = {2, 0.5, -1.25, 1, 3, -0.75, 0};
        if (how == 5 || !may_have_input()) return number(numbers[below(7)], x);
        if (how == 6) return x;
        return new_input(part_of(of(x)));
    }
    // Some extents 1, some leading axes gone.
    constexpr shape part_of(const shape& s) {
        shape p{};
        const int gone = s.rank > 0 && chance(30) ? below(s.rank + 1) : 0;
        for (int i = gone; i < s.rank; ++i) p.extent[p.rank++] = chance(65) ? s[i] : 1;
        return p;
    }

    constexpr int any_unary() {
        const int x = any_real();
        const double l = low_[x], h = high_[x], m = size_of_values(x);
        switch (below(wishes_.smooth ? 18 : 27)) {
            case 0: return real_unary(op::exp, within(x, -3, 3), 0.04, 21);
            case 1: return real_unary(op::log, within(x, 0.1, 60), -2.4, 5);
            case 2: return real_unary(op::log1p, within(x, -0.8, 60), -1.7, 5);
            case 3: return real_unary(op::expm1, within(x, -3, 3), -1, 20);
            case 4: return real_unary(op::sqrt, within(x, 0.1, 60), 0.3, 8);
            case 5: return real_unary(op::rsqrt, within(x, 0.1, 60), 0.12, 3.2);
            case 6: return real_unary(op::sin, x, -1, 1);
            case 7: return real_unary(op::cos, x, -1, 1);
            case 8: return real_unary(op::tan, within(x, -1.3, 1.3), -3.7, 3.7);
            case 9: return real_unary(chance(50) ? op::asin : op::acos, within(x, -0.96, 0.96), -1.4, 3);
            case 10: return real_unary(op::atan, x, -1.6, 1.6);
            case 11: return real_unary(op::sinh, within(x, -3, 3), -11, 11);
            case 12: return real_unary(op::cosh, within(x, -3, 3), 1, 11);
            case 13: return tanh(x);
            case 14: return real_unary(op::sigmoid, x, m <= 3 ? 0.04 : 0, 1);
            case 15: return real_unary(op::erf, x, -1, 1);
            case 16: return tame(unary(op::square, x, 0, m * m));
            case 17: return unary(chance(50) ? op::pow3 : op::pow5, within(x, -1.5, 1.5), -8, 8);
            case 18:
            case 19: return real_unary(op::relu, x, greatest(0, l), greatest(0, h));
            case 20: return unary(op::abs, x, 0, m);
            case 21: return unary(op::neg, x, -h, -l);
            case 22: return unary(op::sign, x, -1, 1);
            case 23: return unary(op::floor, x, l - 1, h);
            case 24: return unary(chance(50) ? op::ceil : op::round, x, l - 1, h + 1);
            case 25: return unary(chance(50) ? op::hold : op::stop_gradient, x, l, h);
            default: {  // one line after the other: compilers choose in which order they evaluate arguments
                const int half = number(0.5, x), limit = number(0.25, x);
                return mul(half, real(compare(op::less, x, limit)));
            }
        }
    }

    constexpr int any_binary() {
        const int x = any_real(), y = partner(x);
        const bool turned = chance(40);
        const int a = turned ? y : x, b = turned ? x : y;
        switch (below(wishes_.smooth ? 9 : 13)) {
            case 0:
            case 1: return tame(add(a, b));
            case 2: return tame(sub(a, b));
            case 3:
            case 4:
            case 5: return tame(mul(a, b));
            case 6:
            case 7: return low_[b] > 0.2 || high_[b] < -0.2 ? tame(div(a, b)) : tame(div(a, within(b, 0.5, 2)));
            case 8: {
                const int base = within(a, 0.3, 3), e = within(b, -2, 2);
                return binary(op::pow, base, e, 0.1, 12);
            }
            case 9: return binary(op::minimum, a, b, least(low_[a], low_[b]), least(high_[a], high_[b]));
            case 10: return binary(op::maximum, a, b, greatest(low_[a], low_[b]), greatest(high_[a], high_[b]));
            case 11: {
                const int slope = within(b, -2, 2);
                return tame(binary(op::leaky_relu, a, slope, -2 * size_of_values(a), greatest(0, high_[a])));
            }
            default: return binary(op::softplus, a, number(20, a), 0, greatest(1, high_[a] + 1));
        }
    }

    constexpr int choice() {
        const int x = any_real(), y = partner(x), z = partner(x);
        const shape all = ashlar::broadcast(of(x), of(y)).value;
        const auto fit = ashlar::broadcast(all, of(z));
        if (!fit.ok || fit.value.size() > most()) return -1;
        constexpr op how[] = {op::less, op::less_equal, op::less, op::ne};
        if (chance(30)) {
            const int low = number(-0.5, x), high = chance(50) ? number(1, x) : z;
            return push({op::clamp,
                         3,
                         {x, low, high},
                         ashlar::broadcast(of(x), of(high)).value,
                         ashlar::promote(type(x), type(high))},
                        least(-0.5, low_[high]), greatest(high_[x], high_[high]));
        }
        const int c = compare(how[below(4)], x, y);
        return where(c, chance(50) ? x : y, z);
    }

    constexpr int any_reduction() {
        const int x = any_of_rank(1, 6);
        int reduced = 1 + below(all_axes(x));
        if (chance(15)) reduced = all_axes(x);
        const int dropped = chance(50) ? reduced : 0;
        index n = 1;
        for (int i = 0; i < of(x).rank; ++i) n *= (reduced >> i & 1) != 0 ? of(x)[i] : 1;
        switch (below(8)) {
            case 0: return reduce(op::max, x, reduced, dropped);
            case 1: return reduce(op::min, x, reduced, dropped);
            case 2:
                return n <= 9 ? tame(reduce(op::prod, x, reduced, dropped))
                              : tame(reduce(op::prod, within(x, 0.8, 1.15), reduced, dropped));
            case 3: {
                const int s = reduce(op::sum, x, reduced, dropped);
                return mul(s, number(1 / static_cast<double>(n), s));
            }
            default: return tame(reduce(op::sum, x, reduced, dropped));
        }
    }

    constexpr index width() {
        constexpr index usual[] = {1, 1, 2, 3, 5, 8, 9, 16, 17, 33};
        return usual[below(10)];
    }
    constexpr int product() {
        const int x = any_of_rank(1, 4), rank = of(x).rank;
        if (chance(35) && rank > 1) return tame(matmul_of(transposed(x)));
        if (chance(20) && rank > 1 && of(x)[rank - 1] > 2) {  // a slice, beginning at 0 or not
            const index n = of(x)[rank - 1], part = 1 + below(static_cast<int>(n - 1));
            return tame(matmul_of(slice(x, rank - 1, chance(50) ? 0 : n - part, 1, part)));
        }
        return tame(matmul_of(x));
    }
    constexpr int matmul_of(int x) {
        const shape s = of(x);
        const index inner = s[s.rank - 1], rows = s.rank > 1 ? s[s.rank - 2] : 1;
        if (chance(25))  // something that is there
            for (int i = any(), tries = 0; tries < r.count; ++tries, i = i == 0 ? r.count - 1 : i - 1)
                if (is_real(i) && of(i).rank == 2 && s.rank <= 2) {
                    if (of(i)[0] == inner) return matmul(x, i);
                    if (of(i)[1] == inner) return matmul(x, transposed(i));
                    if (s.rank == 2 && of(i)[1] == rows) return matmul(i, x);
                }
        shape other{};
        const index n = width();
        if (chance(20) && s.rank <= 2) {
            other = dims(inner);
            return matmul(x, new_input(other));
        }
        const bool turned = chance(40);
        if (s.rank > 2 && chance(40))
            for (int i = 0; i + 2 < s.rank; ++i) other.extent[other.rank++] = chance(60) ? s[i] : 1;
        else if (s.rank == 2 && chance(15) && s.size() < 100)
            other.extent[other.rank++] = 2 + below(2);
        const index m = s.size() / inner * n > most() ? 1 : n;
        other.extent[other.rank++] = turned ? m : inner;
        other.extent[other.rank++] = turned ? inner : m;
        const int w = new_input(other);
        return matmul(x, turned ? transposed(w) : w);
    }

    constexpr int any_view() {
        const int x = any_of_rank(1, 6), rank = of(x).rank;
        int order[6] = {0, 1, 2, 3, 4, 5};
        if (chance(60))
            for (int i = rank - 1; i > 0; --i) {
                const int j = below(i + 1), was = order[i];
                order[i] = order[j], order[j] = was;
            }
        attributes a{};
        for (int i = 0; i < rank; ++i) {
            const index n = of(x)[order[i]];
            const int how = below(10);
            const index step = how < 8 ? 1 : 1 + below(3);
            const index part = how < 5 ? n : (1 + below(static_cast<int>(n)) + step - 1) / step;
            const index span = (part - 1) * step + 1;
            const index start = span >= n || chance(40) ? 0 : below(static_cast<int>(n - span + 1));
            if (chance(15))
                set_axis(a, i, order[i], start + span - 1, -step, part);
            else
                set_axis(a, i, order[i], start, step, part);
        }
        return view(x, a);
    }

    constexpr int any_reshape() {
        const int x = any_real();
        if (of(x).rank == 0) return reshape(x, dims(index{1}));
        shape s{};
        index rest = of(x).size();
        const int rank = 1 + below(4);
        for (int i = 0; i + 1 < rank; ++i) {
            index part = 1;
            for (int tries = 0; tries < 4 && part == 1; ++tries) {
                const index d = 1 + below(9);
                if (rest % d == 0) part = d;
            }
            s.extent[s.rank++] = part, rest /= part;
        }
        s.extent[s.rank++] = rest;
        return reshape(x, s);
    }

    constexpr int any_expand() {
        const int x = any_of_rank(0, 4);
        shape s{};
        index size = of(x).size();
        if (chance(50)) {
            const index e = 1 + below(4);
            if (size * e <= most()) s.extent[s.rank++] = e, size *= e;
        }
        for (int i = 0; i < of(x).rank; ++i) {
            const index e = extent();
            const bool grows = of(x)[i] == 1 && size * e <= most();
            s.extent[s.rank++] = grows ? e : of(x)[i], size *= grows ? e : 1;
        }
        return expand(x, s);
    }

    constexpr int joined() {
        int part[3] = {any_of_rank(1, 4), -1, -1};
        const bool stacked = chance(30) && of(part[0]).rank < 4;
        const shape like = of(part[0]);
        const int axis = below(like.rank + (stacked ? 1 : 0)), parts = 2 + below(2);
        const dtype t = type(part[0]);
        for (int i = 1; i < parts; ++i) {
            shape s = like;
            if (!stacked) s.extent[axis] = extent();
            if (chance(30)) s = like;
            part[i] = s == like && chance(40) ? unary(op::neg, part[0], -high_[part[0]], -low_[part[0]]) : new_input(s);
            if (type(part[i]) != t) part[i] = convert(t == dtype::float64 ? op::to_double : op::to_float, part[i]);
        }
        if (stacked) {
            shape wider{};
            wider.rank = like.rank + 1;
            for (int i = 0; i < 6; ++i)
                wider.extent[i] = i > like.rank ? 1 : i < axis ? like[i] : i == axis ? 1 : like[i - 1];
            for (int i = 0; i < parts; ++i) part[i] = reshape(part[i], wider);
        }
        shape all = of(part[0]);
        for (int i = 1; i < parts; ++i) all.extent[axis] += of(part[i])[axis];
        int whole = constant(0, t);
        index start = 0;
        for (int i = 0; i < parts; ++i) {
            attributes a{};
            for (int d = 0; d < all.rank; ++d) set_window(a, d, all[d], d == axis ? start : 0, 1, of(part[i])[d]);
            whole = place(whole, part[i], a);
            start += of(part[i])[axis];
        }
        return whole;
    }

    // x in a window of something larger, its elements apart or not.
    constexpr int placed() {
        const int x = any_of_rank(1, 4);
        attributes a{};
        shape all{of(x).rank, {1, 1, 1, 1, 1, 1}};
        for (int i = 0; i < all.rank; ++i) {
            const index n = of(x)[i], step = chance(25) ? 2 : 1, span = (n - 1) * step + 1, before = below(3),
                        after = below(3);
            all.extent[i] = span + before + after;
            set_window(a, i, all[i], before, step, n);
        }
        if (all.size() > most()) return -1;
        const int how = below(3);
        const int base = how == 0   ? number(0, x)
                         : how == 1 ? number(-1.5, x)
                                    : tanh(new_input(chance(60) ? all : part_of(all)));
        return place(base, x, a);
    }
};

}  // namespace support::random
