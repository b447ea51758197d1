// SPDX-License-Identifier: BSL-1.0
// labels: widths
#include "ashlar/kernels/gemm.hpp"

#include "support/catch.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <vector>

namespace kernels = ashlar::kernels;
using kernels::lanes;
using kernels::right_rows;
using kernels::vec;
using std::ptrdiff_t;

namespace {

constexpr std::size_t at(ptrdiff_t i) { return static_cast<std::size_t>(i); }

// Adds to what is there, which shows an element that is handed out twice.
template <class T>
struct accumulate {
    static constexpr int length = 0;
    T* c;
    ptrdiff_t ldc;

    struct one_row {
        T* c;
        void operator()(ptrdiff_t j, vec<T> v, ptrdiff_t) const { kernels::store(c + j, kernels::load(c + j) + v); }
        void partial(ptrdiff_t j, vec<T> v, ptrdiff_t, ptrdiff_t n) const {
            kernels::store_partial(c + j, kernels::load_partial(c + j, n) + v, n);
        }
    };
    one_row row(ptrdiff_t i) const { return {c + i * ldc}; }
    void next(one_row& r) const { r.c += ldc; }
    constexpr void operator()(ptrdiff_t i, ptrdiff_t j, T v) const { c[i * ldc + j] += v; }
};

struct aligned_delete {
    void operator()(void* p) const { ::operator delete(p, std::align_val_t{64}); }
};

// Elements between the rows are NaN and there are none behind the last, so that reading too far shows. Products of small
// integers are exact in every order of addition.
template <class T, bool TransposeA, bool TransposeB, ptrdiff_t M = 0, ptrdiff_t N = 0, ptrdiff_t K = 0, right_rows Rows = right_rows::exact>
bool right(ptrdiff_t m = M, ptrdiff_t n = N, ptrdiff_t k = K) {
    const T poison = std::numeric_limits<T>::has_quiet_NaN ? std::numeric_limits<T>::quiet_NaN() : T{1000000};
    const ptrdiff_t a_rows = TransposeA ? k : m, a_columns = TransposeA ? m : k, lda = a_columns + 3;
    const ptrdiff_t b_rows = TransposeB ? n : k, b_columns = TransposeB ? k : n, ldb = b_columns + (k % 2), ldc = n + 2;
    constexpr bool in_panels = Rows == right_rows::panels;
    constexpr ptrdiff_t width = kernels::panel_width<T>;
    const auto place = [&](ptrdiff_t i, ptrdiff_t j) { return at(in_panels ? (j / width * k + i) * width + j % width : i * ldb + j); };
    const ptrdiff_t b_size = in_panels ? (n + width - 1) / width * width * k : (b_rows - 1) * ldb + b_columns;
    std::vector<T> a(at((a_rows - 1) * lda + a_columns), poison), b(at(b_size), poison);
    std::vector<T> c(at(m * ldc), T{5});
    std::uint32_t state = 1;
    const auto next = [&] {
        state = state * 1664525U + 1013904223U;
        return static_cast<T>(static_cast<int>(state >> 24) % 17 - 8);
    };
    for (ptrdiff_t i = 0; i < a_rows; ++i)
        for (ptrdiff_t j = 0; j < a_columns; ++j) a[at(i * lda + j)] = next();
    for (ptrdiff_t i = 0; i < b_rows; ++i)
        for (ptrdiff_t j = 0; j < b_columns; ++j) b[place(i, j)] = next();
    constexpr kernels::way expanded = kernels::way_of<T>(M > 0 && N > 0 && K > 0, TransposeA, TransposeB, M, N, K, 0, Rows);
    const kernels::way way = kernels::is_expanded(expanded) ? expanded : kernels::way_of<T>(false, TransposeA, TransposeB, m, n, k, ldb, Rows);
    const std::size_t size = at(kernels::gemm_scratch<T>(way, TransposeA, TransposeB, m, n, k, Rows)) * sizeof(T);
    const std::unique_ptr<void, aligned_delete> scratch(size == 0 ? nullptr
                                                                  : ::operator new(size, std::align_val_t{64}));
    kernels::gemm<T, TransposeA, TransposeB, M, N, K, Rows>(a.data(), lda, b.data(), ldb, m, n, k, static_cast<T*>(scratch.get()),
                                                            accumulate<T>{c.data(), ldc});
    for (ptrdiff_t i = 0; i < m; ++i)
        for (ptrdiff_t j = 0; j < ldc; ++j) {
            T want{5};
            for (ptrdiff_t p = 0; p < k && j < n; ++p)
                want += a[at(TransposeA ? p * lda + i : i * lda + p)] * b[TransposeB ? place(j, p) : place(p, j)];
            if (c[at(i * ldc + j)] != want) return false;
        }
    return true;
}

template <class T>
bool right_in_all_forms(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k) {
    return right<T, false, false>(m, n, k) && right<T, false, true>(m, n, k) && right<T, true, false>(m, n, k) &&
           right<T, true, true>(m, n, k);
}

// B in panels of two vectors, the last one full; static extents too.
template <class T, bool TransposeA, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K>
bool right_in_panels() {
    return right<T, TransposeA, false, M, N, K, right_rows::panels>() && right<T, TransposeA, false, 0, 0, 0, right_rows::panels>(M, N, K);
}

// The same through the code for static extents.
template <class T, ptrdiff_t M, ptrdiff_t N, ptrdiff_t K>
bool right_when_static() {
    return right<T, false, false, M, N, K>() && right<T, false, true, M, N, K>() && right<T, true, false, M, N, K>() &&
           right<T, true, true, M, N, K>();
}

constexpr ptrdiff_t depth = 70;  // above the depth of an unrolled dot product

template <ptrdiff_t M, ptrdiff_t N, ptrdiff_t K>
constexpr bool right_in_constant_evaluation() {
    double a[2 * depth]{}, b[2 * depth]{}, c[4]{};
    for (ptrdiff_t i = 0; i < 2 * depth; ++i) a[i] = static_cast<double>(i % 5), b[i] = static_cast<double>(i % 7);
    kernels::gemm<double, false, true, M, N, K>(a, depth, b, depth, 2, 2, depth, nullptr, accumulate<double>{c, 2});
    for (ptrdiff_t i = 0; i < 4; ++i) {
        double want = 0;
        for (ptrdiff_t p = 0; p < depth; ++p) want += a[i / 2 * depth + p] * b[i % 2 * depth + p];
        if (c[i] != want) return false;
    }
    return true;
}
static_assert(right_in_constant_evaluation<2, 2, depth>() && right_in_constant_evaluation<0, 0, 0>());

constexpr bool small_in_constant_evaluation() {
    const float a[]{1, 2, 3, 4, 5, 6}, b[]{1, 0, 0, 1, 1, 1};
    float c[4]{};
    kernels::gemm<float, false, false, 2, 2, 3>(a, 3, b, 2, 2, 2, 3, nullptr, accumulate<float>{c, 2});
    return c[0] == 4 && c[1] == 5 && c[2] == 10 && c[3] == 11;
}
static_assert(small_in_constant_evaluation());

}  // namespace

TEMPLATE_TEST_CASE("products of all small shapes", "[gemm]", float, double) {
    for (ptrdiff_t m = 1; m <= 40; m += m < 18 ? 1 : 5)
        for (ptrdiff_t n = 1; n <= 40; n += n < 18 ? 1 : 5)
            for (const ptrdiff_t k : {1, 2, 3, 7, 8, 9, 16, 17, 40}) {
                CAPTURE(m, n, k);
                REQUIRE(right_in_all_forms<TestType>(m, n, k));
            }
}

TEMPLATE_TEST_CASE("products of integers", "[gemm]", int) {
    for (const ptrdiff_t m : {1, 3, 6, 13})
        for (const ptrdiff_t n : {1, 4, 16, 19}) REQUIRE(right_in_all_forms<TestType>(m, n, 11));
}

TEMPLATE_TEST_CASE("products that are packed, or dealt to several panels", "[gemm]", float, double) {
    CHECK(right_in_all_forms<TestType>(37, 300, 130));  // B too large to stay unpacked
    CHECK(right_in_all_forms<TestType>(50, 70, 300));   // transposed A packed
    CHECK(right_in_all_forms<TestType>(1, 200, 300));   // row times matrix
    CHECK(right_in_all_forms<TestType>(3, 200, 300));   // few rows
    CHECK(right_in_all_forms<TestType>(200, 1, 300));   // matrix times column
    CHECK(right_in_all_forms<TestType>(50, 64, 1000));
    CHECK(right<TestType, true, false>(100, 64, 16000));  // more of A than is packed at once
}

TEST_CASE("products of static extents", "[gemm]") {
    CHECK(right_when_static<float, 4, 4, 4>());
    CHECK(right_when_static<float, 16, 16, 16>());
    CHECK(right_when_static<float, 22, 4, 12>());  // rows of half and of a quarter of a vector
    CHECK(right_when_static<float, 12, 2, 10>());
    CHECK(right_when_static<double, 6, 2, 4>());
    CHECK(right_when_static<float, 13, 27, 11>());
    CHECK(right_when_static<float, 1, 77, 17>());
    CHECK(right_when_static<float, 9, 1, 16>());
    CHECK(right_when_static<float, 17, 33, 1>());
    CHECK(right_when_static<float, 16, 1, 7>());
    CHECK(right_when_static<double, 9, 1, 3>());
    CHECK(right_when_static<float, 12, 32, 35>());
    CHECK(right<float, false, true, 4, 8, 2>());
    CHECK(right<float, false, true, 4, 2, 8>());
    CHECK(right<float, true, false, 8, 2, 4>());
    CHECK(right<float, false, true, 1, 4, 64>());
    CHECK(right<float, false, true, 3, 21, 64>());
    CHECK(right<float, false, false, 1, 64, 64>());
    CHECK(right<float, false, true, 64, 10, 128>());
    CHECK(right<float, false, true, 8, 41, 33>());  // dot products: few rows, few outputs
    CHECK(right<float, false, true, 19, 3, 9>());
    CHECK(right<double, false, false, 7, 11, 5>());
    CHECK(right<double, false, true, 2, 13, 21>());
    CHECK(right<double, false, true, 64, 10, 128>());
    CHECK(right<double, true, false, 1, 9, 33>());
}

TEST_CASE("products of static extents that are packed", "[gemm]") {
    CHECK(right<float, false, false, 1, 200, 77>());  // a large matrix, row by row
    CHECK(right<double, true, false, 1, 136, 64>());
    CHECK(right_when_static<float, 37, 300, 130>());
    CHECK(right<float, false, false, 30, 112, 300>());   // tiles of one height, the first of which copies B
    CHECK(right<float, true, false, 31, 112, 300>());
    CHECK(right<float, true, false, 50, 112, 300>());    // A packed as well
    CHECK(right<float, false, false, 131, 112, 300>());  // many rows: B is copied before
    CHECK(right<float, false, false, 133, 57, 600>());  // a large A meets several panels at a time
    CHECK(right<float, true, false, 133, 57, 600>());
    CHECK(right<float, true, true, 98, 57, 700>());
    CHECK(right<double, false, true, 66, 92, 520>());
    CHECK(right_when_static<float, 50, 64, 200>());
    CHECK(right_when_static<float, 20, 23, 40>());
    CHECK(right_when_static<double, 20, 10, 40>());
    CHECK(right_when_static<double, 37, 300, 130>());
}

TEST_CASE("products with a right operand that lies in panels", "[gemm]") {
    CHECK(right_in_panels<float, false, 1, 128, 300>());
    CHECK(right_in_panels<float, true, 1, 112, 40>());
    CHECK(right_in_panels<float, false, 1, 90, 7>());  // the last panel is not full
    CHECK(right_in_panels<double, false, 1, 51, 20>());
    CHECK(right_in_panels<float, false, 5, 32, 9>());
    CHECK(right_in_panels<float, false, 37, 300, 130>());
    CHECK(right_in_panels<float, false, 133, 57, 600>());  // a large A meets several panels at a time
    CHECK(right_in_panels<float, true, 50, 112, 300>());   // a packed A
    CHECK(right_in_panels<double, true, 100, 70, 1>());
}
