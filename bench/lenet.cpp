// SPDX-License-Identifier: BSL-1.0
// A small convolutional network (see lenet.hpp): inference of one image and of 32, and a training step of 32 with cross
// entropy and stochastic gradient descent.
#include "lenet.hpp"

#include "lenet_model.hpp"

#include <utility>

namespace {

bench::lenet_problem problem;

#ifdef BENCH_ASHLAR_LENET
bench::lenet_model model;

void set_model() {
    bench::each_weight(std::as_const(problem).start, model, [](float from, float& to) { to = from; });
}

template <std::size_t Batch> void add_inference(const char* row) {
    bench::add("lenet", "ashlar", row, [](benchmark::State& state) {
        static ashlar::Tensor<float, Batch, 1, 28, 28> x;
        static ashlar::Tensor<float, Batch, 10> result;
        static ashlar::Workspace<decltype(std::as_const(model)(x))> workspace;
        std::copy(problem.x, problem.x + x.size(), x.data());
        set_model();
        problem.compare_inference<Batch>(state, [] {
            evaluate(std::as_const(model)(x), result, workspace);
            return std::as_const(result).data();
        });
    });
}

void add_ashlar() {
    add_inference<1>(problem.one);
    add_inference<bench::lenet_problem::batch>(problem.many);
    bench::add("lenet", "ashlar", problem.training, [](benchmark::State& state) {
        static ashlar::Tensor<float, bench::lenet_problem::batch, 1, 28, 28> x;
        static ashlar::Tensor<int, bench::lenet_problem::batch> classes;
        static ashlar::optim::SGD sgd{model, {.lr = bench::rate}};
        constexpr ashlar::nn::CrossEntropyLoss<> criterion;
        std::copy(problem.x, problem.x + x.size(), x.data());
        std::copy(problem.labels, problem.labels + classes.size(), classes.data());
        set_model();
        problem.compare_training(
            state, [&] { return sgd.step(criterion(model(x), classes)); },
            [](std::vector<double>& all) {
                static bench::lenet_weights<float> trained;
                bench::each_weight(trained, model, [](float& to, float from) { to = from; });
                all.insert(all.end(), std::begin(trained.all), std::end(trained.all));
            });
    });
}
#endif

void add_loop() {
    const bench::lenet_problem& given = problem;
    bench::add("lenet", "loop", given.one, [&](benchmark::State& state) {
        static bench::lenet<float, 1> net;
        net.weights = given.start;
        given.compare_inference<1>(state, [&] { return net.forward(given.x); });
    });
    static bench::lenet<float, bench::lenet_problem::batch> net;
    bench::add("lenet", "loop", given.many, [&](benchmark::State& state) {
        net.weights = given.start;
        given.compare_inference<bench::lenet_problem::batch>(state, [&] { return net.forward(given.x); });
    });
    bench::add("lenet", "loop", given.training, [&](benchmark::State& state) {
        net.weights = given.start;
        given.compare_training(
            state, [&] { return net.step(given.x, given.y, static_cast<float>(bench::rate)); },
            [&](std::vector<double>& all) {
                all.insert(all.end(), std::begin(net.weights.all), std::end(net.weights.all));
            });
    });
}

}  // namespace

int main(int argc, char** argv) {
#ifdef BENCH_ASHLAR_LENET
    add_ashlar();
#endif
    add_loop();
    return bench::run(argc, argv);
}
