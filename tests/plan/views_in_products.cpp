// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Products of views that resemble what the planner has a short way for, but are not quite that: rows that lie
// backwards, parts from the first element on, matrices like those that lie in panels, columns that are rows.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"
#include "support/fill.hpp"

#include <cstddef>

using namespace ashlar;
using support::fill;

namespace {

/// matmul of views of x and y, with their values read one by one: `a(i, p)` and `b(p, j)` of batch n.
template <std::size_t M, std::size_t N, std::size_t K, std::size_t Batch = 1> void check(const auto& product, auto a,
                                                                                         auto b) {
    const auto y = eval(product);
    REQUIRE(y.size() == Batch * M * N);
    for (std::size_t n = 0, at = 0; n < Batch; ++n)
        for (std::size_t i = 0; i < M; ++i)
            for (std::size_t j = 0; j < N; ++j, ++at) {
                double sum = 0;
                for (std::size_t p = 0; p < K; ++p)
                    sum += static_cast<double>(a(n, i, p)) * static_cast<double>(b(n, p, j));
                CHECK(static_cast<double>(y.data()[at]) == sum);
            }
}

}  // namespace

TEST_CASE("rows that lie backwards or apart", "[products]") {
    Tensor<float, 5, 1, 4> x;
    Tensor<float, 4, 6> w;
    Tensor<float, 1, 8> row;
    Tensor<float, 8, 8> square;
    fill(x, 1), fill(w, 2), fill(row, 3), fill(square, 4);
    const auto of_w = [&](std::size_t, std::size_t p, std::size_t j) { return w(p, j); };
    check<1, 6, 4, 5>(
        matmul(flip<0>(x), w), [&](std::size_t n, std::size_t, std::size_t p) { return x(4 - n, 0, p); }, of_w);
    check<1, 6, 4>(
        matmul(slice<1, 0, 8, 2>(row), w), [&](std::size_t, std::size_t, std::size_t p) { return row(0, 2 * p); },
        of_w);
    check<1, 6, 4>(
        matmul(flip<1>(slice<1, 0, 4>(row)), w), [&](std::size_t, std::size_t, std::size_t p) { return row(0, 3 - p); },
        of_w);
    check<4, 8, 1>(
        matmul(transpose(slice<1, 0, 8, 2>(row)), row),
        [&](std::size_t, std::size_t i, std::size_t) { return row(0, 2 * i); },
        [&](std::size_t, std::size_t, std::size_t j) { return row(0, j); });
    check<8, 1, 8>(
        matmul(square, slice<1, 0, 1>(square)), [&](std::size_t, std::size_t i, std::size_t p) { return square(i, p); },
        [&](std::size_t, std::size_t p, std::size_t) { return square(p, 0); });
    check<8, 1, 8>(
        matmul(transpose(square), transpose(slice<0, 0, 1>(square))),
        [&](std::size_t, std::size_t i, std::size_t p) { return square(p, i); },
        [&](std::size_t, std::size_t p, std::size_t) { return square(0, p); });
    check<8, 4, 8>(
        matmul(flip<0>(square), transpose(slice<0, 0, 8, 2>(square))),
        [&](std::size_t, std::size_t i, std::size_t p) { return square(7 - i, p); },
        [&](std::size_t, std::size_t p, std::size_t j) { return square(2 * j, p); });
}

TEST_CASE("parts of batches from the first element on", "[products]") {
    Tensor<double, 3, 4, 5> x;
    Tensor<double, 3, 5, 4> y;
    fill(x, 1), fill(y, 2);
    check<2, 3, 4, 3>(
        matmul(transpose(slice<2, 0, 2>(x)), transpose(slice<1, 0, 3>(y))),
        [&](std::size_t n, std::size_t i, std::size_t p) { return x(n, p, i); },
        [&](std::size_t n, std::size_t p, std::size_t j) { return y(n, j, p); });
    check<4, 4, 5, 2>(
        matmul(slice<0, 0, 2>(x), slice<0, 0, 3, 2>(y)),
        [&](std::size_t n, std::size_t i, std::size_t p) { return x(n, i, p); },
        [&](std::size_t n, std::size_t p, std::size_t j) { return y(2 * n, p, j); });
    check<4, 2, 6>(
        matmul(reshape<4, 6>(slice<2, 0, 2>(permute<1, 0, 2>(x))),
               reshape<6, 2>(slice<0, 0, 3>(slice<1, 0, 1>(slice<2, 0, 4>(y))))),
        [&](std::size_t, std::size_t i, std::size_t p) { return x(p / 2, i, p % 2); },
        [&](std::size_t, std::size_t p, std::size_t j) { return y((2 * p + j) / 4, 0, (2 * p + j) % 4); });
}

TEST_CASE("matrices like those in panels", "[products]") {
    constexpr std::size_t width = static_cast<std::size_t>(kernels::panel_width<float>), k = 3, all = 2 * width;
    Tensor<float, 2, k, width> panels;
    Tensor<float, 2, k + 1, width> longer;
    Tensor<float, k, 2, width> plain;
    Tensor<float, 5, k> x;
    Tensor<float, 5, 2> few;
    fill(panels, 1), fill(longer, 2), fill(plain, 3), fill(x, 4), fill(few, 5);
    const auto of_x = [&](std::size_t, std::size_t i, std::size_t p) { return x(i, p); };
    const auto in_panels = [&](std::size_t, std::size_t p, std::size_t j) { return panels(j / width, p, j % width); };
    const auto matrix = [](const auto& of) { return reshape<k, all>(permute<1, 0, 2>(of)); };
    check<5, all, k>(matmul(x, matrix(panels)), of_x, in_panels);
    check<5, all - 3, k>(matmul(x, slice<1, 0, static_cast<std::ptrdiff_t>(all) - 3>(matrix(panels))), of_x, in_panels);
    check<5, all - 3, k>(
        matmul(x, slice<1, 3, static_cast<std::ptrdiff_t>(all)>(matrix(panels))), of_x,
        [&](std::size_t, std::size_t p, std::size_t j) { return panels((j + 3) / width, p, (j + 3) % width); });
    check<5, all, 2>(
        matmul(few, slice<0, 0, 2>(matrix(panels))),
        [&](std::size_t, std::size_t i, std::size_t p) { return few(i, p); }, in_panels);
    check<5, all, k>(matmul(x, matrix(slice<1, 0, 3>(longer))), of_x,
                     [&](std::size_t, std::size_t p, std::size_t j) { return longer(j / width, p, j % width); });
    check<5, all, k>(matmul(x, matrix(flip<0>(panels))), of_x,
                     [&](std::size_t, std::size_t p, std::size_t j) { return panels(1 - j / width, p, j % width); });
    check<5, all, k>(matmul(x, reshape<k, all>(plain)), of_x,
                     [&](std::size_t, std::size_t p, std::size_t j) { return plain(p, j / width, j % width); });
    check<k, k, all>(
        matmul(matrix(panels), transpose(matrix(panels))),
        [&](std::size_t n, std::size_t i, std::size_t p) { return in_panels(n, i, p); },
        [&](std::size_t n, std::size_t p, std::size_t j) { return in_panels(n, j, p); });
}
