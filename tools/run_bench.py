#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Builds and runs the benchmarks, and prints their tables. Started by bench/run.

    bench/run                              every table
    bench/run gemm                         bench/gemm.cpp, and bench/gemm_torch.cpp where libtorch is installed
    bench/run gemm --filter 32x784         only the rows that match a regular expression
    bench/run gemm --compilers gcc         one compiler
    bench/run compile_time                 what compiling costs (bench/compile_time/run.py)

Everything is built with -O3 -march=native and runs on one core; repetitions of all rows are interleaved at random.
The measurements are kept in build/bench/TABLE-COMPILER.json, in the form of Google Benchmark: two of them, say of
before and after a change, are compared with its compare.py (/usr/share/benchmark/compare.py benchmarks OLD NEW).
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

import bench_table

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = CHECKOUT / 'build/bench'
FLAGS = '-O3 -march=native'
ONE_THREAD = {name: '1' for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS')}


def configure(family, compiler):
    """Configures a build directory, and says which peers are missing; returns it and its programs, name and path."""
    folder = CHECKOUT / 'build' / f'bench-{family}'
    if not (folder / 'build.ninja').is_file():
        options = ['--buildtype=plain', f'-Dcpp_args={FLAGS}', '-Dbench=enabled', '-Dtests=disabled', '-Dexamples=disabled']
    else:
        options = ['--reconfigure']
    result = subprocess.run(['meson', 'setup', *options, folder, CHECKOUT], env=os.environ | {'CXX': compiler},
                            capture_output=True, text=True)
    if result.returncode:
        sys.exit(result.stdout + result.stderr)
    for line in result.stdout.split('\n'):
        if 'peer not found' in line:
            print(line.replace('Message: ', f'{family}: '))
    targets = json.loads((folder / 'meson-info/intro-targets.json').read_text())
    return folder, {target['name'].removeprefix('bench_'): pathlib.Path(target['filename'][0])
                    for target in targets if target['name'].startswith('bench_')}


def make(folder, program):
    """Whether a program could be built; prints why not."""
    result = subprocess.run(['ninja', '-C', folder, os.path.relpath(program, folder)], capture_output=True, text=True)
    if result.returncode:
        print('\n'.join(result.stdout.split('\n')[:60]))
    return result.returncode == 0


def run(program, options):
    """One program's measurements, in Google Benchmark's form, and how many of its benchmarks compute something wrong."""
    core = max(os.sched_getaffinity(0))
    command = [str(program), '--benchmark_format=json', f'--benchmark_repetitions={options.repetitions}',
               '--benchmark_enable_random_interleaving=true', f'--benchmark_min_time={options.min_time}',
               f'--benchmark_filter={options.filter}']
    result = subprocess.run(command, env=ONE_THREAD | dict(os.environ), stdout=subprocess.PIPE, text=True,
                            preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    if result.returncode:
        sys.exit(f'{program.name} ended with {result.returncode}')
    measured = json.loads(result.stdout) if result.stdout.strip() else {'context': {}, 'benchmarks': []}
    wrong = {entry['run_name']: entry['error_message'] for entry in measured['benchmarks'] if entry.get('error_occurred')}
    for name, message in wrong.items():
        print(f'wrong result: {name}: {message}')
    return measured, len(wrong)


def main():
    if 'compile_time' in sys.argv[1:]:
        arguments = [word for word in sys.argv[1:] if word != 'compile_time']
        os.execv(sys.executable, [sys.executable, str(CHECKOUT / 'bench/compile_time/run.py'), *arguments])

    parser = argparse.ArgumentParser(prog='bench/run', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('tables', nargs='*', metavar='TABLE')
    parser.add_argument('--compilers', nargs='+', choices=['gcc', 'clang'], default=['gcc', 'clang'])
    parser.add_argument('--filter', default='.', help='regular expression for the names of benchmarks')
    parser.add_argument('--repetitions', type=int, default=5)
    parser.add_argument('--min-time', default='0.05', help='seconds a repetition takes at least')
    parser.add_argument('--markdown', action='store_true', help='tables for a Markdown file')
    parser.add_argument('--gcc', default='g++', help=argparse.SUPPRESS)
    parser.add_argument('--clang', default='clang++', help=argparse.SUPPRESS)
    options = parser.parse_args()

    known = sorted(path.stem for path in (CHECKOUT / 'bench').glob('*.cpp') if not path.stem.endswith('_torch'))
    unknown = [table for table in options.tables if table not in known]
    if unknown:
        sys.exit(f'no table {" ".join(unknown)}; there are: {" ".join([*known, "compile_time"])}')
    tables = options.tables or known

    RESULTS.mkdir(parents=True, exist_ok=True)
    measured, wrong = {table: [] for table in tables}, 0
    for family in options.compilers:
        folder, programs = configure(family, getattr(options, family))
        for table in tables:
            print(f'{family}: building and running {table}', flush=True)
            if not make(folder, programs[table]):
                sys.exit(1)
            result, errors = run(programs[table], options)
            wrong += errors
            # libtorch's rows: its speed lies in its library, one compiler will do
            torch = programs.get(table + '_torch') if family == options.compilers[0] else None
            if torch and make(folder, torch):
                more, errors = run(torch, options)
                result['benchmarks'] += more['benchmarks']
                wrong += errors
            path = RESULTS / f'{table}-{family}.json'
            path.write_text(json.dumps(result, indent=1))
            measured[table].append(path)
    for table, paths in measured.items():
        print(f'\n{bench_table.text(paths, options.markdown)}')
    print(f'\nmeasurements: {RESULTS.relative_to(CHECKOUT)}/')
    sys.exit(f'{wrong} benchmarks compute something wrong' if wrong else 0)


if __name__ == '__main__':
    main()
