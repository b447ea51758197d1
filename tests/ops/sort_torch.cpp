// SPDX-License-Identifier: BSL-1.0
// cumprod, logcumsumexp, sort and topk beside PyTorch's values, places and gradients.
#include "fixtures/along.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

namespace {

// The values as any function; the places as they are.
template <class F, class X, class Upstream, std::size_t N>
void orders(F f, const X& x, const Upstream& upstream, const double* output, const int (&places)[N],
            const double* gradient) {
    agrees([&](auto at) { return parts(f(at)).template get<0>(); }, x, upstream, output, gradient);
    const auto [values, at] = eval(f(x));
    static_assert(std::same_as<decltype(at.data()), const int*>);
    REQUIRE(at.size() == N);
    CHECK(support::first_difference(values, output, 0) == -1);
    for (std::size_t i = 0; i < N; ++i) CHECK(at.data()[i] == places[i]);
}

}  // namespace

TEST_CASE("cumprod", "[cumprod]") {
    {
        namespace f = fixtures::along::cumprod_0;
        agrees([](auto x) { return cumprod<0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::along::cumprod_1;
        agrees([](auto x) { return cumprod<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::along::cumprod_zeros;
        agrees([](auto x) { return cumprod<-1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("logcumsumexp", "[logcumsumexp]") {
    {
        namespace f = fixtures::along::logcumsumexp_0;
        agrees([](auto x) { return logcumsumexp<0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::along::logcumsumexp_1;
        agrees([](auto x) { return logcumsumexp<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::along::logcumsumexp_wide;
        agrees([](auto x) { return logcumsumexp<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = fixtures::along::logcumsumexp_inf;
        agrees([](auto x) { return logcumsumexp<1>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("sort", "[sort]") {
    {
        namespace f = fixtures::along::sort_distinct;
        orders([](const auto& x) { return sort(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::indices, f::grad_x);
    }
    {
        namespace f = fixtures::along::sort_descending_distinct;
        orders([](const auto& x) { return sort<1, descending>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::indices, f::grad_x);
    }
    {
        namespace f = fixtures::along::sort_ties;
        orders([](const auto& x) { return sort(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::indices, f::grad_x);
    }
    {
        namespace f = fixtures::along::sort_descending_ties;
        orders([](const auto& x) { return sort<1, descending>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::indices, f::grad_x);
    }
    {
        namespace f = fixtures::along::sort_nan;
        orders([](const auto& x) { return sort(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::indices, f::grad_x);
    }
    {
        namespace f = fixtures::along::sort_descending_nan;
        orders([](const auto& x) { return sort<1, descending>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::indices, f::grad_x);
    }
    {
        namespace f = fixtures::along::sort_0;
        orders([](const auto& x) { return sort<0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::indices, f::grad_x);
    }
}

TEST_CASE("topk", "[sort]") {
    {
        namespace f = fixtures::along::topk;
        orders([](const auto& x) { return topk<3>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::indices, f::grad_x);
    }
    {
        namespace f = fixtures::along::topk_0;
        orders([](const auto& x) { return topk<1, 0>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::indices, f::grad_x);
    }
    {
        namespace f = fixtures::along::topk_smallest;
        orders([](const auto& x) { return topk<2, -1, smallest>(x); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::indices, f::grad_x);
    }
}
