// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/constants.hpp"
#include "ashlar/nn/type_name.hpp"

namespace ashlar {
namespace detail {

/// Without namespaces: "Linear<784, 128>".
[[gnu::cold]] inline text readable(const type_text& type) {
    text out;
    std::size_t word = 0;  // where the current name begins
    for (int i = 0; i < type.size; ++i) {
        const char c = type.begin[i];
        const bool digit_before = out.size() > word && out[out.size() - 1] >= '0' && out[out.size() - 1] <= '9' &&
                                  out[word] >= '0' && out[word] <= '9';
        if (c == ':' && i + 1 < type.size && type.begin[i + 1] == ':') {
            out.cut(word);
            ++i;
        } else if (c == '(' || c == ')' || c == '{' || c == '}' || (c == ' ' && i > 0 && type.begin[i - 1] == '>')) {
            continue;  // an option that is an object; a space that some compilers write between two brackets
        } else if (digit_before && (c == 'u' || c == 'l' || c == 'U' || c == 'L')) {
            continue;  // the type of a number
        } else {
            out.add(c);
            if (c == '<' || c == ',') word = out.size();
            if (c == ' ' && word + 1 == out.size()) ++word;
        }
    }
    return out;
}

struct summary_row {
    const char* name = "";  // among the members of the module that it is in
    type_text type{};
    int depth = 0, inner = 0;             // modules inside
    long long parameters = 0, flops = 0;  // its own, without those of the modules inside
    bool called = false, array = false;
    shape output{};
};

// What has a place in the table: a module, and an array of modules.
template <class X> consteval bool is_placed() {
    if constexpr (member_array<X>) return is_placed<array_element<X>>();
    else return module<X>;
}

template <class M> constexpr int count_modules() {
    int n = 1;
    for_each_member(shadow<M>.model, [&](const char*, auto& member) {
        using type = std::remove_cvref_t<decltype(member)>;
        if constexpr (is_placed<type>()) n += count_modules<type>();
    });
    return n;
}

template <int Rows> struct summary_rows {
    summary_row row[bound_of(Rows)]{};
    int count = 0;

    // The module at `name`, then those inside, in the order of the members. An array has a place, for the path, but
    // no line.
    template <class M> constexpr void add(graph& g, const M& m, const char* name, int depth, int owner = 0) {
        const int at = count++;
        row[at].name = name, row[at].depth = depth, row[at].array = member_array<M>;
        if constexpr (member_array<M>) {
            g.modules.push({&m, 0});  // nobody calls it
            add_members(g, m, owner, at);
        } else {
            row[at].type = type_name<M>();
            g.modules.push({&m, sizeof(M)});
            add_members(g, m, at, at);
        }
    }
    // Parameters count as those of `owner`, the module; modules as inside `around`, which may be an array of it.
    template <class M> constexpr void add_members(graph& g, const M& m, int owner, int around) {
        for_each_member(m, [&](const char* inside, auto& member) {
            using type = std::remove_cvref_t<decltype(member)>;
            if constexpr (is_placed<type>()) ++row[around].inner, add(g, member, inside, row[around].depth + 1, owner);
            else if constexpr (member_array<type>) add_members(g, member, owner, around);
            else if constexpr (is_parameter<type>) row[owner].parameters += static_cast<long long>(type::size());
        });
    }

    constexpr void measure(const graph& g, const list<int>& roots) {
        long long inclusive[bound_of(Rows)]{};
        for (int i = 0; i < count; ++i) {
            traced_module m = g.modules[i];
            if (i == 0) m.result = roots[roots.size() - 1], m.argument = no_index;
            row[i].called = m.result >= 0;
            if (!row[i].called) continue;
            row[i].output = g.shape_of(m.result);
            row[i].flops = inclusive[i] =
                i == 0 ? reachable_flops(g, roots, no_index) : reachable_flops(g, m.result, m.argument);
        }
        // Inner modules come later: each is taken off the nearest one around it that was seen called.
        for (int i = 1; i < count; ++i) {
            if (!row[i].called) continue;
            int around = i - 1, depth = row[i].depth;
            for (; row[around].depth >= depth || !row[around].called; --around)
                depth = row[around].depth < depth ? row[around].depth : depth;
            row[around].flops -= inclusive[i];
        }
    }

private:
    // Of everything that the results need and that was computed after `argument`.
    static constexpr long long reachable_flops(const auto& g, int result, int argument) {
        list<int> one;
        one.push(result);
        return reachable_flops(g, one, argument);
    }
    static constexpr long long reachable_flops(const auto& g, const list<int>& results, int argument) {
        list<int> needed;
        int last = 0;
        for (int id : results) last = id > last ? id : last;
        needed.resize(last + 1, 0);
        for (int id : results) needed[id] = 1;
        long long n = 0;
        for (int id = last; id > argument; --id) {
            if (needed[id] == 0) continue;
            n += node_flops(g, id);
            for (int i = 0; i < g.nodes[id].count; ++i) needed[g.argument(id, i)] = 1;
        }
        return n;
    }
};

template <class Model, class... Inputs> constexpr auto summarize() {
    summary_rows<count_modules<Model>()> rows;
    tracer<void> t;
    rows.add(t, shadow<Model>.model, "", 0);
    list<int> roots;
    using call = inference_call<Model, Inputs...>;
    if constexpr (several_results<call>)
        for (int id : call::trace(t).id) roots.push(id);
    else roots.push(call::trace(t));
    rows.measure(t, roots);
    return rows;
}
template <class Model, class... Inputs> inline constexpr auto summary_of = summarize<Model, Inputs...>();

class summary_table {
public:
    [[gnu::cold]] text operator()(const summary_row* rows, int count) {
        add("layer", "type", "output", "parameters", "flops");
        long long parameters = 0, flops = 0;
        list<std::size_t> outer;  // length of the path at every depth
        for (int i = 0; i < count; ++i) {
            const summary_row& r = rows[i];
            parameters += r.parameters, flops += r.flops;
            // a Sequential says nothing of its own
            if (r.depth == 0 && r.inner > 0 && r.parameters == 0 && r.flops == 0) continue;
            while (outer.size() > r.depth) outer.pop();
            path_.cut(r.depth < 2 ? 0 : outer[r.depth - 1]);
            if (r.depth > 1) path_ += ".";
            path_ += r.name;
            while (outer.size() < r.depth) outer.push(path_.size());
            outer.push(path_.size());
            if (r.array) continue;
            text type = readable(r.type), shape, p, f;
            if (r.inner > 0) type.cut(name_length(type));
            if (r.called) append_shape(shape, r.output);
            else shape += "-";
            append_grouped(p, r.parameters), append_grouped(f, r.flops);
            add(path_.c_str(), type.c_str(), shape.c_str(), p.c_str(), f.c_str());
        }
        text output, p, f;
        append_shape(output, rows[0].output);
        append_grouped(p, parameters), append_grouped(f, flops);
        add("total", "", output.c_str(), p.c_str(), f.c_str());
        return write();
    }

private:
    static constexpr int columns = 5;
    list<text> cells_;
    text path_{};

    [[gnu::cold]] static std::size_t name_length(const text& type) {
        std::size_t n = 0;
        while (n < type.size() && type[n] != '<') ++n;
        return n;
    }
    void add(const char* path, const char* type, const char* shape, const char* parameters, const char* flops) {
        for (const char* cell : {path, type, shape, parameters, flops}) cells_.push(text{cell});
    }
    [[gnu::cold]] text write() const {
        std::size_t width[columns] = {};
        for (int i = 0; i < cells_.size(); ++i)
            if (cells_[i].size() > width[i % columns]) width[i % columns] = cells_[i].size();
        text out;
        for (int i = 0; i < cells_.size(); ++i) {
            const bool number = i % columns > 2;
            const std::size_t space = width[i % columns] - cells_[i].size();
            if (i % columns > 0) out += "  ";
            if (number) out.pad(space, out.size());
            out += cells_[i];
            if (!number) out.pad(space, out.size());
            if (i % columns == columns - 1) out += "\n";
        }
        return out;
    }
};

}  // namespace detail

/// A table of the layers of a model for inputs of these shapes: path, type, shape of the output, its own parameters and
/// flops (those of the modules inside it have lines of their own), and the totals.
/// "-" stands for a module that is not called.
template <class Model, class... Inputs> text summary() {
    constexpr auto& rows = detail::summary_of<Model, Inputs...>;
    return detail::summary_table{}(rows.row, rows.count);
}

}  // namespace ashlar
