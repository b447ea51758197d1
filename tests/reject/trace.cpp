// SPDX-License-Identifier: BSL-1.0
// build error: trace_takes_a_matrix<.*Shape<12>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 4, 3> a{};
    const auto b = ashlar::eval(ashlar::trace(ashlar::reshape<12>(a)));
}
