// SPDX-License-Identifier: BSL-1.0
// build error: what_is_added_needs_an_element_for_each_that_the_index_names<.*Shape<2, 3>.*float
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 4, 3> a{};
    ashlar::Tensor<int, 2, 3> index{};
    a = ashlar::scatter_add<0>(a, index, 1.0f);
}
