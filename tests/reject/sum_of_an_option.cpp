// SPDX-License-Identifier: BSL-1.0
// A sum of a number.
// build error: a_reduction_takes_tensors_and_expressions__not_a_number<ashlar::option>
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    const ashlar::option rate = 0.1;
    sum(rate);
}
