// SPDX-License-Identifier: BSL-1.0
#include "../../layers.hpp"

#include "model.hpp"
#include "tables.hpp"

#include <memory>

namespace {

using bench::layers_problem;
using problem_ptr = std::shared_ptr<layers_problem>;
using sizes = std::vector<std::int64_t>;

torch::Tensor tensor_of(std::vector<float>& from, const sizes& shape) {
    return torch::from_blob(from.data(), shape).clone();
}

// Forward and a step of a layer that gives what has the shape of its input.
template <class Make> void add_layer(const std::string& row, const problem_ptr& problem,
                                     std::vector<float> layers_problem::* from, sizes shape,
                                     std::vector<double> (layers_problem::*reference)() const, double tolerance,
                                     Make make) {
    bench::add("layers", "torch", row, [=](benchmark::State& state) {
        const torch::InferenceMode guard;
        auto layer = make(*problem);
        const torch::Tensor x = tensor_of((*problem).*from, shape);
        torch::Tensor y;
        bench::compare_layer(state, ((*problem).*reference)(), tolerance, [&] {
            y = layer->forward(x);
            return y.template data_ptr<float>();
        });
    });
    bench::add("layers", "torch", row + "_step", [=](benchmark::State& state) {
        auto layer = make(*problem);
        const torch::Tensor x = tensor_of((*problem).*from, shape);
        torch::optim::SGD sgd(layer->parameters(), torch::optim::SGDOptions(layers_problem::rate));
        bench::compare_step(state, layers_problem::loss(((*problem).*reference)(), (*problem).*from), [&] {
            sgd.zero_grad();
            const torch::Tensor loss = torch::mse_loss(layer->forward(x), x);
            loss.backward();
            sgd.step();
            return loss.template item<float>();
        });
    });
}

struct encoder_block {
    torch::nn::TransformerEncoderLayer layer{
        torch::nn::TransformerEncoderLayerOptions(layers_problem::model, layers_problem::parts)
            .dim_feedforward(layers_problem::hidden)
            .dropout(0)};
    torch::Tensor forward(const torch::Tensor& x) { return layer->forward(x); }
    std::vector<torch::Tensor> parameters() { return layer->parameters(); }
};

std::unique_ptr<encoder_block> make_encoder(layers_problem& p) {
    const torch::NoGradGuard guard;
    auto block = std::make_unique<encoder_block>();
    auto& layer = *block->layer;
    constexpr std::int64_t e = layers_problem::model, h = layers_problem::hidden;
    layer.self_attn->in_proj_weight.copy_(tensor_of(p.in_weight, {3 * e, e}));
    layer.self_attn->in_proj_bias.copy_(tensor_of(p.in_bias, {3 * e}));
    layer.self_attn->out_proj->weight.copy_(tensor_of(p.out_weight, {e, e}));
    layer.self_attn->out_proj->bias.copy_(tensor_of(p.out_bias, {e}));
    layer.linear1->weight.copy_(tensor_of(p.first_weight, {h, e}));
    layer.linear1->bias.copy_(tensor_of(p.first_bias, {h}));
    layer.linear2->weight.copy_(tensor_of(p.second_weight, {e, h}));
    layer.linear2->bias.copy_(tensor_of(p.second_bias, {e}));
    return block;
}

}  // namespace

void layers() {
    const auto problem = std::make_shared<layers_problem>();
    add_layer("layer_norm_512x768", problem, &layers_problem::x, {512, 768}, &layers_problem::layer_norm_reference,
              1e-4, [](layers_problem&) { return torch::nn::LayerNorm(torch::nn::LayerNormOptions({768})); });
    add_layer("batch_norm_32x16x28x28", problem, &layers_problem::images_x, {32, 16, 28, 28},
              &layers_problem::batch_norm_reference, 1e-4, [](layers_problem&) { return torch::nn::BatchNorm2d(16); });
    add_layer("encoder_32x8x64", problem, &layers_problem::sequence, {32, 8, 64}, &layers_problem::encoder_reference,
              1e-4, make_encoder);
    bench::add("layers", "torch", "attention_8x256x64", [=](benchmark::State& state) {
        const torch::InferenceMode guard;
        const sizes shape{8, 256, 64};
        const torch::Tensor q = tensor_of(problem->q, shape), k = tensor_of(problem->k, shape),
                            v = tensor_of(problem->v, shape);
        torch::Tensor y;
        bench::compare_layer(state, problem->attention_reference(), 1e-4, [&] {
            y = torch::bmm(torch::softmax(torch::bmm(q, k.transpose(1, 2)) * 0.125, 2), v);
            return y.template data_ptr<float>();
        });
    });
}
