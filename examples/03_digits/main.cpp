// SPDX-License-Identifier: BSL-1.0
#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>

#include <cstdio>
#include <cstdlib>

#if __has_include(<gnuplot-iostream.h>)
    #include <gnuplot-iostream.h>
#endif

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

using Digits = ashlar::data_set<float, ashlar::Shape<64>>;
using Model = nn::Sequential<nn::Linear<64, 128>, nn::ReLU, nn::Linear<128, 10>>;

void print(const Tensor<int, 10, 10>& counts);
void draw(const ashlar::history& history, const Model& model, const Digits& test);

int run(unsigned long long seed) {
    auto digits = ashlar::read_csv<float, 64>("data/digits.csv", {.label = 0, .scale = 1 / 16.f});
    auto [training, test] = ashlar::split(digits, 1437);

    Model model{ashlar::seed(seed)};
    nn::CrossEntropyLoss criterion;
    optim::Adam adam{model, {.lr = 1e-3f}};

    const auto history = ashlar::fit<32>(model, criterion, adam, training,
                                         {.epochs = 30, .validation = test, .progress = true, .seed = ashlar::seed(seed)});
    print(ashlar::confusion_matrix<10>(model, test));
    draw(history, model, test);

    const float accuracy = ashlar::accuracy(model, test);
    std::printf("test accuracy %.3f\n", accuracy);
    return accuracy > 0.87f ? 0 : 1;
}

int main(int count, char* arguments[]) {
    try {
        return run(count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 0);
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
void draw([[maybe_unused]] const ashlar::history& history, [[maybe_unused]] const Model& model, [[maybe_unused]] const Digits& test) {
#if __has_include(<gnuplot-iostream.h>)
    Gnuplot plot;
    plot << "set terminal svg size 820,380 font 'sans,13' background rgb 'white'\n"
            "set output 'digits.svg'\n"
            "$history << end\n";
    for (std::size_t i = 0; i < history.losses.size(); ++i) plot << i + 1 << ' ' << history.losses[i] << ' ' << history.validation[i] << '\n';
    plot << "end\n"
            "set multiplot\n"
            "set size 0.56,1; set origin 0,0; set title '64-128-10, Adam 1e-3, batch 32'\n"
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
            plot << x << ' ' << y << ' ' << (row < 8 && column < 8 ? test.row(number)(row * 8 + column) : 0) << (x == side * pitch - 1 ? "\n\n" : "\n");
        }
    plot << "end\n$answers << end\n";
    for (int i = 0; i < side * side; ++i) {
        const int answer = Tensor<int>(argmax<0>(model(test.row(static_cast<std::size_t>(i)))));
        const bool wrong = answer != test.label(static_cast<std::size_t>(i));
        plot << i % side * pitch + 8 << ' ' << i / side * pitch + 1 << ' ' << answer << (wrong ? " 0xd9822b\n" : " 0x3b6fb6\n");
    }
    plot << "end\n"
            "set size 0.44,1; set origin 0.56,0; set title 'unseen digits, and the answers'; unset border; unset tics; unset key\n"
            "unset xlabel; unset ylabel; unset y2label; unset y2tics; unset colorbox\n"
            "set xrange [-1:60]; set yrange [59:-2]; set size ratio -1; set palette defined (0 'white', 1 'black')\n"
            "plot $image using 1:2:3 with image, $answers using 1:2:3:4 with labels tc rgb variable font 'sans,14'\n"
            "unset multiplot\n";
#else
    std::printf("no picture: the library gnuplot-iostream is not installed\n");
#endif
}
