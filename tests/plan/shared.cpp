// SPDX-License-Identifier: BSL-1.0
// A program of so many shapes that its kernels take extents and strides at run time: one training step against loops.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

namespace {

constexpr std::size_t batch = 7, first = 1, layers = 19;

template <std::size_t... I> auto network(std::index_sequence<I...>)
    -> nn::Sequential<std::conditional_t<I % 2 == 0, nn::Linear<first + I / 2, first + I / 2 + 1>, nn::Tanh>...>;
using Network = decltype(network(std::make_index_sequence<2 * layers - 1>{}));

using matrix = std::vector<std::vector<double>>;
struct layer {
    matrix weight;
    std::vector<double> bias;
};

template <std::size_t... I> std::vector<layer> layers_of(const Network& m, std::index_sequence<I...>) {
    const auto copy = [](const auto& linear) {
        layer l;
        for (std::size_t i = 0; i < linear.bias.size(); ++i) {
            l.bias.push_back(static_cast<double>(linear.bias(i)));
            l.weight.emplace_back();
            for (std::size_t k = 0; k < linear.weight.size() / linear.bias.size(); ++k)
                l.weight.back().push_back(static_cast<double>(linear.weight(i, k)));
        }
        return l;
    };
    return {copy(m.template get<2 * I>())...};
}

// Mean squared error of tanh layers, the last one linear, and a step of gradient descent.
double step(std::vector<layer>& net, const matrix& x, const matrix& y, double rate) {
    std::vector<matrix> value{x};
    for (std::size_t l = 0; l < net.size(); ++l) {
        matrix next(x.size(), std::vector<double>(net[l].bias));
        for (std::size_t n = 0; n < x.size(); ++n)
            for (std::size_t i = 0; i < next[n].size(); ++i) {
                for (std::size_t k = 0; k < value[l][n].size(); ++k) next[n][i] += net[l].weight[i][k] * value[l][n][k];
                if (l + 1 < net.size()) next[n][i] = std::tanh(next[n][i]);
            }
        value.push_back(next);
    }
    double loss = 0;
    matrix delta = value.back();
    const double count = static_cast<double>(x.size() * delta[0].size());
    for (std::size_t n = 0; n < x.size(); ++n)
        for (std::size_t i = 0; i < delta[n].size(); ++i) {
            const double d = delta[n][i] - y[n][i];
            loss += d * d / count, delta[n][i] = 2 * d / count;
        }
    for (std::size_t l = net.size(); l-- > 0;) {
        matrix before = value[l];
        for (std::size_t n = 0; n < x.size(); ++n)
            for (std::size_t k = 0; k < before[n].size(); ++k) {
                double sum = 0;
                for (std::size_t i = 0; i < delta[n].size(); ++i) sum += delta[n][i] * net[l].weight[i][k];
                before[n][k] = sum * (1 - value[l][n][k] * value[l][n][k]);
            }
        for (std::size_t n = 0; n < x.size(); ++n)
            for (std::size_t i = 0; i < delta[n].size(); ++i) {
                net[l].bias[i] -= rate * delta[n][i];
                for (std::size_t k = 0; k < before[n].size(); ++k)
                    net[l].weight[i][k] -= rate * delta[n][i] * value[l][n][k];
            }
        delta = before;
    }
    return loss;
}

template <class T> matrix rows_of(const T& t) {
    matrix m(batch, std::vector<double>(t.size() / batch));
    for (std::size_t n = 0; n < batch; ++n)
        for (std::size_t i = 0; i < m[n].size(); ++i) m[n][i] = static_cast<double>(t(n, i));
    return m;
}

}  // namespace

TEST_CASE("kernels shared by many shapes") {
    using layer_numbers = std::make_index_sequence<layers>;
    const auto m = std::make_unique<Network>(ashlar::seed{3});
    const auto x = Tensor<float, batch, first>::generate([](std::size_t n, std::size_t i) {
        return std::sin(static_cast<float>(3 * n + i));
    });
    const auto y = Tensor<float, batch, first + layers>::generate([](std::size_t n, std::size_t i) {
        return std::cos(static_cast<float>(5 * n + i));
    });
    optim::SGD sgd{*m, {.lr = 0.5f}};
    const std::string listing = plan(sgd, nn::MSELoss{}((*m)(x), y)).c_str();
    const auto steps = std::stoi(listing), kernels = std::stoi(listing.substr(listing.find("with ") + 5));
    CHECK(kernels < steps);
    CHECK(listing.find("sum<0>") != std::string::npos);
    CHECK(listing.find("transpose(matmul(") != std::string::npos);  // a column as a row: the first layer's gradient

    auto net = layers_of(*m, layer_numbers{});
    for (int i = 0; i < 2; ++i) {
        const double want = step(net, rows_of(x), rows_of(y), 0.5);
        CHECK(std::abs(static_cast<double>(sgd.step(nn::MSELoss{}((*m)(x), y))) - want) < 1e-6 * want);
    }
    const auto got = layers_of(*m, layer_numbers{});
    double worst = 0;
    for (std::size_t l = 0; l < layers; ++l)
        for (std::size_t i = 0; i < net[l].bias.size(); ++i) {
            worst = std::max(worst, std::abs(net[l].bias[i] - got[l].bias[i]));
            for (std::size_t k = 0; k < net[l].weight[i].size(); ++k)
                worst = std::max(worst, std::abs(net[l].weight[i][k] - got[l].weight[i][k]));
        }
    CHECK(worst < 1e-6);
}

namespace {

template <std::size_t... I> auto wide_network(std::index_sequence<I...>)
    -> nn::Sequential<nn::Sequential<nn::Linear<32, 32 * (I + 2)>, nn::Linear<32 * (I + 2), 32>>...>;

}  // namespace

TEST_CASE("a compiled model of so many shapes, whose matrices lie in panels", "[shared]") {
    using model_type = decltype(wide_network(std::make_index_sequence<25>{}));
    const auto model = std::make_unique<model_type>(ashlar::seed(3));
    const auto fast = std::make_unique<ashlar::Compiled<model_type>>(*model);
    Tensor<float, 7, 32> rows;
    Tensor<float, 32> row;
    for (std::size_t i = 0; i < rows.size(); ++i) rows.data()[i] = static_cast<float>(std::sin(static_cast<double>(i)));
    for (std::size_t i = 0; i < row.size(); ++i) row(i) = rows(0, i);
    const Tensor<float, 7, 32> want = (*model)(rows), got = (*fast)(rows);
    const Tensor<float, 32> alone = (*fast)(row);
    for (std::size_t i = 0; i < want.size(); ++i) CHECK(std::abs(want.data()[i] - got.data()[i]) < 1e-5f);
    for (std::size_t i = 0; i < row.size(); ++i) CHECK(std::abs(want(0, i) - alone(i)) < 1e-5f);
    CHECK(std::string{ashlar::plan((*fast)(rows)).c_str()}.find("50 steps with 50 kernels") == std::string::npos);
}
