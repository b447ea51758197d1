// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <iomanip>
#include <sstream>

using ashlar::Tensor;

template <class X> static std::string text_of(const X& x) {
    std::ostringstream out;
    out << x;
    return out.str();
}

TEST_CASE("tensors are printed as nested brackets", "[tensor]") {
    CHECK(text_of(Tensor<float>{2.5f}) == "2.5");
    CHECK(text_of(Tensor<int, 4>{0, 1, 1, 0}) == "[0, 1, 1, 0]");
    CHECK(text_of(Tensor<float, 2, 2>{{1, 2}, {3, 4.5f}}) == "[[1, 2],\n [3, 4.5]]");
    CHECK(text_of(Tensor<int, 2, 2, 1>{{{1}, {2}}, {{3}, {4}}}) == "[[[1],\n  [2]],\n [[3],\n  [4]]]");
    CHECK(text_of(Tensor<bool, 2>{true, false}) == "[1, 0]");
}

TEST_CASE("the stream's format decides the digits", "[tensor]") {
    std::ostringstream out;
    out << std::fixed << std::setprecision(2) << Tensor<float, 2>{1, 0.126f};
    CHECK(out.str() == "[1.00, 0.13]");
}

TEST_CASE("views and expressions are printed as tensors", "[tensor]") {
    const Tensor<float, 2> a{1, 2};
    const float memory[] = {3, 4};
    const ashlar::TensorView<const float, 2> b{memory};
    CHECK(text_of(b) == "[3, 4]");
    CHECK(text_of(a + b) == "[4, 6]");
    CHECK(text_of(sum(a)) == "3");
}
