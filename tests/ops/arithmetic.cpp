// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Arithmetic, comparisons and choices on tensors of all element types, with scalars of all types.

#include <ashlar/ashlar.hpp>

#include "support/compare.hpp"

using namespace ashlar;

template <class E> using element_of_t = typename E::value_type;
template <class E, class T, std::size_t... Dims>
inline constexpr bool is = std::same_as<element_of_t<E>, T> && std::same_as<shape_t<E>, Shape<Dims...>>;

const Tensor<float, 3> singles{1, 2, 3};
const Tensor<double, 3> doubles{0.5, -1, 4};
const Tensor<int, 3> whole{7, -2, 3};
const Tensor<bool, 3> flags{true, false, true};

// A scalar takes the type of the tensor beside it; a floating one beside whole numbers makes them float.
static_assert(is<decltype(singles + 1), float, 3> && is<decltype(1.5 * singles), float, 3> &&
              is<decltype(singles / 2.0f), float, 3>);
static_assert(is<decltype(doubles + 1), double, 3> && is<decltype(1.5f * doubles), double, 3> &&
              is<decltype(2 - doubles), double, 3>);
static_assert(is<decltype(whole + 1), int, 3> && is<decltype(whole * 1.5), float, 3> &&
              is<decltype(2.0f - whole), float, 3>);
static_assert(is<decltype(whole / 2), float, 3> && is<decltype(whole / whole), float, 3> &&
              is<decltype(exp(whole)), float, 3>);
static_assert(is<decltype(flags + 1), int, 3> && is<decltype(flags * 0.5), float, 3>);
static_assert(is<decltype(singles + doubles), double, 3> && is<decltype(whole + singles), float, 3> &&
              is<decltype(whole + doubles), double, 3>);
static_assert(is<decltype(flags * whole), int, 3> && is<decltype(flags * doubles), double, 3> &&
              is<decltype(-whole), int, 3>);
static_assert(is<decltype(whole < 2.5), bool, 3> && is<decltype(singles >= doubles), bool, 3> &&
              is<decltype(ne(whole, 3)), bool, 3>);
static_assert(is<decltype(where(flags, whole, 1)), int, 3> && is<decltype(where(flags, singles, doubles)), double, 3> &&
              is<decltype(where(flags, whole, 0.5)), float, 3>);
static_assert(is<decltype(minimum(whole, 2)), int, 3> && is<decltype(maximum(singles, 0)), float, 3> &&
              is<decltype(clamp(doubles, 0, 1)), double, 3>);
static_assert(is<decltype(pow(whole, 2)), int, 3> && is<decltype(pow(whole, 0.5)), float, 3> &&
              is<decltype(pow<3>(whole)), int, 3>);
static_assert(is<decltype(to<double>(whole)), double, 3> && is<decltype(sum(flags)), std::int64_t>);
static_assert(is<decltype(mean(whole)), float>);
static_assert(is<decltype(floor(whole)), int, 3> && is<decltype(abs(whole)), int, 3> &&
              is<decltype(argmax(singles)), int>);

TEST_CASE("scalars on both sides", "[scalar]") {
    CHECK(1 + singles == Tensor<float, 3>{2, 3, 4});
    CHECK(singles - 1.5 == Tensor<float, 3>{-0.5f, 0.5f, 1.5f});
    CHECK(1.5f - singles == Tensor<float, 3>{0.5f, -0.5f, -1.5f});
    CHECK(6 / singles == Tensor<float, 3>{6, 3, 2});
    CHECK(doubles * 2 == Tensor<double, 3>{1, -2, 8});
    CHECK(-doubles == Tensor<double, 3>{-0.5, 1, -4});
}

TEST_CASE("whole numbers", "[int]") {
    CHECK(whole + whole * 2 - 1 == Tensor<int, 3>{20, -7, 8});
    CHECK(whole / 2 == Tensor<float, 3>{3.5f, -1, 1.5f});
    CHECK(minimum(whole, 2) == Tensor<int, 3>{2, -2, 2});
    CHECK(maximum(whole, -whole) == Tensor<int, 3>{7, 2, 3});
    CHECK(clamp(whole, 0, 5) == Tensor<int, 3>{5, 0, 3});
    CHECK(abs(whole) * sign(whole) == whole);
    CHECK(pow(whole, 2) == Tensor<int, 3>{49, 4, 9});
    CHECK(pow<3>(whole) == Tensor<int, 3>{343, -8, 27});
    CHECK(where(whole > 0, whole, 0) == Tensor<int, 3>{7, 0, 3});
    CHECK(sum(whole) == Tensor<int>{8});
    CHECK(max(whole) == Tensor<int>{7});
    CHECK(whole * singles == Tensor<float, 3>{7, -4, 9});
    CHECK(flags * whole + flags == Tensor<int, 3>{8, 0, 4});
}

TEST_CASE("powers of whole numbers, a vector of them and a rest", "[int]") {
    const Tensor<int, 11> base{0, 1, -1, 2, -2, 3, -3, 10, 7, 1, -1}, exponent{0, 5, 5, 10, 9, 4, 3, 9, -1, -3, -4};
    CHECK(pow(base, exponent) == Tensor<int, 11>{1, 1, -1, 1024, -512, 81, -27, 1000000000, 0, 1, 1});
}
