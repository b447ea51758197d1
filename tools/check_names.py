#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Compares the tables of docs/names.md with the headers: check_names.py PAGE INCLUDE_DIRECTORY

Every layer, loss, optimizer and schedule, and every public function of ops/, has to be in the second column of a table;
and what is there has to be in a header.
"""
import pathlib
import re
import sys

TYPE = re.compile(r'^(?:template <[^{;]*?>\s*)?(?:struct|class) ([A-Z]\w+)\b(?!\s*[<,>\w])', re.M)
FUNCTION = re.compile(r'\bconstexpr (?:[\w:<>,\s().&]+? )?(\w+)\((?:[A-Z]\w*&&|const [A-Z]\w*&)')
# What is no name of a user's: options and faults of optimizers, and what ops are made of.
INNER_TYPE = re.compile(r'Options|_has_the_options_')
INNER = {'Body', 'Compiled', 'adaptive_average', 'apply', 'auto', 'average_windows', 'compose', 'compose_over',
         'container', 'hold', 'reduce', 'skip'}


def types_in(folder):
    return {name for path in folder.glob('*.hpp') for name in TYPE.findall(path.read_text())
            if not INNER_TYPE.search(name)} - INNER


def functions_in(folder):
    found = set()
    for path in folder.glob('*.hpp'):
        text = re.sub(r'^namespace detail \{.*?^\}  // namespace detail', '', path.read_text(), flags=re.M | re.S)
        found |= set(FUNCTION.findall(text))
    return found - INNER


def main():
    page, include = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]) / 'ashlar'
    cells = [re.split(r'(?<!\\)\|', line)[2] for line in page.read_text().splitlines()
             if line.startswith('| ') and not line.startswith('| PyTorch')]
    code = ' '.join(part for cell in cells for part in re.findall(r'`([^`]*)`', cell))
    everything = '\n'.join(path.read_text() for path in include.rglob('*.hpp'))
    faults = []
    for space, folder in (('nn', 'nn'), ('optim', 'optim')):
        faults += [f'{space}::{name} is in no table' for name in sorted(types_in(include / folder))
                   if not re.search(rf'\b{space}::{name}\b', code)]
    faults += [f'{name}() is in no table' for name in sorted(functions_in(include / 'ops'))
               if not re.search(rf'(?<![\w.])(?:ashlar::)?{name}[<(]', code)]
    named = set(re.findall(r'\b(?:nn|optim)::(\w+)', code)) | set(re.findall(r'(?<![\w.:])([a-z]\w*)[<(]', code))
    faults += [f'{name}, which is in a table, is in no header' for name in sorted(named)
               if not re.search(rf'\b{name}\b', everything)]
    for fault in faults:
        print(f'{page.name}: {fault}')
    if not faults:
        print(f'{len(named)} names')
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()
