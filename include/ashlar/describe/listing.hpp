// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/chains.hpp"
#include "ashlar/describe/heading.hpp"

namespace ashlar {
namespace detail {

/// Writes a plan: a line for every step, with its formula over the memory that it reads and writes.
/// (View is `program_view`: as a template it is looked at only where a plan is printed.)
template <class View> class plan_listing {
public:
    /// `results` are the names of the outputs that have memory of their own.
    [[gnu::cold]] plan_listing(const View& program, const input_names& names, const list<text>& results)
        : p_{program}, names_{names}, chains_{program} {
        int own = 0;
        for (int o = 0; o < p_.output_count; ++o) {
            const int of = p_.outputs[o].updates;
            text name = of >= 0 ? names.labels[of] : results[own < results.size() ? own : results.size() - 1];
            if (of < 0) ++own;
            else if (p_.staging[o] >= 0)
                name += "'";  // its old value is read after it: the new one is copied at the end
            results_.push(name);
        }
        size_of_input_.resize(names.labels.size(), 1);
        for (int id = 0; id < p_.graph.count; ++id)
            if (p_.graph.of[id].facts.is_input) size_of_input_[static_cast<int>(p_.graph.of[id].value)] = size_of(id);
        for (const text& l : names.labels) taken_.push(l);
        for (const text& r : results_) taken_.push(r);
    }

    [[gnu::cold]] text operator()(const list<text>& marks) {
        header();
        list<text> heads;
        std::size_t width = 0;
        for (int s = 0; s < p_.count; ++s) {
            heads.push(heading(p_, s));
            width = heads.back().size() > width ? heads.back().size() : width;
        }
        for (int s = 0; s < p_.count; ++s) {
            lines_.clear();
            if (p_.steps[s].block > 0) append_tiles(out_, p_.steps[s], s);
            body(p_.steps[s]);
            lines_.back() += marks[s];
            for (int i = 0; i < lines_.size(); ++i) {
                const std::size_t from = out_.size();
                if (i == 0) out_ += heads[s];
                out_.pad(width + 2, from);
                out_ += lines_[i], out_ += "\n";
            }
        }
        memory();
        return out_;
    }

    // ---- formulas of kernels: what kinds ask for -----------------------------------------------------------------

    const step_operand& operand_at(int at) const { return p_.operands[at]; }
    const attributes& attributes_of(const term& node) const { return p_.graph.sets[node.attribute]; }
    const shape& argument_shape(const term& node, int i) const {
        return p_.graph.shapes[p_.graph.of[node.argument[i]].extent];
    }

    /// What an operand reads: the name of the memory, and how where it is not read whole and in order.
    [[gnu::cold]] text operand(const step_operand& w, const index* extent, int rank, bool any_order) const {
        text name;
        index begin = 0, size = 1;
        if (w.buffer < pools) {
            const buffer* b = find(w.buffer, w.offset);
            if (b == nullptr) return text{"?"};
            name = b->name, begin = b->begin, size = b->end - b->begin;
        } else if (w.buffer < pools + names_.labels.size()) {
            name = names_.labels[w.buffer - pools], size = size_of_input_[w.buffer - pools];
        } else {
            const int o = w.buffer - pools - names_.labels.size();
            name = results_[o], size = size_of(p_.outputs[o].node);
        }
        index expected = 1, covered = 1;
        bool ordered = true, reversed = true;
        for (int i = rank - 1; i >= 0; --i) {
            if (extent[i] == 1 || w.stride[i] == 0) continue;
            ordered = ordered && w.stride[i] == expected;
            expected *= extent_of(w, extent, i);
        }
        for (int i = 0; i < rank; ++i) {
            if (extent[i] == 1 || w.stride[i] == 0) continue;
            reversed = reversed && w.stride[i] == covered;
            covered *= extent_of(w, extent, i);
        }
        const bool whole = w.offset == begin && covered == size;
        if (whole && (ordered || any_order)) return name;
        if (ordered && w.buffer >= pools && w.buffer < pools + names_.known.size() &&
            names_.known[w.buffer - pools].extent.rank == 1) {
            name += "[", append_range(name, w.offset, 1, covered, size), name += "]";
            return name;
        }
        text t{whole && reversed ? "transpose(" : "view("};
        return t += name, t += ")", t;
    }

    [[gnu::cold]] text product(const step& s, int& at) const {
        text t{s.own.product.turned ? "transpose(matmul(" : "matmul("};
        for (int i = 0; i < 2; ++i) {
            const bool transposed = i == 0 ? s.own.product.transpose_a : s.own.product.transpose_b,
                       panels = i == 1 && s.own.product.rows_b == kernels::right_rows::panels;
            step_operand w = p_.operands[at++];
            index extent[max_rank];
            kind_rules<kind::contraction>::matrix_extents(s, i, extent);
            if (panels) w.stride[0] = 1, extent[0] = size_of_input_[w.buffer - pools];  // all of it, in its own order
            if (i > 0) t += ", ";
            if (transposed || panels) t += panels ? "panels(" : "transpose(";
            t += operand(w, extent, panels ? 1 : s.rank, false);
            if (transposed || panels) t += ")";
        }
        ++at;  // scratch
        t += s.own.product.turned ? "))" : ")";
        return t;
    }

    [[gnu::cold]] text windowed(const step& s, const term& node, int& at) {
        text t;
        append_windows(t, s.own.window.slide);
        t += "(";
        for (int i = 0; i < node.count; ++i) {
            step_operand w = p_.operands[at + i];
            w.stride[0] = 1;
            const index size = p_.graph.shapes[p_.graph.of[node.argument[i]].extent].size();
            if (i > 0) t += ", ";
            t += operand(w, &size, 1, false);
        }
        t += ")", at += own_operands(s);
        if (!s.pools) return t;
        text pooled;
        append_windows(pooled, s.own.window.pooled);
        pooled += "(", pooled += s.codes == 0 ? t : handed_on(s, t, node, at), pooled += ")";
        return pooled;
    }

    [[gnu::cold]] text combined(const step& s, const text& of, const term& node, int& at) {
        return reduction_of(p_.graph.of[s.reduction], handed_on(s, of, node, at));
    }

    [[gnu::cold]] text reduced(const step& s, const term& node, int& at) {
        list<term> terms;
        list<text> labels;
        labels.push(text{});
        read(terms, labels, s.first_code, s.codes, s.extent, s.rank, true, at);
        formula f{term_list{terms.begin(), terms.size(), p_.graph.shapes, p_.graph.sets}, labels, "s", taken_};
        for (const text& d : f.definitions(s.result)) lines_.push(d);
        return reduction_of(node, f(s.result));
    }

private:
    struct buffer {
        int pool = 0;
        index begin = 0, end = 0;
        text name{};
        int chain = no_index;  // the first of the placements that share it
    };

    const View p_;
    const input_names& names_;
    const placement_chains<View> chains_;
    index tiles_ = 0;  // of the step that is described
    list<text> results_, taken_, lines_;
    list<index> size_of_input_;
    list<buffer> buffers_;
    text out_{};

    index size_of(int id) const { return p_.graph.shapes[p_.graph.of[id].extent].size(); }

    [[gnu::cold]] void header() {
        const program_cost cost = cost_of(p_);
        out_.add(p_.count), out_ += p_.count == 1 ? " step" : " steps";
        if (p_.known == knowledge::unrolled) out_ += " of straight code";
        else out_ += " with ", out_.add(p_.kernels), out_ += p_.kernels == 1 ? " kernel" : " kernels";
        out_ += ", ", out_.add(names_.known.size()), out_ += names_.known.size() == 1 ? " input, " : " inputs, ";
        append_grouped(out_, cost.flops), out_ += " flops, ";
        append_grouped(out_, cost.bytes), out_ += " bytes read and written\n";
        text with = anonymous_shapes(names_);
        if (!with.empty()) out_ += with, out_ += "\n";
    }

    // ---- one step ------------------------------------------------------------------------------------------------

    // In memory: where nothing outside of the tiles of rows sees an operand, one of them.
    [[gnu::cold]] index extent_of(const step_operand& w, const index* extent, int axis) const {
        return axis == 0 && tiles_ > 0 && w.advance == 0 ? extent[0] / tiles_ : extent[axis];
    }

    // The terms of a loop body; loads get labels.
    [[gnu::cold]] void read(list<term>& terms, list<text>& labels, int first, int count, const index* extent, int rank,
                            bool any_order, int& at) const {
        for (int i = first; i < first + count; ++i) {
            term t = p_.code[i];
            if (is_load(t)) {
                t.value = labels.size();
                t.attribute = p_.operands[at].buffer - pools + 1;  // the input, if it is one
                labels.push(operand(p_.operands[at++], extent, rank, any_order));
            } else if (t.facts.is_input) {
                t.value = 0;  // the kernel's own result
            }
            terms.push(t);
        }
    }

    [[gnu::cold]] void body(const step& s) {
        tiles_ = s.tiles;
        int at = s.first_operand;
        list<term> terms;
        list<text> labels;
        labels.push(text{});
        const term& node = p_.graph.of[s.node];
        const bool reduces = facts_of(s.what).reduces;
        kinds<View>::visit(s.what, [&](auto rules) { labels[0] = rules.formula(*this, s, node, at); });
        if (s.epilogue_stores > 0)
            read(terms, labels, s.first_epilogue, s.epilogues, s.extent, result_rank(s), reduces, at);
        else read(terms, labels, s.first_code, s.codes, s.extent, s.rank, false, at);
        if (terms.empty()) terms.push(term{});  // the kernel's own result
        write(terms, labels, s.epilogue_stores > 0 ? s.first_epilogue_store : s.first_store,
              s.epilogue_stores > 0 ? s.epilogue_stores : s.stores,
              {result_rank(s), s.extent, s.codes + s.epilogues == 0}, node, no_index, at);
    }

    struct axes {
        int rank;
        const index* extent;
        bool whole = false;  // of a kernel without loops of ops: it writes all of its node
    };

    // The lines of a loop body; the formula of `result`, a register that is handed on, if there is one.
    [[gnu::cold]] text write(list<term>& terms, list<text>& labels, int first_store, int stores, axes space,
                             const term& node, int result, int at) {
        list<int> roots;
        for (int i = 0; i < stores; ++i) roots.push(p_.stores[first_store + i].from);
        if (result >= 0) roots.push(result);
        name_result(terms, roots, labels);
        formula f{term_list{terms.begin(), terms.size(), p_.graph.shapes, p_.graph.sets}, labels, "r", taken_};
        f.count(roots);
        const auto store = [&](int i) {
            const text target = stored(p_.operands[at + i], space, node, p_.stores[first_store + i].part);
            lines_.push(f.assignment(target, roots[i]));
            return target;
        };
        // A result is written as soon as it is known: formulas after it may use its name.
        list<int> done;
        done.resize(stores, 0);
        for (int id = 0; id < terms.size(); ++id) {
            text name;
            for (int i = 0; i < stores; ++i)
                if (f.seen(roots[i]) == id && (!terms[id].is_leaf() || is_result(terms[id])) &&
                    nothing_reads_again(terms, id, p_.operands[at + i])) {
                    done[i] = 1;
                    name = store(i);
                }
            if (!name.empty()) f.call(id, name);
            else if (f.deserves_name(id)) lines_.push(f.define(id));
        }
        for (int i = 0; i < stores; ++i)
            if (done[i] == 0) store(i);
        return result >= 0 ? f(result) : text{};
    }

    // Whether the formulas after term `id` do without the old value of what is overwritten.
    [[gnu::cold]] bool nothing_reads_again(const list<term>& terms, int id, const step_operand& w) const {
        if (w.buffer < pools + names_.labels.size()) return true;
        const int input = p_.outputs[w.buffer - pools - names_.labels.size()].updates;
        for (int user = id + 1; input >= 0 && user < terms.size(); ++user)
            for (int i = 0; i < terms[user].count; ++i) {
                const term& read = terms[terms[user].argument[i]];
                if (read.facts.is_input && read.attribute == input + 1) return false;
            }
        return true;
    }

    // The result of a matmul or a reduction that is used more than once gets a line of its own.
    [[gnu::cold]] void name_result(const list<term>& terms, const list<int>& roots, list<text>& labels) {
        int uses = 0;
        for (const term& t : terms)
            for (int i = 0; i < t.count; ++i) uses += is_result(terms[t.argument[i]]) ? 1 : 0;
        for (int r : roots)
            if (is_result(terms[r])) return;  // it is stored, and so has a name
        if (uses < 2) return;
        text line{"r0 = "};
        line += labels[0];
        lines_.push(line);
        labels[0] = text{"r0"};
    }
    static bool is_result(const term& t) { return t.facts.is_input && t.value == 0; }  // by its label: see `read`

    [[gnu::cold]] text reduction_of(const term& node, const text& x) const {
        text t{node.name};
        append_axes(t, p_.graph, node, false);
        t += "(", t += x, t += ")";
        return t;
    }

    // What the loop body before the epilogue makes of the kernel's result, and hands on.
    [[gnu::cold]] text handed_on(const step& s, const text& of, const term& node, int& at) {
        list<term> terms;
        list<text> labels;
        labels.push(of);
        read(terms, labels, s.first_code, s.codes, s.between.extent, s.between.rank, false, at);
        const text t =
            write(terms, labels, s.first_store, s.stores, {s.between.rank, s.between.extent}, node, s.result, at);
        at += s.stores;
        return t;
    }

    // ---- memory --------------------------------------------------------------------------------------------------

    [[gnu::cold]] const buffer* find(int pool, index offset) const {
        for (int i = buffers_.size() - 1; i >= 0; --i)
            if (buffers_[i].pool == pool && buffers_[i].begin <= offset && offset < buffers_[i].end)
                return &buffers_[i];
        return nullptr;
    }

    [[gnu::cold]] const buffer* find_chain(int chain) const {
        int i = buffers_.size() - 1;
        while (i >= 0 && buffers_[i].chain != chain) --i;
        return i < 0 ? nullptr : &buffers_[i];
    }

    // Where a step writes: a new buffer, a window of one, or a result.
    [[gnu::cold]] text stored(const step_operand& w, axes space, const term& node, int part) {
        text name;
        const int chain = part >= 0 ? chains_.first(part) : static_cast<int>(&node - p_.graph.of);
        if (w.buffer >= pools) {
            name = results_[w.buffer - pools - names_.labels.size()];
        } else if (const buffer* b = part >= 0 ? find_chain(chain) : nullptr) {
            name = b->name;
        } else {
            buffer fresh;
            fresh.pool = w.buffer, fresh.begin = w.offset, fresh.end = w.offset + 1, fresh.chain = chain;
            for (int i = 0; i < space.rank; ++i) fresh.end += w.stride[i] * (extent_of(w, space.extent, i) - 1);
            if (space.whole) fresh.end = w.offset + p_.graph.shapes[node.extent].size();
            if (part >= 0) fresh.begin -= chains_.offset(part), fresh.end = fresh.begin + size_of(part);
            int n = buffers_.size();
            do {
                fresh.name = text{"t"};
                fresh.name.add(++n);
            } while (is_taken(fresh.name));
            name = fresh.name;
            buffers_.push(fresh);
        }
        if (part < 0) return name;
        name += "[", append_window(name, p_.graph.sets[p_.graph.of[part].attribute]);
        return name += "]", name;
    }

    [[gnu::cold]] bool is_taken(const text& name) const {
        for (const text& t : taken_)
            if (t == name) return true;
        return false;
    }

    // The last line: it depends on the vector width of the target where a product needs scratch.
    [[gnu::cold]] void memory() {
        long long bytes = 0;
        for (int i = 0; i < pools; ++i) bytes += p_.pool[i] * element_bytes(static_cast<dtype>(i));
        out_ += "memory: ";
        append_grouped(out_, bytes);
        out_ += " bytes";
        std::size_t line = out_.size() - 20;
        const auto next = [&](bool first) {
            out_ += first ? ";" : ",";
            if (out_.size() < line + 110) return;
            out_ += "\n       ";
            line = out_.size();
        };
        const auto range = [&](int of, index begin, index end) {
            out_ += " ", out_ += element_table[of].memory, out_ += "[", out_.add(begin), out_ += "..", out_.add(end),
                out_ += ")";
        };
        for (int i = 0; i < buffers_.size(); ++i) {
            next(i == 0);
            out_ += " ", out_ += buffers_[i].name;
            range(buffers_[i].pool, buffers_[i].begin, buffers_[i].end);
        }
        for (int o = 0; o < p_.output_count; ++o)
            if (p_.staging[o] >= 0) {
                next(buffers_.empty());
                out_ += " ", out_ += results_[o],
                    out_ += p_.outputs[o].updates >= 0 ? " until the end" : " if it overlaps an input";
                range(static_cast<int>(p_.graph.of[p_.outputs[o].node].type), p_.staging[o],
                      p_.staging[o] + size_of(p_.outputs[o].node));
            }
        out_ += "\n";
    }
};

}  // namespace detail
}  // namespace ashlar
