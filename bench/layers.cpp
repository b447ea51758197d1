// SPDX-License-Identifier: BSL-1.0
// Normalisations, attention and a layer of a transformer in their training form: forward, and steps of training with
// stochastic gradient descent.
#include "layers.hpp"

#include <ashlar/ashlar.hpp>

#include <memory>
#include <string>

namespace {

namespace nn = ashlar::nn;
using problem = bench::layers_problem;
const problem given;

template <class T> void take(T& tensor, const std::vector<float>& from) {
    std::copy(from.begin(), from.end(), tensor.data());
}

// Forward and a step of a layer that gives what has the shape of its input.
template <class Layer, class Input, class Set>
void add_layer(const std::string& row, const std::vector<float>& from,
               std::vector<double> (problem::*reference)() const, double tolerance, Set set) {
    static Layer layer;
    static Input x, y;
    bench::add("layers", "ashlar", row, [=, &from](benchmark::State& state) {
        take(x, from), set(layer);
        bench::compare_layer(state, (given.*reference)(), tolerance, [] {
            y = ashlar::training(layer)(x);
            return std::as_const(y).data();
        });
    });
    bench::add("layers", "ashlar", row + "_step", [=, &from](benchmark::State& state) {
        static ashlar::optim::SGD sgd{layer, {.lr = problem::rate}};
        take(x, from), set(layer);
        bench::compare_step(state, problem::loss((given.*reference)(), from),
                            [] { return sgd.step(nn::MSELoss{}(layer(x), x)); });
    });
}

using Encoder = nn::TransformerEncoderLayer<problem::model, problem::parts, problem::hidden, nn::no_dropout>;

void set_encoder(Encoder& to) {
    take(to.self_attn.in_proj_weight, given.in_weight), take(to.self_attn.in_proj_bias, given.in_bias);
    take(to.self_attn.out_proj.weight, given.out_weight), take(to.self_attn.out_proj.bias, given.out_bias);
    take(to.linear1.weight, given.first_weight), take(to.linear1.bias, given.first_bias);
    take(to.linear2.weight, given.second_weight), take(to.linear2.bias, given.second_bias);
    to.norm1 = {}, to.norm2 = {};
}

void add_ashlar() {
    add_layer<nn::LayerNorm<problem::features>, ashlar::Tensor<float, problem::rows, problem::features>>(
        "layer_norm_512x768", given.x, &problem::layer_norm_reference, 1e-5, [](auto& layer) { layer = {}; });
    add_layer<nn::BatchNorm2d<problem::channels>, ashlar::Tensor<float, problem::images, problem::channels, 28, 28>>(
        "batch_norm_32x16x28x28", given.images_x, &problem::batch_norm_reference, 1e-5,
        [](auto& layer) { layer = {}; });
    add_layer<Encoder, ashlar::Tensor<float, problem::steps, problem::batch, problem::model>>(
        "encoder_32x8x64", given.sequence, &problem::encoder_reference, 1e-4, set_encoder);
    bench::add("layers", "ashlar", "attention_8x256x64", [](benchmark::State& state) {
        static ashlar::Tensor<float, problem::heads, problem::length, problem::width> q, k, v, y;
        take(q, given.q), take(k, given.k), take(v, given.v);
        bench::compare_layer(state, given.attention_reference(), 1e-5, [] {
            y = ashlar::scaled_dot_product_attention(q, k, v);
            return std::as_const(y).data();
        });
    });
}

void add_loop() {
    bench::add("layers", "loop", "layer_norm_512x768", [](benchmark::State& state) {
        std::vector<float> y(given.x.size());
        bench::compare_layer(state, given.layer_norm_reference(), 1e-4, [&] {
            bench::layer_norm(given.x.data(), y.data(), problem::rows, problem::features);
            return y.data();
        });
    });
    bench::add("layers", "loop", "batch_norm_32x16x28x28", [](benchmark::State& state) {
        std::vector<float> y(given.images_x.size());
        bench::compare_layer(state, given.batch_norm_reference(), 1e-3, [&] {
            bench::batch_norm(given.images_x.data(), y.data(), problem::images, problem::channels, problem::plane);
            return y.data();
        });
    });
    bench::add("layers", "loop", "attention_8x256x64", [](benchmark::State& state) {
        std::vector<float> y(given.q.size());
        bench::compare_layer(state, given.attention_reference(), 1e-4, [&] {
            constexpr std::size_t head = problem::length * problem::width;
            for (std::size_t h = 0; h < problem::heads * head; h += head)
                bench::attend(given.q.data() + h, given.k.data() + h, given.v.data() + h, y.data() + h, problem::length,
                              problem::width, problem::width, problem::width);
            return y.data();
        });
    });
}

}  // namespace

int main(int argc, char** argv) {
    add_ashlar();
    add_loop();
    return bench::run(argc, argv);
}
