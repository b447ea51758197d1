// SPDX-License-Identifier: BSL-1.0
// Random recipes: a value of constant evaluation as of run time, the same for a seed everywhere. A recipe with fewer
// lines of the same seed begins with the same lines.
#pragma once

#include "support/random/recipe.hpp"

namespace support::random {

struct wishes {
    int lines = 12;       // about as many, beside what the loss takes
    bool large = false;   // arrays of thousands of elements: rows in turns, steps that are no straight code
    bool along = false;   // cumulative sums, and what goes by an index
    bool types = false;   // all element types beside each other, and options
    bool smooth = false;  // no ops without a derivative, few lines: for second derivatives
};

/// Writes lines, with bounds for every value, so that nothing leaves a function's domain or grows without end.
class writer {
public:
    recipe r;

    constexpr writer(std::uint64_t seed, const wishes& w) : state_{mixed(seed + 0x5851F42D4C957F2Dull)}, wishes_{w} {}

protected:
    std::uint64_t state_;
    wishes wishes_;
    dtype real_ = dtype::float32;
    double low_[recipe::capacity]{}, high_[recipe::capacity]{};

    constexpr int below(int n) {
        state_ += 0x9E3779B97F4A7C15ull;
        return static_cast<int>((mixed(state_) >> 33) % static_cast<std::uint64_t>(n));
    }
    constexpr bool chance(int percent) { return below(100) < percent; }
    constexpr index extent() {
        constexpr index usual[] = {1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 7, 8, 9, 11, 13, 16, 17, 19, 33};
        return usual[below(19)];
    }
    static constexpr shape dims(std::same_as<index> auto... n) {
        shape s{};
        ((s.extent[s.rank++] = n), ...);
        return s;
    }
    constexpr index most() const { return wishes_.large ? 20000 : 400; }

    constexpr const shape& of(int i) const { return r.lines[i].extent; }
    constexpr dtype type(int i) const { return r.lines[i].type; }
    constexpr bool is_real(int i) const { return ashlar::is_floating(type(i)); }
    constexpr bool has_room() const { return r.count + 12 < recipe::capacity; }

    constexpr int push(const line& l, double low, double high) {
        // Bytes wrap, and everything but 0 is true.
        const double most = l.type == dtype::uint8 ? 255 : l.type == dtype::boolean ? 1 : 1e300;
        const bool wraps = most < 1e300 && (low < 0 || high > most);
        r.lines[r.count] = l;
        low_[r.count] = wraps ? 0 : low, high_[r.count] = wraps ? most : high;
        return r.count++;
    }
    constexpr int input(const shape& s, dtype t) {
        r.input_line[r.inputs] = r.count;
        return push({op::input, 0, {}, s, t, {}, static_cast<double>(r.inputs++)}, ashlar::is_floating(t) ? -2 : 0,
                    t == dtype::uint8        ? 255
                    : t == dtype::boolean    ? 1
                    : ashlar::is_floating(t) ? 2
                                             : 4);
    }
    constexpr int option() {
        r.input_line[r.inputs] = r.count;
        line l{op::input, 0, {}, {}, dtype::float32, {}, static_cast<double>(r.inputs++)};
        l.option = true;
        return push(l, -2.1, 2.1);
    }
    constexpr int constant(double v, dtype t) { return push({op::constant, 0, {}, {}, t, {}, v}, v, v); }
    constexpr int number(double v, int beside) { return constant(v, is_real(beside) ? type(beside) : real_); }
    constexpr int range(index n) {
        return push({op::arange, 0, {}, dims(n), dtype::int32}, 0, static_cast<double>(n - 1));
    }

    constexpr int unary(op o, int x, double low, double high) { return push({o, 1, {x}, of(x), type(x)}, low, high); }
    constexpr int real_unary(op o, int x, double low, double high) {
        return push({o, 1, {x}, of(x), is_real(x) ? type(x) : dtype::float32}, low, high);
    }
    constexpr int convert(op o, int x) {
        const dtype t = o == op::to_float    ? dtype::float32
                        : o == op::to_double ? dtype::float64
                        : o == op::to_int    ? dtype::int32
                        : o == op::to_int64  ? dtype::int64
                        : o == op::to_uint8  ? dtype::uint8
                                             : dtype::boolean;
        const bool truth = t == dtype::boolean;
        return push({o, 1, {x}, of(x), t}, truth ? 0 : low_[x], truth ? 1 : high_[x]);
    }
    constexpr int real(int x) {
        return is_real(x) ? x : convert(real_ == dtype::float64 ? op::to_double : op::to_float, x);
    }
    constexpr int binary(op o, int a, int b, double low, double high) {
        return push({o, 2, {a, b}, ashlar::broadcast(of(a), of(b)).value, ashlar::promote(type(a), type(b))}, low,
                    high);
    }
    constexpr int compare(op o, int a, int b) {
        return push({o, 2, {a, b}, ashlar::broadcast(of(a), of(b)).value, dtype::boolean}, 0, 1);
    }
    constexpr int where(int c, int a, int b) {
        const shape s = ashlar::broadcast(of(c), ashlar::broadcast(of(a), of(b)).value).value;
        return push({op::where, 3, {c, a, b}, s, ashlar::promote(type(a), type(b))}, least(low_[a], low_[b]),
                    greatest(high_[a], high_[b]));
    }

    static constexpr double least(double a, double b) { return a < b ? a : b; }
    static constexpr double greatest(double a, double b) { return a < b ? b : a; }
    static constexpr double absolute(double a) { return a < 0 ? -a : a; }
    constexpr double size_of_values(int x) const { return greatest(absolute(low_[x]), absolute(high_[x])); }

    constexpr int add(int a, int b) { return binary(op::add, a, b, low_[a] + low_[b], high_[a] + high_[b]); }
    constexpr int sub(int a, int b) { return binary(op::sub, a, b, low_[a] - high_[b], high_[a] - low_[b]); }
    constexpr int mul(int a, int b) {
        const double m = size_of_values(a) * size_of_values(b);
        const bool square = a == b, positive = low_[a] >= 0 && low_[b] >= 0;
        return binary(op::mul, a, b, square || positive ? 0 : -m, m);
    }
    constexpr int div(int a, int b) {
        const double smallest = low_[b] > 0 ? low_[b] : -high_[b], m = size_of_values(a) / smallest;
        return push({op::div, 2, {a, b}, ashlar::broadcast(of(a), of(b)).value, ashlar::promote(type(a), type(b))},
                    low_[a] >= 0 && low_[b] > 0 ? 0 : -m, m);
    }
    constexpr int tanh(int x) { return real_unary(op::tanh, x, -1, 1); }
    /// Something like x with values from low to high, x itself if it is.
    constexpr int within(int x, double low, double high) {
        if (is_real(x) && low_[x] >= low && high_[x] <= high) return x;
        const int t = tanh(real(x)), half = mul(t, number((high - low) / 2, t));
        const int moved = add(half, number((high + low) / 2, t));
        low_[moved] = low, high_[moved] = high;
        return moved;
    }
    constexpr int tame(int x) {
        if (size_of_values(x) <= 60 || type(x) == dtype::uint8) return x;
        if (is_real(x)) return mul(x, number(4 / size_of_values(x), x));
        return binary(op::minimum, x, constant(9, type(x)), least(low_[x], 9), 9);
    }

    /// Attributes of a reduction; `dropped` of the axes leave the shape.
    constexpr int reduce(op o, int x, int reduced, int dropped) {
        const shape& from = of(x);
        shape s{};
        double n = 1;
        for (int i = 0; i < from.rank; ++i) {
            if ((reduced >> i & 1) != 0) n *= static_cast<double>(from[i]);
            if ((dropped >> i & 1) == 0) s.extent[s.rank++] = (reduced >> i & 1) != 0 ? 1 : from[i];
        }
        const bool arg = o == op::argmax || o == op::argmin;
        const bool adds = o == op::sum || o == op::prod;
        const dtype t = arg                         ? dtype::int32
                        : adds && !is_real(x)       ? dtype::int64
                        : type(x) == dtype::boolean ? dtype::int32
                                                    : type(x);
        const double m = size_of_values(x);
        double product = 1;
        for (int i = 0; i < static_cast<int>(n) && product < 1e12; ++i) product *= m < 1 ? 1 : m;
        const double low = o == op::sum ? least(low_[x] * n, low_[x]) : o == op::prod ? -product : arg ? 0 : low_[x];
        const double high = o == op::sum    ? greatest(high_[x] * n, high_[x])
                            : o == op::prod ? product
                            : arg           ? n - 1
                                            : high_[x];
        return push({o, 1, {x}, s, t, {2, {reduced, dropped}}}, low, high);
    }
    constexpr int all_axes(int x) const { return (1 << of(x).rank) - 1; }

    constexpr int view(int x, const attributes& a) {
        line l{op::view, 1, {x}, {}, type(x), a};
        l.extent.rank = a.count / 4;
        for (int i = 0; i < l.extent.rank; ++i) l.extent.extent[i] = a.value[4 * i + 3];
        return push(l, low_[x], high_[x]);
    }
    static constexpr void set_axis(attributes& a, int i, int axis, index start, index step, index extent) {
        a.value[4 * i] = axis, a.value[4 * i + 1] = start, a.value[4 * i + 2] = step, a.value[4 * i + 3] = extent;
        a.count = a.count < 4 * i + 4 ? 4 * i + 4 : a.count;
    }
    constexpr attributes whole(int x) const {
        attributes a{};
        for (int i = 0; i < of(x).rank; ++i) set_axis(a, i, i, 0, 1, of(x)[i]);
        return a;
    }
    constexpr int transposed(int x) {
        attributes a = whole(x);
        const int n = of(x).rank;
        set_axis(a, n - 1, n - 2, 0, 1, of(x)[n - 2]);
        set_axis(a, n - 2, n - 1, 0, 1, of(x)[n - 1]);
        return view(x, a);
    }
    constexpr int slice(int x, int axis, index start, index step, index extent) {
        attributes a = whole(x);
        set_axis(a, axis, axis, start, step, extent);
        return view(x, a);
    }
    static constexpr attributes as_attributes(const shape& s) {
        attributes a{s.rank, {}};
        for (int i = 0; i < s.rank; ++i) a.value[i] = s[i];
        return a;
    }
    constexpr int reshape(int x, const shape& s) {
        return push({op::reshape, 1, {x}, s, type(x), as_attributes(s)}, low_[x], high_[x]);
    }
    constexpr int expand(int x, const shape& s) {
        return push({op::expand, 1, {x}, s, type(x), as_attributes(s)}, low_[x], high_[x]);
    }
    constexpr int place(int base, int x, const attributes& a) {
        line l{op::place, 2, {base, x}, {}, ashlar::promote(type(base), type(x)), a};
        l.extent.rank = a.count / 4;
        for (int i = 0; i < l.extent.rank; ++i) l.extent.extent[i] = a.value[4 * i];
        return push(l, least(low_[base], low_[x]), greatest(high_[base], high_[x]));
    }
    static constexpr void set_window(attributes& a, int i, index extent, index start, index step, index inside) {
        a.value[4 * i] = extent, a.value[4 * i + 1] = start, a.value[4 * i + 2] = step, a.value[4 * i + 3] = inside;
        a.count = a.count < 4 * i + 4 ? 4 * i + 4 : a.count;
    }

    constexpr int matmul(int a, int b) {
        const shape &sa = of(a), &sb = of(b);
        const index depth = sa[sa.rank - 1];
        shape batch_a{}, batch_b{};
        for (int i = 0; i + 2 < sa.rank; ++i) batch_a.extent[batch_a.rank++] = sa[i];
        for (int i = 0; i + 2 < sb.rank; ++i) batch_b.extent[batch_b.rank++] = sb[i];
        shape s = ashlar::broadcast(batch_a, batch_b).value;
        if (sa.rank > 1) s.extent[s.rank++] = sa[sa.rank - 2];
        if (sb.rank > 1) s.extent[s.rank++] = sb[sb.rank - 1];
        const double m = size_of_values(a) * size_of_values(b) * static_cast<double>(depth);
        return push(
            {op::matmul, 2, {a, b}, s, ashlar::promote(ashlar::promote(type(a), type(b)), dtype::int32), {2, {0, 0}}},
            -m, m);
    }
};

}  // namespace support::random
