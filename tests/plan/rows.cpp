// SPDX-License-Identifier: BSL-1.0
// Steps that go through the rows of an array together, a few rows a turn: their plans, their results, and results that
// lie where their operands lie.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>
#include <memory>

namespace nn = ashlar::nn;
using ashlar::Tensor;
using ashlar::TensorView;

struct LayerNorm {
    Tensor<float, 96> weight, bias;
    constexpr auto operator()(ashlar::expression auto x) const {
        const auto d = x - mean<-1, ashlar::keepdim>(x);
        return d * rsqrt(mean<-1, ashlar::keepdim>(d * d) + 1e-5f) * weight + bias;
    }
};
BOOST_HANA_ADAPT_STRUCT(LayerNorm, weight, bias);

namespace {

template <class T, std::size_t... Dims> Tensor<T, Dims...> filled(double step) {
    Tensor<T, Dims...> t;
    for (std::size_t i = 0; i < t.size(); ++i)
        t.data()[i] = static_cast<T>(2 * std::sin(static_cast<double>(i) * step));
    return t;
}

template <class T, std::size_t Rows, std::size_t N> double
softmax_error(const Tensor<T, Rows, N>& y, const Tensor<T, Rows, N>& x) {
    double worst = 0;
    for (std::size_t i = 0; i < Rows; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < N; ++j) sum += std::exp(static_cast<double>(x(i, j)));
        for (std::size_t j = 0; j < N; ++j) {
            const double d = std::abs(static_cast<double>(y(i, j)) - std::exp(static_cast<double>(x(i, j))) / sum);
            worst = d > worst || d != d ? d : worst;
        }
    }
    return worst;
}

}  // namespace

TEST_CASE("a softmax goes through its rows once", "[rows]") {
    const auto x = std::make_unique<Tensor<float, 90, 100>>(filled<float, 90, 100>(0.37));
    CHECK(plan(softmax<1>(*x)).c_str() == std::string{
        "4 steps with 4 kernels, 1 input, 243,000 flops, 217,440 bytes read and written\n"
        "  with a (90, 100)\n"
        "     steps 1 to 4 take turns of 30 rows\n"
        "  1  reduce  90[100]           9,000 flops  t1 = max<1, keepdim>(a)\n"
        "  2  map     90x100          189,000 flops  t2 = exp(a - t1)\n"
        "  3  reduce  90[100]           9,000 flops  t3 = sum<1, keepdim>(t2)\n"
        "  4  map     90x100           36,000 flops  result = t2 / t3\n"
        "memory: 12,160 bytes; t1 f32[0..30), t2 f32[32..3032), t3 f32[0..30)\n"});
    const auto y = std::make_unique<Tensor<float, 90, 100>>(softmax<1>(*x));
    CHECK(softmax_error(*y, *x) < 1e-7);
}

TEST_CASE("rows of other types, numbers and ranks", "[rows]") {
    const auto prime = filled<double, 101, 97>(0.11);  // a row a turn
    CHECK(softmax_error(Tensor<double, 101, 97>(softmax<1>(prime)), prime) < 1e-15);
    const auto x = filled<float, 12, 30, 40>(0.23);
    const Tensor<float, 12, 30, 40> y = softmax<2>(x);
    CHECK(softmax_error(Tensor<float, 360, 40>(reshape<360, 40>(y)), Tensor<float, 360, 40>(reshape<360, 40>(x))) <
          1e-7);
    const Tensor<float, 12, 30, 40> across = softmax<1>(x);  // along the middle axis
    double worst = 0;
    for (std::size_t i = 0; i < 12; ++i)
        for (std::size_t k = 0; k < 40; ++k) {
            double sum = 0;
            for (std::size_t j = 0; j < 30; ++j) sum += static_cast<double>(across(i, j, k));
            worst = std::max(worst, std::abs(sum - 1));
        }
    CHECK(worst < 1e-5);
}

TEST_CASE("statistics and normalisation are one pass", "[rows]") {
    static LayerNorm norm;
    norm.weight = filled<float, 96>(0.3), norm.bias = filled<float, 96>(0.7);
    static const auto x = filled<float, 128, 96>(0.19);
    CHECK(std::string{plan(ashlar::call(norm, x)).c_str()}.find("steps 1 to 4 take turns of 32 rows") !=
          std::string::npos);
    static const Tensor<float, 128, 96> y = ashlar::call(norm, x);
    double worst = 0;
    for (std::size_t i = 0; i < 128; ++i) {
        double mean = 0, variance = 0;
        for (std::size_t j = 0; j < 96; ++j) mean += static_cast<double>(x(i, j)) / 96;
        for (std::size_t j = 0; j < 96; ++j) variance += std::pow(static_cast<double>(x(i, j)) - mean, 2) / 96;
        for (std::size_t j = 0; j < 96; ++j) {
            const double want = (static_cast<double>(x(i, j)) - mean) / std::sqrt(variance + 1e-5) *
                                    static_cast<double>(norm.weight(j)) +
                                static_cast<double>(norm.bias(j));
            worst = std::max(worst, std::abs(static_cast<double>(y(i, j)) - want));
        }
    }
    CHECK(worst < 5e-6);
}

TEST_CASE("cross entropy and its derivative are one pass over the logits", "[rows]") {
    using Model = nn::Sequential<nn::Linear<8, 160>>;
    static Model model{ashlar::seed(1)}, other{ashlar::seed(1)};
    static const auto x = filled<float, 64, 8>(0.17);
    static const auto labels =
        Tensor<int, 64>::generate([](std::size_t i) { return i % 9 == 4 ? -100 : static_cast<int>(i * 7 % 160); });
    ashlar::optim::SGD sgd{model, {.lr = 0.5}};
    const nn::CrossEntropyLoss<> criterion{.label_smoothing = 0.1};
    const std::string listing{plan(sgd, criterion(model(x), labels)).c_str()};
    CHECK(listing.find("steps 5 to 11 take turns of 16 rows") != std::string::npos);

    // The same in double.
    static const Tensor<double, 64, 160> logits =
        to<double>(matmul(x, transpose(other.get<0>().weight)) + other.get<0>().bias);
    double loss = 0, counted = 0;
    static Tensor<double, 64, 160> delta;
    for (std::size_t i = 0; i < 64; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < 160; ++j) sum += std::exp(logits(i, j));
        const bool counts = labels(i) >= 0;
        counted += counts ? 1 : 0;
        for (std::size_t j = 0; j < 160; ++j) {
            const double target = (static_cast<int>(j) == labels(i) ? 0.9 : 0.0) + 0.1 / 160;
            delta(i, j) = counts ? std::exp(logits(i, j)) / sum - target : 0;
            loss -= counts ? target * (logits(i, j) - std::log(sum)) : 0;
        }
    }
    CHECK(std::abs(static_cast<double>(sgd.step(criterion(model(x), labels))) - loss / counted) < 1e-5);
    double worst = 0;
    for (std::size_t j = 0; j < 160; ++j)
        for (std::size_t k = 0; k < 8; ++k) {
            double g = 0;
            for (std::size_t i = 0; i < 64; ++i) g += delta(i, j) * static_cast<double>(x(i, k)) / counted;
            worst = std::max(worst, std::abs(static_cast<double>(other.get<0>().weight(j, k)) - 0.5 * g -
                                             static_cast<double>(model.get<0>().weight(j, k))));
        }
    CHECK(worst < 1e-6);
}

TEST_CASE("results may lie where rows are read", "[rows]") {
    static const auto x = filled<float, 90, 100>(0.31);
    static const Tensor<float, 90, 100> want = softmax<1>(x);

    static Tensor<float, 90, 100> over = x;
    over = softmax<1>(over);
    CHECK(over == want);

    // Every row is multiplied by the first one, which is overwritten in the first turn.
    static const Tensor<float, 90, 100> scaled = softmax<1>(x) * slice<0, 0, 1>(x);
    static Tensor<float, 90, 100> again = x;
    again = softmax<1>(again) * slice<0, 0, 1>(again);
    CHECK(again == scaled);

    // Views that are one row apart, in both directions.
    for (const bool up : {false, true}) {
        static Tensor<float, 91, 100> memory;
        float* const from = memory.data() + (up ? 100 : 0);
        for (std::size_t i = 0; i < 9000; ++i) from[i] = x.data()[i];
        TensorView<float, 90, 100> source{from}, target{memory.data() + (up ? 0 : 100)};
        target = softmax<1>(source);
        bool same = true;
        for (std::size_t i = 0; i < 9000; ++i) same = same && target.data()[i] == want.data()[i];
        CHECK(same);
    }
}

TEST_CASE("constant evaluation takes the same turns", "[rows]") {
    static const auto x = filled<float, 90, 100>(0.41);
    using program = ashlar::detail::evaluation<ashlar::detail::node_of<decltype(softmax<1>(x))>>;
    static ashlar::detail::program_memory<program> memory;
    static Tensor<float, 90, 100> y;
    ashlar::detail::buffer_table<program> places;
    places.set_memory(memory);
    auto b = places.bind_inputs();
    softmax<1>(x).bind(b);
    places.result(0) = ashlar::address{y.data()};
    ashlar::detail::interpret_steps<program>(places.of);
    CHECK(softmax_error(y, x) < 1e-7);
}
