// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Slices that are assigned, beside loops over all elements.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

using ashlar::concat, ashlar::index, ashlar::matmul, ashlar::slice, ashlar::Tensor, ashlar::TensorView,
    ashlar::transpose;

namespace {

template <class T, std::size_t... Dims> Tensor<T, Dims...> counted(int from) {
    Tensor<T, Dims...> t;
    for (T& x : t) x = static_cast<T>(from++);
    return t;
}

// What a slice of one axis reads, by its definition.
template <int Axis, index Start, index Stop, index Step, std::size_t R, std::size_t C>
void written(const Tensor<float, R, C>& before, const Tensor<float, R, C>& after, const auto& value) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < R; ++i)
        for (std::size_t j = 0; j < C; ++j) {
            const index at = static_cast<index>(Axis == 0 ? i : j), way = (at - Start) * (Step < 0 ? -1 : 1),
                        size = Step < 0 ? -Step : Step;
            const bool inside = way >= 0 && way % size == 0 && (Step < 0 ? at > Stop : at < Stop);
            const auto k = static_cast<std::size_t>(way / size);
            if (inside) REQUIRE(after(i, j) == (Axis == 0 ? value(k, j) : value(i, k)));
            else REQUIRE(after(i, j) == before(i, j));
            seen += inside ? 1U : 0U;
        }
    REQUIRE(seen == value.size());
}

template <int Axis, index Start, index Stop, index Step, std::size_t R, std::size_t C> void check() {
    INFO(Axis << ' ' << Start << ' ' << Stop << ' ' << Step << " of " << R << " x " << C);
    const auto before = counted<float, R, C>(0);
    auto t = before;
    auto value = ashlar::eval(slice<Axis, Start, Stop, Step>(t));
    using part = decltype(value);
    value = value * 10.f + 1000.f;
    slice<Axis, Start, Stop, Step>(t) = value;
    written<Axis, Start, Stop, Step>(before, t, value);
    t = before;
    const part twice = slice<Axis, Start, Stop, Step>(t) + slice<Axis, Start, Stop, Step>(before);
    slice<Axis, Start, Stop, Step>(t) += slice<Axis, Start, Stop, Step>(t);
    written<Axis, Start, Stop, Step>(before, t, twice);
    t = before;
    slice<Axis, Start, Stop, Step>(t) = 7;
    written<Axis, Start, Stop, Step>(before, t, part::full(7.f));
    t = before;
    TensorView<float, R, C> view{t};
    slice<Axis, Start, Stop, Step>(view) = slice<Axis, Start, Stop, Step>(before * 3.f);
    written<Axis, Start, Stop, Step>(before, t, part{slice<Axis, Start, Stop, Step>(before * 3.f)});
}

}  // namespace

TEST_CASE("what is assigned to a slice is where it reads", "[ops]") {
    check<0, 2, 5, 1, 7, 3>();
    check<0, 0, 1, 1, 1, 1>();
    check<0, 1, 6, 2, 7, 19>();
    check<0, 6, 0, -2, 7, 3>();
    check<1, 1, 3, 1, 5, 4>();
    check<1, 0, 33, 3, 4, 33>();
    check<1, 32, 10, -1, 3, 40>();
    check<1, 2, 9, 1, 1, 17>();
}

TEST_CASE("all of the value is read before the first element is written", "[ops]") {
    Tensor<float, 6> t{1, 2, 3, 4, 5, 6};
    slice<0, 1, 6>(t) = slice<0, 0, 5>(t);
    CHECK(t == Tensor<float, 6>{1, 1, 2, 3, 4, 5});
    slice<0, 0, 6, 2>(t) = slice<0, 5, -7, -2>(t);  // 5 3 1
    CHECK(t == Tensor<float, 6>{5, 1, 3, 3, 1, 5});
    Tensor<float, 3, 3> m{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    slice<1, 0, 2>(m) = transpose(slice<0, 0, 2>(m));
    CHECK(m == Tensor<float, 3, 3>{{1, 4, 3}, {2, 5, 6}, {3, 6, 9}});
    slice<0, 1, 3>(m) = matmul(slice<0, 1, 3>(m), m);
    CHECK(m == Tensor<float, 3, 3>{{1, 4, 3}, {2 + 10 + 18, 8 + 25 + 36, 6 + 30 + 54},
                                   {3 + 12 + 27, 12 + 30 + 54, 9 + 36 + 81}});
}

TEST_CASE("a slice of a slice is assigned where both lead", "[ops]") {
    auto t = counted<float, 4, 5, 6>(0);
    auto expected = t;
    slice<2, 1, 6, 2>(slice<0, 3, 0, -1>(t)) = counted<float, 3, 5, 3>(500);
    int n = 500;
    for (std::size_t i = 3; i > 0; --i)
        for (std::size_t j = 0; j < 5; ++j)
            for (std::size_t k = 1; k < 6; k += 2) expected(i, j, k) = static_cast<float>(n++);
    CHECK(t == expected);
    slice<1, 1, 3>(slice<0, 1, 2>(t)) -= 1;
    for (std::size_t j = 1; j < 3; ++j)
        for (std::size_t k = 0; k < 6; ++k) expected(1, j, k) -= 1;
    CHECK(t == expected);
}

TEST_CASE("slices assign each other's elements, not their places", "[ops]") {
    Tensor<float, 4> a{1, 2, 3, 4};
    Tensor<float, 4> b{5, 6, 7, 8};
    auto part = slice<0, 1, 3>(a);
    part = slice<0, 1, 3>(b);
    CHECK(a == Tensor<float, 4>{1, 6, 7, 4});
    const Tensor<float, 4> sum = concat<0>(part, slice<0, 0, 2>(b)) + 1.f;
    CHECK(sum == Tensor<float, 4>{7, 8, 6, 7});
}

TEST_CASE("slices of other element types are assigned", "[ops]") {
    Tensor<int, 5> t{1, 2, 3, 4, 5};
    slice<0, 0, 5, 2>(t) = Tensor<int, 3>{10, 20, 30};
    CHECK(t == Tensor<int, 5>{10, 2, 20, 4, 30});
    slice<0, 1, 3>(t) *= 2;
    CHECK(t == Tensor<int, 5>{10, 4, 40, 4, 30});
    auto d = counted<double, 2, 3>(1);
    slice<1, 1, 3>(d) = Tensor<double, 2, 2>{{0.5, 1.5}, {2.5, 3.5}};
    CHECK(d == Tensor<double, 2, 3>{{1, 0.5, 1.5}, {4, 2.5, 3.5}});
}

TEST_CASE("slices are assigned while compiling", "[ops]") {
    constexpr auto t = [] {
        Tensor<float, 2, 4> x{{1, 2, 3, 4}, {5, 6, 7, 8}};
        slice<1, 0, 4, 2>(x) = slice<1, 1, 4, 2>(x) * 10.f;
        slice<0, 0, 1>(x) += 1.f;
        return x;
    }();
    static_assert(t == Tensor<float, 2, 4>{{21, 3, 41, 5}, {60, 6, 80, 8}});
    CHECK(t(1, 2) == 80);
    constexpr auto turned = [] {
        Tensor<float, 3, 3> m{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
        slice<0, 1, 3>(m) = slice<0, 0, 2>(transpose(m));
        return m;
    }();
    static_assert(turned == Tensor<float, 3, 3>{{1, 2, 3}, {1, 4, 7}, {2, 5, 8}});
}
