#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Measures what it costs to compile the programs beside this file. Started by bench/run compile_time.

    bench/run compile_time                           every program, compiler and set of flags
    bench/run compile_time residual --compilers gcc --flags=-O3
    bench/run compile_time --repetitions 3           the best of three

A line is one program with one set of flags: user seconds, peak megabytes and kilobytes of the object file, for each
compiler. Comments at the start of a line in a program:
  // depths: 2 8 32 64               it is compiled once for each, with -DDEPTH=N
  // limit: 3.5 s, 300 MB            what it may cost; a cell over its limit ends in '!', and the exit code is 1
  // limit -O3: 3.5 s, 300 MB        the same, for one set of flags
  // limit DEPTH=64: 20 s, 500 MB    the same, for one depth
counts.py, a test, counts what does not depend on the machine.
The results are kept in build/bench/compile_time.json.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CHECKOUT = HERE.parent.parent
sys.path.insert(0, str(CHECKOUT / 'tools'))
import bench_table  # noqa: E402

FLAG_SETS = ['-O3', '-O0 -g', '-O2 -g']


def programs(words):
    """Source, depth or None, and limits of every program to compile."""
    for path in sorted(HERE.glob('*.cpp')):
        if words and not any(word in path.stem for word in words):
            continue
        text = path.read_text()
        limits = {key.strip(): (float(seconds), float(megabytes)) for key, seconds, megabytes in
                  re.findall(r'^// limit([^:]*): *([\d.]+) s, *([\d.]+) MB', text, re.M)}
        depths = re.search(r'^// depths:(.*)$', text, re.M)
        for depth in depths.group(1).split() if depths else [None]:
            yield path, depth, limits


def compile_once(command, target):
    """User seconds, peak megabytes and object kilobytes; seconds is None when it does not compile."""
    with tempfile.TemporaryFile('w+') as errors:
        process = subprocess.Popen(command, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            print(f'{" ".join(command)}\n{"".join(errors.readlines()[:20])}')
            return {'seconds': None, 'megabytes': None, 'kilobytes': None}
    return {'seconds': usage.ru_utime, 'megabytes': usage.ru_maxrss / 1024, 'kilobytes': os.path.getsize(target) / 1024}


def measure(compiler, flags, path, depth, repetitions):
    with tempfile.TemporaryDirectory() as folder:
        target = f'{folder}/object.o'
        command = [*compiler.split(), '-std=c++20', *flags.split(), '-I', str(CHECKOUT / 'include'),
                   *([f'-DDEPTH={depth}'] if depth else []), '-c', str(path), '-o', target]
        runs = [compile_once(command, target)]
        while runs[0]['seconds'] is not None and len(runs) < repetitions:
            runs.append(compile_once(command, target))
    return min(runs, key=lambda run: run['seconds'] or 0)


def exceeds(result, limit):
    return result['seconds'] is None or (limit and (result['seconds'] > limit[0] or result['megabytes'] > limit[1]))


def cell(result, limit):
    if result['seconds'] is None:
        return 'refused!'
    mark = '!' if exceeds(result, limit) else ''
    return f'{result["seconds"]:.2f} s {result["megabytes"]:4.0f} MB {result["kilobytes"]:5.0f} KB{mark}'


def main():
    parser = argparse.ArgumentParser(prog='bench/run compile_time', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('words', nargs='*', metavar='PROGRAM', help='part of the name of a program')
    parser.add_argument('--compilers', nargs='+', choices=['gcc', 'clang'], default=['gcc', 'clang'])
    parser.add_argument('--flags', action='append', help='a set of flags instead of ' + ', '.join(FLAG_SETS))
    parser.add_argument('--depths', nargs='+', help='instead of those that the programs state')
    parser.add_argument('--repetitions', type=int, default=1)
    parser.add_argument('--markdown', action='store_true', help='a table for a Markdown file')
    parser.add_argument('--gcc', default='g++', help=argparse.SUPPRESS)
    parser.add_argument('--clang', default='clang++', help=argparse.SUPPRESS)
    options = parser.parse_args()

    results, too_much = [], 0
    lines = [['program', 'flags', *options.compilers, 'limit']]
    chosen = list(programs(options.words))
    if options.depths:
        once = {path: limits for path, _, limits in chosen if any(depth for _, depth, _ in chosen)}
        chosen = [(path, depth, limits) for path, limits in once.items() for depth in options.depths]
    for path, depth, limits in chosen:
        for flags in options.flags or FLAG_SETS:
            limit = limits.get(f'DEPTH={depth}', limits.get(flags, limits.get('')))
            name = path.stem + (f' {depth}' if depth else '')
            cells = []
            for family in options.compilers:
                result = measure(getattr(options, family), flags, path, depth, options.repetitions)
                results.append({'program': path.stem, 'depth': depth, 'compiler': family, 'flags': flags, **result})
                too_much += bool(exceeds(result, limit))
                cells.append(cell(result, limit))
            lines.append([name, flags, *cells, f'{limit[0]:g} s {limit[1]:g} MB' if limit else '-'])
            print(f'{name} {flags}: {" | ".join(cells)}', file=sys.stderr, flush=True)
    print(bench_table.layout(lines, options.markdown))

    target = CHECKOUT / 'build/bench/compile_time.json'
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(results, indent=1))
    if too_much:
        print(f'{too_much} over the limit or refused')
    return 1 if too_much else 0


if __name__ == '__main__':
    sys.exit(main())
