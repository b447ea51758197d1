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
    tests/run all                      everything, and then all of these

Files that are alike are compiled as one (tools/join_tests.py). What fails that way is built and run again file by file,
so that a failure has the name of its file; so are tests that are chosen by name.

Words that occur in the name of a configuration choose configurations; any other word chooses tests by name, then also
those that a configuration leaves out. A configuration is an ordinary Meson build directory, build/<name>, and can be
used with ninja and meson too. Where ccache is installed, what it keeps is not compiled again
(tools/compile_cache.py), and where Linux gives huge pages, compilers have them (tools/huge_pages.py). GCC=g++-13 and
CLANG=clang++-18 in the environment choose other compilers.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import check_headers
import compile_cache
import cross
import huge_pages
import join_tests
import list_tests
import random_models
import random_programs

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent

# Name, compiler flags, and the labels of the tests built and run there: 'plan+text' means both labels, '!label' leaves
# tests out. Labels: units (every C++ test), its folder (tensor, ops, ...), static (static_asserts only), reject,
# headers (umbrellas: those that include the others), house, readme, package, emission, cost, examples, models (a few
# random ones; tests/meson.build), and what a file states itself, `// labels:`
#   slow      takes long to build for the sanitizers, and does not depend on the width of vectors
#   heavy     takes minutes to build for the sanitizers of either compiler: those of clang have it
#   text      what is printed, the same in every build: -O0 with both compilers has it
#   types     what the compiler decides by types: once with each compiler, and for the sanitizers
#   widths    what other vectors than this machine's must run, from tools/cross.py's processors to plain x86-64
#   fastmath  what has to hold with -ffast-math, too; tests/support/fast_math.hpp says which numbers are left out then
# Those of the folder sweep take minutes a file: only `tests/run sweep` builds them. Warnings are errors everywhere.
# The order is the order of running. A test is in as few configurations as can see different faults:
#   Every one is compiled by g++, and all but a few by clang. What they make of plans shows at -O3, with both.
#   g++ -O0 takes two and three times as long as -O3 for programs of large expressions, as it keeps all their functions.
#   The same g++ with the sanitizers, for the same plain x86-64, sees what it would (plan, optim), and so does -O3 for
#   the many tests of ops. Whole programs, and a test of every operation, are compiled at -O0.
#   The many tests of ops and derivatives go through the same kernels: -O3 for this processor has them with clang only.
#   What builds with flags of its own (readme, package, headers, ...) runs once with a compiler.
# -Wno-psabi: g++ for AArch64 otherwise notes what g++ 9 did differently. Debug information is made by one compiler: it
# is not looked at, and costs a seventh of the time.
# With the sanitizers, g++ takes half again as long for -O1 as for -Og, which checks the same, but takes variables for
# uninitialized that are not: -O3 has that warning. object-size is more than a quarter of clang's time for them: what it
# finds, AddressSanitizer does, and g++ has it. It has to come behind what it is taken from.
NATIVE = '-O3 -march=native'
FAST = '-O3 -march=native -ffast-math'
SANITIZE = '-g1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'
CONFIGURATIONS = [
    ('gcc-debug', '-O0',
     'tensor kernels expr constant grad train api text static ops+widths reject headers house cost readme package'),
    ('clang-debug', '-O0 -g', 'tensor kernels expr text types api reject umbrellas cost package !nn+types'),
    ('gcc-release', NATIVE,
     'tensor kernels expr plan constant nn optim api random examples emission models !text !static'),
    ('clang-release', NATIVE,
     'tensor kernels plan constant optim api ops train random examples emission models !text !types'),
    ('gcc-sse2', '-O3', 'kernels ops widths !slow !text'),
    ('gcc-aarch64', '-O2 -static -Wno-psabi', 'widths'),
    ('gcc-sanitize', '-Og -Wno-maybe-uninitialized ' + SANITIZE, 'tensor expr plan optim random !slow !heavy !text'),
    ('gcc-fastmath', FAST, 'fastmath'),
    ('clang-fastmath', FAST + ' -Wno-nan-infinity-disabled', 'fastmath'),
    ('clang-sanitize', f'-O1 {SANITIZE} -fno-sanitize=object-size', 'tensor kernels nn train heavy !slow !text'),
]


WORKERS = os.cpu_count() or 1

# g++ collects its garbage from 128 MB on, again and again: a sixth of the time. 2 GB at most before it does.
MEMORY = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')
UNCOLLECTED = f'--param=ggc-min-heapsize={min(2_000_000, MEMORY // 1024 // WORKERS // 3)}'

# About how long tests take that are not built from a file of theirs, beside the bytes of those that are; and how much
# longer than at -O0 a configuration takes. Only the order of the work depends on it.
COSTS = {'readme': 30_000, 'package': 10_000, 'emission': 30_000, 'compile_cost': 20_000, 'models': 40_000,
         'headers': 5_000, 'examples': 10_000, 'house': 1_000}
FACTORS = {'-fsanitize': 2.5, '-O3': 2, '-O2': 1.5}
CHUNK = 26_000  # of such bytes are built and run by a worker before it looks for more


@dataclass
class Result:
    passed: int = 0
    failed: int = 0
    failures: list = field(default_factory=list)  # of names
    seconds: float = 0  # of a processor

    def add(self, name, passed, failed):
        self.passed += passed
        self.failed += failed
        if failed:
            self.failures.append(name)


@dataclass
class Test:
    name: str
    command: list
    timeout: float
    folder: str
    environment: dict
    files: list  # that must be built for it
    cost: float
    parts: list = field(default_factory=list)  # the tests that are joined in it


def chosen_by(selection, labels):
    words = selection.split()
    matching = [word for word in words if all(label in labels for label in word.lstrip('!').split('+'))]
    return bool(matching) and not any(word.startswith('!') for word in matching)


def process(command, timeout=None, **options):
    """A process with its children: exit code (None when it took too long), output, and seconds of a processor."""
    with tempfile.TemporaryFile() as output:
        started = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True, **options)
        late = threading.Event()
        timer = threading.Timer(timeout or 1e6, lambda: (late.set(), os.killpg(started.pid, signal.SIGKILL)))
        timer.start()
        try:
            _, status, usage = os.wait4(started.pid, 0)
        finally:
            timer.cancel()
        started.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors='replace')
    return None if late.is_set() else started.returncode, text, usage.ru_utime + usage.ru_stime


class Configuration:
    def __init__(self, name, flags, selection, compiler):
        self.name, self.flags, self.selection, self.compiler = name, flags, selection, compiler
        self.compiling = {}  # what of the environment is for compilers only
        self.folder = CHECKOUT / 'build' / name
        self.result = Result()
        self.chunks = []  # of tests with programs, the longest first: for one worker at a time
        self.scripts = []  # chunks of a test that builds nothing here: for any worker
        self.busy = False  # with a chunk
        self.open = 0  # chunks and scripts that workers have now
        self.jobs = 1  # compilers that Ninja runs at once
        if name.startswith('gcc'):
            self.flags += ' ' + UNCOLLECTED

    def setup(self):
        """Configures the build directory where it is new, or the table, the compiler or the list of tests changed."""
        version = subprocess.run([self.compiler, '--version'], capture_output=True, text=True).stdout.split('\n')[0]
        key = {'flags': self.flags, 'compiler': f'{self.compiler}: {version}', 'ccache': compile_cache.CCACHE}
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
        code, output, seconds = process(['meson', 'setup', *options, self.folder, CHECKOUT],
                                        env=os.environ | {'CXX': ' '.join([*compile_cache.launcher(), self.compiler])})
        self.result.seconds += seconds
        if code:
            raise SystemExit(f'{self.name}: meson setup failed\n{output}')
        record.write_text(json.dumps(state))

    def introspect(self, what):
        return json.loads((self.folder / f'meson-info/intro-{what}.json').read_text())

    def tests(self, filters):
        """The chosen tests, by name: joined, where none is chosen by its name."""
        files = {target['id']: [os.path.relpath(path, self.folder) for path in target['filename']]
                 for target in self.introspect('targets')}
        groups = {name: members for name, _, _, members in join_tests.groups(CHECKOUT / 'tests')}
        chosen, joined = {}, {}
        for entry in self.introspect('tests'):
            name = entry['name']
            labels = [suite.split(':')[-1] for suite in entry['suite']]
            command = entry['cmd']
            if command[0].startswith(str(self.folder)):
                command = cross.emulator_of(self.name) + command
            source = CHECKOUT / 'tests' / (name + '.cpp')
            cost = source.stat().st_size if source.is_file() else COSTS.get(name.split('/')[0], 0)
            test = Test(name, command, entry['timeout'], entry['workdir'], entry['env'],
                        [file for target in entry['depends'] for file in files.get(target, [])], cost)
            if 'joined' in labels:
                joined[name] = test
            elif any(word in name for word in filters) if filters else chosen_by(self.selection, labels):
                chosen[name] = test
        if not filters:
            for name, members in groups.items():
                if all(member in chosen for member in members):
                    joined[name].parts = [chosen.pop(member) for member in members]
                    joined[name].cost = sum(part.cost for part in joined[name].parts)
                    chosen[name] = joined[name]
        return chosen

    def prepare(self, filters):
        """Deals the chosen tests to chunks, and says how many programs there are."""
        self.setup()
        tests = sorted(self.tests(filters).values(), key=lambda test: -test.cost)
        largest = CHUNK if self.jobs == 1 else 20 * CHUNK
        for test in tests:
            if not test.files:
                self.scripts.append([test])
                continue
            if not self.chunks or sum(each.cost for each in self.chunks[-1]) + test.cost > largest:
                self.chunks.append([])
            self.chunks[-1].append(test)
        return sum(1 for test in tests if test.files)

    def take(self):
        """The next chunk for a worker."""
        self.open += 1
        if self.chunks and not self.busy:
            self.busy = True
            return self.chunks.pop(0)
        return self.scripts.pop(0)

    def remaining(self):
        factor = next((factor for flag, factor in FACTORS.items() if flag in self.flags), 1)
        return factor * sum(test.cost for chunk in self.chunks + self.scripts for test in chunk)

    def build(self, tests):
        """Builds what the tests need, as far as it compiles: those that could not be built, and what was said."""
        ninja = ['ninja', '-C', self.folder]
        targets = sorted({file for test in tests for file in test.files})
        if not targets:
            return [], ''
        code, output, seconds = process(ninja + ['--quiet', '-j', self.jobs, '-k', '0', *targets],
                                        env=os.environ | self.compiling)
        self.result.seconds += seconds
        if code == 0:
            return [], output
        return [test for test in tests if test.files
                and 'no work to do' not in process(ninja + ['-n', *test.files])[1]], output

    def run(self, test):
        """Passed, failed and the output of a test that is built."""
        environment = random_programs.ENVIRONMENT | os.environ | test.environment
        if not test.files:  # a script, which starts compilers
            environment |= self.compiling
        code, output, seconds = process(test.command, test.timeout, cwd=test.folder or self.folder, env=environment)
        self.result.seconds += seconds
        result = {0: 'OK', 77: 'SKIP', None: f'no end after {test.timeout} s'}.get(code, f'exit code {code}')
        return *count(result, output), f'{output.rstrip()}\n({result})'

    def examine(self, tests):
        """Builds and runs tests, and says what is wrong with them."""
        unbuilt, output = self.build(tests)
        for test in tests:
            compiles = test not in unbuilt
            passed, failed, said = self.run(test) if compiles else (0, 1, output)
            if failed and test.parts:
                self.one_by_one(test, compiles, said)
                continue
            self.result.add(test.name, passed, failed)
            if failed:
                what = '' if compiles else ' it does not compile'
                say(f'FAILED {self.name} {test.name}:{what}', *excerpt(said.split('\n')))

    def one_by_one(self, joined, compiles, said):
        """Finds the file that makes joined tests fail."""
        say(f'{self.name}: {joined.name} {"fails" if compiles else "does not compile"}; its files one by one:')
        failed = self.result.failed
        self.examine(joined.parts)
        if self.result.failed == failed and compiles:
            self.result.add(joined.name, 0, 1)
            say(f'FAILED {self.name} {joined.name}: each of its files passes, but not all in one program',
                *excerpt(said.split('\n')))
        elif self.result.failed == failed:
            say(f'{self.name}: they pass, but do not compile together: mend that, or label a file `alone`:',
                *excerpt(said.split('\n')))

    def compile_times(self):
        """Seconds that each object file took when it was last compiled, as Ninja noted them."""
        log = self.folder / '.ninja_log'
        lines = [line.split('\t') for line in log.read_text().split('\n')[1:] if line] if log.is_file() else []
        return {line[3]: (int(line[1]) - int(line[0])) / 1000 for line in lines if line[3].endswith('.o')}


def say(first, *lines):
    """Lines that stay together, also when another worker speaks."""
    sys.stdout.write('\n    '.join([first, *lines]) + '\n')
    sys.stdout.flush()


def layout():
    """All that Meson reads while it configures, beside its own files."""
    return [*list_tests.listing(CHECKOUT / 'tests'), *map(str, join_tests.groups(CHECKOUT / 'tests')),
            *check_headers.floors(CHECKOUT / 'include/ashlar'),
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


def examine(configurations, filters):
    """Builds and runs configurations. Each of as many workers as there are processors takes a chunk of the
    configuration with the most left to do (to build, only of one that no other worker builds in): so none waits for
    the last program of a configuration, and all end at about the same time."""
    lock = threading.Condition()

    def next_chunk():
        with lock:
            while True:
                if not any(each.chunks or each.scripts for each in configurations):
                    return None, None
                free = [each for each in configurations if each.scripts or each.chunks and not each.busy]
                if free:
                    chosen = max(free, key=Configuration.remaining)
                    return chosen, chosen.take()
                lock.wait()

    def worker():
        while True:
            configuration, chunk = next_chunk()
            if chunk is None:
                return
            try:
                configuration.examine(chunk)
            finally:
                with lock:
                    configuration.busy &= not any(test.files for test in chunk)
                    configuration.open -= 1
                    lock.notify_all()
                    done = not (configuration.chunks or configuration.scripts or configuration.open)
            if done:
                result = configuration.result
                say(f'{configuration.name}: {result.passed} passed, {result.failed} failed; '
                    f'{result.seconds:.0f} s of a processor')

    for each in configurations:
        each.jobs = max(1, WORKERS // len(configurations))
    with ThreadPoolExecutor(WORKERS) as pool:
        for each, programs in zip(configurations, pool.map(lambda each: each.prepare(filters), configurations)):
            say(f'{each.name}: {programs} programs')
        for ended in [pool.submit(worker) for _ in range(WORKERS)]:
            ended.result()


def main():
    parser = argparse.ArgumentParser(prog='tests/run', description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('words', nargs='*', metavar='WORD', help='part of the name of a configuration or of a test')
    parser.add_argument('--list', action='store_true', help='say what would run, and end')
    parser.add_argument('--slow', action='store_true', help='say what compiled slowly in the last run, and end')
    parser.add_argument('--gcc', default='g++', help=argparse.SUPPRESS)
    parser.add_argument('--clang', default='clang++', help=argparse.SUPPRESS)
    options, rest = parser.parse_known_args()

    os.environ.update(compile_cache.environment(CHECKOUT))
    compilers = {'gcc': options.gcc, 'clang': options.clang}
    by_hand = {'random': random_programs.random_main, 'mutate': random_programs.mutate_main,
               'models': random_models.main}
    if options.words == ['all']:
        ends = [subprocess.run([sys.executable, __file__, *words, '--gcc', options.gcc, '--clang', options.clang])
                for words in ([], ['sweep'], *([name] for name in by_hand))]
        return max(end.returncode for end in ends)
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
    compiling = huge_pages.environment(CHECKOUT / 'build', options.gcc)
    for each in parts:
        each.compiling = compiling
    examine(parts, filters)
    results = {each.name: each.result for each in parts}
    passed = sum(result.passed for result in results.values())
    failed = sum(result.failed for result in results.values())
    print()
    for name, result in results.items():
        print(f'{name:16} {result.passed:6} passed {result.failed:6} failed {result.seconds:8.0f} s   '
              f'{" ".join(result.failures)}')
    seconds = int(time.monotonic() - start)
    print(f'{passed + failed} tests ran in {len(results)} configurations, in {seconds // 60} min {seconds % 60} s, '
          f'{sum(result.seconds for result in results.values()):.0f} s of a processor')
    print(f'{passed} passed, {failed} failed', flush=True)
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
