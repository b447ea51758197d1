// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Right operands that are parts of wider matrices: their last vectors may be read to the end, and results must not be
// written beyond theirs.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"
#include "support/fill.hpp"
#include "support/guarded.hpp"

#include <memory>

using namespace ashlar;
using support::fill;

namespace {

// (M, K) by columns From to From + N of (K, Wide), with the rows of A together or its columns.
template <class T, std::size_t M, std::size_t K, std::size_t N, std::size_t Wide, std::size_t From> bool right() {
    struct operands {
        Tensor<T, M, K> a;
        Tensor<T, K, M> turned;
        Tensor<T, K, Wide> b;
        Tensor<T, N> bias;
        T results[2][M * N + 64];
    };
    const auto x = std::make_unique<operands>();
    fill(x->a.data(), M * K, 1), fill(x->b.data(), K * Wide, 2), fill(x->bias.data(), N, 3);
    for (std::size_t i = 0; i < M; ++i)
        for (std::size_t p = 0; p < K; ++p) x->turned(p, i) = x->a(i, p);
    for (auto& result : x->results) fill(result, M * N + 64, 4);
    const TensorView<T, M, N> plain{x->results[0]}, biased{x->results[1]};
    plain = matmul(x->a, slice<1, From, From + N>(x->b));
    biased = relu(matmul(transpose(x->turned), slice<1, From, From + N>(x->b)) + x->bias);
    for (std::size_t i = 0; i < M; ++i)
        for (std::size_t j = 0; j < N; ++j) {
            T wanted = 0;
            for (std::size_t p = 0; p < K; ++p) wanted += x->a(i, p) * x->b(p, From + j);
            if (plain(i, j) != wanted) return false;
            if (const T y = wanted + x->bias(j); biased(i, j) != (y > 0 ? y : 0)) return false;
        }
    T untouched[M * N + 64];
    fill(untouched, M * N + 64, 4);
    for (const auto& result : x->results)
        for (std::size_t i = M * N; i < M * N + 64; ++i)
            if (result[i] != untouched[i]) return false;
    return true;
}

}  // namespace

TEST_CASE("products with a part of a wider matrix", "[matmul]") {
    CHECK(right<float, 3, 5, 7, 20, 2>());
    CHECK(right<float, 30, 40, 19, 32, 0>());
    CHECK(right<float, 30, 300, 130, 200, 0>());  // large: copied in passing
    CHECK(right<float, 50, 280, 123, 160, 3>());  // so is the left operand, if it is transposed
    CHECK(right<double, 26, 260, 130, 144, 1>());
}

TEST_CASE("one row by a part of a wider matrix", "[matmul]") {
    CHECK(right<float, 1, 80, 131, 160, 3>());
    CHECK(right<float, 1, 301, 100, 128, 0>());
    CHECK(right<double, 1, 60, 133, 160, 3>());
}

TEST_CASE("batches that are flipped are not read beyond their end", "[matmul]") {
    support::guarded_page page;
    const TensorView<float, 2, 5, 11> b{page.last<float>(110)};
    fill(b.data(), 110, 1);
    Tensor<float, 2, 3, 5> a;
    fill(a.data(), 30, 2);
    const Tensor<float, 2, 3, 11> got = matmul(a, flip<0>(b));
    for (std::size_t s = 0; s < 2; ++s)
        for (std::size_t i = 0; i < 3; ++i)
            for (std::size_t j = 0; j < 11; ++j) {
                float wanted = 0;
                for (std::size_t p = 0; p < 5; ++p) wanted += a(s, i, p) * b(1 - s, p, j);
                CHECK(got(s, i, j) == wanted);
            }
}
