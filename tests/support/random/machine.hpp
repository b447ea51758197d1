// SPDX-License-Identifier: BSL-1.0
// Runs a program in memory of exactly the size that its plan asks for, and compares all that it writes.
#pragma once

#include "support/random/session.hpp"

#include <cstdlib>
#include <functional>
#include <memory>

namespace support::random {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr std::size_t margin = 0;  // the sanitizer watches both ends
#elif defined(__has_feature)
    #if __has_feature(address_sanitizer)
inline constexpr std::size_t margin = 0;
    #else
inline constexpr std::size_t margin = 512;
    #endif
#else
inline constexpr std::size_t margin = 512;
#endif

/// Memory that is full of nan (or -1), as are its margins, which nobody may write.
class block {
public:
    block() = default;
    explicit block(std::size_t bytes) : bytes_{bytes} {
        void* all = nullptr;
        if (posix_memalign(&all, 64, bytes + 2 * margin + (bytes == 0 ? 1 : 0)) != 0) std::abort();
        memory_.reset(static_cast<unsigned char*>(all));
        std::memset(all, fill, bytes + 2 * margin);
    }
    unsigned char* data() { return memory_.get() + margin; }
    std::size_t size() const { return bytes_; }
    bool intact() const {
        for (std::size_t i = 0; i < margin; ++i)
            if (memory_.get()[i] != fill || memory_.get()[margin + bytes_ + i] != fill) return false;
        return true;
    }

private:
    static constexpr unsigned char fill = 0xFF;
    struct release {
        void operator()(unsigned char* p) const { std::free(p); }
    };
    std::unique_ptr<unsigned char, release> memory_;
    std::size_t bytes_ = 0;
};

inline std::size_t size_of(dtype t) {
    return static_cast<std::size_t>(ashlar::element_table[static_cast<int>(t)].bytes);
}

template <class T> void write_as(void* to, const array& from) {
    for (std::size_t i = 0; i < from.size(); ++i) static_cast<T*>(to)[i] = static_cast<T>(from[i]);
}
inline void write(void* to, dtype t, const array& from) {
    if (t == dtype::float32)
        write_as<float>(to, from);
    else if (t == dtype::float64)
        write_as<double>(to, from);
    else if (t == dtype::int32)
        write_as<std::int32_t>(to, from);
    else if (t == dtype::int64)
        write_as<std::int64_t>(to, from);
    else
        write_as<unsigned char>(to, from);
}
inline double read(const unsigned char* from, dtype t, std::size_t i) {
    return t == dtype::float32   ? static_cast<double>(reinterpret_cast<const float*>(from)[i])
           : t == dtype::float64 ? reinterpret_cast<const double*>(from)[i]
           : t == dtype::int32   ? static_cast<double>(reinterpret_cast<const std::int32_t*>(from)[i])
           : t == dtype::int64   ? static_cast<double>(reinterpret_cast<const std::int64_t*>(from)[i])
                                 : static_cast<double>(from[i]);
}
inline ashlar::address address_of(unsigned char* p, dtype t) {
    return t == dtype::float32   ? ashlar::address{reinterpret_cast<float*>(p)}
           : t == dtype::float64 ? ashlar::address{reinterpret_cast<double*>(p)}
           : t == dtype::int32   ? ashlar::address{reinterpret_cast<std::int32_t*>(p)}
           : t == dtype::int64   ? ashlar::address{reinterpret_cast<std::int64_t*>(p)}
           : t == dtype::uint8   ? ashlar::address{p}
                                 : ashlar::address{reinterpret_cast<bool*>(p)};
}

/// The places of a program: its pools, its inputs, its results.
using run_function = std::function<void(ashlar::address*)>;

/// How results and inputs lie to each other.
enum class layout : unsigned char { apart, results_over_inputs, results_beside_inputs, twins_are_one };
inline const char* const layouts[] = {"all memory apart", "results over inputs", "results partly over inputs",
                                      "two inputs are one object"};

class machine {
public:
    machine(const session& s, const ashlar::index* pool, run_function run) : s_{s}, pool_{pool}, run_{std::move(run)} {}

    /// What went wrong, or nothing.
    std::string faults() const {
        std::string fault = fault_of(layout::apart);
        if (fault.empty()) fault = fault_of(layout::results_over_inputs);
        if (fault.empty() && s_.what.shaped.views) fault = fault_of(layout::results_beside_inputs);
        if (fault.empty() && s_.r.twin[0] >= 0) fault = fault_of(layout::twins_are_one);
        return fault;
    }

private:
    const session& s_;
    const ashlar::index* pool_;
    run_function run_;

    dtype storage(int input) const { return s_.t.inputs[input].storage; }
    std::size_t input_bytes(int i) const { return s_.inputs[static_cast<std::size_t>(i)].size() * size_of(storage(i)); }
    std::size_t result_bytes(int o) const {
        return s_.expected[static_cast<std::size_t>(o)].size() * size_of(s_.t.type_of(s_.outputs[o].node));
    }

    // The input that result `o` is put over, or -1: of its type and size, and of no other result.
    int partner(int o, layout how, std::vector<char>& taken) const {
        if (s_.outputs[o].to != ashlar::destination::anywhere || how == layout::apart || how == layout::twins_are_one)
            return -1;
        const int n = s_.t.inputs.size();
        for (int k = 0; k < n; ++k) {
            const int i = (k + o + static_cast<int>(s_.what.seed % 7)) % n;
            const bool same_size = result_bytes(o) == input_bytes(i) || how == layout::results_beside_inputs;
            if (taken[static_cast<std::size_t>(i)] != 0 || storage(i) != s_.t.type_of(s_.outputs[o].node) || !same_size)
                continue;
            taken[static_cast<std::size_t>(i)] = 1;
            return i;
        }
        return -1;
    }

    std::string fault_of(layout how) const {
        using ashlar::pools;
        const int inputs = s_.t.inputs.size(), results = s_.outputs.size();
        std::vector<ashlar::address> places(static_cast<std::size_t>(pools + inputs + results));
        block pool[pools];
        for (int k = 0; k < pools; ++k) {
            const auto t = static_cast<dtype>(k);
            pool[k] = block(static_cast<std::size_t>(pool_[k]) * size_of(t));
            places[static_cast<std::size_t>(k)] = address_of(pool[k].data(), t);
        }
        std::vector<block> memory;
        std::vector<unsigned char*> input_at(static_cast<std::size_t>(inputs)),
            result_at(static_cast<std::size_t>(results));
        std::vector<char> taken(static_cast<std::size_t>(inputs), 0), is_written(static_cast<std::size_t>(inputs), 0);
        for (int o = 0; o < results; ++o)
            if (s_.outputs[o].updates >= 0)
                taken[static_cast<std::size_t>(s_.outputs[o].updates)] =
                    is_written[static_cast<std::size_t>(s_.outputs[o].updates)] = 1;
        if (s_.r.twin[0] >= 0)
            for (const int i : s_.r.twin) taken[static_cast<std::size_t>(i)] = 1;
        if (how == layout::twins_are_one) is_written[static_cast<std::size_t>(s_.r.twin[1])] = 1;
        for (int o = 0; o < results; ++o) {
            const int over = partner(o, how, taken);
            if (over < 0) continue;
            // Beside: the result begins some elements after the input does, or before.
            const std::size_t unit = size_of(storage(over)),
                              shift = how == layout::results_beside_inputs ? unit * (1 + s_.what.seed % 3) : 0;
            const bool result_first = how == layout::results_beside_inputs && s_.what.seed % 2 == 0;
            const std::size_t first = result_first ? result_bytes(o) : input_bytes(over),
                              then = result_first ? input_bytes(over) : result_bytes(o);
            const std::size_t at = shift < first ? shift : first;
            memory.emplace_back(at + then > first ? at + then : first);
            result_at[static_cast<std::size_t>(o)] = memory.back().data() + (result_first ? 0 : at);
            input_at[static_cast<std::size_t>(over)] = memory.back().data() + (result_first ? at : 0);
            is_written[static_cast<std::size_t>(over)] = 1;
        }
        for (int i = 0; i < inputs; ++i) {
            if (input_at[static_cast<std::size_t>(i)] != nullptr) continue;
            if (how == layout::twins_are_one && i == s_.r.twin[1] &&
                input_at[static_cast<std::size_t>(s_.r.twin[0])] != nullptr) {
                input_at[static_cast<std::size_t>(i)] = input_at[static_cast<std::size_t>(s_.r.twin[0])];
            } else if (how == layout::twins_are_one && i == s_.r.twin[0] &&
                       input_at[static_cast<std::size_t>(s_.r.twin[1])] != nullptr) {
                input_at[static_cast<std::size_t>(i)] = input_at[static_cast<std::size_t>(s_.r.twin[1])];
            } else {
                memory.emplace_back(input_bytes(i));
                input_at[static_cast<std::size_t>(i)] = memory.back().data();
            }
        }
        for (int o = 0; o < results; ++o) {
            unsigned char*& at = result_at[static_cast<std::size_t>(o)];
            if (s_.outputs[o].updates >= 0) at = input_at[static_cast<std::size_t>(s_.outputs[o].updates)];
            if (at != nullptr) continue;
            memory.emplace_back(result_bytes(o));
            at = memory.back().data();
        }
        for (int i = 0; i < inputs; ++i) {
            write(input_at[static_cast<std::size_t>(i)], storage(i), s_.inputs[static_cast<std::size_t>(i)]);
            places[static_cast<std::size_t>(pools + i)] = address_of(input_at[static_cast<std::size_t>(i)], storage(i));
        }
        for (int o = 0; o < results; ++o)
            places[static_cast<std::size_t>(pools + inputs + o)] =
                address_of(result_at[static_cast<std::size_t>(o)], s_.t.type_of(s_.outputs[o].node));

        run_(places.data());

        std::ostringstream out;
        for (int o = 0; o < results && out.tellp() == 0; ++o)
            compare(o, result_at[static_cast<std::size_t>(o)], how, out);
        for (int i = 0; i < inputs && out.tellp() == 0; ++i)
            for (std::size_t e = 0;
                 e < s_.inputs[static_cast<std::size_t>(i)].size() && is_written[static_cast<std::size_t>(i)] == 0; ++e)
                if (read(input_at[static_cast<std::size_t>(i)], storage(i), e) !=
                    s_.inputs[static_cast<std::size_t>(i)][e]) {
                    out << layouts[static_cast<int>(how)] << ": input " << i << " has changed";
                    break;
                }
        for (const block& b : memory)
            if (!b.intact() && out.tellp() == 0)
                out << layouts[static_cast<int>(how)] << ": something was written beside an input or a result";
        for (int k = 0; k < pools; ++k)
            if (!pool[k].intact() && out.tellp() == 0)
                out << layouts[static_cast<int>(how)] << ": something was written beside the pool of "
                    << name_of(static_cast<dtype>(k));
        return out.str();
    }

    void compare(int o, const unsigned char* got, layout how, std::ostringstream& out) const {
        const array &expected = s_.expected[static_cast<std::size_t>(o)],
                    &allowed = s_.tolerance[static_cast<std::size_t>(o)];
        const dtype t = s_.t.type_of(s_.outputs[o].node);
        for (std::size_t e = 0; e < expected.size(); ++e) {
            const double v = read(got, t, e);
            if (s_.agrees(v, static_cast<std::size_t>(o), e)) continue;
            out << layouts[static_cast<int>(how)] << ": result " << o << " ("
                << sorts[static_cast<int>(s_.p.results[o].what)] << ' ' << s_.p.results[o].of << ", node %"
                << s_.outputs[o].node << "), element " << e << " is " << v << ", expected " << expected[e] << " +- "
                << allowed[e];
            return;
        }
    }
    static constexpr const char* sorts[] = {"line",
                                            "loss, line",
                                            "gradient of input",
                                            "update of input",
                                            "gradient times vector",
                                            "second derivative of input"};
};

}  // namespace support::random
