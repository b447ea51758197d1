// SPDX-License-Identifier: BSL-1.0
// limit: 0.8 s, 300 MB
// counted: -O2 -c
// counts clang++ 19 with libstdc++ 12: types 72111, declarations 51429, expressions 187035
// counts g++ 12: memory 86, functions 3373, classes 5211
#include <ashlar/ashlar.hpp>

int main() {}
