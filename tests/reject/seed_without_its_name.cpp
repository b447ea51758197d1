// SPDX-License-Identifier: BSL-1.0
// A seed that may as well be anything else.
// build error: the_seed_of_a_model_is_given_as_ashlar_seed_of_a_number<int>
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    Model m{0};
}
