// SPDX-License-Identifier: BSL-1.0
// build error: update_needs_an_operand_of_the_body__give_one_as_third_argument<.*buffer<int>
// max lines: 26
#include <ashlar/ashlar.hpp>
struct Counter {
    ashlar::buffer<int> count;
    using members = ashlar::members<&Counter::count>;
    constexpr auto operator()(ashlar::expression auto x) const {
        ashlar::update(count, count + 1);
        return x;
    }
};

int main() {
    Counter m;
    ashlar::Tensor<float, 2, 3> x{};
    ashlar::Tensor<float, 2, 3> y = ashlar::call(m, x);
}
