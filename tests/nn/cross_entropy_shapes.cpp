// SPDX-License-Identifier: BSL-1.0
// Cross entropy of other shapes beside PyTorch: without a batch, and with more axes behind the classes.
#include "support/catch.hpp"

#include "fixtures/losses.hpp"
#include "support/fixture.hpp"

namespace nn = ashlar::nn;
using support::first_difference;
using support::tensor_of;

template <class Loss, class X, class Y, std::size_t M>
static void agrees(const Loss& criterion, const X& at, const Y& target, const float (&output)[1],
                   const float (&gradient)[M]) {
    const auto x = ashlar::variable<"x">(at);
    CHECK(first_difference(ashlar::eval(criterion(x, target)), output, 2e-6) == -1);
    CHECK(first_difference(ashlar::eval(grad(criterion(x, target), x)), gradient, 2e-6) == -1);
}

TEST_CASE("one row without a batch", "[nn][loss]") {
    {
        namespace f = fixtures::ce_index_unbatched_mean;
        agrees(nn::CrossEntropyLoss{}, tensor_of<f::input_shape>(f::input), tensor_of(f::target), f::output,
               f::grad_input);
    }
    {
        namespace f = fixtures::ce_index_unbatched_sum;
        agrees(nn::CrossEntropyLoss<nn::reduction::sum>{}, tensor_of<f::input_shape>(f::input), tensor_of(f::target),
               f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_prob_unbatched_mean;
        agrees(nn::CrossEntropyLoss{}, tensor_of<f::input_shape>(f::input), tensor_of<f::target_shape>(f::target),
               f::output, f::grad_input);
    }
}

TEST_CASE("classes on axis 1 of three", "[nn][loss]") {
    {
        namespace f = fixtures::ce_index_rank3;
        agrees(nn::CrossEntropyLoss{}, tensor_of<f::input_shape>(f::input), tensor_of<f::target_shape>(f::target),
               f::output, f::grad_input);
    }
    {
        namespace f = fixtures::ce_prob_rank3;
        agrees(nn::CrossEntropyLoss{}, tensor_of<f::input_shape>(f::input), tensor_of<f::target_shape>(f::target),
               f::output, f::grad_input);
    }
}
