// SPDX-License-Identifier: BSL-1.0
// Joined, permuted and reshaped tensors beside PyTorch's values and gradients.
#include "fixtures/tensor_ops.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("concat and stack", "[concat]") {
    {
        namespace f = fixtures::ops::concat_dim0;
        agrees([](auto a, auto b) { return concat<0>(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::stack_dim0;
        agrees([](auto a, auto b) { return stack<0>(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::stack_dim1;
        agrees([](auto a, auto b) { return stack<1>(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::concat_same;
        agrees([](auto a) { return concat<0>(a, a); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a);
    }
}

TEST_CASE("concat of three", "[concat]") {
    namespace f = fixtures::ops::concat_dim1;
    const auto c = tensor_of<f::c_shape>(f::c);
    agrees([&](auto a, auto b) { return concat<1>(a, b, c); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
           tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
}

TEST_CASE("transpose, permute, reshape, expand", "[permute]") {
    {
        namespace f = fixtures::ops::transpose_01;
        agrees([](auto x) { return transpose<0, 1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::transpose_rank3_12;
        agrees([](auto x) { return transpose<1, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::permute_201;
        agrees([](auto x) { return permute<2, 0, 1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::permute_120;
        agrees([](auto x) { return permute<1, 2, 0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::reshape_2x6;
        agrees([](auto x) { return reshape<2, 6>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::reshape_transposed;
        agrees([](auto x) { return reshape<2, 6>(transpose<0, 1>(x)); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::expand_3x1_2x3x4;
        agrees([](auto x) { return expand<2, 3, 4>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}
