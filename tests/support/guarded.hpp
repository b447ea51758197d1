// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace support {

/// Memory between two pages that must not be touched: a read or write past either end of it stops the program.
class guarded_page {
public:
    explicit guarded_page(std::size_t pages = 1) : size{pages * page} {
        void* all = mmap(nullptr, size + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (all == MAP_FAILED) std::abort();
        begin = static_cast<unsigned char*>(all) + page;
        if (mprotect(begin, size, PROT_READ | PROT_WRITE) != 0) std::abort();
    }
    guarded_page(const guarded_page&) = delete;
    guarded_page& operator=(const guarded_page&) = delete;
    ~guarded_page() { munmap(begin - page, size + 2 * page); }

    /// n elements at the start of the memory, or up to its end.
    template <class T> T* first() { return reinterpret_cast<T*>(begin); }
    template <class T> T* last(std::size_t n) { return reinterpret_cast<T*>(begin + size) - n; }

private:
    const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE)), size;
    unsigned char* begin;
};

}  // namespace support
