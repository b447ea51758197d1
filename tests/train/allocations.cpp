// SPDX-License-Identifier: BSL-1.0
// Neither a batch nor an epoch nor an evaluation allocates: how often `fit` and `accuracy` do so does not depend on how
// much they have to do.
#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <new>

// Every allocation, counted. Not inline: g++ would see a part of each pair only, and warn of a mismatch.
static int allocations = 0;
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++allocations;
    void* memory = std::malloc(size);
    return memory != nullptr ? memory : throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
    ++allocations;
    const auto step = static_cast<std::size_t>(alignment);
    void* memory = std::aligned_alloc(step, (size + step - 1) / step * step);
    return memory != nullptr ? memory : throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace nn = ashlar::nn;
using Points = ashlar::data_set<float, ashlar::Shape<2>>;

static Points points(std::size_t rows) {
    ashlar::generator random{ashlar::seed(1)};
    Points data;
    for (std::size_t i = 0; i < rows; ++i)
        data.add(std::array{random.uniform(1.0f), random.uniform(1.0f)}, static_cast<int>(i % 3));
    return data;
}

template <class Work> int allocated_by(const Work& work) {
    const int before = allocations;
    work();
    return allocations - before;
}

int main() {
    nn::Sequential<nn::Linear<2, 80>, nn::Tanh, nn::Linear<80, 3>> model{ashlar::seed(0)};
    nn::CrossEntropyLoss criterion;
    ashlar::optim::Adam adam{model, {.lr = 1e-2f}};
    const Points few = points(16), many = points(501);

    int failed = 0;
    const auto expect = [&](bool holds, const char* what) {
        if (!holds) std::printf("failed: %s\n", what), ++failed;
    };
    const auto fit = [&](const Points& data, int epochs) {
        return allocated_by([&] {
            ashlar::fit<16>(model, criterion, adam, data, {.epochs = epochs, .validation = data});
        });
    };
    const auto accuracy = [&](const Points& data) { return allocated_by([&] { ashlar::accuracy(model, data); }); };

    expect(fit(few, 1) == fit(many, 1), "fit: the number of batches does not matter");
    // An epoch adds two numbers to the history, which grows by doubling.
    expect(fit(many, 65) - fit(many, 64) == 2, "fit: an epoch allocates only the history");
    expect(fit(many, 64) - fit(many, 63) == 0, "fit: an epoch allocates nothing but the history");
    expect(accuracy(few) == accuracy(many) && accuracy(many) == 1, "accuracy: the number of batches does not matter");
    return failed == 0 ? 0 : 1;
}
