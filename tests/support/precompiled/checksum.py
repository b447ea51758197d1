#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""Writes what ccache is to look at instead of a precompiled header, HEADER.gch.sum: a checksum of what the compiler
saw, as the bytes of the precompiled header are others each time it is made.

    checksum.py HEADER PRECOMPILED -- COMPILER...
"""
import hashlib
import pathlib
import subprocess
import sys

header, precompiled = sys.argv[1:3]
compiler = sys.argv[sys.argv.index('--') + 1:]
# -g0: with debug information g++ names the folder of the build.
text = subprocess.run(compiler + ['-E', '-dD', '-g0', header], check=True, capture_output=True).stdout
pathlib.Path(precompiled + '.sum').write_text(hashlib.sha256(text).hexdigest())
