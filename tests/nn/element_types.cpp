// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Layers that compute in floating numbers, called with other element types: as with the same numbers as float. Memory
// of the result's own type is what they write (the sanitizers would see more).
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

#include <cmath>

namespace nn = ashlar::nn;
using ashlar::Tensor;

namespace {

// Whole numbers, which every type holds.
template <class T, std::size_t... Dims> Tensor<T, Dims...> numbers() {
    Tensor<T, Dims...> t;
    int n = 3;
    for (T& x : t) x = static_cast<T>(static_cast<float>(n = n * 7 % 19));
    return t;
}

template <class T, std::size_t... Dims> void check(const auto& layer) {
    const auto x = numbers<T, Dims...>();
    const auto like = numbers<float, Dims...>();
    const auto got = ashlar::eval(layer(x));
    const auto expected = ashlar::eval(layer(like));
    static_assert(std::is_same_v<decltype(got), decltype(expected)>);
    for (std::size_t i = 0; i < got.size(); ++i) REQUIRE(std::abs(got.data()[i] - expected.data()[i]) <= 1e-5f);
}

}  // namespace

TEMPLATE_TEST_CASE("layers of floating numbers take other types", "[nn]", ashlar::float16, ashlar::bfloat16, int,
                   std::uint8_t) {
    check<TestType, 3, 40>(nn::LayerNorm<40>{});
    check<TestType, 3, 40>(nn::RMSNorm<40>{});
    check<TestType, 2, 6, 5>(nn::GroupNorm<2, 6>{});
    check<TestType, 2, 6, 5>(nn::BatchNorm1d<6>{});
    check<TestType, 2, 6, 5>(nn::InstanceNorm1d<6>{});
    check<TestType, 2, 6, 5>(nn::InstanceNorm1d<6, nn::track_running_stats>{});
    check<TestType, 2, 3, 7>(nn::AvgPool1d<2>{});
    check<TestType, 2, 3, 7>(nn::AdaptiveAvgPool1d<3>{});
    check<TestType, 1, 2, 7, 5>(nn::AvgPool2d<2, nn::ceil_mode>{});
    check<TestType, 1, 2, 7, 5>(nn::AdaptiveAvgPool2d<3>{});
    check<TestType, 1, 2, 4, 3, 5>(nn::AvgPool3d<2>{});
}

TEST_CASE("what is dropped keeps its type", "[nn]") {
    nn::Sequential<nn::Dropout> model{};
    Tensor<ashlar::float16, 64> x;
    for (auto& v : x) v = static_cast<ashlar::float16>(2.f);
    const Tensor<ashlar::float16, 64> y = ashlar::training(model)(x);
    int kept = 0;
    for (const auto v : y) {
        CHECK((static_cast<float>(v) == 0 || static_cast<float>(v) == 4));
        kept += static_cast<float>(v) == 4 ? 1 : 0;
    }
    CHECK(kept > 10);
}
