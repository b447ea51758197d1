// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/notation.hpp"
#include "ashlar/expr/piece.hpp"

namespace ashlar::detail {

/// Writes terms as mathematics. What is used more than once and is longer than `short_text`, and what would make a line
/// longer than `line_text`, gets a name of its own and a definition.
/// (Terms is `term_list`: as a template it is looked at only where something is printed.)
template <class Terms> class formula {
public:
    static constexpr std::size_t short_text = 16, line_text = 72;

    /// `labels` are the names of inputs; names of definitions are `prefix` and a number, and none of `taken`.
    formula(const Terms& terms, const list<text>& labels, const char* prefix, const list<text>& taken)
        : t_{terms}, labels_{labels}, prefix_{prefix}, taken_{taken} {
        uses_.resize(terms.count, 0);
        names_.resize(terms.count);
    }

    [[gnu::cold]] void count(const list<int>& roots) {
        for (int root : roots) ++uses_[seen(root)];
        for (int id = t_.count - 1; id >= 0; --id)
            if (uses_[id] > 0) count_arguments(id);
    }
    bool deserves_name(int id) const {
        return uses_[id] > 0 && names_[id].empty() && !t_.of[id].is_leaf() && !t_.of[id].is_transparent() &&
               write(id).chars.size() > (uses_[id] > 1 ? short_text : line_text);
    }
    /// Gives a term a name; the line that says which.
    [[gnu::cold]] text define(int id) {
        text name;
        do {
            name = text{prefix_};
            name.add(++defined_);
        } while (is_taken(name));
        text line = assignment(name, id);
        names_[id] = name;
        return line;
    }

    /// Names all that deserves it but a root that nothing else uses.
    [[gnu::cold]] list<text> definitions(const list<int>& roots) {
        count(roots);
        list<int> is_root;
        is_root.resize(t_.count, 0);
        for (int root : roots) is_root[seen(root)] = 1;
        list<text> lines;
        for (int id = 0; id < t_.count; ++id)
            if ((is_root[id] == 0 || uses_[id] > 1) && deserves_name(id)) lines.push(define(id));
        return lines;
    }
    [[gnu::cold]] list<text> definitions(int root) {
        list<int> roots;
        roots.push(root);
        return definitions(roots);
    }

    text operator()(int id) const { return write(seen(id)).chars; }

    /// From here on the term is called by this name.
    void call(int id, const text& name) { names_[seen(id)] = name; }

    /// "target = formula", or "target -= ..." where that is what it is.
    [[gnu::cold]] text assignment(const text& target, int id) const {
        text line = target;
        const term& t = t_.of[seen(id)];
        const bool sum = names_[seen(id)].empty() && t.facts.is_elementwise && t.count == 2 && t.infix != nullptr &&
                         t.precedence == 1;
        for (int i = 0; sum && i < 2; ++i) {
            if (!(write(seen(t.argument[i])).chars == target.c_str()) || (i == 1 && !t.commutative)) continue;
            line += " ", line.add(t.infix[1]), line += "= ";
            line += write(seen(t.argument[1 - i])).chars;
            return line;
        }
        line += " = ";
        line += write(seen(id)).chars;
        return line;
    }

    /// The term that is seen where this one stands.
    int seen(int id) const {
        while (t_.of[id].is_transparent()) id = t_.of[id].argument[0];
        return id;
    }

private:
    const Terms t_;
    const list<text>& labels_;
    const char* prefix_;
    const list<text>& taken_;
    list<int> uses_;
    list<text> names_;
    int defined_ = 0;

    [[gnu::cold]] void count_arguments(int id) {
        const term& t = t_.of[id];
        for (int i = 0; i < t.count; ++i) {
            bool again = false;
            for (int k = 0; k < i; ++k) again = again || seen(t.argument[k]) == seen(t.argument[i]);
            if (!again) ++uses_[seen(t.argument[i])];
        }
    }

    [[gnu::cold]] bool is_taken(const text& name) const {
        for (const text& known : taken_)
            if (known == name) return true;
        return false;
    }

    // ---- one term ------------------------------------------------------------------------------------------------

    [[gnu::cold]] piece write(int id) const {
        const term& t = t_.of[id];
        piece p;
        if (!names_[id].empty()) {
            p.chars = names_[id];
            return p;
        }
        switch (t.what) {
            case kind::input:
                p.chars = labels_[static_cast<int>(t.value)];
                p.precedence = p.chars.empty() || p.chars[0] != '-' ? 9 : 3;
                break;
            case kind::constant: write_constant(p, t.value, t.type); break;
            case kind::range:
                p.chars += "arange(";
                p.chars.add(t_.shapes[t.extent][0]);
                p.chars += ")";
                break;
            case kind::reduction: reduction(p.chars, id, false); break;
            case kind::contraction: contraction(p.chars, id); break;
            case kind::window: window(p.chars, id); break;
            case kind::view: view(p.chars, id); break;
            case kind::reshape: reshape(p.chars, id); break;
            case kind::place: place(p.chars, id); break;
            default:
                if (t.facts.is_elementwise) elementwise(p, id);
                else along_an_axis(p.chars, id);
                break;
        }
        return p;
    }

    piece argument(int id, int i) const { return write(seen(t_.of[id].argument[i])); }

    // Where the shape of an operand matters, a broadcast one is shown with it.
    [[gnu::cold]] piece whole_argument(int id, int i) const {
        const int wide = t_.of[id].argument[i], narrow = seen(wide);
        piece p = write(narrow);
        const shape& s = t_.shapes[t_.of[wide].extent];
        if (t_.shapes[t_.of[narrow].extent] == s) return p;
        text out{"expand<"};
        append_extents(out, s.extent, s.rank, ", ");
        out += ">(", out += p.chars, out += ")";
        return {out};
    }

    // Any other op: its name, the axis that its attributes begin with, its arguments.
    [[gnu::cold]] void along_an_axis(text& out, int id) const {
        const term& t = t_.of[id];
        out += t.name, out += "<", out.add(t_.sets[t.attribute].value[0]), out += ">(";
        for (int i = 0; i < t.count; ++i) out += i > 0 ? ", " : "", out += whole_argument(id, i).chars;
        out += ")";
    }

    [[gnu::cold]] void elementwise(piece& p, int id) const {
        const term& t = t_.of[id];
        if (t.infix == nullptr) {
            p.chars += t.name, p.chars += "(";
            for (int i = 0; i < t.count; ++i) {
                if (i > 0) p.chars += ", ";
                p.chars += argument(id, i).chars;
            }
            p.chars += ")";
            return;
        }
        p.precedence = t.precedence;
        if (t.count == 1) {
            const piece x = argument(id, 0);
            const bool after = t.infix[0] == '^';  // else before
            if (!after) p.chars += t.infix;
            // -(a * b) is -a * b.
            append(p.chars, x, after ? x.precedence <= t.precedence : x.precedence < 2 || x.chars[0] == '-');
            if (after) p.chars += t.infix;
            else if (x.precedence == 2) p.precedence = 2;
        } else if (t.commutative && t.precedence == 2) {
            product(p, id);
        } else if (t.commutative && t.precedence == 1 && seen(t.argument[0]) == seen(t.argument[1])) {
            twice(p, argument(id, 0));
        } else {
            infix(p, t, argument(id, 0), argument(id, 1));
        }
    }

    // One constant, then the factors in order; equal ones as a power.
    [[gnu::cold]] void product(piece& p, int id) const {
        list<int> factors;
        collect(factors, id, id);
        double constant = 1;
        int others = 0;
        for (int f : factors)
            if (t_.of[f].facts.is_constant) constant *= t_.of[f].value;
            else ++others;
        const bool negative = constant < 0, shown = constant != 1 && constant != -1;
        if (negative) p.chars += "-";
        piece number;
        if (shown || others == 0) write_constant(number, negative ? -constant : constant, t_.of[id].type);
        p.chars += number.chars;
        bool first = !shown && others > 0;
        for (int i = 0; i < factors.size(); ++i) {
            if (t_.of[factors[i]].facts.is_constant) continue;
            int times = 0, before = 0;
            for (int k = 0; k < factors.size(); ++k)
                times += factors[k] == factors[i] ? 1 : 0, before += k < i && factors[k] == factors[i] ? 1 : 0;
            if (before > 0) continue;
            const piece x = write(factors[i]);
            if (!first) p.chars += " * ";
            append(p.chars, x,
                   times > 1 ? x.precedence <= 4 : x.precedence < 2 || (x.chars[0] == '-' && (!first || negative)));
            if (times > 1) p.chars += "^", p.chars.add(times);
            if (times == factors.size()) p.precedence = 4;
            first = false;
        }
    }
    [[gnu::cold]] void collect(list<int>& factors, int id, int root) const {
        const term &t = t_.of[id], &r = t_.of[root];
        const bool inside =
            id == root || (t.facts.is_elementwise && t.commutative && t.precedence == 2 && t.count == 2 &&
                           names_[id].empty() && __builtin_strcmp(t.name, r.name) == 0 && uses_[id] < 2);
        if (!inside) {
            factors.push(id);
            return;
        }
        for (int i = 0; i < 2; ++i) collect(factors, seen(t.argument[i]), root);
    }

    [[gnu::cold]] void reduction(text& out, int id, bool keepdim) const {
        out += t_.of[id].name;
        append_axes(out, t_, t_.of[id], keepdim);
        out += "(", out += whole_argument(id, 0).chars, out += ")";
    }

    [[gnu::cold]] void contraction(text& out, int id) const {
        const term& t = t_.of[id];
        out += t.name, out += "(";
        for (int i = 0; i < 2; ++i) {
            const bool transposed = t_.sets[t.attribute].value[i] != 0;
            if (i > 0) out += ", ";
            if (transposed) out += "transpose(";
            out += whole_argument(id, i).chars;
            if (transposed) out += ")";
        }
        out += ")";
    }

    [[gnu::cold]] void window(text& out, int id) const {
        const term& t = t_.of[id];
        append_windows(out, t_.sets[t.attribute]);
        out += "(", out += whole_argument(id, 0).chars;
        if (t.count > 1) out += ", ", out += whole_argument(id, 1).chars;
        out += ")";
    }

    // NumPy's notation: x[1:3, ::-1]; a permutation of the axes around it.
    [[gnu::cold]] void view(text& out, int id) const {
        const attributes& a = t_.sets[t_.of[id].attribute];
        const shape& from = t_.shapes[t_.of[t_.of[id].argument[0]].extent];
        const int rank = a.count / 4;
        if (rank > from.rank) return unfold(out, id, a, rank - 1);
        text window;
        bool whole = true, ordered = true;
        int moved = 0;
        for (int axis = 0; axis < from.rank; ++axis)
            for (int i = 0; i < rank; ++i) {
                if (a.value[4 * i] != axis) continue;
                if (i != axis) ordered = false, ++moved;
                const index start = a.value[4 * i + 1], step = a.value[4 * i + 2], extent = a.value[4 * i + 3];
                whole = whole && start == 0 && step == 1 && extent == from[axis];
                if (axis > 0) window += ", ";
                append_range(window, start, step, extent, from[axis]);
            }
        const bool last_two = moved == 2 && rank > 1 && a.value[4 * (rank - 1)] == rank - 2;
        if (!ordered) out += last_two ? "transpose(" : "permute<";
        for (int i = 0; !ordered && !last_two && i < rank; ++i) out += i > 0 ? ", " : "", out.add(a.value[4 * i]);
        if (!ordered && !last_two) out += ">(";
        const piece x = whole_argument(id, 0);
        append(out, x, !whole && x.precedence < 9);
        if (!whole) out += "[", out += window, out += "]";
        if (!ordered) out += ")";
    }
    // The last axis goes along the windows of another one.
    [[gnu::cold]] void unfold(text& out, int id, const attributes& a, int last) const {
        const index axis = a.value[4 * last];
        out += t_.of[id].name, out += "<", out.add(axis), out += ", ", out.add(a.value[4 * last + 3]);
        out += ", ", out.add(a.value[4 * axis + 2]), out += ">(", out += whole_argument(id, 0).chars, out += ")";
    }
    [[gnu::cold]] void reshape(text& out, int id) const {
        const int from = seen(t_.of[id].argument[0]);
        const shape& to = t_.shapes[t_.of[id].extent];
        if (t_.of[from].facts.reduces && names_[from].empty() && to == with_kept_axes(from))
            return reduction(out, from, true);
        const shape& was = t_.shapes[t_.of[from].extent];
        const int in = unit_axis(to, was), gone = unit_axis(was, to);
        out += in >= 0 ? "unsqueeze<" : gone >= 0 ? "squeeze<" : "reshape<";
        if (in >= 0 || gone >= 0) out.add(in >= 0 ? in : gone);
        else append_extents(out, to.extent, to.rank, ", ");
        out += ">(";
        out += write(from).chars;
        out += ")";
    }
    [[gnu::cold]] shape with_kept_axes(int id) const {
        const term& t = t_.of[id];
        shape s = t_.shapes[t_.of[t.argument[0]].extent];
        for (int i = 0; i < s.rank; ++i)
            if ((t_.sets[t.attribute].value[0] >> i & 1) != 0) s.extent[i] = 1;
        return s;
    }
    // ---- placements: concat, pad, or a window that is written ----------------------------------------------------

    [[gnu::cold]] void place(text& out, int id) const {
        list<int> parts;
        const int axis = concatenated(parts, id);
        if (axis >= 0) {
            out += "concat<", out.add(axis), out += ">(";
            for (int i = parts.size() - 1; i >= 0; --i) {
                out += write(parts[i]).chars;
                if (i > 0) out += ", ";
            }
            out += ")";
            return;
        }
        const attributes& w = t_.sets[t_.of[id].attribute];
        const term& base = t_.of[seen(t_.of[id].argument[0])];
        const int rank = w.count / 4;
        bool dense = base.facts.is_constant;
        for (int i = 0; i < rank; ++i) dense = dense && w.value[4 * i + 2] == 1;
        if (dense) {  // the order of torch.nn.functional.pad: the last axis first
            int first = 0;
            while (first + 1 < rank && w.value[4 * first] == w.value[4 * first + 3]) ++first;
            out += "pad<";
            for (int i = rank - 1; i >= first; --i) {
                if (i + 1 < rank) out += ", ";
                out.add(w.value[4 * i + 1]), out += ", ";
                out.add(w.value[4 * i] - w.value[4 * i + 1] - w.value[4 * i + 3]);
            }
            out += ">(", out += whole_argument(id, 1).chars;
            if (base.value != 0) out += ", ", append_number(out, base.value, base.type);
            out += ")";
            return;
        }
        out += "place(", out += whole_argument(id, 0).chars, out += ", [";
        append_window(out, w);
        out += "], ", out += whole_argument(id, 1).chars, out += ")";
    }

    // The axis along which the chain of placements that ends here fills its result, if there is one; the parts, last
    // one first.
    [[gnu::cold]] int concatenated(list<int>& parts, int id) const {
        int axis = no_index;
        index end = no_index;
        while (t_.of[id].facts.reads == reading::window) {
            const attributes& w = t_.sets[t_.of[id].attribute];
            for (int i = 0; i < w.count / 4; ++i) {
                if (w.value[4 * i + 2] != 1) return no_index;
                if (w.value[4 * i] == w.value[4 * i + 3]) continue;
                if (axis >= 0 && axis != i) return no_index;
                axis = i;
                if (end < 0) end = w.value[4 * i];
            }
            if (axis < 0 || w.value[4 * axis + 1] + w.value[4 * axis + 3] != end) return no_index;
            end = w.value[4 * axis + 1];
            parts.push(seen(t_.of[id].argument[1]));
            if (end == 0) return parts.size() > 1 ? axis : no_index;
            id = seen(t_.of[id].argument[0]);
        }
        return no_index;
    }
};

}  // namespace ashlar::detail
