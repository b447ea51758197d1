#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Prints the tables of benchmark results whose names are TABLE/CONTENDER/ROW.

    bench_table.py [--markdown] build/bench/TABLE-COMPILER.json...

A cell is the median of the repetitions, and GFLOP/s or GB/s where the benchmark has a counter FLOPS or bytes. For a peer
it is its best over the compilers. The last columns say how many times faster than the best peer `ashlar` is with each
compiler; under 1 the peer is faster.
"""
import json
import pathlib
import statistics
import sys

UNITS = {'ns': 1, 'us': 1e3, 'ms': 1e6, 's': 1e9}
OURS = 'ashlar'


def medians(path):
    """(table, contender, row) -> (nanoseconds, rates of the median repetition)."""
    found = {}
    entries = json.loads(pathlib.Path(path).read_text())['benchmarks']
    entries.sort(key=lambda entry: (entry.get('family_index', 0), entry.get('per_family_instance_index', 0)))  # as in the source
    for entry in entries:
        parts = entry.get('run_name', entry['name']).split('/')
        if entry.get('run_type') == 'aggregate' or entry.get('error_occurred') or len(parts) < 3:
            continue
        rates = {name: entry[key] / 1e9 for name, key in
                 (('GFLOP/s', 'FLOPS'), ('GFLOP/s', 'flops'), ('GB/s', 'bytes_per_second'), ('GB/s', 'bytes')) if key in entry}
        key = (parts[0], parts[1], '/'.join(parts[2:]))
        found.setdefault(key, []).append((entry['real_time'] * UNITS[entry['time_unit']], rates))
    return {key: (statistics.median(time for time, _ in entries), sorted(entries, key=lambda entry: entry[0])[len(entries) // 2][1])
            for key, entries in found.items()}


def duration(nanoseconds):
    for unit in 'ns', 'us', 'ms':
        if nanoseconds < 1000 * UNITS[unit]:
            break
    else:
        unit = 's'
    return f'{nanoseconds / UNITS[unit]:.3g} {unit}' if nanoseconds < 1e3 * UNITS[unit] else f'{nanoseconds / UNITS[unit]:.0f} {unit}'


def cell(entry):
    if entry is None:
        return '-'
    time, rates = entry
    return ', '.join([duration(time), *(f'{value:.3g} {name}' for name, value in rates.items())])


def tables(paths):
    """Name of each table with its lines, the head first."""
    results = {pathlib.Path(path).stem.rsplit('-', 1)[-1]: medians(path) for path in paths}  # by compiler
    keys = list(dict.fromkeys(key for result in results.values() for key in result))
    for table in dict.fromkeys(key[0] for key in keys):
        rows = list(dict.fromkeys(key[2] for key in keys if key[0] == table))
        peers = list(dict.fromkeys(key[1] for key in keys if key[0] == table and key[1] != OURS))
        lines = [[table, *(f'{OURS} {name}' for name in results), *peers, 'best peer', *(f'{name}: times faster' for name in results)]]
        for row in rows:
            ours = {name: result.get((table, OURS, row)) for name, result in results.items()}
            best = {}
            for peer in peers:
                entries = [result[table, peer, row] for result in results.values() if (table, peer, row) in result]
                if entries:
                    best[peer] = min(entries, key=lambda entry: entry[0])
            winner = min(best, key=lambda peer: best[peer][0]) if best else None
            ratios = [f'{best[winner][0] / entry[0]:.2f}' if winner and entry else '-' for entry in ours.values()]
            lines.append([row, *(cell(entry) for entry in ours.values()), *(cell(best.get(peer)) for peer in peers), winner or '-', *ratios])
        yield table, lines


def layout(lines, markdown=False):
    """Lines of cells as text: the first column to the left, the others to the right."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = [[cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(line, widths))]
            for line in lines]
    rule = [('-' * width) if column == 0 else '-' * (width - 1) + ':' for column, width in enumerate(widths)]
    if markdown:
        return '\n'.join('| ' + ' | '.join(line) + ' |' for line in [text[0], rule, *text[1:]])
    return '\n'.join('  '.join(line).rstrip() for line in text)


def text(paths, markdown=False):
    return '\n\n'.join(layout(lines, markdown) for _, lines in tables(paths))


if __name__ == '__main__':
    arguments = sys.argv[1:]
    if not arguments or '--help' in arguments:
        sys.exit(__doc__)
    print(text([word for word in arguments if word != '--markdown'], '--markdown' in arguments))
