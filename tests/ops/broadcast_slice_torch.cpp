// SPDX-License-Identifier: BSL-1.0
// Broadcasting and slices beside PyTorch's values and gradients.
#include "fixtures/tensor_ops.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("broadcasting", "[broadcast]") {
    {
        namespace f = fixtures::ops::broadcast_add_3x1_1x4;
        agrees([](auto a, auto b) { return a + b; }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::broadcast_mul_2x3x4_4;
        agrees([](auto a, auto b) { return a * b; }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::broadcast_sub_2x1x4_3x1;
        agrees([](auto a, auto b) { return a - b; }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::broadcast_div_3x4_3x1;
        agrees([](auto a, auto b) { return a / b; }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::broadcast_mul_rank0_2x3;
        agrees([](auto a, auto b) { return a * b; }, tensor_of(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::broadcast_add_1_2x3;
        agrees([](auto a, auto b) { return a + b; }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
}

TEST_CASE("slice", "[slice]") {
    {
        namespace f = fixtures::ops::slice_rank1_step2;
        agrees([](auto x) { return slice<0, 1, 10, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::slice_rank1_step3;
        agrees([](auto x) { return slice<0, 0, 8, 3>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::slice_dim0;
        agrees([](auto x) { return slice<0, 1, 3>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::slice_dim1_step2;
        agrees([](auto x) { return slice<1, 1, 6, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::slice_rank3_dim1_step2;
        agrees([](auto x) { return slice<1, 0, 3, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}
