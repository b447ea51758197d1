// SPDX-License-Identifier: BSL-1.0
// Every allocation, counted. For a program of one source file: it replaces operator new.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

namespace support {
inline int allocations = 0;

template <class Work> int allocated_by(const Work& work) {
    const int before = allocations;
    work();
    return allocations - before;
}
}  // namespace support

// Not inline: g++ would see a part of each pair only, and warn of a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
    ++support::allocations;
    void* memory = std::malloc(size);
    return memory != nullptr ? memory : throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
    ++support::allocations;
    const auto step = static_cast<std::size_t>(alignment);
    void* memory = std::aligned_alloc(step, (size + step - 1) / step * step);
    return memory != nullptr ? memory : throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
