// SPDX-License-Identifier: BSL-1.0
// build error: assigned_shape_differs<
// max lines: 12
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 3> x{1, 2, 3};
    ashlar::Tensor<float, 4> out;
    ashlar::evaluate(x + 1.0f, out);
}
