// SPDX-License-Identifier: BSL-1.0
// A workspace belongs to an expression.
// build error: a Workspace belongs to an expression
// max lines: 15
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;
using Model = nn::Sequential<nn::Linear<4, 8>, nn::ReLU, nn::Linear<8, 2>>;

int main() {
    ashlar::Workspace<Model> scratch;
}
