// SPDX-License-Identifier: BSL-1.0
// An expression has no parts.
// build error: parts_are_those_of_several_results<
// max lines: 14
#include <ashlar/ashlar.hpp>
using ashlar::Tensor;

int main() {
    Tensor<float, 3> a{};
    auto parts = ashlar::parts(a + a);
}
