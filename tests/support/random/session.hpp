// SPDX-License-Identifier: BSL-1.0
// One random program under examination: what it should give, how exactly, and whether its graph and its derivatives
// are right.
#pragma once

#include "support/random/build.hpp"
#include "support/random/evaluator.hpp"
#include "support/random/productions.hpp"

#include <sstream>

namespace support::random {

inline const char* name_of(dtype t) {
    constexpr const char* names_of[] = {"f32", "f64", "int", "bool", "int64", "uint8"};
    return names_of[static_cast<int>(t)];
}

inline std::string printed(const std::vector<line>& lines) {
    std::ostringstream out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const line& l = lines[i];
        out << "  %" << i << " = " << names[static_cast<int>(l.what)];
        if (l.option) out << " option";
        if (l.what == op::input || l.what == op::constant) out << ' ' << l.value;
        for (int k = 0; k < l.count; ++k) out << (k == 0 ? " %" : ", %") << l.of[k];
        if (l.a.count > 0 && l.what != op::reshape && l.what != op::expand) {
            out << " [";
            for (int k = 0; k < l.a.count; ++k) out << (k == 0 ? "" : k % 4 == 0 ? "; " : " ") << l.a.value[k];
            out << ']';
        }
        out << "  " << name_of(l.type) << " (";
        for (int d = 0; d < l.extent.rank; ++d) out << (d == 0 ? "" : ", ") << l.extent[d];
        out << ")\n";
    }
    return out.str();
}

/// What is tried with a seed.
struct trial {
    std::uint64_t seed = 0;
    wishes wished{};
    form shaped{};
    ashlar::detail::knowledge known = ashlar::detail::knowledge::unrolled;  // kernels know no more than this
    bool constant = false;                                                  // in constant evaluation too
};

/// Every eighth program is large, every third has second derivatives, every fourth several element types; the three
/// sorts of kernels take turns.
constexpr trial trial_of(std::uint64_t seed, int lines = 0) {
    trial t{seed, {}, {}};
    const std::uint64_t h = mixed(seed * 0x9E3779B97F4A7C15ull + 77);
    t.wished.large = h % 8 == 0;
    t.shaped.order = t.wished.large ? static_cast<int>(h >> 8 & 1) : h >> 8 & 1 ? 1 : static_cast<int>(h >> 9 & 1) * 2;
    t.wished.smooth = t.shaped.order == 2;
    t.wished.along = (h >> 34 & 3) == 1;
    t.wished.lines = lines > 0             ? lines
                     : t.shaped.order == 2 ? 4 + static_cast<int>(h >> 12 & 3)
                                           : 6 + static_cast<int>((h >> 12) % 9);
    t.shaped.updates = (h >> 20 & 3) == 0;
    t.shaped.views = (h >> 22 & 3) == 0;
    t.known = static_cast<ashlar::detail::knowledge>((h >> 24) % 3);
    t.wished.types = (h >> 40 & 3) == 1;
    t.constant = (h >> 28) % 6 == 0 && !t.wished.large && t.shaped.order < 2;
    return t;
}

class session {
public:
    trial what;
    recipe r;
    ashlar::tracer<void> t;
    ashlar::list<ashlar::output> outputs;
    program p;
    arrays inputs, expected, tolerance;  // results in the order of the outputs

    explicit session(const trial& tried) : what{tried}, r{generate(tried.seed, tried.wished)} {
        p.results.clear();
        build_into();
        inputs = data_of(what.seed, t, r);
    }
    session(const session&) = delete;

    std::string title() const {
        std::ostringstream out;
        out << "seed " << what.seed << ", " << what.wished.lines << " lines, derivatives of order " << what.shaped.order
            << (what.wished.large ? ", large" : "") << (what.shaped.updates ? ", updates" : "")
            << (what.shaped.views ? ", views" : "") << ", knowledge " << static_cast<int>(what.known) << '\n'
            << printed(lines_of(r));
        return out.str();
    }

    /// Is the graph what the recipe says, and are its derivatives those of the recipe? What is wrong, or nothing.
    std::string faults_of_graph() {
        const evaluator meant{lines_of(r)}, made{lines_of(t)};
        std::vector<int> lines, nodes;
        for (int i = 0; i < r.count; ++i) lines.push_back(i);
        for (const ashlar::output& o : outputs) nodes.push_back(o.node);
        for (int i = 0; i < r.count; ++i) nodes.push_back(p.node_of[i]);
        const arrays of_recipe = meant(inputs, lines), of_graph = made(inputs, nodes);
        const arrays blurred = meant(inputs, lines, {5}), blurred_graph = made(inputs, nodes, {6});
        for (int i = 0; i < r.count; ++i) {
            const std::size_t line = static_cast<std::size_t>(i), node = static_cast<std::size_t>(p.node_of[i]);
            if (!(t.shape_of(p.node_of[i]) == r.lines[i].extent))
                return "the shape of line %" + std::to_string(i) + " differs in the graph";
            for (std::size_t e = 0; e < of_recipe[line].size(); ++e) {
                const double a = of_recipe[line][e], b = of_graph[node][e];
                const double spread = 4 * (std::abs(a - blurred[line][e]) + std::abs(b - blurred_graph[node][e]));
                if (std::isnan(a) ? std::isnan(b) : std::abs(a - b) <= spread + 1e-12 * (1 + std::abs(a))) continue;
                std::ostringstream out;
                out << "line %" << i << ", element " << e << ": " << b << " in the graph, " << a << " in the recipe";
                return out.str();
            }
        }
        set_expected(made, of_graph, nodes);
        return what.shaped.order == 0 || r.loss < 0 ? "" : faults_of_derivatives();
    }

    /// Results one after the other, as constant evaluation gives them.
    std::string faults_of_results(const double* got) const {
        for (std::size_t o = 0; o < expected.size(); ++o)
            for (std::size_t e = 0; e < expected[o].size(); ++e, ++got) {
                if (agrees(*got, o, e)) continue;
                std::ostringstream out;
                out << "in constant evaluation: result " << o << ", element " << e << " is " << *got << ", expected "
                    << expected[o][e] << " +- " << tolerance[o][e];
                return out.str();
            }
        return "";
    }
    bool agrees(double got, std::size_t o, std::size_t e) const {
        return std::isnan(expected[o][e])
                   ? std::isnan(got)
                   : tolerance[o][e] > 1e299 || std::abs(got - expected[o][e]) <= tolerance[o][e];
    }

    bool skipped_a_derivative = false;  // of a function that is not smooth there
    long loose = 0, compared = 0;       // elements that are not well determined; all

    std::string graph() const { return printed(lines_of(t)); }

private:
    void build_into() {
        const program built = build(t, outputs, r, what.shaped);
        p.node_of.clear();
        for (const int n : built.node_of) p.node_of.push(n);
        for (const result_of& o : built.results) p.results.push(o);
    }

    void set_expected(const evaluator& made, const arrays& values, const std::vector<int>& nodes) {
        arrays other[6];
        for (std::uint64_t k = 0; k < 6; ++k) other[k] = made(inputs, nodes, {k / 2 + 1, false, k % 2 != 0});
        expected.clear(), tolerance.clear();
        for (const ashlar::output& o : outputs) {
            const auto id = static_cast<std::size_t>(o.node);
            array spread(values[id].size(), 0.0);
            for (const arrays& v : other)
                for (std::size_t e = 0; e < spread.size(); ++e)
                    if (const double d = std::abs(v[id][e] - values[id][e]); !(d <= spread[e]))
                        spread[e] = d;  // nan too
            // Chance keeps some elements of a large array where they were: what happens to the others counts as well.
            double usual = 0;
            for (const double d : spread) usual += std::isfinite(d) ? d / static_cast<double>(spread.size()) : 0;
            array allowed(spread.size());
            for (std::size_t e = 0; e < allowed.size(); ++e) {
                allowed[e] = allowance(values[id][e], spread[e], usual, t.type_of(o.node));
                ++compared;
                loose += allowed[e] > 0.01 * (1 + std::abs(values[id][e])) ? 1 : 0;
            }
            expected.push_back(values[id]);
            tolerance.push_back(std::move(allowed));
        }
    }

    // How far a result may be from `value`; 1e300 where it is not determined.
    static double allowance(double value, double spread, double usual, dtype type) {
        if (std::isnan(value)) return 0;
        if (!std::isfinite(spread) || std::abs(value) > 1e30) return 1e300;
        if (!ashlar::is_floating(type)) return spread > 0 ? 1e300 : 0;
        return 16 * spread + 4 * usual + (type == dtype::float32 ? 0x1p-21 : 0x1p-49) * std::abs(value) + 1e-36;
    }

    // Beside central differences along some directions.
    std::string faults_of_derivatives() {
        const evaluator meant{lines_of(r), false}, made{lines_of(t), false};
        int curvature_loss = -1;
        for (const result_of& o : p.results)
            if (o.what == meaning::curvature_loss) curvature_loss = o.node;
        std::string fault = faults_along(meant, r.loss, made, meaning::gradient, "the gradient");
        if (fault.empty() && curvature_loss >= 0)
            fault = faults_along(made, curvature_loss, made, meaning::curvature, "the second derivative");
        return fault;
    }

    std::string faults_along(const evaluator& f, int root, const evaluator& made, meaning wanted, const char* name) {
        std::vector<int> nodes;
        for (const result_of& o : p.results) nodes.push_back(o.node);
        const arrays derivative = made(inputs, nodes);
        std::vector<int> all;
        for (std::size_t i = 0; i < f.lines().size(); ++i)
            if (f.lines()[i].what == op::stop_gradient && static_cast<int>(i) <= root)
                all.push_back(static_cast<int>(i));
        all.push_back(root);
        const arrays here = f(inputs, all);
        const auto value = [&](const arrays& at, noise rough = {}) {
            return f(at, {root}, rough, &here)[static_cast<std::size_t>(root)][0];
        };
        const double f0 = value(inputs);
        for (int direction = 0; direction < (what.wished.large ? 1 : 3); ++direction) {
            arrays along;
            double expected_slope = 0, size = 0;
            for (int i = 0; i < r.inputs; ++i) {
                array u(inputs[static_cast<std::size_t>(i)].size(), 0.0);
                const bool moves = wants_derivative(r, i) && (direction == 0 || i % 2 == direction - 1);
                for (std::size_t e = 0; e < u.size() && moves; ++e)
                    u[e] = datum(what.seed + 1000003, 100 * direction + i, static_cast<index>(e), dtype::float64);
                along.push_back(u);
            }
            for (const result_of& o : p.results) {
                if (o.what != wanted && !(wanted == meaning::gradient && o.what == meaning::update)) continue;
                const array &g = derivative[static_cast<std::size_t>(o.node)],
                            &u = along[static_cast<std::size_t>(o.of)];
                if (g.size() != u.size())
                    return std::string(name) + " has not the shape of input " + std::to_string(o.of);
                for (std::size_t e = 0; e < u.size(); ++e) expected_slope += g[e] * u[e], size += std::abs(g[e] * u[e]);
            }
            if (!std::isfinite(f0) || !std::isfinite(expected_slope)) {
                skipped_a_derivative = true;
                continue;
            }
            const auto moved = [&](double h) {
                arrays at = inputs;
                for (std::size_t i = 0; i < along.size(); ++i)
                    for (std::size_t e = 0; e < along[i].size(); ++e) at[i][e] += h * along[i][e];
                return value(at);
            };
            const double wide = 2e-5, narrow = wide / 8;
            const double a1 = moved(wide), b1 = moved(-wide), a2 = moved(narrow), b2 = moved(-narrow);
            const double slope1 = (a1 - b1) / (2 * wide), slope2 = (a2 - b2) / (2 * narrow);
            const double bend1 = std::abs(a1 - 2 * f0 + b1) / wide, bend2 = std::abs(a2 - 2 * f0 + b2) / narrow;
            double rounding = 0;
            for (std::uint64_t k = 1; k < 4; ++k)
                rounding = std::fmax(rounding, std::abs(value(inputs, {k, true}) - f0) / narrow);
            const double allowed =
                1e-5 * (1e-3 * size + std::abs(expected_slope) + 1e-3) + 2 * std::abs(slope1 - slope2) + rounding;
            if (std::abs(slope2 - expected_slope) <= allowed) continue;
            if (bend2 > 0.3 * bend1 || !(bend1 < 1e6)) {
                skipped_a_derivative = true;
                continue;
            }
            std::ostringstream out;
            out << name << " along direction " << direction << " is " << expected_slope << ", central differences say "
                << slope2 << " (+- " << allowed << ')';
            return out.str();
        }
        return "";
    }
};

}  // namespace support::random
