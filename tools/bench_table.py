#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Prints the tables of benchmark results whose names are TABLE/CONTENDER/ROW.

    bench_table.py [--markdown] build/bench/TABLE-*.json...

A cell is the median of the repetitions in processor time, which other programs disturb less than the clock; in the
table gemm it is GFLOP/s, in the table memory bytes. In parentheses: percent of the fused multiply-adds that the machine
was seen to do in the same run. A peer that both compilers have built shows both, g++ / clang. `~` marks a median that
half of the repetitions differ from by more than 5%. The last columns say how many times better `ashlar` is with each
compiler than the best peer, whichever compiler has built that: the median of the repetitions' ratios; under 1 the peer
is better. A contender whose name begins with `ashlar` is another form of the same, no peer.
"""
import json
import pathlib
import sys
from dataclasses import dataclass

OURS = 'ashlar'
UNITS = {'ns': 1, 'us': 1e3, 'ms': 1e6, 's': 1e9}
KINDS = {'gemm': 'FLOPS', 'cliffs': 'FLOPS', 'memory': 'peak_bytes'}  # what a table shows, if not the time
UNSTEADY = 0.05
NAMES = {'gcc': 'g++', 'clang': 'clang'}


def median(values):
    return sorted(values)[len(values) // 2]


@dataclass
class Cell:
    """One contender's row of one group of programs; smaller costs are better."""
    kind: str
    nanoseconds: list
    counters: dict
    peak: float

    @property
    def cost(self):
        return self.counters[self.kind] if self.kind == 'peak_bytes' else median(self.nanoseconds)

    @property
    def flops(self):
        """A second, or None where they are not counted."""
        return self.counters['FLOPS'] and self.counters['FLOPS'] / median(self.nanoseconds) * 1e9

    def value(self):
        if self.kind == 'peak_bytes':
            return f'{self.cost:,.0f}'
        ordered = sorted(self.nanoseconds)
        spread = (ordered[3 * len(ordered) // 4] - ordered[len(ordered) // 4]) / 2
        mark = '~' if spread > UNSTEADY * self.cost else ''
        if self.kind == 'FLOPS':
            return f'{mark}{self.flops / 1e9:.3g}'
        unit = next((unit for unit in UNITS if self.cost < 999.5 * UNITS[unit]), 's')
        return f'{mark}{self.cost / UNITS[unit]:.3g} {unit}'

    def share(self):
        """Of the peak."""
        return f' ({self.flops / self.peak:.0%})' if self.flops and self.peak and self.kind != 'peak_bytes' else ''


class Table:
    """The results of one table: cells[contender, row][group]."""

    def __init__(self, name, paths):
        self.name, self.kind = name, KINDS.get(name, 'time')
        self.cells, self.groups, self.contexts, entries = {}, [], {}, []
        for path in map(pathlib.Path, paths):
            group = path.stem.split('-')[-1]
            result = json.loads(path.read_text())
            self.groups.append(group)
            self.contexts[group] = result['context']
            entries += [(group, entry) for entry in result['benchmarks'] if not entry.get('error_occurred')]
        self.groups.sort(key=lambda group: [*NAMES, group].index(group))
        for group, entry in entries:
            table, contender, row = entry['run_name'].split('/', 2)
            if table != name or entry.get('run_type') == 'aggregate':
                continue
            nanoseconds = entry['cpu_time'] * UNITS[entry['time_unit']]
            counters = {'peak_bytes': entry.get('peak_bytes'), 'FLOPS': entry.get('FLOPS', 0) * nanoseconds / 1e9}
            cell = self.cells.setdefault((contender, row), {}).setdefault(
                group, Cell(self.kind, [], counters, self.contexts[group].get('fma_peak_flops')))
            cell.nanoseconds.append(nanoseconds)

    @property
    def rows(self):
        return list(dict.fromkeys(row for _, row in self.cells))

    @property
    def compilers(self):
        return [group for group in self.groups if group in NAMES]

    @property
    def peers(self):
        return list(dict.fromkeys(contender for contender, _ in self.cells if contender != OURS))

    def best_peer(self, row):
        """Its name, the group that it was built in, and its cell; or None."""
        found = [(peer, group, cell) for peer in self.peers if not peer.startswith(OURS)
                 for group, cell in self.cells.get((peer, row), {}).items()]
        return min(found, key=lambda each: each[2].cost, default=None)

    def ratio(self, row, compiler):
        """How many times better Ashlar is than the best peer, or None.

        Both are compared within each repetition, where they were measured one soon after the other: what slows the
        whole machine for a while slows both.
        """
        best, ours = self.best_peer(row), self.cells.get((OURS, row), {}).get(compiler)
        if not best or not ours:
            return None
        if self.kind == 'peak_bytes':
            return best[2].cost / max(ours.cost, 1)
        if len(best[2].nanoseconds) != len(ours.nanoseconds):  # of different runs
            return best[2].cost / ours.cost
        return median([theirs / own for theirs, own in zip(best[2].nanoseconds, ours.nanoseconds)])

    def lines(self):
        """Lists of cells, the head first."""
        what = {'FLOPS': 'GFLOP/s', 'peak_bytes': 'bytes'}.get(self.kind, 'time')
        lines = [[f'{self.name}, {what}', *(f'{OURS} {NAMES[compiler]}' for compiler in self.compilers), *self.peers,
                  'best peer', *(f'{NAMES[compiler]}: times better' for compiler in self.compilers)]]
        for row in self.rows:
            line = [row]
            for compiler in self.compilers:
                cell = self.cells.get((OURS, row), {}).get(compiler)
                line.append(cell.value() + cell.share() if cell else '-')
            for peer in self.peers:
                cells = self.cells.get((peer, row), {})
                line.append(' / '.join(cells[group].value() for group in self.groups if group in cells) or '-')
            best = self.best_peer(row)
            line.append(f'{best[0]} {NAMES.get(best[1], "")}'.strip() if best else '-')
            ratios = [self.ratio(row, compiler) for compiler in self.compilers]
            lines.append(line + ['-' if ratio is None else f'{ratio:.2f}' for ratio in ratios])
        return lines


def layout(lines, markdown=False):
    """Lines of cells as text: the first column to the left, the others to the right."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    text = [[line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))]
            for line in lines]
    rule = ['-' * widths[0], *('-' * (width - 1) + ':' for width in widths[1:])]
    if markdown:
        return '\n'.join('| ' + ' | '.join(line) + ' |' for line in [text[0], rule, *text[1:]])
    return '\n'.join('  '.join(line).rstrip() for line in text)


def peak_line(table):
    peaks = [context['fma_peak_flops'] for context in table.contexts.values() if context.get('fma_peak_flops')]
    reads = [context['second_cache_bytes'] for context in table.contexts.values() if context.get('second_cache_bytes')]
    line = ''
    if peaks:
        line += f'measured peak of this machine, one core: {peaks[0] / 1e9:.1f} GFLOP/s of fused multiply-adds'
    if reads:
        line += f', {reads[0] / 1e9:.1f} GB/s read from the second cache'
    return line


def text(name, paths, markdown=False):
    table = Table(name, paths)
    if name == 'cliffs':
        import bench_cliffs
        return bench_cliffs.text(table) + '\n' + peak_line(table)
    return layout(table.lines(), markdown) + '\n\n' + peak_line(table)


def main():
    paths = [pathlib.Path(word) for word in sys.argv[1:] if word != '--markdown']
    if not paths or '--help' in sys.argv:
        sys.exit(__doc__)
    for name in dict.fromkeys(path.stem.split('-')[0] for path in paths):
        print(text(name, [path for path in paths if path.stem.split('-')[0] == name], '--markdown' in sys.argv), '\n')


if __name__ == '__main__':
    main()
