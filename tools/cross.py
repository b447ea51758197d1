# SPDX-License-Identifier: BSL-1.0
"""Configurations of tools/run_tests.py for another processor than this one: a cross compiler, and an emulator to run
what it makes. Boost and Catch2 are headers only: those of this machine serve, through links without its other headers.
"""
import shutil

import compile_cache

TARGETS = {'aarch64': ('aarch64-linux-gnu-g++', 'qemu-aarch64')}  # a word in the configuration's name
HEADERS = ['boost', 'catch2']


def target_of(name):
    return next((target for target in TARGETS if target in name.split('-')), None)


def compiler_of(name, otherwise):
    target = target_of(name)
    return TARGETS[target][0] if target else otherwise


def emulator_of(name):
    """What runs a program of a configuration, as the first words of a command."""
    target = target_of(name)
    return [TARGETS[target][1]] if target else []


def missing(name):
    """What a configuration cannot do without and this machine does not have."""
    target = target_of(name)
    return [tool for tool in TARGETS[target] if not shutil.which(tool)] if target else []


def options(name, build):
    """Meson's options for a configuration; writes what they refer to below the directory `build`."""
    target = target_of(name)
    if not target:
        return []
    compiler, emulator = TARGETS[target]
    root = build / f'root-{target}'
    (root / 'include').mkdir(parents=True, exist_ok=True)
    for header in HEADERS:
        link = root / 'include' / header
        if not link.is_symlink():
            link.symlink_to(f'/usr/include/{header}')
    machine = root / 'machine.ini'
    machine.write_text(f"""[binaries]
cpp = {[*compile_cache.launcher(), compiler]}
ar = '{compiler.replace('g++', 'ar')}'
strip = '{compiler.replace('g++', 'strip')}'
pkgconfig = 'pkg-config'
exe_wrapper = '{emulator}'
[properties]
boost_root = '{root}'
[host_machine]
system = 'linux'
cpu_family = '{target}'
cpu = '{target}'
endian = 'little'
""")
    return [f'--cross-file={machine}', '-Db_pch=false']
