// SPDX-License-Identifier: BSL-1.0
// build error: both_forms_of_in_training_have_one_shape_and_type<.*handle<float, 2, 3>, .*handle<float, 3>
// max lines: 12
#include <ashlar/ashlar.hpp>
struct Counter {
    ashlar::buffer<float, 3> mean;
    using members = ashlar::members<&Counter::mean>;
    constexpr auto operator()(ashlar::expression auto x) const {
        return ashlar::in_training(x, ashlar::mean<0>(x));
    }
};

int main() {
    Counter m;
    ashlar::Tensor<float, 2, 3> x{};
    ashlar::Tensor<float, 2, 3> y = ashlar::call(m, x);
}
