// SPDX-License-Identifier: BSL-1.0
#include "tables.hpp"
#include "trainer.hpp"

namespace {

struct rows {
    template <class Loss, class Activation, std::size_t Batch, std::size_t In, std::size_t... Widths> void row() {
        const auto problem = std::make_shared<bench::training_problem<Loss, Activation, Batch, In, Widths...>>();
        const std::string row = bench::training_name<Loss, Activation, Batch, In, Widths...>();
        bench::add("training", "torch", row, [=](benchmark::State& state) {
            bench::trainer<Loss> trainer(*problem);
            problem->compare(state, [&] { return trainer.step(); }, [&](auto& all) { trainer.append_weights(all); });
        });
    }
};

}  // namespace

void training() { bench::each_training(rows{}); }
