// SPDX-License-Identifier: BSL-1.0
// limit: 0.8 s, 300 MB
// counted: -O2 -c
// counts clang++ 19 with libstdc++ 12: types 68696, declarations 49386, expressions 178735
// counts g++ 12: memory 84, functions 3185, classes 4913
#include <ashlar/ashlar.hpp>

int main() {}
