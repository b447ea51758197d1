// SPDX-License-Identifier: BSL-1.0
// Sums, maxima and minima of every channel: of a convolution, and of the image it is derived by, whose planes are
// combined as they are made.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"
#include "support/fill.hpp"

#include <algorithm>
#include <string>

using namespace ashlar;
using support::fill;

namespace {

template <class E> void check_channels(const E& expression) {
    constexpr std::size_t batch = E::extent[0], channels = E::extent[1], height = E::extent[2], width = E::extent[3];
    const Tensor<float, batch, channels, height, width> all = 0.5f * expression;
    const Tensor<float, channels> sums = sum<0, 2, 3>(0.5f * expression), largest = max<0, 2, 3>(0.5f * expression),
                                  least = 3.0f - min<0, 2, 3>(0.5f * expression);
    for (std::size_t c = 0; c < channels; ++c) {
        float sum = 0, high = all(0, c, 0, 0), low = high;
        for (std::size_t n = 0; n < batch; ++n)
            for (std::size_t y = 0; y < height; ++y)
                for (std::size_t x = 0; x < width; ++x) {
                    sum += all(n, c, y, x);
                    high = std::max(high, all(n, c, y, x)), low = std::min(low, all(n, c, y, x));
                }
        CHECK(sums(c) == sum);
        CHECK(largest(c) == high);
        CHECK(least(c) == 3 - low);
    }
}

// Planes that are and that are not whole vectors, in groups of four channels that are and are not full.
template <std::size_t Channels, std::size_t Size> void check() {
    CAPTURE(Channels, Size);
    nn::Conv2d<Channels, 2, 3> conv;
    Tensor<float, 3, Channels, Size, Size> images;
    Tensor<float, 3, 2, Size - 2, Size - 2> scale;
    fill(conv.weight, 1), fill(conv.bias, 2), fill(images, 3), fill(scale, 4);
    check_channels(conv(images));
    const auto x = variable<"x">(images);
    check_channels(grad(sum(conv(x) * scale), x));
}

}  // namespace

TEST_CASE("the sum, the maximum and the minimum of every channel", "[conv]") {
    check<5, 7>();
    check<8, 10>();
    check<1, 4>();
}

TEST_CASE("they come with the derivative", "[conv]") {
    nn::Conv2d<5, 2, 3> conv;
    const Tensor<float, 3, 5, 7, 7> images{};
    const auto x = variable<"x">(images);
    const auto derivative = grad(sum(square(conv(x))), x);
    CHECK(std::string{plan(derivative).c_str()}.substr(0, 6) ==
          std::string{plan(max<0, 2, 3>(derivative)).c_str()}.substr(0, 6));
    CHECK(std::string{plan(derivative).c_str()}.substr(0, 6) ==
          std::string{plan(min<0, 2, 3>(derivative)).c_str()}.substr(0, 6));
}
