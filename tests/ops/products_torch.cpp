// SPDX-License-Identifier: BSL-1.0
// Products and variances beside PyTorch's values and gradients.
#include "fixtures/tensor_ops.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("prod, also of zeros", "[prod]") {
    {
        namespace f = fixtures::ops::prod_all;
        agrees([](auto x) { return prod(x); }, tensor_of<f::x_shape>(f::x), tensor_of(f::upstream), f::output,
               f::grad_x);
    }
    {
        namespace f = fixtures::ops::prod_dim0;
        agrees([](auto x) { return prod<0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::prod_dim1_zeros;
        agrees([](auto x) { return prod<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::prod_all_one_zero;
        agrees([](auto x) { return prod(x); }, tensor_of<f::x_shape>(f::x), tensor_of(f::upstream), f::output,
               f::grad_x);
    }
}

TEST_CASE("var, unbiased and biased", "[var]") {
    {
        namespace f = fixtures::ops::var_dim0;
        agrees([](auto x) { return var<0>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::var_dim1_keepdim;
        agrees([](auto x) { return var<1, keepdim>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::var_all;
        agrees([](auto x) { return var(x); }, tensor_of<f::x_shape>(f::x), tensor_of(f::upstream), f::output,
               f::grad_x);
    }
    {
        namespace f = fixtures::ops::var_dim0_biased;
        agrees([](auto x) { return var<0, biased>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::var_dim0_single;
        agrees([](auto x) { return var<0>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
}
