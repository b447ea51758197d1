// SPDX-License-Identifier: BSL-1.0
// What a recipe or a graph computes, by plain loops in double: a formula for each op by its name, a loop for each kind.
// Of the library only the graph is read: the ops' names, arguments, shapes and attributes.
#pragma once

#include "support/random/recipe.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

namespace support::random {

using array = std::vector<double>;
using arrays = std::vector<array>;

inline std::vector<line> lines_of(const recipe& r) { return {r.lines, r.lines + r.count}; }

inline op op_named(const char* name) {
    for (int i = 0; i < static_cast<int>(op::unknown); ++i)
        if (std::strcmp(name, names[i]) == 0) return static_cast<op>(i);
    throw std::runtime_error(std::string("no formula for op ") + name);
}
inline std::vector<line> lines_of(const ashlar::graph& g) {
    std::vector<line> all;
    for (int id = 0; id < g.nodes.size(); ++id) {
        const ashlar::node& n = g.nodes[id];
        line l{op_named(n.op->name), n.count, {}, g.shape_of(id), n.type, g.attributes_of(id), n.value};
        l.option = n.op->facts.is_input && g.inputs[static_cast<int>(n.value)].storage != n.type;
        for (int i = 0; i < n.count; ++i) l.of[i] = g.argument(id, i);
        all.push_back(l);
    }
    return all;
}

/// Rounds more coarsely than any kernel does, another way for every `seed`: results that differ much are not well
/// determined.
struct noise {
    std::uint64_t seed = 0;  // 0: none
    bool fine = false;       // as if all were float64
    bool other_way = false;  // up where the same seed rounds down
    double of(double magnitude, dtype type, std::uint64_t where) const {
        if (seed == 0 || !ashlar::is_floating(type)) return 0;
        const std::uint64_t h = mixed(seed * 0x9E3779B97F4A7C15ull + where);
        const double share = 0.5 + 0.5 * static_cast<double>(h >> 40) / (1 << 24);
        const double unit = type == dtype::float32 && !fine ? 0x1p-21 : 0x1p-50;
        return (((h & 1) != 0) != other_way ? share : -share) * magnitude * unit;
    }
};

class evaluator {
public:
    /// Conversions to float32 round, unless derivatives are looked for.
    explicit evaluator(std::vector<line> lines, bool rounds = true) : lines_{std::move(lines)}, rounds_{rounds} {
        for (const line& l : lines_) of_options_.push_back(is_of_options(l) ? 1 : 0);
    }

    const std::vector<line>& lines() const { return lines_; }

    /// The values of all lines that `results` need. Where stop_gradient is, `constant` says the value: derivatives do
    /// not see it.
    arrays operator()(const arrays& inputs, const std::vector<int>& results, noise rough = {},
                      const arrays* constant = nullptr) const {
        std::vector<char> needed(lines_.size(), 0);
        for (const int i : results) needed[static_cast<std::size_t>(i)] = 1;
        for (std::size_t i = lines_.size(); i-- > 0;)
            for (int k = 0; needed[i] != 0 && k < lines_[i].count; ++k)
                needed[static_cast<std::size_t>(lines_[i].of[k])] = 1;
        arrays v(lines_.size()), exact(lines_.size());
        for (std::size_t i = 0; i < lines_.size(); ++i) {
            if (needed[i] == 0) continue;
            const bool reads_double = is_double(lines_[i]);
            if (of_options_[i] != 0) {
                exchange(lines_[i], v, exact);
                line l = lines_[i];
                l.what = l.what == op::to_float ? op::to_double : l.what;
                exact[i] = compute(l, i, v, inputs, {});
                exchange(lines_[i], v, exact);
            }
            if (reads_double) exchange(lines_[i], v, exact);
            if (constant != nullptr && lines_[i].what == op::stop_gradient)
                v[i] = (*constant)[i];
            else
                v[i] = compute(lines_[i], i, v, inputs, rough);
            if (reads_double) exchange(lines_[i], v, exact);
        }
        return v;
    }

private:
    std::vector<line> lines_;
    std::vector<char> of_options_;
    bool rounds_;

    // An option, and what is computed of options and constants alone, loses nothing where float64 reads it.
    bool is_of_options(const line& l) const {
        bool all = l.option || l.count > 0, any = l.option;
        for (int k = 0; k < l.count; ++k) {
            const auto a = static_cast<std::size_t>(l.of[k]);
            any = any || of_options_[a] != 0;
            all = all && (of_options_[a] != 0 || lines_[a].what == op::constant) &&
                  !(l.type == dtype::float32 && lines_[a].type == dtype::float64);
        }
        return all && any;
    }
    bool is_double(const line& l) const {
        bool any = l.type == dtype::float64;
        for (int k = 0; k < l.count && l.type == dtype::boolean; ++k)
            any = any || lines_[static_cast<std::size_t>(l.of[k])].type == dtype::float64;
        return any;
    }
    // Arguments that are computed of options as they are beside float64, and back.
    void exchange(const line& l, arrays& v, arrays& exact) const {
        for (int k = 0; k < l.count; ++k) {
            const auto a = static_cast<std::size_t>(l.of[k]);
            bool again = of_options_[a] == 0;
            for (int i = 0; i < k; ++i) again = again || l.of[i] == l.of[k];
            if (!again) v[a].swap(exact[a]);
        }
    }
    // A value as it is stored: whole numbers wrap, everything but 0 is true.
    static double stored(dtype t, double y) {
        return t == dtype::boolean ? (y != 0 ? 1 : 0)
               : t == dtype::uint8 ? y - 256 * std::floor(y / 256)
               : t == dtype::int32 ? y - 0x1p32 * std::floor((y + 0x1p31) / 0x1p32)
                                   : y;
    }

    static std::size_t at(index i) { return static_cast<std::size_t>(i); }

    // body(index of every axis, number of the element) in row-major order
    template <class Body> static void each(const shape& s, Body body) {
        index i[6] = {}, n = 0;
        for (i[0] = 0; i[0] < s[0]; ++i[0])
            for (i[1] = 0; i[1] < s[1]; ++i[1])
                for (i[2] = 0; i[2] < s[2]; ++i[2])
                    for (i[3] = 0; i[3] < s[3]; ++i[3])
                        for (i[4] = 0; i[4] < s[4]; ++i[4])
                            for (i[5] = 0; i[5] < s[5]; ++i[5]) body(i, n++);
    }
    static index number_of(const shape& s, const index* i) {
        index n = 0;
        for (int d = 0; d < s.rank; ++d) n = n * s[d] + i[d];
        return n;
    }
    // The element of x beside index i of a result of rank `rank`: axes align at the right, extents of 1 repeat.
    static index beside(const shape& x, int rank, const index* i) {
        index n = 0;
        for (int d = 0; d < x.rank; ++d) n = n * x[d] + (x[d] == 1 ? 0 : i[d + rank - x.rank]);
        return n;
    }

    array compute(const line& l, std::size_t id, const arrays& v, const arrays& inputs, noise rough) const {
        array out(at(l.extent.size()), 0.0);
        const std::uint64_t where = static_cast<std::uint64_t>(id) << 32;
        const auto settle = [&](index n, double value, double magnitude) {
            out[at(n)] = value + rough.of(magnitude, l.type, where + static_cast<std::uint64_t>(n));
        };
        const auto x = [&](int k) -> const array& { return v[at(l.of[k])]; };
        const auto shape_of = [&](int k) -> const shape& { return lines_[at(l.of[k])].extent; };
        switch (l.what) {
            case op::input:
                out = inputs[at(static_cast<index>(l.value))];
                for (std::size_t i = 0; i < out.size() && l.option; ++i)
                    settle(static_cast<index>(i), out[i], std::abs(out[i]));
                return out;
            case op::constant:
                for (std::size_t i = 0; i < out.size(); ++i)
                    settle(static_cast<index>(i), l.value,
                           l.value == static_cast<double>(static_cast<float>(l.value)) ? 0 : std::abs(l.value));
                return out;
            case op::arange:
                for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<double>(i);
                return out;
            case op::matmul: matmul(l, x(0), shape_of(0), x(1), shape_of(1), settle); return out;
            case op::view:
            case op::unfold:
                each(l.extent, [&](const index* i, index n) {
                    index from[6] = {};
                    for (int d = 0; d < l.extent.rank; ++d)
                        from[l.a.value[4 * d]] += l.a.value[4 * d + 1] + l.a.value[4 * d + 2] * i[d];
                    out[at(n)] = x(0)[at(number_of(shape_of(0), from))];
                });
                return out;
            case op::reshape: return x(0);
            case op::place: place(l, x(0), shape_of(0), x(1), shape_of(1), out); return out;
            case op::conv:
            case op::conv_input:
            case op::conv_weight: convolution(l, v, settle); return out;
            case op::max_pool:
            case op::max_pool_input:
            case op::max_pool_pick: pool(l, v, settle); return out;
            case op::cumsum:
            case op::reverse_cumsum: cumulate(l, x(0), settle); return out;
            case op::gather:
            case op::scatter_add:
            case op::take:
            case op::index_add: by_index(l, x(0), shape_of(0), x(1), shape_of(1), settle); return out;
            default: break;
        }
        if (is_reduction(l.what)) {
            reduce(l, x(0), shape_of(0), settle);
        } else {
            each(l.extent, [&](const index* i, index n) {
                double a[3] = {};
                for (int k = 0; k < l.count; ++k) a[k] = x(k)[at(beside(shape_of(k), l.extent.rank, i))];
                const double y = l.what == op::to_float && !rounds_ ? a[0] : formula(l.what, a[0], a[1], a[2]);
                settle(n, stored(l.type, y), is_exact(l.what) ? 0 : std::abs(y));
            });
        }
        return out;
    }

    // Gives back one of its arguments, or a whole number.
    static bool is_exact(op o) {
        return o == op::neg || o == op::abs || o == op::relu || (o >= op::sign && o <= op::round) || o == op::hold ||
               o == op::stop_gradient || o == op::expand || (o >= op::isnan && o <= op::to_bool) ||
               (o >= op::minimum && o <= op::ne) || o == op::where || o == op::clamp;
    }

    static double formula(op o, double a, double b, double c) {
        switch (o) {
            case op::neg: return -a;
            case op::abs: return std::fabs(a);
            case op::exp: return std::exp(a);
            case op::log: return std::log(a);
            case op::log1p: return std::log1p(a);
            case op::expm1: return std::expm1(a);
            case op::sqrt: return std::sqrt(a);
            case op::rsqrt: return 1 / std::sqrt(a);
            case op::sin: return std::sin(a);
            case op::cos: return std::cos(a);
            case op::tan: return std::tan(a);
            case op::asin: return std::asin(a);
            case op::acos: return std::acos(a);
            case op::atan: return std::atan(a);
            case op::sinh: return std::sinh(a);
            case op::cosh: return std::cosh(a);
            case op::tanh: return std::tanh(a);
            case op::sigmoid: return 1 / (1 + std::exp(-a));
            case op::erf: return std::erf(a);
            case op::relu: return a < 0 ? 0 : a;
            case op::sign: return a > 0 ? 1 : a < 0 ? -1 : 0;
            case op::floor: return std::floor(a);
            case op::ceil: return std::ceil(a);
            case op::round: return std::nearbyint(a);
            case op::square: return a * a;
            case op::pow3: return std::pow(a, 3);
            case op::pow4: return std::pow(a, 4);
            case op::pow5: return std::pow(a, 5);
            case op::pow6: return std::pow(a, 6);
            case op::pow7: return std::pow(a, 7);
            case op::pow8: return std::pow(a, 8);
            case op::hold:
            case op::stop_gradient:
            case op::expand:
            case op::to_double: return a;
            case op::isnan: return std::isnan(a) ? 1 : 0;
            case op::isinf: return std::isinf(a) ? 1 : 0;
            case op::isfinite: return std::isfinite(a) ? 1 : 0;
            case op::to_float: return static_cast<double>(static_cast<float>(a));
            case op::to_int:
            case op::to_int64:
            case op::to_uint8: return std::trunc(a);
            case op::to_bool: return a != 0 ? 1 : 0;
            case op::add: return a + b;
            case op::sub: return a - b;
            case op::mul: return a * b;
            case op::div: return a / b;
            case op::pow: return std::pow(a, b);
            case op::minimum: return std::isnan(a) || a < b ? a : b;
            case op::maximum: return std::isnan(a) || a > b ? a : b;
            case op::less: return a < b ? 1 : 0;
            case op::less_equal: return a <= b ? 1 : 0;
            case op::eq: return a == b ? 1 : 0;
            case op::ne: return a != b ? 1 : 0;
            case op::leaky_relu: return a > 0 ? a : a * b;
            case op::softplus: return a > b ? a : std::log1p(std::exp(a));
            case op::where: return a != 0 ? b : c;
            case op::clamp: return std::isnan(a) ? a : std::fmin(std::fmax(a, b), c);
            default: throw std::runtime_error(std::string("no formula for op ") + names[static_cast<int>(o)]);
        }
    }

    // The sum of all elements before one, or after it, and itself.
    template <class Settle> static void cumulate(const line& l, const array& x, Settle settle) {
        const index axis = l.a.value[0], length = l.extent[static_cast<int>(axis)];
        each(l.extent, [&](const index* i, index n) {
            index from[6] = {i[0], i[1], i[2], i[3], i[4], i[5]};
            double sum = 0, magnitude = 0;
            for (from[axis] = l.what == op::cumsum ? 0 : i[axis];
                 from[axis] < (l.what == op::cumsum ? i[axis] + 1 : length); ++from[axis]) {
                const double e = x[at(number_of(l.extent, from))];
                sum += e, magnitude += std::abs(e);
            }
            settle(n, sum, magnitude);
        });
    }
    template <class Settle>
    static void by_index(const line& l, const array& x, const shape& from, const array& by, const shape& places,
                         Settle settle) {
        const index axis = l.a.value[0];
        const bool gathers = l.what == op::gather || l.what == op::take;
        const bool whole = l.what == op::take || l.what == op::index_add;
        const int at_axis = static_cast<int>(axis);
        const index length = (gathers ? from : l.extent)[at_axis];
        array sum(at(l.extent.size()), 0.0), magnitude(sum.size(), 0.0);
        each(gathers ? l.extent : from, [&](const index* i, index n) {
            index to[6] = {i[0], i[1], i[2], i[3], i[4], i[5]}, name[6] = {i[0], i[1], i[2], i[3], i[4], i[5]};
            const int rank = whole ? places.rank : 1;  // of the axes that are one in what is pointed at
            for (int d = 0; whole && d < rank; ++d) name[d] = i[at_axis + d];
            for (int d = at_axis + 1; d < 6 && d + rank - 1 < 6; ++d) to[d] = i[d + rank - 1];
            to[axis] = static_cast<index>(by[at(number_of(places, name))]);
            const bool inside = to[axis] >= 0 && to[axis] < length;
            if (gathers) {
                settle(n, inside ? x[at(number_of(from, to))] : std::numeric_limits<double>::quiet_NaN(), 0);
            } else if (inside) {
                const std::size_t k = at(number_of(l.extent, to));
                sum[k] += x[at(n)], magnitude[k] += std::abs(x[at(n)]);
            }
        });
        for (std::size_t k = 0; !gathers && k < sum.size(); ++k) settle(static_cast<index>(k), sum[k], magnitude[k]);
    }

    template <class Settle> static void reduce(const line& l, const array& x, const shape& from, Settle settle) {
        const auto reduced = static_cast<int>(l.a.value[0]), dropped = static_cast<int>(l.a.value[1]);
        array all(at(l.extent.size()), l.what == op::prod ? 1.0 : 0.0), magnitude(all.size(), 0.0),
            best(all.size(), 0.0);
        std::vector<index> seen(all.size(), 0);
        each(from, [&](const index* i, index n) {
            index to = 0;
            for (int d = 0; d < from.rank; ++d)
                if ((dropped >> d & 1) == 0)
                    to = to * ((reduced >> d & 1) != 0 ? 1 : from[d]) + ((reduced >> d & 1) != 0 ? 0 : i[d]);
            double& y = all[at(to)];
            const double e = x[at(n)];
            const index position = seen[at(to)]++;
            switch (l.what) {
                case op::sum: y += e, magnitude[at(to)] += std::abs(e); break;
                case op::prod: y *= e, magnitude[at(to)] = std::abs(y) * static_cast<double>(position + 1); break;
                case op::max: y = position == 0 || e > y || std::isnan(e) ? e : y; break;
                case op::min: y = position == 0 || e < y || std::isnan(e) ? e : y; break;
                default: {
                    double& b = best[at(to)];
                    const bool better =
                        position == 0 || (!std::isnan(b) && (std::isnan(e) || (l.what == op::argmax ? e > b : e < b)));
                    if (better) b = e, y = static_cast<double>(position);
                }
            }
        });
        // Added one after the other, many terms lose more than few.
        const double terms = static_cast<double>(from.size()) / static_cast<double>(all.size());
        for (std::size_t n = 0; n < all.size(); ++n)
            settle(static_cast<index>(n), all[n], magnitude[n] * (1 + std::sqrt(terms) / 8));
    }

    template <class Settle>
    static void matmul(const line& l, const array& a, const shape& sa, const array& b, const shape& sb, Settle settle) {
        const bool ta = sa.rank > 1 && l.a.value[0] != 0, tb = sb.rank > 1 && l.a.value[1] != 0;
        const index depth = sa[sa.rank - (ta ? 2 : 1)];
        const int batch = l.extent.rank - (sa.rank > 1 ? 1 : 0) - (sb.rank > 1 ? 1 : 0);
        // The element (row, column) of the matrix of x that is beside index i of the result.
        const auto element = [batch](const array& x, const shape& s, bool turned, const index* i, index row,
                                     index column) {
            index from[6] = {};
            for (int d = 0; d + 2 < s.rank; ++d) from[d] = s[d] == 1 ? 0 : i[batch - (s.rank - 2) + d];
            if (s.rank > 1)
                from[s.rank - 2] = turned ? column : row, from[s.rank - 1] = turned ? row : column;
            else
                from[0] = row + column;  // one of them is 0
            return x[at(number_of(s, from))];
        };
        each(l.extent, [&](const index* i, index n) {
            const index row = sa.rank > 1 ? i[batch] : 0, column = sb.rank > 1 ? i[l.extent.rank - 1] : 0;
            double y = 0, magnitude = 0;
            for (index k = 0; k < depth; ++k) {
                const double p = element(a, sa, ta, i, row, k) * element(b, sb, tb, i, k, column);
                y += p, magnitude += std::abs(p);
            }
            settle(n, y, magnitude);
        });
    }

    static void place(const line& l, const array& base, const shape& sb, const array& x, const shape& sx, array& out) {
        each(l.extent, [&](const index* i, index n) {
            index inside[6] = {};
            bool is_inside = true;
            for (int d = 0; d < l.extent.rank; ++d) {
                const index from = i[d] - l.a.value[4 * d + 1], step = l.a.value[4 * d + 2],
                            count = l.a.value[4 * d + 3];
                inside[d] = from / step;
                is_inside = is_inside && from % step == 0 && inside[d] >= 0 && inside[d] < count;
            }
            out[at(n)] = is_inside ? x[at(beside(sx, l.extent.rank, inside))] : base[at(beside(sb, l.extent.rank, i))];
        });
    }

    // Windows over images: what the attributes say, and an element of a tensor (first, second[, y], x).
    struct sliding {
        int dimensions;
        index groups, taps_y, stride_y, padding_y, dilation_y, taps_x, stride_x, padding_x, dilation_x;
        explicit sliding(const attributes& a)
            : dimensions{static_cast<int>(a.value[1])},
              groups{a.value[2]},
              taps_y{a.value[4]},
              stride_y{a.value[5]},
              padding_y{a.value[6]},
              dilation_y{a.value[7]},
              taps_x{a.value[9]},
              stride_x{a.value[10]},
              padding_x{a.value[11]},
              dilation_x{a.value[12]} {}
        index height(const shape& s) const { return dimensions == 2 ? s[2] : 1; }
        index width(const shape& s) const { return s[s.rank - 1]; }
        index place(const shape& s, index first, index second, index y, index x) const {
            return ((first * s[1] + second) * height(s) + y) * width(s) + x;
        }
    };

    // body(n, o, i, c, p, image place, weight place, output place) for every product of a convolution
    template <class Body>
    static void each_product(const sliding& w, const shape& image, const shape& weight, const shape& output,
                             Body body) {
        const index group_out = weight[0] / w.groups;
        for (index n = 0; n < output[0]; ++n)
            for (index o = 0; o < output[1]; ++o)
                for (index y = 0; y < w.height(output); ++y)
                    for (index x = 0; x < w.width(output); ++x)
                        for (index c = 0; c < weight[1]; ++c)
                            for (index p = 0; p < w.taps_y; ++p)
                                for (index q = 0; q < w.taps_x; ++q) {
                                    const index iy = y * w.stride_y + p * w.dilation_y - w.padding_y,
                                                ix = x * w.stride_x + q * w.dilation_x - w.padding_x;
                                    if (iy < 0 || iy >= w.height(image) || ix < 0 || ix >= w.width(image)) continue;
                                    body(w.place(image, n, o / group_out * weight[1] + c, iy, ix),
                                         w.place(weight, o, c, p, q), w.place(output, n, o, y, x));
                                }
    }
    template <class Settle> void convolution(const line& l, const arrays& v, Settle settle) const {
        const sliding w{l.a};
        const array &a = v[at(l.of[0])], &b = v[at(l.of[1])];
        const shape &sa = lines_[at(l.of[0])].extent, &sb = lines_[at(l.of[1])].extent;
        array all(at(l.extent.size()), 0.0), magnitude(all.size(), 0.0);
        const auto sum = [&](index to, double p) { all[at(to)] += p, magnitude[at(to)] += std::abs(p); };
        if (l.what == op::conv)
            each_product(w, sa, sb, l.extent, [&](index i, index k, index o) { sum(o, a[at(i)] * b[at(k)]); });
        else if (l.what == op::conv_input)
            each_product(w, l.extent, sb, sa, [&](index i, index k, index o) { sum(i, a[at(o)] * b[at(k)]); });
        else
            each_product(w, sa, l.extent, sb, [&](index i, index k, index o) { sum(k, a[at(i)] * b[at(o)]); });
        for (std::size_t n = 0; n < all.size(); ++n) settle(static_cast<index>(n), all[n], magnitude[n]);
    }
    template <class Settle> void pool(const line& l, const arrays& v, Settle settle) const {
        const sliding w{l.a};
        const array& image = v[at(l.of[0])];
        const shape& s = lines_[at(l.of[0])].extent;
        const bool adds = l.what == op::max_pool_input;
        const shape& pooled = adds ? lines_[at(l.of[1])].extent : l.extent;
        array all(at(l.extent.size()), 0.0), magnitude(all.size(), 0.0);
        for (index n = 0; n < s[0]; ++n)
            for (index c = 0; c < s[1]; ++c)
                for (index y = 0; y < w.height(pooled); ++y)
                    for (index x = 0; x < w.width(pooled); ++x) {
                        index largest = -1;
                        for (index p = 0; p < w.taps_y; ++p)
                            for (index q = 0; q < w.taps_x; ++q) {
                                const index iy = y * w.stride_y + p * w.dilation_y - w.padding_y,
                                            ix = x * w.stride_x + q * w.dilation_x - w.padding_x;
                                if (iy < 0 || iy >= w.height(s) || ix < 0 || ix >= w.width(s)) continue;
                                const index i = w.place(s, n, c, iy, ix);
                                if (largest < 0 || image[at(i)] > image[at(largest)]) largest = i;
                            }
                        const index to = w.place(pooled, n, c, y, x);
                        const double other = l.what == op::max_pool ? 0 : v[at(l.of[1])][at(adds ? to : largest)];
                        if (adds)
                            all[at(largest)] += other, magnitude[at(largest)] += std::abs(other);
                        else
                            all[at(to)] = l.what == op::max_pool ? image[at(largest)] : other;
                    }
        for (std::size_t n = 0; n < all.size(); ++n) settle(static_cast<index>(n), all[n], magnitude[n]);
    }
};

/// Input data of a recipe and of the vectors that its gradient is multiplied with.
inline arrays data_of(std::uint64_t seed, const ashlar::graph& g, const recipe& r) {
    arrays all;
    for (int i = 0; i < g.inputs.size(); ++i) {
        const int as = i == r.twin[1] ? r.twin[0] : i;
        array a(static_cast<std::size_t>(g.shapes[g.inputs[i].extent].size()));
        for (std::size_t k = 0; k < a.size(); ++k)
            a[k] = is_option(r, i) ? option_datum(seed, i)
                                   : datum(seed, as, static_cast<index>(k), g.inputs[i].storage);
        all.push_back(std::move(a));
    }
    return all;
}

}  // namespace support::random
