// SPDX-License-Identifier: BSL-1.0
// build error: this_module_does_not_name_its_members__see_ashlar_members_or_BOOST_HANA_ADAPT_STRUCT<Block>
// max lines: 12
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

struct Block {
    nn::Linear<4, 3> layer;
};

int main() {
    Block model{};
    ashlar::initialize(model, ashlar::seed(0));
}
