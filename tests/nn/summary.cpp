// SPDX-License-Identifier: BSL-1.0
// The table of a model's layers.
#include <ashlar/ashlar.hpp>

#include "support/catch.hpp"

namespace nn = ashlar::nn;
using ashlar::Shape, ashlar::summary;

namespace {
struct Block {
    nn::Linear<64, 64> first, second;
    constexpr auto operator()(ashlar::expression auto x) const { return x + second(relu(first(x))); }
};
}  // namespace
BOOST_HANA_ADAPT_STRUCT(Block, first, second);

TEST_CASE("a sequence of layers") {
    CHECK(summary<nn::Sequential<nn::Linear<784, 128>, nn::ReLU, nn::Linear<128, 10, nn::no_bias>>, Shape<64, 784>>() ==
          R"(layer  type                      output     parameters       flops
0      Linear<784, 128>          (64, 128)     100,480  12,853,248
1      ReLU                      (64, 128)           0       8,192
2      Linear<128, 10, no_bias>  (64, 10)        1,280     163,840
total                            (64, 10)      101,760  13,025,280
)");
}

TEST_CASE("blocks: what is inside has lines of its own, and the path of PyTorch's state_dict") {
    using Model =
        nn::Sequential<nn::Linear<16, 64>, Block, nn::Residual<nn::Linear<64, 64>, nn::LeakyReLU>, nn::Linear<64, 4>>;
    CHECK(summary<Model, Shape<16>>() == R"(layer     type            output  parameters   flops
0         Linear<16, 64>  (64)         1,088   2,112
1         Block           (64)             0     128
1.first   Linear<64, 64>  (64)         4,160   8,256
1.second  Linear<64, 64>  (64)         4,160   8,256
2         Residual        (64)             0      64
2.0       Linear<64, 64>  (64)         4,160   8,256
2.1       LeakyReLU       (64)             0     128
3         Linear<64, 4>   (4)            260     516
total                     (4)         13,828  27,716
)");
    CHECK(summary<Block, Shape<8, 64>>() == R"(layer   type            output   parameters    flops
        Block           (8, 64)           0    1,024
first   Linear<64, 64>  (8, 64)       4,160   66,048
second  Linear<64, 64>  (8, 64)       4,160   66,048
total                   (8, 64)       8,320  133,120
)");
    CHECK(summary<nn::Linear<3, 4>, Shape<3>>() == R"(layer  type          output  parameters  flops
       Linear<3, 4>  (4)             16     28
total                (4)             16     28
)");
}

TEST_CASE("flops are those of the constant") {
    constexpr auto& rows =
        ashlar::detail::summary_of<nn::Sequential<nn::Linear<8, 16>, nn::GELU, nn::Softmax<1>>, Shape<4, 8>>;
    long long sum = 0;
    for (const auto& row : rows.row) sum += row.flops;
    CHECK(sum == ashlar::flops<nn::Sequential<nn::Linear<8, 16>, nn::GELU, nn::Softmax<1>>, Shape<4, 8>>);
}
