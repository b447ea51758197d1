// SPDX-License-Identifier: BSL-1.0
#include "torch_model.hpp"

template <class Activation, std::size_t In, std::size_t... Widths> static void add() {
    std::string row = std::to_string(In);
    ((row += '-' + std::to_string(Widths)), ...);
    bench::add("mlp", "torch", row + '_' + Activation::name, [](benchmark::State& state) {
        static bench::network<float, Activation, 1, In, Widths...> plain;
        static bench::network<double, Activation, 1, In, Widths...> exact;
        bench::draw(plain);
        bench::copy_weights(plain, exact);
        torch::nn::Sequential model;
        bench::append_layers(plain, model);
        model->eval();

        const torch::InferenceMode guard;
        const torch::Tensor x = torch::empty({1, static_cast<std::int64_t>(In)});
        bench::fill(x.data_ptr<float>(), In, 11);
        const double* last = bench::loop_forward(exact, bench::values(x).data());
        const std::vector<double> reference(last, last + (Widths, ...));
        if (!bench::agrees(state, bench::values(model->forward(x)).data(), reference, 1e-5)) return;
        bench::measure(state, [&] { benchmark::DoNotOptimize(model->forward(x)); });
        bench::count(state, "FLOPS", 2 * bench::products_of(plain));
    });
}

int main(int argc, char** argv) {
    torch::set_num_threads(1);
    add<bench::relu, 2, 8, 2>();
    add<bench::tanh, 16, 64, 64, 4>();
    add<bench::relu, 64, 128, 128, 10>();
    add<bench::relu, 784, 128, 10>();
    return bench::run(argc, argv);
}
