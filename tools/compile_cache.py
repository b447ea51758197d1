# SPDX-License-Identifier: BSL-1.0
"""ccache, where it is installed: what was compiled once, in any checkout of the same sources, is not compiled again.
tools/run_tests.py gives its settings to all that it starts; the user's own, such as CCACHE_DIR, hold beside them."""
import hashlib
import os
import pathlib
import shutil

CCACHE = shutil.which('ccache')


def launcher():
    """The words before a compiler's name. To link, or to see only whether something compiles, needs none."""
    return ['ccache'] if CCACHE else []


def environment(checkout):
    """Settings for the programs of a checkout. Paths below it count from the folder of the build, so that another
    checkout finds the same; the files that compilers say they read are looked at, and no preprocessor runs to find
    them (depend). For a precompiled header what tests/support/precompiled/checksum.py writes is looked at, as its bytes
    differ from one time to another, and it is newer than what it is used for (sloppiness)."""
    return {'CCACHE_BASEDIR': str(checkout), 'CCACHE_NOHASHDIR': '1', 'CCACHE_DEPEND': '1', 'CCACHE_PCH_EXTSUM': '1',
            'CCACHE_SLOPPINESS': 'pch_defines,time_macros,include_file_mtime,include_file_ctime',
            'CCACHE_NAMESPACE': os.environ.get('CCACHE_NAMESPACE', '') + processor()} if CCACHE else {}


def processor():
    """What -march=native depends on: a folder of ccache may be carried to another machine."""
    path = pathlib.Path('/proc/cpuinfo')
    lines = path.read_text().split('\n\n')[0].split('\n') if path.is_file() else []
    said = [line for line in lines if line.startswith(('model name', 'cache size', 'flags', 'Features', 'CPU part'))]
    return hashlib.sha256('\n'.join(said).encode()).hexdigest()[:16]
