// SPDX-License-Identifier: BSL-1.0
// build error: the_body_updates_a_buffer_with_another_shape<.*Counter
// max lines: 10
#include <ashlar/ashlar.hpp>
struct Counter {
    ashlar::buffer<float, 3> mean;
    using members = ashlar::members<&Counter::mean>;
    constexpr auto operator()(ashlar::expression auto x) const {
        ashlar::update(mean, ashlar::mean<1>(x));
        return x;
    }
};

int main() {
    Counter m;
    ashlar::Tensor<float, 2, 3> x{};
    ashlar::Tensor<float, 2, 3> y = ashlar::call(m, x);
}
