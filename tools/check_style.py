#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks the layout of the C++ code (.clang-format) and what clang-tidy says of all headers (.clang-tidy).

    check_style.py INCLUDE_DIRECTORY
    check_style.py INCLUDE_DIRECTORY --write     lays the code out

Both are of version 19: others break lines elsewhere. Where they are missing the test is skipped. The tests' tables of
numbers are laid out by hand.
"""
import argparse
import pathlib
import shutil
import subprocess
import sys

FORMAT, TIDY = 'clang-format-19', 'clang-tidy-19'
FOLDERS = ['include', 'examples', 'bench']
WHOLE = ['ashlar/ashlar.hpp', 'ashlar/train.hpp']  # what includes all headers
SKIPPED = 77


def misplaced(checkout, write):
    files = [str(path) for folder in FOLDERS for path in sorted((checkout / folder).rglob('*'))
             if path.suffix in ('.hpp', '.cpp')]
    end = subprocess.run([FORMAT, '-i' if write else '--dry-run', *files], capture_output=True, text=True)
    return [line for line in end.stderr.splitlines() if 'warning:' in line or 'error:' in line]


def doubtful(include):
    """What clang-tidy warns of in a program that includes every header."""
    text = ''.join(f'#include <{name}>\n' for name in WHOLE)
    source = include.parent / 'build' / 'every_header.cpp'
    source.parent.mkdir(exist_ok=True)
    source.write_text(text)
    end = subprocess.run([TIDY, '--quiet', f'--config-file={include.parent / ".clang-tidy"}', str(source), '--',
                          '-std=c++20', f'-I{include}'], capture_output=True, text=True)
    return [line for line in end.stdout.splitlines() if 'warning:' in line or 'error:' in line]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('include', type=pathlib.Path)
    parser.add_argument('--write', action='store_true')
    options = parser.parse_args()
    if missing := [name for name in (FORMAT, TIDY) if shutil.which(name) is None]:
        print('not checked without', ', '.join(missing))
        sys.exit(SKIPPED)
    include = options.include.resolve()
    found = misplaced(include.parent, options.write) + ([] if options.write else doubtful(include))
    print('\n'.join(found) if found else 'laid out, and nothing doubtful')
    sys.exit(bool(found))


if __name__ == '__main__':
    main()
