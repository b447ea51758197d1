// SPDX-License-Identifier: BSL-1.0
// Training steps: forward, backward, and stochastic gradient descent. A row is WIDTHS_ACTIVATION_LOSS_bBATCH. Every
// contender makes twenty steps from the same weights, and must arrive where the reference in double does.
#include "model.hpp"

#ifdef BENCH_EIGEN
    #include "eigen.hpp"
#endif

namespace {

constexpr int checked_steps = 20;
constexpr double rate = 0.01;

#ifdef BENCH_EIGEN
template <class Z, class Target, class Delta>
float eigen_loss(bench::cross_entropy, const Z& z, const Target& target, Delta& delta) {
    const auto batch = static_cast<float>(z.rows());
    const auto largest = z.rowwise().maxCoeff().eval();
    delta = (z.colwise() - largest).array().exp();
    const auto sums = delta.rowwise().sum().eval();
    const float loss = -(target.array() * ((z.colwise() - largest).array().colwise() - sums.array().log())).sum();
    delta = ((delta.array().colwise() / sums.array()) - target.array()) / batch;
    return loss / batch;
}

template <class Z, class Target, class Delta>
float eigen_loss(bench::squared_error, const Z& z, const Target& target, Delta& delta) {
    const auto count = static_cast<float>(z.size());
    delta = z - target;
    const float loss = delta.squaredNorm() / count;
    delta *= 2 / count;
    return loss;
}

// `x_delta` is null for the first layer.
template <class Loss, class A, std::size_t Batch, std::size_t In, std::size_t Out, std::size_t... Rest>
float eigen_step(bench::network<float, A, Batch, In, Out, Rest...>& n, const float* input, const float* target,
                 float* x_delta) {
    const auto x = bench::as_eigen<Batch, In>(input);
    auto weight = bench::as_eigen<In, Out>(n.weight);
    auto bias = bench::as_eigen<1, Out>(n.bias);
    auto value = bench::as_eigen<Batch, Out>(n.value);
    auto delta = bench::as_eigen<Batch, Out>(n.delta);

    value.noalias() = x * weight;
    float loss;
    if constexpr (sizeof...(Rest) > 0) {
        if constexpr (std::is_same_v<A, bench::relu>)
            value = (value.rowwise() + bias).cwiseMax(0.f);
        else
            value = (value.rowwise() + bias).array().tanh();
        loss = eigen_step<Loss>(n.rest, n.value, target, n.delta);
    } else {
        value.rowwise() += bias;
        loss = eigen_loss(Loss{}, value, bench::as_eigen<Batch, Out>(target), delta);
    }
    if (x_delta != nullptr) {
        auto to = bench::as_eigen<Batch, In>(x_delta);
        to.noalias() = delta * weight.transpose();
        if constexpr (std::is_same_v<A, bench::relu>)
            to = (x.array() > 0).select(to, 0.f);
        else
            to.array() *= 1 - x.array().square();
    }
    weight.noalias() -= static_cast<float>(rate) * x.transpose() * delta;
    bias.noalias() -= static_cast<float>(rate) * delta.colwise().sum();
    return loss;
}
#endif

template <class Loss> struct loss_of;
template <> struct loss_of<bench::cross_entropy> {
    static constexpr const char* name = "ce";
    using type = ashlar::nn::CrossEntropyLoss<>;
};
template <> struct loss_of<bench::squared_error> {
    static constexpr const char* name = "mse";
    using type = ashlar::nn::MSELoss<>;
};

template <class Loss, class Activation, std::size_t Batch, std::size_t In, std::size_t... Widths> struct training {
    using network = bench::network<float, Activation, Batch, In, Widths...>;
    using exact_network = bench::network<double, Activation, Batch, In, Widths...>;
    using model_type = typename bench::model_of<network>::type;
    static constexpr std::size_t out = (Widths, ...);
    static constexpr bool classifies = std::is_same_v<Loss, bench::cross_entropy>;

    static inline network start, plain;
    static inline model_type model;
    static inline ashlar::Tensor<float, Batch, In> x;
    static inline ashlar::Tensor<float, Batch, out> y;  // of classes, one-hot
    static inline ashlar::Tensor<int, Batch> classes;

    // The weights after the checked steps, and the loss of the last.
    static const std::vector<double>& reference() {
        static const std::vector<double> values = [] {
            static exact_network exact;
            bench::copy_weights(start, exact);
            const std::vector<double> input(x.begin(), x.end()), target(y.begin(), y.end());
            double loss = 0;
            for (int i = 0; i < checked_steps; ++i)
                loss = bench::loop_step<Loss, double>(exact, input.data(), target.data(), nullptr, rate);
            std::vector<double> all{loss};
            bench::append_weights(exact, all);
            return all;
        }();
        return values;
    }

    static float ashlar_step() {
        static ashlar::optim::SGD sgd{model, {.lr = rate}};
        constexpr typename loss_of<Loss>::type criterion;
        if constexpr (classifies)
            return sgd.step(criterion(model(x), classes));
        else
            return sgd.step(criterion(model(x), y));
    }
    static void ashlar_start() {
        bench::each_weight(start, model, [](float from, float& to) { to = from; });
    }
    static void ashlar_finish() {
        bench::each_weight(plain, model, [](float& to, float from) { to = from; });
    }
#ifdef BENCH_EIGEN
    static float eigen_way() { return eigen_step<Loss>(plain, x.data(), y.data(), nullptr); }
#endif
    static float loop_way() {
        return bench::loop_step<Loss, float>(plain, x.data(), y.data(), nullptr, static_cast<float>(rate));
    }
    static void plain_start() { bench::copy_weights(start, plain); }
    static void plain_finish() {}

    static void add_one(const char* contender, void (*set)(), float (*step)(), void (*finish)()) {
        std::string row = std::to_string(In);
        ((row += '-' + std::to_string(Widths)), ...);
        row += std::string{"_"} + Activation::name + '_' + loss_of<Loss>::name + "_b" + std::to_string(Batch);
        bench::add("training", contender, row, [=](benchmark::State& state) {
            set();
            float loss = 0;
            for (int i = 0; i < checked_steps; ++i) loss = step();
            finish();
            std::vector<double> all{static_cast<double>(loss)};
            bench::append_weights(plain, all);
            if (!bench::agrees(state, all.data(), reference(), 1e-5)) return;
            bench::measure(state, [=] { benchmark::DoNotOptimize(step()); });
            // forward, weights, and the inputs of all layers but the first
            bench::count(state, "FLOPS", Batch * (6 * bench::products_of(plain) - 2 * plain.products));
        });
    }

    static void add() {
        add_one("ashlar", ashlar_start, ashlar_step, ashlar_finish);
#ifdef BENCH_EIGEN
        add_one("eigen", plain_start, eigen_way, plain_finish);
#endif
        add_one("loop", plain_start, loop_way, plain_finish);
    }

    static void set_class(std::size_t i, std::size_t which) {
        classes(i) = static_cast<int>(which);
        for (std::size_t j = 0; j < out; ++j) y(i, j) = j == which ? 1.f : 0.f;
    }

    static void draw() {
        bench::draw(start);
        bench::fill(x.data(), x.size(), 21);
        bench::fill(y.data(), y.size(), 22);
        if constexpr (classifies)
            for (std::size_t i = 0; i < Batch; ++i) set_class(i, (7 * i + 3) % out);
        add();
    }
};

}  // namespace

int main(int argc, char** argv) {
    training<bench::cross_entropy, bench::relu, 4, 2, 8, 2>::draw();
    training<bench::squared_error, bench::tanh, 64, 1, 64, 64, 1>::draw();
    training<bench::cross_entropy, bench::relu, 64, 784, 128, 10>::draw();
    return bench::run(argc, argv);
}
