// SPDX-License-Identifier: BSL-1.0
// A small transformer learns to sort: eight digits go in, the same digits come out in order, each place answered at
// once from what it sees of all the others.
#include <ashlar/ashlar.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

constexpr std::size_t places = 8, symbols = 10, channels = 32, heads = 4, batch_size = 64;

// Token and place become one vector; two encoder layers let places see each other; a linear layer answers.
struct Sorter {
    nn::Embedding<symbols, channels> token;
    Tensor<float, places, channels> place;
    nn::TransformerEncoderLayer<channels, heads, 64, nn::batch_first, nn::no_dropout> first, second;
    nn::Linear<channels, symbols> answer;
    using members = ashlar::members<&Sorter::token, &Sorter::place, &Sorter::first, &Sorter::second, &Sorter::answer>;

    constexpr auto operator()(ashlar::expression auto digits) const {
        return answer(second(first(token(digits) + place)));
    }
};

struct Examples {
    Tensor<int, batch_size, places> given, sorted;
};

static Examples draw(ashlar::generator& random) {
    Examples e;
    for (std::size_t i = 0; i < batch_size; ++i) {
        std::array<int, places> row;
        for (int& digit : row) digit = static_cast<int>(random.below(symbols));
        std::copy(row.begin(), row.end(), e.given.data() + i * places);
        std::sort(row.begin(), row.end());
        std::copy(row.begin(), row.end(), e.sorted.data() + i * places);
    }
    return e;
}

// The most likely digit at each place.
static Tensor<int, batch_size, places> answers(const Sorter& model, const Tensor<int, batch_size, places>& given) {
    return argmax<2>(ashlar::call(model, given));
}

static double share_of_right_places(const Sorter& model, ashlar::generator& random, int batches) {
    int right = 0;
    for (int i = 0; i < batches; ++i) {
        const Examples e = draw(random);
        const auto got = answers(model, e.given);
        for (std::size_t k = 0; k < got.size(); ++k) right += got.data()[k] == e.sorted.data()[k] ? 1 : 0;
    }
    return static_cast<double>(right) / (batches * static_cast<double>(batch_size * places));
}

int main() {
    static Sorter model;
    ashlar::initialize(model, ashlar::seed(1));
    static optim::Adam adam{model, {.lr = 2e-3}};
    nn::CrossEntropyLoss criterion;
    ashlar::generator random{ashlar::seed(2)};

    for (int step = 1; step <= 1500; ++step) {
        const Examples e = draw(random);
        const auto logits = reshape<batch_size * places, symbols>(ashlar::call(model, e.given));
        const float loss = adam.step(criterion(logits, reshape<batch_size * places>(e.sorted)));
        if (step == 1 || step % 250 == 0) std::printf("step %4d   loss %.4f\n", step, static_cast<double>(loss));
    }

    const Examples unseen = draw(random);
    const auto got = answers(model, unseen.given);
    std::printf("\nplace by place:\n");
    for (std::size_t i = 0; i < 3; ++i) {
        std::printf("  given ");
        for (std::size_t k = 0; k < places; ++k) std::printf(" %d", unseen.given(i, k));
        std::printf("   answered ");
        for (std::size_t k = 0; k < places; ++k)
            std::printf(" %d%s", got(i, k), got(i, k) == unseen.sorted(i, k) ? "" : "!");
        std::printf("\n");
    }
    const double right = share_of_right_places(model, random, 50);
    std::printf("\nright places of unseen rows: %.4f\n", right);
    return right > 0.99 ? 0 : 1;
}
