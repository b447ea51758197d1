#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compiles programs with optimisation, warnings as errors, for vectors of several widths, also such as this machine
cannot run, and looks at the functions that are left: nothing that is to be inlined into a kernel's entry may be one. A
missing ASHLAR_FLATTEN would cost a call for every vector, and no test of values would tell.

Programs that say what they need of others, `// undefined: memcpy sqrt`, may need nothing else, and no memory of the
thread: what a machine without an operating system has to offer.

    check.py INCLUDE PROGRAM... -- COMPILER...
"""
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent.parent / 'tools'))
import list_tests  # noqa: E402

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


# What has the name of an entry, and is to be inlined in these classes;
# and every call operator and lambda of the kernels.
CLASSES = 'static_tile|narrow_tile|fused_body|plain_left|packed_left|row_reduction|tile_row'
INSIDE = re.compile(rf'::({CLASSES})::|^ashlar::(kernels|detail)::.*(operator|{{lambda|\$_)')


def listing(program, include, flags, compiler, *tool):
    """What a tool says of the object file of a program."""
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / 'program.o'
        subprocess.run([*compiler, '-std=c++20', *WARNINGS, *flags, f'-I{include}',
                        '-c', str(program), '-o', str(target)], check=True)
        return subprocess.run([*tool, str(target)], check=True, capture_output=True, text=True).stdout.splitlines()


def functions(program, include, flags, compiler):
    return [line[19:] for line in listing(program, include, flags, compiler, 'nm', '-C') if line[17:18] in 'TtWw']


def foreign(program, include, flags, compiler):
    """What is not defined in a program, and what each thread has of its own."""
    # number, value, size, type, binding, visibility, section, name
    rows = [line.split(maxsplit=7) for line in listing(program, include, flags, compiler, 'readelf', '-sW')]
    rows = [row for row in rows if len(row) == 8 and row[0].rstrip(':').isdigit()]
    assert any(row[3] == 'FUNC' and row[6] != 'UND' for row in rows), f'{program} has no function'
    return {row[7] for row in rows if row[6] == 'UND'}, {row[7] for row in rows if row[3] == 'TLS'}


def path_of(function):
    """void a::f<...>(...)::{lambda(...)#1}::operator()(...) const, without what stands in <> and (), and what is around
    the path."""
    depth, path = 0, ''
    for letter in function.replace('operator()', 'operator'):
        depth += letter in '<('
        path += letter if depth == 0 else ''
        depth -= letter in '>)'
    return next((word for word in path.split() if word.startswith('ashlar::')), path)


def is_left(function, inlined):
    path = path_of(function)
    if path.startswith('ashlar::optim::'):  # what a rule computes once a step: `advance` has a namesake in the kernels
        return False
    return path.split('::')[-1] in inlined or INSIDE.search(path) is not None


def needs_more(program, include, compiler, needs):
    """How much else than it says a program needs."""
    stated, failed = list_tests.stated('flags', pathlib.Path(program).read_text()), 0
    for flags in (['-O2'], ['-O0', '-DASHLAR_CHECK']):
        undefined, of_threads = foreign(program, include, [*flags, *stated], compiler)
        for name in sorted(undefined - {*needs}):
            print(f'{program} {" ".join(flags)}: needs {name[:160]}')
        for name in sorted(of_threads):
            print(f'{program} {" ".join(flags)}: memory of the thread: {name[:160]}')
        failed += len(undefined - {*needs}) + len(of_threads)
    return failed


def main():
    split = sys.argv.index('--')
    include, programs, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:split], sys.argv[split + 1:]
    inlined, failed = names(include), 0
    assert len(inlined) > 100, 'the headers are not written as this expects'
    for program in programs:
        if (needs := list_tests.stated('undefined', pathlib.Path(program).read_text())):
            failed += needs_more(program, include, compiler, needs)
            continue
        for flags in targets(compiler):
            found = functions(program, include, flags, compiler)
            assert any('ashlar' in f for f in found), f'{program} has no function of the library'
            left = [f for f in found if 'ashlar' in f and is_left(f, inlined)]
            for function in left:
                print(f'{program} {" ".join(flags)}: not inlined: {function[:160]}')
            failed += len(left)
    print(f'{len(programs)} programs, {failed} functions that should have been inlined or are not there')
    return failed > 0


sys.exit(main())
