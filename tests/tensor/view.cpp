// SPDX-License-Identifier: BSL-1.0
// labels: widths
// Memory of the caller as an operand and as a target.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <array>
#include <string>
#include <type_traits>
#include <vector>

using ashlar::Tensor;
using ashlar::TensorView;

static_assert(std::is_trivially_copyable_v<TensorView<float, 4>> && sizeof(TensorView<float, 4>) == sizeof(float*));
static_assert(std::is_convertible_v<Tensor<float, 4>&, TensorView<float, 4>>);
static_assert(std::is_convertible_v<const Tensor<float, 4>&, TensorView<const float, 4>>);
static_assert(!std::is_constructible_v<TensorView<float, 4>, const Tensor<float, 4>&>);
static_assert(!std::is_constructible_v<TensorView<float, 4>, Tensor<float, 2, 2>&>);

TEST_CASE("a view reads the caller's memory", "[view]") {
    float memory[] = {1, 2, 3, 4, 5, 6};
    const TensorView<const float, 2, 3> block{memory};
    CHECK(block(1, 0) == 4.0f);
    CHECK(block.size() == 6);
    CHECK(ashlar::eval(block * 2.0f) == Tensor<float, 2, 3>{{2, 4, 6}, {8, 10, 12}});
    const auto twice = block + block;
    memory[0] = 10;  // an expression refers to memory
    CHECK(ashlar::eval(twice)(0, 0) == 20.0f);
}

TEST_CASE("a view need not be aligned", "[view]") {
    std::vector<float> memory(64 + 1, 1.0f);
    for (std::size_t i = 0; i < 64; ++i) memory[i + 1] = static_cast<float>(i);
    const TensorView<const float, 8, 8> block{memory.data() + 1};
    const Tensor<float, 8> ones = Tensor<float, 8>::ones();
    const Tensor<float, 8> rows = matmul(block, ones);
    for (int i = 0; i < 8; ++i) CHECK(rows(i) == static_cast<float>(64 * i + 28));
    const float total = sum(block);
    CHECK(total == 2016.0f);
}

TEST_CASE("a view is a target", "[view]") {
    std::array<float, 4> memory{};
    const TensorView<float, 2, 2> out{memory.data()};
    const Tensor<float, 2, 2> a{{1, 2}, {3, 4}};
    out = a + 1.0f;
    CHECK(memory == std::array<float, 4>{2, 3, 4, 5});
    out = transpose(out);
    CHECK(memory == std::array<float, 4>{2, 4, 3, 5});
}

TEST_CASE("a view of a range has its length", "[view]") {
    std::vector<float> three{1, 2, 3};
    const TensorView<float, 3> view{three};
    CHECK(view.data() == three.data());
    const TensorView<const float, 3> reads{three};
    CHECK(ashlar::eval(reads + 0.0f) == Tensor<float, 3>{1, 2, 3});
    try {
        const TensorView<float, 4> wrong{three};
        FAIL("no exception for " << wrong.size());
    } catch (const ashlar::error& e) {
        CHECK(std::string(e.what()) == "TensorView: 3 values given, the view has 4 elements");
    }
}

TEST_CASE("whole tensors, views and expressions compare to one bool", "[view]") {
    Tensor<float, 2> a{1, 2};
    const TensorView<float, 2> view{a};
    CHECK(view == a);
    CHECK(a + 1.0f == Tensor<float, 2>{2, 3});
    CHECK_FALSE(a + 1.0f == view);
    CHECK(a + 1.0f != a);
    CHECK_FALSE(a + 1.0f == Tensor<float, 3>{2, 3, 4});  // another shape
}
