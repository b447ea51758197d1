// SPDX-License-Identifier: BSL-1.0
#include "../measure.hpp"
#include "cliffs.hpp"

#include <utility>

template <class Sweep, std::size_t... Chunk> static void add_sweep(std::index_sequence<Chunk...>) {
    (cliffs::add<Sweep, 1 + Chunk * cliffs::chunk>(), ...);
}

int main(int argc, char** argv) {
    static_assert(cliffs::last % cliffs::chunk == 0);
    constexpr auto chunks = std::make_index_sequence<cliffs::last / cliffs::chunk>{};
    add_sweep<cliffs::cube>(chunks);
    add_sweep<cliffs::depth>(chunks);
    add_sweep<cliffs::vector>(chunks);
    add_sweep<cliffs::outer>(chunks);
    return bench::run(argc, argv);
}
