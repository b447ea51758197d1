// SPDX-License-Identifier: BSL-1.0
// build error: two_leaves_of_one_name_differ<.*3>.*2, 3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    ashlar::Tensor<float, 3> a{};
    ashlar::Tensor<float, 2, 3> b{};
    auto x = ashlar::variable<"x">(a);
    auto y = ashlar::variable<"x">(b);
    ashlar::Tensor<float, 2, 3> c = x + y;
}
