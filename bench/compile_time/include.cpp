// SPDX-License-Identifier: BSL-1.0
// limit: 0.8 s, 300 MB
// counted: -O2 -c
// counts clang++ 19 with libstdc++ 12: types 54366, declarations 41903, expressions 144546
// counts g++ 12: memory 74, functions 2228, classes 3681
#include <ashlar/ashlar.hpp>

int main() {}
