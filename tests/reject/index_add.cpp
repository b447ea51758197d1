// SPDX-License-Identifier: BSL-1.0
// build error: what_is_added_needs_an_element_for_each_that_the_index_names<.*Shape<5, 3>.*Shape<5, 4>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<int, 5> index{};
    ashlar::Tensor<float, 5, 4> rows{};
    a = ashlar::index_add<0>(a, index, rows);
}
