// SPDX-License-Identifier: BSL-1.0
// The function of let takes another number of arguments.
// build error: the_function_of_let_does_not_take_so_many_arguments<
// max lines: 12
#include <ashlar/ashlar.hpp>
using ashlar::Tensor;

int main() {
    Tensor<float, 3> a{};
    Tensor<float, 3> c = ashlar::let(a + a, ashlar::shared(a), [](auto e) { return e * e; });
}
