// SPDX-License-Identifier: BSL-1.0
// labels: text
// Words that are macros in the headers of Qt, X11, Windows,
// curses and C, defined in front of the library: it uses none.
#include <charconv>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iosfwd>
#include <limits>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "fixtures/macros.hpp"

#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>
namespace nn = ashlar::nn;
using ashlar::Tensor;

#if !defined(I) || !defined(Bool) || !defined(max)
    #error "a header takes a macro away"
#endif

namespace {

struct block {
    nn::Linear<2, 2> first;
    constexpr auto operator()(ashlar::expression auto x) const { return x + relu(first(x)); }
};

}  // namespace
BOOST_HANA_ADAPT_STRUCT(block, first);

// The library works among them; a function of their names is called in parentheses where it has no <...>.
int main() {
    const Tensor<float, 2, 2> x{{1, 4}, {3, 2}};
    const Tensor<float, 2> largest = ashlar::max<1>(x);
    const float least = (ashlar::min)(x);
    nn::Sequential<block, nn::Linear<2, 2>> model{ashlar::seed(0)};
    ashlar::optim::SGD sgd{model, {.lr = 0.1}};
    const Tensor<int, 2> y{0, 1};
    const float loss = sgd.step(nn::CrossEntropyLoss{}(model(x), y));
    return largest(0) == 4 && least == 1 && loss > 0 && !ashlar::eval((ashlar::isnan)(x))(0, 0) ? 0 : 1;
}
