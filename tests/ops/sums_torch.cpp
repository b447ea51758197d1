// SPDX-License-Identifier: BSL-1.0
// Sums and means beside PyTorch's values and gradients.
#include "fixtures/tensor_ops.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("sum over axes", "[sum]") {
    {
        namespace f = fixtures::ops::sum_all;
        agrees([](auto x) { return sum(x); }, tensor_of<f::x_shape>(f::x), tensor_of(f::upstream), f::output,
               f::grad_x);
    }
    {
        namespace f = fixtures::ops::sum_dim0;
        agrees([](auto x) { return sum<0>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::sum_dim1_keepdim;
        agrees([](auto x) { return sum<1, keepdim>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::sum_dims02;
        agrees([](auto x) { return sum<0, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("mean over axes", "[mean]") {
    {
        namespace f = fixtures::ops::mean_all;
        agrees([](auto x) { return mean(x); }, tensor_of<f::x_shape>(f::x), tensor_of(f::upstream), f::output,
               f::grad_x);
    }
    {
        namespace f = fixtures::ops::mean_dim1;
        agrees([](auto x) { return mean<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::mean_dims02_keepdim;
        agrees([](auto x) { return mean<0, 2, keepdim>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}
