// SPDX-License-Identifier: BSL-1.0
// labels: fastmath
// softmax and logsumexp beside PyTorch's values and gradients.
#include "fixtures/tensor_ops.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("logsumexp", "[logsumexp]") {
    {
        namespace f = fixtures::ops::logsumexp_dim0;
        agrees([](auto x) { return logsumexp<0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::logsumexp_dim1_keepdim;
        agrees([](auto x) { return logsumexp<1, keepdim>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::logsumexp_dims02;
        agrees([](auto x) { return logsumexp<0, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::logsumexp_large;
        agrees([](auto x) { return logsumexp<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::logsumexp_inf;
        agrees([](auto x) { return logsumexp<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("softmax", "[softmax]") {
    {
        namespace f = fixtures::ops::softmax_dim0;
        agrees([](auto x) { return softmax<0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::softmax_dim1;
        agrees([](auto x) { return softmax<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::softmax_last;
        agrees([](auto x) { return softmax<-1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::softmax_rank1;
        agrees([](auto x) { return softmax<0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::softmax_inf;
        agrees([](auto x) { return softmax<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}
