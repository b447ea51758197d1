// SPDX-License-Identifier: BSL-1.0
// The memory of a training step: bytes of tensors that live at once beyond parameters and data, so activations,
// gradients and temporaries. What libraries below libtorch allocate for themselves is not counted.
#include "lenet.hpp"
#include "tables.hpp"
#include "trainer.hpp"

#include <c10/core/CPUAllocator.h>
#include <cstdlib>
#include <new>
#include <unordered_map>

namespace {

class counting_allocator : public c10::Allocator {
    static inline std::unordered_map<void*, std::size_t> sizes;

    static void release(void* data) {
        if (const auto found = sizes.find(data); found != sizes.end()) {
            live -= static_cast<double>(found->second);
            sizes.erase(found);
        }
        std::free(data);
    }

public:
    static inline double live = 0, peak = 0;

    c10::DataPtr allocate(std::size_t bytes) const override {
        void* data = std::aligned_alloc(64, (bytes + 63) / 64 * 64);
        if (data == nullptr) throw std::bad_alloc{};
        sizes[data] = bytes;
        live += static_cast<double>(bytes);
        peak = live > peak ? live : peak;
        return {data, data, &release, c10::DeviceType::CPU};
    }
    c10::DeleterFnPtr raw_deleter() const override { return &release; }
};

// The usual allocator is back afterwards. Tensors know their own, so that none may be left to the wrong one.
struct counting {
    c10::Allocator* const usual = c10::GetCPUAllocator();
    counting() {
        static counting_allocator allocator;
        c10::SetCPUAllocator(&allocator);
    }
    ~counting() { c10::SetCPUAllocator(usual); }
};

template <class Make> void add(const std::string& row, Make make) {
    bench::add("memory", "torch", row, [=](benchmark::State& state) {
        const counting guard;
        auto trainer = make();
        const double before = counting_allocator::live;
        trainer.step();
        counting_allocator::peak = counting_allocator::live;  // from now on, the gradients are there
        for (auto _ : state) benchmark::DoNotOptimize(trainer.step());
        state.counters["peak_bytes"] = counting_allocator::peak - before;
    });
}

struct rows {
    template <class Loss, class Activation, std::size_t Batch, std::size_t In, std::size_t... Widths> void row() {
        const auto problem = std::make_shared<bench::training_problem<Loss, Activation, Batch, In, Widths...>>();
        add(bench::training_name<Loss, Activation, Batch, In, Widths...>(),
            [=] { return bench::trainer<Loss>(*problem); });
    }
};

}  // namespace

void memory() {
    bench::each_training(rows{});
    const auto problem = std::make_shared<bench::lenet_problem>();
    add("lenet_b32", [=] { return bench::lenet_trainer(*problem); });
}
