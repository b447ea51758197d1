// SPDX-License-Identifier: BSL-1.0
// build error: normalization: a data set of floating numbers is expected
// max lines: 14
#include <ashlar/ashlar.hpp>
#include <ashlar/train/sampling.hpp>

int main() {
    [[maybe_unused]] const ashlar::data_set<int, ashlar::Shape<2>> data;
    [[maybe_unused]] const ashlar::normalization units{data};
}
