// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/grad/backward.hpp"
#include "ashlar/nn/module.hpp"
#include "ashlar/ops/hold.hpp"
#include "ashlar/ops/where.hpp"
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

/// The parameters of a model as inputs of a program, and what becomes of them.
struct parameter_inputs {
    list<int> node;    // the parameter where it is updated
    list<int> number;  // its input
};

template <class Model, class Tracer> constexpr void add_parameters(Tracer& t, parameter_inputs& p) {
    visit_parameters(shadow<Model>.model, [&](auto& parameter) {
        using tensor = std::remove_cvref_t<decltype(parameter)>;
        p.number.push(t.inputs.size());
        p.node.push(t.leaf(dtype_of<typename tensor::value_type>, tensor::extent));
    });
}

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

/// The gradients of a loss with respect to the parameters of a model.
struct parameter_gradients {
    list<int> node;   // -1 where the loss has none: it does not depend on the parameter, or only behind stop_gradient
    list<int> given;  // where it has one through some calls only: not 0 if one of them is of this model; else -1
};

/// Gradients of a traced loss with respect to a model. Where the model's type is called more than once, every call has a
/// number that says at run time whether it is this model (1) or another object, which counts as constant (0).
template <class Model, class Tracer> constexpr parameter_gradients differentiate(Tracer& t, int root) {
    const int calls = t.target_inputs.size();
    backward_pass pass{t, t.nodes.size()};
    parameter_inputs of_calls;
    for (int c = 0; c < calls; ++c) parameters_of_call<Model>(t, c, of_calls);
    for (int id : of_calls.node) pass.want(id);
    pass.run(root, t.constant(1, t.type_of(root)));
    const int count = of_calls.node.size() / calls;
    note_reach(t, pass, of_calls.node, count);

    parameter_gradients gradient;
    list<int> is_ours;
    for (int c = 0; calls > 1 && c < calls; ++c) is_ours.push(t.leaf(dtype::int32, shape{}));
    for (int i = 0; i < count; ++i) {
        int sum = -1, given = -1, reaching = 0;
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
        gradient.given.push(reaching < calls ? given : -1);
    }
    return gradient;
}

/// Forward, backward, and the gradients added to a buffer of the model's own type.
template <class E, class Model> struct backward_program {
    using target = Model;
    static constexpr void build(tracer<Model>& t, list<output>& outputs) {
        const int root = E::trace(t);
        t.leaves = t.inputs.size();
        const parameter_gradients gradient = differentiate<Model>(t, root);
        outputs.push({root, destination::apart});
        parameter_inputs buffer;
        add_parameters<Model>(t, buffer);
        for (int i = 0; i < gradient.node.size(); ++i) {
            if (gradient.node[i] < 0) continue;
            const value_for<E> sum = value_for<E>{&t, buffer.node[i]} + hold(value_for<E>{&t, gradient.node[i]});
            outputs.push({sum.id, destination::update, buffer.number[i]});
        }
    }
};

/// Forward, backward and update as one program. `Rule` is the optimizer's.
template <class E, class Model, class Rule> struct step_program {
    using target = Model;
    static constexpr void build(tracer<Model>& t, list<output>& outputs) {
        const int root = E::trace(t);
        t.leaves = t.inputs.size();
        const parameter_gradients gradient = differentiate<Model>(t, root);
        outputs.push({root, destination::apart});
        parameter_inputs ours;
        if (t.target_inputs.size() == 1) {
            parameters_of_call<Model>(t, 0, ours);
        } else {
            // Any of the calls may be of this very object: the update waits for all of them.
            add_parameters<Model>(t, ours);
            for (int c = 0; c < t.target_inputs.size(); ++c) {
                parameter_inputs call;
                parameters_of_call<Model>(t, c, call);
                for (int i = 0; i < call.number.size(); ++i) t.inputs[call.number[i]].alias = t.inputs[ours.number[i]].alias;
            }
        }
        add_update<Model, Rule>(t, outputs, ours, gradient);
    }
};

/// The update alone, from a buffer of gradients.
template <class Model, class Rule> struct update_program {
    using target = void;
    static constexpr void build(tracer<void>& t, list<output>& outputs) {
        parameter_inputs ours, buffer;
        add_parameters<Model>(t, ours);
        add_parameters<Model>(t, buffer);
        parameter_gradients gradient;
        for (int id : buffer.node) gradient.node.push(id), gradient.given.push(-1);
        add_update<Model, Rule>(t, outputs, ours, gradient);
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

// The rule's inputs follow: its numbers, then its states, each of the model's layout. As in PyTorch a parameter
// without a gradient stays as it is, with its states: neither weight decay nor momentum moves it.
template <class Model, class Rule, class Tracer>
constexpr void add_update(Tracer& t, list<output>& outputs, const parameter_inputs& ours,
                          const parameter_gradients& gradient) {
    value number[Rule::numbers + 1]{};
    for (int i = 0; i < Rule::numbers; ++i) number[i] = {&t, t.leaf(dtype::float32, dtype::float64, shape{})};
    parameter_inputs states[Rule::states + 1];
    for (int i = 0; i < Rule::states; ++i) add_parameters<Model>(t, states[i]);
    for (int p = 0; p < gradient.node.size(); ++p) {
        if (gradient.node[p] < 0) continue;
        value state[Rule::states + 1]{};
        for (int i = 0; i < Rule::states; ++i) state[i] = {&t, states[i].node[p]};
        // `hold`: the gradient is one rounded number in the fused form as in the one that stores it.
        const value updated =
            Rule::update(value{&t, ours.node[p]}, hold(value_for<Model>{&t, gradient.node[p]}), state, number);
        for (int i = 0; i < Rule::states; ++i)
            push_update(t, outputs, gradient.given[p], state[i].id, states[i].node[p], states[i].number[p]);
        push_update(t, outputs, gradient.given[p], updated.id, ours.node[p], ours.number[p]);
    }
}

template <class Model> [[gnu::always_inline]] constexpr void bind_parameters(auto& b, Model& m) {
    visit_parameters(m, [&](auto& parameter) __attribute__((always_inline)) { b.add(parameter.data()); });
}

}  // namespace detail
}  // namespace ashlar
