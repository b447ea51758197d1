// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/plan.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
namespace detail {

/// What is written behind the names of a rule's states: "0.weight.m".
template <class Rule> struct state_names {
    text after[Rule::states + 1];
    state_names() {
        for (int i = 0; i < Rule::states; ++i) {
            after[i] += ".";
            if constexpr (requires { Rule::state_names; }) after[i] += Rule::state_names[i];
            else after[i] += "state", after[i].add(i + 1);
        }
    }
    template <class Model> void set(auto& from, const Model& model) const {
        if constexpr (Rule::states > 0)
            for (int i = 0; i < Rule::states; ++i) from.states[i] = {&model, after[i].c_str()};
    }
};

template <class Spec> text list_plan(const auto& from, const char* result) {
    input_names names = empty_names<Spec>();
    Spec::inputs(names, from);
    names.finish();
    list<text> results;
    results.push(text{result});
    return list_plan<Spec>(names, results);
}

}  // namespace detail

/// The plan of `optimizer.step(loss)`: forward, backward and update as one program.
template <class Model, class Rule, operand Loss> text plan(optim::optimizer<Model, Rule>& optimizer, const Loss& loss) {
    using E = detail::node_of<const Loss&>;
    const detail::state_names<Rule> states;
    detail::step_inputs<E, Model, Rule> from{detail::as_node(loss), {&optimizer.model()}, {nullptr}};
    states.set(from, optimizer.model());
    return detail::list_plan<detail::step_program<E, Model, Rule>>(from, "loss");
}

/// The plan of `backward(loss, gradients)`.
template <class Model, operand Loss> text plan(gradient_buffer<Model>& gradients, const Loss& loss) {
    using E = detail::node_of<const Loss&>;
    const detail::backward_inputs<E, Model> from{detail::as_node(loss), *gradients.of, {&gradients, ".grad"}};
    return detail::list_plan<detail::backward_program<E, Model>>(from, "loss");
}

/// The plan of `optimizer.step()`: the update alone.
template <class Model, class Rule> text plan(optim::optimizer<Model, Rule>& optimizer) {
    using parameters = detail::parameters_of<Model>;
    const detail::state_names<Rule> states;
    detail::update_inputs<parameters, Model, Rule> from{
        {&optimizer.model()}, {&optimizer.gradients(), ".grad"}, {nullptr}};
    states.set(from, optimizer.model());
    return detail::list_plan<detail::update_program<Model, Rule>>(from, "");
}

/// The flops and the memory for intermediate results of one training step: `training_flops<decltype(sgd),
/// decltype(loss)>`.
template <class Optimizer, class Loss> inline constexpr long long training_flops =
    detail::flops_of_program<detail::training_program<Optimizer, Loss>>;
template <class Optimizer, class Loss>
inline constexpr std::size_t training_workspace_bytes = detail::memory_bytes<detail::training_program<Optimizer, Loss>>;

}  // namespace ashlar
