#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Checks that the includes between the floors of include/ashlar only go down, as the table below allows.

    check_floors.py INCLUDE_DIRECTORY
"""
import fnmatch
import pathlib
import re
import sys

# Floor, from low to high: what its headers may include besides their own floor. A pattern with a slash names headers.
# Two columns meet from plan to run: kernels know no expression, and below plan nothing knows a kernel but the element's
# arithmetic.
ELEMENT = ['kernels/simd*', 'kernels/elementary*']
# Kinds use the loops of run; what runs whole programs asks the kinds.
LOOPS = ['run/step_at*', 'run/kernels*', 'run/windows*', 'run/fused_body*']
PLANNED = ['plan', 'constant', 'run', 'kinds']
ALLOWED = {
    'tensor': [],
    'kernels': ['tensor'],
    'expr': ['tensor', 'kernels/simd*'],
    'ops': ['tensor', 'expr', *ELEMENT],
    'grad': ['tensor', 'expr', 'ops'],
    'plan': ['tensor', 'kernels', 'expr', 'ops', 'grad'],
    'constant': ['tensor', 'kernels', 'expr', 'ops', 'grad', 'plan'],
    'run': ['tensor', 'kernels', 'expr', 'ops', 'grad', 'plan', 'constant', 'kinds'],
    'kinds': ['tensor', 'kernels', 'expr', 'ops', 'grad', 'plan', 'constant', *LOOPS],
    'describe': ['tensor', 'expr', 'ops', 'grad', *PLANNED],
    'nn': ['tensor', 'expr', 'ops', 'grad', *PLANNED, 'describe'],
    'optim': ['tensor', 'expr', 'ops', 'grad', *PLANNED, 'describe', 'nn'],
    'train': ['tensor', 'expr', 'ops', 'grad', *PLANNED, 'describe', 'nn', 'optim'],
    'io': ['tensor', 'expr', 'ops', 'grad', *PLANNED, 'describe', 'nn', 'optim', 'train'],
}
# Headers directly in include/ashlar which any floor may include; the others there are umbrellas for the user.
FOR_ALL = ['version.hpp', 'config.hpp']


def includes(path):
    """Line number and text of every include in a header."""
    for number, line in enumerate(path.read_text().split('\n'), 1):
        match = re.match(r'\s*#\s*include\s*(<ashlar/[^>]+>|"[^"]+")', line)
        if match:
            yield number, match.group(1)


def resolve(path, target, root):
    """The header that an include means, relative to include/ashlar, or None when it is another library's."""
    if target.startswith('<'):
        return target[len('<ashlar/'):-1]
    beside = (path.parent / target[1:-1]).resolve()
    if beside.is_file() and root in beside.parents:
        return beside.relative_to(root).as_posix()
    return target[len('"ashlar/'):-1] if target.startswith('"ashlar/') else None


def may_include(floor, header):
    if '/' not in header:
        return header in FOR_ALL
    patterns = [pattern if '/' in pattern else pattern + '/*' for pattern in [floor, *ALLOWED[floor]]]
    return any(fnmatch.fnmatch(header, pattern) for pattern in patterns)


def circle(graph):
    """One circle of includes as a list of headers, or an empty list."""
    done, path = set(), []

    def visit(header):
        if header in path:
            return path[path.index(header):] + [header]
        if header in done:
            return []
        path.append(header)
        for target in graph.get(header, []):
            found = visit(target)
            if found:
                return found
        path.pop()
        done.add(header)
        return []

    return next((found for header in graph if (found := visit(header))), [])


def violations(root):
    graph = {}
    for path in sorted(root.rglob('*.hpp')):
        header = path.relative_to(root).as_posix()
        floor = header.split('/')[0] if '/' in header else None
        if floor and floor not in ALLOWED:
            yield f'{header}: there is no floor named {floor}'
            continue
        for number, target in includes(path):
            wanted = resolve(path, target, root)
            if wanted is None or not (root / wanted).is_file():
                yield f'{header}:{number}: {target} is no header of the library'
                continue
            graph.setdefault(header, []).append(wanted)
            if floor and not may_include(floor, wanted):
                yield f'{header}:{number}: {floor} may not include {wanted}'
    found = circle(graph)
    if found:
        yield 'includes go in a circle: ' + ' -> '.join(found)


def main():
    found = list(violations((pathlib.Path(sys.argv[1]) / 'ashlar').resolve()))
    print('\n'.join(found) if found else 'includes only go down')
    sys.exit(bool(found))


if __name__ == '__main__':
    main()
