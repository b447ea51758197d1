// SPDX-License-Identifier: BSL-1.0
// Comparisons, casts, rank 0, views.

#include <ashlar/ashlar.hpp>

#include "support/compare.hpp"

using namespace ashlar;

const Tensor<float, 3> singles{1, 2, 3};
const Tensor<double, 3> doubles{0.5, -1, 4};
const Tensor<int, 3> whole{7, -2, 3};
const Tensor<bool, 3> flags{true, false, true};

TEST_CASE("comparisons", "[compare]") {
    CHECK((singles < 2) == Tensor<bool, 3>{true, false, false});
    CHECK((singles <= 2) == Tensor<bool, 3>{true, true, false});
    CHECK((2 < singles) == Tensor<bool, 3>{false, false, true});
    CHECK((singles >= doubles) == Tensor<bool, 3>{true, true, false});
    CHECK(eq(whole, 3) == Tensor<bool, 3>{false, false, true});
    CHECK(ne(whole, singles) == Tensor<bool, 3>{true, true, false});
    CHECK(eq(flags, true) == flags);
    CHECK(any(singles > 2));
    CHECK_FALSE(all(singles > 2));
    CHECK(all<0>(whole < 8));
    const Tensor<double, 2> odd{__builtin_nan(""), 1};
    CHECK((odd < 2) == Tensor<bool, 2>{false, true});
    CHECK(ne(odd, odd) == Tensor<bool, 2>{true, false});
}

TEST_CASE("whole tensors compare to one bool", "[compare]") {
    CHECK(singles * 2 == singles + singles);
    CHECK(singles * 2 != singles);
    CHECK_FALSE(singles + 1 == Tensor<float, 2>{2, 3});  // of another shape
    CHECK(Tensor<float, 3>{1, 2, 3} == singles);
    CHECK(Tensor<float, 3>{1, 2, 4} != singles);
}

TEST_CASE("casts", "[to]") {
    CHECK(to<int>(doubles * 1.9) == Tensor<int, 3>{0, -1, 7});
    CHECK(to<bool>(whole + 2) == Tensor<bool, 3>{true, false, true});
    CHECK(to<float>(flags) == Tensor<float, 3>{1, 0, 1});
    CHECK(sum(to<float>(doubles > 0)) == Tensor<float>{2});
    // Rounded to float also where the ops around it compute in double.
    const Tensor<double, 3> third{1.0 / 3, 2.0 / 3, 0.1};
    CHECK(to<float>(third) + 0 * third ==
          Tensor<double, 3>{double(float(1.0 / 3)), double(float(2.0 / 3)), double(0.1f)});
    CHECK(to<int>(third * 10) * 0.5f + to<float>(third) * 0 == Tensor<float, 3>{1.5f, 3, 0.5f});
}

TEST_CASE("rank 0", "[scalar]") {
    const Tensor<float> two = 2.0f;
    const Tensor<float> four = two * two;
    CHECK(static_cast<float>(four) == 4);
    CHECK(two * singles == Tensor<float, 3>{2, 4, 6});
    const float value = exp(two) - sum(singles) / two;
    CHECK(support::close(value, std::exp(2.0) - 3, 1e-6));
    CHECK(two + 1 == Tensor<float>{3});
    CHECK(clamp(two, 0, 1) == Tensor<float>{1});
}

TEST_CASE("views and temporaries", "[view]") {
    float memory[] = {1, 2, 3};
    const TensorView<const float, 3> view{memory};
    CHECK(view + singles == Tensor<float, 3>{2, 4, 6});
    const auto kept = [&] { return view * Tensor<float, 3>{3, 2, 1}; }();
    CHECK(kept == Tensor<float, 3>{3, 4, 3});
    TensorView<float, 3>{memory} = singles * singles + view;  // also where the target occurs in it
    CHECK(memory[2] == 12);
}
