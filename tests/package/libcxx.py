#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Builds and runs libcxx.cpp in C++23 with libc++, whose <mdspan> <ashlar/mdspan.hpp> turns to: libcxx.py INCLUDE --
COMPILER...   Its exit code is 77, which is Meson's for a test that was left out, where that cannot be had.
"""
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = sys.argv[1]
COMPILER = sys.argv[sys.argv.index('--') + 1:]
FLAGS = ['-std=c++23', '-stdlib=libc++', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror']
# What must not compile, and the words of which its error is.
REFUSED = {'WRONG_EXTENTS': 'mdspan_does_not_have_the_extents',
           'EXTENTS_OF_RUN_TIME': 'write_the_extents_that_only_run_time_knows_as_in_as_view_2_3'}


def compiled(*more, **options):
    return subprocess.run([*COMPILER, *FLAGS, *map(str, more)], capture_output=True, text=True, **options)


def main():
    if compiled('-fsyntax-only', '-x', 'c++', '-', input='#include <mdspan>\n').returncode:
        print('no libc++ with <mdspan>')
        return 77
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / 'libcxx'
        built = compiled('-I', INCLUDE, HERE / 'libcxx.cpp', '-o', program)
        if built.returncode:
            print(built.stderr)
            return 1
        if subprocess.run([program]).returncode:
            return 1
    for macro, words in REFUSED.items():
        refused = compiled('-fsyntax-only', '-I', INCLUDE, f'-D{macro}', HERE / 'libcxx.cpp')
        if refused.returncode == 0 or words not in refused.stderr:
            print(f'{macro}: expected the error {words}\n{refused.stderr}')
            return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
