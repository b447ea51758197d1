// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Layers and functions of straight lines beside PyTorch.

#include "support/units.hpp"

using namespace ashlar;
using support::agree;
namespace units = fixtures::units;

TEST_CASE("hard functions", "[nn][activation]") {
    // PyTorch takes a float 1 / 6 in double, too.
    {
        namespace f = units::hardtanh;
        agree(
            nn::Hardtanh{}, [](const auto& x) { return hardtanh(x); }, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
    {
        namespace f = units::relu6;
        agree(
            nn::ReLU6{}, [](const auto& x) { return relu6(x); }, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
    {
        namespace f = units::hardsigmoid;
        agree(
            nn::Hardsigmoid{}, [](const auto& x) { return hardsigmoid(x); }, f::output, f::grad_input, f::output64,
            f::grad_input64, 1e-7);
    }
    {
        namespace f = units::hardswish;
        agree(
            nn::Hardswish{}, [](const auto& x) { return hardswish(x); }, f::output, f::grad_input, f::output64,
            f::grad_input64, 1e-7);
    }
}

TEST_CASE("shrinks", "[nn][activation]") {
    {
        namespace f = units::hardshrink;
        agree(
            nn::Hardshrink{}, [](const auto& x) { return hardshrink(x); }, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
    {
        namespace f = units::hardshrink_1;
        agree(
            nn::Hardshrink{1}, [](const auto& x) { return hardshrink(x, 1); }, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
    {
        namespace f = units::softshrink;
        agree(
            nn::Softshrink{}, [](const auto& x) { return softshrink(x); }, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
    {
        namespace f = units::softshrink_1;
        agree(
            nn::Softshrink{.lambd = 1}, [](const auto& x) { return softshrink(x, 1); }, f::output, f::grad_input,
            f::output64, f::grad_input64);
    }
}

TEST_CASE("threshold", "[nn][activation]") {
    {
        namespace f = units::threshold;
        agree((nn::Threshold{0.5, 20}), [](const auto& x) { return threshold(x, 0.5, 20); }, f::output, f::grad_input,
              f::output64, f::grad_input64);
    }
}
