// SPDX-License-Identifier: BSL-1.0
#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#if __has_include(<gnuplot-iostream.h>)
    #include <gnuplot-iostream.h>
#endif

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

// The pixels as a row of numbers, or as an image of one channel.
using Dense = nn::Sequential<nn::Linear<64, 128>, nn::ReLU, nn::Linear<128, 10>>;
using Convolutional =
    nn::Sequential<nn::Conv2d<1, 16, 3, nn::padding<1>>, nn::ReLU, nn::MaxPool2d<2>,
                   nn::Conv2d<16, 32, 3, nn::padding<1>>, nn::ReLU, nn::MaxPool2d<2>, nn::Flatten, nn::Linear<128, 10>>;
// The same with statistics of each batch, and a quarter of the features dropped before the last layer.
using Normalized = nn::Sequential<nn::Conv2d<1, 16, 3, nn::padding<1>>, nn::BatchNorm2d<16>, nn::ReLU, nn::MaxPool2d<2>,
                                  nn::Conv2d<16, 32, 3, nn::padding<1>>, nn::BatchNorm2d<32>, nn::ReLU,
                                  nn::MaxPool2d<2>, nn::Flatten, nn::Dropout, nn::Linear<128, 10>>;

void print(const Tensor<int, 10, 10>& counts);
template <class Model, class Digits> void draw(const ashlar::history& history, const Model& model, const Digits& test,
                                               const char* title);

template <class Model, std::size_t... Row> int run(int epochs, const char* title, unsigned long long seed) {
    auto digits = ashlar::read_csv<float, Row...>("data/digits.csv", {.label = 0, .scale = 1 / 16.f});
    auto [training, test] = ashlar::split(digits, 1437);

    Model model{ashlar::seed(seed)};
    if constexpr (std::same_as<Model, Normalized>) model.template get<9>().p = 0.25;
    nn::CrossEntropyLoss criterion;
    optim::Adam adam{model, {.lr = 1e-3f}};

    const auto history =
        ashlar::fit<32>(model, criterion, adam, training,
                        {.epochs = epochs, .validation = test, .progress = true, .seed = ashlar::seed(seed)});
    print(ashlar::confusion_matrix<10>(model, test));
    draw(history, model, test, title);

    const float accuracy = ashlar::accuracy(model, test);
    std::printf("test accuracy %.3f\n", accuracy);
    return accuracy > 0.87f ? 0 : 1;
}

// digits [cnn | batchnorm] [SEED]
int main(int count, char* arguments[]) {
    const char* const which = count > 1 ? arguments[1] : "";
    const bool convolutional = std::strcmp(which, "cnn") == 0, normalized = std::strcmp(which, "batchnorm") == 0;
    const int at = convolutional || normalized ? 2 : 1;
    const auto seed = count > at ? std::strtoull(arguments[at], nullptr, 10) : 0;
    try {
        if (convolutional) return run<Convolutional, 1, 8, 8>(40, "3x3 convolutions 16-32, Adam 1e-3, batch 32", seed);
        if (normalized) return run<Normalized, 1, 8, 8>(40, "3x3 convolutions, normalised, 16-32, Adam 1e-3", seed);
        return run<Dense, 64>(30, "64-128-10, Adam 1e-3, batch 32", seed);
    } catch (const ashlar::error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}

void print(const Tensor<int, 10, 10>& counts) {
    std::printf("\nrows: the digit; columns: what the model takes it for\n   ");
    for (int j = 0; j < 10; ++j) std::printf("%4d", j);
    for (int i = 0; i < 10; ++i) {
        std::printf("\n%3d", i);
        for (int j = 0; j < 10; ++j) counts(i, j) == 0 ? std::printf("   .") : std::printf("%4d", counts(i, j));
    }
    std::printf("\n\n");
}

// The course of the training, and some of the test digits with what the model takes them for.
template <class Model, class Digits>
void draw([[maybe_unused]] const ashlar::history& history, [[maybe_unused]] const Model& model,
          [[maybe_unused]] const Digits& test, [[maybe_unused]] const char* title) {
#if __has_include(<gnuplot-iostream.h>)
    Gnuplot plot;
    plot << "set terminal svg size 820,380 font 'sans,13' background rgb 'white'\n"
            "set output 'digits.svg'\n"
            "$history << end\n";
    for (std::size_t i = 0; i < history.losses.size(); ++i)
        plot << i + 1 << ' ' << history.losses[i] << ' ' << history.validation[i] << '\n';
    plot << "end\n"
            "set multiplot\n"
            "set size 0.56,1; set origin 0,0; set title '"
         << title
         << "'\n"
            "set xlabel 'epoch'; set tics out nomirror; set border 11; set key center right\n"
            "set ylabel 'training loss' tc rgb '#3b6fb6'; set yrange [0:*]\n"
            "set y2label 'test accuracy' tc rgb '#d9822b'; set y2range [0:1]; set y2tics 0.2\n"
            "plot $history using 1:2 with lines lw 2.5 lc rgb '#3b6fb6' title 'loss', \\\n"
            "     $history using 1:3 axes x1y2 with lines lw 2.5 lc rgb '#d9822b' title 'accuracy'\n";

    // Six rows of six, ten pixels apart.
    constexpr int side = 6, pitch = 10;
    plot << "$image << end\n";
    for (int y = 0; y < side * pitch; ++y)
        for (int x = 0; x < side * pitch; ++x) {
            const int row = y % pitch, column = x % pitch;
            const auto number = static_cast<std::size_t>(y / pitch * side + x / pitch);
            plot << x << ' ' << y << ' ' << (row < 8 && column < 8 ? test.row(number).data()[row * 8 + column] : 0)
                 << (x == side * pitch - 1 ? "\n\n" : "\n");
        }
    plot << "end\n$answers << end\n";
    for (int i = 0; i < side * side; ++i) {
        typename Digits::template batch<1> digit;
        test.gather({static_cast<std::size_t>(i)}, digit);
        const int answer = Tensor<int, 1>(argmax<1>(model(digit.x)))(0);
        const bool wrong = answer != test.label(static_cast<std::size_t>(i));
        plot << i % side * pitch + 8 << ' ' << i / side * pitch + 1 << ' ' << answer
             << (wrong ? " 0xd9822b\n" : " 0x3b6fb6\n");
    }
    plot << "end\n"
            "set size 0.44,1; set origin 0.56,0; set title 'unseen digits, and the answers'\n"
            "unset border; unset tics; unset key; unset xlabel; unset ylabel; unset y2label\n"
            "unset y2tics; unset colorbox\n"
            "set xrange [-1:60]; set yrange [59:-2]; set size ratio -1; set palette defined (0 'white', 1 'black')\n"
            "plot $image using 1:2:3 with image, $answers using 1:2:3:4 with labels tc rgb variable font 'sans,14'\n"
            "unset multiplot\n";
#else
    std::printf("no picture: the library gnuplot-iostream is not installed\n");
#endif
}
