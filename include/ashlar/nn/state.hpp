// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/body.hpp"
#include "ashlar/nn/buffer.hpp"
#include "ashlar/ops/stop_gradient.hpp"
#include "ashlar/ops/where.hpp"

// What a body does in the training form only, and what becomes of it. A body is traced with the members as nodes of the
// graph. `update` puts another node in the place of a buffer, which whoever reads the buffer later in the same model
// gets: a layer that is called twice updates its buffers twice, in order. What the buffers of the trained model are in
// the end are results of the step's program.
namespace ashlar {

template <class Buffer> struct update_needs_an_operand_of_the_body__give_one_as_third_argument : refusal {};
template <class A, class B> struct both_forms_of_in_training_have_one_shape_and_type : refusal {};
template <class A, class B> struct in_training_takes_expressions_of_the_body : refusal {};

namespace detail {

/// An option of the module that is traced, as a value beside another one.
template <class X> constexpr value_for<X> option_beside(const X& x, const option& o) {
    return {x.g, id_of(*x.g, o, dtype::float32)};
}

/// From here on the body finds another node where it refers to a member.
constexpr void replace_member(graph& g, const void* address, const shape& extent, int node) {
    if (member_node(g, address, extent) < 0) g.note_stranger(stranger::tensor);
    else g.members[g.last_member].node = node;
}

template <class Buffer, class New> constexpr stranger fault_of_update() {
    if constexpr (!is_buffer<Buffer>) return stranger::no_buffer;
    else if constexpr (!std::same_as<shape_t<Buffer>, shape_t<New>>) return stranger::other_shape;
    else if constexpr (!std::same_as<typename Buffer::value_type, typename New::value_type>)
        return stranger::other_type;
    else return stranger::none;
}

template <class A, class B> constexpr auto form_or_fault(const A& a, const B& b) {
    if constexpr (is_poison<A> || is_poison<B>) return absorbed<A, B>{};
    else if constexpr (!is_handle_v<A> || !is_handle_v<B>) return in_training_takes_expressions_of_the_body<A, B>{};
    else if constexpr (!std::same_as<A, B>) return deferred<both_forms_of_in_training_have_one_shape_and_type<A, B>>{};
    else return a.g->training ? a : b;
}

}  // namespace detail

/// Says in a module's body what a buffer of the module holds after a step: `update(mean, 0.9f * mean + 0.1f * batch)`.
/// In effect in the training form only. Reads of the buffer that follow, in the same body or when the layer is called
/// again, find the new value. No gradient flows through it. A new value that is made of members alone,
/// `update(count, count + 1, x)`, has an operand of the body as third argument.
template <class Buffer, operand New, operand Beside>
constexpr void update(const Buffer& of, const New& after, const Beside& x) {
    if constexpr (is_poison<New> || is_poison<Beside>) {
        return;
    } else if constexpr (!detail::is_handle_v<Beside>) {
        [[maybe_unused]] poison& fault =
            refused<update_needs_an_operand_of_the_body__give_one_as_third_argument<Buffer>>;
    } else if constexpr (constexpr stranger fault = detail::fault_of_update<Buffer, New>(); fault != stranger::none) {
        x.g->note_stranger(fault);
    } else if (x.g->training) {
        const value_for<New> next{x.g, detail::operand_node(*x.g, after, dtype_of<typename New::value_type>)};
        detail::replace_member(*x.g, of.data(), Buffer::extent, stop_gradient(next).id);
    }
}
template <class Buffer, operand New> constexpr void update(const Buffer& of, const New& after) {
    update(of, after, after);
}

/// In a module's body: a in the training form, b in the evaluation form. Both have one shape and element type.
template <operand A, operand B> constexpr auto in_training(const A& a, const B& b)
    -> checked<decltype(detail::form_or_fault(a, b))> {
    return detail::form_or_fault(a, b);
}

namespace detail {

template <class M>
inline constexpr int state_tensors = [] {
    int n = 0;
    for_each_leaf(shadow<M>.model, [&n](auto& leaf) { n += is_buffer<std::remove_cvref_t<decltype(leaf)>>; });
    return n;
}();

/// visit(place among the leaves, leaf) for every buffer of a module.
template <class M, class Visit> [[gnu::always_inline]] constexpr void visit_buffers(M& m, Visit&& visit) {
    int at = 0;
    for_each_leaf(m, [&](auto& leaf) {
        if constexpr (is_buffer<std::remove_cvref_t<decltype(leaf)>>) visit(at, leaf);
        ++at;
    });
}

// Of several calls of the trained model's type each begins with what those before it have made of the buffers, if it is
// a call of that very object; what it makes of them counts if it is.
template <class M> struct state_of_call {
    tracer<M>& t;
    int call = t.target_inputs.size() - 1, next = 0;

    constexpr int choose(int ours, int other) const {
        if (t.marks == nullptr) return ours;
        return where(value_for<M>{&t, t.marks[call]}, value_for<M>{&t, ours}, value_for<M>{&t, other}).id;
    }
    constexpr void begin(int at) {
        if (t.marks != nullptr) t.members[at].node = choose(t.state[next++], t.members[at].node);
    }
    constexpr void end(int at) {
        if (t.marks == nullptr) t.state.push(t.members[at].node);
        else t.state[next] = choose(t.members[at].node, t.state[next]), ++next;
    }
};

/// The body of the model that is trained, in the training form.
template <class M, class... Handles> constexpr auto trace_trained(tracer<M>& t, const Handles&... x) {
    t.target_inputs.push(t.inputs.size());
    add_members<M>(t, plain_members{});
    t.training = true;
    if constexpr (state_tensors<M> > 0) {
        state_of_call<M> state{t};
        visit_buffers(shadow<M>.model, [&state](int at, auto&) { state.begin(at); });
    }
    const auto y = run_body(shadow<M>.model, x...);
    if constexpr (state_tensors<M> > 0) {
        state_of_call<M> state{t};
        visit_buffers(shadow<M>.model, [&state](int at, auto&) { state.end(at); });
    }
    t.training = false;
    return y;
}

/// The body of a module in the training form, whose buffers stay as they are.
template <class M, class Tracer, class... Handles> constexpr auto trace_in_training(Tracer& t, const Handles&... x) {
    t.training = true;
    const auto y = trace_body<M>(t, plain_members{}, x...);
    t.training = false;
    return y;
}

}  // namespace detail
}  // namespace ashlar
