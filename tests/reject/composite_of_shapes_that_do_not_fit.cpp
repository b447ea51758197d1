// SPDX-License-Identifier: BSL-1.0
// What does not fit inside of a composite is reported where it is called, and not only where it is evaluated.
// build error: reshape_changes_the_number_of_elements<.*Shape<2, 3>.*Shape<3>
#include <ashlar/ashlar.hpp>

struct broken_body {
    constexpr auto operator()(auto x) const { return x + ashlar::reshape<3>(x); }
};

int main() {
    ashlar::Tensor<float, 2, 3> x{};
    auto y = ashlar::compose<broken_body>(x);
}
