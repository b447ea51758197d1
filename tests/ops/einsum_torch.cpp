// SPDX-License-Identifier: BSL-1.0
// einsum and tensordot beside PyTorch's values and gradients.
#include "fixtures/products.hpp"
#include "support/fixture.hpp"

using namespace ashlar;
using support::agrees;
using support::tensor_of;

TEST_CASE("einsum of one operand", "[einsum]") {
    {
        namespace f = fixtures::products::one_trace;
        agrees([](auto a) { return einsum<"ii">(a); }, tensor_of<f::a_shape>(f::a), tensor_of(f::upstream), f::output,
               f::grad_a);
    }
    {
        namespace f = fixtures::products::one_diagonal;
        agrees([](auto a) { return einsum<"iji->ij">(a); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a);
    }
    {
        namespace f = fixtures::products::one_turned;
        agrees([](auto a) { return einsum<"ijk->kij">(a); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a);
    }
    {
        namespace f = fixtures::products::one_summed;
        agrees([](auto a) { return einsum<"ijk->j">(a); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a);
    }
    {
        namespace f = fixtures::products::one_all;
        agrees([](auto a) { return einsum<"ij->">(a); }, tensor_of<f::a_shape>(f::a), tensor_of(f::upstream), f::output,
               f::grad_a);
    }
    {
        namespace f = fixtures::products::one_implicit;
        agrees([](auto a) { return einsum<"ba">(a); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a);
    }
    {
        namespace f = fixtures::products::one_upper;
        agrees([](auto a) { return einsum<"bA">(a); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a);
    }
    {
        namespace f = fixtures::products::one_dots;
        agrees([](auto a) { return einsum<"...ij->...ji">(a); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a);
    }
}

TEST_CASE("einsum of two operands", "[einsum]") {
    {
        namespace f = fixtures::products::two_vector;
        agrees([](auto a, auto b) { return einsum<"ij,j">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_inner;
        agrees([](auto a, auto b) { return einsum<"i,i->">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_outer;
        agrees([](auto a, auto b) { return einsum<"i,j->ij">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_turned;
        agrees([](auto a, auto b) { return einsum<"ij,jk->ki">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_batch;
        agrees([](auto a, auto b) { return einsum<"bij,bjk->bik">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_last_batch;
        agrees([](auto a, auto b) { return einsum<"ijb,kjb->bki">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_rows;
        agrees([](auto a, auto b) { return einsum<"bij,jk->bik">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_two;
        agrees([](auto a, auto b) { return einsum<"ijkl,klm->mij">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_crossed;
        agrees([](auto a, auto b) { return einsum<"ikjl,mlk->ijm">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_element;
        agrees([](auto a, auto b) { return einsum<"ij,ij->ji">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_alone;
        agrees([](auto a, auto b) { return einsum<"ijk,jm->i">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_row;
        agrees([](auto a, auto b) { return einsum<"bij,bij->b">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_diagonal;
        agrees([](auto a, auto b) { return einsum<"iij,ij->j">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_dots;
        agrees([](auto a, auto b) { return einsum<"...ij,...jk->...ik">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_more_dots;
        agrees([](auto a, auto b) { return einsum<"i...,i->...">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_one;
        agrees([](auto a, auto b) { return einsum<"ij,jk->ik">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::two_heads;
        agrees([](auto a, auto b) { return einsum<"bqhd,bkhd->bhqk">(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
}

TEST_CASE("tensordot", "[tensordot]") {
    {
        namespace f = fixtures::products::tensordot_2;
        agrees([](auto a, auto b) { return tensordot<2>(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::tensordot_0;
        agrees([](auto a, auto b) { return tensordot<0>(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
    {
        namespace f = fixtures::products::tensordot_axes;
        agrees([](auto a, auto b) { return tensordot<axes<2, 0>, axes<0, 1>>(a, b); }, tensor_of<f::a_shape>(f::a),
               tensor_of<f::b_shape>(f::b), tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
    }
}

TEST_CASE("einsum with a number", "[einsum]") {
    namespace f = fixtures::products::two_number;
    agrees([](auto a, auto b) { return einsum<"ij,->ij">(a, b); }, tensor_of<f::a_shape>(f::a), tensor_of(f::b),
           tensor_of<f::upstream_shape>(f::upstream), f::output, f::grad_a, f::grad_b);
}

TEST_CASE("einsum of three operands", "[einsum]") {
    const auto check = [](auto product, const auto& a, const auto& b, const auto& c, const auto& upstream,
                          const double* output, const double* da, const double* db, const double* dc) {
        agrees([&](auto x, auto y) { return product(x, y, c); }, a, b, upstream, output, da, db);
        agrees([&](auto x, auto y) { return product(a, x, y); }, b, c, upstream, output, db, dc);
    };
    {
        namespace f = fixtures::products::three_chain;
        check([](auto&... x) { return einsum<"ij,jk,kl->il">(x...); }, tensor_of<f::a_shape>(f::a),
              tensor_of<f::b_shape>(f::b), tensor_of<f::c_shape>(f::c), tensor_of<f::upstream_shape>(f::upstream),
              f::output, f::grad_a, f::grad_b, f::grad_c);
    }
    {
        namespace f = fixtures::products::three_bilinear;
        check([](auto&... x) { return einsum<"bi, oij, bj -> bo">(x...); }, tensor_of<f::a_shape>(f::a),
              tensor_of<f::b_shape>(f::b), tensor_of<f::c_shape>(f::c), tensor_of<f::upstream_shape>(f::upstream),
              f::output, f::grad_a, f::grad_b, f::grad_c);
    }
    {
        namespace f = fixtures::products::three_elements;
        check([](auto&... x) { return einsum<"i,i,i->">(x...); }, tensor_of<f::a_shape>(f::a),
              tensor_of<f::b_shape>(f::b), tensor_of<f::c_shape>(f::c), tensor_of(f::upstream), f::output, f::grad_a,
              f::grad_b, f::grad_c);
    }
}
