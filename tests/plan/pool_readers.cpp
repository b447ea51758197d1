// SPDX-License-Identifier: BSL-1.0
// A pool that takes what a convolution gives is computed with
// it; what reads it later reads the pool, not the convolution.
#include "support/catch.hpp"

#include "support/fill.hpp"

#include <ashlar/ashlar.hpp>

#include <algorithm>

using ashlar::Tensor;
namespace nn = ashlar::nn;

namespace {

struct Pooled {
    nn::Conv2d<1, 1, 3> conv;
    nn::MaxPool2d<2> pool;
    constexpr auto operator()(ashlar::expression auto x) const { return pool(conv(x)); }
};

// The pool beside what has more elements than it; its sum along one axis.
struct Repeated {
    nn::Conv2d<1, 1, 3> conv;
    nn::MaxPool2d<2> pool;
    constexpr auto operator()(ashlar::expression auto x) const {
        const auto y = pool(conv(x));
        return ashlar::expand<2, 3, 4, 4>(y) * ashlar::expand<2, 3, 4, 4>(sum<2, ashlar::keepdim>(y));
    }
};

}  // namespace

BOOST_HANA_ADAPT_STRUCT(Pooled, conv, pool);
BOOST_HANA_ADAPT_STRUCT(Repeated, conv, pool);

TEST_CASE("what reads a pool after the step of its convolution", "[plan]") {
    Pooled pooled;
    support::fill(pooled.conv.weight, 3);
    pooled.conv.bias = Tensor<float, 1>{0.5f};
    Tensor<float, 2, 1, 10, 10> x;
    support::fill(x, 1);
    // By hand: the windows, their maxima, the bias.
    Tensor<float, 2, 1, 4, 4> expected;
    const auto conv_at = [&](int n, int i, int j) {
        float s = 0;
        for (int p = 0; p < 3; ++p)
            for (int q = 0; q < 3; ++q) s += x(n, 0, i + p, j + q) * pooled.conv.weight(0, 0, p, q);
        return s + 0.5f;
    };
    for (int n = 0; n < 2; ++n)
        for (int i = 0; i < 4; ++i)
            for (int j = 0; j < 4; ++j)
                expected(n, 0, i, j) = std::max({conv_at(n, 2 * i, 2 * j), conv_at(n, 2 * i, 2 * j + 1),
                                                 conv_at(n, 2 * i + 1, 2 * j), conv_at(n, 2 * i + 1, 2 * j + 1)});
    CHECK(ashlar::eval(ashlar::call(pooled, x)) == expected);

    const Tensor<float, 2, 1, 4> rows = sum<3>(ashlar::call(pooled, x));
    for (int n = 0; n < 2; ++n)
        for (int i = 0; i < 4; ++i) {
            float s = 0;
            for (int j = 0; j < 4; ++j) s += expected(n, 0, i, j);
            CHECK(rows(n, 0, i) == s);
        }
    Repeated repeated;
    repeated.conv = pooled.conv;
    const Tensor<float, 2, 3, 4, 4> products = ashlar::call(repeated, x);
    for (int n = 0; n < 2; ++n)
        for (int c = 0; c < 3; ++c)
            for (int i = 0; i < 4; ++i)
                for (int j = 0; j < 4; ++j) {
                    float s = 0;
                    for (int k = 0; k < 4; ++k) s += expected(n, 0, k, j);
                    CHECK(products(n, c, i, j) == expected(n, 0, i, j) * s);
                }
}
