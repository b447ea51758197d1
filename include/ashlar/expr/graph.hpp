// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/list.hpp"
#include "ashlar/expr/record.hpp"

#include <bit>

namespace ashlar {

/// Whole numbers that belong to a node: axes, permutations, starts and steps. What they mean is the op kind's business.
struct attributes {
    int count = 0;
    index value[4 * max_rank] = {};
    friend constexpr bool operator==(const attributes& a, const attributes& b) {
        for (int i = 0; i < a.count && a.count == b.count; ++i)
            if (a.value[i] != b.value[i]) return false;
        return a.count == b.count;
    }
};

struct node {
    const op_record* op = nullptr;
    int first = 0, count = 0;  // the arguments: a range of graph::arguments
    int extent = 0;            // an index of graph::shapes
    int attribute = 0;         // an index of graph::attribute_sets
    dtype type = dtype::float32;
    double value = 0;  // of a constant; of an input its number; of an op whether it is one of options

    // An option, or what is computed of options and constants alone.
    constexpr bool is_of_options() const { return first < 0 || (count > 0 && value != 0); }
};

/// How the memory of an input is ordered: row by row; or as a matrix of k rows in panels of some columns, all rows of
/// one panel after the other, which products read as they are. Its extents are then (panels, k, width), its only reader
/// exchanges the first two axes, and the only reader of that joins the last two.
enum class layout : unsigned char { rows, panels };

struct input {
    int node = 0;
    dtype storage = dtype::float32;  // an option is stored as double and used as float
    int alias = 0;                   // inputs of one number may be the same object
    int extent = 0;                  // an index of graph::shapes
    bool view = false;               // memory that other views may overlap in part
    layout lies = layout::rows;
};

/// A tensor or an option of the module that is being traced, known by its address inside the shadow of the module.
struct member {
    const void* address = nullptr;
    int node = 0;  // what the body reads: the input, or what has been made of it since
};

/// A module inside the one that is traced, and the first call of it: the result, and the latest of the arguments.
struct traced_module {
    const void* address = nullptr;
    std::size_t size = 0;
    int result = no_index, argument = no_index;
};

/// What a module's body refers to although it is no member of the module. The graph goes on without it, so that the
/// call outside can report it in one line.
enum class stranger : unsigned char {
    none,
    tensor,
    option,
    number,
    computed,
    large,
    no_buffer,  // in the place of a buffer that is updated
    other_shape,
    other_type
};

constexpr bool is_any(stranger s) { return s != stranger::none; }

/// One flat graph: a value of constant evaluation. Nodes are in topological order, equal nodes are one node.
class graph {
public:
    list<node> nodes;
    list<int> arguments;
    list<shape> shapes;
    list<attributes> attribute_sets;
    list<input> inputs;
    list<member> members;
    int last_member = 0;
    bool plain_members = false;   // numbers among the members, not only tensors and options
    bool training = false;        // the form of the bodies that are traced: see `in_training`
    list<traced_module> modules;  // those whose calls are noted, outer ones before inner ones: filled by a summary only
    stranger found = stranger::none;
    const char* found_in = nullptr;  // the name of the innermost user's module around it

    constexpr graph() {
        shapes.push(shape{});
        attribute_sets.push(attributes{});
        table_.zeros(256);
    }

    constexpr const shape& shape_of(int id) const { return shapes.data[nodes.data[id].extent]; }
    constexpr const attributes& attributes_of(int id) const { return attribute_sets.data[nodes.data[id].attribute]; }
    constexpr dtype type_of(int id) const { return nodes.data[id].type; }
    constexpr int argument(int id, int i) const { return arguments.data[nodes.data[id].first + i]; }
    constexpr bool is(int id, const op_record& op) const { return ashlar::same(*nodes.data[id].op, op); }
    constexpr bool is_constant(int id) const { return nodes.data[id].op->facts.is_constant; }
    constexpr bool is_constant(int id, double v) const { return is_constant(id) && nodes.data[id].value == v; }

    constexpr int input_node(dtype type, dtype storage, const shape& s) {
        const bool is_option = type != storage;
        const auto number = static_cast<double>(inputs.size());
        const int id = push({&input_record, is_option ? no_index : 0, 0, intern(s), 0, type, number});
        has_options_ = has_options_ || is_option;
        inputs.push({id, storage, inputs.size(), nodes.data[id].extent});
        return id;
    }

    constexpr int constant(double v, dtype type) {
        return find_or_push({&constant_record, arguments.size(), 0, 0, 0, type, v}, nullptr);
    }

    /// 0, 1, ... n-1 as a vector.
    constexpr int range(index n, dtype type) {
        shape s{};
        s.rank = 1;
        s.extent[0] = n;
        return find_or_push({&range_record, arguments.size(), 0, intern(s), 0, type, 0}, nullptr);
    }

    /// The only way to append an op. Equal nodes are found again, simplifiable ones replaced.
    constexpr int make(const op_record& op, const int* args, int count, const shape& s, dtype type,
                       const attributes& a = {}) {
        return has_options_ && reads_options(args, count) ? make_beside_options(op, args, count, intern(s), type, a)
                                                          : make_of_extent(op, args, count, intern(s), type, a, false);
    }

    /// An element-wise op: in most cases its arguments have one shape, or none, and no shape has to be computed.
    constexpr int make_elementwise(const op_record& op, const int* args, int count, dtype type,
                                   const attributes& a = {}) {
        int extent = nodes.data[args[0]].extent;
        for (int i = 1; i < count; ++i) {
            const int other = nodes.data[args[i]].extent;
            extent = other == extent || other == 0 ? extent
                     : extent == 0                 ? other
                                                   : intern(broadcast(shapes.data[extent], shapes.data[other]).value);
        }
        return has_options_ && reads_options(args, count) ? make_beside_options(op, args, count, extent, type, a)
                                                          : make_of_extent(op, args, count, extent, type, a, false);
    }

    /// A body called a module. A module and its first member have one address: the inner one is called first.
    constexpr void note_call(const void* address, std::size_t size, int result, int argument) {
        for (int i = modules.size() - 1; i >= 0; --i)
            if (modules.data[i].result < 0 && modules.data[i].size == size && modules.data[i].address == address) {
                modules.data[i].result = result, modules.data[i].argument = argument;
                return;
            }
    }

    /// A body refers to something that is no member; the first one counts.
    constexpr void note_stranger(stranger s) {
        if (!is_any(found)) found = s;
    }
    constexpr void note_body(auto name) {
        if (is_any(found) && found_in == nullptr) found_in = name();
    }

private:
    // Zeros, because those are there at once: g++ takes as long for a table of other numbers as for a small graph.
    list<int> table_;        // open addressing over nodes, from 1 on
    list<int> shape_table_;  // likewise over shapes, of which 0 is in no table
    list<int> set_table_;    // and over sets of attributes
    bool has_options_ = false;

    // An option is a double that takes the type of the tensors beside it: float32, but beside double it loses nothing,
    // and neither does what is computed of options and constants alone, as exp(p) or 1 - label_smoothing. There it is
    // another node, of double.
    constexpr bool reads_options(const int* args, int count) const {
        return (count > 0 && nodes.data[args[0]].is_of_options()) ||
               (count > 1 && nodes.data[args[1]].is_of_options()) || (count > 2 && nodes.data[args[2]].is_of_options());
    }
    constexpr int make_beside_options(const op_record& op, const int* args, int count, int extent, dtype type,
                                      const attributes& a) {
        bool has_double = false, all = type != dtype::float64;
        for (int i = 0; i < count; ++i) {
            has_double = has_double || type_of(args[i]) == dtype::float64;
            all = all && (nodes.data[args[i]].is_of_options() || is_constant(args[i]));
        }
        if (type != dtype::float64 && (type != dtype::boolean || !has_double))
            return make_of_extent(op, args, count, extent, type, a, all && !has_double);
        int wide[3] = {};
        for (int i = 0; i < count; ++i) wide[i] = nodes.data[args[i]].is_of_options() ? as_double(args[i]) : args[i];
        return make_of_extent(op, wide, count, extent, type, a, false);
    }
    constexpr int as_double(int id) {
        node n = nodes.data[id];
        const int first = n.first;
        n.type = n.type == dtype::float32 ? dtype::float64 : n.type;
        if (n.count == 0) return find_or_push(n, nullptr);
        int args[3] = {};
        for (int i = 0; i < n.count; ++i) args[i] = as_double(arguments.data[first + i]);
        return make_of_extent(*n.op, args, n.count, n.extent, n.type, attribute_sets.data[n.attribute], false);
    }

    constexpr int make_of_extent(const op_record& op, const int* args, int count, int extent, dtype type,
                                 const attributes& a, bool of_options) {
        if (op.simplifies) {
            const int simpler = op.simplify(*this, args, a);
            if (simpler >= 0 && are_same(nodes.data[simpler].type, type) && nodes.data[simpler].extent == extent)
                return simpler;
        }
        if (op.facts.is_elementwise && extent == 0 && is_floating(type) && all_constant(args, count))
            return fold(op, args, count, type);
        return find_or_push({&op, 0, count, extent, a.count == 0 ? 0 : intern(a), type, of_options ? 1.0 : 0.0}, args);
    }

    constexpr bool all_constant(const int* args, int count) const {
        for (int i = 0; i < count; ++i)
            if (!is_constant(args[i])) return false;
        return count > 0;
    }

    constexpr int fold(const op_record& op, const int* args, int count, dtype type) {
        const double a = nodes.data[args[0]].value;
        return constant(op.f64.scalar(count, a, count > 1 ? nodes.data[args[1]].value : a,
                                      count > 2 ? nodes.data[args[2]].value : a),
                        type);
    }

    static constexpr std::uint64_t mix(std::uint64_t h, std::uint64_t v) { return (h ^ v) * 0x9E3779B97F4A7C15ull; }
    static constexpr std::uint64_t spread(std::uint64_t h) { return h ^ (h >> 32); }

    constexpr bool same(const node& a, const node& b, const int* args) const {
        if (a.op->id != b.op->id || a.op != b.op || a.count != b.count || a.extent != b.extent ||
            a.attribute != b.attribute || !are_same(a.type, b.type) ||
            std::bit_cast<std::uint64_t>(a.value) != std::bit_cast<std::uint64_t>(b.value))
            return false;
        for (int i = 0; i < a.count; ++i)
            if (arguments.data[a.first + i] != args[i]) return false;
        return true;
    }

    constexpr int find_or_push(node n, const int* args) {
        // One expression: constant evaluation counts statements.
        const std::uint64_t h = ((n.op->id ^ static_cast<std::uint64_t>(n.extent * 64 + n.attribute) ^
                                  std::bit_cast<std::uint64_t>(n.value)) *
                                     0x9E3779B97F4A7C15u ^
                                 static_cast<std::uint64_t>(n.type) ^
                                 (n.count > 0 ? static_cast<std::uint64_t>(args[0]) * 0xD6E8FEB86659FD93u : 0) ^
                                 (n.count > 1 ? static_cast<std::uint64_t>(args[1]) * 0xA0761D6478BD642Fu : 0) ^
                                 (n.count > 2 ? static_cast<std::uint64_t>(args[2]) * 0xE7037ED1A0B428DBu : 0)) *
                                0x9E3779B97F4A7C15u;
        const auto mask = static_cast<std::uint64_t>(table_.size() - 1);
        auto at = spread(h) & mask;
        for (; table_.data[static_cast<int>(at)] > 0; at = (at + 1) & mask)
            if (same(nodes.data[table_.data[static_cast<int>(at)] - 1], n, args))
                return table_.data[static_cast<int>(at)] - 1;
        n.first = arguments.size();
        for (int i = 0; i < n.count; ++i) arguments.push(args[i]);
        table_.data[static_cast<int>(at)] = nodes.size() + 1;
        hashes_.push(spread(h));
        hashed_.push(nodes.size());
        push(n);
        if (2 * hashed_.size() > table_.size()) rehash();
        return nodes.size() - 1;
    }

    constexpr int push(const node& n) { return nodes.push(n); }

    constexpr void rehash() {
        const int wider = 2 * table_.size();
        table_.zeros(wider);
        const auto mask = static_cast<std::uint64_t>(wider - 1);
        for (int i = 0; i < hashed_.size(); ++i) {
            auto at = hashes_.data[i] & mask;
            while (table_.data[static_cast<int>(at)] > 0) at = (at + 1) & mask;
            table_.data[static_cast<int>(at)] = hashed_.data[i] + 1;
        }
    }

    constexpr int intern(const shape& s) {
        // Of numbers it is 0, which has no place in the table.
        if (const int guess = s.rank == 0 ? 0 : last_shape_; shapes.data[guess] == s) return guess;
        if (shape_table_.empty()) shape_table_.zeros(512);
        const std::uint64_t h =
            mix(mix(mix(static_cast<std::uint64_t>(s.rank), static_cast<std::uint64_t>(s.extent[0])),
                    static_cast<std::uint64_t>(s.extent[1] * 4096 + s.extent[2])),
                static_cast<std::uint64_t>(s.extent[3] * 4096 + s.extent[4] * 64 + s.extent[5]));
        auto at = spread(h) & 511u;
        int probes = 0;
        for (; shape_table_.data[static_cast<int>(at)] > 0 && probes < 512; at = (at + 1) & 511u, ++probes)
            if (shapes.data[shape_table_.data[static_cast<int>(at)]] == s)
                return last_shape_ = shape_table_.data[static_cast<int>(at)];
        const int id = last_shape_ = shapes.push(s);
        if (probes < 512) shape_table_.data[static_cast<int>(at)] = id;
        return id;
    }

    constexpr int intern(const attributes& a) {
        const int wider = set_table_.empty() ? 64 : 2 * set_table_.size();
        if (2 * attribute_sets.size() >= set_table_.size()) {
            set_table_.zeros(wider);
            for (int i = 1; i < attribute_sets.size(); ++i) set_table_.data[place_of(attribute_sets.data[i])] = i;
        }
        const int at = place_of(a);
        return set_table_.data[at] > 0 ? set_table_.data[at] : (set_table_.data[at] = attribute_sets.push(a));
    }
    // Where a set is in its table, or would be.
    constexpr int place_of(const attributes& a) const {
        const int mask = set_table_.size() - 1;
        auto h = static_cast<std::uint64_t>(a.count);
        for (int i = 0; i < a.count; ++i) h = mix(h, static_cast<std::uint64_t>(a.value[i]));
        auto at = static_cast<int>(spread(h)) & mask;
        while (set_table_.data[at] > 0 && !(attribute_sets.data[set_table_.data[at]] == a)) at = (at + 1) & mask;
        return at;
    }

    int last_shape_ = 0;
    list<std::uint64_t> hashes_;
    list<int> hashed_;
};

}  // namespace ashlar
