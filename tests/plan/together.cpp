// SPDX-License-Identifier: BSL-1.0
// Several results of one program, also into tensors that occur on
// the right: all right sides are complete before the first store.
#include "support/catch.hpp"

#include "support/child.hpp"
#include "support/compare.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>
#include <memory>
#include <tuple>
#include <vector>

using ashlar::Tensor, ashlar::TensorView, ashlar::together, ashlar::let, ashlar::shared;

namespace {

template <std::size_t N> using Matrix = Tensor<float, N, N>;

template <std::size_t N> Matrix<N> drawn(int which) {
    return Matrix<N>::generate([=](std::size_t i, std::size_t j) {
        return static_cast<float>((static_cast<int>(7 * i + 3 * j) + 5 * which) % 11 - 5) * 0.125f;
    });
}
template <std::size_t N> Matrix<N> product(const Matrix<N>& a, const Matrix<N>& b) {
    return Matrix<N>::generate([&](std::size_t i, std::size_t j) {
        double s = 0;
        for (std::size_t k = 0; k < N; ++k) s += static_cast<double>(a(i, k)) * static_cast<double>(b(k, j));
        return s;
    });
}

// `expression(a, b, c)` into every two of a, b, c and a fourth: what
// `expected(a, b, c, first, second)` says. Large ones have a workspace of the caller.
template <std::size_t N, class E, class F> void into_all_pairs(E expression, F expected) {
    for (int first = 0; first < 4; ++first)
        for (int second = 0; second < 4; ++second) {
            if (first == second) continue;
            CAPTURE(N, first, second);
            auto t = std::make_unique<Matrix<N>[]>(4);
            for (int i = 0; i < 4; ++i) t[static_cast<std::size_t>(i)] = drawn<N>(i);
            auto to = std::make_unique<Matrix<N>[]>(2);
            expected(t[0], t[1], t[2], to[0], to[1]);
            auto e = expression(t[0], t[1], t[2]);
            Matrix<N>&one = t[static_cast<std::size_t>(first)], &other = t[static_cast<std::size_t>(second)];
            if constexpr (N > 8) {
                const auto scratch = std::make_unique<ashlar::Workspace<decltype(e)>>();
                ashlar::evaluate(e, std::tie(one, other), *scratch);
            } else {
                ashlar::evaluate(e, std::tie(one, other));
            }
            CHECK(support::first_difference(one, to[0], 1e-5) == -1);
            CHECK(support::first_difference(other, to[1], 1e-5) == -1);
        }
}

template <std::size_t N> void all_pairs() {
    using M = Matrix<N>;
    into_all_pairs<N>([](const M& a, const M& b, const M&) { return together(transpose(a) + b, a * b); },
                      [](const M& a, const M& b, const M&, M& p, M& q) {
                          p = M::generate([&](std::size_t i, std::size_t j) { return a(j, i) + b(i, j); });
                          q = M::generate([&](std::size_t i, std::size_t j) { return a(i, j) * b(i, j); });
                      });
    into_all_pairs<N>([](const M& a, const M& b, const M& c) { return together(matmul(a, b), matmul(b, c) + a); },
                      [](const M& a, const M& b, const M& c, M& p, M& q) {
                          p = product(a, b);
                          const M bc = product(b, c);
                          q = M::generate([&](std::size_t i, std::size_t j) { return bc(i, j) + a(i, j); });
                      });
    into_all_pairs<N>(
        [](const M& a, const M& b, const M&) {
            return together(a - sum<0, ashlar::keepdim>(b), b - sum<1, ashlar::keepdim>(a));
        },
        [](const M& a, const M& b, const M&, M& p, M& q) {
            std::vector<double> columns(N), rows(N);
            for (std::size_t i = 0; i < N; ++i)
                for (std::size_t j = 0; j < N; ++j)
                    columns[j] += static_cast<double>(b(i, j)), rows[i] += static_cast<double>(a(i, j));
            p = M::generate([&](std::size_t i, std::size_t j) { return static_cast<double>(a(i, j)) - columns[j]; });
            q = M::generate([&](std::size_t i, std::size_t j) { return static_cast<double>(b(i, j)) - rows[i]; });
        });
    // One result is an operand of the other; both orders.
    const auto two = [](const M& a, const M& b, const M& c, M& h, M& y) {
        h = product(a, b);
        for (float& x : h) x = std::tanh(x);
        const M hc = product(h, c);
        y = M::generate([&](std::size_t i, std::size_t j) { return hc(i, j) + h(j, i); });
    };
    into_all_pairs<N>(
        [](const M& a, const M& b, const M& c) {
            return let(tanh(matmul(a, b)), shared(c),
                       [](auto h, auto u) { return together(h, matmul(h, u) + transpose(h)); });
        },
        two);
    into_all_pairs<N>(
        [](const M& a, const M& b, const M& c) {
            return let(tanh(matmul(a, b)), shared(c),
                       [](auto h, auto u) { return together(matmul(h, u) + transpose(h), h); });
        },
        [&](const M& a, const M& b, const M& c, M& p, M& q) { two(a, b, c, q, p); });
    if constexpr (N > 8) return;  // straight code alone
    // Rows that are moved, and a tensor that is a result as it is.
    into_all_pairs<N>(
        [](const M& a, const M& b, const M&) {
            return together(concat<0>(ashlar::slice<0, 1, N>(a), ashlar::slice<0, 0, 1>(b)), a);
        },
        [](const M& a, const M& b, const M&, M& p, M& q) {
            p = M::generate([&](std::size_t i, std::size_t j) { return i + 1 < N ? a(i + 1, j) : b(0, j); });
            q = a;
        });
    into_all_pairs<N>([](const M& a, const M&,
                         const M&) { return let(a, [](auto x) { return together(transpose(x), transpose(x)); }); },
                      [](const M& a, const M&, const M&, M& p, M& q) {
                          p = q = M::generate([&](std::size_t i, std::size_t j) { return a(j, i); });
                      });
    into_all_pairs<N>([](const M& a, const M& b,
                         const M&) { return let(a, b, [](auto x, auto y) { return together(x + y, (x + y) * x); }); },
                      [](const M& a, const M& b, const M&, M& p, M& q) {
                          p = M::generate([&](std::size_t i, std::size_t j) { return a(i, j) + b(i, j); });
                          q = M::generate([&](std::size_t i, std::size_t j) { return (a(i, j) + b(i, j)) * a(i, j); });
                      });
    into_all_pairs<N>(
        [](const M& a, const M& b, const M&) {
            return let(a, b, [](auto x, auto y) {
                const auto s = softmax<1>(x);
                return together(s, ashlar::reshape<N, N>(s) - y);
            });
        },
        [](const M& a, const M& b, const M&, M& p, M& q) {
            for (std::size_t i = 0; i < N; ++i) {
                double s = 0;
                for (std::size_t j = 0; j < N; ++j) s += std::exp(static_cast<double>(a(i, j)));
                for (std::size_t j = 0; j < N; ++j)
                    p(i, j) = static_cast<float>(std::exp(static_cast<double>(a(i, j))) / s),
                         q(i, j) = p(i, j) - b(i, j);
            }
        });
}

}  // namespace

TEST_CASE("results of different shapes and types") {
    const Tensor<float, 2, 3> a{{1, -2, 3}, {4, 5, -6}}, b{{2, 2, 2}, {-1, 3, -7}};
    const Tensor<int, 3> i{3, 1, 2};
    auto [q, s, less, j, r] = ashlar::eval(together(a * b, sum<1>(a), a < b, i * i, mean(a)));
    static_assert(std::same_as<decltype(q), Tensor<float, 2, 3>> && std::same_as<decltype(less), Tensor<bool, 2, 3>> &&
                  std::same_as<decltype(r), Tensor<float>>);
    CHECK(q == Tensor<float, 2, 3>{{2, -4, 6}, {-4, 15, 42}});
    CHECK(s == Tensor<float, 2>{2, 3});
    CHECK(less == Tensor<bool, 2, 3>{{true, true, false}, {false, false, false}});
    CHECK(j == Tensor<int, 3>{9, 1, 4});
    CHECK(support::close(static_cast<double>(static_cast<float>(r)), 5.0 / 6, 1e-6));
    // Of one expression, and of the same twice.
    auto [one] = ashlar::eval(together(a + b));
    CHECK(one == Tensor<float, 2, 3>{{3, 0, 5}, {3, 8, -13}});
    const auto product = a * b;
    auto [first, second] = ashlar::eval(together(product, product));
    CHECK((first == q && second == q));
}

TEST_CASE("into tensors that occur on the right, small ones") { all_pairs<5>(); }
TEST_CASE("into tensors that occur on the right, large ones") { all_pairs<36>(); }

TEST_CASE("into views that overlap what is read") {
    float memory[64];
    for (int p = 0; p <= 40; ++p)
        for (int q = 0; q <= 40; ++q) {
            if (p < q + 20 && q < p + 20) continue;  // the targets lie apart
            CAPTURE(p, q);
            for (int i = 0; i < 64; ++i) memory[i] = static_cast<float>(i);
            float expected[64];
            for (int i = 0; i < 64; ++i) expected[i] = memory[i];
            for (int i = 0; i < 20; ++i)
                expected[p + i] = memory[4 + i] * memory[11 + i], expected[q + i] = memory[4 + i] - 2 * memory[30 - i];
            const TensorView<float, 20> x{memory + 4}, y{memory + 11}, one{memory + p}, other{memory + q};
            ashlar::evaluate(together(x * y, x - 2.0f * ashlar::flip<0>(y)), std::tie(one, other));
            int wrong = 0;
            for (int i = 0; i < 64; ++i) wrong += memory[i] == expected[i] ? 0 : 1;
            CHECK(wrong == 0);
        }
}

TEST_CASE("two results do not go into one memory") {
    const Tensor<float, 8> a = Tensor<float, 8>::ones();
    Tensor<float, 8> h{};
    float memory[12]{};
    const TensorView<float, 8> low{memory}, high{memory + 4};
    CHECK(support::ending_of([&] { ashlar::evaluate(together(a + a, a * a), std::tie(h, h)); }).message ==
          "ashlar: two results that are evaluated together go into one memory\n");
    CHECK(support::ending_of([&] { ashlar::evaluate(together(a + a, a * a), std::tie(low, high)); }).aborted);
}

TEST_CASE("parts are expressions of their own") {
    const Tensor<float, 3> a{1, 2, 3}, b{4, 5, 6};
    const auto x = ashlar::variable<"x">(a);
    auto [p, q] = ashlar::parts(let(x * b, [](auto e) { return together(sum(e * e), e + 1.0f); }));
    static_assert(ashlar::typed_expression<decltype(p)> && ashlar::typed_expression<decltype(q)>);
    CHECK(static_cast<float>(p) == 16 + 100 + 324);
    CHECK(ashlar::eval(q * 2.0f) == Tensor<float, 3>{10, 22, 38});
    CHECK(ashlar::eval(grad(p, x)) == Tensor<float, 3>{2 * 4 * 4, 2 * 10 * 5, 2 * 18 * 6});
    CHECK(ashlar::eval(grad(sum(q * q), x)) == Tensor<float, 3>{2 * 5 * 4, 2 * 11 * 5, 2 * 19 * 6});
    // Those of `together` itself are what it was made of; and derivatives are results like others.
    auto [s, t] = ashlar::parts(together(a + b, a - b));
    CHECK(ashlar::eval(s * t) == Tensor<float, 3>{-15, -21, -27});
    auto [value, slope] = ashlar::eval(together(p, grad(p, x)));
    CHECK((static_cast<float>(value) == 440 && slope == Tensor<float, 3>{32, 100, 216}));
    auto nested = let(together(a, b), shared(2.0f), [](auto both, auto two) {
        auto [u, v] = ashlar::parts(both);
        return let(u * two, v, [](auto m, auto n) { return together(m + n, sum(m)); });
    });
    auto [m, n] = ashlar::eval(nested);
    CHECK((m == Tensor<float, 3>{6, 9, 12} && static_cast<float>(n) == 12));
}

TEST_CASE("several results in constant evaluation") {
    constexpr auto both = [] {
        Tensor<float, 2, 2> a{{1, 2}, {3, 4}}, b{{0, 1}, {1, 0}};
        ashlar::evaluate(together(matmul(a, b), transpose(a) + b), std::tie(b, a));
        return std::pair{a, b};
    }();
    static_assert(both.first == Tensor<float, 2, 2>{{1, 4}, {3, 4}});
    static_assert(both.second == Tensor<float, 2, 2>{{2, 1}, {4, 3}});
    static_assert(ashlar::eval(together(Tensor<int, 2>{1, 2}, Tensor<int, 2>{3, 4} * 2)).get<1>() ==
                  Tensor<int, 2>{6, 8});
    CHECK(both.first(0, 1) == 4);
}

// Each beside the same alone: two results of one kind, which differ in nothing but what steps of this kind have of
// their own, and in a program so large that equal steps share a kernel.
template <class A, class B> void are_apart(const A& a, const B& b) {
    const auto both = ashlar::eval(together(a, b));
    CHECK(support::first_difference(both.template get<0>(), ashlar::eval(a), 0) == -1);
    CHECK(support::first_difference(both.template get<1>(), ashlar::eval(b), 0) == -1);
}

TEST_CASE("steps share no kernel that differ in what their kind has of its own", "[together]") {
    const Matrix<48> x = drawn<48>(1), y = drawn<48>(2);
    are_apart(matmul(x, y), matmul(transpose(x), y));

    constexpr std::size_t size = 160;
    const Matrix<size> rows = drawn<size>(1), scale = drawn<size>(2);
    const auto lx = ashlar::variable<"x">(rows);
    const auto pick = [](auto i, auto j) { return (5 * i + 3 * j) % size; };
    const auto narrow = Tensor<int, size, size>::generate([&](auto i, auto j) { return static_cast<int>(pick(i, j)); });
    const auto wide = Tensor<std::int64_t, size, size>::generate(
        [&](auto i, auto j) { return static_cast<std::int64_t>(pick(j, i)); });
    are_apart(gather<1>(rows, narrow), gather<1>(rows, wide));
    are_apart(gather<1>(rows, narrow), grad(sum(gather<1>(lx, narrow) * scale), lx));
    are_apart(cumsum<1>(rows), grad(sum(cumsum<1>(lx) * scale), lx));

    const auto image = Tensor<float, 2, 2, 8, 8>::generate(
        [](auto n, auto c, auto i, auto j) { return static_cast<float>((5 * n + 7 * c + 3 * i + j) % 11) * 0.25f; });
    const ashlar::nn::MaxPool2d<2> pool;
    const ashlar::nn::AvgPool2d<2> mean;
    are_apart(pool(image), mean(image));
}
