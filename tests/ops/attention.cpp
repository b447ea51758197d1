// SPDX-License-Identifier: BSL-1.0
// Scaled dot-product attention beside plain loops in double: operands and masks that broadcast over parts of the batch,
// keys of another number, masks of both sorts, and rows in blocks.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <array>
#include <cmath>
#include <vector>

using ashlar::Tensor;

namespace {

template <class T> T filled(double step) {
    T t;
    for (std::size_t i = 0; i < t.size(); ++i) {
        const double x = std::sin(static_cast<double>(i) * step);
        if constexpr (std::is_same_v<typename T::value_type, bool>) t.data()[i] = x > -0.5;
        else t.data()[i] = static_cast<typename T::value_type>(x);
    }
    return t;
}

/// Element (b, h, i, j) of what has up to four axes and broadcasts.
template <class T, std::size_t... Dims>
double at(const Tensor<T, Dims...>& t, std::size_t b, std::size_t h, std::size_t i, std::size_t j) {
    constexpr std::array<std::size_t, sizeof...(Dims)> dims{Dims...};
    const std::array<std::size_t, 4> index{b, h, i, j};
    std::size_t place = 0;
    for (std::size_t d = 0; d < dims.size(); ++d) {
        const std::size_t wanted = index[4 - dims.size() + d];
        place = place * dims[d] + (dims[d] == 1 ? 0 : wanted);
    }
    return static_cast<double>(t.data()[place]);
}

struct nothing {};

/// The worst difference of `got` (B, H, L, E) from softmax(q k^T / sqrt(E) + mask) v.
template <class Got, class Q, class K, class V, class Mask>
double error(const Got& got, const Q& q, const K& k, const V& v, const Mask& mask, bool causal, std::size_t keys) {
    double worst = 0;
    const auto s = Got::extent;
    const auto extent = [&s](int d) { return static_cast<std::size_t>(s[d]); };
    const double scale = 1 / std::sqrt(static_cast<double>(Q::extent[Q::extent.rank - 1]));
    for (std::size_t b = 0; b < extent(0); ++b)
        for (std::size_t h = 0; h < extent(1); ++h)
            for (std::size_t i = 0; i < extent(2); ++i) {
                std::vector<double> p(keys);
                double total = 0;
                for (std::size_t j = 0; j < keys; ++j) {
                    for (std::size_t e = 0; e < static_cast<std::size_t>(Q::extent[Q::extent.rank - 1]); ++e)
                        p[j] += scale * at(q, b, h, i, e) * at(k, b, h, j, e);
                    if constexpr (!std::is_same_v<Mask, nothing>) {
                        const double m = at(mask, b, h, i, j);
                        if (!std::is_same_v<typename Mask::value_type, bool>) p[j] += m;
                        else if (m == 0) p[j] = -INFINITY;
                    }
                    if (causal && j > i) p[j] = -INFINITY;
                    total += std::exp(p[j]);
                }
                for (std::size_t e = 0; e < extent(3); ++e) {
                    double want = 0;
                    for (std::size_t j = 0; j < keys; ++j) want += std::exp(p[j]) / total * at(v, b, h, j, e);
                    const double d = std::abs(at(got, b, h, i, e) - want);
                    worst = d > worst || d != d ? d : worst;
                }
            }
    return worst;
}

template <class Q, class K, class V, class Mask>
void examine(const Q& q, const K& k, const V& v, const Mask& mask) {
    constexpr auto keys = static_cast<std::size_t>(K::extent[K::extent.rank - 2]);
    if constexpr (std::is_same_v<Mask, nothing>) {
        CHECK(error(eval(ashlar::scaled_dot_product_attention(q, k, v)), q, k, v, mask, false, keys) < 1e-6);
        CHECK(error(eval(ashlar::scaled_dot_product_attention<ashlar::causal>(q, k, v)), q, k, v, mask, true, keys) <
              1e-6);
    } else {
        CHECK(error(eval(ashlar::scaled_dot_product_attention(q, k, v, mask)), q, k, v, mask, false, keys) < 1e-6);
    }
}

}  // namespace

TEST_CASE("attention with operands and masks that broadcast", "[attention]") {
    // Fewer examples than heads, and more: the order of the axes differs.
    const auto q = filled<Tensor<float, 2, 3, 5, 4>>(0.37);
    const auto k = filled<Tensor<float, 2, 3, 7, 4>>(0.53);
    const auto v = filled<Tensor<float, 2, 3, 7, 6>>(0.71);
    examine(q, k, v, nothing{});
    examine(q, filled<Tensor<float, 3, 7, 4>>(0.59), v, nothing{});
    examine(q, filled<Tensor<float, 7, 4>>(0.61), filled<Tensor<float, 7, 6>>(0.67), nothing{});
    examine(q, k, filled<Tensor<float, 3, 7, 6>>(0.73), nothing{});
    examine(q, k, v, filled<Tensor<float, 5, 7>>(0.41));
    examine(q, k, v, filled<Tensor<float, 7>>(0.43));
    examine(q, k, v, filled<Tensor<float, 3, 5, 7>>(0.31));
    examine(q, k, v, filled<Tensor<bool, 3, 1, 7>>(0.83));
    examine(q, k, v, filled<Tensor<bool, 2, 1, 1, 7>>(0.83));
    const auto many = filled<Tensor<float, 5, 2, 6, 3>>(0.29);
    examine(many, many, many, filled<Tensor<bool, 2, 6, 6>>(0.83));
    examine(many, filled<Tensor<float, 2, 6, 3>>(0.59), many, nothing{});
}

TEST_CASE("causal attention in blocks of rows", "[attention]") {
    const auto q = filled<Tensor<float, 1, 2, 131, 8>>(0.37);
    examine(q, q, q, nothing{});
    examine(q, filled<Tensor<float, 1, 2, 70, 8>>(0.53), filled<Tensor<float, 1, 2, 70, 5>>(0.71), nothing{});
    examine(q, filled<Tensor<float, 1, 2, 200, 8>>(0.53), filled<Tensor<float, 1, 2, 200, 5>>(0.71), nothing{});
    const auto mask = filled<Tensor<float, 2, 131, 131>>(0.19);
    const Tensor<float, 1, 2, 131, 8> y = ashlar::scaled_dot_product_attention<ashlar::causal>(q, q, q, mask);
    CHECK(error(y, q, q, q, mask, true, 131) < 1e-6);
}
