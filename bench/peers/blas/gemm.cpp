// SPDX-License-Identifier: BSL-1.0
// Products by libraries with a C interface: their speed lies in the library, so that one compiler will do.
#include "../../rows.hpp"

#include <memory>

#ifdef BENCH_OPENBLAS
    #include <cblas.h>
#endif
#ifdef BENCH_LIBXSMM
    #include <libxsmm.h>
#endif
#ifdef BENCH_ONEDNN
    #include <dnnl.hpp>
#endif

namespace {

class product {
    std::vector<std::unique_ptr<float[]>> kept;
    std::vector<double> exact;

    // Aligned as every contender's.
    float* memory(std::size_t count) {
        std::size_t space = (count + 16) * sizeof(float);
        kept.emplace_back(new float[count + 16]);
        void* start = kept.back().get();
        return static_cast<float*>(std::align(64, count * sizeof(float), start, space));
    }

public:
    std::size_t m, k, n;
    float *a, *b, *out;

    product(std::size_t rows, std::size_t depth, std::size_t columns)
        : m(rows), k(depth), n(columns), a(memory(m * k)), b(memory(k * n)), out(memory(m * n)) {
        bench::fill(a, m * k, 1);
        bench::fill(b, k * n, 2);
    }

    const std::vector<double>& reference() {
        if (exact.empty()) {
            exact.resize(m * n);
            for (std::size_t i = 0; i < m; ++i)
                for (std::size_t p = 0; p < k; ++p)
                    for (std::size_t j = 0; j < n; ++j)
                        exact[i * n + j] += static_cast<double>(a[i * k + p]) * static_cast<double>(b[p * n + j]);
        }
        return exact;
    }
};

// `prepare(product)` returns what is timed, so that handles and generated code are made before.
template <class Prepare> void add(const char* contender, const std::shared_ptr<product>& p, Prepare prepare) {
    bench::add("gemm", contender, bench::gemm_name(p->m, p->k, p->n), [=](benchmark::State& state) {
        bench::fill(p->out, p->m * p->n, 3);
        auto run = prepare(*p);
        run();
        if (!bench::agrees(state, p->out, p->reference(), 1e-6 + 1e-7 * static_cast<double>(p->k))) return;
        bench::measure(state, run);
        bench::count(state, "FLOPS", 2.0 * static_cast<double>(p->m * p->k * p->n));
    });
}

#ifdef BENCH_OPENBLAS
auto openblas(const product& p) {
    return [&p, m = static_cast<int>(p.m), k = static_cast<int>(p.k), n = static_cast<int>(p.n)] {
        if (m == 1) cblas_sgemv(CblasRowMajor, CblasTrans, k, n, 1, p.b, n, p.a, 1, 0, p.out, 1);
        else cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, p.a, k, p.b, n, 0, p.out, n);
    };
}
#endif

#ifdef BENCH_LIBXSMM
// Column-major, hence the transposed product. Null where no code is generated.
libxsmm_smmfunction libxsmm_code(const product& p) {
    const float one = 1, zero = 0;
    const int flags = LIBXSMM_GEMM_FLAG_NONE, prefetch = LIBXSMM_GEMM_PREFETCH_NONE;
    return libxsmm_smmdispatch(static_cast<int>(p.n), static_cast<int>(p.m), static_cast<int>(p.k), nullptr, nullptr,
                               nullptr, &one, &zero, &flags, &prefetch);
}
auto libxsmm(const product& p) {
    return [&p, code = libxsmm_code(p)] { code(p.b, p.a, p.out); };
}
#endif

#ifdef BENCH_ONEDNN
auto onednn(const product& p) {
    namespace dnnl = ::dnnl;
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    const auto m = static_cast<dnnl::memory::dim>(p.m), k = static_cast<dnnl::memory::dim>(p.k),
               n = static_cast<dnnl::memory::dim>(p.n);
    const auto matrix = [](dnnl::memory::dim rows, dnnl::memory::dim columns) {
        return dnnl::memory::desc({rows, columns}, dnnl::memory::data_type::f32, dnnl::memory::format_tag::ab);
    };
    const dnnl::matmul::desc what(matrix(m, k), matrix(k, n), matrix(m, n));
    return [code = dnnl::matmul(dnnl::matmul::primitive_desc(what, engine)), stream = dnnl::stream(engine),
            arguments = std::unordered_map<int, dnnl::memory>{
                {DNNL_ARG_SRC, dnnl::memory(matrix(m, k), engine, p.a)},
                {DNNL_ARG_WEIGHTS, dnnl::memory(matrix(k, n), engine, p.b)},
                {DNNL_ARG_DST, dnnl::memory(matrix(m, n), engine, p.out)}}]() mutable {
        code.execute(stream, arguments);
        stream.wait();
    };
}
// The older interface, which is lighter for small matrices.
auto onednn_sgemm(const product& p) {
    return [&p, m = static_cast<dnnl_dim_t>(p.m), k = static_cast<dnnl_dim_t>(p.k), n = static_cast<dnnl_dim_t>(p.n)] {
        dnnl_sgemm('N', 'N', m, n, k, 1, p.a, k, p.b, n, 0, p.out, n);
    };
}
#endif

struct rows {
    template <std::size_t M, std::size_t K, std::size_t N> void row() {
        const auto p = std::make_shared<product>(M, K, N);
#ifdef BENCH_OPENBLAS
        add("openblas", p, openblas);
#endif
#ifdef BENCH_LIBXSMM
        if (libxsmm_code(*p) != nullptr) add("libxsmm", p, libxsmm);
#endif
#ifdef BENCH_ONEDNN
        add("onednn", p, onednn);
        add("onednn_sgemm", p, onednn_sgemm);
#endif
    }
};

}  // namespace

int main(int argc, char** argv) {
#ifdef BENCH_LIBXSMM
    libxsmm_init();
#endif
    bench::each_gemm(rows{});
    return bench::run(argc, argv);
}
