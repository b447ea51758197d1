#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Measures the largest errors of the elementary functions. Started by bench/run accuracy.

    bench/run accuracy                    a sample of arguments, in two minutes
    bench/run accuracy --all              every float: half an hour a compiler and target
    bench/run accuracy tanh sin           some functions
    bench/run accuracy --targets native   or x86-64, or any other -march=

The tables of bench/accuracy/README.md are what it prints. The exit code is 1 where an error is above 4 ULP.
"""
import argparse
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
RESULTS = CHECKOUT / 'build/bench'
LIMIT = 4.0


def build(compiler, target):
    program = RESULTS / f'accuracy-{pathlib.Path(compiler).name}-{target}'
    subprocess.run([compiler, '-std=c++20', '-O3', f'-march={target}', f'-I{CHECKOUT / "include"}',
                    HERE / 'main.cpp', '-o', program], check=True)
    return program


def measure(program, functions, step):
    """(function, type, range) -> error and where it is."""
    found = {}
    for name in functions:
        for element in ('float', 'double'):
            # Doubles, which are sampled anyway, are the slower ones
            lines = subprocess.run([program, element, name, str(step if element == 'float' else max(step, 8))],
                                   capture_output=True, text=True, check=True).stdout
            for line in lines.split('\n')[:-1]:
                function, kind, interval, error, argument = line.split('|')
                found[function, kind, interval] = float(error), argument
    return found


def table(measured):
    """Rows are functions; a column is a compiler and target, and the argument belongs to the largest error."""
    lines = ['| function | type | arguments | ' + ' | '.join(measured) + ' | largest at |',
             '| --- | --- | --- |' + ' ---: |' * len(measured) + ' --- |']
    for key in next(iter(measured.values())):
        cells = [column[key] for column in measured.values()]
        errors = ' | '.join(f'{error:.2f}' + '!' * (error > LIMIT) for error, _ in cells)
        lines.append(f'| {key[0]} | {key[1]} | {key[2]} | {errors} | {max(cells)[1]} |')
    return '\n'.join(lines)


def main():
    parser = argparse.ArgumentParser(prog='bench/run accuracy', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('functions', nargs='*', metavar='FUNCTION')
    parser.add_argument('--all', action='store_true', help='every float')
    parser.add_argument('--targets', nargs='+', default=['native', 'x86-64'], help='for -march=')
    parser.add_argument('--compilers', nargs='+', choices=['gcc', 'clang'], default=['gcc', 'clang'])
    parser.add_argument('--gcc', default='g++', help=argparse.SUPPRESS)
    parser.add_argument('--clang', default='clang++', help=argparse.SUPPRESS)
    options = parser.parse_args()

    RESULTS.mkdir(parents=True, exist_ok=True)
    measured = {}
    for family in options.compilers:
        for target in options.targets:
            program = build(getattr(options, family), target)
            known = subprocess.run([program, 'list'], capture_output=True, text=True, check=True).stdout.split()
            unknown = [name for name in options.functions if name not in known]
            if unknown:
                sys.exit(f'no function {" ".join(unknown)}; there are: {" ".join(known)}')
            print(f'{family}, -march={target}', flush=True)
            measured[f'{family}, {target}'] = measure(program, options.functions or known, 1 if options.all else 509)
    print(f'\n{table(measured)}')
    sys.exit(any(error > LIMIT for column in measured.values() for error, _ in column.values()))


if __name__ == '__main__':
    main()
