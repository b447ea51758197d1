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


def functions(program, include, flags, compiler):
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / 'program.o'
        subprocess.run([*compiler, '-std=c++20', *WARNINGS, *flags, f'-I{include}', '-c', str(program), '-o', str(target)], check=True)
        listing = subprocess.run(['nm', '-C', str(target)], check=True, capture_output=True, text=True).stdout
    return [line[19:] for line in listing.splitlines() if line[17:18] in 'TtWw']


def base_name(function):
    """ashlar::detail::f<...>(...) [clone ...] is f; the text inside <> has its own parentheses."""
    depth, flat = 0, ''
    for letter in function.replace('operator()', 'operator'):
        depth += letter == '<'
        flat += letter if depth == 0 else ''
        depth -= letter == '>'
    return re.split(r'[ :]', flat.split('(')[0])[-1]


def main():
    split = sys.argv.index('--')
    include, programs, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]
    inlined, failed = names(include), 0
    assert len(inlined) > 100, 'the headers are not written as this expects'
    for program in programs:
        for flags in targets(compiler):
            found = functions(program, include, flags, compiler)
            assert any('ashlar' in f for f in found), f'{program} has no function of the library'
            left = [f for f in found if 'ashlar' in f and base_name(f) in inlined]
            for function in left:
                print(f'{program} {" ".join(flags)}: not inlined: {function[:160]}')
            failed += len(left)
    print(f'{len(programs)} programs, {failed} functions that should have been inlined')
    return failed > 0


sys.exit(main())
