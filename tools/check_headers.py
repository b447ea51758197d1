#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compiles every header of a floor alone, with warnings as errors.

    check_headers.py list INCLUDE_DIRECTORY                    prints the floors
    check_headers.py FLOOR INCLUDE_DIRECTORY -- COMPILER...    'umbrellas' means the headers directly in ashlar/

The umbrellas are also compiled with -fno-exceptions -fno-rtti (io and train may throw), and all headers together in two
translation units that must link: a function that is neither inline nor a template shows there.
"""
import pathlib
import subprocess
import sys
import tempfile

FLAGS = ['-std=c++20', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Werror', '-x', 'c++']
MAY_THROW = ['io.hpp', 'train.hpp']


def floors(root):
    folders = sorted(path.name for path in root.iterdir() if path.is_dir()) if root.is_dir() else []
    return folders + (['umbrellas'] if list(root.glob('*.hpp')) else [])


def headers(root, floor):
    paths = root.glob('*.hpp') if floor == 'umbrellas' else (root / floor).rglob('*.hpp')
    return sorted(path.relative_to(root.parent).as_posix() for path in paths)


class Checker:
    def __init__(self, include, compiler):
        self.command = compiler + FLAGS + ['-I', str(include)]
        self.passed = self.failed = 0

    def count(self, what, result):
        good = result.returncode == 0
        self.passed += good
        self.failed += not good
        if not good:
            print(f'{what}:\n{result.stderr}')

    def alone(self, header, *flags):
        self.count(' '.join((header, *flags)), subprocess.run(
            self.command + [*flags, '-fsyntax-only', '-'], input=f'#include <{header}>\n',
            capture_output=True, text=True))

    def linked(self, every):
        """Two translation units of all headers in one program."""
        with tempfile.TemporaryDirectory() as folder:
            text = ''.join(f'#include <{header}>\n' for header in every)
            first, second = pathlib.Path(folder, 'first.cpp'), pathlib.Path(folder, 'second.cpp')
            first.write_text(text + 'int main() {}\n')
            second.write_text(text)
            self.count('all headers in two translation units', subprocess.run(
                self.command + [str(first), str(second), '-o', str(pathlib.Path(folder, 'program'))],
                capture_output=True, text=True))


def main():
    what, include = sys.argv[1], pathlib.Path(sys.argv[2])
    root = include / 'ashlar'
    if what == 'list':
        print('\n'.join(floors(root)))
        return
    checker = Checker(include, sys.argv[sys.argv.index('--') + 1:])
    for header in headers(root, what):
        checker.alone(header)
        if what == 'umbrellas' and pathlib.Path(header).name not in MAY_THROW:
            checker.alone(header, '-fno-exceptions', '-fno-rtti')
    if what == 'umbrellas':
        checker.linked([header for floor in floors(root) for header in headers(root, floor)])
    print(f'{checker.passed} passed, {checker.failed} failed')
    sys.exit(bool(checker.failed))


if __name__ == '__main__':
    main()
