// SPDX-License-Identifier: BSL-1.0
// What a random recipe is made of: single ops and short pieces of networks, each from earlier lines.
#pragma once

#include "support/random/mixed_types.hpp"

namespace support::random {

class generator : mixed_types {
public:
    using mixed_types::mixed_types;

    constexpr recipe run() {
        real_ = chance(50) ? dtype::float64 : dtype::float32;
        input(first_shape(), real_);
        if (chance(60)) input(random_shape(), real_);
        if (wishes_.large) chance(60) ? softmax(0) : normalised(0);
        for (int tries = 0; tries < 4 * wishes_.lines && r.count < wishes_.lines && has_room(); ++tries) produce();
        finish();
        return r;
    }

private:
    constexpr shape first_shape() {
        if (!wishes_.large) return random_shape();
        constexpr index rows[] = {33, 64, 96, 130}, columns[] = {257, 128, 100, 67};
        const int i = below(4);
        return dims(rows[i], columns[i]);
    }

    constexpr int produce() {
        if (wishes_.along && chance(25)) return along();
        if (wishes_.types && chance(50)) return typed();
        switch (below(26)) {
            case 0:
            case 1:
            case 2:
            case 3: return any_unary();
            case 4:
            case 5:
            case 6:
            case 7: return any_binary();
            case 8: return choice();
            case 9:
            case 10:
            case 11: return any_reduction();
            case 12:
            case 13:
            case 14: return product();
            case 15:
            case 16: return any_view();
            case 17: return any_reshape();
            case 18: return any_expand();
            case 19: return joined();
            case 20: return placed();
            case 21: return chance(50) ? convolution() : pool();
            case 22: return whole_numbers();
            case 23: return chance(50) ? softmax(any_of_rank(1, 4)) : normalised(any_of_rank(1, 4));
            case 24: return chance(50) ? layer() : attention();
            default: return chance(50) ? changed_type() : panels();
        }
    }

    constexpr int along() {
        switch (below(4)) {
            case 0: return cumulated();
            case 1: return gathered();
            case 2: return taken();
            default: return unfolded();
        }
    }
    // Windows of an axis, which may overlap.
    constexpr int unfolded() {
        const int x = any_of_rank(1, 4), rank = of(x).rank, axis = below(rank);
        const index n = of(x)[axis], size = 1 + below(static_cast<int>(least(static_cast<double>(n), 4))),
                    step = 1 + below(3), count = (n - size) / step + 1;
        if (of(x).size() / n * count * size > most()) return -1;
        attributes a{};
        shape s = of(x);
        for (int i = 0; i < rank; ++i) set_axis(a, i, i, 0, 1, s[i]);
        set_axis(a, axis, axis, 0, step, count), set_axis(a, rank, axis, 0, 1, size);
        s.extent[axis] = count, s.extent[rank] = size, s.rank = rank + 1;
        return push({op::unfold, 1, {x}, s, type(x), a}, low_[x], high_[x]);
    }

    constexpr int cumulated() {
        const int x = any_of_rank(1, 4), axis = below(of(x).rank);
        const double n = static_cast<double>(of(x)[axis]);
        const dtype t = is_real(x) ? type(x) : dtype::int64;
        return tame(push({op::cumsum, 1, {x}, of(x), t, {2, {axis, 0}}}, least(low_[x], n * low_[x]),
                         greatest(high_[x], n * high_[x])));
    }
    // By an index of 0 to 4, or as far as x goes; its other axes may be shorter.
    constexpr int gathered() {
        const int x = chance(80) ? any_real() : any_of_rank(1, 4), rank = of(x).rank;
        if (rank == 0 || rank > 4 || !may_have_input()) return -1;
        const int axis = below(rank);
        shape s = of(x);
        for (int i = 0; i < rank; ++i)
            if (i == axis) s.extent[i] = 1 + below(6);
            else if (chance(30)) s.extent[i] = 1 + below(static_cast<int>(s[i]));
        int by = input(s, dtype::int32);
        if (const index n = of(x)[axis]; n < 5)
            by = binary(op::minimum, by, constant(static_cast<double>(n - 1), dtype::int32), 0, 4);
        return push({op::gather, 2, {x, by}, s, type(x), {1, {axis}}}, low_[x], high_[x]);
    }

    // What an index of rank 0 to 2 names along an axis.
    constexpr int taken() {
        const int x = chance(80) ? any_real() : any_of_rank(1, 4), rank = of(x).rank, axes = below(3);
        if (rank == 0 || rank - 1 + axes > 4 || !may_have_input()) return -1;
        const int axis = chance(60) ? 0 : below(rank);
        shape places{};
        for (places.rank = 0; places.rank < axes;) places.extent[places.rank++] = 1 + below(4);
        int by = input(places, dtype::int32);
        if (const index n = of(x)[axis]; n < 5)
            by = binary(op::minimum, by, constant(static_cast<double>(n - 1), dtype::int32), 0, 4);
        return push({op::take, 2, {x, by}, ashlar::shape_of_taken(of(x), places, axis), type(x), {2, {axis, 1}}},
                    low_[x], high_[x]);
    }

    constexpr ashlar::window_axis sliding_axis(index in, bool pool) {
        ashlar::window_axis w{in, 1 + below(3), 1 + below(2), 0, chance(20) && !pool ? 2 : 1};
        w.padding = pool ? below(static_cast<int>(w.taps / 2 + 1)) : below(static_cast<int>(w.taps));
        if (!w.fits()) w.taps = 1, w.dilation = 1, w.padding = 0;
        return w;
    }
    constexpr int image_for_windows(int dimensions) {
        const int rank = 2 + dimensions;
        for (int i = any(), tries = 0; tries < r.count && chance(80); ++tries, i = i == 0 ? r.count - 1 : i - 1)
            if (is_real(i) && of(i).rank == rank && r.lines[i].what != op::constant && of(i)[1] <= 8) return i;
        constexpr index sizes[] = {3, 4, 5, 6, 7, 9, 17}, channels[] = {1, 2, 3, 4};
        shape s{rank, {1 + below(2), channels[below(4)], 1, 1, 1, 1}};
        for (int i = 0; i < dimensions; ++i) s.extent[2 + i] = sizes[below(dimensions == 1 ? 7 : 6)];
        return new_input(s);
    }
    constexpr int windows_over(op o, ashlar::sliding what, int dimensions, int image, int weight, index groups,
                               index features, const ashlar::window_axis& y, const ashlar::window_axis& x) {
        const index n = static_cast<index>(what);
        line l{o,
               weight < 0 ? 1 : 2,
               {image, weight < 0 ? 0 : weight},
               {},
               type(image),
               {15,
                {n, dimensions, groups, y.in, y.taps, y.stride, y.padding, y.dilation, x.in, x.taps, x.stride,
                 x.padding, x.dilation, y.after, x.after}}};
        if (weight >= 0) l.type = ashlar::promote(l.type, type(weight));
        l.extent = of(image);
        l.extent.extent[1] = features;
        if (dimensions == 2) l.extent.extent[2] = y.out();
        l.extent.extent[1 + dimensions] = x.out();
        const double m = weight < 0 ? size_of_values(image)
                                    : size_of_values(image) * size_of_values(weight) *
                                          static_cast<double>(of(weight).size() / of(weight)[0]);
        return push(l, weight < 0 ? low_[image] : -m, weight < 0 ? high_[image] : m);
    }
    constexpr int convolution() {
        const int dimensions = 1 + below(2), image = image_for_windows(dimensions), rank = 2 + dimensions;
        const index channels = of(image)[1];
        constexpr index features[] = {1, 2, 3, 5, 9};
        const index groups = chance(25)                        ? channels
                             : chance(20) && channels % 2 == 0 ? 2
                                                               : 1,
                    out = groups * (groups > 1 ? 1 + below(2) : features[below(5)]);
        const ashlar::window_axis x = sliding_axis(of(image)[rank - 1], false),
                                  y = dimensions == 2 ? sliding_axis(of(image)[2], false) : ashlar::window_axis{};
        shape s{rank, {out, channels / groups, 1, 1, 1, 1}};
        if (dimensions == 2) s.extent[2] = y.taps;
        s.extent[rank - 1] = x.taps;
        int c =
            tame(windows_over(op::conv, ashlar::sliding::output, dimensions, image, new_input(s), groups, out, y, x));
        if (chance(50)) {
            // As nn::Conv2d has it: one number a channel, whose gradient is summed as the planes come.
            const shape column{rank - 1, {out, 1, 1, 1, 1, 1}};
            c = add(c, reshape(new_input(dims(out)), column));
        }
        if (chance(50)) c = chance(70) ? real_unary(op::relu, c, 0, greatest(0, high_[c])) : tanh(c);
        return chance(40) ? pool_of(c, dimensions) : c;
    }
    constexpr int pool() {
        const int dimensions = 1 + below(2);
        return pool_of(image_for_windows(dimensions), dimensions);
    }
    constexpr int pool_of(int image, int dimensions) {
        const shape s = of(image);
        ashlar::window_axis x = sliding_axis(s[s.rank - 1], true),
                            y = dimensions == 2 ? sliding_axis(s[2], true) : ashlar::window_axis{};
        if (chance(50) && s[s.rank - 1] > 1) x = {s[s.rank - 1], 2, 2, 0, 1};
        if (dimensions == 2 && x.taps == 2 && s[2] > 1) y = {s[2], 2, 2, 0, 1};
        return windows_over(op::max_pool, ashlar::sliding::pool, dimensions, image, -1, 1, s[1], y, x);
    }

    constexpr int whole_numbers() {
        const int x = any_of_rank(1, 4), rank = of(x).rank, axis = below(rank);
        const index n = of(x)[axis];
        switch (below(6)) {
            case 0: {
                const op o = chance(50) ? op::argmax : op::argmin;
                return reduce(o, x, chance(70) ? 1 << axis : all_axes(x), 0);
            }
            case 1: {  // where the largest element is, as PyTorch's one_hot
                const int at = reduce(op::argmax, x, 1 << axis, 0);
                shape column{rank - axis, {n, 1, 1, 1, 1, 1}};
                const int hot = compare(op::eq, reshape(range(n), column), at);
                return chance(50) ? where(hot, x, number(0, x)) : mul(real(hot), x);
            }
            case 2: {
                const int whole = convert(op::to_int, within(x, -4, 4));
                low_[whole] = -4, high_[whole] = 4;
                return tame(chance(50) ? mul(whole, whole) : add(whole, constant(3, dtype::int32)));
            }
            case 3: {
                const int b = compare(chance(50) ? op::less : op::less_equal, x, number(0.125, x));
                return chance(50) ? reduce(op::sum, b, 1 << axis, 1 << axis) : b;
            }
            case 4: {
                if (!may_have_input()) return -1;
                const dtype t = chance(70) ? dtype::int32 : dtype::boolean;
                return tame(mul(x, input(part_of(of(x)), t)));
            }
            default: {
                shape column{rank - axis, {n, 1, 1, 1, 1, 1}};
                const int row = reshape(range(n), column);
                return tame(add(x, real(row)));
            }
        }
    }

    constexpr int softmax(int x) {
        const int axis = wishes_.large && x == 0 ? 1 : 1 << below(of(x).rank);
        const int mask = wishes_.large && x == 0 ? 2 : axis;
        const int top = reduce(op::max, x, mask, 0), e = real_unary(op::exp, sub(x, top), 0, 1);
        const int s = reduce(op::sum, e, mask, 0);
        low_[s] = 1;
        if (chance(70)) return div(e, s);
        const int below_top = sub(x, top);
        return sub(below_top, real_unary(op::log, s, 0, 6));
    }
    constexpr int normalised(int x) {
        const int mask = wishes_.large && x == 0 ? 2 : 1 << below(of(x).rank);
        double n = 1;
        for (int i = 0; i < of(x).rank; ++i) n *= (mask >> i & 1) != 0 ? static_cast<double>(of(x)[i]) : 1;
        const int s = reduce(op::sum, x, mask, 0), d = sub(x, mul(s, number(1 / n, s)));
        const int v = reduce(op::sum, mul(d, d), mask, 0), scaled = mul(v, number(1 / n, v));
        const int spread = real_unary(op::rsqrt, add(scaled, number(0.1, v)), 0, 3.2);
        const int y = mul(d, spread);
        low_[y] = -30, high_[y] = 30;
        return y;
    }
    constexpr int layer() {
        const int x = any_of_rank(1, 3);
        const index in = of(x)[of(x).rank - 1], out = of(x).size() / in * 17 > most() ? 1 : width();
        const int w = new_input(dims(out, in)), product = matmul(x, transposed(w)),
                  y = tame(add(product, new_input(dims(out))));
        return chance(50) ? real_unary(op::relu, y, 0, greatest(0, high_[y])) : tanh(y);
    }
    // Queries, keys and values are parts of one tensor.
    constexpr int attention() {
        if (!may_have_input()) return -1;
        const index rows = 2 + below(5), d = 1 + below(4);
        const int all = new_input(dims(rows, 3 * d));
        const int k = slice(all, 1, 0, 1, d), q = slice(all, 1, d, 1, d), v = slice(all, 1, 2 * d, 1, d);
        const int scores = tame(matmul(q, transposed(k)));
        const int e = real_unary(op::exp, within(scores, -3, 3), 0.04, 21), s = reduce(op::sum, e, 2, 0);
        return matmul(div(e, s), v);
    }
    // Weights in panels, as a compiled model has them.
    constexpr int panels() {
        if (!may_have_input() || real_ != dtype::float32) return changed_type();
        const index count = 1 + below(3), k = 2 + below(5), panel = ashlar::kernels::panel_width<float>;
        const int packed = new_input(dims(count, k, panel));
        attributes a{};
        set_axis(a, 0, 1, 0, 1, k), set_axis(a, 1, 0, 0, 1, count), set_axis(a, 2, 2, 0, 1, panel);
        const int w = reshape(view(packed, a), dims(k, count * panel));
        const index rows = 1 + below(6);
        const int x = new_input(dims(rows, k)), used = slice(w, 1, 0, 1, count * panel - below(8));
        return tanh(matmul(x, chance(50) ? used : w));
    }
    constexpr int changed_type() {
        const int x = any_real();
        return convert(type(x) == dtype::float32 ? op::to_double : op::to_float, x);
    }

    // Results: what nothing reads, and something that is read too. The loss depends on all of them.
    constexpr void finish() {
        bool read[recipe::capacity]{};
        for (int i = 0; i < r.count; ++i)
            for (int k = 0; k < r.lines[i].count; ++k) read[r.lines[i].of[k]] = true;
        const int last = r.count - 1;
        for (int i = last; i >= 0 && r.outputs < recipe::most_outputs - 1; --i)
            if (!read[i] && r.lines[i].what != op::constant && r.lines[i].what != op::input) r.output[r.outputs++] = i;
        if (chance(40)) {
            const int also = any_real();
            bool known = r.lines[also].what == op::input;
            for (int o = 0; o < r.outputs; ++o) known = known || r.output[o] == also;
            if (!known) r.output[r.outputs++] = also;
        }
        int loss = -1;
        for (int o = 0; o < r.outputs && r.count + 5 < recipe::capacity; ++o) {
            const int x = r.output[o];
            if (!is_real(x)) continue;
            const int y = chance(60) && r.inputs + 1 < recipe::most_inputs ? mul(x, input(of(x), type(x)))
                          : chance(30)                                     ? mul(x, x)
                                                                           : x;
            const int s = reduce(op::sum, y, all_axes(y), all_axes(y));
            loss = loss < 0 ? s : add(loss, s);
        }
        r.loss = loss;
        if (r.outputs == 0) r.output[r.outputs++] = last;
        find_twins();
    }

    // Two inputs of one shape and type count as possibly one object.
    constexpr void find_twins() {
        if (!chance(15)) return;
        for (int i = 0; i < r.inputs; i += 2)
            for (int k = 0; k < r.inputs; ++k)
                if (i != k && of(r.input_line[i]) == of(r.input_line[k]) &&
                    type(r.input_line[i]) == type(r.input_line[k]) && is_real(r.input_line[i]) &&
                    !is_option(r, i) && !is_option(r, k)) {
                    r.twin[0] = i, r.twin[1] = k;
                    return;
                }
    }
};

constexpr recipe generate(std::uint64_t seed, const wishes& w) { return generator{seed, w}.run(); }

}  // namespace support::random
