// SPDX-License-Identifier: BSL-1.0
// labels: widths
#include "ashlar/kernels/simd.hpp"

#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <type_traits>

namespace kernels = ashlar::kernels;
using kernels::lanes;
using kernels::vec;

static_assert(sizeof(vec<float>) == static_cast<std::size_t>(kernels::vector_bytes));
static_assert(lanes<float> == lanes<int> && lanes<float> == 2 * lanes<double>);
static_assert(std::is_same_v<kernels::scalar_of<vec<double>>, double> && std::is_same_v<kernels::scalar_of<int>, int>);
static_assert(kernels::splat<float>(3) == 3.0f && kernels::select(true, 1, 2) == 1 &&
              kernels::fma(2.0, 3.0, 4.0) == 10.0);
static_assert(kernels::min(1.0f, 2.0f) == 1.0f && kernels::max(1, 2) == 2);

namespace {

// Storage of exactly n elements, so that a sanitizer sees what is read or written past them.
template <class T>
std::unique_ptr<T[]> numbers(std::ptrdiff_t n) {
    auto memory = std::make_unique<T[]>(static_cast<std::size_t>(n));
    for (std::ptrdiff_t i = 0; i < n; ++i) memory[static_cast<std::size_t>(i)] = static_cast<T>(i + 1);
    return memory;
}

template <class T>
bool is_range(vec<T> v, std::ptrdiff_t n, std::ptrdiff_t stride = 1) {
    for (std::ptrdiff_t i = 0; i < lanes<T>; ++i)
        if (v[i] != static_cast<T>(i < n ? i * stride + 1 : 0)) return false;
    return true;
}

template <class To, class From>
void converts() {
    const auto from = numbers<From>(lanes<To>);
    const vec<To> v = kernels::load_as<To>(from.get());
    for (std::ptrdiff_t i = 0; i < lanes<To>; ++i) CHECK(v[i] == static_cast<To>(from[static_cast<std::size_t>(i)]));
    auto back = numbers<From>(lanes<To>);
    kernels::store_as(back.get(), v + static_cast<To>(1));
    for (std::ptrdiff_t i = 0; i < lanes<To>; ++i)
        CHECK(back[static_cast<std::size_t>(i)] == static_cast<From>(v[i] + static_cast<To>(1)));
    for (std::ptrdiff_t n = 1; n <= lanes<To>; ++n) {
        const auto few = numbers<From>(n);
        const vec<To> part = kernels::load_partial_as<To>(few.get(), n);
        for (std::ptrdiff_t i = 0; i < lanes<To>; ++i)
            CHECK(part[i] == (i < n ? static_cast<To>(few[static_cast<std::size_t>(i)]) : To{}));
        kernels::store_partial_as(few.get(), part, n);
        CHECK(few[static_cast<std::size_t>(n - 1)] == static_cast<From>(part[n - 1]));
    }
}

// A vector of N lanes of which 1, 2, ... are loaded, each number a constant.
template <class T, std::ptrdiff_t N>
void loads_known_counts() {
    const auto is_beginning = [](vec<T, N> v, std::ptrdiff_t n) {
        for (std::ptrdiff_t i = 0; i < N; ++i)
            if (v[i] != static_cast<T>(i < n ? i + 1 : 0)) return false;
        return true;
    };
    [&]<std::ptrdiff_t... At>(std::integer_sequence<std::ptrdiff_t, At...>) {
        const bool all[] = {is_beginning(kernels::load_partial<T, N>(numbers<T>(At + 1).get(), At + 1), At + 1)...};
        for (const bool one : all) CHECK(one);
    }(kernels::lane_sequence<N>{});
}

}  // namespace

TEMPLATE_TEST_CASE("all numbers of lanes that are known are loaded, no more, the others zero", "[simd]", float, double,
                   int) {
    loads_known_counts<TestType, lanes<TestType>>();
    loads_known_counts<TestType, kernels::lanes_for<TestType>(1)>();
}

TEMPLATE_TEST_CASE("a shorter vector becomes the low lanes of a native one", "[simd]", float, double, int) {
    constexpr std::ptrdiff_t few = kernels::lanes_for<TestType>(1);
    STATIC_REQUIRE(kernels::lanes_for<TestType>(few) == few);
    STATIC_REQUIRE(kernels::lanes_for<TestType>(few + 1) == lanes<TestType>);
    const auto memory = numbers<TestType>(few);
    const vec<TestType> v = kernels::native<TestType>(kernels::load<TestType, few>(memory.get()));
    for (std::ptrdiff_t i = 0; i < few; ++i) CHECK(v[i] == static_cast<TestType>(i + 1));
}

TEMPLATE_TEST_CASE("vectors are loaded and stored whole, in part and strided", "[simd]", float, double, int) {
    using T = TestType;
    constexpr std::ptrdiff_t all = lanes<T>;
    const auto memory = numbers<T>(all);
    CHECK(is_range<T>(kernels::load(memory.get()), all));
    for (std::ptrdiff_t n = 1; n <= all; ++n) {
        const auto few = numbers<T>(n);
        CHECK(is_range<T>(kernels::load_partial(few.get(), n), n));
        const auto target = numbers<T>(n);
        kernels::store_partial(target.get(), kernels::load(memory.get()) * 2, n);
        for (std::ptrdiff_t i = 0; i < n; ++i) CHECK(target[static_cast<std::size_t>(i)] == static_cast<T>(2 * i + 2));
        const auto wide = numbers<T>((n - 1) * 3 + 1);
        CHECK(is_range<T>(kernels::gather_partial(wide.get(), 3, n), n, 3));
        kernels::scatter_partial(wide.get(), 3, vec<T>{}, n);
        CHECK(wide[static_cast<std::size_t>((n - 1) * 3)] == T{});
    }
    const auto wide = numbers<T>((all - 1) * 3 + 1);
    CHECK(is_range<T>(kernels::gather(wide.get(), 3), all, 3));
    kernels::scatter(wide.get(), 3, kernels::load(memory.get()));
    CHECK(is_range<T>(kernels::gather(wide.get(), 3), all));
    CHECK(wide[1] == static_cast<T>(2));
}

TEST_CASE("loads and stores convert", "[simd]") {
    converts<float, double>();
    converts<float, int>();
    converts<float, bool>();
    converts<double, float>();
    converts<double, int>();
    converts<double, bool>();
    converts<int, float>();
    converts<int, double>();
    converts<int, bool>();
    converts<float, std::int64_t>();
}

TEMPLATE_TEST_CASE("lanes are selected, compared and reduced", "[simd]", float, double, int) {
    using T = TestType;
    constexpr std::ptrdiff_t all = lanes<T>;
    const auto memory = numbers<T>(all);
    const vec<T> v = kernels::load(memory.get());
    const vec<T> chosen = kernels::select(v > T{1}, v, kernels::broadcast(T{7}));
    CHECK(chosen[0] == T{7});
    CHECK(chosen[all - 1] == static_cast<T>(all));
    CHECK(kernels::any(v == T{1}));
    CHECK_FALSE(kernels::any(v == T{0}));
    CHECK(kernels::reduce_add(v) == static_cast<T>(all * (all + 1) / 2));
    CHECK(kernels::reduce_max(v) == static_cast<T>(all));
    CHECK(kernels::reduce_min(-v) == static_cast<T>(-all));
    CHECK(kernels::reduce_mul(kernels::broadcast(T{2})) == static_cast<T>(1 << all));
    CHECK(kernels::fma(v, v, v)[1] == T{6});
    CHECK(kernels::join(kernels::part<0, all / 2>(v), kernels::part<all / 2, all / 2>(v))[all - 1] == v[all - 1]);
}

TEMPLATE_TEST_CASE("a NaN wins in minimum and maximum, and a broadcast keeps -0", "[simd]", float, double) {
    using T = TestType;
    const T nan = std::numeric_limits<T>::quiet_NaN();
    const vec<T> one = kernels::broadcast(T{1}), none = kernels::broadcast(nan);
    for (const vec<T> v :
         {kernels::min(one, none), kernels::min(none, one), kernels::max(one, none), kernels::max(none, one)})
        CHECK(v[0] != v[0]);
    vec<T> mixed = one;
    mixed[lanes<T> - 1] = nan;
    const T least = kernels::reduce_min(mixed), greatest = kernels::reduce_max(mixed);
    CHECK(least != least);
    CHECK(greatest != greatest);
    CHECK(T{1} / kernels::broadcast(T{-0.0})[0] < T{0});
}

namespace {

// Constants that the compiler knows: Ones equal lanes, then zeros.
template <class T, std::ptrdiff_t Ones, class To>
bool is_stored_as_it_is() {
    vec<T> v{};
    for (std::ptrdiff_t i = 0; i < Ones; ++i) v[i] = T{1};
    To memory[static_cast<std::size_t>(lanes<T>)];
    kernels::store_as(memory, v);
    bool right = true;
    for (std::ptrdiff_t i = 0; i < lanes<T>; ++i) {
        const volatile To read = memory[i];
        right = right && read == static_cast<To>(i < Ones ? 1 : 0);
    }
    return right;
}

template <class T, class To, std::ptrdiff_t... Ones>
bool are_stored_as_they_are(std::integer_sequence<std::ptrdiff_t, Ones...>) {
    return (is_stored_as_it_is<T, Ones, To>() && ...);
}

// By a choice between numbers that are known, as where(arange<8>() < 3, 1, 0).
template <class T>
[[gnu::noinline]] void choose_first(T* to, std::ptrdiff_t all) {
    alignas(64) T place[2 * lanes<T>];
    for (std::ptrdiff_t i = 0; i < 2 * lanes<T>; ++i) place[i] = static_cast<T>(i);
    const vec<T> one = kernels::broadcast(T{1}), limit = kernels::broadcast(static_cast<T>(lanes<T> / 2 + 1));
    kernels::store(to, kernels::select(kernels::load(place) < limit, one, vec<T>{}));
    if (all > 1) kernels::store(to + lanes<T>, kernels::select(kernels::load(place + lanes<T>) < limit, one, vec<T>{}));
}

}  // namespace

TEMPLATE_TEST_CASE("constants are stored as they are", "[simd]", float, double, std::int32_t, std::int64_t) {
    using T = TestType;
    CHECK(are_stored_as_they_are<T, T>(kernels::lane_sequence<lanes<T>>{}));
    CHECK(are_stored_as_they_are<T, float>(kernels::lane_sequence<lanes<T>>{}));
    CHECK(are_stored_as_they_are<T, double>(kernels::lane_sequence<lanes<T>>{}));
    CHECK(are_stored_as_they_are<T, bool>(kernels::lane_sequence<lanes<T>>{}));
    T chosen[2 * lanes<T>];
    choose_first(chosen, 2);
    for (std::ptrdiff_t i = 0; i < 2 * lanes<T>; ++i) CHECK(chosen[i] == static_cast<T>(i < lanes<T> / 2 + 1 ? 1 : 0));
}
