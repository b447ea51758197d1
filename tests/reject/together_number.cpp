// SPDX-License-Identifier: BSL-1.0
// Two results into three tensors.
// build error: several_results_and_targets_differ_in_number<2.*, 3
// max lines: 12
#include <ashlar/ashlar.hpp>

#include <tuple>
using ashlar::Tensor;

int main() {
    Tensor<float, 3> a{}, b{}, c{};
    ashlar::evaluate(ashlar::together(a + b, a * b), std::tie(a, b, c));
}
