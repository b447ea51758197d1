// SPDX-License-Identifier: BSL-1.0
// An optimizer of nothing.
// build error: an_optimizer_takes_a_model_and_then_its_options_in_braces
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

int main() {
    ashlar::optim::SGD sgd{};
}
