// SPDX-License-Identifier: BSL-1.0
// A tensor whose type is left to the compiler.
// build error: is_element<.*write_the_type_and_the_extents_of_a_tensor_as_in_Tensor_float_2_3|the elements of a Tensor
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    Tensor t{1, 2, 3};
}
