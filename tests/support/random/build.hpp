// SPDX-License-Identifier: BSL-1.0
// A recipe as a graph of the library, with derivatives, and what each of the program's results means.
#pragma once

#include "support/random/recipe.hpp"

namespace support::random {

using ashlar::value;

template <class Op> constexpr value apply_one(const line& l, const value* x) {
    return ashlar::apply_values<Op>(l.a, x[0]);
}
template <class Op> constexpr value apply_two(const line& l, const value* x) {
    return ashlar::apply_values<Op>(l.a, x[0], x[1]);
}

constexpr value apply(const line& l, const value* x) {
    namespace a = ashlar;
    switch (l.what) {
        case op::neg: return apply_one<a::neg_op>(l, x);
        case op::abs: return apply_one<a::abs_op>(l, x);
        case op::exp: return apply_one<a::exp_op>(l, x);
        case op::log: return apply_one<a::log_op>(l, x);
        case op::log1p: return apply_one<a::log1p_op>(l, x);
        case op::expm1: return apply_one<a::expm1_op>(l, x);
        case op::sqrt: return apply_one<a::sqrt_op>(l, x);
        case op::rsqrt: return apply_one<a::rsqrt_op>(l, x);
        case op::sin: return apply_one<a::sin_op>(l, x);
        case op::cos: return apply_one<a::cos_op>(l, x);
        case op::tan: return apply_one<a::tan_op>(l, x);
        case op::asin: return apply_one<a::asin_op>(l, x);
        case op::acos: return apply_one<a::acos_op>(l, x);
        case op::atan: return apply_one<a::atan_op>(l, x);
        case op::sinh: return apply_one<a::sinh_op>(l, x);
        case op::cosh: return apply_one<a::cosh_op>(l, x);
        case op::tanh: return apply_one<a::tanh_op>(l, x);
        case op::sigmoid: return apply_one<a::sigmoid_op>(l, x);
        case op::erf: return apply_one<a::erf_op>(l, x);
        case op::relu: return apply_one<a::relu_op>(l, x);
        case op::sign: return apply_one<a::sign_op>(l, x);
        case op::floor: return apply_one<a::floor_op>(l, x);
        case op::ceil: return apply_one<a::ceil_op>(l, x);
        case op::round: return apply_one<a::round_op>(l, x);
        case op::square: return apply_one<a::power_op<2>>(l, x);
        case op::pow3: return apply_one<a::power_op<3>>(l, x);
        case op::pow5: return apply_one<a::power_op<5>>(l, x);
        case op::hold: return apply_one<a::hold_op>(l, x);
        case op::stop_gradient: return apply_one<a::stop_gradient_op>(l, x);
        case op::expand: return apply_one<a::expand_op>(l, x);
        case op::isnan: return apply_one<a::isnan_op>(l, x);
        case op::isfinite: return apply_one<a::isfinite_op>(l, x);
        case op::to_float: return apply_one<a::to_op<float>>(l, x);
        case op::to_double: return apply_one<a::to_op<double>>(l, x);
        case op::to_int: return apply_one<a::to_op<std::int32_t>>(l, x);
        case op::to_int64: return apply_one<a::to_op<std::int64_t>>(l, x);
        case op::to_uint8: return apply_one<a::to_op<std::uint8_t>>(l, x);
        case op::to_bool: return apply_one<a::to_op<bool>>(l, x);
        case op::add: return apply_two<a::add_op>(l, x);
        case op::sub: return apply_two<a::sub_op>(l, x);
        case op::mul: return apply_two<a::mul_op>(l, x);
        case op::div: return apply_two<a::div_op>(l, x);
        case op::pow: return apply_two<a::pow_op>(l, x);
        case op::minimum: return apply_two<a::minimum_op>(l, x);
        case op::maximum: return apply_two<a::maximum_op>(l, x);
        case op::less: return apply_two<a::less_op>(l, x);
        case op::less_equal: return apply_two<a::less_equal_op>(l, x);
        case op::eq: return apply_two<a::eq_op>(l, x);
        case op::ne: return apply_two<a::ne_op>(l, x);
        case op::leaky_relu: return apply_two<a::leaky_relu_op>(l, x);
        case op::softplus: return apply_two<a::softplus_op>(l, x);
        case op::where: return ashlar::apply_values<a::where_op>(l.a, x[0], x[1], x[2]);
        case op::clamp: return ashlar::apply_values<a::clamp_op>(l.a, x[0], x[1], x[2]);
        case op::sum: return apply_one<a::sum_op>(l, x);
        case op::prod: return apply_one<a::prod_op>(l, x);
        case op::max: return apply_one<a::max_op>(l, x);
        case op::min: return apply_one<a::min_op>(l, x);
        case op::argmax: return apply_one<a::argmax_op>(l, x);
        case op::argmin: return apply_one<a::argmin_op>(l, x);
        case op::matmul: return apply_two<a::contraction_op>(l, x);
        case op::view: return apply_one<a::view_op>(l, x);
        case op::unfold: return apply_one<a::unfold_op>(l, x);
        case op::reshape: return apply_one<a::reshape_op>(l, x);
        case op::place: return apply_two<a::place_op>(l, x);
        case op::conv: return apply_two<a::conv_op>(l, x);
        case op::max_pool: return apply_one<a::max_pool_op>(l, x);
        case op::cumsum: return apply_one<a::cumsum_op>(l, x);
        case op::gather: return apply_two<a::gather_op>(l, x);
        case op::take: return apply_two<a::take_op>(l, x);
        default: return x[0];
    }
}

/// What a result of the program is.
enum class meaning : unsigned char { line, loss, gradient, update, curvature_loss, curvature };

struct result_of {
    meaning what = meaning::line;
    int of = 0;    // a line, or the input that something is the derivative for
    int node = 0;  // its node; of an update that of the gradient alone
};

struct program {
    ashlar::list<int> node_of;        // line -> node
    ashlar::list<result_of> results;  // in the order of the program's outputs
};

/// How a recipe becomes a program.
struct form {
    int order = 1;         // derivatives: none, first, or second ones too (of a product with a vector)
    bool updates = false;  // some gradients are subtracted from their inputs, in place
    bool views = false;    // inputs are views, whose memory may overlap that of results in part
};

constexpr bool wants_derivative(const recipe& r, int input) {
    return ashlar::is_floating(r.lines[r.input_line[input]].type) && !is_option(r, input);
}

/// Appends the graph of a recipe, its results and their derivatives.
constexpr program build(ashlar::tracer<void>& t, ashlar::list<ashlar::output>& outputs, const recipe& r,
                        const form& f) {
    program p;
    p.node_of.zeros(r.count);
    for (int i = 0; i < r.count; ++i) {
        const line& l = r.lines[i];
        if (l.what == op::input) {
            p.node_of[i] = t.leaf(l.type, l.option ? dtype::float64 : l.type, l.extent);
            t.inputs.back().view = f.views;
        } else if (l.what == op::constant) {
            p.node_of[i] = t.constant(l.value, l.type);
        } else if (l.what == op::arange) {
            p.node_of[i] = t.range(l.extent[0], l.type);
        } else {
            const value x[] = {{&t, p.node_of[l.of[0]]}, {&t, p.node_of[l.of[1]]}, {&t, p.node_of[l.of[2]]}};
            p.node_of[i] = apply(l, x).id;
        }
    }
    if (r.twin[0] >= 0) t.inputs[r.twin[1]].alias = t.inputs[r.twin[0]].alias;
    for (int o = 0; o < r.outputs; ++o) {
        outputs.push({p.node_of[r.output[o]]});
        p.results.push({meaning::line, r.output[o], p.node_of[r.output[o]]});
    }
    if (f.order == 0 || r.loss < 0) return p;

    const int loss = p.node_of[r.loss];
    outputs.push({loss, ashlar::destination::apart});
    p.results.push({meaning::loss, r.loss, loss});
    ashlar::backward_pass first{t, t.nodes.size()};
    for (int i = 0; i < r.inputs; ++i)
        if (wants_derivative(r, i)) first.want(p.node_of[r.input_line[i]]);
    first.run(loss, t.constant(1, t.type_of(loss)));
    ashlar::list<int> gradient;
    gradient.zeros(r.inputs);
    for (int i = 0; i < r.inputs; ++i)
        if (wants_derivative(r, i)) gradient[i] = first.adjoint(p.node_of[r.input_line[i]]);

    // The gradient times a vector, and its gradient.
    ashlar::list<result_of> second;
    if (f.order > 1) {
        int all = -1;
        for (int i = 0; i < r.inputs; ++i) {
            if (!wants_derivative(r, i)) continue;
            const line& l = r.lines[r.input_line[i]];
            const value direction{&t, t.leaf(l.type, l.extent)};
            t.inputs.back().view = f.views;
            const value one = ashlar::reduce_value<ashlar::sum_op>(value{&t, gradient[i]} * direction,
                                                                   (1 << l.extent.rank) - 1, (1 << l.extent.rank) - 1);
            all = all < 0 ? one.id : (value{&t, all} + one).id;
        }
        ashlar::backward_pass again{t, t.nodes.size()};
        for (int i = 0; i < r.inputs; ++i)
            if (wants_derivative(r, i)) again.want(p.node_of[r.input_line[i]]);
        again.run(all, t.constant(1, t.type_of(all)));
        second.push({meaning::curvature_loss, 0, all});
        for (int i = 0; i < r.inputs; ++i)
            if (wants_derivative(r, i)) second.push({meaning::curvature, i, again.adjoint(p.node_of[r.input_line[i]])});
    }

    for (int i = 0; i < r.inputs; ++i) {
        if (!wants_derivative(r, i)) continue;
        const int input = p.node_of[r.input_line[i]];
        // Of inputs that may be one object, one is written.
        if (f.updates && i % 2 == 0 && i != r.twin[1]) {
            const value after = value{&t, input} - 0.125 * ashlar::hold(value{&t, gradient[i]});
            outputs.push({after.id, ashlar::destination::update, i});
            p.results.push({meaning::update, i, gradient[i]});
        } else {
            outputs.push({gradient[i]});
            p.results.push({meaning::gradient, i, gradient[i]});
        }
    }
    for (const result_of& s : second) {
        outputs.push({s.node});
        p.results.push(s);
    }
    return p;
}

}  // namespace support::random
