#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Random programs beside plain loops, as many as wanted, and faults that they have to find. Started by tests/run.

    tests/run random                   2,000 seeds interpreted, 200 compiled, from seed 100,000 on
    tests/run random 5000 400          400 seeds from 5,000 on, interpreted and compiled
    tests/run random 5000 400 interpreted          only planned and interpreted at run time: quick
    tests/run random 5000 400 interpreted sanitize  the same under the sanitizers of both compilers, all seeds in each
    tests/run random 5000 400 compiled clang-avx2  only by kernels compiled for them, in one configuration
    tests/run random 5017 1 --lines 4  one seed, with fewer lines (a smaller program that begins alike)
    tests/run mutate                   puts every fault of tests/mutations.toml into a copy of the library: each must be
                                       found
    tests/run mutate slice hazard      those with such a word in their name

A seed says everything about a program: its lines, shapes, derivatives, kernels, how results and inputs share memory
(tests/support/random). What fails is printed as a recipe and as a graph; what is interpreted with as few lines as still
fail.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = CHECKOUT / 'build/random'

# Where no configuration is named, the interpreted ones are built in the first of these, and the compiled ones are
# dealt to all of them.
KINDS = {
    'O2': '-O2',
    'debug': '-O0 -g',
    'release': '-O3 -march=native',
    'avx2': '-O3 -mavx2 -mfma',
    'sse2': '-O3',
    'sanitize': '-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all',
}
ENVIRONMENT = {
    'ASAN_OPTIONS': 'detect_stack_use_after_return=1:strict_string_checks=1',
    'UBSAN_OPTIONS': 'print_stacktrace=1',
}
BATCH = 25  # compiled seeds a program: more take more memory than they save time


def run(command, **options):
    return subprocess.run([str(word) for word in command], **options)


def catch_main(compiler, folder):
    """Catch2's main, once; without sanitizers, which would cost minutes."""
    target = folder / 'main.o'
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        run([compiler, '-std=c++20', '-O0', '-w', '-c', CHECKOUT / 'tests/support/main.cpp', '-o', target], check=True)
    return target


def build(compiler, flags, name, source, include=CHECKOUT / 'include', macros=()):
    """The program of a test, or None and what the compiler says."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    program = FOLDER / name
    libraries = ['-lCatch2'] if pathlib.Path('/usr/include/catch2/catch_all.hpp').is_file() else []
    result = run([compiler, '-std=c++20', *flags.split(), *macros, f'-I{include}', f'-I{CHECKOUT / "tests"}',
                  CHECKOUT / source, catch_main(compiler, FOLDER), *libraries, '-o', program],
                 capture_output=True, text=True)
    return (None, result.stderr) if result.returncode else (program, '')


def examine(program, environment=None, stop=False):
    """Whether it passed, and what it printed."""
    result = run([program, *(['--abort'] if stop else [])], capture_output=True, text=True,
                 env=ENVIRONMENT | os.environ | (environment or {}))
    return result.returncode == 0, result.stdout + result.stderr


def numbers(first, count, lines=0):
    return {'RANDOM_FROM': str(first), 'RANDOM_COUNT': str(count), **({'RANDOM_LINES': str(lines)} if lines else {})}


def interpreted(compilers, names, first, count, lines):
    failed = 0
    for name in names:
        compiler, kind = name.split('-')
        program, error = build(compilers[compiler], KINDS[kind], f'interpreted-{name}', 'tests/random/interpreted.cpp')
        if program is None:
            sys.exit(error)
        for begin in range(first, first + count, 1000):
            size = min(1000, first + count - begin)
            passed, output = examine(program, numbers(begin, size, lines))
            said = 'passed' if passed else 'FAILED'
            print(f'interpreted, {name}, seeds {begin} to {begin + size - 1}: {said}', flush=True)
            if not passed:
                failed += 1
                print(output, flush=True)
    return failed


def compiled(compilers, names, first, count, lines):
    failed = 0
    for number, begin in enumerate(range(first, first + count, BATCH)):
        size = min(BATCH, first + count - begin)
        name = names[number % len(names)]
        compiler, kind = name.split('-')
        macros = [f'-D{key}={value}' for key, value in numbers(begin, size, lines).items()]
        program, error = build(compilers[compiler], KINDS[kind], f'compiled-{name}', 'tests/random/compiled.cpp',
                               macros=macros)
        passed, output = examine(program) if program else (False, error)
        print(f'compiled, {name}, seeds {begin} to {begin + size - 1}: {"passed" if passed else "FAILED"}', flush=True)
        if not passed:
            failed += 1
            print(output, flush=True)
    return failed


def random_main(words, compilers):
    parser = argparse.ArgumentParser(prog='tests/run random', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('first', nargs='?', type=int, default=100000)
    parser.add_argument('count', nargs='?', type=int)
    parser.add_argument('words', nargs='*', help='interpreted, compiled, or parts of names of configurations')
    parser.add_argument('--lines', type=int, default=0)
    options = parser.parse_intermixed_args(words)
    every = [f'{compiler}-{kind}' for kind in KINDS for compiler in compilers]
    ways = [word for word in options.words if word in ('interpreted', 'compiled')] or ['interpreted', 'compiled']
    parts = [word for word in options.words if word not in ways]
    names = [name for name in every if all(part in name for part in parts)]
    if not names:
        sys.exit(f'no configuration has {" and ".join(parts)} in its name: {" ".join(every)}')
    failed = 0
    if 'interpreted' in ways:
        failed += interpreted(compilers, names if parts else names[:1], options.first, options.count or 2000,
                              options.lines)
    if 'compiled' in ways:
        failed += compiled(compilers, names, options.first, options.count or 200, options.lines)
    return 1 if failed else 0


def faults():
    return tomllib.loads((CHECKOUT / 'tests/mutations.toml').read_text())['mutation']


def place_of(edit):
    """A pattern for the text to be replaced, however its lines are broken."""
    return re.compile(r'\s*'.join(re.escape(c) for c in edit['old'] if not c.isspace()))


def misfit(text, edit):
    """Why a fault cannot be put into the text of its file, or nothing."""
    count = len(place_of(edit).findall(text))
    return '' if count == 1 else f'{edit["file"]} has the text to be replaced {count} times:\n{edit["old"]}'


def mutated(mutation):
    """A copy of the library with the fault; an error where it does not apply."""
    include = FOLDER / 'mutated'
    shutil.rmtree(include, ignore_errors=True)
    shutil.copytree(CHECKOUT / 'include', include)
    for edit in mutation['edit']:
        path = include / 'ashlar' / edit['file']
        text = path.read_text()
        if error := misfit(text, edit):
            return None, error
        path.write_text(place_of(edit).sub(lambda _: edit['new'], text))
    return include, ''


def caught_by(compiler, include, mutation):
    """The test and the seed that find it, or None; what the compiler says where it does not compile."""
    seed = mutation.get('compiled')
    source = f'tests/random/{"interpreted" if seed is None else "compiled"}.cpp'
    macros = [] if seed is None else [f'-D{key}={value}' for key, value in numbers(seed, 1).items()]
    program, error = build(compiler, '-O0', 'mutated-program', source, include, macros)
    if program is None:
        return None, error
    begin, count = (mutation['interpreted'], 1) if 'interpreted' in mutation else (0, 400)
    passed, output = examine(program, numbers(begin, count), stop=True)
    found = re.search(r'\bseed (\d+)', output)
    return (None if passed else f'{source}, seed {found[1] if found else seed}'), ''


def mutate_main(words, compilers):
    chosen = [m for m in faults() if not words or any(word in m['name'] for word in words)]
    bad = 0
    # What finds a fault has to pass without it.
    for mutation in {(m.get('compiled'), m.get('interpreted')): m for m in chosen}.values():
        test, error = caught_by(compilers['gcc'], CHECKOUT / 'include', mutation)
        if test or error:
            print(f'{test} fails without a fault' if test else error[-2000:], flush=True)
            bad += 1
    if bad:
        return 1
    for mutation in chosen:
        include, error = mutated(mutation)
        test = None
        if include is not None:
            test, error = caught_by(compilers['gcc'], include, mutation)
        failure = 'does not apply' if include is None else 'does not compile' if error else 'SURVIVED'
        said = f'caught by {test}' if test else failure
        print(f'{mutation["name"]}: {said}', flush=True)
        if not test:
            bad += 1
            print(error[-2000:], flush=True)
    print(f'{len(chosen) - bad} passed, {bad} failed')
    return 1 if bad or not chosen else 0


def check_main():
    """Whether every fault can still be put in."""
    include = CHECKOUT / 'include/ashlar'
    errors = [(fault, error) for fault in faults() for edit in fault['edit']
              if (error := misfit((include / edit['file']).read_text(), edit))]
    for fault, error in errors:
        print(f'{fault["name"]}: {error}')
    print(f'{len(faults()) - len(errors)} passed, {len(errors)} failed')
    return 1 if errors else 0


if __name__ == '__main__':
    sys.exit(check_main())
