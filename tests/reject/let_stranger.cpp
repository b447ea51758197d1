// SPDX-License-Identifier: BSL-1.0
// The function of let uses a tensor that is no argument.
// build error: the_function_of_let_uses_a_tensor_that_is_no_argument__give_it_as_ashlar_shared
// max lines: 12
#include <ashlar/ashlar.hpp>
using ashlar::Tensor;

static const Tensor<float, 3> scale{1, 2, 3};

int main() {
    Tensor<float, 3> a{};
    Tensor<float, 3> c = ashlar::let(a + a, [](auto e) { return e * scale; });
}
