#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Several files of tests as one translation unit: what they need of the library is then instantiated and compiled once.

    join_tests.py list TESTS                 the groups below tests/, one a line: name|kind|labels|files
    join_tests.py write TESTS NAME OUTPUT    writes the translation unit of a group

A group's files are of one folder and have the same labels, so that every configuration wants all or none of them. In
the translation unit each has a namespace of its own, and the names of its test cases begin with that of the file;
compilers and Catch2 name file and line as if it were compiled alone. What cannot stand in a namespace, or sets flags or
macros for the library, is found by ALONE below and is left out, as is a file that says so:
  // labels: alone

The programs that must not compile (tests/reject) are grouped too: tests/reject/check.py takes several of them.
"""
import os
import pathlib
import re
import sys

import list_tests

LARGEST = 26_000  # bytes of the files of a group together: about 20 s of g++ -O0, and 1 to 2 GB of memory
REJECTED = 50  # files of a group of those

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include\b.*$', re.M)
DEFINE = re.compile(r'^[ \t]*#[ \t]*define[ \t]+(\w+)', re.M)
TEST_CASE = re.compile(r'^((?:TEMPLATE_)?TEST_CASE\()"', re.M)
ADAPT = re.compile(r'^BOOST_HANA_ADAPT_STRUCT\((\w+.*?\);)', re.M)  # only in the global namespace
ALONE = re.compile(r'^(namespace (ashlar|std|support|boost)\b|extern\b|void\* operator new|int main\()'
                   r'|[(\s!]::(?!ashlar|std|testing)[a-z]\w*', re.M)


def can_be_joined(text):
    """A macro between includes may change what they say, and is to end with its file."""
    includes = list(INCLUDE.finditer(text))
    define = re.search(r'^[ \t]*#[ \t]*(define|if|undef)', text, re.M)
    early = define and includes and define.start() < includes[-1].start()
    return not early and not ALONE.search(text)


def balanced(files, largest):
    """Files, each with its weight, as lists of about the same weight, in the order of their names."""
    total = sum(weight for _, weight in files)
    count = -(-total // largest)
    lists, weights = [[] for _ in range(count)], [0] * count
    for name, weight in sorted(files, key=lambda file: (-file[1], file[0])):
        lightest = weights.index(min(weights))
        lists[lightest].append(name)
        weights[lightest] += weight
    return [sorted(each) for each in lists]


def groups(root):
    """name, kind, labels and files of every group of more than one file."""
    root = pathlib.Path(root)
    alike = {}
    for line in list_tests.listing(root):
        kind, name, labels, flags = line.split('|')
        path = root / (name + '.cpp')
        if kind == 'reject':
            alike.setdefault((kind, labels), []).append((name, 1))
        elif (kind == 'catch' and not flags and not {'alone', 'sweep'} & {*labels.split()}
              and can_be_joined(path.read_text())):
            alike.setdefault((kind, labels), []).append((name, path.stat().st_size))
    for (kind, labels), files in sorted(alike.items()):
        words = [word for word in labels.split() if word != 'units']
        for number, names in enumerate(balanced(files, REJECTED if kind == 'reject' else LARGEST), 1):
            if len(names) > 1:
                yield f'joined/{"-".join(words)}-{number}', kind, labels, names


def translation_unit(root, names):
    """The text; a line of a file keeps its number."""
    includes, bodies = {}, []
    for name in names:
        path = os.path.relpath(root / (name + '.cpp'))  # as compilers name it, and the same in every checkout
        text = pathlib.Path(path).read_text()
        includes |= {line.strip(): None for line in INCLUDE.findall(text)}
        space = 'file_' + re.sub('[^A-Za-z0-9]', '_', name)
        body = TEST_CASE.sub(rf'\1"{name}: ', INCLUDE.sub('', text))
        body = ADAPT.sub(rf'}} BOOST_HANA_ADAPT_STRUCT({space}::\1 namespace {space} {{', body)
        macros = ''.join(f'#undef {macro}\n' for macro in sorted(set(DEFINE.findall(text))))
        bodies.append(f'namespace {space} {{\n#line 1 "{path}"\n{body}\n}}\n{macros}')
    return '// Written by tools/join_tests.py\n' + '\n'.join([*includes, *bodies])


def main():
    root = pathlib.Path(sys.argv[2])
    if sys.argv[1] == 'list':
        print('\n'.join('|'.join((name, kind, labels, ' '.join(files))) for name, kind, labels, files in groups(root)))
    else:
        files = next(files for name, _, _, files in groups(root) if name == sys.argv[3])
        pathlib.Path(sys.argv[4]).write_text(translation_unit(root, files))


if __name__ == '__main__':
    main()
