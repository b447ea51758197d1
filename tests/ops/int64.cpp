// SPDX-License-Identifier: BSL-1.0
// int64: the type of sums and products of whole numbers, and an element type of its own.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>

using ashlar::Tensor;
using ashlar::eval;

struct times_three_billions {
    constexpr auto operator()(ashlar::expression auto x) const { return x * 3000000000; }
};
BOOST_HANA_ADAPT_STRUCT(times_three_billions);

namespace {

constexpr int least = std::numeric_limits<int>::min(), most = std::numeric_limits<int>::max();
constexpr Tensor<int, 6> ends{least, least, most, -1, least + 1, 0};

}  // namespace

using long_number = std::int64_t;
template <class E> using element_of_result = typename decltype(eval(std::declval<E>()))::value_type;
template <class T> using some = Tensor<T, 4>;
static_assert(std::same_as<element_of_result<decltype(sum(some<int>{}))>, long_number>);
static_assert(std::same_as<element_of_result<decltype(sum(some<bool>{}))>, long_number>);
static_assert(std::same_as<element_of_result<decltype(sum(some<long_number>{}))>, long_number>);
static_assert(std::same_as<element_of_result<decltype(sum(some<float>{}))>, float>);
static_assert(std::same_as<element_of_result<decltype(prod(some<int>{}))>, long_number>);
static_assert(std::same_as<element_of_result<decltype(prod(some<bool>{}))>, long_number>);
static_assert(std::same_as<element_of_result<decltype(mean(some<int>{}))>, float>);
static_assert(std::same_as<element_of_result<decltype(ashlar::max(some<int>{}))>, int>);
static_assert(std::same_as<element_of_result<decltype(ashlar::max(some<long_number>{}))>, long_number>);
static_assert(std::same_as<element_of_result<decltype(argmax(some<long_number>{}))>, int>);
static_assert(std::same_as<element_of_result<decltype(some<int>{} + some<long_number>{})>, long_number>);
static_assert(std::same_as<element_of_result<decltype(some<long_number>{} * 2)>, long_number>);
static_assert(std::same_as<element_of_result<decltype(some<long_number>{} * 0.5)>, float>);
static_assert(std::same_as<element_of_result<decltype(some<long_number>{} + some<float>{})>, float>);
static_assert(std::same_as<element_of_result<decltype(some<long_number>{} + some<double>{})>, double>);
static_assert(std::same_as<element_of_result<decltype(some<long_number>{} / 2)>, float>);
static_assert(std::same_as<element_of_result<decltype(ashlar::pow(some<long_number>{}, some<int>{}))>, long_number>);
static_assert(std::same_as<element_of_result<decltype(some<long_number>{} < 1)>, bool>);
static_assert(std::same_as<element_of_result<decltype(dot(some<int>{}, some<int>{}))>, int>);

namespace {

constexpr long_number sum_of(const auto& x) {
    std::uint64_t s = 0;
    for (const auto v : x) s += static_cast<std::uint64_t>(v);
    return static_cast<long_number>(s);
}
constexpr long_number product_of(const auto& x) {
    std::uint64_t p = 1;
    for (const auto v : x) p *= static_cast<std::uint64_t>(v);
    return static_cast<long_number>(p);
}
template <std::size_t... Dims> constexpr Tensor<long_number, Dims...> long_numbers(std::uint64_t seed) {
    Tensor<long_number, Dims...> t;
    for (auto& x : t) x = static_cast<long_number>(seed = seed * 6364136223846793005u + 1442695040888963407u);
    return t;
}

constexpr auto longs = long_numbers<23>(1), more_longs = long_numbers<23>(2);
static_assert(eval(sum(ends)) == sum_of(ends) && eval(prod(ends)) == product_of(ends));
static_assert(eval(sum(longs)) == sum_of(longs) && eval(prod(longs)) == product_of(longs));
constexpr auto mixed_loop = [](long_number x, long_number y) {
    const auto s = static_cast<std::uint64_t>(x) * 3 + static_cast<std::uint64_t>(y);
    return static_cast<long_number>(0 - s * s);
};
constexpr auto expected = [] {
    auto y = longs;
    for (std::size_t i = 0; i < y.size(); ++i) y(i) = mixed_loop(longs(i), more_longs(i));
    return y;
}();
static_assert(eval(-square(longs * 3 + more_longs)) == expected);

}  // namespace

TEST_CASE("sums and products of whole numbers are int64", "[whole]") {
    CHECK(eval(sum(ends)) == sum_of(ends));
    CHECK(eval(prod(ends)) == product_of(ends));
    const auto wide = Tensor<int, 37, 300>::generate([](std::size_t i, std::size_t j) {
        return static_cast<int>(static_cast<std::uint32_t>(i * 300 + j) * 2654435769u);
    });
    CHECK(eval(sum(wide)) == sum_of(wide));
    CHECK(eval(prod(wide)) == product_of(wide));
    const auto rows = eval(sum<1>(wide));
    const auto columns = eval(sum<0>(wide));
    for (std::size_t i : {std::size_t{0}, std::size_t{36}}) {
        long_number row = 0;
        for (std::size_t j = 0; j < 300; ++j) row += wide(i, j);
        CHECK(rows(i) == row);
    }
    long_number column = 0;
    for (std::size_t i = 0; i < 37; ++i) column += wide(i, 299);
    CHECK(columns(299) == column);
    CHECK(eval(sum(longs)) == sum_of(longs));
    CHECK(eval(prod(longs)) == product_of(longs));
    CHECK(eval(ashlar::max(longs)) == *std::max_element(longs.begin(), longs.end()));
    CHECK(eval(ashlar::min(longs)) == *std::min_element(longs.begin(), longs.end()));
    CHECK(eval(argmax(longs)) == std::max_element(longs.begin(), longs.end()) - longs.begin());
    CHECK(eval(sum(wide < 0)) == std::count_if(wide.begin(), wide.end(), [](int x) { return x < 0; }));
}

TEST_CASE("int64 is computed exactly", "[whole]") {
    CHECK(eval(-square(longs * 3 + more_longs)) == expected);
    CHECK(eval(ashlar::to<int>(longs)) ==
          Tensor<int, 23>::generate([](std::size_t i) { return static_cast<int>(longs(i)); }));
    CHECK(eval(ashlar::to<double>(longs))(7) == static_cast<double>(longs(7)));
    CHECK(eval(ashlar::to<long_number>(Tensor<double, 4>{1e300, -1e300, -7.9, 9007199254740993.0})) ==
          Tensor<long_number, 4>{std::numeric_limits<long_number>::max(), std::numeric_limits<long_number>::min(), -7,
                                 9007199254740992});
    CHECK(eval(ashlar::pow(Tensor<long_number, 3>{3, -2, 10}, Tensor<int, 3>{39, 63, 18})) ==
          Tensor<long_number, 3>{4052555153018976267, std::numeric_limits<long_number>::min(), 1000000000000000000});
    const auto a = long_numbers<5, 9>(3);
    const auto b = long_numbers<9, 17>(4);
    std::uint64_t at = 0;
    for (std::size_t k = 0; k < 9; ++k)
        at += static_cast<std::uint64_t>(a(4, k)) * static_cast<std::uint64_t>(b(k, 16));
    CHECK(eval(matmul(a, b))(4, 16) == static_cast<long_number>(at));
}

TEST_CASE("numbers beyond 2^53 beside int64", "[whole]") {
    const Tensor<long_number, 2> x{1, 2};
    const long_number big = 9007199254740993;  // 2^53 + 1, which is no double
    CHECK(eval(x + big) == Tensor<long_number, 2>{9007199254740994, 9007199254740995});
    CHECK(eval(where(x > 1, 9007199254740993, x * big)) == Tensor<long_number, 2>{big, big});
    CHECK(eval(ashlar::let(x, ashlar::shared(big), [](auto v, auto b) { return v + b; })) == eval(x + big));
    CHECK(eval(sum(x * 0 + big)) == 18014398509481986);
    CHECK(eval(ashlar::eq(x + big, big + 1)) == Tensor<bool, 2>{true, false});
}

TEST_CASE("each element type has loops of its own", "[whole]") {
    const Tensor<float, 3> x{16777216, 1, -3};
    const Tensor<int, 3> i{1, most, 5}, j{2, 1, 5};
    // 2^24 + 1 is no float32.
    CHECK(eval(ashlar::to<int>(x) + i) == Tensor<int, 3>{16777217, least, 2});
    CHECK(eval((x > 0) + i) == Tensor<int, 3>{2, least, 5});
    CHECK(eval(ashlar::to<long_number>(i + j)) == Tensor<long_number, 3>{3, least, 10});
    CHECK(eval(ashlar::to<double>(i * 2 + j)) == Tensor<double, 3>{4, -1, 15});
    CHECK(eval(where(i < j, x, ashlar::to<float>(i + j))) == Tensor<float, 3>{16777216, -2147483648.0f, 10});
    CHECK(eval(sum(i * i)) == 1 + 1 + 25);
    CHECK(eval(mean(Tensor<int, 3>{16777217, 1, 16777216})) == static_cast<float>(33554434) * (1.0f / 3));
    CHECK(eval(concat<0>(ashlar::to<float>(i + j), x))(1) == -2147483648.0f);
}

TEST_CASE("whole numbers are stored as they are, whatever is made of them beside", "[whole]") {
    // As int32 2^24 + 1, as int64 2^53 + 1: neither float32 nor double has it.
    const auto stored = [](const auto& x, const auto& as_stored) {
        const auto [numbers, halves] = eval(ashlar::let(x, [](auto m) { return ashlar::together(m, m * 0.5f); }));
        CHECK(numbers == as_stored);
        CHECK(halves(0) == static_cast<float>(as_stored(0)) * 0.5f);
    };
    const Tensor<int, 2, 2> words{{16777217, 3}, {-33554435, 4}};
    const Tensor<int, 4> some_words{16777217, 3, -33554435, 4};
    const Tensor<long_number, 2, 2> wide{{9007199254740993, 3}, {16777217, 4}};
    stored(ashlar::amax<1>(words), Tensor<int, 2>{16777217, 4});
    stored(ashlar::min<1>(words), Tensor<int, 2>{3, -33554435});
    stored(ashlar::max<0>(wide), Tensor<long_number, 2>{9007199254740993, 4});
    stored(sum<1>(words), Tensor<long_number, 2>{16777220, -33554431});
    stored(ashlar::stop_gradient(some_words), some_words);
}

TEST_CASE("int32 wraps beside numbers of int64", "[whole]") {
    const Tensor<int, 4, 2> x{{1, 1}, {1, 0}, {0, 1}, {1, 1}};
    const Tensor<int, 4> i{65535, 65535, 3, 65536};  // whose squares wrap to -131071, -131071, 9, 0
    const auto of_pairs = [](auto count, auto n) { return where(ashlar::eq(count, 2), n * n, 0) < 0; };
    CHECK(eval(ashlar::let(sum<1>(x > 0), ashlar::shared(i), of_pairs)) ==
          Tensor<bool, 4>{true, false, false, false});
    CHECK(eval(sum(i * i < 0)) == 2);
    CHECK(eval(sum(i * i < 0) + sum(i)) == 2 + 65535 + 65535 + 3 + 65536);
    CHECK(eval(ashlar::to<int>(x > 0) * 2147483647 + x * 2 < 0) == eval(x > 0));
}

TEST_CASE("a number beside whole ones takes their type", "[whole]") {
    const Tensor<int, 2> x{1, 3};
    const Tensor<int, 2> wrapped{-1294967296, 410065408};
    CHECK(eval(ashlar::call(times_three_billions{}, x)) == wrapped);
    CHECK(eval(x * 3000000000) == wrapped);
    const Tensor<long_number, 2> wide{1, 3}, exact{3000000000, 9000000000};
    CHECK(eval(ashlar::call(times_three_billions{}, wide)) == exact);
    CHECK(eval(wide * 3000000000) == exact);
}

TEST_CASE("labels may be int64", "[whole]") {
    const Tensor<float, 2, 3> logits{{1, 2, 3}, {0, -1, 4}};
    const ashlar::nn::CrossEntropyLoss<> criterion;
    CHECK(static_cast<float>(criterion(logits, Tensor<long_number, 2>{2, 0})) ==
          static_cast<float>(criterion(logits, Tensor<int, 2>{2, 0})));
}
