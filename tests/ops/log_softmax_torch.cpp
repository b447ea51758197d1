// SPDX-License-Identifier: BSL-1.0
// log_softmax beside PyTorch's values and gradients.
#include "fixtures/tensor_ops.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("log_softmax", "[log_softmax]") {
    {
        namespace f = fixtures::ops::log_softmax_dim0;
        agrees([](auto x) { return log_softmax<0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::log_softmax_dim1;
        agrees([](auto x) { return log_softmax<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::log_softmax_last;
        agrees([](auto x) { return log_softmax<-1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::log_softmax_rank1;
        agrees([](auto x) { return log_softmax<0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::log_softmax_inf;
        agrees([](auto x) { return log_softmax<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}
