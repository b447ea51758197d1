// SPDX-License-Identifier: BSL-1.0
// A rollout through `let`: each step uses the state four times, and is one node of the expression and of the graph.
// depths: 3 10 20
// limit DEPTH=20: 4 s, 400 MB
#include <ashlar/ashlar.hpp>
using ashlar::Tensor;

constexpr auto step = [](auto x, auto u) { return x + 0.1f * (matmul(u, x) - tanh(x) * x); };

template <int Steps, class X, class U> auto after(const X& x, const U& u) {
    if constexpr (Steps == 0) return x;
    else return after<Steps - 1>(ashlar::let(x, ashlar::shared(u), step), u);
}

int main(int count, char**) {
    const auto start = Tensor<float, 4>::full(0.1f * static_cast<float>(count));
    const auto u = Tensor<float, 4, 4>::full(0.05f);
    const auto x = ashlar::variable<"x">(start);
    const Tensor<float, 4> slope = grad(sum(after<DEPTH>(x, u)), x);
    return slope(0) > 0 ? 0 : 1;
}
