// SPDX-License-Identifier: BSL-1.0
// build error: initializer_rows_differ_in_length<.*Shape<2, 2, 2>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 2, 2, 2> x{{{1, 2}, {3, 4}}, {{5, 6}}};
}
