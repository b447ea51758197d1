// SPDX-License-Identifier: BSL-1.0
// Assignment behaves as if the right side were complete before the first store, also where the target occurs in it.
#include "support/catch.hpp"

#include "support/compare.hpp"

#include <ashlar/ashlar.hpp>

#include <memory>

using ashlar::Tensor;
using ashlar::TensorView;

template <std::size_t R, std::size_t C> static Tensor<float, R, C> counted() {
    return Tensor<float, R, C>::generate([](std::size_t i, std::size_t j) {
        return static_cast<float>(C * i + j + 1);
    });
}

TEST_CASE("x = matmul(x, x)", "[alias]") {
    Tensor<float, 5, 5> x = counted<5, 5>();
    const Tensor<float, 5, 5> copy = x;
    const Tensor<float, 5, 5> expected = matmul(copy, copy);
    x = matmul(x, x);
    CHECK(x == expected);
}

TEST_CASE("x = transpose(x)", "[alias]") {
    Tensor<float, 7, 7> x = counted<7, 7>();
    x = transpose(x);
    CHECK(x == Tensor<float, 7, 7>::generate([](std::size_t i, std::size_t j) {
              return static_cast<float>(7 * j + i + 1);
          }));
}

TEST_CASE("x = x + 1, element by element", "[alias]") {
    Tensor<float, 5, 5> x = counted<5, 5>();
    x = x + 1.0f;
    x = x * x - x;
    CHECK(x == Tensor<float, 5, 5>::generate([](std::size_t i, std::size_t j) {
              const auto n = static_cast<float>(5 * i + j + 2);
              return n * n - n;
          }));
}

TEST_CASE("the target in a slice, a reduction, a broadcast", "[alias]") {
    Tensor<float, 4> v{1, 2, 3, 4};
    v = v - mean(v);
    CHECK(v == Tensor<float, 4>{-1.5f, -0.5f, 0.5f, 1.5f});
    v = concat<0>(ashlar::slice<0, 1, 4>(v), ashlar::slice<0, 0, 1>(v));  // rotated
    CHECK(v == Tensor<float, 4>{-0.5f, 0.5f, 1.5f, -1.5f});
    Tensor<float, 3, 3> m = counted<3, 3>();
    m = m - sum<0, ashlar::keepdim>(m);
    CHECK(m == Tensor<float, 3, 3>{{-11, -13, -15}, {-8, -10, -12}, {-5, -7, -9}});
}

TEST_CASE("evaluate into a tensor of the expression", "[alias]") {
    Tensor<float, 4, 4> x = counted<4, 4>(), y = Tensor<float, 4, 4>::ones();
    const Tensor<float, 4, 4> a = x;
    const Tensor<float, 4, 4> expected = tanh(matmul(a, y) * 0.01f) + transpose(a);
    const auto e = tanh(matmul(x, y) * 0.01f) + transpose(x);
    ashlar::Workspace<decltype(e)> scratch;
    ashlar::evaluate(e, x, scratch);
    CHECK(x == expected);
    ashlar::evaluate(x + y, y, *std::make_unique<ashlar::Workspace<decltype(x + y)>>());
    CHECK(y == ashlar::eval(x + 1.0f));
}

TEST_CASE("views that overlap in part", "[alias]") {
    float memory[12];
    const auto reset = [&] {
        for (int i = 0; i < 12; ++i) memory[i] = static_cast<float>(i);
    };
    const TensorView<float, 8> low{memory}, high{memory + 3};
    reset();
    high = low * 2.0f;  // a loop from the front would read what it has written
    for (int i = 0; i < 12; ++i) CHECK(memory[i] == static_cast<float>(i < 3 ? i : i < 11 ? 2 * (i - 3) : 11));
    reset();
    low = high * 2.0f;
    for (int i = 0; i < 12; ++i) CHECK(memory[i] == static_cast<float>(i < 8 ? 2 * (i + 3) : i));
    reset();
    high = low + high;
    for (int i = 0; i < 12; ++i) CHECK(memory[i] == static_cast<float>(i < 3 ? i : i < 11 ? 2 * i - 3 : 11));
}

template <class T> static constexpr T shifted_sum() {
    T memory[6]{1, 2, 3, 4, 5, 6};
    const TensorView<T, 5> low{memory}, high{memory + 1};
    high = low * T(1);
    return memory[1] + 10 * memory[5];
}
static_assert(shifted_sum<float>() == 51 && shifted_sum<double>() == 51);
static_assert(shifted_sum<int>() == 51 && shifted_sum<std::int64_t>() == 51);

TEST_CASE("a view over the tensor that is assigned", "[alias]") {
    Tensor<float, 2, 3> t{{1, 2, 3}, {4, 5, 6}};
    const TensorView<const float, 3, 2> other{t.data()};  // the same memory in another shape
    t = t + transpose(other);
    CHECK(t == Tensor<float, 2, 3>{{2, 5, 8}, {6, 9, 12}});
}

TEST_CASE("constant evaluation knows it too", "[alias]") {
    constexpr auto squared = [] {
        Tensor<float, 2, 2> x{{1, 2}, {3, 4}};
        x = matmul(x, x);
        x = transpose(x);
        return x;
    }();
    static_assert(squared == Tensor<float, 2, 2>{{7, 15}, {10, 22}});
    SUCCEED();
}

TEST_CASE("a view inside of a larger tensor, of which the right side reads a part", "[alias]") {
    Tensor<float, 60> all;
    for (int offset = 0; offset <= 20; ++offset)
        for (int from = 0; from < 2; ++from) {
            CAPTURE(offset, from);
            for (int i = 0; i < 60; ++i) all(i) = static_cast<float>(i);
            const TensorView<float, 40> target{all.data() + offset};
            if (from == 0) target = ashlar::slice<0, 0, 40>(all) * 2.0f;
            else target = ashlar::slice<0, 10, 50>(all) * 2.0f;
            for (int i = 0; i < 60; ++i)
                CHECK(all(i) == static_cast<float>(i < offset || i >= offset + 40 ? i : 2 * (i - offset + 10 * from)));
        }
}

TEST_CASE("named views that overlap in part", "[alias]") {
    float memory[64];
    for (int offset = 0; offset <= 20; ++offset) {
        CAPTURE(offset);
        const auto reset = [&] {
            for (int i = 0; i < 64; ++i) memory[i] = static_cast<float>(i);
        };
        const TensorView<float, 40> from{memory + 10}, target{memory + offset};
        const auto x = ashlar::variable<"x">(from);
        reset();
        target = x * 2.0f;
        for (int i = 0; i < 64; ++i)
            CHECK(memory[i] == static_cast<float>(i < offset || i >= offset + 40 ? i : 2 * (i - offset + 10)));
        reset();
        target = grad(sum(x * x), x);
        for (int i = 0; i < 64; ++i)
            CHECK(memory[i] == static_cast<float>(i < offset || i >= offset + 40 ? i : 2 * (i - offset + 10)));
    }
}

TEST_CASE("rows that are gone through in turns, written where they are read", "[alias]") {
    // Large enough that the sums and the result of a row are computed together, row by row.
    auto x = std::make_unique<Tensor<float, 96, 128>>();
    for (std::size_t i = 0; i < x->size(); ++i) x->data()[i] = static_cast<float>(static_cast<int>(i * 7 % 23) - 11);
    const auto before = std::make_unique<Tensor<float, 96, 128>>(*x);
    const auto sum_of_row = [&](std::size_t i) {
        float s = 0;
        for (std::size_t j = 0; j < 128; ++j) s += (*before)(i, j);
        return s;
    };
    *x = *x * ashlar::slice<1, 0, 1>(*x) + sum<1, ashlar::keepdim>(*x);  // all of a row reads its first element
    for (std::size_t i = 0; i < 96; ++i)
        for (std::size_t j = 0; j < 128; ++j) CHECK((*x)(i, j) == (*before)(i, j) * (*before)(i, 0) + sum_of_row(i));

    auto m = std::make_unique<Tensor<float, 40, 16, 16>>();
    for (std::size_t i = 0; i < m->size(); ++i) m->data()[i] = static_cast<float>(static_cast<int>(i * 5 % 19) - 9);
    const auto old = std::make_unique<Tensor<float, 40, 16, 16>>(*m);
    *m = *m - transpose(*m) + sum<1, 2, ashlar::keepdim>(*m);  // the elements of a row in another order
    for (std::size_t n = 0; n < 40; ++n) {
        float s = 0;
        for (std::size_t k = 0; k < 256; ++k) s += old->data()[256 * n + k];
        for (std::size_t i = 0; i < 16; ++i)
            for (std::size_t j = 0; j < 16; ++j) CHECK((*m)(n, i, j) == (*old)(n, i, j) - (*old)(n, j, i) + s);
    }
}
