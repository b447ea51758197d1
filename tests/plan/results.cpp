// SPDX-License-Identifier: BSL-1.0
// A node that is more than one result of a program, as the
// gradient of sum(concat(a, b) * w) is for w beside concat(a, b).
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <cmath>

namespace {

// concat(a, b, c) is a chain of placements into one buffer; here it is given twice, and its tanh once.
struct joined {
    using target = void;
    static constexpr void build(ashlar::tracer<void>& t, ashlar::list<ashlar::output>& outputs) {
        using row = ashlar::Shape<3>;
        const ashlar::handle<float, 3> a{{&t, t.leaf(ashlar::dtype::float32, row::value)}},
            b{{&t, t.leaf(ashlar::dtype::float32, row::value)}}, c{{&t, t.leaf(ashlar::dtype::float32, row::value)}};
        const auto all = ashlar::concat<0>(a, b, c);
        outputs.push({all.id});
        outputs.push({tanh(all).id});
        outputs.push({all.id});
    }
};

template <class Spec, class In, std::size_t Inputs, class Out, std::size_t Results>
void run(const In (&in)[Inputs], Out (&out)[Results]) {
    ashlar::detail::buffer_table<Spec> places;
    ashlar::detail::program_memory<Spec> memory;
    places.set_memory(memory);
    for (std::size_t i = 0; i < Inputs; ++i) places.of[ashlar::pools + i] = ashlar::address{in[i].data()};
    for (std::size_t i = 0; i < Results; ++i) places.result(static_cast<int>(i)) = ashlar::address{out[i].data()};
    ashlar::detail::run_protected<Spec>(places);
}

}  // namespace

TEST_CASE("a chain of placements that is two results", "[plan]") {
    const ashlar::Tensor<float, 3> in[] = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
    ashlar::Tensor<float, 9> out[3];
    for (auto& o : out) o = ashlar::Tensor<float, 9>::full(-1);
    run<joined>(in, out);
    for (int i = 0; i < 9; ++i) {
        const auto n = static_cast<float>(i + 1);
        CHECK(out[0](i) == n);
        CHECK(out[2](i) == n);
        CHECK(out[1](i) == Approx(std::tanh(n)));
    }
}

namespace {

// A result that is one number known while compiling, as the derivative of 0.75 * x is.
struct three_quarters {
    using target = void;
    static constexpr void build(ashlar::tracer<void>& t, ashlar::list<ashlar::output>& outputs) {
        const ashlar::handle<float> x{{&t, t.leaf(ashlar::dtype::float32, ashlar::shape{})}};
        outputs.push({(x * 0.75f).id});
        outputs.push({t.constant(0.75, ashlar::dtype::float32)});
    }
};

}  // namespace

TEST_CASE("a result that is a constant", "[plan]") {
    const ashlar::Tensor<float> in[] = {4};
    ashlar::Tensor<float> out[] = {-1, -1};
    run<three_quarters>(in, out);
    CHECK(static_cast<float>(out[0]) == 3);
    CHECK(static_cast<float>(out[1]) == 0.75f);

    const auto x = ashlar::variable<"x">(in[0]);
    const ashlar::Tensor<float> derivative = grad(x * ashlar::ratio<3, 4>{}, x);
    CHECK(static_cast<float>(derivative) == 0.75f);
    static_assert([] {
        const ashlar::Tensor<float> at = 4;
        const auto y = ashlar::variable<"y">(at);
        const ashlar::Tensor<float> d = grad(y * ashlar::ratio<3, 4>{}, y);
        return static_cast<float>(d);
    }() == 0.75f);
}

namespace {

// Choices between numbers that the compiler knows: where(i <= j && j < i + Limit, 1, 0) for three rows i.
template <class T, int Columns, int Limit> struct band {
    using target = void;
    static constexpr void build(ashlar::tracer<void>& t, ashlar::list<ashlar::output>& outputs) {
        using ashlar::value;
        const ashlar::dtype type = ashlar::dtype_of<T>;
        const value j{&t, t.range(Columns, type)}, one{&t, t.constant(1, type)}, none{&t, t.constant(0, type)};
        const value i = ashlar::reshape_value({&t, t.range(3, type)}, {2, {3, 1}});
        const value end = i + value{&t, t.constant(Limit, type)};
        outputs.push({where(j >= i, where(j < end, one, none), none).id});
        outputs.push({where(j < end - i, one, none).id});
    }
};

template <class T, int Columns, int Limit> void check_band() {
    CAPTURE(Columns, Limit);
    ashlar::Tensor<T, 3, Columns> rows[2];
    ashlar::detail::buffer_table<band<T, Columns, Limit>> places;
    ashlar::detail::program_memory<band<T, Columns, Limit>> memory;
    places.set_memory(memory);
    for (int o = 0; o < 2; ++o) places.result(o) = ashlar::address{rows[o].data()};
    ashlar::detail::run_protected<band<T, Columns, Limit>>(places);
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < Columns; ++j) {
            CHECK(rows[0](i, j) == static_cast<T>(i <= j && j < i + Limit));
            CHECK(rows[1](i, j) == static_cast<T>(j < Limit));
        }
}

}  // namespace

TEMPLATE_TEST_CASE("a choice between numbers that the compiler knows", "[plan]", float, double, int) {
    check_band<TestType, 8, 3>();
    check_band<TestType, 17, 3>();
    check_band<TestType, 16, 6>();
    check_band<TestType, 32, 20>();
}
