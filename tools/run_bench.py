#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Builds and runs the benchmarks, and prints their tables. Started by bench/run.

    bench/run                              every table but cliffs
    bench/run gemm                         one table: bench/gemm.cpp, and bench/peers/*/gemm.cpp of installed peers
    bench/run gemm --filter 32x784         only the rows that match a regular expression
    bench/run gemm --compilers gcc         one compiler
    bench/run cliffs                       matrix products whose size is much slower than its neighbours
    bench/run compile_time                 what compiling costs (bench/compile_time/run.py)
    bench/run --report                     every table but cliffs, then bench/RESULTS.md and its figure of what is kept
    bench/run --report --no-run            the page and the figure alone
    bench/run accuracy                     the largest errors of exp, tanh, ... (bench/accuracy/run.py)

Everything is built with -O3 -march=native and runs with one thread on one core. All contenders of a row are measured
one after the other, by both compilers' programs in turn, before the next row; then everything is repeated. So whatever
disturbs the machine meanwhile meets all of them.

The measurements are kept in build/bench/TABLE-PROGRAMS.json, in the form of Google Benchmark: two of them, say of
before and after a change, are compared with its compare.py (/usr/share/benchmark/compare.py benchmarks OLD NEW).
"""
import argparse
import json
import os
import pathlib
import re
import sys
import time

import bench_programs
import bench_report
import bench_table

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = CHECKOUT / 'build/bench'
LAST = ['cliffs', 'compile_time']  # tables that take so long that they must be asked for


def measure(table, programs, options):
    """One table: the results of each of the programs' groups, and how many benchmarks compute something wrong.

    `programs` are of bench_programs.Program. A group is a compiler, or `libraries` for what only one compiler builds.
    """
    min_time = options.min_time or (0.002 if table == 'cliffs' else 0.03)
    running = [bench_programs.Server(program, min_time) for program in programs]
    peak = bench_programs.Server(bench_programs.find(programs, 'peak'), 0.03)
    rows = {}
    for server in running:
        for name in server.names(f'^{table}/'):
            row = name.split('/', 2)[2]
            if re.search(options.filter, name):
                rows.setdefault(row, []).append((server, name))

    wrong, peaks, reads = {}, [], []
    for repetition in range(options.repetitions):
        peaks.append(peak.measure('peak/machine/float')['FLOPS'])
        reads.append(peak.measure('peak/machine/second_cache')['BYTES'])
        for contenders in rows.values():
            turn = repetition % max(len(contenders), 1)  # another one is the first
            for server, name in contenders[turn:] + contenders[:turn]:
                if (server, name) in wrong or server.broken:
                    continue
                entry = server.measure(name)
                if entry is None:
                    continue
                entry |= {'repetitions': options.repetitions, 'repetition_index': repetition}
                server.entries.append(entry)
                if entry.get('error_occurred'):
                    wrong[server, name] = entry['error_message']
    for (server, name), message in wrong.items():
        print(f'wrong result: {server.program.group}: {name}: {message}')

    results = {}
    for server in running:
        result = results.setdefault(server.program.group, {'context': server.context, 'benchmarks': []})
        result['context'] |= server.context | {
            'fma_peak_flops': bench_table.median(peaks), 'second_cache_bytes': bench_table.median(reads),
            'compiler': server.program.compiler, 'machine': bench_programs.machine()}
        result['benchmarks'] += server.entries
    for server in [*running, peak]:
        server.close()
    return results, len(wrong) + sum(server.broken for server in running)


def run_tables(tables, options):
    """Builds and measures; returns the number of errors."""
    built, errors = bench_programs.build(CHECKOUT, tables, {name: getattr(options, name) for name in options.compilers},
                                         options.jobs)
    RESULTS.mkdir(parents=True, exist_ok=True)
    for table in tables:
        programs = [program for program in built if program.has(table)]
        if not any(program.table == table for program in programs):
            continue
        print(f'running {table}', flush=True)
        began = time.monotonic()
        results, wrong = measure(table, programs, options)
        errors += wrong
        for old in RESULTS.glob(f'{table}-*.json'):
            old.unlink()
        paths = []
        for group, result in results.items():
            paths.append(RESULTS / f'{table}-{group}.json')
            paths[-1].write_text(json.dumps(result, indent=1))
        print(f'\n{bench_table.text(table, paths, options.markdown)}\n({time.monotonic() - began:.0f} s)\n', flush=True)
    return errors


def main():
    for table in ('compile_time', 'accuracy'):  # tables that have nothing to do with speed
        if table in sys.argv[1:]:
            arguments = [word for word in sys.argv[1:] if word != table]
            os.execv(sys.executable, [sys.executable, str(CHECKOUT / f'bench/{table}/run.py'), *arguments])

    parser = argparse.ArgumentParser(prog='bench/run', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('tables', nargs='*', metavar='TABLE')
    parser.add_argument('--compilers', nargs='+', choices=['gcc', 'clang'], default=['gcc', 'clang'])
    parser.add_argument('--filter', default='.', help='regular expression for the names of benchmarks')
    parser.add_argument('--repetitions', type=int, default=7)
    parser.add_argument('--min-time', type=float,
                        help='seconds that one measurement takes at least (0.03; cliffs: 0.002)')
    parser.add_argument('--markdown', action='store_true', help='tables for a Markdown file')
    parser.add_argument('--jobs', type=int, help='compilers that run at once')
    parser.add_argument('--report', action='store_true', help='write bench/RESULTS.md and its figure, after the run')
    parser.add_argument('--no-run', action='store_true', help='nothing is measured')
    parser.add_argument('--gcc', default='g++', help=argparse.SUPPRESS)
    parser.add_argument('--clang', default='clang++', help=argparse.SUPPRESS)
    options = parser.parse_args()

    known = bench_programs.tables(CHECKOUT)
    unknown = [table for table in options.tables if table not in known]
    if unknown:
        sys.exit(f'no table {" ".join(unknown)}; there are: {" ".join([*known, "compile_time", "accuracy"])}')
    tables = options.tables or [table for table in known if table not in LAST]
    tables = [] if options.no_run else tables

    errors = run_tables(tables, options) if tables else 0
    if tables:
        print(f'measurements: {RESULTS.relative_to(CHECKOUT)}/')
    if options.report:
        bench_report.write(CHECKOUT, RESULTS)
    sys.exit(f'{errors} benchmarks or programs failed' if errors else 0)


if __name__ == '__main__':
    main()
