// SPDX-License-Identifier: BSL-1.0
// labels: widths fastmath
// Powers, bounds and choices at their edges beside PyTorch's values and gradients.
#include "fixtures/tensor_ops.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("pow with a number as exponent", "[pow]") {
    {
        namespace f = fixtures::ops::pow_3;
        agrees([](auto x) { return pow(x, 3); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_2;
        agrees([](auto x) { return pow(x, 2); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_1;
        agrees([](auto x) { return pow(x, 1); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_0;
        agrees([](auto x) { return pow(x, 0); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_half;
        agrees([](auto x) { return pow(x, 0.5); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_2_5;
        agrees([](auto x) { return pow(x, 2.5); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_minus2;
        agrees([](auto x) { return pow(x, -2); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_minus1;
        agrees([](auto x) { return pow(x, -1); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("pow with an exponent known while compiling", "[pow]") {
    {
        namespace f = fixtures::ops::pow_3;
        agrees([](auto x) { return pow<3>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_2;
        agrees([](auto x) { return square(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_1;
        agrees([](auto x) { return pow<1>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_0;
        agrees([](auto x) { return pow<0>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_half;
        agrees([](auto x) { return sqrt(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_minus2;
        agrees([](auto x) { return pow<-2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::pow_minus1;
        agrees([](auto x) { return pow<-1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("pow of two tensors", "[pow]") {
    {
        namespace f = fixtures::ops::pow_tensor;
        agrees([](auto x, auto y) { return pow(x, y); }, tensor_of<f::x_shape>(f::x), tensor_of<f::y_shape>(f::y),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x, f::grad_y);
    }
}

TEST_CASE("clamp, abs, sqrt, relu at their edges", "[clamp]") {
    {
        namespace f = fixtures::ops::clamp;
        agrees([](auto x) { return clamp(x, -1, 2); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::abs;
        agrees([](auto x) { return abs(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::sqrt;
        agrees([](auto x) { return sqrt(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::relu;
        agrees([](auto x) { return relu(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
}

TEST_CASE("where", "[where]") {
    {
        namespace f = fixtures::ops::where;
        agrees([](auto a, auto b) { return where(tensor_of<f::c_shape>(f::c), a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::where_broadcast;
        agrees([](auto a, auto b) { return where(tensor_of<f::c_shape>(f::c), a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::where_inf;
        agrees([](auto a, auto b) { return where(tensor_of<f::c_shape>(f::c), a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
}
