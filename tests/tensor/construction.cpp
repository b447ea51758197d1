// SPDX-License-Identifier: BSL-1.0
// How tensors are made, from rank 0 to rank 6, and what they are: plain values.
#include "support/catch.hpp"

#include <ashlar/tensor/print.hpp>

#include <array>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

using ashlar::Tensor;

static_assert(std::is_trivially_copyable_v<Tensor<float>> && std::is_trivially_copyable_v<Tensor<float, 3, 4>>);
static_assert(std::is_trivially_default_constructible_v<Tensor<double, 784, 128>>);
static_assert(std::is_standard_layout_v<Tensor<float, 3, 4>>);
static_assert(alignof(Tensor<float, 3>) == 64 && sizeof(Tensor<float, 16>) == 64);
static_assert(Tensor<float>::rank == 0 && Tensor<float>::size() == 1);
static_assert(Tensor<float, 2, 3, 4>::rank == 3 && Tensor<float, 2, 3, 4>::size() == 24);
static_assert(!std::is_convertible_v<float, Tensor<float, 1>>);  // one element is still a list
static_assert(std::is_convertible_v<Tensor<float>, float> && std::is_convertible_v<float, Tensor<float>>);
static_assert(!std::is_convertible_v<Tensor<float, 1>, float>);

// Element i is i + 1, whatever the rank.
template <class T> static constexpr bool counts(const T& t) {
    for (std::size_t i = 0; i < t.size(); ++i)
        if (t.data()[i] != static_cast<typename T::value_type>(i + 1)) return false;
    return true;
}

TEST_CASE("nested lists from rank 0 to rank 6", "[tensor]") {
    constexpr Tensor<float> rank0 = 1.0f;
    constexpr Tensor<float, 3> rank1{1, 2, 3};
    constexpr Tensor<float, 2, 3> rank2{{1, 2, 3}, {4, 5, 6}};
    constexpr Tensor<float, 2, 1, 3> rank3{{{1, 2, 3}}, {{4, 5, 6}}};
    constexpr Tensor<float, 1, 2, 1, 2> rank4({{{{1, 2}}, {{3, 4}}}});
    constexpr Tensor<float, 1, 1, 2, 1, 2> rank5({{{{{1, 2}}, {{3, 4}}}}});
    constexpr Tensor<float, 2, 1, 1, 2, 1, 2> rank6({{{{{{1, 2}}, {{3, 4}}}}}, {{{{{5, 6}}, {{7, 8}}}}}});
    static_assert(counts(rank0) && counts(rank1) && counts(rank2) && counts(rank3) && counts(rank4) && counts(rank5) &&
                  counts(rank6));
    CHECK(rank6(1, 0, 0, 1, 0, 0) == 7.0f);
    CHECK(rank2(1, 0) == 4.0f);
    CHECK(static_cast<float>(rank0) == 1.0f);
}

TEST_CASE("lists of other element types", "[tensor]") {
    const Tensor<double, 2, 2> d{{1, 2}, {3, 4}};
    const Tensor<int, 4> i{1, 2, 3, 4};
    const Tensor<bool, 2> b{true, false};
    CHECK(counts(d));
    CHECK(counts(i));
    CHECK((b(0) && !b(1)));
    const Tensor<float, 1> one{4.0f};
    CHECK(one(0) == 4.0f);
    const Tensor<float, 1, 1> row{{4.0f}};
    CHECK(row(0, 0) == 4.0f);
}

TEST_CASE("zeros, ones, full and empty braces", "[tensor]") {
    static_assert(Tensor<float, 2, 2>{} == Tensor<float, 2, 2>{{0, 0}, {0, 0}});
    static_assert(Tensor<float, 2, 2>::zeros() == Tensor<float, 2, 2>{});
    static_assert(Tensor<int, 3>::ones() == Tensor<int, 3>{1, 1, 1});
    static_assert(Tensor<double, 2, 1>::full(2.5) == Tensor<double, 2, 1>{{2.5}, {2.5}});
    static_assert(static_cast<float>(Tensor<float>::full(3)) == 3.0f);
    SUCCEED();
}

TEST_CASE("generate calls with every multi-index", "[tensor]") {
    constexpr auto t = Tensor<int, 2, 3>::generate([](std::size_t i, std::size_t j) { return 10 * i + j; });
    static_assert(t == Tensor<int, 2, 3>{{0, 1, 2}, {10, 11, 12}});
    const auto deep =
        Tensor<int, 2, 1, 2, 1, 2>::generate([](auto a, auto, auto c, auto, auto e) { return 4 * a + 2 * c + e + 1; });
    CHECK(counts(deep));
    CHECK(static_cast<int>(Tensor<int>::generate([] { return 7; })) == 7);
}

TEST_CASE("from a span of exactly the right length", "[tensor]") {
    const std::vector<float> six{1, 2, 3, 4, 5, 6};
    CHECK(counts(Tensor<float, 2, 3>::from(six)));
    CHECK(counts(Tensor<float, 3, 2>::from(std::span{six})));
    CHECK(counts(Tensor<double, 2>::from(std::array{1.0f, 2.0f})));
    for (const std::size_t wrong : {std::size_t{0}, std::size_t{5}, std::size_t{7}}) {
        const std::vector<float> values(wrong, 1.0f);
        CHECK_THROWS_AS((Tensor<float, 2, 3>::from(values)), ashlar::error);
        try {
            Tensor<float, 2, 3>::from(values);
        } catch (const ashlar::error& e) {
            CHECK(std::string(e.what()) ==
                  "Tensor::from: " + std::to_string(wrong) + " values given, the tensor has 6 elements");
        }
    }
}

TEST_CASE("equality compares whole tensors", "[tensor]") {
    const Tensor<float, 3> a{1, 2, 3}, b{1, 2, 4};
    CHECK(a == a);
    CHECK_FALSE(a == b);
    CHECK(a != b);
    CHECK(Tensor<float, 1>{0.0f} == Tensor<float, 1>{-0.0f});
    const Tensor<float, 1> nan{__builtin_nanf("")};
    CHECK_FALSE(nan == nan);  // as for numbers
}

TEST_CASE("elements are reached by index, pointer and iterator", "[tensor]") {
    Tensor<float, 2, 3> t{{1, 2, 3}, {4, 5, 6}};
    t(1, 2) = 60;
    t.data()[0] = 10;
    for (float& e : t) e += 1;
    CHECK(t == Tensor<float, 2, 3>{{11, 3, 4}, {5, 6, 61}});
    CHECK(t.end() - t.begin() == 6);
    const std::size_t i = 1;
    const short j = 1;
    CHECK(t(i, j) == 6.0f);
}

TEST_CASE("a copy is a value of its own", "[tensor]") {
    Tensor<float, 2> a{1, 2};
    Tensor<float, 2> b = a;
    b(0) = 5;
    CHECK(a(0) == 1.0f);
    a = b;
    CHECK(a == b);
}
