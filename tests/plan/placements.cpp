// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Views, placements and their derivatives beside plain loops, and what their plans say: which of them move elements.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <array>
#include <cmath>
#include <string>

using namespace ashlar;

namespace {

template <std::size_t... D> Tensor<float, D...> filled(float seed) {
    Tensor<float, D...> t;
    for (std::size_t i = 0; i < t.size(); ++i) t.data()[i] = std::sin(seed + 1.7f * static_cast<float>(i));
    return t;
}

int steps_of(const text& plan) { return std::atoi(plan.c_str()); }
bool writes_zeros(const text& plan) { return std::string(plan.c_str()).find(" = 0\n") != std::string::npos; }

template <class E, class F> void check(const E& expression, F want) {
    const auto got = eval(expression);
    for (std::size_t i = 0; i < got.size(); ++i) {
        INFO(plan(expression).c_str() << i);
        REQUIRE(got.data()[i] == Approx(want(static_cast<int>(i))).margin(1e-5));
    }
}

// Adds to every element of `to` the derivative that a slice of rows `start`, `start + step`, ... gives it.
struct rows_of_6 {
    double of[48] = {};
    template <class F> void add(int start, int step, int count, F derivative) {
        for (int r = 0; r < count; ++r)
            for (int c = 0; c < 6; ++c) of[(start + step * r) * 6 + c] += derivative((start + step * r) * 6 + c);
    }
};

const auto plain = filled<8, 6>(0.3f);
const auto x = variable<"x">(plain);
double at(int i) { return static_cast<double>(plain.data()[i]); }
double square(double v) { return v * v; }

}  // namespace

TEST_CASE("slices without gaps are reshaped where they lie") {
    const auto rows = tanh(reshape<3, 4>(slice<0, 2, 4>(x)));
    CHECK(steps_of(plan(rows)) == 1);
    check(rows, [](int i) { return std::tanh(at(12 + i)); });

    // Columns keep the stride of their rows: axes may be cut, and joined with those beside which there is no gap.
    const auto columns = reshape<2, 4, 2, 2>(slice<1, 1, 5>(x)) * 2.0f;
    CHECK(steps_of(plan(columns)) == 1);
    check(columns, [](int i) { return 2 * at(i / 4 * 6 + 1 + i % 4); });
    const auto joined = reshape<32>(slice<1, 1, 5>(x)) * 2.0f;  // here there is one
    CHECK(steps_of(plan(joined)) == 2);
    check(joined, [](int i) { return 2 * at(i / 4 * 6 + 1 + i % 4); });

    const auto reversed = reshape<4, 12>(flip<0>(flip<1>(x))) + 1.0f;
    CHECK(steps_of(plan(reversed)) == 1);
    check(reversed, [](int i) { return at(47 - i) + 1; });
    const auto stepped = reshape<2, 2, 6>(slice<0, 1, 8, 2>(x)) + 1.0f;
    CHECK(steps_of(plan(stepped)) == 1);
    check(stepped, [](int i) { return at((1 + 2 * (i / 6)) * 6 + i % 6) + 1; });

    // A slice of a reshape of a slice is one view.
    const auto inner = exp(slice<0, 1, 3>(reshape<4, 3>(slice<0, 4, 6>(x))));
    CHECK(steps_of(plan(inner)) == 1);
    check(inner, [](int i) { return std::exp(at(24 + 3 + i)); });
    CHECK(std::string(print(slice<0, 1, 3>(slice<0, 2, 8, 2>(x))).c_str()) == "x[4::2, :]");
}

TEST_CASE("products and convolutions read slices where they lie, if they can") {
    const auto product = matmul(reshape<4, 3>(slice<0, 2, 4>(x)), reshape<3, 4>(slice<0, 4, 6>(x)));
    CHECK(steps_of(plan(product)) == 1);
    check(product, [](int i) {
        double sum = 0;
        for (int k = 0; k < 3; ++k) sum += at(12 + i / 4 * 3 + k) * at(24 + k * 4 + i % 4);
        return sum;
    });
    // Every second column is no matrix: it is copied.
    const auto gaps = matmul(reshape<2, 4, 3>(slice<1, 0, 6, 2>(x)), reshape<2, 3, 4>(slice<0, 0, 4>(x)));
    CHECK(steps_of(plan(gaps)) == 2);
    check(gaps, [](int i) {
        double sum = 0;
        const int b = i / 16, m = i / 4 % 4, n = i % 4;
        for (int k = 0; k < 3; ++k) sum += at((b * 4 + m) * 6 + 2 * k) * at(b * 12 + k * 4 + n);
        return sum;
    });

    const auto images = filled<6, 2, 5, 4>(0.1f);
    const auto weight = filled<3, 2, 2, 2>(0.7f);
    nn::Conv2d<2, 3, 2> layer;
    layer.weight = weight, layer.bias = Tensor<float, 3>{0.1f, 0.2f, 0.3f};
    const auto some = variable<"images">(images);
    const auto conv = [&](int image, int o, int y, int c) {
        double sum = 0.1 * (o + 1);
        for (int p = 0; p < 2; ++p)
            for (int i = 0; i < 2; ++i)
                for (int j = 0; j < 2; ++j)
                    sum += double{images(image, p, y + i, c + j)} * double{weight(o, p, i, j)};
        return sum;
    };
    const auto middle = layer(slice<0, 2, 5>(some));
    CHECK(steps_of(plan(middle)) == 1);
    check(middle, [&](int i) { return conv(2 + i / 36, i / 12 % 3, i / 3 % 4, i % 3); });
    const auto every_second = layer(slice<0, 0, 6, 2>(some));
    CHECK(steps_of(plan(every_second)) == 2);
    check(every_second, [&](int i) { return conv(i / 36 * 2, i / 12 % 3, i / 3 % 4, i % 3); });

    // Along the images, their channels, and the width: planes without gaps, and rows with them.
    const auto a = relu(layer(slice<0, 0, 3>(some)));
    const auto b = layer(slice<0, 3, 6>(some));
    CHECK(steps_of(plan(concat<1>(a, b))) == 2);
    check(concat<0>(a, b), [&](int i) {
        const double v = conv(i / 36, i / 12 % 3, i / 3 % 4, i % 3);
        return i < 108 ? std::fmax(v, 0) : v;
    });
    check(concat<1>(a, b), [&](int i) {
        const int o = i / 12 % 6;
        const double v = conv(i / 72 + o / 3 * 3, o % 3, i / 3 % 4, i % 3);
        return o < 3 ? std::fmax(v, 0) : v;
    });
    check(concat<3>(a, b), [&](int i) {
        const int c = i % 6;
        const double v = conv(i / 72 + c / 3 * 3, i / 24 % 3, i / 6 % 4, c % 3);
        return c < 3 ? std::fmax(v, 0) : v;
    });
}

TEST_CASE("the gradient through slices is one buffer whose parts are written") {
    const auto f = sum(tanh(slice<0, 0, 2>(x))) + sum(exp(slice<0, 2, 4>(x))) + sum(sin(slice<0, 4, 6>(x))) +
                   sum(square(slice<0, 6, 8>(x)));
    rows_of_6 want;
    want.add(0, 1, 2, [](int i) { return 1 - ::square(std::tanh(at(i))); });
    want.add(2, 1, 2, [](int i) { return std::exp(at(i)); });
    want.add(4, 1, 2, [](int i) { return std::cos(at(i)); });
    want.add(6, 1, 2, [](int i) { return 2 * at(i); });
    CHECK(steps_of(plan(grad(f, x))) == 4);
    CHECK_FALSE(writes_zeros(plan(grad(f, x))));
    check(grad(f, x), [&](int i) { return want.of[i]; });

    // Parts that leave something are written over zeros.
    const auto some = sum(tanh(slice<0, 0, 2>(x))) + sum(exp(slice<0, 5, 7>(x)));
    CHECK(steps_of(plan(grad(some, x))) == 3);
    CHECK(writes_zeros(plan(grad(some, x))));
    rows_of_6 two;
    two.add(0, 1, 2, [](int i) { return 1 - ::square(std::tanh(at(i))); });
    two.add(5, 1, 2, [](int i) { return std::exp(at(i)); });
    check(grad(some, x), [&](int i) { return two.of[i]; });

    // The even and the odd rows, the latter from the last on.
    const auto turns = sum(tanh(slice<0, 0, 8, 2>(x))) + sum(exp(flip<0>(slice<0, 1, 8, 2>(x))) * slice<0, 0, 4>(x));
    rows_of_6 w;
    w.add(0, 2, 4, [](int i) { return 1 - ::square(std::tanh(at(i))); });
    w.add(1, 2, 4, [](int i) { return std::exp(at(i)) * at((7 - i / 6) / 2 * 6 + i % 6); });
    w.add(0, 1, 4, [](int i) { return std::exp(at((7 - i / 6 * 2) * 6 + i % 6)); });
    check(grad(turns, x), [&](int i) { return w.of[i]; });

    const auto [a, b, c] = split<1, 1, 2, 3>(x);
    const auto parts = sum(tanh(a)) + sum(exp(b)) + sum(c * c);
    CHECK_FALSE(writes_zeros(plan(grad(parts, x))));
    check(grad(parts, x), [](int i) {
        const int column = i % 6;
        return column < 1 ? 1 - ::square(std::tanh(at(i))) : column < 3 ? std::exp(at(i)) : 2 * at(i);
    });
}

TEST_CASE("where slices overlap their gradients are added") {
    const auto f = sum(tanh(slice<0, 0, 4>(x))) + sum(exp(slice<0, 2, 6>(x))) + sum(sin(slice<0, 4, 8>(x))) +
                   sum(slice<0, 0, 8, 3>(x) * slice<0, 1, 4>(x));
    rows_of_6 want;
    want.add(0, 1, 4, [](int i) { return 1 - ::square(std::tanh(at(i))); });
    want.add(2, 1, 4, [](int i) { return std::exp(at(i)); });
    want.add(4, 1, 4, [](int i) { return std::cos(at(i)); });
    want.add(0, 3, 3, [](int i) { return at((1 + i / 18) * 6 + i % 6); });
    want.add(1, 1, 3, [](int i) { return at((i / 6 - 1) * 18 + i % 6); });
    check(grad(f, x), [&](int i) { return want.of[i]; });
    const auto once = sum(slice<0, 0, 2>(x)) + sum(exp(slice<0, 0, 2>(x)));
    check(grad(once, x), [](int i) { return i < 12 ? 1 + std::exp(at(i)) : 0; });
}

TEST_CASE("gradients of gradients through slices") {
    // f = sum(a^3) + sum(a b) for the halves a and b; of h = |f'|^2 / 2 the gradient is f'' f'.
    const auto a = slice<0, 0, 4>(x);
    const auto b = slice<0, 4, 8>(x);
    const auto f = sum(a * a * a) + sum(a * b);
    const auto first = grad(f, x);
    const auto h = sum(first * first) / 2.0f;
    const auto slope = [](int i) { return i < 24 ? 3 * ::square(at(i)) + at(i + 24) : at(i - 24); };
    check(first, slope);
    const auto second = grad(h, x);
    check(second, [&](int i) { return i < 24 ? 6 * at(i) * slope(i) + slope(i + 24) : slope(i - 24); });
    CHECK_FALSE(writes_zeros(plan(second)));
}

TEST_CASE("what is computed for a part of concat is computed there") {
    const auto left = filled<4, 6>(0.2f);
    const auto right = filled<6, 5>(0.9f);
    const auto other = filled<6, 3>(1.4f);
    const auto l = variable<"l">(left);
    const auto r = variable<"r">(right);
    const auto o = variable<"o">(other);
    const auto product = [&](const auto& of, int m, int n) {
        double sum = 0;
        for (int k = 0; k < 6; ++k) sum += static_cast<double>(left(m, k)) * static_cast<double>(of(k, n));
        return sum;
    };
    const auto beside = concat<1>(tanh(matmul(l, r)), matmul(l, o) * 2.0f);
    CHECK(steps_of(plan(beside)) == 2);
    check(beside, [&](int i) {
        const int m = i / 8, n = i % 8;
        return n < 5 ? std::tanh(product(right, m, n)) : 2 * product(other, m, n - 5);
    });
    const auto below = concat<0>(sum<0>(matmul(l, r)), max<1>(r), exp(sum<0>(r)));
    CHECK(steps_of(plan(below)) == 3);
    check(below, [&](int i) {
        double sum = 0, largest = -9;
        for (int k = 0; i < 5 && k < 4; ++k) sum += product(right, k, i);
        for (int k = 0; i >= 5 && i < 11 && k < 5; ++k) largest = std::fmax(largest, double{right(i - 5, k)});
        for (int k = 0; i >= 11 && k < 6; ++k) sum += static_cast<double>(right(k, i - 11));
        return i < 5 ? sum : i < 11 ? largest : std::exp(sum);
    });
    const auto rows = stack<0>(matmul(l, slice<1, 0, 1>(r)), matmul(l, slice<1, 1, 2>(o)));
    CHECK(steps_of(plan(rows)) == 2);
    check(rows, [&](int i) { return i < 4 ? product(right, i, 0) : product(other, i - 4, 1); });
    const auto columns = concat<1>(matmul(l, slice<1, 0, 1>(r)), l);  // one column: not in vectors, so it is copied
    check(columns, [&](int i) {
        return i % 7 == 0 ? product(right, i / 7, 0) : static_cast<double>(left(i / 7, i % 7 - 1));
    });

    // A part that something else reads, too, has memory of its own; what no part covers is written first.
    const auto t = matmul(l, o);
    const auto twice = let(t, [](auto y) { return concat<0>(y, exp(y)) * sum(y); });
    double all = 0;
    for (int i = 0; i < 12; ++i) all += product(other, i / 3, i % 3);
    check(twice, [&](int i) {
        const double v = product(other, i % 12 / 3, i % 3);
        return (i < 12 ? v : std::exp(v)) * all;
    });
    const auto h = sum(square(matmul(slice<0, 2, 6>(x), o)));
    CHECK(steps_of(plan(grad(h, x))) == 3);
    check(grad(h, x), [&](int i) {
        double sum = 0;
        for (int n = 0; i / 6 > 1 && i / 6 < 6 && n < 3; ++n)
            for (int k = 0; k < 6; ++k)
                sum += 2 * at(i / 6 * 6 + k) * static_cast<double>(other(k, n)) * static_cast<double>(other(i % 6, n));
        return sum;
    });

    // Into an operand: the first part must not overwrite what the second one reads.
    auto target = filled<8, 5>(0.4f);
    const auto before = target;
    target = concat<0>(matmul(slice<0, 4, 8>(target), filled<5, 5>(0.1f)), exp(slice<0, 0, 4>(target)));
    const auto factor = filled<5, 5>(0.1f);
    for (int i = 0; i < 40; ++i) {
        double sum = 0;
        for (int k = 0; i < 20 && k < 5; ++k)
            sum += static_cast<double>(before(4 + i / 5, k)) * static_cast<double>(factor(k, i % 5));
        REQUIRE(target.data()[i] == Approx(i < 20 ? sum : std::exp(static_cast<double>(before.data()[i - 20]))));
    }
}

TEST_CASE("the gradient of concat reads its parts where they are") {
    const auto a = slice<0, 0, 3>(x);
    const auto b = slice<0, 3, 8>(x);
    const auto f = sum(square(concat<0>(tanh(b), exp(a))));
    check(grad(f, x), [](int i) {
        if (i < 18) return 2 * std::exp(2 * at(i));
        const double t = std::tanh(at(i));
        return 2 * t * (1 - t * t);
    });
    const auto inside = slice<0, 1, 3>(concat<0>(tanh(a), b)) + slice<0, 4, 6>(concat<0>(tanh(a), b));
    CHECK_FALSE(writes_zeros(plan(inside)));
    check(inside, [](int i) { return std::tanh(at(6 + i)) + at(24 + i); });
}

TEST_CASE("in constant evaluation") {
    static constexpr Tensor<float, 4> v{1, 2, 3, 4};
    constexpr auto leaf = variable<"v">(v);
    constexpr Tensor<float, 4> g = eval(grad(sum(slice<0, 0, 2>(leaf) * slice<0, 2, 4>(leaf)), leaf));
    STATIC_REQUIRE(g == Tensor<float, 4>{3, 4, 1, 2});
    constexpr Tensor<float, 2, 2> m{{1, 2}, {3, 4}};
    constexpr Tensor<float, 4, 2> c = eval(concat<0>(matmul(m, m), reshape<2, 2>(slice<0, 0, 4>(leaf)) * 2.0f));
    STATIC_REQUIRE(c == Tensor<float, 4, 2>{{7, 10}, {15, 22}, {2, 4}, {6, 8}});
}
