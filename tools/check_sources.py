#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks every header of include/ashlar for length, heavy includes and things that the house does without, and the
other C++ and Python of the checkout for the length of lines.

    check_sources.py INCLUDE_DIRECTORY
"""
import pathlib
import re
import sys

MAX_LINES = 400
MAX_COLUMNS = 120
# The folders that keep MAX_COLUMNS, and what in them is generated.
WITHIN_COLUMNS = ['include', 'tests', 'bench', 'examples', 'tools']
GENERATED = ['tests/fixtures']
# Standard and Boost headers that a user of inference must not pay for (train and io may have them).
HEAVY = ['iostream', 'ranges', 'random', 'regex', 'boost/hana.hpp']
MAY_BE_HEAVY = ['train', 'io']
FORBIDDEN = [
    (r'diagnostic\s+ignored', 'a suppressed warning'),
    (r'system_header', 'suppressed warnings'),
    (r'NOLINT', 'a suppressed check'),
    (r'^\s*#\s*define\s+\w+\(', 'a function-like macro'),
    (r'^\s*using namespace\b(?!.*\bliterals\b)', 'a using-directive'),
]
FIRST_LINE = '// SPDX-License-Identifier: BSL-1.0'


def long_lines(path):
    """The numbers of the lines beyond MAX_COLUMNS; those of a raw string are what the library prints."""
    raw = False
    for number, line in enumerate(path.read_text().split('\n'), 1):
        if len(line) > MAX_COLUMNS and not raw and 'R"(' not in line:
            yield number
        raw = ')"' not in line if raw else 'R"(' in line and ')"' not in line


def beyond_columns(checkout):
    for folder in WITHIN_COLUMNS:
        for path in sorted((checkout / folder).rglob('*')):
            name = path.relative_to(checkout).as_posix()
            if path.suffix in ['.hpp', '.cpp', '.py'] and not name.startswith(tuple(GENERATED)):
                for number in long_lines(path):
                    yield f'{name}:{number}: more than {MAX_COLUMNS} columns'


def violations(root):
    for path in sorted(root.rglob('*.hpp')):
        header = path.relative_to(root)
        light = header.parts[0] not in MAY_BE_HEAVY and header.stem not in MAY_BE_HEAVY
        lines = path.read_text().rstrip('\n').split('\n')
        if len(lines) > MAX_LINES:
            yield f'{header}: {len(lines)} lines, {MAX_LINES} allowed'
        if lines[0] != FIRST_LINE:
            yield f'{header}:1: the first line is not {FIRST_LINE}'
        if '#pragma once' not in lines:
            yield f'{header}: no #pragma once'
        for number, line in enumerate(lines, 1):
            include = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if light and include and include.group(1) in HEAVY:
                yield f'{header}:{number}: {include.group(1)} is too heavy for this floor'
            for pattern, name in FORBIDDEN:
                if re.search(pattern, line):
                    yield f'{header}:{number}: {name}: {line.strip()}'


def main():
    include = pathlib.Path(sys.argv[1]).resolve()
    found = [*violations(include / 'ashlar'), *beyond_columns(include.parent)]
    print('\n'.join(found) if found else 'nothing forbidden')
    sys.exit(bool(found))


if __name__ == '__main__':
    main()
