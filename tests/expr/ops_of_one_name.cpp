// SPDX-License-Identifier: BSL-1.0
// labels: types
// An op is its type. Its name is for the reader: two ops of one name, or one named as an op of the library, are two.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

using ashlar::Tensor;

namespace doubles {
struct scale_op : ashlar::elementwise<1> {
    static constexpr const char* name = "scale";
    static constexpr auto eval(auto x) { return x + x; }
    static constexpr ashlar::value pullback(auto g, auto, auto) { return g * 2; }
};
constexpr auto scale(auto&& x) { return ashlar::apply<scale_op>(x); }
}  // namespace doubles

namespace triples {
struct scale_op : ashlar::elementwise<1> {
    static constexpr const char* name = "scale";
    static constexpr auto eval(auto x) { return x + x + x; }
    static constexpr ashlar::value pullback(auto g, auto, auto) { return g * 3; }
};
constexpr auto scale(auto&& x) { return ashlar::apply<scale_op>(x); }
}  // namespace triples

struct both {
    constexpr auto operator()(ashlar::expression auto x) const { return doubles::scale(x) - triples::scale(x); }
};
BOOST_HANA_ADAPT_STRUCT(both);

namespace {  // named as ops of the library

struct relu_op : ashlar::elementwise<1> {
    static constexpr const char* name = "relu";
    static constexpr auto eval(auto x) { return x + 100; }
    static constexpr ashlar::value pullback(auto g, auto, auto) { return g * 7; }
};
struct neg_op : ashlar::elementwise<1> {  // the library's takes away a double negation
    static constexpr const char* name = "neg";
    static constexpr auto eval(auto x) { return x + 1; }
    static constexpr ashlar::value pullback(auto g, auto, auto) { return g; }
};
struct product_op : ashlar::reduction {
    static constexpr const char* name = "sum";
    static constexpr ashlar::reducer how = ashlar::reducer::product;
};

// One template: types differ in an argument.
template <int N> struct plus_op : ashlar::elementwise<1> {
    static constexpr const char* name = "plus";
    static constexpr auto eval(auto x) { return x + N; }
    static constexpr ashlar::value pullback(auto g, auto, auto) { return g * N; }
};
template <class F> struct map_op : ashlar::elementwise<1> {
    static constexpr const char* name = "map";
    static constexpr auto eval(auto x) { return F{}(x); }
};

constexpr Tensor<float, 3> numbers{1, 2, 4};

template <class First, class Second> constexpr int nodes_of_two() {
    ashlar::graph g;
    const ashlar::value x{&g, g.input_node(ashlar::dtype::float32, ashlar::dtype::float32, ashlar::shape{})};
    ashlar::apply_values<First>({}, x);
    ashlar::apply_values<Second>({}, x);
    return g.nodes.size() - 1;
}
static_assert(nodes_of_two<doubles::scale_op, doubles::scale_op>() == 1);
static_assert(nodes_of_two<doubles::scale_op, triples::scale_op>() == 2);
static_assert(nodes_of_two<relu_op, ashlar::relu_op>() == 2);
static_assert(nodes_of_two<plus_op<1>, plus_op<2>>() == 2);

}  // namespace

TEST_CASE("two ops of one name in one expression", "[expr]") {
    const auto x = ashlar::variable<"x">(numbers);
    CHECK(ashlar::eval(doubles::scale(x) - triples::scale(x)) == Tensor<float, 3>{-1, -2, -4});
    CHECK(ashlar::eval(triples::scale(x) - doubles::scale(x)) == Tensor<float, 3>{1, 2, 4});
    CHECK(ashlar::eval(grad(sum(doubles::scale(x) * triples::scale(x)), x)) == Tensor<float, 3>{12, 24, 48});
    constexpr auto constant =
        ashlar::eval(doubles::scale(ashlar::variable<"x">(numbers)) - triples::scale(ashlar::variable<"x">(numbers)));
    STATIC_REQUIRE(constant == Tensor<float, 3>{-1, -2, -4});
    CHECK(ashlar::eval(ashlar::call(both{}, numbers)) == Tensor<float, 3>{-1, -2, -4});
}

TEST_CASE("an op named as one of the library", "[expr]") {
    const auto x = ashlar::variable<"x">(numbers);
    CHECK(ashlar::eval(relu(x) + ashlar::apply<relu_op>(x)) == Tensor<float, 3>{102, 104, 108});
    CHECK(ashlar::eval(grad(sum(relu(x) * ashlar::apply<relu_op>(x)), x)) == Tensor<float, 3>{108, 116, 132});
    CHECK(ashlar::eval(-ashlar::apply<neg_op>(x)) == Tensor<float, 3>{-2, -3, -5});
    CHECK(ashlar::eval(ashlar::apply<neg_op>(-x)) == Tensor<float, 3>{0, -1, -3});
    CHECK(ashlar::eval(sum(x) - ashlar::reduce<product_op>(x)) == -1.0f);
}

TEST_CASE("ops of one template", "[expr]") {
    const auto x = ashlar::variable<"x">(numbers);
    CHECK(ashlar::eval(ashlar::apply<plus_op<1>>(x) * ashlar::apply<plus_op<2>>(x)) == Tensor<float, 3>{6, 12, 30});
#if !defined(__SANITIZE_UNDEFINED__) && (defined(__clang__) || !defined(__SANITIZE_ADDRESS__))
    // g++ spells both types alike, and with sanitizers it can only refuse them: see `same` of two records.
    const auto more = [](auto v) { return v + v; };
    const auto less = [](auto v) { return v - 5; };
    CHECK(ashlar::eval(ashlar::apply<map_op<decltype(more)>>(x) * ashlar::apply<map_op<decltype(less)>>(x)) ==
          Tensor<float, 3>{-8, -12, -8});
#endif
}

TEST_CASE("steps that differ in such an op only do not share a kernel", "[expr]") {
    const auto wide = Tensor<float, 64, 128>::full(1), more = Tensor<float, 64, 128>::full(2);
    CHECK(ashlar::eval(dot(sum<1>(doubles::scale(wide)), sum<1>(triples::scale(more)))) ==
          64.0f * (128 * 2) * (128 * 6));
}
