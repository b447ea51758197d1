// SPDX-License-Identifier: BSL-1.0
// limit: 0.8 s, 300 MB
// counted: -O2 -c
// counts clang++ 19 with libstdc++ 12: types 66653, declarations 48157, expressions 173420
// counts g++ 12: memory 83, functions 3080, classes 4772
#include <ashlar/ashlar.hpp>

int main() {}
