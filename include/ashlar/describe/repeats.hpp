// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/cost.hpp"

namespace ashlar::detail {

/// Finds what a program computes again because two of its inputs are one object, which no type says: in tanh(a) *
/// tanh(a) the compiler sees two tensors. It follows the values through the plan with two hashes each: `as_planned`
/// tells all inputs apart, `as_given` only those that are different objects. What differs in the first alone is
/// computed twice. (View is `program_view`: as a template it is looked at only where a plan is printed.)
template <class View> class repeats {
public:
    [[gnu::cold]] repeats(const View& program, const input_names& names) : p_{program}, names_{names} {
        for (int s = 0; s < p_.count; ++s) follow(s);
    }

    /// What is written behind each step: "(as step 1: see let)", or nothing.
    [[gnu::cold]] list<text> marks() const {
        list<text> all;
        for (int s = 0; s < p_.count; ++s) all.push(mark(s));
        return all;
    }

    // ---- what kinds tell apart their own operands with -----------------------------------------------------------

    struct value {
        std::uint64_t as_planned = 0, as_given = 0;
    };

    static std::uint64_t mix(std::uint64_t h, std::uint64_t with) {
        return (h ^ with ^ (h >> 31)) * 0x9E3779B97F4A7C15ull + 0x632BE59BD9B4E019ull;
    }
    static void add(value& v, long long n) {
        v.as_planned = mix(v.as_planned, static_cast<std::uint64_t>(n)),
        v.as_given = mix(v.as_given, static_cast<std::uint64_t>(n));
    }
    static void add(value& v, const value& of) {
        v.as_planned = mix(v.as_planned, of.as_planned), v.as_given = mix(v.as_given, of.as_given);
    }
    static value named(const char* name) { return {hash_text(name), hash_text(name)}; }
    static void add(value& v, const index* extent, int rank) {
        add(v, rank);
        for (int i = 0; i < rank; ++i) add(v, extent[i]);
    }

    const step_operand& operand(int at) const { return p_.operands[at]; }
    const attributes& attributes_of(const term& node) const { return p_.graph.sets[node.attribute]; }
    const shape& argument_shape(const term& node, int i) const {
        return p_.graph.shapes[p_.graph.of[node.argument[i]].extent];
    }
    /// The value of what an operand reads.
    [[gnu::cold]] value read(const step_operand& w, const index* extent, int rank) const {
        value v = named("memory");
        index begin = 0;
        const int input = w.buffer - pools;
        if (input >= 0 && input < names_.labels.size()) {
            v.as_planned = mix(v.as_planned, static_cast<std::uint64_t>(input)),
            v.as_given = mix(v.as_given, static_cast<std::uint64_t>(object(input)));
        } else {
            int at = memory_.size() - 1;
            while (at >= 0 &&
                   !(memory_[at].buffer == w.buffer && memory_[at].begin <= w.offset && w.offset < memory_[at].end))
                --at;
            if (at >= 0) begin = memory_[at].begin, add(v, memory_[at].is);
        }
        add(v, w.offset - begin), add(v, extent, rank), add(v, w.stride, rank);
        return v;
    }

private:
    [[gnu::cold]] text mark(int s) const {
        text t;
        if (of_step_[s].in < 0) return t;
        t += "  (", t += of_step_[s].name;
        if (of_step_[s].in == s) t += " twice";
        else t += of_step_[s].name[0] == '\0' ? "as step " : " as in step ", t.add(of_step_[s].in + 1);
        return t += ": see let)", t;
    }

    struct computed {
        value is{};
        int step = 0;
    };
    struct stored {  // in memory: the last one that covers an element counts
        int buffer = 0;
        index begin = 0, end = 0;
        value is{};
    };
    struct repeat {
        const char* name = "";
        int in = no_index;
    };

    const View p_;
    const input_names& names_;
    list<computed> seen_;
    list<stored> memory_;
    list<repeat> of_step_;
    bool kernel_repeats_ = false;  // what the step is named for, not only an element-wise op

    // The number of the first input that is the same object.
    int object(int input) const {
        for (int i = 0; i < input && input < names_.known.size(); ++i)
            if (names_.known[i].data != nullptr && names_.known[i].data == names_.known[input].data &&
                names_.known[i].extent == names_.known[input].extent)
                return i;
        return input;
    }

    [[gnu::cold]] void write(const step_operand& w, const index* extent, int rank, const value& is, bool in_part) {
        stored m{w.buffer, w.offset, w.offset + 1, is};
        for (int i = 0; i < rank; ++i) m.end += w.stride[i] * (extent[i] - 1);
        add(m.is, extent, rank), add(m.is, w.stride, rank);
        if (in_part)
            m.is = {mix(m.is.as_planned, static_cast<std::uint64_t>(memory_.size())),
                    mix(m.is.as_given, static_cast<std::uint64_t>(memory_.size()))};
        memory_.push(m);
    }

    // The step that computed the same of the same objects, as far as they were told apart, or no_index.
    [[gnu::cold]] int repeated(const value& v, int step) {
        int in = no_index;
        for (const computed& c : seen_)
            if (in < 0 && c.is.as_given == v.as_given && c.is.as_planned != v.as_planned) in = c.step;
        seen_.push({v, step});
        return in;
    }

    // The registers of a loop body; `own` is what the kernel itself computes.
    [[gnu::cold]] list<value> body(int s, int first, int count, const index* extent, int rank, const value& own,
                                   int& at) {
        list<value> r;
        for (int i = first; i < first + count; ++i) {
            const term& t = p_.code[i];
            value v{t.id, t.id};
            if (t.facts.is_input) {
                v = is_load(t) ? read(p_.operands[at++], extent, rank) : own;
            } else if (t.facts.is_constant) {
                add(v, static_cast<long long>(std::bit_cast<std::uint64_t>(t.value)));
            } else if (t.is_transparent()) {
                v = r[t.argument[0]];
            } else {
                add(v, static_cast<int>(t.type));
                for (int k = 0; k < t.count; ++k) add(v, r[t.argument[k]]);
                const int in = repeated(v, s);
                if (in >= 0 && !kernel_repeats_) of_step_[s] = {t.name, in};
            }
            r.push(v);
        }
        return r;
    }

    [[gnu::cold]] void follow(int index_of_step) {
        const step& s = p_.steps[index_of_step];
        const term& node = p_.graph.of[s.node];
        of_step_.push({});
        int at = s.first_operand;
        const bool reduces = facts_of(s.what).reduces, inner = s.between.rank > 0;
        const space loop = axes_of(s, false), outer = axes_of(s, true);
        value own = core(s, node, at);
        kernel_repeats_ = false;
        if (own_operands(s) > 0) kernel(index_of_step, own, node);
        list<value> r = body(index_of_step, s.first_code, s.codes, loop.extent, loop.rank, own, at);
        if (inner)
            for (int i = 0; i < s.stores; ++i)
                write(p_.operands[at++], loop.extent, loop.rank, r[p_.stores[s.first_store + i].from], false);
        if (reduces || inner || s.pools) {
            if (s.codes > 0 && s.result < r.size()) own = r[s.result];
            if (s.pools) add(own, pooling(s));
            if (reduces || s.combines()) {
                const term& combining = reduces ? node : p_.graph.of[s.reduction];
                add(own, {combining.id, combining.id}), add(own, s.extent, s.rank), add(own, outer.rank);
                if (reduces)
                    add(own, p_.graph.sets[combining.attribute].value, p_.graph.sets[combining.attribute].count);
                kernel(index_of_step, own, combining);
            }
        }
        if (s.epilogue_stores == 0) {
            settle(index_of_step, r, s.first_store, s.stores, outer, own, at);
        } else {
            const list<value> e = body(index_of_step, s.first_epilogue, s.epilogues, outer.extent, outer.rank, own, at);
            settle(index_of_step, e, s.first_epilogue_store, s.epilogue_stores, outer, own, at);
        }
    }

    [[gnu::cold]] void kernel(int s, const value& own, const term& node) {
        const int in = repeated(own, s);
        if (in < 0 || kernel_repeats_) return;
        of_step_[s] = {node.name, in};
        kernel_repeats_ = true;
    }

    // The stores of a step. If all that it stores has been computed by one step, it is that step again.
    [[gnu::cold]] void settle(int index_of_step, const list<value>& r, int first_store, int stores, const space& axes,
                              const value& own, int at) {
        int again = of_step_[index_of_step].in;
        for (int i = 0; i < stores; ++i) {
            const value v = r.empty() ? own : r[p_.stores[first_store + i].from];
            bool known = false;
            for (const computed& c : seen_)
                known = known || (c.step == again && c.is.as_given == v.as_given && c.is.as_planned != v.as_planned);
            if (!known) again = no_index;
            write(p_.operands[at + i], axes.extent, axes.rank, v, p_.stores[first_store + i].part >= 0);
        }
        if (again >= 0 && again != index_of_step) of_step_[index_of_step].name = "";
    }

    // What a product or windows compute of their operands.
    [[gnu::cold]] value core(const step& s, const term& node, int& at) const {
        value v{node.id, node.id};
        add(v, static_cast<int>(s.compute));
        kinds<View>::visit(s.what, [&](auto rules) { rules.value(*this, v, s, node, at); });
        return v;
    }
    [[gnu::cold]] static value pooling(const step& s) {
        text t;
        append_windows(t, s.own.window.pooled);
        return named(t.c_str());
    }
};

}  // namespace ashlar::detail
