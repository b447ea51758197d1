// SPDX-License-Identifier: BSL-1.0
// Fused element-wise expressions of vectors in float; a row is EXPRESSION/LENGTH:
//   relu           relu(a * x + b) - c * c
//   tanh_sigmoid   tanh(a * x + b) * sigmoid(c)
//   exp            exp(x)
// `loop` is a plain loop, `libm` one that calls the C library, `libmvec` the vector functions of glibc.
#include <ashlar/ashlar.hpp>

#include "rows.hpp"

#ifdef BENCH_EIGEN
    #include <Eigen/Core>
#endif

#include <cmath>

#if defined(BENCH_LIBMVEC) && defined(__AVX2__)
// As the vector function ABI of x86-64 names them.
using floats = float __attribute__((vector_size(32), may_alias));
extern "C" floats _ZGVdN8v_expf(floats);
extern "C" floats _ZGVdN8v_tanhf(floats);
#else
    #undef BENCH_LIBMVEC
#endif

namespace {

template <std::size_t N> struct vectors {
    static inline ashlar::Tensor<float, N> a, x, b, c, out;

    template <class E> static void evaluate_to_out(const E& expression) {
        static ashlar::Workspace<E> workspace;
        evaluate(expression, out, workspace);
    }
    template <class F> static void loop(F f) {
        float* __restrict to = out.data();
        for (std::size_t i = 0; i < N; ++i) to[i] = f(i);
    }

    static double product(std::size_t i) {
        return static_cast<double>(a(i)) * static_cast<double>(x(i)) + static_cast<double>(b(i));
    }
    template <class F> static const std::vector<double>& reference(F f) {
        static const std::vector<double> result = [&] {
            std::vector<double> values(N);
            for (std::size_t i = 0; i < N; ++i) values[i] = f(i);
            return values;
        }();
        return result;
    }

#ifdef BENCH_EIGEN
    static auto as_eigen(const ashlar::Tensor<float, N>& t) {
        return Eigen::Map<const Eigen::Array<float, static_cast<int>(N), 1>, Eigen::Aligned64>(t.data());
    }
    static auto eigen_out() {
        return Eigen::Map<Eigen::Array<float, static_cast<int>(N), 1>, Eigen::Aligned64>(out.data());
    }
#endif
#ifdef BENCH_LIBMVEC
    static floats& at(ashlar::Tensor<float, N>& t, std::size_t i) { return reinterpret_cast<floats*>(t.data())[i]; }
    template <class F> static void loop_of_vectors(F f) {
        for (std::size_t i = 0; i < N / 8; ++i) at(out, i) = f(i);
    }
#endif

    struct relu_row {
        static constexpr const char* name = "relu";
        static constexpr int arrays = 5;
        static constexpr auto reference = [](std::size_t i) {
            return std::fmax(product(i), 0) - static_cast<double>(c(i)) * static_cast<double>(c(i));
        };
        static void ashlar_way() { evaluate_to_out(relu(a * x + b) - c * c); }
        static void loop_way() {
            loop([](std::size_t i) {
                const float y = a(i) * x(i) + b(i);
                return (y > 0 ? y : 0) - c(i) * c(i);
            });
        }
#ifdef BENCH_EIGEN
        static void eigen_way() {
            eigen_out() = (as_eigen(a) * as_eigen(x) + as_eigen(b)).max(0.f) - as_eigen(c) * as_eigen(c);
        }
#endif
    };

    struct tanh_sigmoid_row {
        static constexpr const char* name = "tanh_sigmoid";
        static constexpr int arrays = 5;
        static constexpr auto reference = [](std::size_t i) {
            return std::tanh(product(i)) / (1 + std::exp(-static_cast<double>(c(i))));
        };
        static void ashlar_way() { evaluate_to_out(tanh(a * x + b) * sigmoid(c)); }
        static void libm_way() {
            loop([](std::size_t i) { return std::tanh(a(i) * x(i) + b(i)) / (1 + std::exp(-c(i))); });
        }
#ifdef BENCH_EIGEN
        static void eigen_way() {
            eigen_out() = (as_eigen(a) * as_eigen(x) + as_eigen(b)).tanh() * as_eigen(c).logistic();
        }
#endif
#ifdef BENCH_LIBMVEC
        static void libmvec_way() {
            loop_of_vectors([](std::size_t i) {
                return _ZGVdN8v_tanhf(at(a, i) * at(x, i) + at(b, i)) / (1 + _ZGVdN8v_expf(-at(c, i)));
            });
        }
#endif
    };

    struct exp_row {
        static constexpr const char* name = "exp";
        static constexpr int arrays = 2;
        static constexpr auto reference = [](std::size_t i) { return std::exp(static_cast<double>(x(i))); };
        static void ashlar_way() { evaluate_to_out(exp(x)); }
        static void libm_way() {
            loop([](std::size_t i) { return std::exp(x(i)); });
        }
#ifdef BENCH_EIGEN
        static void eigen_way() { eigen_out() = as_eigen(x).exp(); }
#endif
#ifdef BENCH_LIBMVEC
        static void libmvec_way() {
            loop_of_vectors([](std::size_t i) { return _ZGVdN8v_expf(at(x, i)); });
        }
#endif
    };

    template <class Row> static void add_one(const char* contender, void (*run)()) {
        const std::string row = std::string{Row::name} + '/' + std::to_string(N);
        bench::add("elementwise", contender, row, [run](benchmark::State& state) {
            bench::fill(out.data(), N, 5);
            run();
            if (!bench::agrees(state, out.data(), reference(Row::reference), 1e-6)) return;
            bench::measure(state, run);
            bench::count(state, "bytes", 4.0 * N * Row::arrays);
        });
    }

    template <class Row> static void add() {
        add_one<Row>("ashlar", Row::ashlar_way);
#ifdef BENCH_EIGEN
        add_one<Row>("eigen", Row::eigen_way);
#endif
        if constexpr (requires { Row::loop_way; }) add_one<Row>("loop", Row::loop_way);
        if constexpr (requires { Row::libm_way; }) add_one<Row>("libm", Row::libm_way);
        if constexpr (requires { Row::libmvec_way; }) add_one<Row>("libmvec", Row::libmvec_way);
    }

    static void add_rows() {
        std::uint32_t seed = 0;
        for (auto* t : {&a, &x, &b, &c}) bench::fill(t->data(), N, ++seed, 2);
        add<relu_row>();
        add<tanh_sigmoid_row>();
        add<exp_row>();
    }
};

struct rows {
    template <std::size_t N> void row() { vectors<N>::add_rows(); }
};

}  // namespace

int main(int argc, char** argv) {
    bench::each_elementwise(rows{});
    return bench::run(argc, argv);
}
