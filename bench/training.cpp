// SPDX-License-Identifier: BSL-1.0
// Training steps: forward, backward, and stochastic gradient descent. A row is WIDTHS_ACTIVATION_LOSS_bBATCH. Every
// contender makes twenty steps from the same weights, and must arrive where the reference in double does.
#include "model.hpp"
#include "problem.hpp"

#ifdef BENCH_EIGEN
    #include "eigen.hpp"
#endif

#include <algorithm>

namespace {

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
        if constexpr (std::is_same_v<A, bench::relu>) value = (value.rowwise() + bias).cwiseMax(0.f);
        else value = (value.rowwise() + bias).array().tanh();
        loss = eigen_step<Loss>(n.rest, n.value, target, n.delta);
    } else {
        value.rowwise() += bias;
        loss = eigen_loss(Loss{}, value, bench::as_eigen<Batch, Out>(target), delta);
    }
    if (x_delta != nullptr) {
        auto to = bench::as_eigen<Batch, In>(x_delta);
        to.noalias() = delta * weight.transpose();
        if constexpr (std::is_same_v<A, bench::relu>) to = (x.array() > 0).select(to, 0.f);
        else to.array() *= 1 - x.array().square();
    }
    weight.noalias() -= static_cast<float>(bench::rate) * x.transpose() * delta;
    bias.noalias() -= static_cast<float>(bench::rate) * delta.colwise().sum();
    return loss;
}
#endif

template <class Loss, class Activation, std::size_t Batch, std::size_t In, std::size_t... Widths> struct training {
    using problem_type = bench::training_problem<Loss, Activation, Batch, In, Widths...>;
    using network_type = typename problem_type::network_type;
    using model_type = typename bench::model_of<network_type>::type;

    static inline problem_type problem;
    static inline network_type plain;
    static inline model_type model;
    static inline ashlar::Tensor<float, Batch, In> x;
    static inline ashlar::Tensor<float, Batch, problem_type::out> y;
    static inline ashlar::Tensor<int, Batch> classes;

    template <auto& Target> static float ashlar_step() {
        static ashlar::optim::SGD sgd{model, {.lr = bench::rate}};
        constexpr typename bench::loss_of<Loss>::type criterion;
        return sgd.step(criterion(model(x), Target));
    }
    static void ashlar_start() {
        bench::each_weight(problem.start, model, [](float from, float& to) { to = from; });
    }
    static void ashlar_finish() {
        bench::each_weight(plain, model, [](float& to, float from) { to = from; });
    }
#ifdef BENCH_EIGEN
    static float eigen_way() { return eigen_step<Loss>(plain, problem.x, problem.y, nullptr); }
#endif
    static float loop_way() {
        const auto& given = problem;
        return bench::loop_step<Loss, float>(plain, given.x, given.y, nullptr, static_cast<float>(bench::rate));
    }
    static void plain_start() { bench::copy_weights(problem.start, plain); }
    static void plain_finish() {}

    static void add_one(const char* contender, void (*set)(), float (*step)(), void (*finish)()) {
        const std::string row = bench::training_name<Loss, Activation, Batch, In, Widths...>();
        bench::add("training", contender, row, [=](benchmark::State& state) {
            set();
            problem.compare(state, step, [finish](std::vector<double>& all) {
                finish();
                bench::append_weights(plain, all);
            });
        });
    }

    static void add() {
        std::copy(problem.x, problem.x + Batch * In, x.data());
        std::copy(problem.y, problem.y + y.size(), y.data());
        std::copy(problem.classes, problem.classes + Batch, classes.data());
        add_one("ashlar", ashlar_start, ashlar_step<y>, ashlar_finish);
        if constexpr (problem_type::classifies)
            add_one("ashlar_classes", ashlar_start, ashlar_step<classes>, ashlar_finish);
#ifdef BENCH_EIGEN
        add_one("eigen", plain_start, eigen_way, plain_finish);
#endif
        add_one("loop", plain_start, loop_way, plain_finish);
    }
};

struct rows {
    template <class Loss, class Activation, std::size_t Batch, std::size_t In, std::size_t... Widths> void row() {
        training<Loss, Activation, Batch, In, Widths...>::add();
    }
};

}  // namespace

int main(int argc, char** argv) {
    bench::each_training(rows{});
    return bench::run(argc, argv);
}
