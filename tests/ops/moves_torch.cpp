// SPDX-License-Identifier: BSL-1.0
// Flipped, rolled, repeated and padded tensors beside PyTorch's values and gradients.
#include "fixtures/movement.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("squeeze, flip, movedim", "[view]") {
    {
        namespace f = fixtures::movement::squeeze_all;
        agrees([](auto x) { return squeeze(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::flip_01;
        agrees([](auto x) { return flip<0, 1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::flip_02;
        agrees([](auto x) { return flip<0, -1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::movedim_0_2;
        agrees([](auto x) { return movedim<0, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::movedim_2_0;
        agrees([](auto x) { return movedim<-1, 0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("roll", "[roll]") {
    {
        namespace f = fixtures::movement::roll_1_0;
        agrees([](auto x) { return roll<1, 0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::roll_minus2_1;
        agrees([](auto x) { return roll<-2, 1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::roll_9_1;
        agrees([](auto x) { return roll<9, -1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::roll_5;
        agrees([](auto x) { return roll<5>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::roll_4_1;
        agrees([](auto x) { return roll<4, 1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("repeat and tile", "[repeat]") {
    {
        namespace f = fixtures::movement::repeat_23;
        agrees([](auto x) { return repeat<2, 3>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::repeat_new;
        agrees([](auto x) { return repeat<2, 1, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::repeat_2222;
        agrees([](auto x) { return repeat<2, 2, 2, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::tile_2;
        agrees([](auto x) { return tile<2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("pad", "[pad]") {
    {
        namespace f = fixtures::movement::pad_12;
        agrees([](auto x) { return pad<1, 2>(x, 0.5); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::pad_1001;
        agrees([](auto x) { return pad<1, 0, 0, 1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::pad_negative;
        agrees([](auto x) { return pad<-1, 1, 1, -2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::pad_reflect;
        agrees([](auto x) { return pad_reflect<3, 2, 1, 2>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::pad_replicate;
        agrees([](auto x) { return pad_replicate<1, 2, 2, 0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::movement::pad_circular;
        agrees([](auto x) { return pad_circular<4, 2, 0, 3>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}
