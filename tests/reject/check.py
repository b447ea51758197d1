#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks that programs are refused by the compiler, in the words and the length that their comments promise.

    check.py FILE... --include DIRECTORY [--show] -- COMPILER...

Several files are compiled with the library's header precompiled; with clang, what is then not as promised once more
without.

The comments, each at the start of a line:
  // build error: REGEX      must be found in the diagnostics; the first one in the first line with an error
  // max lines: N            limit on the whole output of the compiler
  // flags: -fno-rtti        further compiler flags
`// build error gcc: REGEX` and `// max lines clang: N` hold for one compiler only, and for max lines replace the
general limit. --show prints the diagnostics also when everything is as promised.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile


def promises(keyword, family, text):
    """The values of `// keyword: value` and `// keyword family: value`, those of the family first for a limit."""
    general = re.findall(rf'^// {keyword}:[ \t]*(.*?)[ \t]*$', text, re.M)
    special = re.findall(rf'^// {keyword} {family}:[ \t]*(.*?)[ \t]*$', text, re.M)
    return general, special


def misfits(text, family, status, output):
    """All that differs from what the file's comments promise, as sentences."""
    if status == 0:
        return ['it compiles']
    lines = output.rstrip('\n').split('\n')
    errors = [line for line in lines if re.search(r'\berror:', line)]
    if not errors or 'internal compiler error' in output or 'PLEASE submit a bug report' in output:
        return ['the compiler failed without an error of its own']
    if 'No such file or directory' in output or "' file not found" in output:
        return ['a header is missing']
    found = []
    patterns = sum(reversed(promises('build error', family, text)), [])
    if not patterns:
        found.append('the file promises no `// build error: REGEX`')
    elif not re.search(patterns[0], errors[0]):
        found.append(f'the first error line does not match: {patterns[0]}')
    found += [f'nowhere found: {pattern}' for pattern in patterns[1:] if not re.search(pattern, output)]
    general, special = promises('max lines', family, text)
    limit = int((special or general or ['10'])[0])
    if len(lines) > limit:
        found.append(f'{len(lines)} lines of diagnostics, {limit} allowed')
    return found


def precompile(compiler, include, family, folder):
    """Flags by which a compiler takes <ashlar/ashlar.hpp> from a precompiled one: half of the time of most programs
    with g++, and most of it with clang."""
    target = pathlib.Path(folder) / 'ashlar/ashlar.hpp.gch'
    target.parent.mkdir()
    subprocess.run(compiler + ['-std=c++20', '-w', '-I', include, '-x', 'c++-header', f'{include}/ashlar/ashlar.hpp',
                               '-o', str(target)], check=True)
    return ['-I', folder] if family == 'gcc' else ['-include-pch', str(target)]


def compiled(path, text, compiler, include, precompiled):
    """Exit code and diagnostics of a program."""
    flags = [word for line in re.findall(r'^// flags:(.*)$', text, re.M) for word in line.split()]
    command = compiler + ['-std=c++20', '-fdiagnostics-color=never', *(flags or precompiled), '-I', include,
                          '-S', '-o', '/dev/null', str(path)]
    result = subprocess.run(command, capture_output=True, text=True, errors='replace')
    return result.returncode, result.stdout + result.stderr


def check(path, compiler, include, family, precompiled, show):
    """Whether a program is refused as its comments promise; says what is not so."""
    text = path.read_text()
    status, output = compiled(path, text, compiler, include, precompiled)
    found = misfits(text, family, status, output)
    if found and precompiled and family == 'clang':  # which notes 'not yet instantiated', not where a member stands
        status, output = compiled(path, text, compiler, include, [])
        found = misfits(text, family, status, output)
    if found or show:
        print('\n'.join(output.split('\n')[:60]))
    for sentence in found:
        print(f'{path.name}, {family}: {sentence}')
    return not found


def main():
    split = sys.argv.index('--')
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('files', type=pathlib.Path, nargs='+')
    parser.add_argument('--include', required=True)
    parser.add_argument('--show', action='store_true')
    options = parser.parse_args(sys.argv[1:split])
    compiler = sys.argv[split + 1:]

    version = subprocess.run(compiler + ['--version'], capture_output=True, text=True).stdout
    family = 'clang' if 'clang' in version else 'gcc'
    with tempfile.TemporaryDirectory() as folder:
        precompiled = precompile(compiler, options.include, family, folder) if len(options.files) > 1 else []
        passed = [check(path, compiler, options.include, family, precompiled, options.show) for path in options.files]
    print(f'{sum(passed)} passed, {len(passed) - sum(passed)} failed')
    sys.exit(not all(passed))


if __name__ == '__main__':
    main()
