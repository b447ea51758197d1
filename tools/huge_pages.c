// SPDX-License-Identifier: BSL-1.0
// What tools/huge_pages.py loads into compilers: anonymous memory of 2 MB and more in huge pages, as g++ takes it.
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void* mmap(void* address, size_t size, int protection, int flags, int file, off_t offset) {
    void* memory = (void*)syscall(SYS_mmap, address, size, protection, flags, file, offset);
    if (memory != MAP_FAILED && (flags & MAP_ANONYMOUS) && size >= 2u << 20) madvise(memory, size, MADV_HUGEPAGE);
    return memory;
}
