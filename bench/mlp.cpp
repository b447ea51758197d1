// SPDX-License-Identifier: BSL-1.0
// Inference of fully connected networks, one input at a time; a row is WIDTHS_ACTIVATION.
// The peers' weights lie as they like them, [in][out]; Ashlar is shown with a compiled model,
// and with the model as it is trained.
#include "model.hpp"
#include "problem.hpp"

#ifdef BENCH_EIGEN
    #include "eigen.hpp"
#endif

#include <algorithm>

namespace {

#ifdef BENCH_EIGEN
template <class A, std::size_t In, std::size_t Out, std::size_t... Rest>
const float* eigen_forward(bench::network<float, A, 1, In, Out, Rest...>& n, const float* x) {
    auto value = bench::as_eigen<1, Out>(n.value);
    value = bench::as_eigen<1, Out>(n.bias);
    value.noalias() += bench::as_eigen<1, In>(x) * bench::as_eigen<In, Out>(n.weight);
    if constexpr (sizeof...(Rest) > 0) {
        if constexpr (std::is_same_v<A, bench::relu>) value = value.cwiseMax(0.f);
        else value = value.array().tanh();
        return eigen_forward(n.rest, n.value);
    } else {
        return n.value;
    }
}
#endif

template <class Activation, std::size_t In, std::size_t... Widths> struct inference {
    using problem_type = bench::inference_problem<Activation, In, Widths...>;
    using model_type = typename bench::model_of<typename problem_type::network_type>::type;

    static inline problem_type problem;
    static inline model_type model;
    static inline ashlar::Tensor<float, In> x;
    static inline ashlar::Tensor<float, problem_type::out> result;

    // The peers' weights lie as their kernels like them; so do those of a compiled model.
    static const float* ashlar_way() {
        static const auto compiled = ashlar::compile(model);
        static ashlar::Workspace<decltype(compiled(x))> workspace;
        evaluate(compiled(x), result, workspace);
        return result.data();
    }
    static const float* model_way() {
        static ashlar::Workspace<decltype(std::as_const(model)(x))> workspace;
        evaluate(std::as_const(model)(x), result, workspace);
        return result.data();
    }
#ifdef BENCH_EIGEN
    static const float* eigen_way() { return eigen_forward(problem.plain, problem.x); }
#endif
    static const float* loop_way() { return bench::loop_forward(problem.plain, std::as_const(problem.x)); }

    static void add_one(const char* contender, const float* (*run)()) {
        bench::add("mlp", contender, bench::mlp_name<Activation, In, Widths...>(),
                   [run](benchmark::State& state) { problem.compare(state, run); });
    }

    static void add() {
        std::copy(problem.x, problem.x + In, x.data());
        bench::each_weight(problem.plain, model, [](float from, float& to) { to = from; });
        add_one("ashlar", ashlar_way);
        add_one("ashlar_model", model_way);
#ifdef BENCH_EIGEN
        add_one("eigen", eigen_way);
#endif
        add_one("loop", loop_way);
    }
};

struct rows {
    template <class Activation, std::size_t In, std::size_t... Widths> void row() {
        inference<Activation, In, Widths...>::add();
    }
};

}  // namespace

int main(int argc, char** argv) {
    bench::each_mlp(rows{});
    return bench::run(argc, argv);
}
