// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/sqrt.hpp"
#include "ashlar/optim/flat.hpp"

// A line search for the strong Wolfe conditions: bracketing and zooming with cubics (Nocedal and Wright, Numerical
// Optimization, 2nd ed., algorithms 3.5 and 3.6), with the constants and safeguards of PyTorch.
namespace ashlar::detail {

/// A loss along a line: where, how large, and its slope.
struct line_point {
    double t, loss, slope;
};

/// Where the cubic through two points and their slopes is least, between two bounds: Nocedal and Wright (3.59). In the
/// middle where it has no least point.
constexpr double cubic_minimum(const line_point& a, const line_point& b, double least, double most) {
    const line_point &x = a.t <= b.t ? a : b, &y = a.t <= b.t ? b : a;
    const double d1 = x.slope + y.slope - 3 * (x.loss - y.loss) / (x.t - y.t);
    const double square = kernels::rounded(d1 * d1) - kernels::rounded(x.slope * y.slope);
    if (!(square >= 0)) return (least + most) / 2;
    const double d2 = kernels::sqrt(square);
    const double share = (y.slope + d2 - d1) / (y.slope - x.slope + 2 * d2);
    const double t = y.t - kernels::rounded((y.t - x.t) * share);
    const double bounded = least > t ? least : t;
    return most < bounded ? most : bounded;
}

/// `evaluate(t)` gives the loss at a distance t along the direction, and its slope there. `keep(0)` and `keep(1)` keep
/// the gradient that came with the last of them, `keep(at_start)` that at t = 0 in place 0.
template <class Evaluate, class Keep> struct wolfe_search {
    static constexpr double decrease = 1e-4, curvature = 0.9, tolerance = 1e-9;
    static constexpr int most = 25;  // evaluations after the first
    static constexpr int at_start = 2;

    line_point start;  // t = 0
    double longest;    // the largest element of the direction
    Evaluate evaluate;
    Keep keep;
    line_point end[2]{};  // the bracket
    int low = 0, steps = 0;
    bool done = false;

    constexpr bool too_high(const line_point& p) const {
        return p.loss > start.loss + kernels::rounded(decrease * p.t * start.slope);
    }
    constexpr bool flat_enough(const line_point& p) const { return magnitude(p.slope) <= -curvature * start.slope; }

    constexpr line_point run(double first) {
        bracket(first);
        low = end[0].loss <= end[1].loss ? 0 : 1;
        if (!done) zoom();
        return end[low];
    }

private:
    constexpr void set(int place, const line_point& p) { end[place] = p, keep(place); }
    constexpr void begin() { end[0] = start, keep(at_start); }

    // Goes on until an end of the bracket is behind the least point. Place 0 is the last point, place 1 the new one.
    constexpr void bracket(double first) {
        begin();
        for (double t = first;; ++steps) {
            const line_point now = evaluate(t);
            if (steps == most) return begin(), set(1, now);
            if (too_high(now) || (steps > 1 && now.loss >= end[0].loss)) return set(1, now);
            if (flat_enough(now)) return done = true, set(0, now), set(1, now);
            if (now.slope >= 0) return set(1, now);
            const double least = now.t + kernels::rounded(0.01 * (now.t - end[0].t)), furthest = now.t * 10;
            t = cubic_minimum(end[0], now, least, furthest);
            set(0, now);
        }
    }

    // Inside the bracket, until a point fits or the bracket is too small. What the cubic gives too near to an end for
    // the second time is moved away from it.
    constexpr void zoom() {
        bool was_near = false;
        while (!done && steps < most) {
            if (magnitude(end[1].t - end[0].t) * longest < tolerance) return;
            const bool ordered = end[0].t <= end[1].t;
            const double least = end[ordered ? 0 : 1].t, furthest = end[ordered ? 1 : 0].t;
            double t = cubic_minimum(end[0], end[1], least, furthest);
            const double margin = kernels::rounded(0.1 * (furthest - least));
            const double after = t - least, before = furthest - t;
            const bool near = (after < before ? after : before) < margin;
            const bool move = near && (was_near || t >= furthest || t <= least);
            if (move) t = magnitude(before) < magnitude(after) ? furthest - margin : least + margin;
            was_near = near && !move;
            narrow(evaluate(t));
            ++steps;
        }
    }
    constexpr void narrow(const line_point& now) {
        const int high = 1 - low;
        if (too_high(now) || now.loss >= end[low].loss) {
            set(high, now);
            low = end[0].loss <= end[1].loss ? 0 : 1;
            return;
        }
        if (flat_enough(now)) done = true;
        else if (now.slope * (end[high].t - end[low].t) >= 0) end[high] = end[low];
        set(low, now);  // the gradient at the higher end is not read before another one takes its place
    }
};
template <class Evaluate, class Keep> wolfe_search(line_point, double, Evaluate, Keep) -> wolfe_search<Evaluate, Keep>;

}  // namespace ashlar::detail
