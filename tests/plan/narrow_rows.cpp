// SPDX-License-Identifier: BSL-1.0
// labels: widths heavy
// Products whose rows are shorter than a vector, with epilogues that let several rows go as one,
// and such that do not; columns.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"
#include "support/fill.hpp"

#include <string>

using namespace ashlar;
using support::fill;

namespace {

template <class T, std::size_t M, std::size_t K, std::size_t N> void check() {
    CAPTURE(M, K, N);
    Tensor<T, M, K> a;
    Tensor<T, K, N> b;
    Tensor<T, M, N> residual, wanted;
    Tensor<T, N> bias;
    fill(a, 1), fill(b, 2), fill(residual, 3), fill(bias, 4);
    for (std::size_t i = 0; i < M; ++i)
        for (std::size_t j = 0; j < N; ++j) {
            wanted(i, j) = 0;
            for (std::size_t p = 0; p < K; ++p) wanted(i, j) += a(i, p) * b(p, j);
        }
    const Tensor<T, M, N> plain = matmul(a, b), added = relu(matmul(a, b)) + residual, scaled = T{2} * matmul(a, b),
                          biased = matmul(a, b) + bias;
    const Tensor<T, N, M> turned = transpose(matmul(a, b));
    for (std::size_t i = 0; i < M; ++i)
        for (std::size_t j = 0; j < N; ++j) {
            const T w = wanted(i, j);
            CHECK(plain(i, j) == w);
            CHECK(added(i, j) == (w > 0 ? w : 0) + residual(i, j));
            CHECK(scaled(i, j) == 2 * w);
            CHECK(biased(i, j) == w + bias(j));
            CHECK(turned(j, i) == w);
        }
}

}  // namespace

TEMPLATE_TEST_CASE("rows shorter than a vector", "[matmul]", float, double) {
    check<TestType, 4, 4, 4>();
    check<TestType, 10, 4, 4>();
    check<TestType, 8, 6, 2>();
    check<TestType, 4, 8, 2>();
    check<TestType, 3, 4, 4>();
    check<TestType, 4, 5, 4>();
}

template <std::size_t M, std::size_t N> void replace_operand() {
    CAPTURE(M, N);
    Tensor<float, M, N> a;
    Tensor<float, N, N> b;
    fill(a, 1), fill(b, 2);
    const Tensor<float, M, N> wanted = matmul(a, b);
    a = matmul(a, b);
    for (std::size_t i = 0; i < M * N; ++i) CHECK(a.data()[i] == wanted.data()[i]);
}

TEST_CASE("a product of narrow rows may replace its operand", "[matmul]") {
    replace_operand<4, 4>();
    replace_operand<16, 2>();
    replace_operand<20, 2>();
    replace_operand<40, 4>();
}

TEST_CASE("a column of a transposed matrix is computed as a row", "[matmul]") {
    Tensor<float, 9, 21> a;
    Tensor<float, 9, 1> column;
    Tensor<float, 1, 9> row;
    Tensor<float, 9> vector;
    Tensor<float, 21, 1> residual;
    fill(a, 1), fill(column, 2), fill(row, 2), fill(vector, 2), fill(residual, 3);
    const Tensor<float, 21, 1> by_column = relu(matmul(transpose(a), column)) - residual,
                               by_row = relu(matmul(transpose(a), transpose(row))) - residual;
    const Tensor<float, 21> by_vector = relu(matmul(transpose(a), vector)) - reshape<21>(residual);
    Tensor<float, 21, 1> updated = residual;
    updated = updated - 2.0f * matmul(transpose(a), column);
    for (std::size_t i = 0; i < 21; ++i) {
        float wanted = 0;
        for (std::size_t p = 0; p < 9; ++p) wanted += a(p, i) * vector(p);
        CHECK(by_column(i, 0) == (wanted > 0 ? wanted : 0) - residual(i, 0));
        CHECK(by_row(i, 0) == by_column(i, 0));
        CHECK(by_vector(i) == by_column(i, 0));
        CHECK(updated(i, 0) == residual(i, 0) - 2 * wanted);
    }
    CHECK(std::string{plan(matmul(transpose(a), column)).c_str()}.find("1x9x21  ") != std::string::npos);
    CHECK(std::string{plan(matmul(transpose(a), column)).c_str()}.find("transpose(matmul(transpose(b), a))") !=
          std::string::npos);
}
