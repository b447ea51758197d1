// SPDX-License-Identifier: BSL-1.0
// Triangles, diagonals and windows beside PyTorch's values and gradients.
#include "fixtures/movement.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("tril and triu", "[tril]") {
    {
        namespace f = fixtures::movement::tril;
        agrees([](auto x) { return tril(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::tril_1;
        agrees([](auto x) { return tril<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::tril_minus2;
        agrees([](auto x) { return tril<-2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::triu;
        agrees([](auto x) { return triu(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::triu_1;
        agrees([](auto x) { return triu<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::triu_minus2;
        agrees([](auto x) { return triu<-2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("diagonal and trace", "[diagonal]") {
    {
        namespace f = fixtures::movement::diagonal;
        agrees([](auto x) { return diagonal(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::diagonal_2;
        agrees([](auto x) { return diagonal<2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::diagonal_minus1;
        agrees([](auto x) { return diagonal<-1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::diagonal_1_0_2;
        agrees([](auto x) { return diagonal<1, 0, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::diagonal_1_2_1;
        agrees([](auto x) { return diagonal<1, 2, 1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::trace;
        agrees([](auto x) { return trace(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("unfold", "[unfold]") {
    {
        namespace f = fixtures::movement::unfold_3_1;
        agrees([](auto x) { return unfold<1, 3, 1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::unfold_2_2;
        agrees([](auto x) { return unfold<0, 2, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::unfold_middle;
        agrees([](auto x) { return unfold<1, 2, 1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::unfold_twice;
        agrees([](auto x) { return unfold<1, 3, 1>(unfold<0, 2, 1>(x)); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("masked_fill", "[where]") {
    namespace f = fixtures::movement::masked_fill;
    const auto mask = tensor_of<f::mask_shape>(f::mask);
    agrees([&](auto x) { return masked_fill(x, mask, 7); }, tensor_of<f::x_shape>(f::x),
           tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
}
