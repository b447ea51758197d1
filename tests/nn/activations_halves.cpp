// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Layers and functions along an axis beside PyTorch.

#include "support/units.hpp"

using namespace ashlar;
using support::agree;
namespace units = fixtures::units;

TEST_CASE("softmin and log_softmax", "[nn][activation]") {
    const auto at = support::tensor_of<units::matrix_shape>(units::matrix);
    {
        namespace f = units::softmin_dim0;
        agree(
            nn::Softmin<0>{}, [](const auto& x) { return softmin<0>(x); }, at, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
    {
        namespace f = units::softmin_dim1;
        agree(
            nn::Softmin<1>{}, [](const auto& x) { return softmin<1>(x); }, at, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
    {
        namespace f = units::log_softmax_dim1;
        agree(
            nn::LogSoftmax<1>{}, [](const auto& x) { return log_softmax<-1>(x); }, at, f::output, f::grad_input,
            f::output64, f::grad_input64);
    }
}

TEST_CASE("glu", "[nn][activation]") {
    const auto at = support::tensor_of<units::matrix_shape>(units::matrix);
    {
        namespace f = units::glu;
        agree(
            nn::GLU<>{}, [](const auto& x) { return glu(x); }, at, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
    {
        namespace f = units::glu_dim0;
        agree(
            nn::GLU<0>{}, [](const auto& x) { return glu<0>(x); }, at, f::output, f::grad_input, f::output64,
            f::grad_input64);
    }
}

TEST_CASE("swiglu is a product of its halves", "[nn][activation]") {
    const auto at = support::tensor_of<units::matrix_shape>(units::matrix);
    const auto by_hand = [](const auto& x) { return silu(slice<1, 0, 3>(x)) * slice<1, 3, 6>(x); };
    CHECK(eval(swiglu(at)) == eval(by_hand(at)));
    CHECK(eval(nn::SwiGLU<>{}(at)) == eval(by_hand(at)));
    const auto x = variable<"x">(at);
    CHECK(print(swiglu<0>(x)) == "x[:2, :] * sigmoid(x[:2, :]) * x[2:, :]");
    CHECK(eval(grad(sum(nn::SwiGLU<1>{}(x) * 2), x)) == eval(grad(sum(by_hand(x) * 2), x)));
    const Tensor<double, 2, 4> some{{-0.7, 1e-3, 0.4, 9}, {2, -3, 0.25, 1}};
    CHECK(support::central_difference_error([](auto e) { return swiglu(e) + nn::GLU<>{}(e); }, some) < 1e-8);
}
