// SPDX-License-Identifier: BSL-1.0
// A small convolutional network (see lenet.hpp): inference of one image and of 32, and a training step of 32 with cross
// entropy and stochastic gradient descent.
#include "lenet.hpp"

namespace {

bench::lenet_problem problem;

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
    add_loop();
    return bench::run(argc, argv);
}
