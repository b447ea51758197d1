// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Loops over several element types: one step each, and every number exact on its way. Expected values come from loops
// in this file, over int64 and double.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

using ashlar::eval;
using ashlar::Tensor;
using ashlar::to;
using ashlar::where;

using long_number = std::int64_t;

namespace {

constexpr int large_word = 16777216;                     // 2^24: the next odd number is no float
constexpr long_number large_long = 9007199254740992;     // 2^53: the next odd number is no double
constexpr long_number low_half = 4294967296;             // 2^32: its lower half is 0

template <std::size_t... N> constexpr auto words_of(int begin) {
    Tensor<int, N...> t;
    int i = 0;
    for (auto& x : t) x = begin + (i * 7) % 5 - 2, ++i;
    return t;
}
template <std::size_t... N> constexpr auto longs_of(long_number begin) {
    Tensor<long_number, N...> t;
    int i = 0;
    for (auto& x : t) x = begin + (i * 7) % 5 - 2, ++i;
    return t;
}
template <class T, std::size_t... N> constexpr auto reals_of() {
    Tensor<T, N...> t;
    int i = 0;
    for (auto& x : t) x = static_cast<T>((i * 11) % 17 - 8) / 4, ++i;
    return t;
}
template <std::size_t... N> constexpr auto truths_of() {
    Tensor<bool, N...> t;
    int i = 0;
    for (auto& x : t) x = (i * 5) % 3 == 1, ++i;
    return t;
}

// Element by element, in one loop: what the lambda says of numbers of these types.
template <class F, class A, class... More>
constexpr bool agrees(F f, const auto& got, const A& a, const More&... more) {
    for (std::size_t i = 0; i < A::size(); ++i)
        if (got.data()[i] != f(a.data()[i], more.data()[i]...)) return false;
    return true;
}

template <class E> bool is_one_step(const E& e) {
    return std::string{ashlar::plan(e).c_str()}.substr(0, 7) == "1 step ";
}

constexpr int wrapped(long_number x) { return static_cast<int>(static_cast<std::uint32_t>(x)); }

// Whole vectors, and what is left of them.
template <std::size_t... N> constexpr bool loops_agree() {
    const auto words = words_of<N...>(large_word), small = words_of<N...>(2);
    const auto longs = longs_of<N...>(large_long), halves = longs_of<N...>(low_half);
    const auto x = reals_of<float, N...>();
    const auto y = reals_of<double, N...>();
    const auto mask = truths_of<N...>();
    bool all = true;
    // float beside int32
    all = all && agrees([](int w, float v) { return w == large_word + 1 ? v : 0.0f; },
                        eval(where(ashlar::eq(words, large_word + 1), x, 0.0f)), words, x);
    all = all && agrees([](int w, float v) { return static_cast<float>(wrapped(w * 3LL)) * v; },
                        eval(to<float>(words * 3) * x), words, x);
    all = all && agrees([](int w, float v) { return w + static_cast<int>(v); }, eval(words + to<int>(x)), words, x);
    all = all && agrees([](bool m, float v) { return m ? v : 0; }, eval(x * mask), mask, x);
    all = all && agrees([](float v, int w, bool m) { return (v < 0) == m ? w : -w; },
                        eval(where(ashlar::eq(x < 0, mask), words, -words)), x, words, mask);
    // float beside int64
    all = all && agrees([](long_number w, float v) { return w == large_long + 1 ? v : 0.5f; },
                        eval(where(ashlar::eq(longs, large_long + 1), x, 0.5f)), longs, x);
    all = all && agrees([](long_number w, float v, bool m) { return m ? static_cast<long_number>(v * 2) + w : w; },
                        eval(where(mask, to<long_number>(x * 2.0f) + longs, longs)), longs, x, mask);
    all = all && agrees([](long_number w, float v) { return static_cast<float>(w % 2 == 0 ? 1 : 0) + v; },
                        eval(to<float>(ashlar::eq(longs - large_long - 1, 1) + ashlar::eq(longs - large_long, 0) +
                                       ashlar::eq(longs - large_long, -2)) + x), longs, x);
    // a truth value of numbers whose lower half, or whose whole part, is 0
    all = all && agrees([](long_number w, int s) { return w != 0 ? s : -s; }, eval(where(halves, small, -small)),
                        halves, small);
    all = all && agrees([](float v, int s) { return v != 0 ? s : -s; }, eval(where(x, small, -small)), x, small);
    all = all && agrees([](double v, float w) { return v * 1e-300 != 0 ? w : -w; },
                        eval(where(y * 1e-300, x, -x)), y, x);
    // double beside the others
    all = all && agrees([](float v, double w) { return static_cast<double>(v * 0.1f) + w; }, eval(x * 0.1f + y), x, y);
    all = all && agrees([](float v, double w) { return v * static_cast<float>(w * 0.1); }, eval(x * to<float>(y * 0.1)),
                        x, y);
    all = all && agrees([](int w, double v) { return w * v; }, eval(words * y), words, y);
    all = all && agrees([](int w, double v) { return wrapped(w * 129LL) * v; }, eval(words * 129 * y), words, y);
    all = all && agrees([](int w, double v, bool m) { return m ? v : w; }, eval(where(mask, y, words)), words, y, mask);
    all = all && agrees([](long_number w, double v, float u) { return w > large_long ? v : static_cast<double>(u); },
                        eval(where(longs > large_long, y, x)), longs, y, x);
    // int32 beside int64
    all = all && agrees([](long_number w, int v) { return w + wrapped(v * 129LL); }, eval(longs + words * 129), longs,
                        words);
    all = all && agrees([](long_number w, int v) { return wrapped(w) ^ 0 ? v + wrapped(w) : v; },
                        eval(words + to<int>(longs)), longs, words);
    return all;
}
static_assert(loops_agree<21>());

}  // namespace

TEST_CASE("loops over several element types", "[plan]") {
    CHECK(loops_agree<21>());
}

TEST_CASE("several element types are one loop", "[plan]") {
    const auto words = words_of<19>(large_word);
    const auto longs = longs_of<19>(large_long);
    const auto x = reals_of<float, 19>();
    const auto y = reals_of<double, 19>();
    const auto mask = truths_of<19>();
    CHECK(is_one_step(where(ashlar::eq(words * 3, 7), x, 0.0f)));
    CHECK(is_one_step(to<float>(words * 3) * x));
    CHECK(is_one_step(where(ashlar::eq(longs + words * 3, 7), x, to<float>(y))));
    CHECK(is_one_step(sum(where(ashlar::eq(words * 3, 7), x, 0.0f))));
    CHECK(is_one_step(sum(x * mask)));
    CHECK(is_one_step(sum(to<long_number>(x) * longs)));
    CHECK(is_one_step(argmax(where(ashlar::eq(words * 3, 7), x, 0.0f))));
}

TEST_CASE("reductions over several element types", "[plan]") {
    const auto check = []<std::size_t M, std::size_t N>(std::integral_constant<std::size_t, M>,
                                                        std::integral_constant<std::size_t, N>) {
        const auto words = words_of<M, N>(large_word);
        const auto longs = longs_of<M, N>(large_long);
        const auto x = reals_of<float, M, N>();
        const auto mask = truths_of<M, N>();
        const auto by_rows = eval(sum<1>(where(ashlar::eq(longs, large_long + 1), x, 0.0f)));
        const auto by_columns = eval(sum<0>(where(ashlar::eq(longs, large_long + 1), x, 0.0f)));
        const auto counted = eval(sum<0>(x < to<float>(words - large_word)));
        const auto counted_rows = eval(sum<1>(ashlar::eq(mask, longs > large_long)));
        const auto long_rows = eval(sum<1>(to<long_number>(x * 4.0f) + longs));
        const auto long_columns = eval(sum<0>(to<long_number>(x * 4.0f) + longs));
        const auto largest = eval(ashlar::max<0>(where(mask, words, -words)));
        const auto where_largest = eval(argmax<1>(where(mask, longs, -longs)));
        for (std::size_t j = 0; j < N; ++j) {
            double s = 0;
            long_number n = 0, t = 0;
            int most = std::numeric_limits<int>::min();
            for (std::size_t i = 0; i < M; ++i) {
                s += longs(i, j) == large_long + 1 ? static_cast<double>(x(i, j)) : 0;
                n += x(i, j) < static_cast<float>(words(i, j) - large_word) ? 1 : 0;
                t += static_cast<long_number>(x(i, j) * 4) + longs(i, j);
                most = std::max(most, mask(i, j) ? words(i, j) : -words(i, j));
            }
            CHECK(static_cast<double>(by_columns(j)) == s);
            CHECK(counted(j) == n);
            CHECK(long_columns(j) == t);
            CHECK(largest(j) == most);
        }
        for (std::size_t i = 0; i < M; ++i) {
            double s = 0;
            long_number n = 0, t = 0, most = std::numeric_limits<long_number>::min();
            int at = 0;
            for (std::size_t j = 0; j < N; ++j) {
                s += longs(i, j) == large_long + 1 ? static_cast<double>(x(i, j)) : 0;
                n += mask(i, j) == (longs(i, j) > large_long) ? 1 : 0;
                t += static_cast<long_number>(x(i, j) * 4) + longs(i, j);
                const long_number v = mask(i, j) ? longs(i, j) : -longs(i, j);
                if (v > most) most = v, at = static_cast<int>(j);
            }
            CHECK(static_cast<double>(by_rows(i)) == s);
            CHECK(counted_rows(i) == n);
            CHECK(long_rows(i) == t);
            CHECK(where_largest(i) == at);
        }
    };
    check(std::integral_constant<std::size_t, 5>{}, std::integral_constant<std::size_t, 3>{});
    check(std::integral_constant<std::size_t, 6>{}, std::integral_constant<std::size_t, 37>{});
}

TEST_CASE("whole numbers beside constants that a float next to them has not", "[plan]") {
    const Tensor<int, 5> words{16777215, 16777216, 16777217, -16777217, -16777216};
    const auto [at_end, below_end, above_start] = eval(ashlar::let(words, [](auto w) {
        return ashlar::together(where(ashlar::eq(w, 16777216), to<float>(w) * 0.5f, 0.0f),
                                where(ashlar::eq(w, 16777215), to<float>(w) * 0.5f, 0.0f),
                                where(w <= -16777216, to<float>(w) * 0.5f, 0.0f));
    }));
    CHECK(at_end == Tensor<float, 5>{0, 8388608, 0, 0, 0});
    CHECK(below_end == Tensor<float, 5>{8388607.5f, 0, 0, 0, 0});
    CHECK(above_start == Tensor<float, 5>{0, 0, 0, -8388608, -8388608});
}

TEST_CASE("operands that do not lie in rows, of several element types", "[plan]") {
    const auto words = words_of<9, 23>(large_word);
    const auto longs = longs_of<23, 9>(large_long);
    const auto x = reals_of<float, 23, 18>();
    const auto got = eval(where(ashlar::eq(transpose(words), large_word + 1),
                                ashlar::slice<1, 0, 18, 2>(x), to<float>(longs - large_long)));
    for (std::size_t i = 0; i < 23; ++i)
        for (std::size_t j = 0; j < 9; ++j)
            CHECK(got(i, j) == (words(j, i) == large_word + 1 ? x(i, 2 * j)
                                                              : static_cast<float>(longs(i, j) - large_long)));
}

namespace {

// What an expression of truth values gives inside of a loop: as int, beside float, counted.
template <class E, std::size_t N> constexpr bool is_truth(const E& e, const Tensor<bool, N>& expected) {
    const auto x = reals_of<float, N>();
    long_number count = 0;
    for (const bool b : expected) count += b ? 1 : 0;
    return agrees([](bool b) { return b ? 1 : 0; }, eval(to<int>(e)), expected) &&
           agrees([](bool b, float v) { return b ? v : 0; }, eval(e * x), expected, x) && eval(sum(e)) == count;
}
// PyTorch's rules; it has no negatives and differences of truth values: here they are true where they are not 0.
template <std::size_t N> constexpr bool truths_agree() {
    const auto a = truths_of<N>();
    const auto x = reals_of<float, N>();
    const auto y = reals_of<double, N>();
    const auto longs = longs_of<N>(large_long);
    Tensor<bool, N> b, either, both, differ, same;
    for (std::size_t i = 0; i < N; ++i) {
        b(i) = x(i) > -0.5f, either(i) = a(i) || b(i), both(i) = a(i) && b(i), differ(i) = a(i) != b(i);
        same(i) = a(i) || longs(i) > large_long;
    }
    return is_truth(a + (x > -0.5f), either) && is_truth(a * b, both) && is_truth(a - b, differ) && is_truth(-a, a) &&
           is_truth(a + (longs > large_long), same) && is_truth(where(a, a, b) + a, either) &&
           agrees([](bool e) { return e; }, eval(ashlar::eq(a + b, 1)), either) &&
           agrees([](bool e) { return e ? 1 : 0; }, eval(to<std::uint8_t>(a + b)), either) &&
           agrees([](bool e, double v) { return v + (e ? 1 : 0); }, eval(y + (a + b)), either, y) &&
           agrees([](bool e, long_number v) { return v - (e ? 1 : 0); }, eval(longs - (a + b)), either, longs);
}
static_assert(truths_agree<5>());

}  // namespace

TEST_CASE("truth values stay 0 and 1 inside of a loop", "[plan]") {
    CHECK(truths_agree<21>());
}
