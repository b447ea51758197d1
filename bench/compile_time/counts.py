#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compiles programs beside this file and counts what that costs: not in seconds, which depend on the machine and on
what else it does, but in things that are the same each time.

    counts.py INCLUDE [--write] [PROGRAM...] -- COMPILER...

Comments at the start of a line in a program:
  // counted: -O2 -c                     the flags that it is compiled with; a program without is not counted
  // counts g++ 12: memory 99, code 900  what may be counted with this compiler: a percentage more than there was
--write replaces the second kind by what is counted now. A compiler that has no such line is not judged (exit code 77).

  memory     of g++: megabytes that it allocates, freed or not
  functions, classes   of g++: instances of templates
  types, declarations, expressions   of clang
  steps      of constant evaluation, in the longest one: -fconstexpr-steps (g++: -fconstexpr-ops-limit) must allow them
  code       bytes of machine code in the object file
"""
import argparse
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MARGIN = 1.03
LEAST = {'steps': 10_000, 'code': 1000}  # less is not worth a limit

# Where distributions have flags of their own, the code is the same with these.
FLAGS = ['-std=c++20', '-fno-stack-protector', '-fcf-protection=none', '-U_FORTIFY_SOURCE']
# g++ without a collection of garbage, which depends on the machine's memory and allocates a little itself.
REPORTS = {'g++': ['-ftime-report', '-fstats', '--param=ggc-min-heapsize=2000000'],
           'clang++': ['-Xclang', '-print-stats']}
STEPS = {'g++': '-fconstexpr-ops-limit=', 'clang++': '-fconstexpr-steps='}
DEFAULT_STEPS = {'g++': 1 << 25, 'clang++': 1 << 20}
PATTERNS = {
    'memory': r'^ TOTAL +:.* (\d+)M',
    'functions': r'^decl_specializations: size \d+, (\d+) elements',
    'classes': r'^type_specializations: size \d+, (\d+) elements',
    'types': r'^ *(\d+) types total',
    'declarations': r'^ *(\d+) decls total',
    'expressions': r'^ *(\d+) stmts/exprs total',
}
EXCEEDED = """\
    Find what made it so: counts of the commits before, and -ftime-report (g++) or -ftime-trace (clang) of both.
    Where it is worth that, `bench/compile_time/counts.py include --write -- {compiler}` writes the new limits:
    say in the commit what they buy."""


class Compiler:
    def __init__(self, command):
        self.command = command
        macros = self.run(['-x', 'c++', '-std=c++20', '-include', 'version', '-dM', '-E', '/dev/null']).stdout
        self.macros = dict(re.findall(r'^#define (\w+) (.*)$', macros, re.M))
        self.family = 'clang++' if '__clang__' in self.macros else 'g++'
        self.name = f'g++ {self.macros["__GNUC__"]}'
        if self.family == 'clang++':  # the standard library's headers are counted, too
            gnu = self.macros.get('_GLIBCXX_RELEASE')
            library = f'libstdc++ {gnu}' if gnu else f'libc++ {self.macros.get("_LIBCPP_VERSION")}'
            self.name = f'clang++ {self.macros["__clang_major__"]} with {library}'

    def run(self, arguments):
        return subprocess.run([*self.command, *map(str, arguments)], capture_output=True, text=True)

    def compile(self, program, arguments):
        """What it says, and the bytes of code; nothing where it does not compile."""
        with tempfile.TemporaryDirectory() as folder:
            target = pathlib.Path(folder) / 'object.o'
            result = self.run([*FLAGS, *arguments, program, '-o', target])
            if result.returncode:
                return None, result.stderr
            size = subprocess.run(['size', target], capture_output=True, text=True).stdout if target.exists() else ''
        return re.findall(r'^ *(\d+)', size, re.M), result.stderr

    def compiles(self, program, arguments, steps):
        return self.compile(program, [*arguments, f'{STEPS[self.family]}{steps}'])[0] is not None

    def counts(self, program, arguments, steps=None):
        """What is counted, by name. `steps`: what constant evaluation may take; one more where it takes more."""
        with_steps = [] if steps is None else [f'{STEPS[self.family]}{steps}']
        code, said = self.compile(program, [*arguments, *REPORTS[self.family], *with_steps])
        if code is None:
            if steps is None:
                raise SystemExit(f'{program.name} does not compile with {self.name}:\n{said}')
            return self.counts(program, arguments) | {'steps': steps + 1}
        found = {name: re.search(pattern, said, re.M) for name, pattern in PATTERNS.items()}
        counts = {name: int(match.group(1)) for name, match in found.items() if match}
        counts |= {'code': int(code[0])} if code else {}
        return counts | ({} if steps is None else {'steps': steps})

    def steps(self, program, arguments):
        """The steps of the longest constant evaluation, to a hundredth."""
        enough, least = DEFAULT_STEPS[self.family], 0
        while enough - least > max(enough // 100, 1):
            middle = (enough + max(least, enough // 8)) // 2
            if self.compiles(program, arguments, middle):
                enough = middle
            else:
                least = middle
        return enough


def limits_of(text, compiler):
    line = re.search(rf'^// counts {re.escape(compiler.name)}: (.*)$', text, re.M)
    return {name: int(value) for name, value in re.findall(r'(\w+) (\d+)', line.group(1))} if line else {}


def judge(program, arguments, compiler, limits):
    """How many counts are within their limits, and how many are not."""
    counts = compiler.counts(program, arguments, limits.get('steps'))
    print(f'{program.name} with {compiler.name}:', ', '.join(f'{name} {value}' for name, value in counts.items()))
    failed = 0
    for name, limit in limits.items():
        if name not in counts:
            print(f'{program.name} with {compiler.name}: {name} could not be counted')
        elif counts[name] > limit:
            print(f'{program.name} costs more to compile with {compiler.name}: {name} {counts[name]}, limit {limit}')
        failed += name not in counts or counts[name] > limit
    return len(limits) - failed, failed


def write(program, arguments, compiler):
    counts = compiler.counts(program, arguments)
    counts['steps'] = compiler.steps(program, arguments)
    values = ', '.join(f'{name} {int(value * MARGIN) + 1}' for name, value in counts.items()
                       if value >= LEAST.get(name, 0))
    line = f'// counts {compiler.name}: {values}'
    text = program.read_text()
    if limits_of(text, compiler):
        text = re.sub(rf'^// counts {re.escape(compiler.name)}:.*$', line, text, flags=re.M)
    else:
        text = re.sub(r'^(// counted:.*)$', rf'\1\n{line}', text, flags=re.M)
    program.write_text(text)
    print(f'{program.name}: {line}')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('include')
    parser.add_argument('words', nargs='*', metavar='PROGRAM', help='part of the name of a program')
    parser.add_argument('--write', action='store_true', help='write the limits into the programs')
    ours, _, command = ' '.join(sys.argv[1:]).partition(' -- ')
    options = parser.parse_args(ours.split())
    compiler = Compiler(command.split())
    passed = failed = 0
    for program in sorted(HERE.glob('*.cpp')):
        text = program.read_text()
        flags = re.search(r'^// counted:(.*)$', text, re.M)
        if not flags or options.words and not any(word in program.stem for word in options.words):
            continue
        arguments = [*flags.group(1).split(), '-I', options.include]
        if options.write:
            write(program, arguments, compiler)
        elif platform.machine() != 'x86_64' or not limits_of(text, compiler):
            print(f'{program.name} has no line "counts {compiler.name}" for {platform.machine()}: see --write')
        else:
            good, bad = judge(program, arguments, compiler, limits_of(text, compiler))
            passed, failed = passed + good, failed + bad
    if failed:
        print(EXCEEDED.format(compiler=command))
    if not passed and not failed:
        return 0 if options.write else 77
    print(f'{passed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
