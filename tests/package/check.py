#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Builds a stranger's project (consumer/) with the library as a Meson subproject, and against the installed library
through pkg-config.

    check.py CHECKOUT -- COMPILER...
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CHECKOUT = pathlib.Path(sys.argv[1]).resolve()
COMPILER = sys.argv[sys.argv.index('--') + 1:]
CONSUMER = CHECKOUT / 'tests/package/consumer'
# What the library's own build needs to be configured; the checkout may hold build directories, which are no part of it.
LIBRARY = ['meson.build', 'meson_options.txt', 'LICENSE', 'include', 'tests', 'examples', 'bench', 'tools']


def run(*command, **environment):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True,
                            env=os.environ | {'CXX': ' '.join(COMPILER)} | environment)
    if result.returncode:
        raise SystemExit(f'{" ".join(map(str, command))} failed:\n{result.stdout}{result.stderr}\n0 passed, 1 failed')
    return result.stdout.strip()


def is_clang():
    return 'clang' in run(*COMPILER, '--version')


def as_subproject(folder):
    project = folder / 'consumer'
    shutil.copytree(CONSUMER, project)
    for name in filter(lambda name: (CHECKOUT / name).exists(), LIBRARY):
        target = project / 'subprojects/ashlar' / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (CHECKOUT / name).is_dir() else shutil.copy)(CHECKOUT / name, target)
    run('meson', 'setup', folder / 'build', project)
    run('ninja', '-C', folder / 'build')
    run(folder / 'build/consumer')
    # Programs beyond the compiler's default limit of constant evaluation compile, unless the user wants another limit.
    last = [word for word in (folder / 'build/compile_commands.json').read_text().split() if '-fconstexpr-' in word][-1]
    wanted = '-fconstexpr-steps=10000000' if is_clang() else '-fconstexpr-ops-limit=1000000000'
    if last != wanted:
        raise SystemExit(f'a subproject is compiled with {last}\n0 passed, 1 failed')


def through_pkg_config(folder):
    run('meson', 'setup', folder / 'build', CHECKOUT, f'--prefix={folder / "prefix"}',
        '-Dtests=disabled', '-Dexamples=disabled', '-Dbench=disabled')
    run('meson', 'install', '-C', folder / 'build')
    path = folder / 'prefix/share/pkgconfig'
    flags = run('pkg-config', '--cflags', '--libs', 'ashlar', PKG_CONFIG_PATH=str(path)).split()
    limits = 'clang_limits' if is_clang() else 'gcc_limits'
    flags += run('pkg-config', f'--variable={limits}', 'ashlar', PKG_CONFIG_PATH=str(path)).split()
    run(*COMPILER, CONSUMER / 'main.cpp', *flags, '-o', folder / 'consumer')
    run(folder / 'consumer')


for way in as_subproject, through_pkg_config:
    with tempfile.TemporaryDirectory() as folder:
        way(pathlib.Path(folder))
    print(f'{way.__name__}: good')
print('2 passed, 0 failed')
