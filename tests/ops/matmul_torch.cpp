// SPDX-License-Identifier: BSL-1.0
// Matrix products of all ranks beside PyTorch's values and gradients.
#include "fixtures/tensor_ops.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("matmul of vectors and matrices", "[matmul]") {
    {
        namespace f = fixtures::ops::matmul_1x1;
        agrees([](auto a, auto b) { return matmul(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::matmul_2x1;
        agrees([](auto a, auto b) { return matmul(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::matmul_1x2;
        agrees([](auto a, auto b) { return matmul(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::matmul_2x2;
        agrees([](auto a, auto b) { return matmul(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
}

TEST_CASE("matmul in batches", "[matmul]") {
    {
        namespace f = fixtures::ops::matmul_3x1;
        agrees([](auto a, auto b) { return matmul(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::matmul_1x3;
        agrees([](auto a, auto b) { return matmul(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::matmul_3x2;
        agrees([](auto a, auto b) { return matmul(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::matmul_2x3;
        agrees([](auto a, auto b) { return matmul(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::matmul_3x3;
        agrees([](auto a, auto b) { return matmul(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::matmul_3x3_one;
        agrees([](auto a, auto b) { return matmul(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::matmul_4x3;
        agrees([](auto a, auto b) { return matmul(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
}
