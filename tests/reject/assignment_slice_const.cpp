// SPDX-License-Identifier: BSL-1.0
// build error: only_slices_of_what_is_not_const_are_assigned<.*Shape<3>
// max lines: 10
#include <ashlar/ashlar.hpp>

int main() {
    const ashlar::Tensor<float, 6> a{1, 2, 3, 4, 5, 6};
    ashlar::slice<0, 2, 5>(a) = ashlar::slice<0, 2, 5>(a);
}
