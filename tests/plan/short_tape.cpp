// SPDX-License-Identifier: BSL-1.0
// What an unrolled loop leaves in the binary for each of its steps, and that it computes the same.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>

namespace nn = ashlar::nn;
using ashlar::Tensor;

constexpr std::size_t length = 12, features = 3, width = 5;

// h = (1 - z) * tanh(b + c) + z * h, z = sigmoid(b), of the rows of x one after the other; the last h.
struct Gated {
    nn::Linear<features, width> input;
    nn::Linear<width, width, nn::no_bias> state;

    template <std::size_t At> constexpr auto from(auto x, auto h) const {
        if constexpr (At == length) return h;
        else {
            constexpr auto row = static_cast<ashlar::index>(At);
            const auto b = input(reshape<features>(ashlar::slice<0, row, row + 1, 1>(x)));
            const auto z = sigmoid(b);
            return from<At + 1>(x, (1 - z) * tanh(b + state(h)) + z * h);
        }
    }
    constexpr auto operator()(ashlar::expression auto x) const {
        return from<0>(x, tanh(input(reshape<features>(ashlar::slice<0, 0, 1, 1>(x)))));
    }
};

BOOST_HANA_ADAPT_STRUCT(Gated, input, state);

namespace {

using Rows = Tensor<float, length, features>;
using Loss = decltype(mean(square(ashlar::call(std::declval<Gated&>(), std::declval<const Rows&>()))));
using step = ashlar::detail::step_program<Loss, Gated, ashlar::optim::plain_sgd>;
using tape = ashlar::detail::short_tape<step>;

// The functions are few; of the table the steps are the rest.
static_assert(ashlar::detail::has_short_tape<step> && tape::kernels < 40);
static_assert(sizeof(tape) <= 64 * ashlar::detail::step_count<step> + 8 * tape::kernels);
static_assert(sizeof(tape::spot) == 4);

// Offsets that 32 bits do not hold: of the last row of a tensor that nobody has to have.
using Vast = ashlar::TensorView<const float, 3, (std::size_t{1} << 30)>;
using Last = decltype(exp(ashlar::slice<0, 2, 3, 1>(std::declval<const Vast&>())));
using vast_tape = ashlar::detail::short_tape<ashlar::detail::evaluation<Last>>;
static_assert(sizeof(vast_tape::spot) == 16);
using Large = ashlar::TensorView<const float, 3, 30000>;
using Part = decltype(exp(ashlar::slice<0, 2, 3, 1>(std::declval<const Large&>())));
static_assert(sizeof(ashlar::detail::short_tape<ashlar::detail::evaluation<Part>>::spot) == 8);

Gated drawn() {
    Gated model;
    ashlar::initialize(model, ashlar::seed(3));
    return model;
}

// The loss in double, with one weight moved.
double loss_of(const Gated& model, const Rows& x, bool of_state, double by) {
    const auto dot = [&](const auto& weight, std::size_t i, const double* v, std::size_t n, double moved) {
        double sum = 0;
        for (std::size_t k = 0; k < n; ++k)
            sum += (static_cast<double>(weight(i, k)) + (i == 1 && k == 2 ? moved : 0)) * v[k];
        return sum;
    };
    double h[width] = {};
    for (std::size_t t = 0; t <= length; ++t) {
        const std::size_t row = t == 0 ? 0 : t - 1;
        double in[features], b[width], next[width], sum = 0;
        for (std::size_t k = 0; k < features; ++k) in[k] = static_cast<double>(x(row, k));
        for (std::size_t i = 0; i < width; ++i) {
            b[i] = static_cast<double>(model.input.bias(i)) +
                   dot(model.input.weight, i, in, features, of_state ? 0 : by);
            const double c = dot(model.state.weight, i, h, width, of_state ? by : 0), z = 1 / (1 + std::exp(-b[i]));
            next[i] = t == 0 ? std::tanh(b[i]) : (1 - z) * std::tanh(b[i] + c) + z * h[i];
            sum += next[i] * next[i];
        }
        for (std::size_t i = 0; i < width; ++i) h[i] = next[i];
        if (t == length) return sum / static_cast<double>(width);
    }
    return 0;
}

double slope_of(const Gated& model, const Rows& x, bool of_state) {
    return (loss_of(model, x, of_state, 1e-4) - loss_of(model, x, of_state, -1e-4)) / 2e-4;
}


}  // namespace

TEST_CASE("an unrolled loop by a short tape", "[plan]") {
    static Gated model = drawn();
    const Gated before = model;
    Rows x;
    ashlar::generator random{ashlar::seed(4)};
    fill_uniform(x, random, 1.0f);
    ashlar::optim::SGD sgd{model, {.lr = 1}};
    const float loss = sgd.step(mean(square(ashlar::call(model, x))));
    CHECK(static_cast<double>(loss) == Approx(loss_of(before, x, false, 0)).epsilon(1e-5));
    const auto change = [](const auto& a, const auto& b) { return static_cast<double>(b(1, 2) - a(1, 2)); };
    const auto near = [](double slope) { return Approx(slope).margin(1e-6).epsilon(1e-3); };
    CHECK(change(model.state.weight, before.state.weight) == near(slope_of(before, x, true)));
    CHECK(change(model.input.weight, before.input.weight) == near(slope_of(before, x, false)));
}
