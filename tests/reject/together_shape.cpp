// SPDX-License-Identifier: BSL-1.0
// A result into a tensor of another shape.
// build error: assigned_shape_differs<.*Shape<3>, .*Shape<>
// max lines: 12
#include <ashlar/ashlar.hpp>

#include <tuple>
using ashlar::Tensor;

int main() {
    Tensor<float, 3> a{}, b{};
    ashlar::evaluate(ashlar::together(a + b, sum(a)), std::tie(a, b));
}
