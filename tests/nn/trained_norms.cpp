// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Normalisations of float and of double beside PyTorch in double: values, gradients of inputs and parameters, and three
// steps each of SGD and of Adam, with the running statistics after them.
#include "support/catch.hpp"

#include "support/trained_layers.hpp"

namespace f = fixtures::trained_layers;
namespace nn = ashlar::nn;
using ashlar::Tensor;
using support::trains_as;

TEMPLATE_TEST_CASE("BatchNorm", "[nn]", float, double) {
    using T = TestType;
    nn::BatchNorm1d<3, nn::real<T>> rows;
    rows.eps = 0.01, rows.momentum = 0.3;
    trains_as<Tensor<T, 6, 3>, Tensor<T, 6, 3>>(f::batch_norm, rows);
    nn::BatchNorm2d<2, nn::real<T>> images;
    trains_as<Tensor<T, 2, 2, 2, 2>, Tensor<T, 2, 2, 2, 2>>(f::batch_norm_images, images);
}

TEMPLATE_TEST_CASE("LayerNorm and RMSNorm", "[nn]", float, double) {
    using T = TestType;
    nn::LayerNorm<5, nn::real<T>{}> layer;
    trains_as<Tensor<T, 4, 5>, Tensor<T, 4, 5>>(f::layer_norm, layer);
    nn::RMSNorm<4, nn::real<T>{}> rms;
    CHECK(rms.eps.value == static_cast<double>(std::numeric_limits<T>::epsilon()));
    rms.eps = 0x1p-52;
    trains_as<Tensor<T, 3, 4>, Tensor<T, 3, 4>>(f::rms_norm, rms);
}

TEMPLATE_TEST_CASE("GroupNorm and InstanceNorm", "[nn]", float, double) {
    using T = TestType;
    using real = nn::real<T>;
    using images = Tensor<T, 2, 2, 2, 3>;
    nn::GroupNorm<2, 4, real> group;
    trains_as<Tensor<T, 2, 4, 3>, Tensor<T, 2, 4, 3>>(f::group_norm, group);
    nn::InstanceNorm2d<2, nn::affine, real> instance;
    trains_as<images, images>(f::instance_norm, instance);
}
