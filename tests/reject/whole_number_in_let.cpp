// SPDX-License-Identifier: BSL-1.0
// A graph keeps its numbers as double, which has no 2^53 + 1.
// build error: the_function_of_let_uses_a_whole_number_beyond_2_to_the_53__give_it_as_ashlar_shared
#include <ashlar/ashlar.hpp>
#include <cstdint>
using ashlar::Tensor;

int main() {
    const Tensor<std::int64_t, 2> x{1, 2};
    Tensor<std::int64_t, 2> y = ashlar::let(x, [](auto v) { return v + 9007199254740993; });
}
