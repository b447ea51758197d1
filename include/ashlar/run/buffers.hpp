// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/run/program.hpp"

// The memory of a program while it runs: its pools, and the table of all addresses that its steps go by.
namespace ashlar::detail {

template <class T, index N> struct memory_pool {
    alignas(64) T data[bound_of(N)];
    constexpr address begin() { return address{data}; }
};
template <class T> struct memory_pool<T, 0> {
    constexpr address begin() { return address{static_cast<const T*>(nullptr)}; }
};

/// A pool for each element type: of T, of pool_size<element_number<T>> elements of what `Of` is made for.
template <class Of, class Types> struct typed_pools;
template <class Of, class... T>
struct typed_pools<Of, type_list<T...>> : memory_pool<T, Of::pool[element_number<T>]>... {
    template <class U> constexpr auto& pool() {
        return static_cast<memory_pool<U, Of::pool[element_number<U>]>&>(*this);
    }
    template <class U> constexpr const auto& pool() const {
        return static_cast<const memory_pool<U, Of::pool[element_number<U>]>&>(*this);
    }
    ASHLAR_INLINE constexpr void set(address* to) {
        ((to[element_number<T>] = memory_pool<T, Of::pool[element_number<T>]>::begin()), ...);
    }
};

template <class Spec> struct pools_of_program {
    static constexpr const indices<bound_of(pools)>& pool = plan_of_program<Spec>.pool;
};

/// The intermediate results of one program.
template <class Spec> struct program_memory : typed_pools<pools_of_program<Spec>, element_types> {};

template <class Spec>
inline constexpr std::size_t memory_bytes = [] {
    index all = 0;
    for (int i = 0; i < pools; ++i) all += plan_of_program<Spec>.pool[i] * element_table[i].bytes;
    return static_cast<std::size_t>(all);
}();

template <class Spec> inline constexpr int result_count = graph_of_program<Spec>.outputs.count;
template <class Spec> inline constexpr int hazard_count = plan_of_program<Spec>.hazards.count;
template <class Spec> inline constexpr int buffer_count = pools + input_count<Spec> + result_count<Spec>;

template <class Spec> struct occurrences {
    int input[graph_of_program<Spec>.occurrence.count + 1]{};
    constexpr occurrences() {
        for (int i = 0; i < graph_of_program<Spec>.occurrence.count; ++i)
            input[i] = graph_of_program<Spec>.occurrence[i];
    }
};
template <class Spec> inline constexpr occurrences<Spec> occurrences_of{};
template <class Spec> inline constexpr bool every_leaf_is_an_input =
    graph_of_program<Spec>.occurrence.count == graph_of_program<Spec>.inputs.count;

/// The address table of one run.
template <class Spec> struct buffer_table {
    address of[buffer_count<Spec>];

    template <class Memory> ASHLAR_INLINE constexpr void set_memory(Memory& m) { m.set(of); }
    ASHLAR_INLINE constexpr auto bind_inputs() {
        if constexpr (every_leaf_is_an_input<Spec>) return binder{of + pools};
        else return matching_binder{of + pools, occurrences_of<Spec>.input};
    }
    constexpr const address& input(int i) const { return of[pools + i]; }
    constexpr address& result(int i) { return of[pools + input_count<Spec> + i]; }
};

}  // namespace ashlar::detail
