// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"
#include "tables.hpp"

#include <torch/csrc/jit/api/module.h>
#include <torch/script.h>

#include <algorithm>
#include <memory>

namespace {

// A network as a script with constant weights: how libtorch deploys one.
torch::jit::Module frozen(const torch::nn::Sequential& model, const char* activation) {
    torch::jit::Module script("network");
    std::string body = "def forward(self, x):\n";
    const std::vector<torch::Tensor> parameters = model->parameters();
    for (std::size_t layer = 0; 2 * layer < parameters.size(); ++layer) {
        const std::string number = std::to_string(layer);
        script.register_parameter("w" + number, parameters[2 * layer], false);
        script.register_parameter("b" + number, parameters[2 * layer + 1], false);
        const std::string linear = "torch.linear(x, self.w" + number + ", self.b" + number + ")";
        const bool last = 2 * layer + 2 == parameters.size();
        body += "    x = " + (last ? linear : std::string{"torch."} + activation + "(" + linear + ")") + "\n";
    }
    script.define(body + "    return x\n");
    script.eval();
    return torch::jit::freeze(script);
}

struct rows {
    template <class Activation, std::size_t In, std::size_t... Widths> void row() {
        const auto problem = std::make_shared<bench::inference_problem<Activation, In, Widths...>>();
        const torch::Tensor x = torch::empty({1, static_cast<std::int64_t>(In)});
        std::copy(problem->x, problem->x + In, x.data_ptr<float>());
        torch::nn::Sequential model;
        bench::append_layers(problem->plain, model);
        model->eval();

        const std::string row = bench::mlp_name<Activation, In, Widths...>();
        bench::add("mlp", "torch", row, [=](benchmark::State& state) mutable {
            const torch::InferenceMode guard;
            torch::Tensor out;
            problem->compare(state, [&] {
                out = model->forward(x);
                return out.data_ptr<float>();
            });
        });
        bench::add("mlp", "torch_frozen", row, [=](benchmark::State& state) {
            const torch::InferenceMode guard;
            torch::jit::Module script = frozen(model, Activation::name);
            for (int i = 0; i < 5; ++i) script.forward({x});  // it is optimized in the first calls
            torch::Tensor out;
            problem->compare(state, [&] {
                out = script.forward({x}).toTensor();
                return out.data_ptr<float>();
            });
        });
    }
};

}  // namespace

void mlp() { bench::each_mlp(rows{}); }
