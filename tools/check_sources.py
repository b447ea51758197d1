#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks every header of include/ashlar for length, heavy includes and things that the house does without.

    check_sources.py INCLUDE_DIRECTORY
"""
import pathlib
import re
import sys

MAX_LINES = 400
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
    found = list(violations(pathlib.Path(sys.argv[1]) / 'ashlar'))
    print('\n'.join(found) if found else 'nothing forbidden')
    sys.exit(bool(found))


if __name__ == '__main__':
    main()
