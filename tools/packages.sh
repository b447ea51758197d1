# SPDX-License-Identifier: BSL-1.0
# shellcheck shell=bash
# Installs Debian and Ubuntu packages that are missing. Sourced by the run scripts.

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

has_apt() { command -v apt-get >/dev/null && command -v dpkg >/dev/null; }
is_installed() { [[ $(dpkg -s "$1" 2>/dev/null) == *'Status: install ok installed'* ]]; }
is_available() { [[ $(apt-cache policy "$1" 2>/dev/null) =~ Candidate:\ [^\(] ]]; }

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        stop "Installing packages needs root: run as root, or install sudo. Command: $*"
    fi
}

# The lists are fetched once a run, and only when something is missing.
update_lists() {
    [ -z "${lists_are_new:-}" ] || return 0
    lists_are_new=yes
    for attempt in 1 2 3; do
        as_root apt-get update -qq >&2 && return
        sleep $((attempt * 5))  # another apt-get holds the lock, or the network hesitates
    done
    say "apt-get update failed; going on with the lists that are there"
}

install_packages() {
    say "Installing: $*"
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "$@" >&2
}

# need PACKAGE...   installs what is missing, or stops; without apt-get it does nothing (see require_tools)
need() {
    has_apt || return 0
    local package missing=()
    for package in "$@"; do is_installed "$package" || missing+=("$package"); done
    [ ${#missing[@]} -eq 0 ] && return
    update_lists
    install_packages "${missing[@]}" || stop "Could not install: ${missing[*]}"
}

# want PACKAGE...   the same, but what cannot be had is only reported
want() {
    has_apt || return 0
    local package missing=()
    for package in "$@"; do
        is_installed "$package" && continue
        update_lists
        if is_available "$package"; then missing+=("$package"); else say "Not available: $package; going on without it"; fi
    done
    [ ${#missing[@]} -eq 0 ] && return
    install_packages "${missing[@]}" && return  # at once, so that apt-get chooses among alternatives only once
    for package in "${missing[@]}"; do
        install_packages "$package" || say "Could not install: $package; going on without it"
    done
}

# require_tools COMMAND...   after need: stops with a list of what a machine without apt-get lacks
require_tools() {
    local tool missing=()
    for tool in "$@"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
    [ ${#missing[@]} -eq 0 ] || stop "Not found: ${missing[*]}
This script installs packages on Debian (12 and later) and Ubuntu (24.04 and later). Elsewhere please install:
g++ >= 12, clang >= 16, Meson >= 1.0, Ninja, pkg-config, Python 3.9 or later, Boost's headers >= 1.74 and Catch2 >= 2.13."
}

version_of() { "$1" -dumpversion 2>/dev/null | cut -d. -f1; }

# The oldest compilers that compile the library
least_gcc=12
least_clang=16

# Sets `gcc` to a g++ that is new enough: $GCC when given, else the machine's own or a newer one beside it.
find_gcc() {
    gcc=${GCC:-}
    [ -n "$gcc" ] && return
    need g++
    local name
    for name in g++ g++-15 g++-14 g++-13 g++-12; do
        [ "$(version_of $name || echo 0)" -ge $least_gcc ] 2>/dev/null && { gcc=$name; return; }
    done
    need g++-$least_gcc
    gcc=g++-$least_gcc
}

# Sets `clang` likewise: $CLANG when given, else clang-19 or the nearest that is installed, else installs one.
find_clang() {
    clang=${CLANG:-}
    [ -n "$clang" ] && return
    local version
    for version in 19 20 21 18 17 16; do
        command -v clang++-$version >/dev/null && { clang=clang++-$version; break; }
    done
    if [ -z "$clang" ] && [ "$(version_of clang++ || echo 0)" -ge $least_clang ] 2>/dev/null; then
        clang='clang++'
        return
    fi
    if has_apt; then
        if [ -z "$clang" ]; then
            update_lists
            for version in 19 20 21 18 17 16; do is_available clang-$version && break; done
            is_available clang-$version || stop "This release has no clang >= $least_clang: install one, and set CLANG."
            clang=clang++-$version
        fi
        need clang-$version libclang-rt-$version-dev  # the second one for the sanitizers
    fi
    [ -n "$clang" ] || stop "No clang++ >= $least_clang found: install one, or set CLANG to its name."
}
