#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Builds and runs the tests in the configurations of the table below. Started by tests/run.

    tests/run                          everything
    tests/run gcc                      the configurations of one compiler
    tests/run clang-debug              one configuration
    tests/run softmax                  tests with 'softmax' in their name, in gcc-release and clang-release
    tests/run sanitize ops/            tests with 'ops/' in their name, in both sanitizer builds
    tests/run --list                   the configurations and how many programs each builds
    tests/run --slow                   the slowest compiles of the last run, to choose what a configuration leaves out

By hand only, as they take long; the files that are named say more:
    tests/run random                   random programs by the thousand beside plain loops (tools/random_programs.py)
    tests/run mutate                   faults put into a copy of the library, which these must find (the same file)
    tests/run models 100 7             100 random models from seed 7 beside plain numbers (tools/random_models.py)
    tests/run sweep                    products of all small extents (tests/support/products_sweep.hpp)

Words that occur in the name of a configuration choose configurations; any other word chooses tests by name, then also
those that a configuration leaves out. A configuration is an ordinary Meson build directory, build/<name>, and can be
used with ninja and meson too. GCC=g++-13 and CLANG=clang++-18 in the environment choose other compilers.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field

import check_headers
import cross
import list_tests
import random_models
import random_programs

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent

# Name, compiler flags, and the labels of the tests built and run there: '!label' leaves tests out. Labels: units (every
# C++ test), its folder (tensor, ops, ...), static (static_asserts only), reject, headers, house, readme, package,
# emission, examples, models (a few random ones; tests/meson.build), and what a file states itself, `// labels:`
#   slow      takes long to build for the sanitizers, and does not depend on the width of vectors
#   heavy     takes minutes to build for the sanitizers of either compiler: those of clang have it
#   text      what is printed, the same in every build: -O0 with both compilers has it
#   types     what the compiler decides by types: likewise, and for the sanitizers
#   widths    what other vectors than this machine's must run, from tools/cross.py's processors to plain x86-64
#   fastmath  what has to hold with -ffast-math, too; tests/support/fast_math.hpp says which numbers are left out then
# Those of the folder sweep take minutes a file: only `tests/run sweep` builds them. Warnings are errors everywhere.
# The order is the order of running. Every test runs with g++ -O0; what the other compiler, optimisation and sanitizers
# can change runs there too. What clang makes of plans shows at -O3. The many tests of ops and derivatives go
# through the same kernels: -O3 has them with clang only.
# -Wno-psabi: g++ for AArch64 otherwise notes what g++ 9 did differently. All in all: some 35 minutes on two cores.
NATIVE = '-O3 -march=native'
DEBUG = '-O0 -g'
FAST = '-O3 -march=native -ffast-math'
SANITIZE = '-O1 -g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'
CONFIGURATIONS = [
    ('gcc-debug', DEBUG, 'units reject headers house readme package !sweep'),
    ('clang-debug', DEBUG, 'tensor kernels expr text types api reject headers package'),
    ('gcc-release', NATIVE,
     'tensor kernels expr plan constant nn optim api random readme examples emission models !text !types'),
    ('clang-release', NATIVE,
     'tensor kernels plan constant optim api ops train random examples emission models !text !types'),
    ('gcc-sse2', '-O3', 'kernels widths !slow !text'),
    ('gcc-aarch64', '-O2 -static -Wno-psabi', 'widths'),
    ('gcc-sanitize', SANITIZE, 'tensor expr plan optim random !slow !heavy !text'),
    ('gcc-fastmath', FAST, 'fastmath'),
    ('clang-fastmath', FAST + ' -Wno-nan-infinity-disabled', 'fastmath'),
    ('clang-sanitize', SANITIZE, 'tensor kernels nn train heavy !slow !text'),
]


@dataclass
class Result:
    passed: int = 0
    failed: int = 0
    failures: list = field(default_factory=list)  # of names

    def add(self, name, passed, failed):
        self.passed += passed
        self.failed += failed
        if failed:
            self.failures.append(name)


def chosen_by(selection, labels):
    words = selection.split()
    return (any(word in labels for word in words)
            and not any('!' + label in words for label in labels))


class Configuration:
    def __init__(self, name, flags, selection, compiler):
        self.name, self.flags, self.selection, self.compiler = name, flags, selection, compiler
        self.folder = CHECKOUT / 'build' / name

    def setup(self):
        """Configures the build directory where it is new, or the table, the compiler or the list of tests changed."""
        version = subprocess.run([self.compiler, '--version'], capture_output=True, text=True).stdout.split('\n')[0]
        key = {'flags': self.flags, 'compiler': f'{self.compiler}: {version}'}
        state = {**key, 'layout': layout()}
        record = self.folder / 'configured.json'
        before = json.loads(record.read_text()) if record.is_file() else {}
        if before == state:
            return
        if any(before.get(name) != value for name, value in key.items()):
            shutil.rmtree(self.folder, ignore_errors=True)
            options = [*cross.options(self.name, CHECKOUT / 'build'), '--buildtype=plain', f'-Dcpp_args={self.flags}',
                       f'-Dcpp_link_args={self.flags}', '-Dwerror=true',
                       '-Dtests=enabled', '-Dexamples=enabled', '-Dbench=disabled']
        else:
            options = ['--reconfigure']
        result = subprocess.run(['meson', 'setup', *options, self.folder, CHECKOUT], capture_output=True, text=True,
                                env=os.environ | {'CXX': self.compiler})
        if result.returncode:
            sys.exit(f'{self.name}: meson setup failed\n{result.stdout}{result.stderr}')
        record.write_text(json.dumps(state))

    def introspect(self, what):
        return json.loads((self.folder / f'meson-info/intro-{what}.json').read_text())

    def tests(self, filters):
        """The chosen tests, each name with the files that must be built for it."""
        files = {target['id']: [os.path.relpath(path, self.folder) for path in target['filename']]
                 for target in self.introspect('targets')}
        chosen = {}
        for test in self.introspect('tests'):
            labels = [suite.split(':')[-1] for suite in test['suite']]
            wanted = any(word in test['name'] for word in filters) if filters else chosen_by(self.selection, labels)
            if wanted:
                chosen[test['name']] = [file for target in test['depends'] for file in files.get(target, [])]
        return chosen

    def build(self, tests):
        """Builds what the tests need, as far as it compiles; returns the names of tests that could not be built."""
        ninja = ['ninja', '-C', str(self.folder)]
        targets = sorted({file for files in tests.values() for file in files})
        if not targets:
            return []
        quiet = [] if sys.stdout.isatty() else ['--quiet']
        if subprocess.run(ninja + quiet + ['-k', '0', *targets]).returncode == 0:
            return []
        return [name for name, files in tests.items() if files and not self.is_built(ninja, files)]

    @staticmethod
    def is_built(ninja, files):
        return 'no work to do' in subprocess.run(ninja + ['-n', *files], capture_output=True, text=True).stdout

    def compile_times(self):
        """Seconds that each object file took when it was last compiled, as Ninja noted them."""
        log = self.folder / '.ninja_log'
        lines = [line.split('\t') for line in log.read_text().split('\n')[1:] if line] if log.is_file() else []
        return {line[3]: (int(line[1]) - int(line[0])) / 1000 for line in lines if line[3].endswith('.o')}

    def run(self, names):
        """Runs tests that are built; yields name, passed, failed and the output of each."""
        log = self.folder / 'meson-logs/testlog.json'
        log.unlink(missing_ok=True)
        if not names:
            return
        subprocess.run(['meson', 'test', '-C', self.folder, '--no-rebuild', '--quiet', *names],
                       env=random_programs.ENVIRONMENT | os.environ,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        entries = [json.loads(line) for line in log.read_text().split('\n') if line] if log.is_file() else []
        finished = set()
        for entry in entries:
            name = entry['name'].split(' / ')[-1]
            finished.add(name)
            output = (entry.get('stdout') or '') + (entry.get('stderr') or '')
            yield (name, *count(entry['result'], output), f'{output.rstrip()}\n({entry["result"]})')
        for name in set(names) - finished:
            yield name, 0, 1, 'it did not run'


def layout():
    """All that Meson reads while it configures, beside its own files."""
    return [*list_tests.listing(CHECKOUT / 'tests'), *check_headers.floors(CHECKOUT / 'include/ashlar'),
            *sorted(str(path) for path in (CHECKOUT / 'examples').glob('*/main.cpp'))]


def count(result, output):
    """Tests passed and failed in one program: Catch2's test cases, or what a script says in its last line."""
    passed = failed = 0
    script = re.findall(r'^(\d+) passed, (\d+) failed$', output, re.M)
    all_passed = re.findall(r'^All tests passed \(.* in (\d+) test cases?\)', output, re.M)
    some = re.findall(r'^test cases: +(\d+) \|(.*)$', output, re.M)
    if script:
        passed, failed = map(int, script[-1])
    elif all_passed:
        passed = int(all_passed[-1])
    elif some:
        failed = sum(map(int, re.findall(r'(\d+) failed(?! as expected)', some[-1][1])))
        passed = int(some[-1][0]) - failed - sum(map(int, re.findall(r'(\d+) skipped', some[-1][1])))
    elif result == 'OK':
        passed = 1
    if result not in ('OK', 'SKIP') and failed == 0:
        failed = 1  # it crashed, or did not end in time
    return passed, failed


def excerpt(lines):
    """A long output without its middle."""
    return lines if len(lines) <= 60 else lines[:40] + ['...'] + lines[-20:]


def examine(configuration, filters):
    """Builds and runs one configuration, says how it went, and returns the result."""
    start = time.monotonic()
    result = Result()
    configuration.setup()
    tests = configuration.tests(filters)
    programs = sum(1 for files in tests.values() if files)
    print(f'{configuration.name}: building {programs} programs', flush=True)
    unbuilt = configuration.build(tests)
    built = time.monotonic()
    for name in unbuilt:
        result.add(name, 0, 1)
        print(f'FAILED {configuration.name} {name}: it does not compile')
    for name, passed, failed, output in configuration.run([name for name in tests if name not in unbuilt]):
        result.add(name, passed, failed)
        if failed:
            print(f'FAILED {configuration.name} {name}:', *excerpt(output.split('\n')), sep='\n    ', flush=True)
    print(f'{configuration.name}: {result.passed} passed, {result.failed} failed; built in {built - start:.0f} s, '
          f'run in {time.monotonic() - built:.0f} s', flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(prog='tests/run', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('words', nargs='*', metavar='WORD', help='part of the name of a configuration or of a test')
    parser.add_argument('--list', action='store_true', help='say what would run, and end')
    parser.add_argument('--slow', action='store_true', help='say what compiled slowly in the last run, and end')
    parser.add_argument('--gcc', default='g++', help=argparse.SUPPRESS)
    parser.add_argument('--clang', default='clang++', help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()

    compilers = {'gcc': options.gcc, 'clang': options.clang}
    by_hand = {'random': random_programs.random_main, 'mutate': random_programs.mutate_main,
               'models': random_models.main}
    if options.words and options.words[0] in by_hand:
        return by_hand[options.words[0]](options.words[1:] + rest, compilers)
    if rest:
        parser.error(f'unknown: {" ".join(rest)}')
    every = [Configuration(name, flags, selection, cross.compiler_of(name, compilers[name.split('-')[0]]))
             for name, flags, selection in CONFIGURATIONS]
    by_configuration = [word for word in options.words if any(word in each.name for each in every)]
    filters = [word for word in options.words if word not in by_configuration]
    if by_configuration:
        parts = [each for each in every if all(word in each.name for word in by_configuration)] \
            or [each for each in every if any(word in each.name for word in by_configuration)]
    else:
        parts = [each for each in every if not filters or each.name.endswith('-release')]

    for each in [each for each in parts if cross.missing(each.name)]:
        print(f'{each.name}: left out, there is no {" and no ".join(cross.missing(each.name))}')
        parts.remove(each)

    if options.list:
        lines = [line.split('|') for line in list_tests.listing(CHECKOUT / 'tests')]
        for each in parts:
            units = [line for line in lines if line[0] != 'reject' and chosen_by(each.selection, line[2].split())]
            print(f'{each.name:16} {each.compiler} {each.flags}\n{"":16} {each.selection} ({len(units)} programs)')
        return 0

    if options.slow:
        for each in parts:
            times = each.compile_times()
            print(f'{each.name}: {sum(times.values()):.0f} s in {len(times)} files')
            for name in sorted(times, key=times.get, reverse=True)[:10]:
                print(f'{times[name]:8.1f} s  {name}')
        return 0

    start = time.monotonic()
    results = {each.name: examine(each, filters) for each in parts}
    passed = sum(result.passed for result in results.values())
    failed = sum(result.failed for result in results.values())
    print()
    for name, result in results.items():
        print(f'{name:16} {result.passed:6} passed {result.failed:6} failed   {" ".join(result.failures)}')
    seconds = int(time.monotonic() - start)
    print(f'{passed + failed} tests ran in {len(results)} configurations, in {seconds // 60} min {seconds % 60} s')
    print(f'{passed} passed, {failed} failed', flush=True)
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
