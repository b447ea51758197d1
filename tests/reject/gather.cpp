// SPDX-License-Identifier: BSL-1.0
// build error: gather_needs_an_index_that_fits<.*Shape<4, 3>.*Shape<5, 9>.*1
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<int, 5, 9> index{};
    ashlar::Tensor<float, 5, 9> b = ashlar::gather<1>(a, index);
}
