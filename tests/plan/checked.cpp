// SPDX-License-Identifier: BSL-1.0
// labels: text
// Steps that use more scratch than the plan has reserved are stopped where a program is built to find faults.
// flags: -DASHLAR_CHECK
#include "support/catch.hpp"
#include "support/child.hpp"
#include "support/products.hpp"

using ashlar::Tensor;
using support::epilogue, support::product;

namespace {

// A step with so many elements less than are reserved for it.
template <class Run> std::string last_words(ashlar::step s, int which, ashlar::index less, Run run) {
    s.scratch[which] -= less;
    const auto end = support::ending_of([&] { run(s); });
    return end.aborted ? end.message : "no abort: " + end.message;
}

const std::string fault = "ashlar: a step uses more scratch than the plan has reserved for it\n";

template <product P> std::string product_with(ashlar::index less) {
    using namespace ashlar::detail;
    static constexpr auto operands = support::operands_of<float, epilogue::plain>(P);
    constexpr gemm_form f = form_of(support::step_of<float>(P), operands.data[1], knowledge::unrolled);
    static float memory[4096]{};
    ashlar::address places[6];
    for (ashlar::address& place : places) place = ashlar::address{memory};
    ashlar::step s = support::step_of<float>(P);
    s.scratch[0] = scratch_of(s, f);
    return last_words(s, 0, less, [&](const ashlar::step& now) {
        support::kernel<known_axes<2, 0, P.n>, float, epilogue::plain, f.way, P.ta, P.tb, f.rows_b, f.m, f.n, f.k>(
            now, operands.data, places);
    });
}

}  // namespace

TEST_CASE("the scratch of products", "[plan]") {
    CHECK(product_with<product{.m = 16, .n = 1, .k = 7, .tb = true}>(0) == "no abort: ");
    CHECK(product_with<product{.m = 16, .n = 1, .k = 7, .tb = true}>(1) == fault);
    CHECK(product_with<product{.m = 33, .n = 9, .k = 4}>(0) == "no abort: ");
    CHECK(product_with<product{.m = 33, .n = 9, .k = 4}>(1) == fault);
}

TEST_CASE("the scratch of windows", "[plan]") {
    using image = Tensor<float, 1, 2, 9, 9>;
    using call = decltype(std::declval<const ashlar::nn::Conv2d<2, 3, 3>&>()(std::declval<const image&>()));
    using spec = ashlar::detail::evaluation<ashlar::detail::node_of<call>>;
    const auto& tape = ashlar::detail::tape_of<spec>;
    const ashlar::step s = tape.steps[0];
    const auto run = [&](const ashlar::step& now) { tape.entries[now.kernel](now, tape.operands, nullptr); };
    CHECK(s.scratch[0] > 0);
    CHECK(s.scratch[1] > 0);
    CHECK(last_words(s, 0, 1, run) == fault);
    CHECK(last_words(s, 1, 1, run) == fault);
}
