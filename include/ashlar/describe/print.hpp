// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/formula.hpp"
#include "ashlar/expr/node.hpp"
#include "ashlar/run/evaluate.hpp"

namespace ashlar {
namespace detail {

/// The graph of a program as terms: what of it is kept for printing.
template <class Spec> struct graph_sketch {
    static constexpr int nodes = graph_of_program<Spec>.nodes.count;
    term terms[bound_of(nodes + 1)]{};
    shape shapes[graph_of_program<Spec>.shapes.count]{};
    attributes sets[graph_of_program<Spec>.attribute_sets.count]{};
    output outputs[graph_of_program<Spec>.outputs.count + 1]{};
    int occurrence[graph_of_program<Spec>.occurrence.count + 1]{};

    constexpr graph_sketch() {
        constexpr auto& g = graph_of_program<Spec>;
        for (int id = 0; id < nodes; ++id) {
            const node& n = g.nodes[id];
            term& t = terms[id] = {*n.op, n.type};
            t.count = n.count, t.extent = n.extent, t.attribute = n.attribute, t.value = n.value;
            for (int i = 0; i < n.count; ++i) t.argument[i] = g.argument(id, i);
        }
        for (int i = 0; i < g.shapes.count; ++i) shapes[i] = g.shapes[i];
        for (int i = 0; i < g.attribute_sets.count; ++i) sets[i] = g.attribute_sets[i];
        for (int i = 0; i < g.outputs.count; ++i) outputs[i] = g.outputs[i];
        for (int i = 0; i < g.occurrence.count; ++i) occurrence[i] = g.occurrence[i];
    }
    constexpr term_list list() const { return {terms, nodes, shapes, sets}; }
};
template <class Spec> inline constexpr graph_sketch<Spec> sketch_of{};

/// What an input of a program is called, and where it lies: one object has one name.
struct labelled {
    text name{};
    const void* data = nullptr;
    shape extent{};
    bool anonymous = false;
};

}  // namespace detail

/// A binder that takes the names of a program's inputs instead of their addresses: that of the leaf, the path of a
/// module's member, the number of a scalar, or a letter.
class input_names {
public:
    static constexpr bool names = true;
    list<text> labels;             // by input
    list<detail::labelled> known;  // likewise, with more

    /// `occurrence[k]`: the input that the k-th of `leaves` stands for.
    input_names(const int* occurrence, int leaves, int inputs)
        : occurrence_{occurrence}, leaves_{leaves}, inputs_{inputs} {}

    [[gnu::cold]] void add(const text& name, const void* data, const shape& s, bool anonymous = false) {
        const int at = next_ < leaves_ ? occurrence_[next_] : known.size();
        ++next_;
        if (at != known.size()) return;
        detail::labelled l;
        l.name = name, l.data = data, l.extent = s, l.anonymous = anonymous;
        if (!anonymous && data != nullptr) distinguish(l);
        known.push(l);
    }

    [[gnu::cold]] void add_tensor(const void* data, const shape& s, const char* name = "") {
        add(text{name}, data, s, name[0] == '\0');
    }
    template <class T> void add(const T* number) { add_number(static_cast<double>(*number), dtype_of<T>); }

    /// After the last input: letters for those without a name, and the names by input.
    [[gnu::cold]] void finish() {
        for (int i = 0; i < known.size(); ++i) {
            detail::labelled& l = known[i];
            for (int k = 0; k < i && l.anonymous && l.name.empty(); ++k)
                if (known[k].anonymous && known[k].data == l.data && known[k].extent == l.extent)
                    l.name = known[k].name;
            if (l.name.empty()) l.name = next_letter();
            labels.push(l.name);
        }
        while (labels.size() < inputs_) labels.push(text{"?"});
    }

private:
    const int* occurrence_;
    int leaves_, inputs_, next_ = 0, letters_ = 0;

    [[gnu::cold]] void add_number(double v, dtype type) {
        text digits;
        detail::append_number(digits, v, type);
        add(digits, nullptr, shape{});
    }

    [[gnu::cold]] bool is_used(const text& name) const {
        for (const detail::labelled& l : known)
            if (l.name == name) return true;
        return false;
    }
    // Another object of the same name has a number behind it.
    [[gnu::cold]] void distinguish(detail::labelled& l) const {
        const text plain = l.name;
        for (int n = 1; n < 100; ++n) {
            const detail::labelled* same = nullptr;
            for (const detail::labelled& k : known)
                if (k.name == l.name) same = &k;
            if (same == nullptr || same->data == l.data) return;
            l.name = plain;
            l.name += "_";
            l.name.add(n + 1);
        }
    }
    [[gnu::cold]] text next_letter() {
        text name;
        do {
            name = text{};
            name.add(static_cast<char>('a' + letters_ % 26));
            if (letters_ >= 26) name.add(letters_ / 26);
            ++letters_;
        } while (is_used(name));
        return name;
    }
};

namespace detail {

// "  with a (4, 3), b (3, 8)": the letters.
[[gnu::cold]] inline text anonymous_shapes(const input_names& names) {
    text out;
    for (int i = 0; i < names.known.size(); ++i) {
        const labelled& l = names.known[i];
        bool seen = !l.anonymous;
        for (int k = 0; k < i; ++k) seen = seen || names.known[k].name == l.name;
        if (seen) continue;
        out += out.empty() ? "  with " : ", ";
        out += l.name, out += " ";
        append_shape(out, l.extent);
    }
    return out;
}

// The formula, what it is made of, and the shapes of tensors without a name. Several results stand in brackets.
template <class Terms>
[[gnu::cold]] text print_terms(const Terms& terms, const output* outputs, int count, const input_names& names) {
    formula f{terms, names.labels, "t", names.labels};
    list<int> roots;
    for (int i = 0; i < count; ++i) roots.push(outputs[i].node);
    const list<text> definitions = f.definitions(roots);
    text out{count > 1 ? "(" : ""};
    for (int i = 0; i < count; ++i) out += i == 0 ? "" : ", ", out += f(roots[i]);
    out += count > 1 ? ")" : "";
    for (int i = 0; i < definitions.size(); ++i) {
        out += i == 0 ? "\n  where " : "\n        ";
        out += definitions[i];
    }
    const text with = anonymous_shapes(names);
    if (!with.empty()) out += "\n", out += with;
    return out;
}

}  // namespace detail

namespace detail {

template <class Spec> input_names empty_names() {
    return {sketch_of<Spec>.occurrence, graph_of_program<Spec>.occurrence.count, graph_of_program<Spec>.inputs.count};
}

template <class Spec, class E> input_names names_of(const E& expression) {
    input_names names = empty_names<Spec>();
    Spec::inputs(names, as_node(expression));
    names.finish();
    return names;
}

}  // namespace detail

/// An expression as mathematics: `std::cout << print(grad(y, x))`. Derivatives are written out; what is used more than
/// once and is long gets a name and a line "where t1 = ...". Named leaves have their names, parameters their paths
/// ("0.weight"), other tensors letters; numbers are those that the expression holds now.
template <class E>
    requires(operand<E> || several_results<E>)
text print(const E& expression) {
    if constexpr (is_poison<E>) {
        return {};  // the fault has been told
    } else {
        using spec = detail::evaluation<detail::node_of<const E&>>;
        constexpr auto& sketch = detail::sketch_of<spec>;
        const input_names names = detail::names_of<spec>(expression);
        return detail::print_terms(sketch.list(), sketch.outputs, detail::result_count<spec>, names);
    }
}

}  // namespace ashlar
