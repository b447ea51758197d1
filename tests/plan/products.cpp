// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Products of matrices in every way that the planner chooses, with
// what is made of them, on exactly the memory that they ask for.
#include "support/catch.hpp"
#include "support/products.hpp"

#include <initializer_list>
#include <type_traits>

namespace kernels = ashlar::kernels;
using kernels::right_rows, kernels::way;
using std::ptrdiff_t;
using support::epilogue, support::product, support::is_right_at_run_time, support::is_right_when_static;

namespace {

// ---- what is decided about a product fits together ----

// A step combines rows only where all ways that it may go yet hand out columns in order, and one that may overwrite its
// operands reads them before.
template <class T> bool decisions_agree(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
    for (const bool ta : {false, true})
        for (const bool tb : {false, true})
            for (const bool expand : {false, true})
                for (const ptrdiff_t ldb : {ptrdiff_t{1}, n + 1}) {
                    const kernels::factors f{expand, ta, tb, m, n, k, right_rows::exact, ldb};
                    const way w = kernels::way_of<T>(f);
                    const bool in_order = w == way::panels || w == way::side_by_side || w == way::tiles;
                    const bool at_once =
                        !kernels::detail::packs_a(ta, m, n, k) || kernels::detail::packs_a_at_once(m, k);
                    if (kernels::hands_out_columns<T>(f) && !(in_order && at_once)) return false;
                    if (!expand && kernels::is_expanded(w)) return false;
                    if (kernels::is_one_tile<T>(w, m, n) && kernels::packing_of<T>(w, f).left > 0) return false;
                }
    return true;
}
// ---- run-time extents ----

template <class T> void check_all_forms(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
    CAPTURE(m, n, k);
    for (const bool ta : {false, true})
        for (const bool tb : {false, true}) {
            CAPTURE(ta, tb);
            REQUIRE(is_right_at_run_time<T, epilogue::plain>({.m = m, .n = n, .k = k, .ta = ta, .tb = tb}));
            REQUIRE(is_right_at_run_time<T, epilogue::biased>(
                {.m = m, .n = n, .k = k, .ta = ta, .tb = tb, .batch = 3, .apart = 3}));
            if constexpr (std::is_floating_point_v<T>)  // sums of int32 are int64, which no product combines
                if (kernels::hands_out_columns<T>({false, ta, tb, m, n, k}))
                    REQUIRE(is_right_at_run_time<T, epilogue::combined>({.m = m, .n = n, .k = k, .ta = ta, .tb = tb}));
        }
    if (n == 1 || k == 1) return;
    for (const bool ta : {false, true}) {
        REQUIRE(
            is_right_at_run_time<T, epilogue::biased>({.m = m, .n = n, .k = k, .ta = ta, .rows = right_rows::panels}));
        if constexpr (std::is_floating_point_v<T>)
            if (m > 1)
                REQUIRE(is_right_at_run_time<T, epilogue::combined>(
                    {.m = m, .n = n, .k = k, .ta = ta, .rows = right_rows::panels}));
    }
}

}  // namespace

TEMPLATE_TEST_CASE("what is decided about a product fits together", "[products]", float, double) {
    for (ptrdiff_t m = 1; m <= 20000; m += m < 33 ? 1 : m)
        for (ptrdiff_t n = 1; n <= 300; n += n < 20 || (n > 61 && n < 66) ? 1 : 7)
            for (ptrdiff_t k = 1; k <= 2000; k += k < 33 ? 3 : k < 200 ? 13 : k)
                REQUIRE(decisions_agree<TestType>(m, n, k));
}

TEMPLATE_TEST_CASE("products of run-time extents, small ones", "[products]", float, double) {
    for (ptrdiff_t m = 1; m <= 20; m += m < 10 ? 1 : 3)
        for (ptrdiff_t n = 1; n <= 20; n += n < 10 ? 1 : 3)
            for (ptrdiff_t k = 1; k <= 20; k += k < 10 ? 1 : 3) check_all_forms<TestType>(m, n, k);
}

TEMPLATE_TEST_CASE("products of run-time extents, large ones", "[products]", float, double) {
    for (const ptrdiff_t m : {1, 5, 32, 33})
        for (const ptrdiff_t n : {1, 31, 63, 65})
            for (const ptrdiff_t k : {1, 31, 128, 193}) check_all_forms<TestType>(m, n, k);
    check_all_forms<TestType>(37, 300, 130);  // B too large to stay unpacked
    check_all_forms<TestType>(200, 1, 300);
    CHECK(is_right_at_run_time<TestType, epilogue::plain>(
        {.m = 100, .n = 64, .k = 16000, .ta = true}));  // more of A than is packed at once
    CHECK(is_right_at_run_time<TestType, epilogue::plain>({.m = 100, .n = 66, .k = 16000, .ta = true, .tb = true}));
}

TEST_CASE("products of whole numbers of run-time extents", "[products]") {
    for (const ptrdiff_t m : {1, 3, 13})
        for (const ptrdiff_t n : {1, 4, 19}) check_all_forms<std::int32_t>(m, n, 11);
}

// ---- static extents ----

namespace {

template <class T, epilogue E, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K> void check_static() {
    CAPTURE(M, N, K, static_cast<int>(E));
    CHECK(is_right_when_static<T, E, product{.m = M, .n = N, .k = K}>());
    CHECK(is_right_when_static<T, E, product{.m = M, .n = N, .k = K, .tb = true, .apart = 3}>());
    CHECK(is_right_when_static<T, E, product{.m = M, .n = N, .k = K, .ta = true, .apart = 3}>());
    CHECK(is_right_when_static<T, E, product{.m = M, .n = N, .k = K, .ta = true, .tb = true}>());
}

}  // namespace

TEMPLATE_TEST_CASE("products of static extents: columns and dot products", "[products]", float, double) {
    check_static<TestType, epilogue::plain, 16, 1, 7>();
    check_static<TestType, epilogue::biased, 9, 1, 3>();
    check_static<TestType, epilogue::plain, 8, 1, 8>();
    check_static<TestType, epilogue::plain, 33, 1, 1>();
    check_static<TestType, epilogue::biased, 4, 2, 8>();
    check_static<TestType, epilogue::plain, 8, 17, 33>();
    check_static<TestType, epilogue::biased, 19, 3, 9>();
}

TEMPLATE_TEST_CASE("products of static extents: rows", "[products]", float, double) {
    check_static<TestType, epilogue::plain, 1, 1, 1>();
    check_static<TestType, epilogue::biased, 1, 33, 9>();
    check_static<TestType, epilogue::plain, 1, 136, 64>();
}

TEMPLATE_TEST_CASE("products of static extents: tiles", "[products]", float, double) {
    check_static<TestType, epilogue::plain, 4, 4, 4>();
    check_static<TestType, epilogue::biased, 8, 2, 6>();
    check_static<TestType, epilogue::plain, 22, 4, 12>();
    check_static<TestType, epilogue::plain, 17, 33, 1>();
    check_static<TestType, epilogue::combined, 13, 27, 11>();
    check_static<TestType, epilogue::combined, 9, 9, 5>();
    check_static<TestType, epilogue::biased, 25, 24, 3>();
    check_static<TestType, epilogue::plain, 26, 40, 7>();
}

TEST_CASE("products of static extents that are packed", "[products]") {
    check_static<float, epilogue::plain, 33, 65, 193>();
    check_static<double, epilogue::biased, 37, 300, 130>();
    CHECK(is_right_when_static<float, epilogue::combined,
                               product{.m = 30, .n = 112, .k = 300}>());  // the first tile copies B
    CHECK(is_right_when_static<float, epilogue::plain, product{.m = 31, .n = 112, .k = 300, .ta = true}>());
    CHECK(is_right_when_static<float, epilogue::combined,
                               product{.m = 50, .n = 112, .k = 300, .ta = true}>());  // A packed as well
    CHECK(is_right_when_static<float, epilogue::plain,
                               product{.m = 131, .n = 112, .k = 300}>());  // many rows: B is copied before
    CHECK(is_right_when_static<float, epilogue::plain,
                               product{.m = 133, .n = 57, .k = 600}>());  // a large A meets several panels at a time
    CHECK(is_right_when_static<float, epilogue::plain, product{.m = 98, .n = 57, .k = 700, .ta = true, .tb = true}>());
    CHECK(is_right_when_static<double, epilogue::combined, product{.m = 66, .n = 92, .k = 520, .tb = true}>());
    CHECK(is_right_when_static<float, epilogue::plain,
                               product{.m = 1, .n = 200, .k = 77, .rows = right_rows::wide}>());  // row by row
    CHECK(is_right_when_static<float, epilogue::plain, product{.m = 29, .n = 21, .k = 5, .rows = right_rows::wide}>());
}

TEST_CASE("products of static extents with a right operand in panels", "[products]") {
    CHECK(is_right_when_static<float, epilogue::plain, product{.m = 1, .n = 90, .k = 7, .rows = right_rows::panels}>());
    CHECK(is_right_when_static<double, epilogue::biased,
                               product{.m = 37, .n = 70, .k = 130, .rows = right_rows::panels}>());
    CHECK(is_right_when_static<float, epilogue::combined,
                               product{.m = 50, .n = 112, .k = 300, .ta = true, .rows = right_rows::panels}>());
    CHECK(is_right_when_static<float, epilogue::plain,
                               product{.m = 133, .n = 57, .k = 600, .rows = right_rows::panels}>());
}

// ---- whole programs ----

namespace {

// An expression on exactly the memory that its plan asks for.
template <class E, class Target> void evaluate_exactly(const E& expression, Target& out) {
    using namespace ashlar::detail;
    using spec = evaluation<node_of<const E&>>;
    constexpr auto& pool = plan_of_program<spec>.pool;
    support::memory& m = support::all_memory();
    buffer_table<spec> places;
    places.of[0] = ashlar::address{m.take<float>(support::scratch, pool[0], 99)};
    places.of[1] = ashlar::address{m.take<double>(support::left, pool[1], 99)};
    places.of[2] = ashlar::address{m.take<std::int32_t>(support::right, pool[2], 99)};
    places.of[3] = ashlar::address{m.take<bool>(support::second, pool[3], true)};
    auto b = places.bind_inputs();
    as_node(expression).bind(b);
    places.result(0) = ashlar::address{out.data()};
    run_protected<spec>(places);
}

// A layer before and behind which something is computed, and its derivative.
template <class T, std::size_t M, std::size_t N, std::size_t K> void check_layer() {
    CAPTURE(M, N, K);
    ashlar::Tensor<T, M, K> x;
    ashlar::Tensor<T, N, K> w, gradient;
    ashlar::Tensor<T, N> bias;
    ashlar::Tensor<T, M, N> r, y;
    for (std::size_t i = 0; i < M * K; ++i) x.data()[i] = static_cast<T>(static_cast<int>(i * 5 % 7) - 3);
    for (std::size_t i = 0; i < N * K; ++i) w.data()[i] = static_cast<T>(static_cast<int>(i * 3 % 5) - 2);
    for (std::size_t i = 0; i < M * N; ++i) r.data()[i] = static_cast<T>(static_cast<int>(i * 2 % 5) - 1);
    for (std::size_t i = 0; i < N; ++i) bias.data()[i] = static_cast<T>(i % 3);
    const auto weight = ashlar::variable<"w">(w);
    evaluate_exactly(relu(matmul(relu(x), transpose(weight)) + bias) - r, y);
    evaluate_exactly(grad(sum(matmul(relu(x), transpose(weight)) * r), weight), gradient);
    const auto positive = [](double v) { return v > 0 ? v : 0; };
    for (std::size_t i = 0; i < M; ++i)
        for (std::size_t j = 0; j < N; ++j) {
            auto sum = static_cast<double>(bias.data()[j]);
            for (std::size_t p = 0; p < K; ++p)
                sum += positive(static_cast<double>(x(i, p))) * static_cast<double>(w(j, p));
            CHECK(static_cast<double>(y(i, j)) == positive(sum) - static_cast<double>(r(i, j)));
        }
    for (std::size_t j = 0; j < N; ++j)
        for (std::size_t p = 0; p < K; ++p) {
            double sum = 0;
            for (std::size_t i = 0; i < M; ++i)
                sum += positive(static_cast<double>(x(i, p))) * static_cast<double>(r(i, j));
            CHECK(static_cast<double>(gradient(j, p)) == sum);
        }
}

}  // namespace

TEST_CASE("programs on exactly their memory", "[products]") {
    check_layer<float, 16, 1, 7>();
    check_layer<double, 9, 1, 3>();
    check_layer<float, 33, 9, 4>();
    check_layer<float, 40, 34, 33>();  // no longer straight code
    check_layer<double, 1, 5, 9>();
}
