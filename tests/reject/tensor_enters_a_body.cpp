// SPDX-License-Identifier: BSL-1.0
// build error: no match(ing function)? for call
// build error: a_tensor_enters_a_module_through_ashlar_call
// max lines: 20
#include <ashlar/ashlar.hpp>

int main() {
    auto block = [](ashlar::expression auto x) { return x + tanh(x); };
    ashlar::Tensor<float, 3> a{};
    ashlar::Tensor<float, 3> b = block(a);
}
