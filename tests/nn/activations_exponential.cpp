// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Layers and functions with exponentials beside PyTorch.

#include "support/units.hpp"

using namespace ashlar;
using support::agree;
namespace units = fixtures::units;

TEST_CASE("exponential units", "[nn][activation]") {
    {
        namespace f = units::elu;
        agree(nn::ELU{}, [](const auto& x) { return elu(x); }, f::output, f::grad_input, f::output64, f::grad_input64);
    }
    {
        namespace f = units::elu_half;
        agree(
            nn::ELU{0.5}, [](const auto& x) { return elu(x, 0.5); }, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
    {
        namespace f = units::selu;
        agree(
            nn::SELU{}, [](const auto& x) { return selu(x); }, f::output, f::grad_input, f::output64, f::grad_input64);
    }
    {
        namespace f = units::celu;
        agree(
            nn::CELU{}, [](const auto& x) { return celu(x); }, f::output, f::grad_input, f::output64, f::grad_input64);
    }
    {
        namespace f = units::celu_two;
        agree(
            nn::CELU{.alpha = 2}, [](const auto& x) { return celu(x, 2); }, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
}

TEST_CASE("mish and the logarithm of the sigmoid", "[nn][activation]") {
    {
        namespace f = units::mish;
        agree(
            nn::Mish{}, [](const auto& x) { return mish(x); }, f::output, f::grad_input, f::output64, f::grad_input64);
    }
    {
        namespace f = units::logsigmoid;
        agree(
            nn::LogSigmoid{}, [](const auto& x) { return logsigmoid(x); }, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
}

TEST_CASE("softsign and tanhshrink", "[nn][activation]") {
    {
        namespace f = units::softsign;
        agree(
            nn::Softsign{}, [](const auto& x) { return softsign(x); }, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
    {
        namespace f = units::tanhshrink;
        agree(
            nn::Tanhshrink{}, [](const auto& x) { return tanhshrink(x); }, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
}
