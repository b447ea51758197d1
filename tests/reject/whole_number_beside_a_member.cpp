// SPDX-License-Identifier: BSL-1.0
// The same number beside a member, in an expression that the body adds.
// build error: a_whole_number_in_the_body_exceeds_2_to_the_53__make_it_a_member_that_is_a_Tensor_of_int64
#include <ashlar/ashlar.hpp>
#include <cstdint>
using ashlar::Tensor;

struct Module {
    Tensor<std::int64_t, 2> offset;
    constexpr auto operator()(ashlar::expression auto x) const { return x + (offset + 9007199254740993); }
    using members = ashlar::members<&Module::offset>;
};

int main() {
    Module module{};
    const Tensor<std::int64_t, 2> x{1, 2};
    Tensor<std::int64_t, 2> y = ashlar::call(module, x);
}
