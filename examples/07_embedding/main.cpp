// SPDX-License-Identifier: BSL-1.0
#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>

#include <cstdio>

#if __has_include(<gnuplot-iostream.h>)
    #include <gnuplot-iostream.h>
#endif

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

constexpr std::size_t images = 1797, batch = 64;

// A place in the plane for each image, and a network that draws the image from its place.
using Model = nn::Sequential<nn::Embedding<images, 2>, nn::Linear<2, 64>, nn::Tanh, nn::Linear<64, 64>, nn::Tanh,
                             nn::Linear<64, 64>, nn::Sigmoid>;
using Places = Tensor<float, images, 2>;

float neighbours_of_one_digit(const Places& at, const auto& digits);
void draw(const Places& at, const auto& digits);

int main() try {
    const auto digits = ashlar::read_csv<float, 64>("data/digits.csv", {.label = 0, .scale = 1 / 16.f});
    static Tensor<float, images, 64> all;
    for (std::size_t i = 0; i < images; ++i)
        for (std::size_t k = 0; k < 64; ++k) all(i, k) = digits.row(i).data()[k];

    static Model model{ashlar::seed(1)};
    Places& places = model.get<0>().weight;
    places = places * 0.01f;  // close together, so that they part instead of crossing each other's way
    nn::MSELoss<nn::reduction::sum> criterion;
    static optim::SGD sgd{model, {.lr = 0.01}};

    Tensor<int, batch> which;
    ashlar::generator random{ashlar::seed(2)};
    constexpr int steps = 40000, report = 5000;
    float errors = 0;
    for (int step = 1; step <= steps; ++step) {
        for (int& image : which) image = static_cast<int>(random.below(images));
        sgd.options.lr = 0.01 * (1 - step / (steps + 1.0));
        errors += sgd.step(criterion(model(which), take<0>(all, which)));
        if (step % report > 0) continue;
        std::printf("step %5d  mean squared error of a pixel %.4f\n", step, errors / (report * batch * 64)), errors = 0;
    }

    draw(places, digits);
    const float share = neighbours_of_one_digit(places, digits);
    std::printf("images whose nearest neighbour shows the same digit: %.1f%%\n", 100 * share);
    return share > 0.85f ? 0 : 1;
} catch (const ashlar::error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
}

float neighbours_of_one_digit(const Places& at, const auto& digits) {
    std::size_t same = 0;
    for (std::size_t i = 0; i < images; ++i) {
        std::size_t nearest = i;
        float least = 1e9f;
        for (std::size_t j = 0; j < images; ++j) {
            const float x = at(i, 0) - at(j, 0), y = at(i, 1) - at(j, 1);
            if (j != i && x * x + y * y < least) least = x * x + y * y, nearest = j;
        }
        same += digits.label(nearest) == digits.label(i) ? 1 : 0;
    }
    return static_cast<float>(same) / images;
}

// A third of the images, each as the digit that it shows.
void draw([[maybe_unused]] const Places& at, [[maybe_unused]] const auto& digits) {
#if __has_include(<gnuplot-iostream.h>)
    constexpr const char* color[] = {"0x3b6fb6", "0xd9822b", "0x2e8b57", "0xc23b4b", "0x7b52ab",
                                     "0x8c6239", "0xd45fa8", "0x4d4d4d", "0x9a9a00", "0x1fa0b5"};
    Gnuplot plot;
    plot << "set terminal svg size 640,600 font 'sans,11' background rgb 'white'\n"
            "set output 'embedding.svg'\n"
            "set title 'handwritten digits, placed by what they look like' font 'sans,13'\n"
            "unset tics; unset key; set border 0; set offsets 0.1, 0.1, 0.1, 0.1\n"
            "$data << end\n";
    for (std::size_t i = 0; i < images; i += 3)
        plot << at(i, 0) << ' ' << at(i, 1) << ' ' << digits.label(i) << ' ' << color[digits.label(i)] << '\n';
    plot << "end\n"
            "plot $data using 1:2:3:4 with labels tc rgb variable\n";
#else
    std::printf("no picture: the library gnuplot-iostream is not installed\n");
#endif
}
