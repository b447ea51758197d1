// SPDX-License-Identifier: BSL-1.0
// limit: 0.8 s, 300 MB
// counted: -O2 -c
// counts clang++ 19 with libstdc++ 12: types 60372, declarations 44270, expressions 153821
// counts g++ 12: memory 78, functions 2676, classes 4230
#include <ashlar/ashlar.hpp>

int main() {}
