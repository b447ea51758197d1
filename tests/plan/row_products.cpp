// SPDX-License-Identifier: BSL-1.0
// Products of a batch that take turns with the loops between them: attention, head by head. The scores of one head are
// there at a time, forward and backward.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>
#include <memory>
#include <vector>

using ashlar::Tensor;
using ashlar::transpose;

namespace {

template <class T> T filled(double step) {
    T t;
    for (std::size_t i = 0; i < t.size(); ++i)
        t.data()[i] = static_cast<typename T::value_type>(std::sin(static_cast<double>(i) * step));
    return t;
}

constexpr auto attend = [](auto q, auto k, auto v) {
    return matmul(softmax<2>(matmul(q, transpose<1, 2>(k)) * 0.25), v);
};
constexpr auto loss = [](auto q, auto k, auto v) {
    const auto y = matmul(softmax<2>(matmul(q, transpose<1, 2>(k)) * 0.25), v);
    return sum(y * y);
};

/// Attention of one head in double, and the gradients of the sum of its squares.
struct plain_head {
    std::size_t length, sources, width;
    std::vector<double> y, dq, dk, dv;

    plain_head(std::size_t l, std::size_t s, std::size_t e, const auto& q, const auto& k, const auto& v)
        : length{l}, sources{s}, width{e}, y(l * e), dq(l * e), dk(s * e), dv(s * e) {
        std::vector<double> p(s), dp(s);
        for (std::size_t i = 0; i < l; ++i) {
            double total = 0, mean = 0;
            for (std::size_t j = 0; j < s; ++j) {
                p[j] = 0;
                for (std::size_t c = 0; c < e; ++c) p[j] += 0.25 * q(i, c) * k(j, c);
                total += p[j] = std::exp(p[j]);
            }
            for (std::size_t j = 0; j < s; ++j) p[j] /= total;
            for (std::size_t c = 0; c < e; ++c)
                for (std::size_t j = 0; j < s; ++j) y[i * e + c] += p[j] * v(j, c);
            for (std::size_t j = 0; j < s; ++j) {
                dp[j] = 0;
                for (std::size_t c = 0; c < e; ++c) {
                    dp[j] += 2 * y[i * e + c] * v(j, c);
                    dv[j * e + c] += 2 * y[i * e + c] * p[j];
                }
                mean += dp[j] * p[j];
            }
            for (std::size_t j = 0; j < s; ++j)
                for (std::size_t c = 0; c < e; ++c) {
                    const double d = 0.25 * (dp[j] - mean) * p[j];
                    dq[i * e + c] += d * k(j, c), dk[j * e + c] += d * q(i, c);
                }
        }
    }
};

template <class T> double error(const T& got, std::size_t head, const std::vector<double>& want) {
    double worst = 0;
    for (std::size_t i = 0; i < want.size(); ++i) {
        const double d = std::abs(static_cast<double>(got.data()[head * want.size() + i]) - want[i]);
        worst = d > worst || d != d ? d : worst;
    }
    return worst;
}

template <class T, std::size_t Heads, std::size_t L, std::size_t S, std::size_t E> void examine(double bound) {
    const auto q = std::make_unique<Tensor<T, Heads, L, E>>(filled<Tensor<T, Heads, L, E>>(0.37));
    const auto k = std::make_unique<Tensor<T, Heads, S, E>>(filled<Tensor<T, Heads, S, E>>(0.53));
    const auto v = std::make_unique<Tensor<T, Heads, S, E>>(filled<Tensor<T, Heads, S, E>>(0.71));
    const auto a = ashlar::variable<"q">(*q);
    const auto b = ashlar::variable<"k">(*k);
    const auto c = ashlar::variable<"v">(*v);
    const auto f = let(a, b, c, attend);
    const auto e = let(a, b, c, loss);
    const auto y = std::make_unique<Tensor<T, Heads, L, E>>(f);
    const auto d = std::make_unique<decltype(eval(together(grad(e, a), grad(e, b), grad(e, c))))>(
        eval(together(grad(e, a), grad(e, b), grad(e, c))));
    for (std::size_t h = 0; h < Heads; ++h) {
        const auto of = [h](const auto& t) {
            return [&t, h](std::size_t i, std::size_t j) { return static_cast<double>(t(h, i, j)); };
        };
        const plain_head want{L, S, E, of(*q), of(*k), of(*v)};
        CHECK(error(*y, h, want.y) < bound);
        CHECK(error(d->template get<0>(), h, want.dq) < bound);
        CHECK(error(d->template get<1>(), h, want.dk) < bound);
        CHECK(error(d->template get<2>(), h, want.dv) < bound);
    }
    *q = f;  // over what is read
    CHECK(*q == *y);
}

}  // namespace

TEST_CASE("one head of scores is there at a time", "[rows]") {
    const auto q = std::make_unique<Tensor<float, 6, 90, 16>>(filled<Tensor<float, 6, 90, 16>>(0.37));
    const auto a = ashlar::variable<"q">(*q);
    const std::string listing{plan(let(a, a, a, attend)).c_str()};
    CHECK(listing.find("     steps 1 to 6 take turns of 1 row\n"
                       "  1  matmul  6 * 90x16x90  1,603,800 flops  t1 = 0.25 * matmul(q, transpose(q))\n") !=
          std::string::npos);
    CHECK(listing.find("t1 f32[0..8100)") != std::string::npos);
    const auto e = let(a, a, a, loss);
    const std::string backward{plan(grad(e, a)).c_str()};
    CHECK(backward.find("take turns of 1 row") != std::string::npos);
    CHECK(backward.find("48600)") == std::string::npos);  // all scores
}

TEST_CASE("attention head by head is that of plain loops", "[rows]") {
    examine<float, 6, 90, 90, 16>(2e-4);
    examine<float, 3, 61, 70, 7>(1e-4);
    examine<float, 40, 20, 30, 5>(1e-4);  // several heads a turn
    examine<double, 5, 33, 64, 9>(1e-12);
}

TEST_CASE("heads that lie between one another, a weight for all of them, and one of a batch", "[rows]") {
    // The layout of a layer: (length, heads * width).
    const auto x = std::make_unique<Tensor<float, 64, 40>>(filled<Tensor<float, 64, 40>>(0.29));
    const auto heads = permute<1, 0, 2>(reshape<64, 4, 10>(*x));
    const Tensor<float, 4, 64, 10> copy = heads;
    const Tensor<float, 4, 64, 10> y = matmul(softmax<2>(matmul(heads, transpose<1, 2>(heads)) * 0.25), heads);
    const Tensor<float, 4, 64, 10> z = matmul(softmax<2>(matmul(copy, transpose<1, 2>(copy)) * 0.25), copy);
    CHECK(y == z);

    const auto w = filled<Tensor<float, 10, 100>>(0.41);
    const Tensor<float, 4, 64, 100> p = softmax<2>(matmul(copy, w));
    const auto one = std::make_unique<Tensor<float, 1, 120, 10>>(filled<Tensor<float, 1, 120, 10>>(0.17));
    const Tensor<float, 1, 120, 10> whole = matmul(softmax<2>(matmul(*one, transpose<1, 2>(*one)) * 0.25), *one);
    double worst = 0;
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 64; ++j) {
            double total = 0;
            for (std::size_t m = 0; m < 100; ++m) total += static_cast<double>(p(i, j, m));
            worst = std::max(worst, std::abs(total - 1));
        }
    CHECK(worst < 1e-5);
    const auto of = [&one](std::size_t i, std::size_t j) { return static_cast<double>((*one)(0, i, j)); };
    CHECK(error(whole, 0, plain_head{120, 120, 10, of, of, of}.y) < 1e-5);
}
