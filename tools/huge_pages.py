# SPDX-License-Identifier: BSL-1.0
"""Memory of compilers in huge pages: a fourth less time or more on a virtual machine, where pages are dear, as they
touch up to 2 GB once, here and there. Where Linux gives huge pages to those who ask (madvise, the default of most
distributions), malloc asks when it is told to, and what g++ maps itself a library asks for (tools/huge_pages.c).
Only compilers have it: the memory of tests is as a user's."""
import os
import pathlib
import platform
import subprocess
import sys

SETTING = pathlib.Path('/sys/kernel/mm/transparent_hugepage/enabled')
MALLOC = 'glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864'  # 64 MB at a time: less has no such page
SOURCE = pathlib.Path(__file__).with_name('huge_pages.c')


def environment(build, compiler):
    """Settings for compilers, with the library built in the folder `build`; none where they cannot help."""
    if not SETTING.is_file() or '[madvise]' not in SETTING.read_text() or platform.libc_ver()[0] != 'glibc' \
            or sys.maxsize < 2**32 or 'LD_PRELOAD' in os.environ or 'GLIBC_TUNABLES' in os.environ:
        return {}
    build.mkdir(parents=True, exist_ok=True)
    library, fresh = build / 'huge_pages.so', build / f'huge_pages.{os.getpid()}'
    command = [compiler, '-x', 'c', '-O1', '-shared', '-fPIC', SOURCE, '-o', fresh]
    if subprocess.run(command, capture_output=True).returncode:
        return {}
    fresh.rename(library)  # another run may have it loaded
    settings = {'LD_PRELOAD': str(library), 'GLIBC_TUNABLES': MALLOC}
    works = subprocess.run(['true'], env=os.environ | settings, capture_output=True)
    return {} if works.returncode or works.stderr else settings
