# SPDX-License-Identifier: BSL-1.0
"""Finds the sizes of matrix products that are much slower than products of nearly the same work. See bench/cliffs."""
import bench_table

WIDTH = 0.25  # neighbours are those of a sweep whose work is nearer than this
LEAST = 16  # smaller sizes differ by nature
CLIFF = 0.6

SWEEPS = [('n x n x n', lambda m, k, n: k if m == k == n else None),
          ('64 x n x 10', lambda m, k, n: k if (m, n) == (64, 10) else None),
          ('1 x n x n', lambda m, k, n: k if m == 1 and k == n else None),
          ('n x 1 x n', lambda m, k, n: m if k == 1 and m == n else None)]


def sweeps(table, compiler):
    """Name of a sweep -> list of (size, row, work, flops a second)."""
    found = {}
    for row in table.rows:
        m, k, n = map(int, row.split('x'))
        cell = table.cells.get((bench_table.OURS, row), {}).get(compiler)
        for name, size_of in SWEEPS:
            size = size_of(m, k, n)
            if cell and size is not None:
                found.setdefault(name, []).append((size, row, 2 * m * k * n, cell.flops))
    return found


def cliffs(sweep):
    """(row, flops a second, mean of the neighbours) of the sizes that fall under the mean."""
    for size, row, work, flops in sweep:
        near = [each[3] for each in sweep if each[0] != size and abs(each[2] - work) <= WIDTH * work]
        if size > LEAST and near and flops < CLIFF * sum(near) / len(near):
            yield row, flops, sum(near) / len(near)


def text(table):
    lines = []
    for compiler in table.compilers:
        for name, sweep in sweeps(table, compiler).items():
            large = [each[3] for each in sweep if each[0] > LEAST]
            lines.append(f'{bench_table.NAMES[compiler]}, {name}, n up to {max(each[0] for each in sweep)}: '
                         f'{bench_table.median(large) / 1e9:.3g} GFLOP/s in the middle, '
                         f'{min(large) / 1e9:.3g} to {max(large) / 1e9:.3g} above n = {LEAST}' if large else name)
            found = list(cliffs(sweep))
            lines += [f'    {row:12} {flops / 1e9:6.3g} GFLOP/s, its neighbours {mean / 1e9:.3g}: {flops / mean:.0%}'
                      for row, flops, mean in found] or [f'    no size under {CLIFF:.0%} of its neighbours']
    return '\n'.join(lines)
