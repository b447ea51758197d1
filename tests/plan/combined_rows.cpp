// SPDX-License-Identifier: BSL-1.0
// labels: heavy
// Products whose rows are combined as they are made: sums of bias gradients and other reductions over the rows, in
// every form of the kernels, where results lie where operands lie, and in constant expressions.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <algorithm>
#include <limits>
#include <memory>
#include <string>

using ashlar::Tensor;

namespace {

template <class T, std::size_t... Dims> constexpr Tensor<T, Dims...> filled(int seed) {
    Tensor<T, Dims...> t;
    for (std::size_t i = 0; i < t.size(); ++i)
        t.data()[i] = static_cast<T>((static_cast<int>(i) * 7 + seed * 5) % 23 - 11);
    return t;
}

// Whole numbers: sums are exact in every order.
template <class T, std::size_t M, std::size_t K, std::size_t N> struct products {
    Tensor<T, M, K> a = filled<T, M, K>(1);
    Tensor<T, K, N> b = filled<T, K, N>(2);
    Tensor<T, N, K> turned = filled<T, N, K>(3);
    Tensor<T, K, M> a_turned = filled<T, K, M>(4);
    Tensor<T, N> bias = filled<T, N>(5);

    template <class Left, class Right> T
    element(const Left& left, const Right& right, std::size_t i, std::size_t j) const {
        T sum{};
        for (std::size_t k = 0; k < K; ++k) sum += left(i, k) * right(k, j);
        return sum;
    }
    // combine(so far, element) over the rows of act(a b + bias).
    template <class Left, class Right, class Combine> bool
    right(const Tensor<T, N>& got, const Left& left, const Right& by, T start, Combine combine) const {
        for (std::size_t j = 0; j < N; ++j) {
            T want = start;
            for (std::size_t i = 0; i < M; ++i) want = combine(want, std::max(element(left, by, i, j) + bias(j), T{}));
            if (got(j) != want) return false;
        }
        return true;
    }

    static constexpr auto plain = [](const auto& m) { return [&m](std::size_t i, std::size_t j) { return m(i, j); }; };
    static constexpr auto flipped = [](const auto& m) {
        return [&m](std::size_t i, std::size_t j) { return m(j, i); };
    };

    static constexpr auto add = [](T x, T y) { return x + y; };
    bool plain_right() const { return right(sum<0>(relu(matmul(a, b) + bias)), plain(a), plain(b), T{}, add); }
    bool flipped_right() const {
        return right(sum<0>(relu(matmul(a, transpose(turned)) + bias)), plain(a), flipped(turned), T{}, add);
    }
    bool sums_right() const {
        return plain_right() && flipped_right() &&
               right(sum<0>(relu(matmul(transpose(a_turned), b) + bias)), flipped(a_turned), plain(b), T{}, add) &&
               right(sum<0>(relu(matmul(transpose(a_turned), transpose(turned)) + bias)), flipped(a_turned),
                     flipped(turned), T{}, add);
    }
    bool extrema_right() const {
        const auto least = [](T x, T y) { return std::min(x, y); };
        const auto largest = [](T x, T y) { return std::max(x, y); };
        const T infinity = std::numeric_limits<T>::infinity();
        return right(max<0>(relu(matmul(a, b) + bias)), plain(a), plain(b), -infinity, largest) &&
               right(reshape<N>(min<0, ashlar::keepdim>(relu(matmul(a, b) + bias))), plain(a), plain(b), infinity,
                     least);
    }
};

template <class T, std::size_t M, std::size_t K, std::size_t N> bool sums_right() {
    return std::make_unique<products<T, M, K, N>>()->sums_right();
}
template <class T, std::size_t M, std::size_t K, std::size_t N> bool plain_right() {
    return std::make_unique<products<T, M, K, N>>()->plain_right();
}
template <class T, std::size_t M, std::size_t K, std::size_t N> bool flipped_right() {
    return std::make_unique<products<T, M, K, N>>()->flipped_right();
}
template <class T, std::size_t M, std::size_t K, std::size_t N> bool extrema_right() {
    return std::make_unique<products<T, M, K, N>>()->extrema_right();
}

std::string steps_of(const ashlar::text& plan) {
    const std::string all = plan.c_str();
    return all.substr(0, all.find("memory:"));
}

}  // namespace

TEST_CASE("one step makes the rows and combines them") {
    const auto p = std::make_unique<products<float, 64, 32, 40>>();
    CHECK(steps_of(plan(sum<0>(relu(matmul(p->a, p->b) + p->bias)))) ==
          "1 step with 1 kernel, 3 inputs, 171,520 flops, 13,632 bytes read and written\n"
          "  with a (64, 32), b (32, 40), c (40)\n"
          "  1  matmul  64x32x40        171,520 flops  result = sum<0>(relu(matmul(a, b) + c))\n");
}

TEST_CASE("the rows of products of many sizes") {
    CHECK(plain_right<float, 2, 1, 2>());
    CHECK(flipped_right<float, 4, 9, 8>());  // too few rows: by dot products
    CHECK(sums_right<float, 7, 12, 17>());
    CHECK(plain_right<float, 13, 20, 41>());
    CHECK(plain_right<double, 31, 8, 19>());
    CHECK(extrema_right<float, 5, 3, 16>());
    CHECK(extrema_right<double, 6, 4, 9>());
}

TEST_CASE("large products, packed and not") {
    CHECK(sums_right<float, 66, 200, 70>());    // a transposed left operand is packed
    CHECK(sums_right<double, 40, 130, 262>());  // so is a large right one
    CHECK(extrema_right<float, 65, 33, 100>());
}

TEST_CASE("what follows is done with a row of sums, whatever it reads and writes") {
    const auto p = std::make_unique<products<double, 12, 6, 21>>();
    const Tensor<double, 21> before = p->bias;
    const Tensor<double, 21> sums = sum<0>(matmul(p->a, p->b) + before), scaled = 0.25 * sums + before;
    // The bias that every row reads becomes the result.
    ashlar::Workspace<decltype(0.25 * sum<0>(matmul(p->a, p->b) + p->bias) + p->bias)> workspace;
    evaluate(0.25 * sum<0>(matmul(p->a, p->b) + p->bias) + p->bias, p->bias, workspace);
    CHECK(p->bias == scaled);
    // Rows that are needed are stored, rows that are not are not.
    CHECK(eval(matmul(p->a, p->b) - sum<0>(matmul(p->a, p->b))) == eval(matmul(p->a, p->b) - (sums - 12.0 * before)));
}

TEST_CASE("a result in the place of an operand of the product") {
    const auto p = std::make_unique<products<float, 16, 16, 16>>();
    Tensor<float, 16, 16> a = p->a;
    const Tensor<float, 16> want = sum<0>(matmul(p->a, p->b));
    const ashlar::TensorView<float, 16> first_row{a.data()};
    first_row = sum<0>(matmul(a, p->b));
    CHECK(std::equal(want.data(), want.data() + 16, a.data()));
}

TEST_CASE("gradients of biases come with the product before") {
    const Tensor<float, 9, 5> x = filled<float, 9, 5>(1);
    const Tensor<float, 5, 11> w = filled<float, 5, 11>(2);
    const Tensor<float, 11, 4> v = filled<float, 11, 4>(3);
    const Tensor<float, 11> start = filled<float, 11>(4);
    const auto b = ashlar::variable<"b">(start);
    const auto loss = sum(matmul(relu(matmul(x, w) + b), v) * 0.125f);
    const std::string listing = plan(grad(loss, b)).c_str();
    CHECK(listing.find("result = sum<0>(") != std::string::npos);
    CHECK(listing.find("reduce") == std::string::npos);
    const Tensor<float, 11> got = grad(loss, b);
    Tensor<float, 11> want{};
    for (std::size_t i = 0; i < 9; ++i)
        for (std::size_t j = 0; j < 11; ++j) {
            float z = start(j), upstream = 0;
            for (std::size_t k = 0; k < 5; ++k) z += x(i, k) * w(k, j);
            for (std::size_t k = 0; k < 4; ++k) upstream += 0.125f * v(j, k);
            if (z > 0) want(j) += upstream;
        }
    CHECK(got == want);
}

constexpr bool sums_of_constants() {
    const auto a = filled<float, 4, 2>(1);
    const auto b = filled<float, 2, 3>(2);
    const Tensor<float, 3> sums = sum<0>(relu(matmul(a, b)) - 1.0f);
    for (std::size_t j = 0; j < 3; ++j) {
        float want = 0;
        for (std::size_t i = 0; i < 4; ++i) want += std::max(a(i, 0) * b(0, j) + a(i, 1) * b(1, j), 0.0f) - 1;
        if (sums(j) != want) return false;
    }
    return true;
}
static_assert(sums_of_constants());

// Too large for straight code.
constexpr double large_sum = [] {
    const auto a = filled<double, 24, 30>(1);
    const auto b = filled<double, 30, 40>(2);
    const Tensor<double, 40> sums = min<0>(2.0 * matmul(a, b));
    double all = 0;
    for (std::size_t j = 0; j < 40; ++j) all += sums(j);
    return all;
}();
TEST_CASE("constant evaluation of large products") {
    const Tensor<double, 24, 40> product = matmul(filled<double, 24, 30>(1), filled<double, 30, 40>(2));
    double want = 0;
    for (std::size_t j = 0; j < 40; ++j) {
        double least = product(0, j);
        for (std::size_t i = 1; i < 24; ++i) least = std::min(least, product(i, j));
        want += 2 * least;
    }
    CHECK(large_sum == want);
}
