// SPDX-License-Identifier: BSL-1.0
// The path comes first.
// build error: a_visitor_takes_a_parameter_or_a_path_and_a_parameter<
// max lines: 12
#include <ashlar/ashlar.hpp>
namespace nn = ashlar::nn;

int main() {
    nn::Linear<4, 4> model{ashlar::seed(0)};
    ashlar::for_each_parameter(model, [](auto& parameter, const char* path) { parameter(0) = path[0]; });
}
