// SPDX-License-Identifier: BSL-1.0
// Inference of fully connected networks, one input at a time; a row is WIDTHS_ACTIVATION.
// The peers' weights lie as they like them, [in][out]; Ashlar's lie as its modules define them.
#include "model.hpp"

#ifdef BENCH_EIGEN
    #include "eigen.hpp"
#endif

namespace {

#ifdef BENCH_EIGEN
template <class A, std::size_t In, std::size_t Out, std::size_t... Rest>
void eigen_forward(bench::network<float, A, 1, In, Out, Rest...>& n, const float* x) {
    auto value = bench::as_eigen<1, Out>(n.value);
    value = bench::as_eigen<1, Out>(n.bias);
    value.noalias() += bench::as_eigen<1, In>(x) * bench::as_eigen<In, Out>(n.weight);
    if constexpr (sizeof...(Rest) > 0) {
        if constexpr (std::is_same_v<A, bench::relu>)
            value = value.cwiseMax(0.f);
        else
            value = value.array().tanh();
        eigen_forward(n.rest, n.value);
    }
}
#endif

template <class N, std::size_t Out, std::size_t... Rest> float* last_values(N& n, std::index_sequence<Out, Rest...>) {
    if constexpr (sizeof...(Rest) > 0)
        return last_values(n.rest, std::index_sequence<Rest...>{});
    else
        return n.value;
}

template <class Activation, std::size_t In, std::size_t... Widths> struct inference {
    using network = bench::network<float, Activation, 1, In, Widths...>;
    using exact_network = bench::network<double, Activation, 1, In, Widths...>;
    using model_type = typename bench::model_of<network>::type;
    static constexpr std::size_t out = (Widths, ...);

    static inline network plain;
    static inline model_type model;
    static inline ashlar::Tensor<float, In> x;
    static inline ashlar::Tensor<float, out> result;

    static const std::vector<double>& reference() {
        static const std::vector<double> values = [] {
            static exact_network exact;
            bench::copy_weights(plain, exact);
            const std::vector<double> input(x.begin(), x.end());
            const double* last = bench::loop_forward(exact, input.data());
            return std::vector<double>(last, last + out);
        }();
        return values;
    }

    static void ashlar_way() {
        static ashlar::Workspace<decltype(std::as_const(model)(x))> workspace;
        evaluate(std::as_const(model)(x), result, workspace);
    }
#ifdef BENCH_EIGEN
    static void eigen_way() { eigen_forward(plain, x.data()); }
#endif
    static void loop_way() { bench::loop_forward(plain, std::as_const(x).data()); }

    static void add_one(const char* contender, const float* values, void (*run)()) {
        std::string row = std::to_string(In);
        ((row += '-' + std::to_string(Widths)), ...);
        bench::add("mlp", contender, row + '_' + Activation::name, [values, run](benchmark::State& state) {
            run();
            if (!bench::agrees(state, values, reference(), 1e-5)) return;
            bench::measure(state, run);
            bench::count(state, "FLOPS", 2 * bench::products_of(plain));
        });
    }

    static void add() {
        bench::draw(plain);
        bench::fill(x.data(), In, 11);
        bench::each_weight(plain, model, [](float from, float& to) { to = from; });
        add_one("ashlar", result.data(), ashlar_way);
        const float* const last = last_values(plain, std::index_sequence<Widths...>{});
#ifdef BENCH_EIGEN
        add_one("eigen", last, eigen_way);
#endif
        add_one("loop", last, loop_way);
    }
};

}  // namespace

int main(int argc, char** argv) {
    inference<bench::relu, 2, 8, 2>::add();
    inference<bench::tanh, 16, 64, 64, 4>::add();
    inference<bench::relu, 64, 128, 128, 10>::add();
    inference<bench::relu, 784, 128, 10>::add();
    return bench::run(argc, argv);
}
