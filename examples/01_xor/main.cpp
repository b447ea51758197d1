// SPDX-License-Identifier: BSL-1.0
#include <ashlar/ashlar.hpp>

#include <iostream>

#if __has_include(<gnuplot-iostream.h>)
    #include <gnuplot-iostream.h>
#endif

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

using Model = nn::Sequential<nn::Linear<2, 8>, nn::ReLU, nn::Linear<8, 2>>;

void draw(const Model& model);

int main() {
    const Tensor<float, 4, 2> x{{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    const Tensor<float, 4, 2> y{{1, 0}, {0, 1}, {0, 1}, {1, 0}};  // one-hot: equal, different

    Model model{ashlar::seed(0)};
    nn::CrossEntropyLoss criterion;
    optim::SGD sgd{model, {.lr = 0.5f}};

    for (int epoch = 0; epoch < 1000; ++epoch) {
        auto loss = criterion(model(x), y);  // a typed expression; nothing is computed yet
        float value = sgd.step(loss);        // forward, backward and update as one planned program
        if (epoch % 100 == 0) std::cout << "epoch " << epoch << "  loss " << value << '\n';
    }

    const Tensor<int, 4> answers = argmax<1>(model(x));
    const Tensor<int, 4> truth = argmax<1>(y);
    int right = 0;
    for (int i = 0; i < 4; ++i) {
        std::cout << x(i, 0) << " xor " << x(i, 1) << " = " << answers(i) << '\n';
        right += answers(i) == truth(i) ? 1 : 0;
    }
    draw(model);
    std::cout << right << " of 4 right\n";
    return right == 4 ? 0 : 1;
}

// The probability of "different" over the square around the four points, and where it is one half.
void draw([[maybe_unused]] const Model& model) {
#if __has_include(<gnuplot-iostream.h>)
    constexpr int n = 61;
    const auto at = [](auto i) { return -0.5f + 2.0f * static_cast<float>(i) / (n - 1); };
    const auto points =
        Tensor<float, n * n, 2>::generate([&](auto i, auto axis) { return at(axis == 0 ? i % n : i / n); });
    const Tensor<float, n * n, 2> probability = softmax<1>(model(points));

    Gnuplot plot;
    plot << "set terminal svg size 520,460 font 'sans,13' background rgb 'white'\n"
            "set output 'xor.svg'\n"
            "$surface << end\n";
    for (int i = 0; i < n * n; ++i)
        plot << points(i, 0) << ' ' << points(i, 1) << ' ' << probability(i, 1) << (i % n == n - 1 ? "\n\n" : "\n");
    plot << "end\n"
            "set contour base; set cntrparam levels discrete 0.5; unset surface\n"
            "set table $boundary; splot $surface using 1:2:3; unset table\n"
            "set title 'XOR, learned: probability that the inputs differ'\n"
            "set size ratio 1; set xrange [-0.5:1.5]; set yrange [-0.5:1.5]; set cbrange [0:1]; unset key\n"
            "set xlabel 'first input'; set ylabel 'second input'; set tics out nomirror; set xtics 0.5; set ytics 0.5\n"
            "set palette defined (0 '#3b6fb6', 0.5 '#f4f1ea', 1 '#d9822b')\n"
            "plot $surface using 1:2:3 with image, $boundary using 1:2 with lines lw 2 lc rgb '#333333', \\\n"
            "     '-' with points pt 6 ps 1.8 lw 2 lc rgb 'white', '-' with points pt 4 ps 1.6 lw 2 lc rgb 'white'\n"
            "0 0\n1 1\ne\n0 1\n1 0\ne\n";
#else
    std::cout << "no picture: the library gnuplot-iostream is not installed\n";
#endif
}
