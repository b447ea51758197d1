// SPDX-License-Identifier: BSL-1.0
// PyTorch's sum(x, 1, True).
// build error: axes_are_whole_numbers_and_keepdim_is_a_word__as_in_sum_1_keepdim<.*bool>
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    const Tensor<float, 2, 3> a{};
    sum<1, true>(a);
}
