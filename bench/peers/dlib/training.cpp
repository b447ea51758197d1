// SPDX-License-Identifier: BSL-1.0
#include "tables.hpp"
#include "trainer.hpp"

namespace {

struct rows {
    template <class Loss, class Activation, std::size_t Batch, std::size_t In, std::size_t... Widths> void row() {
        const auto problem = std::make_shared<bench::training_problem<Loss, Activation, Batch, In, Widths...>>();
        const std::string row = bench::training_name<Loss, Activation, Batch, In, Widths...>();
        bench::add("training", "dlib", row, [=](benchmark::State& state) {
            using net_type = typename bench::stack<Activation, bench::dlib_input, Widths...>::type;
            using label = typename bench::loss_of<Loss>::label;
            bench::trainer<Loss, net_type> trainer(problem->x, Batch, static_cast<int>(In), 1);
            for (std::size_t i = 0; i < Batch; ++i)
                trainer.labels.push_back(problem->classifies ? static_cast<label>(problem->classes[i])
                                                             : static_cast<label>(problem->y[i]));
            bench::set_weights<1>(problem->start, trainer.net);
            problem->compare(
                state, [&] { return trainer.step(); },
                [&](std::vector<double>& all) { bench::append_weights<1>(problem->start, trainer.net, all); });
        });
    }
};

}  // namespace

void training() { bench::each_training(rows{}); }
