// SPDX-License-Identifier: BSL-1.0
// Extrema and their indices beside PyTorch's values and gradients.
#include "fixtures/tensor_ops.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::first_difference;
using support::tensor_of;

TEST_CASE("max over axes", "[max]") {
    {
        namespace f = fixtures::ops::max_all;
        agrees([](auto x) { return max(x); }, tensor_of<f::x_shape>(f::x), tensor_of(f::upstream), f::output,
               f::grad_x);
    }
    {
        namespace f = fixtures::ops::max_all_ties;
        agrees([](auto x) { return max(x); }, tensor_of<f::x_shape>(f::x), tensor_of(f::upstream), f::output,
               f::grad_x);
    }
    {
        namespace f = fixtures::ops::max_dim0;
        agrees([](auto x) { return max<0>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::max_dim1;
        agrees([](auto x) { return max<1>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::max_dim1_keepdim;
        agrees([](auto x) { return max<1, keepdim>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::max_dim1_ties;
        agrees([](auto x) { return max<1>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::max_dim1_nan;
        agrees([](auto x) { return max<1>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
}

TEST_CASE("argmax over axes", "[argmax]") {
    {
        namespace f = fixtures::ops::argmax_all;
        CHECK(first_difference(eval([](const auto& x) { return argmax(x); }(tensor_of<f::x_shape>(f::x))), f::output,
                               0) == -1);
    }
    {
        namespace f = fixtures::ops::argmax_dim0;
        CHECK(first_difference(eval([](const auto& x) { return argmax<0>(x); }(tensor_of<f::x_shape>(f::x))), f::output,
                               0) == -1);
    }
    {
        namespace f = fixtures::ops::argmax_dim1_keepdim;
        CHECK(first_difference(eval([](const auto& x) { return argmax<1, keepdim>(x); }(tensor_of<f::x_shape>(f::x))),
                               f::output, 0) == -1);
    }
    {
        namespace f = fixtures::ops::argmax_dim1_ties;
        CHECK(first_difference(eval([](const auto& x) { return argmax<1>(x); }(tensor_of<f::x_shape>(f::x))), f::output,
                               0) == -1);
    }
}

TEST_CASE("min over axes", "[min]") {
    {
        namespace f = fixtures::ops::min_all;
        agrees([](auto x) { return min(x); }, tensor_of<f::x_shape>(f::x), tensor_of(f::upstream), f::output,
               f::grad_x);
    }
    {
        namespace f = fixtures::ops::min_all_ties;
        agrees([](auto x) { return min(x); }, tensor_of<f::x_shape>(f::x), tensor_of(f::upstream), f::output,
               f::grad_x);
    }
    {
        namespace f = fixtures::ops::min_dim0;
        agrees([](auto x) { return min<0>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::min_dim1;
        agrees([](auto x) { return min<1>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::min_dim1_keepdim;
        agrees([](auto x) { return min<1, keepdim>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::min_dim1_ties;
        agrees([](auto x) { return min<1>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
    {
        namespace f = fixtures::ops::min_dim1_nan;
        agrees([](auto x) { return min<1>(x); }, tensor_of<f::x_shape>(f::x), tensor_of<f::upstream_shape>(f::upstream),
               f::output, f::grad_x);
    }
}

TEST_CASE("argmin over axes", "[argmin]") {
    {
        namespace f = fixtures::ops::argmin_all;
        CHECK(first_difference(eval([](const auto& x) { return argmin(x); }(tensor_of<f::x_shape>(f::x))), f::output,
                               0) == -1);
    }
    {
        namespace f = fixtures::ops::argmin_dim0;
        CHECK(first_difference(eval([](const auto& x) { return argmin<0>(x); }(tensor_of<f::x_shape>(f::x))), f::output,
                               0) == -1);
    }
    {
        namespace f = fixtures::ops::argmin_dim1_keepdim;
        CHECK(first_difference(eval([](const auto& x) { return argmin<1, keepdim>(x); }(tensor_of<f::x_shape>(f::x))),
                               f::output, 0) == -1);
    }
    {
        namespace f = fixtures::ops::argmin_dim1_ties;
        CHECK(first_difference(eval([](const auto& x) { return argmin<1>(x); }(tensor_of<f::x_shape>(f::x))), f::output,
                               0) == -1);
    }
}

TEST_CASE("minimum and maximum share ties", "[minimum]") {
    {
        namespace f = fixtures::ops::minimum;
        agrees([](auto a, auto b) { return minimum(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::ops::maximum;
        agrees([](auto a, auto b) { return maximum(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of<f::b_shape>(f::b),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
}
