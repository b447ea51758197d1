// SPDX-License-Identifier: BSL-1.0
// build error: the_model_of_an_optimizer_has_to_name_its_members__see_ashlar_members<Block>
// max lines: 11
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 3> layer;
};

int main() {
    Block model{};
    ashlar::optim::SGD sgd{model, {.lr = 0.1, .momentum = 0.9}};
}
