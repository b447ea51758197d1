// SPDX-License-Identifier: BSL-1.0
// limit: 0.8 s, 300 MB
#include <ashlar/ashlar.hpp>

int main() {}
