// SPDX-License-Identifier: BSL-1.0
// Movement, einsum, cumprod and topk in a module's body, beside members and options; numbers computed by hand.

#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

using namespace ashlar;

struct LargestOfProduct {
    Tensor<float, 3, 4> weight;
    option outside = 0.5;

    constexpr auto operator()(expression auto x) const {
        const auto y = einsum<"bi,oi->bo">(x, weight);
        const auto [most, places] = parts(topk<2>(y));
        const auto below = cumprod<1>(tril(pad<1, 0>(most, outside)));
        return pad_reflect<1, 0>(most) + below + sum<1, keepdim>(to<float>(places)) + trace(y);
    }
};
BOOST_HANA_ADAPT_STRUCT(LargestOfProduct, weight, outside);

struct ContractionOfMembers {
    Tensor<float, 2, 3> a, b;

    constexpr auto operator()(expression auto x) const {
        return tensordot<axes<0>, axes<1>>(diagonal(a), einsum<"ij,kj,k->ik">(flip<1>(b), a, x));
    }
};
BOOST_HANA_ADAPT_STRUCT(ContractionOfMembers, a, b);

TEST_CASE("operands are members, options and what the body computes", "[bodies]") {
    const LargestOfProduct block{Tensor<float, 3, 4>{{1, 2, 3, 4}, {0, 1, 0, 1}, {2, 2, 2, 2}}};
    const Tensor<float, 2, 4> x{{1, 0, 0, 1}, {0, 1, 2, 0}};
    // y is {{5, 1, 4}, {8, 1, 6}}; its largest are 5, 4 and 8, 6 at 0, 2; the triangle {{.5, 0, 0}, {.5, 8, 0}}.
    CHECK(eval(call(block, x)) == Tensor<float, 2, 3>{{12.5f, 13, 12}, {14.5f, 20, 14}});
    const auto [loss, gradient] = value_and_grad(sum(call(block, x)), block);
    CHECK(loss == 86);
    CHECK(gradient.weight == Tensor<float, 3, 4>{{7, 1.5f, 3, 7}, {0, 6, 12, 0}, {2, 2, 4, 2}});
}

TEST_CASE("contractions of members alone and with the input", "[bodies]") {
    const ContractionOfMembers model{{{1, 2, 3}, {4, 5, 6}}, {{1, 0, 2}, {0, 1, 1}}};
    const Tensor<float, 2> x{1, 10};
    // Flipped b is {{2, 0, 1}, {1, 1, 0}}, the sum over j {{5, 14}, {3, 9}}, with x {{5, 140}, {3, 90}};
    // the diagonal is 1, 5.
    CHECK(eval(call(model, x)) == Tensor<float, 2>{705, 453});
}
