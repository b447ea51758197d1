#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compiles programs with optimisation, warnings as errors, for vectors of several widths, also such as this machine cannot
run, and looks at the functions that are left: nothing that is to be inlined into a kernel's entry may be one. A missing
ASHLAR_FLATTEN would cost a call for every vector, and no test of values would tell.

    check.py INCLUDE PROGRAM... -- COMPILER...
"""
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

# A function's name at its definition: behind the attribute, templates and return type, before the parameters.
INLINED = re.compile(r'ASHLAR_INLINE (?!ASHLAR_FLATTEN)[^(=;]*?\b(\w+)\(')
ENTRY = re.compile(r'ASHLAR_FLATTEN [^(=;]*?\b(\w+)\(')


WARNINGS = '-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror'.split()


def targets(compiler):
    """Sets of flags."""
    yield ['-O2']
    yield ['-O3', '-march=native']
    if platform.machine() == 'x86_64':
        yield ['-O3', '-march=x86-64-v4']  # AVX-512
        if 'clang' in compiler[-1] and pathlib.Path('/usr/aarch64-linux-gnu/include').exists():
            yield ['-O3', '--target=aarch64-linux-gnu']


def names(include):
    text = '\n'.join(path.read_text() for path in sorted(include.rglob('*.hpp')))
    return set(INLINED.findall(text)) - set(ENTRY.findall(text)) - {'operator'}


# What has the name of an entry, and is to be inlined in these classes; and every call operator and lambda of the kernels.
CLASSES = 'static_tile|narrow_tile|fused_body|plain_left|packed_left|row_reduction|tile_row'
INSIDE = re.compile(rf'::({CLASSES})::|^ashlar::(kernels|detail)::.*(operator|{{lambda|\$_)')


def functions(program, include, flags, compiler):
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / 'program.o'
        subprocess.run([*compiler, '-std=c++20', *WARNINGS, *flags, f'-I{include}', '-c', str(program), '-o', str(target)], check=True)
        listing = subprocess.run(['nm', '-C', str(target)], check=True, capture_output=True, text=True).stdout
    return [line[19:] for line in listing.splitlines() if line[17:18] in 'TtWw']


def path_of(function):
    """void a::f<...>(...)::{lambda(...)#1}::operator()(...) const, without what stands in <> and (), and what is around the path."""
    depth, path = 0, ''
    for letter in function.replace('operator()', 'operator'):
        depth += letter in '<('
        path += letter if depth == 0 else ''
        depth -= letter in '>)'
    return next((word for word in path.split() if word.startswith('ashlar::')), path)


def is_left(function, inlined):
    path = path_of(function)
    return path.split('::')[-1] in inlined or INSIDE.search(path) is not None


def main():
    split = sys.argv.index('--')
    include, programs, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]
    inlined, failed = names(include), 0
    assert len(inlined) > 100, 'the headers are not written as this expects'
    for program in programs:
        for flags in targets(compiler):
            found = functions(program, include, flags, compiler)
            assert any('ashlar' in f for f in found), f'{program} has no function of the library'
            left = [f for f in found if 'ashlar' in f and is_left(f, inlined)]
            for function in left:
                print(f'{program} {" ".join(flags)}: not inlined: {function[:160]}')
            failed += len(left)
    print(f'{len(programs)} programs, {failed} functions that should have been inlined')
    return failed > 0


sys.exit(main())
