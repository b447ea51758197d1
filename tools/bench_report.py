# SPDX-License-Identifier: BSL-1.0
"""Writes bench/RESULTS.md and bench/results.svg from the kept measurements. In the page, everything from the heading
HAND on is written by hand and stays."""
import subprocess

import bench_programs
import bench_table

HAND = '## What was learnt'
ABOUT = {
    'gemm': 'Products of row-major matrices, M x K x N. Nobody has packed anything before. `openblas` is its gemv '
            'where M is 1; `onednn` is a matmul primitive made before, `onednn_sgemm` the older function; `libxsmm` '
            'is code generated before for the very shape.',
    'elementwise': '`relu(a*x+b) - c*c`, `tanh(a*x+b) * sigmoid(c)` and `exp(x)` of vectors. `libm` is a loop that '
                   'calls the C library, `libmvec` one of its vector functions.',
    'mlp': 'Inference of one input vector; layers of these widths. `torch_frozen` is a frozen script.',
    'training': 'One step: forward, backward, stochastic gradient descent, with a batch bN; ce is cross entropy. '
                'Eigen, the loop and Ashlar take its targets as probabilities; `ashlar_classes`, dlib and libtorch '
                'as numbers of classes.',
    'lenet': 'Images 1 x 28 x 28, convolution to 8 channels (5 x 5), ReLU, maximum of 2 x 2, convolution to 16 (5 x '
             '5), ReLU, maximum of 2 x 2, linear to 10.',
    'layers': 'Layers in their training form without dropout: forward, and a step (forward, backward, stochastic '
              'gradient descent on the squared error); of attention the forward. The encoder layer has 4 heads and '
              '256 hidden units, for 32 places of 8 sequences.',
    'memory': 'What a training step holds at once beyond parameters and data. Ashlar: the workspace and the heap. '
              'libtorch: its tensors (activations, gradients, temporaries), without what libraries below it '
              'allocate.',
    'cliffs': 'Matrix products whose size is much slower than its neighbours of nearly the same work.',
}


def tables(checkout, results):
    for name in bench_programs.tables(checkout):
        paths = sorted(results.glob(f'{name}-*.json'))
        if paths:
            yield bench_table.Table(name, paths), paths


def head(found):
    contexts = [context for table, _ in found for context in table.contexts.values()]
    machine = contexts[0].get('machine', {})
    peaks = [context['fma_peak_flops'] / 1e9 for context in contexts]
    reads = [context['second_cache_bytes'] / 1e9 for context in contexts if context.get('second_cache_bytes')]
    read = f' and to read {min(reads):.1f} to {max(reads):.1f} GB/s from the second cache' if reads else ''
    caches = ', '.join(f'L{cache["level"]} {cache["size"] // 1024} KiB' for cache in contexts[0]['caches']
                       if cache['type'] != 'Instruction')
    days = sorted({context['date'][:10] for context in contexts})
    compilers = sorted({context['compiler'] for context in contexts}, reverse=True)
    versions = ', '.join(f'{name} {version}' for name, version in machine.get('peers', {}).items())
    return f'''# Results

Written by `./bench/run --report` after a run of `./bench/run`, which repeats it all; what is under the last heading is
written by hand.

- Machine: {machine.get('cpu', 'unknown')}, one core of {contexts[0]['num_cpus']}; {caches}; {", ".join(days)}
- It was seen to do {min(peaks):.1f} to {max(peaks):.1f} GFLOP/s of fused multiply-adds{read}, once for each table.
- Compilers: {'; '.join(compilers)}; all with `{bench_programs.FLAGS}`
- Peers: {versions}

Every result is compared with a reference in double before it is timed. All contenders of a row are measured one after
the other on one core with one thread, then the next row; all that is repeated. Cells are medians in processor time, in
parentheses percent of the peak. A peer that both compilers have built shows both, g++ / clang. `~` marks a median that
half of the repetitions differ from by more than {bench_table.UNSTEADY:.0%}. *Times better* is beside the best peer,
whichever compiler has built that, within each repetition, and the median of these ratios: under 1 the peer is better.
Gaps under 10% are ties. Times of other machines differ; ratios are what to read.

![How many times faster than the best peer, for each row and compiler](results.svg)
'''


def write(checkout, results):
    found = list(tables(checkout, results))
    if not found:
        raise SystemExit('nothing was measured yet: ./bench/run')
    page = checkout / 'bench/RESULTS.md'
    kept = page.read_text().partition(HAND)[2] if page.exists() else '\n'
    parts = [head(found)]
    for table, paths in found:
        text = bench_table.text(table.name, paths, markdown=True).rpartition('\n\n')[0]
        if table.name == 'cliffs':
            text = f'```text\n{bench_table.text(table.name, paths)}\n```'
        parts.append(f'## {table.name}\n\n{ABOUT.get(table.name, "")}\n\n{text}\n')
    page.write_text('\n'.join(parts) + f'\n{HAND}{kept}')
    print(f'written: {page.relative_to(checkout)}')
    figure(checkout, [table for table, _ in found if table.name not in ('cliffs', 'memory')])


def figure(checkout, found):
    """Bars from 1 to how many times faster Ashlar is, one for each compiler, by gnuplot."""
    blocks, tics, labels, y = {compiler: [] for compiler in bench_table.NAMES}, [], [], 0.0
    for table in found:
        y += 0.8
        labels.append(f"set label '{table.name}' at graph -0.02,first {y} right font ',13' noenhanced")
        for row in table.rows:
            ratios = {compiler: table.ratio(row, compiler) for compiler in table.compilers}
            if not any(ratios.values()):
                continue
            y += 1
            tics.append(f"'{row}' {y}")
            labels.append(f"set label '{table.best_peer(row)[0]}' at graph 1.01,first {y} left font ',10' noenhanced")
            for place, (compiler, ratio) in enumerate(ratios.items()):
                if ratio:
                    low = y - 0.4 + 0.4 * place
                    blocks[compiler].append(f'1 {y} {min(1, ratio)} {max(1, ratio)} {low} {low + 0.4}')
        y += 0.4
    if not tics:
        return
    data = '\n'.join(f'${compiler} << EOD\n' + '\n'.join(lines) + '\nEOD'
                     for compiler, lines in blocks.items() if lines)
    colors = {'gcc': '#3b6ea5', 'clang': '#d9822b'}
    plots = ', '.join(f"${compiler} using 1:2:3:4:5:6 with boxxyerror fillstyle solid noborder "
                      f"linecolor rgb '{colors[compiler]}' title '{bench_table.NAMES[compiler]}'"
                      for compiler, lines in blocks.items() if lines)
    newline = '\n'
    top = 1.05 * max(2.0, *(float(line.split()[3]) for lines in blocks.values() for line in lines))
    script = f'''set terminal svg size 800,{int(110 + 17 * y)} background '#ffffff' font 'sans-serif,11'
{data}
set logscale x 2
set xrange [*:{top}]
set yrange [{y + 0.6}:0]
set ytics ({', '.join(tics)}) noenhanced scale 0
set xtics 2
set mxtics 1
set grid xtics linecolor rgb '#cccccc'
set arrow from 1,graph 0 to 1,graph 1 nohead linecolor rgb '#000000' front
set lmargin 26
set rmargin 16
set key outside top center horizontal
set xlabel 'times as fast as the best peer, which is named at the right'
{newline.join(labels)}
plot {plots}
'''
    try:
        picture = subprocess.run(['gnuplot'], input=script, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        print('no figure: gnuplot is not installed')
        return
    except subprocess.CalledProcessError as error:
        print('no figure:', error.stderr)
        return
    (checkout / 'bench/results.svg').write_text(picture.stdout)
    print('written: bench/results.svg')
