// SPDX-License-Identifier: BSL-1.0
// labels: widths
// bfloat16 and float16 in expressions: they are read as floats, everything is computed in float, and only what is
// stored in them is rounded, once. Expected values come from plain loops over the elements.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"
#include "support/compare.hpp"

#include <cstdint>
#include <sstream>
#include <vector>

using ashlar::bfloat16;
using ashlar::eval;
using ashlar::float16;
using ashlar::Tensor;
using ashlar::to;
using ashlar::variable;
using support::first_difference;

template <class E> using element_of_result = typename decltype(eval(std::declval<E>()))::value_type;
template <class T> using some = Tensor<T, 4>;
static_assert(std::same_as<element_of_result<decltype(some<bfloat16>{} + some<bfloat16>{})>, float>);
static_assert(std::same_as<element_of_result<decltype(some<bfloat16>{} * some<float16>{})>, float>);
static_assert(std::same_as<element_of_result<decltype(some<bfloat16>{} + some<int>{})>, float>);
static_assert(std::same_as<element_of_result<decltype(some<float16>{} + some<std::int64_t>{})>, float>);
static_assert(std::same_as<element_of_result<decltype(some<float16>{} * 2)>, float>);
static_assert(std::same_as<element_of_result<decltype(-some<float16>{})>, float>);
static_assert(std::same_as<element_of_result<decltype(ashlar::exp(some<float16>{}))>, float>);
static_assert(std::same_as<element_of_result<decltype(some<float16>{} + some<double>{})>, double>);
static_assert(std::same_as<element_of_result<decltype(some<float16>{} < 1)>, bool>);
static_assert(std::same_as<element_of_result<decltype(sum(some<float16>{}))>, float>);
static_assert(std::same_as<element_of_result<decltype(ashlar::max(some<bfloat16>{}))>, float>);
static_assert(std::same_as<element_of_result<decltype(argmax(some<bfloat16>{}))>, int>);
static_assert(std::same_as<element_of_result<decltype(cumsum<0>(some<bfloat16>{}))>, float>);
static_assert(std::same_as<element_of_result<decltype(concat<0>(some<bfloat16>{}, some<bfloat16>{}))>, float>);
static_assert(std::same_as<element_of_result<decltype(gather<0>(some<float16>{}, some<int>{}))>, float>);
static_assert(std::same_as<element_of_result<decltype(ashlar::reshape<2, 2>(some<bfloat16>{}))>, bfloat16>);
static_assert(std::same_as<element_of_result<decltype(ashlar::slice<0, 1, 3>(some<bfloat16>{}))>, bfloat16>);
static_assert(std::same_as<element_of_result<decltype(to<float16>(some<float>{}))>, float16>);
static_assert(std::same_as<element_of_result<decltype(to<float16>(some<float>{}) + 1)>, float>);

namespace {

constexpr Tensor<bfloat16, 3> few{1, 1.00390625f, 0.1};
static_assert(few(1) == 1.0f && eval(sum(few)) == 2.10009765625f);
static_assert(eval(to<float>(few) * 3) == Tensor<float, 3>{3, 3, 0.30029296875f});
static_assert(eval(to<bfloat16>(few + 0.002f))(0) == 1.0f);
static_assert([] {
    Tensor<float16, 3> t = few * few;
    return t;
}()(2) == float16(0.10009765625f * 0.10009765625f));

/// Numbers between -2 and 2.
template <class T, std::size_t... N> Tensor<T, N...> numbers(unsigned seed) {
    Tensor<T, N...> t;
    for (auto& x : t) {
        seed = seed * 1664525u + 1013904223u;
        const float number = static_cast<float>(seed >> 8) / 4194304.0f - 2;
        x = std::is_integral_v<T> && !std::is_same_v<T, bool> ? static_cast<T>(number * 4) : static_cast<T>(number);
        if constexpr (std::is_same_v<T, bool>) x = number > 0;
    }
    return t;
}
template <std::size_t... N> Tensor<int, N...> indices(unsigned seed, int extent) {
    Tensor<int, N...> t;
    for (auto& x : t) x = static_cast<int>((seed = seed * 1664525u + 1013904223u) >> 10) % extent;
    return t;
}

template <class Half, std::size_t N> void check_loops() {
    INFO(N << " elements");
    const auto b = numbers<Half, N>(1), c = numbers<Half, N>(2);
    const auto f = numbers<float, N>(3);
    const auto d = numbers<double, N>(4);
    const auto i = numbers<int, N>(5);
    const auto l = numbers<std::int64_t, N>(6);
    const auto k = numbers<bool, N>(7);
    Tensor<Half, N> stored = b * c + f, selected;
    selected = where(k, b, f * 2);
    const auto mixed = eval(where(i > 2, b * f, c - 1) + to<float>(l));
    const auto wide = eval(to<double>(b) * d + c);
    const auto longs = eval(where(l * 3000000000 > 5, b, c));
    const auto whole = eval(to<int>(b * 8));
    const auto truth = eval(where(k, b < c, c < b));
    const auto through = eval(to<Half>(f + b) * 3 - to<float>(i));
    const auto of_double = eval(to<Half>(d * 1.001));
    const auto of_long = eval(to<Half>(l * 1001));
    for (std::size_t at = 0; at < N; ++at) {
        const float x = b(at), y = c(at);
        CHECK(static_cast<float>(stored(at)) == Approx(x * y + f(at)).epsilon(0.0079).margin(1e-6));
        CHECK(selected(at).bits == Half(k(at) ? x : f(at) * 2).bits);
        CHECK(mixed(at) == Approx((i(at) > 2 ? x * f(at) : y - 1) + static_cast<float>(l(at))).margin(1e-6));
        CHECK(wide(at) == Approx(static_cast<double>(x) * d(at) + static_cast<double>(y)));
        CHECK(longs(at) == (l(at) > 0 ? x : y));
        CHECK(whole(at) == static_cast<int>(x * 8));
        CHECK(truth(at) == (k(at) ? x < y : y < x));
        CHECK(through(at) == Approx(static_cast<float>(Half(f(at) + x)) * 3 - static_cast<float>(i(at))).margin(1e-6));
        CHECK(of_double(at).bits == Half(static_cast<float>(d(at) * 1.001)).bits);
        CHECK(of_long(at).bits == Half(static_cast<float>(l(at) * 1001)).bits);
    }
}

/// What moves, combines and multiplies rows of N elements.
template <class Half, std::size_t N> void check_rows() {
    INFO(N << " columns");
    const auto b = numbers<Half, N>(1);
    const auto rows = numbers<Half, 3, N>(8);
    const auto turned = eval(transpose(rows));
    Tensor<Half, N, 3> computed;
    computed = transpose(rows) * 2;
    const auto reversed = eval(ashlar::slice<1, 0, static_cast<int>(N), 2>(rows));
    const auto both = eval(concat<0>(rows, rows + 1));
    const auto by_row = eval(sum<1>(rows));
    const auto by_column = eval(sum<0>(rows * b));
    const auto most = eval(ashlar::max<1>(rows));
    const auto where_most = eval(argmax<1>(rows));
    const auto running = eval(cumsum<1>(rows));
    const auto by = indices<3, 5>(9, static_cast<int>(N));
    const auto gathered = eval(gather<1>(rows, by));
    const auto dense = numbers<float, N, 7>(10);
    const auto half_dense = numbers<Half, N, 7>(11);
    const auto product = eval(matmul(rows, dense) + 1);
    const auto half_product = eval(matmul(rows, half_dense));
    const auto of_vector = eval(matmul(rows, b));
    for (std::size_t r = 0; r < 3; ++r) {
        double all = 0;
        std::size_t largest = 0;
        for (std::size_t j = 0; j < N; ++j) {
            const float x = rows(r, j);
            all += static_cast<double>(x);
            if (x > static_cast<float>(rows(r, largest))) largest = j;
            CHECK(turned(j, r).bits == rows(r, j).bits);
            CHECK(computed(j, r).bits == Half(x * 2).bits);
            if (j % 2 == 0) CHECK(reversed(r, j / 2).bits == rows(r, j).bits);
            CHECK(both(r, j) == x);
            CHECK(both(r + 3, j) == x + 1);
            CHECK(running(r, j) == Approx(all).margin(1e-4));
        }
        CHECK(by_row(r) == Approx(all).margin(1e-4));
        CHECK(most(r) == static_cast<float>(rows(r, largest)));
        CHECK(where_most(r) == static_cast<int>(largest));
        for (std::size_t j = 0; j < 5; ++j)
            CHECK(gathered(r, j) == static_cast<float>(rows(r, static_cast<std::size_t>(by(r, j)))));
        double of_b = 0;
        for (std::size_t n = 0; n < N; ++n) of_b += static_cast<double>(rows(r, n)) * static_cast<double>(b(n));
        CHECK(of_vector(r) == Approx(of_b).margin(1e-4));
        for (std::size_t j = 0; j < 7; ++j) {
            double one = 1, two = 0;
            for (std::size_t n = 0; n < N; ++n)
                one += static_cast<double>(rows(r, n)) * static_cast<double>(dense(n, j)),
                    two += static_cast<double>(rows(r, n)) * static_cast<double>(half_dense(n, j));
            CHECK(product(r, j) == Approx(one).margin(1e-4));
            CHECK(half_product(r, j) == Approx(two).margin(1e-4));
        }
    }
    for (std::size_t j = 0; j < N; ++j) {
        double all = 0;
        for (std::size_t r = 0; r < 3; ++r) all += static_cast<double>(rows(r, j)) * static_cast<double>(b(j));
        CHECK(by_column(j) == Approx(all).margin(1e-5));
    }
}

/// A body with frozen halves and one matrix that is trained.
struct Adapted {
    Tensor<bfloat16, 4, 8> frozen;
    Tensor<float, 4, 8> trained{};
    constexpr auto operator()(ashlar::expression auto x) const {
        return matmul(x, transpose(frozen)) + matmul(x, transpose(trained));
    }
    using members = ashlar::members<&Adapted::frozen, &Adapted::trained>;
};

}  // namespace

TEST_CASE("loops read bfloat16 and float16 beside all other types", "[half]") {
    check_loops<bfloat16, 1>();
    check_loops<bfloat16, 37>();
    check_loops<float16, 3>();
    check_loops<float16, 37>();
}
TEST_CASE("rows of bfloat16 and float16 are moved, combined and multiplied", "[half]") {
    check_rows<bfloat16, 37>();
    check_rows<float16, 6>();
}

TEST_CASE("results are rounded once, where they are stored", "[half]") {
    // 1 + 2^-8 + 2^-9 is rounded up; with a bfloat16 in between it would be 1 twice
    const Tensor<bfloat16, 9> one = Tensor<bfloat16, 9>::ones();
    Tensor<bfloat16, 9> t = one + 0x1p-8f + 0x1p-9f;
    CHECK(t(3) == 1.0078125f);
    t = to<bfloat16>(one + 0x1p-8f) + 0x1p-9f;
    CHECK(t(3) == 1.0f);
    t = t + t;  // written over what is read
    CHECK(t == Tensor<bfloat16, 9>::full(2));
    std::vector<bfloat16> memory(9);
    ashlar::TensorView<bfloat16, 9> view{memory};
    view = one * 3;
    CHECK(memory[8] == 3.0f);
    Tensor<float16, 9> into;
    const auto e = to<float16>(one * 1e6);
    static ashlar::Workspace<decltype(e)> scratch;
    ashlar::evaluate(e, into, scratch);
    CHECK(into(0).bits == 0x7c00);
}

TEST_CASE("tensors of bfloat16 and float16 are made, compared and printed as others", "[half]") {
    const Tensor<bfloat16, 2, 3> t{{1, 2.5, 3}, {-4, 0.1f, 1e30f}};
    const std::vector<float> values{1, 2.5f, 3, -4, 0.1f, 1e30f};
    CHECK(t == Tensor<bfloat16, 2, 3>::from(values));
    CHECK(t == t + 0);
    CHECK_FALSE(t == Tensor<bfloat16, 2, 3>::zeros());
    std::ostringstream out;
    out << Tensor<float16, 3>{1, 0.5, -2} << ' ' << Tensor<float16>(0.25f);
    CHECK(out.str() == "[1, 0.5, -2] 0.25");
    CHECK(static_cast<float16>(Tensor<float16>(3)) == 3);
}

TEST_CASE("a gradient with respect to bfloat16 is one of floats", "[half]") {
    const auto x = numbers<bfloat16, 5, 7>(1);
    const auto w = numbers<float, 7, 2>(2);
    const auto named = variable<"x">(x);
    const auto loss = sum(square(matmul(named, w)) * 0.5f) + sum(exp(transpose(named)));
    const auto got = eval(grad(loss, named));
    static_assert(std::same_as<decltype(got), const Tensor<float, 5, 7>>);
    const Tensor<float, 5, 7> wide = to<float>(x);
    const auto wide_named = variable<"x">(wide);
    const auto expected =
        eval(grad(sum(square(matmul(wide_named, w)) * 0.5f) + sum(exp(transpose(wide_named))), wide_named));
    CHECK(first_difference(got, expected, 1e-6) == -1);
}

TEST_CASE("tensors of bfloat16 in a model are kept, read and not trained", "[half]") {
    Adapted model{numbers<bfloat16, 4, 8>(1)};
    const auto before = model.frozen;
    const auto x = numbers<float, 16, 8>(2);
    const auto y = eval(matmul(x, transpose(numbers<float, 4, 8>(3))));
    ashlar::optim::SGD sgd{model, {.lr = 0.1f}};
    float loss = 0;
    for (int i = 0; i < 300; ++i) loss = sgd.step(ashlar::nn::MSELoss{}(ashlar::call(model, x), y));
    CHECK(loss < 1e-3f);
    CHECK(model.frozen == before);
    const auto fast = ashlar::compile(model);
    CHECK(first_difference(eval(fast(x)), eval(ashlar::call(model, x)), 1e-6) == -1);
}
