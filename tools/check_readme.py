#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compiles the C++ of a Markdown file, and runs its programs.

    check_readme.py FILE.md INCLUDE_DIRECTORY -- COMPILER...

Every ```cpp block is one of:
  a program       it has a main: compiled with warnings as errors, and run
  a source file   it has an #include, but no main: compiled
  a fragment      anything else: compiled as the body of a function, after the PRELUDE below

HTML comments before a block, which no reader sees, say what is different:
  <!-- declarations -->     the fragment stands outside a function (structs, templates)
  <!-- continued -->        the fragment goes on from the block of C++ before it: that one's text comes first
  <!-- before: TEXT -->     hidden C++ inside the function, before the fragment
  <!-- global: TEXT -->     hidden C++ outside the function
  <!-- refused: REGEX -->   the block must not compile, and the compiler must say so
  <!-- skip: REASON -->     not compiled
A ```text block after <!-- output --> must be what the block of C++ before it prints: its lines, one after the other,
occur in the output; a line `...` stands for any lines. (A fragment is run only then.)
"""
import pathlib
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

PRELUDE = '''#include <ashlar/ashlar.hpp>
#if __has_include(<ashlar/io.hpp>)
#include <ashlar/io.hpp>
#endif
#if __has_include(<ashlar/train.hpp>)
#include <ashlar/train.hpp>
#endif
#include <iostream>
namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;
'''
DIRECTIVES = {'declarations', 'continued', 'before', 'global', 'refused', 'skip', 'output'}


@dataclass
class Block:
    line: int
    language: str
    text: str
    directives: dict
    output: list = field(default_factory=list)  # of the lines that it must print
    outside: str = ''  # a fragment's text outside and inside of the function, with what it continues
    inside: str = ''

    @property
    def kind(self):
        if re.search(r'\bmain\(', self.text):
            return 'program'
        return 'source file' if '#include' in self.text else 'fragment'

    def source(self):
        if self.kind != 'fragment':
            return self.text
        return f'{PRELUDE}{self.outside}\nint main() {{\n{self.inside}\n}}\n'


def parse(text):
    """All fenced blocks, with the comments that stand directly before each."""
    blocks = []
    comments = r'(?P<comments>(?:<!--(?:(?!-->).)*-->\s*)*)'
    pattern = re.compile(comments + r'^```(?P<language>\w+)[^\n]*\n(?P<text>.*?)^```', re.M | re.S)
    for match in pattern.finditer(text):
        directives = {}
        for comment in re.findall(r'<!--(.*?)-->', match['comments'], re.S):
            name, _, value = comment.strip().partition(':')
            if name in DIRECTIVES:
                directives[name] = value.strip()
        line = text.count('\n', 0, match.start('language')) + 1
        blocks.append(Block(line, match['language'], match['text'], directives))
    return blocks


def connect(blocks):
    """The blocks of C++, each with the output expected of it and the text it continues."""
    chosen = []
    for block in blocks:
        if block.language == 'cpp' and 'skip' not in block.directives:
            if block.kind == 'fragment':
                compose(block, chosen[-1] if chosen and 'continued' in block.directives else None)
            chosen.append(block)
        elif 'output' in block.directives and chosen:
            chosen[-1].output = block.text.rstrip('\n').split('\n')
    return chosen


def compose(block, previous):
    block.outside = (previous.outside if previous else '') + block.directives.get('global', '') + '\n'
    block.inside = (previous.inside if previous else '') + block.directives.get('before', '') + '\n'
    if 'declarations' in block.directives:
        block.outside += block.text
    else:
        block.inside += block.text


def prints(expected, output):
    """Whether the expected lines occur in the output: contiguous, but for `...`."""
    pattern, gap = '', r'(?:[^\n]*\n)*?'
    for line in expected:
        pattern += gap if line.strip() == '...' else r'[ \t]*' + re.escape(line.strip()) + r'[ \t]*\n'
    return re.search('^' + pattern, output + '\n', re.M)


def check(block, include, compiler, folder):
    """What is wrong with a block, or an empty string."""
    source, program = folder / 'block.cpp', folder / 'block'
    source.write_text(block.source())
    wanted_to_run = block.kind == 'program' or block.output
    warnings = ['-Wall', '-Wextra', '-Werror'] if block.kind == 'program' else ['-w']
    target = ['-O1', '-o', str(program)] if wanted_to_run else ['-fsyntax-only']
    result = subprocess.run(compiler + ['-std=c++20', *warnings, '-I', str(include), str(source), *target],
                            capture_output=True, text=True)
    if 'refused' in block.directives:
        if result.returncode == 0:
            return 'it compiles, but was to be refused'
        pattern = block.directives['refused']
        return '' if re.search(pattern, result.stderr) else f'the compiler does not say {pattern}:\n{result.stderr}'
    if result.returncode:
        return 'it does not compile:\n' + result.stderr
    if wanted_to_run:
        result = subprocess.run([str(program)], cwd=folder, capture_output=True, text=True, timeout=300)
        if result.returncode:
            return f'it ends with {result.returncode}:\n{result.stdout}{result.stderr}'
        if block.output and not prints(block.output, result.stdout):
            return f'it prints something else:\n{result.stdout}'
    return ''


def main():
    path, include = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    compiler = sys.argv[sys.argv.index('--') + 1:]
    blocks = connect(parse(path.read_text())) if path.is_file() else []
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for block in blocks:
            wrong = check(block, include, compiler, pathlib.Path(folder))
            failed += bool(wrong)
            print(f'{path.name}:{block.line}: {block.kind}: {wrong or "good"}')
    print(f'{len(blocks) - failed} passed, {failed} failed')
    sys.exit(bool(failed))


if __name__ == '__main__':
    main()
