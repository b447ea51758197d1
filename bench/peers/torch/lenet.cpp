// SPDX-License-Identifier: BSL-1.0
#include "lenet.hpp"

#include "tables.hpp"

namespace {

using bench::lenet_problem;

template <std::size_t Batch> void add_inference(const char* row, const std::shared_ptr<lenet_problem>& problem) {
    bench::add("lenet", "torch", row, [=](benchmark::State& state) {
        const torch::InferenceMode guard;
        torch::nn::Sequential model = bench::lenet_model(*problem);
        model->eval();
        const torch::Tensor x = bench::lenet_images(*problem, Batch);
        torch::Tensor out;
        problem->compare_inference<Batch>(state, [&] {
            out = model->forward(x);
            return out.data_ptr<float>();
        });
    });
}

}  // namespace

void lenet() {
    const auto problem = std::make_shared<lenet_problem>();
    add_inference<1>(lenet_problem::one, problem);
    add_inference<lenet_problem::batch>(lenet_problem::many, problem);
    bench::add("lenet", "torch", lenet_problem::training, [=](benchmark::State& state) {
        auto trainer = bench::lenet_trainer(*problem);
        problem->compare_training(
            state, [&] { return trainer.step(); }, [&](std::vector<double>& all) { trainer.append_weights(all); });
    });
}
