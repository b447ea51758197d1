// SPDX-License-Identifier: BSL-1.0
// Small layers that are made of a few ops beside PyTorch: values, and gradients of what they take.

#include "fixtures/small_layers.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
using support::agrees;
using support::tensor_of;
namespace small = fixtures::small_layers;

TEST_CASE("the elements elsewhere", "[nn]") {
    {
        namespace f = small::unflatten;
        agrees(nn::Unflatten<1, 2, 3>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::permute;
        agrees(nn::Permute<2, 0, 1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::pixel_shuffle;
        agrees(nn::PixelShuffle<2>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::pixel_unshuffle;
        agrees(nn::PixelUnshuffle<2>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::upsample_signals;
        agrees(nn::Upsample<3>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::upsample_images;
        agrees(nn::Upsample<2>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
}

TEST_CASE("something around signals and images", "[nn]") {
    {
        namespace f = small::zero_pad2d;
        agrees(nn::ZeroPad2d<1, 0, 2, -1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::constant_pad1d;
        agrees(nn::ConstantPad1d<1>{0.5}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::constant_pad2d;
        agrees(nn::ConstantPad2d<0, 1, 1, 2>{-2.5}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::reflection_pad1d;
        agrees(nn::ReflectionPad1d<2, 1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::reflection_pad2d;
        agrees(nn::ReflectionPad2d<1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::replication_pad1d;
        agrees(nn::ReplicationPad1d<2>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::replication_pad2d;
        agrees(nn::ReplicationPad2d<2, 1, 0, 1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::circular_pad1d;
        agrees(nn::CircularPad1d<1, 3>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
    {
        namespace f = small::circular_pad2d;
        agrees(nn::CircularPad2d<1>{}, tensor_of<f::input_shape>(f::input),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_input, 0);
    }
}
