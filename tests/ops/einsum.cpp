// SPDX-License-Identifier: BSL-1.0
// einsum and tensordot: what is read of the text, the order of products, values beside plain loops over all letters.

#include <ashlar/ashlar.hpp>

#include "support/central_difference.hpp"
#include "support/compare.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace ashlar;

namespace {

template <class E, std::size_t... Dims> inline constexpr bool has = std::same_as<shape_t<E>, Shape<Dims...>>;
template <class E, class T> inline constexpr bool holds = std::same_as<typename E::value_type, T>;

template <class T, std::size_t... D> Tensor<T, D...> some(int seed) {
    Tensor<T, D...> t;
    for (ashlar::index i = 0; i < t.extent.size(); ++i) t.data()[i] = static_cast<T>((seed + 7 * i) % 11 - 5);
    return t;
}

// What stands in the text, as loops over all letters in double.
struct array {
    std::vector<int> extents;
    std::vector<double> elements;
};
template <class T, std::size_t... D> array array_of(const Tensor<T, D...>& t) {
    array a{{static_cast<int>(D)...}, {}};
    for (const T x : t) a.elements.push_back(static_cast<double>(x));
    return a;
}
struct plain_sum {
    std::vector<std::string> in;
    std::string out, all;
    std::map<char, int> extent, at;

    plain_sum(const std::string& text, const std::vector<array>& x) {
        const auto arrow = text.find("->");
        out = text.substr(arrow + 2);
        in.emplace_back();
        for (const char c : text.substr(0, arrow)) c == ',' ? void(in.emplace_back()) : void(in.back() += c);
        for (std::size_t i = 0; i < in.size(); ++i)
            for (std::size_t k = 0; k < in[i].size(); ++k)
                extent[in[i][k]] = std::max(extent[in[i][k]], x[i].extents[k]);
        for (const auto& [letter, n] : extent) all += letter;
    }
    std::size_t place(const std::string& letters, const std::vector<int>* extents) {
        std::size_t p = 0;
        for (std::size_t k = 0; k < letters.size(); ++k) {
            const int n = extents ? (*extents)[k] : extent[letters[k]];
            p = p * static_cast<std::size_t>(n) + static_cast<std::size_t>(n == 1 ? 0 : at[letters[k]]);
        }
        return p;
    }
    std::vector<double> of(const std::vector<array>& x) {
        std::size_t n = 1;
        for (const char c : out) n *= static_cast<std::size_t>(extent[c]);
        std::vector<double> y(n);
        add(0, x, y);
        return y;
    }
    void add(std::size_t letter, const std::vector<array>& x, std::vector<double>& y) {
        if (letter < all.size()) {
            for (int& i = at[all[letter]] = 0; i < extent[all[letter]]; ++i) add(letter + 1, x, y);
            return;
        }
        double product = 1;
        for (std::size_t i = 0; i < in.size(); ++i) product *= x[i].elements[place(in[i], &x[i].extents)];
        y[place(out, nullptr)] += product;
    }
};

template <fixed_string Text, class... X> void is_the_plain_sum(const X&... x) {
    const auto got = eval(einsum<Text>(x...));
    const std::vector<array> operands{array_of(x)...};
    const std::vector<double> expected = plain_sum{Text.text, operands}.of(operands);
    INFO(Text.text);
    REQUIRE(expected.size() == got.size());
    CHECK(support::first_difference(got, expected.data(), 1e-12) == -1);
}

const auto a = some<double, 3, 4>(1);
const auto b = some<double, 4, 5>(2);
const auto c = some<double, 2, 3, 4>(3);
const auto d = some<double, 2, 4, 3>(4);
const auto square_ = some<double, 3, 3>(5);
const auto v = some<double, 4>(6);
const auto w = some<double, 3>(7);

static_assert(has<decltype(einsum<"ij,jk->ik">(a, b)), 3, 5> && has<decltype(einsum<"ij , jk">(a, b)), 3, 5> &&
              has<decltype(einsum<"zy,yx">(a, b)), 5, 3> && has<decltype(einsum<"bA,Ac">(a, b)), 3, 5> &&
              has<decltype(einsum<"ij->">(a))> && has<decltype(einsum<"ii">(square_))> &&
              has<decltype(einsum<"...j,j->...">(c, v)), 2, 3> && has<decltype(einsum<"...ij,...jk">(a, d)), 2, 3, 3> &&
              has<decltype(einsum<"...i">(c)), 2, 3, 4> && has<decltype(einsum<"...,...">(a, c)), 2, 3, 4> &&
              has<decltype(einsum<"ij...->j...">(c)), 3, 4>);
static_assert(holds<decltype(einsum<"i,i->">(to<float>(v), v)), double> &&
              holds<decltype(einsum<"i->">(to<int>(v))), int> && holds<decltype(einsum<"i->i">(v < 0)), int> &&
              holds<decltype(einsum<"i,j->ij">(to<std::uint8_t>(v), to<std::uint8_t>(v))), std::uint8_t>);
static_assert(has<decltype(tensordot(c, some<double, 3, 4, 6>(1))), 2, 6> &&
              has<decltype(tensordot<axes<1>, axes<-1>>(c, d)), 2, 4, 2, 4> && has<decltype(tensordot<0>(v, w)), 4, 3>);

template <fixed_string Text, class... X> constexpr auto order_of = detail::products_of<
    detail::einsum_text<Text>, shape_t<X>...>::order;
using tall = Tensor<float, 100, 2>;
using wide = Tensor<float, 2, 100>;
// A chain from the cheap end: (2 x 100 x 2) + (100 x 2 x 2), where from the left it would be 100 x 2 x 100 twice.
static_assert(order_of<"ij,jk,kl->il", tall, wide, tall>.multiplications == 800);
static_assert(order_of<"ij,jk,kl->il", tall, wide, tall>.first[0] == 1);
static_assert(order_of<"ij,jk,kl->il", wide, tall, wide>.multiplications == 800);
static_assert(order_of<"ij,jk,kl->il", wide, tall, wide>.first[0] == 0);

}  // namespace

TEST_CASE("one operand", "[einsum]") {
    is_the_plain_sum<"ij->ji">(a);
    is_the_plain_sum<"ijk->">(c);
    is_the_plain_sum<"ijk->kj">(c);
    is_the_plain_sum<"ii->i">(square_);
    is_the_plain_sum<"ii->">(square_);
    is_the_plain_sum<"iji->j">(some<double, 3, 2, 3>(1));
    is_the_plain_sum<"iii->i">(some<double, 3, 3, 3>(1));
    is_the_plain_sum<"ijji->">(some<double, 2, 3, 3, 2>(1));
    is_the_plain_sum<"->">(Tensor<double>{3});
    is_the_plain_sum<"ij->j">(some<double, 1, 4>(1));
    is_the_plain_sum<"ij->ij">(some<double, 1, 1>(1));
}

TEST_CASE("two operands", "[einsum]") {
    is_the_plain_sum<"ij,jk->ik">(a, b);
    is_the_plain_sum<"ij,jk->ki">(a, b);
    is_the_plain_sum<"ij,kj->ik">(a, some<double, 5, 4>(1));
    is_the_plain_sum<"bij,bji->b">(c, d);
    is_the_plain_sum<"bij,bjk->kib">(c, d);
    is_the_plain_sum<"ij,i->j">(a, w);
    is_the_plain_sum<"ij,k->kij">(a, v);
    is_the_plain_sum<"ij,ij->ij">(a, a);
    is_the_plain_sum<"ij,kl->jl">(a, b);
    is_the_plain_sum<"abcd,cdab->ac">(some<double, 2, 3, 2, 3>(1), some<double, 2, 3, 2, 3>(2));
    is_the_plain_sum<"abcdef,fedcba->af">(some<double, 2, 1, 2, 1, 2, 3>(1), some<double, 3, 2, 1, 2, 1, 2>(2));
    is_the_plain_sum<"abcde,abcde->abcd">(some<double, 2, 1, 2, 2, 3>(1), some<double, 2, 1, 2, 2, 3>(2));
    is_the_plain_sum<"abcdex,abcdxf->abcdef">(some<double, 2, 2, 1, 2, 2, 3>(1), some<double, 2, 2, 1, 2, 3, 2>(2));
    is_the_plain_sum<"vwxyzi,vwxyzi->vwxyz">(some<double, 2, 2, 2, 2, 2, 3>(1), some<double, 2, 2, 2, 2, 2, 3>(2));
    is_the_plain_sum<"vwxyzi,vwxyi->vwxyz">(some<double, 2, 2, 2, 2, 2, 3>(1), some<double, 2, 2, 2, 2, 3>(2));
    is_the_plain_sum<"i,->i">(w, Tensor<double>{-3});
    is_the_plain_sum<",->">(Tensor<double>{2}, Tensor<double>{-3});
    // An extent of 1 goes with any other: what is summed beside it is summed alone.
    is_the_plain_sum<"ij,jk->ik">(some<double, 3, 1>(1), b);
    is_the_plain_sum<"ij,ij->ij">(some<double, 3, 1>(1), a);
    is_the_plain_sum<"ij,ij->i">(some<double, 1, 4>(1), a);
    is_the_plain_sum<"ij,ij->">(some<double, 1, 1>(1), some<double, 1, 1>(2));
}

TEST_CASE("more operands, in any order of products", "[einsum]") {
    is_the_plain_sum<"ij,jk,kl,lm->im">(a, b, some<double, 5, 2>(1), some<double, 2, 3>(2));
    is_the_plain_sum<"i,j,k->kji">(v, w, v);
    is_the_plain_sum<"ij,jk,ki->">(a, b, some<double, 5, 3>(3));
    is_the_plain_sum<"bi,oij,bj->bo">(some<double, 5, 3>(1), c, some<double, 5, 4>(2));
    is_the_plain_sum<"ii,ij,jj->i">(square_, a, some<double, 4, 4>(2));
    is_the_plain_sum<"ab,bc,cd,de,ef,fa->">(some<double, 2, 3>(1), a, b, some<double, 5, 2>(4), some<double, 2, 2>(5),
                                            some<double, 2, 2>(6));
    // beyond six always the cheapest product next
    is_the_plain_sum<"ab,bc,cd,de,ef,fg,gh,h->a">(some<double, 2, 3>(1), a, b, some<double, 5, 2>(4),
                                                  some<double, 2, 2>(5), some<double, 2, 3>(6), a, v);
    // Products of all six letters of two operands would have eight axes on the way.
    is_the_plain_sum<"abcd,efgh,ae,bf,cg,dh->">(some<double, 2, 2, 2, 2>(1), some<double, 2, 2, 2, 2>(2),
                                                some<double, 2, 2>(3), some<double, 2, 2>(4), some<double, 2, 2>(5),
                                                some<double, 2, 2>(6));
}

TEST_CASE("einsum of views, of computed values, into what it reads", "[einsum]") {
    const Tensor<double, 5, 3> expected = transpose(matmul(a, b));
    CHECK(support::first_difference(eval(einsum<"ij,jk">(transpose(b), transpose(a))), expected, 1e-14) == -1);
    CHECK(eval(einsum<"ij,jk->ki">(a + 0.0, b * 1.0)) == expected);
    CHECK(eval(einsum<"ij,jk->ik">(flip<0>(a), flip<0>(flip<1>(b)))) == eval(matmul(flip<0>(a), flip(b))));
    auto m = some<double, 3, 3>(1);
    const auto old = m;
    m = einsum<"ij,jk,kl->il">(m, m, m);
    CHECK(m == eval(matmul(matmul(old, old), old)));
    const Tensor<std::uint8_t, 2> bytes{20, 30};
    CHECK(einsum<"i,i->">(bytes, bytes) == Tensor<std::uint8_t>{1300 % 256});
    CHECK(einsum<"i,i">(Tensor<bool, 3>{true, true, false}, Tensor<int, 3>{5, 6, 7}) == Tensor<int>{11});
}

TEST_CASE("tensordot", "[tensordot]") {
    CHECK(eval(tensordot<1>(a, b)) == eval(matmul(a, b)));
    CHECK(eval(tensordot<axes<0, 1>, axes<1, 0>>(a, transpose(a))) == eval(sum(a * a)));
    CHECK(eval(tensordot<axes<>, axes<>>(v, w)) == eval(outer(v, w)));
    CHECK(eval(tensordot<axes<-1>, axes<-2>>(c, b)) == eval(einsum<"abj,jk">(c, b)));
}

TEST_CASE("plans of einsum move nothing", "[einsum]") {
    const Tensor<float, 2, 3, 4> x{}, y{};
    const Tensor<float, 4, 5> m{};
    const auto lx = variable<"x">(x);
    const auto ly = variable<"y">(y);
    const auto lm = variable<"m">(m);
    const auto steps = [](const auto& e) { return std::string{plan(e).c_str()}.substr(0, 6); };
    CHECK(steps(einsum<"bij,jk->bik">(lx, lm)) == "1 step");
    CHECK(steps(einsum<"bij,bkj->bik">(lx, ly)) == "1 step");
    CHECK(steps(einsum<"bij,bkj->bki">(lx, ly)) == "1 step");
    CHECK(steps(einsum<"bij,bij->b">(lx, ly)) == "1 step");
    CHECK(steps(einsum<"bij,bij->">(lx, ly)) == "1 step");
    CHECK(steps(einsum<"bij,bij->bij">(lx, ly)) == "1 step");
    CHECK(std::string{print(einsum<"bij,jk->bik">(lx, lm)).c_str()} == "matmul(x, m)");
    CHECK(std::string{print(einsum<"ij->">(lm)).c_str()} == "sum(m)");
}

TEST_CASE("derivatives of einsum", "[einsum]") {
    const auto p = Tensor<double, 2, 3, 2>::generate(
        [](std::size_t i, std::size_t j, std::size_t k) { return 0.3 + 0.1 * static_cast<double>(6 * i + 2 * j + k); });
    const auto error = [&p](auto f) { return support::central_difference_error(f, p); };
    CHECK(error([](auto x) { return exp(einsum<"bij,bkj->bik">(x, x)); }) < 1e-7);
    const auto several = [](auto x) {
        return einsum<"iji,jk,lkm->ml">(x, slice<0, 0, 3>(reshape<6, 2>(x)), permute<2, 0, 1>(x));
    };
    CHECK(error(several) < 1e-7);
    CHECK(error([](auto x) { return tensordot<axes<0, 2>, axes<2, 0>>(x, sin(x)); }) < 1e-7);
    CHECK(error([](auto x) { return grad(sum(exp(0.1 * einsum<"bij,cij,bij->jc">(x, x, x * x))), x); }) < 1e-6);
}

// In constant evaluation.
constexpr Tensor<int, 2, 2> two{{1, 2}, {3, 4}};
static_assert(eval(einsum<"ij,jk">(two, two)) == Tensor<int, 2, 2>{{7, 10}, {15, 22}});
static_assert(eval(einsum<"ii->i">(two)) == Tensor<int, 2>{1, 4} && eval(einsum<"ij,ij,ij">(two, two, two))() == 100);
