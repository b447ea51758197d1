// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/grad/backward.hpp"
#include "ashlar/ops/hold.hpp"
#include "ashlar/ops/put.hpp"
#include "ashlar/ops/where.hpp"
#include "ashlar/optim/inputs.hpp"
#include "ashlar/run/evaluate.hpp"

namespace ashlar {

// What a loss may call in place of the model that is trained: nothing that has
// parameters; what the model is a part of; a part of the model; another model.
template <class Model> struct the_loss_calls_no_model__leaves_and_tensors_are_constants__write_criterion_of_model_of_x
    : refusal {};
template <class Model> struct only_a_part_is_trained_of_the_model_that_the_loss_calls__train_the_whole_model : refusal {
};
template <class Model> struct the_loss_calls_only_a_part_of_the_trained_model__call_the_model_or_train_the_part
    : refusal {};
template <class Model> struct the_loss_does_not_call_the_model : refusal {};
template <class Got> struct the_loss_has_to_be_a_scalar : refusal {};

namespace detail {

// The inputs that the parameters of one traced call became: floating tensors only, in the order of the members.
template <class Model, class Tracer> constexpr void parameters_of_call(const Tracer& t, int call, parameter_inputs& p) {
    int at = t.target_inputs[call];
    for_each_leaf(shadow<Model>.model, [&](auto& leaf) {
        if constexpr (is_parameter<std::remove_cvref_t<decltype(leaf)>>) {
            p.number.push(at);
            p.node.push(t.inputs[at].node);
        }
        ++at;
    });
}

/// How often a model's type is called in an expression.
template <class E, class Model> inline constexpr int calls_of = E::template calls<Model>;

// Nothing is noted where the loss has all gradients.
template <class Tracer, class Pass>
constexpr void note_reach(Tracer& t, const Pass& pass, const list<int>& parameters, int count) {
    bool all = true;
    for (int id : parameters) all = all && pass.reaches(id);
    if (all) return;
    const int words = (count + 63) / 64;
    t.reach.zeros(parameters.size() / count * words);
    for (int i = 0; i < parameters.size(); ++i)
        if (pass.reaches(parameters[i]))
            t.reach[i / count * words + i % count / 64] |= std::uint64_t{1} << (i % count % 64);
}

// Buffers of a model that is called once are inputs of that call. Of several calls each may be of the model: see
// `state_of_call`. Then the loss is traced with what says so.
template <class E, class Model> inline constexpr bool joins_state = state_tensors<Model> > 0 && calls_of<E, Model> > 1;

template <class E, class Model, class Binder>
[[gnu::always_inline]] constexpr void bind_loss(Binder& b, auto& from) {
    if constexpr (joins_state<E, Model>) from.is_ours.bind(b), from.buffers.bind(b), from.loss.bind(b);
    else from.loss.bind(b), from.is_ours.bind(b);
}
/// What the buffers of the model have become in the loss.
template <class Model> constexpr void add_state(tracer<Model>& t, list<output>& outputs,
                                                const parameter_inputs& buffers) {
    int number = 0;
    visit_buffers(shadow<Model>.model, [&](int at, auto&) {
        const int before = buffers.number.empty() ? t.target_inputs[0] + at : buffers.number[number];
        for (int c = 1; c < t.target_inputs.size(); ++c)
            t.inputs[t.target_inputs[c] + at].alias = t.inputs[before].alias;
        if (!buffers.number.empty()) t.inputs[t.target_inputs[0] + at].alias = t.inputs[before].alias;
        if (t.state[number] != t.inputs[before].node) outputs.push({t.state[number], destination::update, before});
        ++number;
    });
}

/// The gradients of a loss with respect to the parameters of a model.
struct parameter_gradients {
    list<int>
        node;  // no_index where the loss has none: it does not depend on the parameter, or only behind stop_gradient
    list<int> given;  // where it has one through some calls only: not 0 if one of them is of this model; else no_index
};

template <class Rule> concept has_transforms = requires { typename Rule::is_transformed; };  // see transformed.hpp

// Whether a rule leaves a parameter as it is.
template <class Model, class Rule> constexpr bool is_frozen(int parameter) {
    if constexpr (has_transforms<Rule>) return Rule::template is_frozen<Model>(parameter);
    else return static_cast<void>(parameter), false;
}

/// Gradients of a traced loss with respect to a model. Where the model's type is called more than once, every call has
/// a number that says at run time whether it is this model (1) or another object, which counts as constant (0). `seed`
/// is the adjoint of the root, where it is not 1.
template <class Model, class Rule = void, class Tracer>
constexpr parameter_gradients differentiate(Tracer& t, int root, const int* is_ours, int seed = no_index) {
    const int calls = t.target_inputs.size();
    backward_pass pass{t, t.nodes.size()};
    parameter_inputs of_calls;
    for (int c = 0; c < calls; ++c) parameters_of_call<Model>(t, c, of_calls);
    const int count = of_calls.node.size() / calls;
    for (int i = 0; i < of_calls.node.size(); ++i)
        if (!is_frozen<Model, Rule>(i % count)) pass.want(of_calls.node[i]);
    pass.run(root, seed < 0 ? t.constant(1, t.type_of(root)) : seed);
    note_reach(t, pass, of_calls.node, count);

    parameter_gradients gradient;
    for (int i = 0; i < count; ++i) {
        int sum = no_index, given = no_index, reaching = 0;
        for (int c = 0; c < calls; ++c) {
            const int parameter = of_calls.node[c * count + i];
            if (!pass.reaches(parameter)) continue;
            ++reaching;
            const int term =
                calls == 1
                    ? pass.adjoint(parameter)
                    : where(value_for<Model>{&t, is_ours[c]}, value_for<Model>{&t, pass.adjoint(parameter)}, 0).id;
            sum = sum < 0 ? term : (value_for<Model>{&t, sum} + value_for<Model>{&t, term}).id;
            if (calls > 1)
                given = given < 0 ? is_ours[c] : (value_for<Model>{&t, given} + value_for<Model>{&t, is_ours[c]}).id;
        }
        gradient.node.push(sum);
        gradient.given.push(reaching < calls ? given : no_index);
    }
    return gradient;
}

/// Forward, backward, and the gradients added to a buffer of the model's own type.
template <class E, class Model> struct backward_program {
    using target = Model;
    static constexpr int calls = calls_of<E, Model>;

    template <class Binder> [[gnu::always_inline]] static constexpr void inputs(Binder& b, auto& from) {
        bind_loss<E, Model>(b, from), from.gradients.bind(b);
    }
    struct traced_inputs {
        traced<E> loss;
        traced_marks<calls> is_ours;
        traced_parameters<Model> gradients;
        traced_buffers<Model> buffers;
    };
    static constexpr void build(tracer<Model>& t, list<output>& outputs) {
        traced_inputs in;
        inputs(t, in);
        const parameter_gradients gradient = differentiate<Model>(t, in.loss.roots[0], in.is_ours.node);
        outputs.push({in.loss.roots[0], destination::apart});
        for (int i = 0; i < gradient.node.size(); ++i) {
            if (gradient.node[i] < 0) continue;
            const value_for<E> sum = value_for<E>{&t, in.gradients.node[i]} + hold(value_for<E>{&t, gradient.node[i]});
            outputs.push({sum.id, destination::update, in.gradients.number[i]});
        }
        add_state(t, outputs, in.buffers);
    }
};

/// Forward, backward and update as one program. `Rule` is the optimizer's.
template <class E, class Model, class Rule> struct step_program {
    using target = Model;
    static constexpr int calls = calls_of<E, Model>;

    // A model that is called once is read by the loss already. Of several calls any may be of this very object.
    template <class Binder> [[gnu::always_inline]] static constexpr void inputs(Binder& b, auto& from) {
        bind_loss<E, Model>(b, from);
        if constexpr (calls > 1) from.model.bind(b);
        from.numbers.bind(b);
        if constexpr (Rule::states > 0)
            for (auto& state : from.states) state.bind(b);
    }
    struct traced_inputs {
        traced<E> loss;
        traced_marks<calls> is_ours;
        traced_parameters<Model> model;
        traced_numbers<Rule> numbers;
        states_of<Rule, traced_parameters<Model>> states;
        traced_buffers<Model> buffers;
    };
    static constexpr void build(tracer<Model>& t, list<output>& outputs) {
        traced_inputs in;
        inputs(t, in);
        const parameter_gradients gradient = differentiate<Model, Rule>(t, in.loss.roots[0], in.is_ours.node);
        outputs.push({in.loss.roots[0], destination::apart});
        if constexpr (calls == 1) parameters_of_call<Model>(t, 0, in.model);
        for (int c = 0; calls > 1 && c < calls; ++c) {  // the update waits for all calls
            parameter_inputs call;
            parameters_of_call<Model>(t, c, call);
            for (int i = 0; i < call.number.size(); ++i)
                t.inputs[call.number[i]].alias = t.inputs[in.model.number[i]].alias;
        }
        add_update<Model, Rule>(t, outputs, in, gradient);
        add_state(t, outputs, in.buffers);
    }
};

/// The update alone, from a buffer of gradients.
template <class Model, class Rule> struct update_program {
    using target = void;

    template <class Binder> [[gnu::always_inline]] static constexpr void inputs(Binder& b, auto& from) {
        from.model.bind(b), from.gradients.bind(b), from.numbers.bind(b);
        if constexpr (Rule::states > 0)
            for (auto& state : from.states) state.bind(b);
    }
    struct traced_inputs {
        traced_parameters<Model> model, gradients;
        traced_numbers<Rule> numbers;
        states_of<Rule, traced_parameters<Model>> states;
    };
    static constexpr void build(tracer<void>& t, list<output>& outputs) {
        traced_inputs in;
        inputs(t, in);
        parameter_gradients gradient;
        for (int id : in.gradients.node) {
            gradient.node.push(is_frozen<Model, Rule>(gradient.node.size()) ? no_index : id);
            gradient.given.push(no_index);
        }
        add_update<Model, Rule>(t, outputs, in, gradient);
    }
};

// Input `number` becomes `after`; where `given` is a node, only if that is true, and else it stays `before`.
template <class Tracer>
constexpr void push_update(Tracer& t, list<output>& outputs, int given, int after, int before, int number) {
    const int id =
        given < 0 ? after
                  : where(value_for<Tracer>{&t, given}, value_for<Tracer>{&t, after}, value_for<Tracer>{&t, before}).id;
    outputs.push({id, destination::update, number});
}

/// A rule that has no state and does not move an element whose gradient is 0: of a table only the rows that were read.
template <class Rule> inline constexpr bool leaves_rows_without_gradient =
    Rule::states == 0 && requires { Rule::leaves_rows_without_gradient; };

// As in PyTorch a parameter without a gradient stays as it is, with its states: neither weight decay nor momentum moves
// it.
template <class Model, class Rule, class Tracer>
constexpr void add_update(Tracer& t, list<output>& outputs, const auto& in, const parameter_gradients& gradient) {
    value number[Rule::numbers + 1]{};
    for (int i = 0; i < Rule::numbers; ++i) number[i] = {&t, in.numbers.node[i]};
    using V = value_for<Model>;
    // `hold`: the gradient is one rounded number in the fused form as in the one that stores it.
    list<int> held;
    if constexpr (has_transforms<Rule>) {
        for (const int id : gradient.node) held.push(id < 0 ? id : hold(V{&t, id}).id);
        Rule::template transform_gradients<V>(t, held, number);
    }
    for (int p = 0; p < gradient.node.size(); ++p) {
        if (gradient.node[p] < 0) continue;
        value state[Rule::states + 1]{};
        if constexpr (Rule::states > 0)
            for (int i = 0; i < Rule::states; ++i) state[i] = {&t, in.states[i].node[p]};
        const auto update = [&](const V& parameter, const V& of) {
            if constexpr (has_transforms<Rule>)
                return Rule::template update_of<Model, V>(p, parameter, of, state, number);
            else return Rule::update(parameter, hold(of), state, number);
        };
        const V before{&t, in.model.node[p]};
        value updated = before;
        if constexpr (has_transforms<Rule>) {
            updated = update(before, V{&t, held[p]});
        } else {
            const V whole{&t, gradient.node[p]};
            if constexpr (leaves_rows_without_gradient<Rule>)
                updated = gradient.given[p] < 0 && is_of_few_rows(t, whole.id, before.id)
                              ? change_rows(before, whole, update)
                              : update(before, whole);
            else updated = update(before, whole);
        }
        if constexpr (Rule::states > 0)
            for (int i = 0; i < Rule::states; ++i)
                push_update(t, outputs, gradient.given[p], state[i].id, in.states[i].node[p], in.states[i].number[p]);
        push_update(t, outputs, gradient.given[p], updated.id, in.model.node[p], in.model.number[p]);
    }
}

}  // namespace detail
}  // namespace ashlar
