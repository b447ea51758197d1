// SPDX-License-Identifier: BSL-1.0
// Products of row-major matrices, M x K by K x N, in float; a row is MxKxN.
#include <ashlar/ashlar.hpp>

#include "rows.hpp"

#ifdef BENCH_EIGEN
    #include "eigen.hpp"
#endif

namespace {

template <std::size_t M, std::size_t K, std::size_t N> struct product {
    static inline ashlar::Tensor<float, M, K> a;
    static inline ashlar::Tensor<float, K, N> b;
    static inline ashlar::Tensor<float, M, N> out;

    static const std::vector<double>& reference() {
        static const std::vector<double> result = [] {
            std::vector<double> c(M * N);
            for (std::size_t i = 0; i < M; ++i)
                for (std::size_t p = 0; p < K; ++p)
                    for (std::size_t j = 0; j < N; ++j)
                        c[i * N + j] += static_cast<double>(a(i, p)) * static_cast<double>(b(p, j));
            return c;
        }();
        return result;
    }

    static void ashlar_product() {
        static ashlar::Workspace<decltype(matmul(a, b))> workspace;
        evaluate(matmul(a, b), out, workspace);
    }

#ifdef BENCH_EIGEN
    static void eigen_product() {
        bench::as_eigen<M, N>(out.data()).noalias() =
            bench::as_eigen<M, K>(std::as_const(a).data()) * bench::as_eigen<K, N>(std::as_const(b).data());
    }
#endif

    static void loop_product() {
        const float* __restrict x = a.data();
        const float* __restrict y = b.data();
        float* __restrict to = out.data();
        for (std::size_t i = 0; i < M; ++i) {
            for (std::size_t j = 0; j < N; ++j) to[i * N + j] = 0;
            for (std::size_t p = 0; p < K; ++p)
                for (std::size_t j = 0; j < N; ++j) to[i * N + j] += x[i * K + p] * y[p * N + j];
        }
    }

    static void add(const char* contender, void (*run)()) {
        bench::add("gemm", contender, bench::gemm_name(M, K, N), [run](benchmark::State& state) {
            bench::fill(out.data(), out.size(), 3);
            run();
            if (!bench::agrees(state, out.data(), reference(), 1e-6 + 1e-7 * K)) return;
            bench::measure(state, run);
            bench::count(state, "FLOPS", 2.0 * M * K * N);
        });
    }

    static void add() {
        bench::fill(a.data(), a.size(), 1);
        bench::fill(b.data(), b.size(), 2);
        add("ashlar", ashlar_product);
#ifdef BENCH_EIGEN
        add("eigen", eigen_product);
#endif
        add("loop", loop_product);
    }
};

struct rows {
    template <std::size_t M, std::size_t K, std::size_t N> void row() { product<M, K, N>::add(); }
};

}  // namespace

int main(int argc, char** argv) {
    bench::each_gemm(rows{});
    return bench::run(argc, argv);
}
