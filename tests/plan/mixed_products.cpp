// SPDX-License-Identifier: BSL-1.0
// labels: widths heavy
// What is made of a product's elements while they are in registers, in several element types: one step each, and every
// number exact on its way. Expected values come from loops in this file, over int64 and double.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cstdint>
#include <string>

using ashlar::eval;
using ashlar::Tensor;
using ashlar::to;
using ashlar::where;

namespace nn = ashlar::nn;

using byte = std::uint8_t;
using long_number = std::int64_t;

namespace {

constexpr int large_word = 16777216;                  // 2^24: the next odd number is no float
constexpr long_number large_long = 9007199254740992;  // 2^53: the next odd number is no double

template <class T, std::size_t... N> constexpr Tensor<T, N...> numbers(long_number begin, int seed) {
    Tensor<T, N...> t;
    int i = 0;
    for (auto& x : t) x = static_cast<T>(begin + (i * 7 + seed) % 11 - 5), ++i;
    return t;
}
template <std::size_t... N> constexpr Tensor<bool, N...> truths() {
    Tensor<bool, N...> t;
    int i = 0;
    for (auto& x : t) x = (i * 5) % 3 == 1, ++i;
    return t;
}

template <class E> bool is_one_step(const E& e) {
    return std::string{ashlar::plan(e).c_str()}.substr(0, 7) == "1 step ";
}

// A product of T, of whole numbers, and what lies beside it.
template <class T, std::size_t M, std::size_t K, std::size_t N> struct products {
    Tensor<T, M, K> a = numbers<T, M, K>(0, 1);
    Tensor<T, K, N> b = numbers<T, K, N>(0, 2);
    Tensor<bool, M, N> mask = truths<M, N>();
    Tensor<byte, M, N> bytes = numbers<byte, M, N>(100, 3);
    Tensor<int, M, N> words = numbers<int, M, N>(large_word, 4);
    Tensor<long_number, M, N> longs = numbers<long_number, M, N>(large_long, 5);
    Tensor<float, M, N> x = numbers<float, M, N>(0, 6);
    Tensor<double, M, N> y = numbers<double, M, N>(10000000000, 7);
    Tensor<int, M> labels = numbers<int, M>(6, 8);
    Tensor<long_number, N> columns = numbers<long_number, N>(large_long, 9);
    Tensor<bool, 1, N> row = truths<1, N>();

    constexpr double product(std::size_t i, std::size_t j) const {
        double sum = 0;
        for (std::size_t k = 0; k < K; ++k) sum += static_cast<double>(a(i, k)) * static_cast<double>(b(k, j));
        return sum;
    }
    // element(i, j, product) of all elements.
    template <class Y, class F> constexpr bool agrees(const Y& got, F element) const {
        for (std::size_t i = 0; i < M; ++i)
            for (std::size_t j = 0; j < N; ++j)
                if (static_cast<double>(got(i, j)) != static_cast<double>(element(i, j, product(i, j)))) return false;
        return true;
    }

    constexpr auto masked() const { return where(mask, matmul(a, b), 0); }
    constexpr auto masked_rows() const { return matmul(a, b) * to<T>(row); }
    constexpr auto beside_bytes() const { return matmul(a, b) + to<T>(bytes * 3); }
    constexpr auto beside_words() const { return where(ashlar::eq(words, large_word + 1), matmul(a, b), T{1}); }
    constexpr auto beside_longs() const { return where(longs > large_long, -matmul(a, b), matmul(a, b)); }
    constexpr auto beside_floats() const { return to<T>(x * 0.5f) + matmul(a, b); }
    constexpr auto beside_doubles() const { return matmul(a, b) * to<T>(y - 1e10); }
    constexpr auto of_labels() const {
        return matmul(a, b) * to<T>(ashlar::eq(ashlar::reshape<M, 1>(labels), to<int>(columns - large_long)));
    }
    constexpr auto as_doubles() const { return to<double>(matmul(a, b)) + y; }
    constexpr auto as_words() const { return to<int>(matmul(a, b)) + words; }
    constexpr auto as_longs() const { return to<long_number>(matmul(a, b)) + longs; }
    constexpr auto as_bytes() const { return to<byte>(abs(matmul(a, b))) + bytes; }
    constexpr auto as_truths() const { return matmul(a, b) > 0; }

    // All of it in one loop, and one loop that stores five types.
    constexpr auto all() const {
        return where(words > large_word, matmul(a, b) + to<T>(bytes * 3),
                     where(mask, to<T>(x * 0.5f), to<T>(longs > large_long) * to<T>(y - 1e10)) * to<T>(row));
    }
    constexpr bool values_agree() const {
        return agrees(eval(all()),
                      [this](auto i, auto j, double p) {
                          if (words(i, j) > large_word) return p + (bytes(i, j) * 3 & 255);
                          if (!row(0, j)) return 0.0;
                          const double half = static_cast<double>(static_cast<T>(static_cast<double>(x(i, j)) / 2));
                          return mask(i, j) ? half : longs(i, j) > large_long ? y(i, j) - 1e10 : 0;
                      }) &&
               agrees(eval(beside_doubles()), [this](auto i, auto j, double p) { return p * (y(i, j) - 1e10); }) &&
               agrees(eval(masked()), [this](auto i, auto j, double p) { return mask(i, j) ? p : 0; });
    }
    constexpr auto stores() const {
        return ashlar::let(matmul(a, b), y, words, longs, bytes, [](auto p, auto d, auto w, auto l, auto b8) {
            return ashlar::together(to<double>(p) + d, to<int>(p) + w, to<long_number>(p) + l, to<byte>(abs(p)) + b8,
                                    p > 0);
        });
    }
    constexpr bool stores_agree() const {
        const auto [as_doubles, as_words, as_longs, as_bytes, as_truths] = eval(stores());
        for (std::size_t i = 0; i < M; ++i)
            for (std::size_t j = 0; j < N; ++j) {
                const double p = product(i, j);
                const auto whole = static_cast<long_number>(p);
                if (as_doubles(i, j) != p + y(i, j) || as_words(i, j) != whole + words(i, j) ||
                    as_longs(i, j) != whole + longs(i, j) || as_truths(i, j) != (p > 0) ||
                    as_bytes(i, j) != (((whole < 0 ? -whole : whole) + bytes(i, j)) & 255))
                    return false;
            }
        return true;
    }
    // sum<0> of what the products of a column become.
    template <class Y, class F> constexpr bool sums_agree(const Y& got, F element) const {
        for (std::size_t j = 0; j < N; ++j) {
            double sum = 0;
            for (std::size_t i = 0; i < M; ++i) sum += element(i, j, product(i, j));
            if (static_cast<double>(got(j)) != sum) return false;
        }
        return true;
    }
    constexpr bool rows_agree() const {
        return sums_agree(eval(sum<0>(where(mask, beside_doubles(), of_labels()))), [this](auto i, auto j, double p) {
            return mask(i, j) ? p * (y(i, j) - 1e10) : labels(i) == columns(j) - large_long ? p : 0;
        });
    }
};

static_assert(products<float, 3, 2, 5>{}.values_agree() && products<float, 3, 2, 5>{}.stores_agree());
static_assert(products<double, 2, 3, 3>{}.values_agree() && products<float, 4, 3, 5>{}.rows_agree());

}  // namespace

TEST_CASE("what products become in several element types", "[plan]") {
    CHECK(products<float, 1, 1, 1>{}.values_agree());
    CHECK(products<float, 70, 9, 67>{}.values_agree());
    CHECK(products<float, 70, 9, 67>{}.stores_agree());
    CHECK(products<float, 70, 9, 67>{}.rows_agree());
    CHECK(products<double, 19, 6, 35>{}.values_agree());
    CHECK(products<double, 19, 6, 35>{}.stores_agree());
    CHECK(products<double, 3, 5, 7>{}.rows_agree());
}

TEST_CASE("what products of whole numbers become in other element types", "[plan]") {
    CHECK(products<int, 5, 3, 37>{}.values_agree());
    CHECK(products<int, 5, 3, 37>{}.stores_agree());
    CHECK(products<long_number, 5, 3, 37>{}.stores_agree());
}

TEST_CASE("several element types are the one step of a product", "[plan]") {
    const products<float, 20, 30, 40> p;
    CHECK(is_one_step(p.masked()));
    CHECK(is_one_step(p.masked_rows()));
    CHECK(is_one_step(p.beside_bytes()));
    CHECK(is_one_step(p.beside_words()));
    CHECK(is_one_step(p.beside_doubles()));
    CHECK(is_one_step(p.of_labels()));
    CHECK(is_one_step(p.as_doubles()));
    CHECK(is_one_step(p.as_words()));
    CHECK(is_one_step(p.as_longs()));
    CHECK(is_one_step(p.as_bytes()));
    CHECK(is_one_step(p.as_truths()));
    CHECK(is_one_step(p.all()));
    CHECK(is_one_step(p.stores()));
    CHECK(is_one_step(sum<0>(p.masked())));
    CHECK(is_one_step(sum<0>(p.beside_doubles())));
    const products<double, 4, 3, 9> q;
    CHECK(is_one_step(q.beside_floats()));
    CHECK(is_one_step(sum<0>(q.of_labels())));
    const products<int, 4, 3, 9> w;
    CHECK(is_one_step(w.as_doubles()));
}

TEST_CASE("vectors and batches of products in several element types", "[plan]") {
    const auto a = numbers<float, 3, 19, 5>(0, 1);
    const auto b = numbers<float, 3, 5, 21>(0, 2);
    const auto v = numbers<float, 5>(0, 3);
    const auto y = numbers<double, 3, 19, 21>(10000000000, 4);
    const auto z = numbers<double, 3, 19>(10000000000, 5);
    const auto all = eval(to<double>(matmul(a, b)) + y);
    const auto columns = eval(to<double>(matmul(a, v)) + z);
    const auto first = numbers<float, 19, 5>(0, 1);
    const auto turned = eval(to<double>(matmul(first, v)) + numbers<double, 19>(10000000000, 5));
    CHECK(is_one_step(to<double>(matmul(a, b)) + y));
    int wrong = 0;
    for (std::size_t n = 0; n < 3; ++n)
        for (std::size_t i = 0; i < 19; ++i) {
            double column = 0;
            for (std::size_t k = 0; k < 5; ++k) column += static_cast<double>(a(n, i, k) * v(k));
            wrong += columns(n, i) != column + z(n, i);
            if (n == 0) wrong += turned(i) != column + z(n, i);
            for (std::size_t j = 0; j < 21; ++j) {
                double sum = 0;
                for (std::size_t k = 0; k < 5; ++k) sum += static_cast<double>(a(n, i, k) * b(n, k, j));
                wrong += all(n, i, j) != sum + y(n, i, j);
            }
        }
    CHECK(wrong == 0);
}

TEST_CASE("what planes become in several element types", "[plan]") {
    const auto image = numbers<float, 2, 3, 6, 19>(0, 1);
    nn::Conv2d<3, 4, 1> conv;
    conv.weight = numbers<float, 4, 3, 1, 1>(0, 2), conv.bias = numbers<float, 4>(0, 4);
    const nn::MaxPool2d<2> pool;
    const auto y = numbers<double, 2, 4, 6, 19>(10000000000, 3);
    const auto mask = truths<2, 4, 6, 19>();
    const auto shifted = eval(to<double>(conv(image)) + y);
    const auto pooled = eval(pool(conv(image) * to<float>(y - 1e10)));
    const auto summed = eval(sum<0, 2, 3>(where(mask, conv(image), 0)));
    CHECK(is_one_step(to<double>(conv(image)) + y));
    CHECK(is_one_step(pool(conv(image) * to<float>(y - 1e10))));
    const auto at = [&](std::size_t n, std::size_t o, std::size_t h, std::size_t w) {
        double sum = static_cast<double>(conv.bias(o));
        for (std::size_t c = 0; c < 3; ++c) sum += static_cast<double>(image(n, c, h, w) * conv.weight(o, c, 0, 0));
        return sum;
    };
    int wrong = 0;
    for (std::size_t o = 0; o < 4; ++o) {
        double sum = 0;
        for (std::size_t n = 0; n < 2; ++n)
            for (std::size_t h = 0; h < 6; ++h)
                for (std::size_t w = 0; w < 19; ++w) {
                    wrong += shifted(n, o, h, w) != at(n, o, h, w) + y(n, o, h, w);
                    sum += mask(n, o, h, w) ? at(n, o, h, w) : 0;
                    if (h % 2 != 0 || w % 2 != 0 || w == 18) continue;
                    double most = -1e300;
                    for (const std::size_t i : {h, h + 1})
                        for (const std::size_t j : {w, w + 1})
                            most = std::max(most, at(n, o, i, j) * (y(n, o, i, j) - 1e10));
                    wrong += static_cast<double>(pooled(n, o, h / 2, w / 2)) != most;
                }
        wrong += static_cast<double>(summed(o)) != sum;
    }
    CHECK(wrong == 0);
}
