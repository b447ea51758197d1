// SPDX-License-Identifier: BSL-1.0
// take, take_along_axis, scatter_add, index_add and one_hot beside PyTorch.

#include "fixtures/indexing.hpp"
#include "support/catch.hpp"
#include "support/fixture.hpp"

#include <ashlar/ashlar.hpp>

using namespace ashlar;
using support::agrees;
using support::tensor_of;
namespace indexing = fixtures::indexing;

TEST_CASE("take beside PyTorch", "[indexing]") {
    {
        namespace f = indexing::take_rows;
        const auto by = tensor_of<f::index_shape>(f::index);
        agrees([&](auto x) { return take<0>(x, by); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = indexing::take_table;
        const auto by = tensor_of<f::index_shape>(f::index);
        agrees([&](auto x) { return take<-2>(x, by); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = indexing::take_flat;
        const auto by = tensor_of<f::index_shape>(f::index);
        agrees([&](auto x) { return take(x, by); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = indexing::take_one;
        const Tensor<std::int64_t> by{f::index[0]};
        agrees([&](auto x) { return take<1>(x, by); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("take_along_axis beside torch.take_along_dim", "[indexing]") {
    {
        namespace f = indexing::take_along;
        const auto by = tensor_of<f::index_shape>(f::index);
        agrees([&](auto x) { return take_along_axis<0>(x, by); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = indexing::take_along_columns;
        const auto by = tensor_of<f::index_shape>(f::index);
        agrees([&](auto x) { return take_along_axis<1>(x, by); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
    {
        namespace f = indexing::take_along_one;
        const auto by = tensor_of<f::index_shape>(f::index);
        agrees([&](auto x) { return take_along_axis<-1>(x, by); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x);
    }
}

TEST_CASE("scatter_add and index_add beside PyTorch", "[indexing]") {
    {
        namespace f = indexing::scatter_add;
        const auto by = tensor_of<f::index_shape>(f::index);
        agrees([&](auto x, auto source) { return scatter_add<0>(x, by, source); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::source_shape>(f::source), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x,
               f::grad_source);
    }
    {
        namespace f = indexing::scatter_add_columns;
        const auto by = tensor_of<f::index_shape>(f::index);
        agrees([&](auto x, auto source) { return scatter_add<1>(x, by, source); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::source_shape>(f::source), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x,
               f::grad_source);
    }
    {
        namespace f = indexing::index_add;
        const auto by = tensor_of<f::index_shape>(f::index);
        agrees([&](auto x, auto source) { return index_add<0>(x, by, source); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::source_shape>(f::source), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x,
               f::grad_source);
    }
    {
        namespace f = indexing::index_add_columns;
        const auto by = tensor_of<f::index_shape>(f::index);
        agrees([&](auto x, auto source) { return index_add<1>(x, by, source); }, tensor_of<f::x_shape>(f::x),
               tensor_of<f::source_shape>(f::source), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_x,
               f::grad_source);
    }
}

TEST_CASE("one_hot beside PyTorch", "[indexing]") {
    namespace f = indexing::one_hot;
    const Tensor<std::int64_t, 2, 3, 4> y = one_hot<4>(tensor_of<f::index_shape>(f::index));
    for (std::size_t i = 0; i < y.size(); ++i) REQUIRE(y.data()[i] == f::output[i]);
}
