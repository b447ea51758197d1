#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Lists the C++ tests below tests/, one a line: kind|name|labels|flags (read by tests/meson.build).

The kind follows from the text of a file:
  reject   it lies in tests/reject/ and must not compile (tests/reject/check.py)
  catch    it includes "support/catch.hpp" or has a TEST_CASE
  program  it has a main of its own; its exit code is the result
  static   neither: static_asserts only; it has passed when it compiles

Comments at the start of a line in a test file:
  // labels: slow          further words by which tools/run_tests.py selects or leaves out the test
  // flags: -fno-rtti      further compiler flags
A test's labels are, besides these, its folder and 'units' (or 'reject'), and 'static' for that kind.
"""
import pathlib
import re
import sys

NOT_TESTS = {'support', 'fixtures', 'package', 'emission'}


def stated(keyword, text):
    """The words of all lines `// keyword: words`."""
    return [word for line in re.findall(rf'^// {keyword}:(.*)$', text, re.M) for word in line.split()]


def describe(path, root):
    text = path.read_text()
    name = path.relative_to(root).with_suffix('').as_posix()
    folder = name.split('/')[0]
    if folder == 'reject':
        kind = 'reject'
    elif re.search(r'^(#\s*include "support/catch.hpp"|(TEMPLATE_)?TEST_CASE\b)', text, re.M):
        kind = 'catch'
    elif re.search(r'^\s*(auto|int) main\(', text, re.M):
        kind = 'program'
    else:
        kind = 'static'
    labels = [folder] if kind == 'reject' else ['units', folder]
    labels += ['static'] if kind == 'static' else []
    return '|'.join((kind, name, ' '.join(labels + stated('labels', text)), ' '.join(stated('flags', text))))


def listing(root):
    root = pathlib.Path(root)
    paths = sorted(p for p in root.glob('*/**/*.cpp') if p.relative_to(root).parts[0] not in NOT_TESTS)
    return [describe(path, root) for path in paths]


if __name__ == '__main__':
    print('\n'.join(listing(sys.argv[1])))
