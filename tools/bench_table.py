#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Prints the tables of benchmark results whose names are TABLE/CONTENDER/ROW.

    bench_table.py [--markdown] build/bench/TABLE-COMPILER.json...

A cell is the median of the repetitions in processor time, which other programs disturb less than the clock, and GFLOP/s
or GB/s where the benchmark has a counter FLOPS or bytes. For a peer it is its best over the compilers. The last columns
say how many times faster than the best peer `ashlar` is with each compiler; under 1 the peer is faster.
"""
import json
import operator
import pathlib
import sys
from dataclasses import dataclass

UNITS = {'ns': 1, 'us': 1e3, 'ms': 1e6, 's': 1e9}
RATES = {'FLOPS': 'GFLOP/s', 'flops': 'GFLOP/s', 'bytes': 'GB/s', 'bytes_per_second': 'GB/s'}  # counters we know
OURS = 'ashlar'


@dataclass
class Measurement:
    nanoseconds: float
    rates: dict

    def __str__(self):
        unit = next((unit for unit in UNITS if self.nanoseconds < 1000 * UNITS[unit]), 's')
        rates = [f', {value:.3g} {name}' for name, value in self.rates.items()]
        return f'{self.nanoseconds / UNITS[unit]:.3g} {unit}{"".join(rates)}'


def measurement(entry):
    rates = {RATES[counter]: value / 1e9 for counter, value in entry.items() if counter in RATES}
    return Measurement(entry['cpu_time'] * UNITS[entry['time_unit']], rates)


def medians(path):
    """(table, contender, row) -> the repetition with the median time, in the order of the source."""
    entries = json.loads(pathlib.Path(path).read_text())['benchmarks']
    entries.sort(key=lambda entry: (entry.get('family_index', 0), entry.get('per_family_instance_index', 0)))
    found = {}
    for entry in entries:
        parts = entry.get('run_name', entry['name']).split('/')
        if entry.get('run_type') != 'aggregate' and not entry.get('error_occurred') and len(parts) >= 3:
            found.setdefault((parts[0], parts[1], '/'.join(parts[2:])), []).append(measurement(entry))
    by_time = operator.attrgetter('nanoseconds')
    return {key: sorted(repetitions, key=by_time)[len(repetitions) // 2] for key, repetitions in found.items()}


def unique(names):
    return list(dict.fromkeys(names))


def table_of(name, results):
    """The lines of one table, the head first; results: compiler -> medians."""
    keys = unique(key for result in results.values() for key in result if key[0] == name)
    peers = unique(contender for _, contender, _ in keys if contender != OURS)
    lines = [[name, *(f'{OURS} {compiler}' for compiler in results), *peers, 'best peer',
              *(f'{compiler}: times faster' for compiler in results)]]
    for row in unique(row for _, _, row in keys):
        ours = [result.get((name, OURS, row)) for result in results.values()]
        best = {}
        for peer in peers:
            found = [result[name, peer, row] for result in results.values() if (name, peer, row) in result]
            if found:
                best[peer] = min(found, key=lambda each: each.nanoseconds)
        winner = min(best, key=lambda peer: best[peer].nanoseconds, default=None)
        ratios = [f'{best[winner].nanoseconds / each.nanoseconds:.2f}' if winner and each else None for each in ours]
        cells = [*ours, *map(best.get, peers), winner, *ratios]
        lines.append([row, *('-' if each is None else str(each) for each in cells)])
    return lines


def layout(lines, markdown=False):
    """Lines of cells as text: the first column to the left, the others to the right."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = [[line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))] for line in lines]
    rule = ['-' * widths[0], *('-' * (width - 1) + ':' for width in widths[1:])]
    if markdown:
        return '\n'.join('| ' + ' | '.join(line) + ' |' for line in [text[0], rule, *text[1:]])
    return '\n'.join('  '.join(line).rstrip() for line in text)


def text(paths, markdown=False):
    results = {pathlib.Path(path).stem.rsplit('-', 1)[-1]: medians(path) for path in paths}
    names = unique(table for result in results.values() for table, _, _ in result)
    return '\n\n'.join(layout(table_of(name, results), markdown) for name in names)


if __name__ == '__main__':
    arguments = sys.argv[1:]
    if not arguments or '--help' in arguments:
        sys.exit(__doc__)
    print(text([word for word in arguments if word != '--markdown'], '--markdown' in arguments))
