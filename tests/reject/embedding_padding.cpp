// SPDX-License-Identifier: BSL-1.0
// build error: padding_idx is no row of the table
// max lines: 16
#include <ashlar/ashlar.hpp>

int main() { const ashlar::nn::Embedding<10, 4, ashlar::nn::padding_idx<10>> table{}; }
