// SPDX-License-Identifier: BSL-1.0
#include "../../rows.hpp"

#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xtensor.hpp>

namespace {

template <class T> struct vectors {
    xt::xtensor<T, 1> a, x, b, c;

    explicit vectors(std::size_t count) {
        std::uint32_t seed = 0;
        std::vector<float> drawn(count);
        for (auto* t : {&a, &x, &b, &c}) {
            bench::fill(drawn.data(), count, ++seed, 2);
            *t = xt::empty<T>({count});
            std::copy(drawn.begin(), drawn.end(), t->begin());
        }
    }
};

// `f` makes an expression of vectors, which refers to them.
template <class F> void add(const char* name, std::size_t count, int arrays, F f) {
    const std::string row = std::string{name} + '/' + std::to_string(count);
    bench::add("elementwise", "xtensor", row, [=](benchmark::State& state) {
        const vectors<double> exact(count);
        const vectors<float> v(count);
        const xt::xtensor<double, 1> values = f(exact);
        xt::xtensor<float, 1> out = xt::zeros<float>({count});
        const auto run = [&] { xt::noalias(out) = f(v); };
        run();
        if (!bench::agrees(state, out.data(), std::vector<double>(values.begin(), values.end()), 1e-6)) return;
        bench::measure(state, run);
        bench::count(state, "bytes", 4.0 * static_cast<double>(count) * arrays);
    });
}

struct rows {
    template <std::size_t N> void row() {
        add("relu", N, 5, [](const auto& v) {
            using T = typename std::decay_t<decltype(v.a)>::value_type;
            return xt::maximum(v.a * v.x + v.b, T(0)) - v.c * v.c;
        });
        add("tanh_sigmoid", N, 5, [](const auto& v) {
            using T = typename std::decay_t<decltype(v.a)>::value_type;
            return xt::tanh(v.a * v.x + v.b) / (T(1) + xt::exp(-v.c));
        });
        add("exp", N, 2, [](const auto& v) { return xt::exp(v.x); });
    }
};

}  // namespace

int main(int argc, char** argv) {
    bench::each_elementwise(rows{});
    return bench::run(argc, argv);
}
