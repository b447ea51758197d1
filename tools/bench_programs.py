# SPDX-License-Identifier: BSL-1.0
"""The programs of the benchmarks: what there is, building, and asking a running one for single measurements."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass

FLAGS = '-O3 -march=native'
THREADS = ['OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'DNNL_NUM_THREADS', 'GOTO_NUM_THREADS']
ONE_THREAD = {name: '1' for name in THREADS}
# Peers whose speed lies in a library: one compiler will do. The headers of the others are built by both.
LIBRARIES = ['blas', 'torch']


@dataclass
class Program:
    path: pathlib.Path
    group: str  # gcc, clang or libraries
    compiler: str
    table: str  # of a program with Ashlar, else None
    peer_tables: list  # of a peer's program

    def has(self, table):
        return table == self.table or table in self.peer_tables


def tables(checkout):
    """The names of all tables, in the order of the report."""
    order = ['gemm', 'elementwise', 'mlp', 'training', 'lenet', 'layers', 'memory']
    found = [path.stem for path in (checkout / 'bench').glob('*.cpp') if path.stem != 'peak'] + ['cliffs']
    return sorted(found, key=lambda name: (order.index(name) if name in order else len(order), name))


def peers(checkout):
    """Peer -> the tables that it has rows for."""
    return {folder.name: [path.stem for path in folder.glob('*.cpp')]
            for folder in sorted((checkout / 'bench/peers').iterdir()) if folder.is_dir()}


PACKAGES = {'Eigen': 'libeigen3-dev', 'OpenBLAS': 'libopenblas-dev', 'libxsmm': 'libxsmm-dev', 'oneDNN': 'libdnnl-dev',
            'xtensor': 'libxtensor-dev', 'xsimd': 'libxsimd-dev', 'dlib': 'libdlib-dev', 'libtorch': 'libtorch-dev',
            'glibc': 'libc6'}


def machine():
    """What the report says about it: the processor, and the versions of the peers where Debian's packages tell."""
    result = {'peers': {}}
    cpus = pathlib.Path('/proc/cpuinfo')
    if cpus.exists():
        found = re.search(r'model name\s*: (.*)', cpus.read_text())
        result['cpu'] = found.group(1) if found else 'unknown'
    if shutil.which('dpkg-query'):
        for name, package in PACKAGES.items():
            answer = subprocess.run(['dpkg-query', '-W', '-f=${Version}', package], capture_output=True, text=True)
            if answer.returncode == 0 and answer.stdout:
                result['peers'][name] = answer.stdout
    return result


def find(programs, table):
    """The program `table` beside some other one."""
    path = min(programs, key=lambda program: program.group != 'gcc').path
    build = next(parent for parent in path.parents if (parent / 'build.ninja').is_file())
    return Program(build / 'bench' / f'bench_{table}', 'machine', '', table, [])


def configure(checkout, family, compiler):
    """Configures a build directory, and says which peers are missing; returns it and its programs, name and path."""
    folder = checkout / 'build' / f'bench-{family}'
    if not (folder / 'build.ninja').is_file():
        options = ['--buildtype=plain', f'-Dcpp_args={FLAGS}',
                   '-Dbench=enabled', '-Dtests=disabled', '-Dexamples=disabled']
    else:
        options = ['--reconfigure']
    result = subprocess.run(['meson', 'setup', *options, folder, checkout], env=os.environ | {'CXX': compiler},
                            capture_output=True, text=True)
    if result.returncode:
        sys.exit(result.stdout + result.stderr)
    for line in result.stdout.split('\n'):
        if 'peer not found' in line:
            print(line.strip().replace('Message: ', f'{family}: '))
    targets = json.loads((folder / 'meson-info/intro-targets.json').read_text())
    return folder, {target['name'].removeprefix('bench_'): pathlib.Path(target['filename'][0])
                    for target in targets if target['name'].startswith('bench_')}


def build(checkout, wanted, compilers, jobs):
    """Builds the programs of some tables; returns them and the number of those that cannot be built."""
    programs, failed = [], 0
    for family, compiler in compilers.items():
        folder, found = configure(checkout, family, compiler)
        version = subprocess.run([compiler, '--version'], capture_output=True, text=True).stdout.split('\n')[0]
        chosen = [Program(found[table], family, version, table, []) for table in wanted if table in found]
        for peer, rows in peers(checkout).items():
            library = peer in LIBRARIES
            elsewhere = library and family != next(iter(compilers))
            if f'peer_{peer}' in found and set(rows) & set(wanted) and not elsewhere:
                chosen.append(Program(found[f'peer_{peer}'], 'libraries' if library else family, version, None, rows))
        print(f'{family}: building {" ".join(program.path.name for program in chosen)}', flush=True)
        everything = [os.path.relpath(path, folder) for path in [found['peak'], *(program.path for program in chosen)]]
        count = [f'-j{jobs}'] if jobs else []
        result = subprocess.run(['ninja', '-C', folder, '-k0', *count, *everything], capture_output=True, text=True)
        if result.returncode:
            print('\n'.join(result.stdout.split('\n')[:60]))
        for program, target in zip(chosen, everything[1:]):
            # up to date, or it could not be built
            if result.returncode and 'no work to do' not in subprocess.run(
                    ['ninja', '-C', folder, '-n', target], capture_output=True, text=True).stdout:
                print(f'{family}: going on without {program.path.name}')
                failed += 1
            else:
                programs.append(program)
    return programs, failed


class Server:
    """A running program that measures what it is asked for."""

    def __init__(self, program, min_time):
        self.program, self.entries, self.context, self.broken = program, [], {}, False
        environment = dict(os.environ) | ONE_THREAD
        core = max(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else None
        self.options = {'env': environment, 'text': True,
                        'preexec_fn': (lambda: os.sched_setaffinity(0, {core})) if core is not None else None}
        self.process = subprocess.Popen([program.path, '--serve', f'--benchmark_min_time={min_time}'], **self.options,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def names(self, pattern):
        result = subprocess.run([self.program.path, '--benchmark_list_tests', f'--benchmark_filter={pattern}'],
                                **self.options, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if result.returncode:
            print(f'{self.program.path.name} ended with {result.returncode}')
            self.broken = True
        return list(dict.fromkeys(result.stdout.split()))

    def measure(self, name):
        """Google Benchmark's entry, or None when the program has ended."""
        try:
            self.process.stdin.write(f'{name}\n')
            self.process.stdin.flush()
            lines = []
            for line in iter(self.process.stdout.readline, '\f\n'):
                if not line:
                    raise BrokenPipeError
                lines.append(line)
        except BrokenPipeError:
            print(f'{self.program.path.name} ended at {name}')
            self.broken = True
            return None
        answer = json.loads(''.join(lines))
        self.context = self.context or answer['context']
        return answer['benchmarks'][0]

    def close(self):
        if not self.broken:
            self.process.stdin.close()
        self.process.wait()
