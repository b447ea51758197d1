// SPDX-License-Identifier: BSL-1.0
#include "torch_model.hpp"

static constexpr int checked_steps = 20;
static constexpr double rate = 0.01;

template <class Loss> struct loss_of;
template <> struct loss_of<bench::cross_entropy> {
    static constexpr const char* name = "ce";
    using type = torch::nn::CrossEntropyLoss;
};
template <> struct loss_of<bench::squared_error> {
    static constexpr const char* name = "mse";
    using type = torch::nn::MSELoss;
};

template <class Loss, class Activation, std::size_t Batch, std::size_t In, std::size_t... Widths> static void add() {
    constexpr std::size_t out = (Widths, ...);
    constexpr auto batch = static_cast<std::int64_t>(Batch);
    std::string row = std::to_string(In);
    ((row += '-' + std::to_string(Widths)), ...);
    row += std::string{"_"} + Activation::name + '_' + loss_of<Loss>::name + "_b" + std::to_string(Batch);
    bench::add("training", "torch", row, [=](benchmark::State& state) {
        static bench::network<float, Activation, Batch, In, Widths...> plain;
        static bench::network<double, Activation, Batch, In, Widths...> exact;
        bench::draw(plain);
        bench::copy_weights(plain, exact);
        torch::nn::Sequential model;
        bench::append_layers(plain, model);

        const torch::Tensor x = torch::empty({batch, static_cast<std::int64_t>(In)});
        const torch::Tensor y = torch::empty({batch, static_cast<std::int64_t>(out)});
        bench::fill(x.data_ptr<float>(), Batch * In, 21);
        bench::fill(y.data_ptr<float>(), Batch * out, 22);
        torch::Tensor target = y, classes = torch::empty({batch}, torch::kLong);
        if (std::is_same_v<Loss, bench::cross_entropy>) {
            for (std::size_t i = 0; i < Batch; ++i)
                classes[static_cast<std::int64_t>(i)] = static_cast<std::int64_t>((7 * i + 3) % out);
            y.copy_(torch::one_hot(classes, static_cast<std::int64_t>(out)));
            target = classes;
        }

        const std::vector<double> input = bench::values(x), exact_target = bench::values(y);
        std::vector<double> reference{0};
        for (int i = 0; i < checked_steps; ++i)
            reference[0] = bench::loop_step<Loss, double>(exact, input.data(), exact_target.data(), nullptr, rate);
        bench::append_weights(exact, reference);

        torch::optim::SGD sgd(model->parameters(), torch::optim::SGDOptions(rate));
        typename loss_of<Loss>::type criterion;
        const auto step = [&] {
            sgd.zero_grad();
            const torch::Tensor loss = criterion(model->forward(x), target);
            loss.backward();
            sgd.step();
            return loss.item<float>();
        };
        float loss = 0;
        for (int i = 0; i < checked_steps; ++i) loss = step();
        std::vector<double> all{static_cast<double>(loss)};
        for (const torch::Tensor& t : model->parameters())
            for (double value : bench::values(t.dim() == 2 ? t.t() : t)) all.push_back(value);
        if (!bench::agrees(state, all.data(), reference, 1e-5)) return;
        bench::measure(state, [&] { benchmark::DoNotOptimize(step()); });
        bench::count(state, "FLOPS", Batch * (6 * bench::products_of(plain) - 2 * plain.products));
    });
}

int main(int argc, char** argv) {
    torch::set_num_threads(1);
    add<bench::cross_entropy, bench::relu, 4, 2, 8, 2>();
    add<bench::squared_error, bench::tanh, 64, 1, 64, 64, 1>();
    add<bench::cross_entropy, bench::relu, 64, 784, 128, 10>();
    return bench::run(argc, argv);
}
