// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/plan.hpp"
#include "ashlar/optim/workspace.hpp"

namespace ashlar {
namespace detail {

// What differentiate and add_update append to the inputs of a program, in their order.
template <class E, class Model> void name_calls(input_names& names) {
    constexpr int calls = calls_of<E, Model>;
    for (int c = 0; calls > 1 && c < calls; ++c) {
        text mark{"is_ours_"};
        mark += c + 1;
        names.add(mark, nullptr, shape{});
    }
}

template <class Rule, class Model> void name_rule(input_names& names, const Model& model) {
    for (int i = 0; i < Rule::numbers; ++i) {
        if constexpr (requires { Rule::number_names; }) names.add(text{Rule::number_names[i]}, nullptr, shape{});
        else names.add(text{"number"}, nullptr, shape{});
    }
    for (int i = 0; i < Rule::states; ++i) {
        text after{"."};
        if constexpr (requires { Rule::state_names; }) after += Rule::state_names[i];
        else after += "state", after += i + 1;
        names.add_parameters(model, after.c_str());
    }
}

template <class Spec> text list_plan(const input_names& names, const char* result) {
    list<text> results;
    results.push(text{result});
    return list_plan<Spec>(names, results);
}

}  // namespace detail

/// The plan of `optimizer.step(loss)`: forward, backward and update as one program.
template <class Model, class Rule, operand Loss> text plan(optim::optimizer<Model, Rule>& optimizer, const Loss& loss) {
    using E = detail::node_of<const Loss&>;
    using spec = detail::step_program<E, Model, Rule>;
    input_names names = detail::empty_names<spec>();
    names.walk(detail::as_node(loss));
    detail::name_calls<E, Model>(names);
    if constexpr (detail::calls_of<E, Model> > 1) names.add_parameters(optimizer.model());
    detail::name_rule<Rule>(names, optimizer.model());
    names.finish();
    return detail::list_plan<spec>(names, "loss");
}

/// The plan of `backward(loss, gradients)`.
template <class Model, operand Loss> text plan(gradient_buffer<Model>& gradients, const Loss& loss) {
    using E = detail::node_of<const Loss&>;
    using spec = detail::backward_program<E, Model>;
    input_names names = detail::empty_names<spec>();
    names.walk(detail::as_node(loss));
    detail::name_calls<E, Model>(names);
    names.add_parameters(static_cast<const Model&>(gradients), ".grad");
    names.finish();
    return detail::list_plan<spec>(names, "loss");
}

/// The plan of `optimizer.step()`: the update alone.
template <class Model, class Rule> text plan(optim::optimizer<Model, Rule>& optimizer) {
    using spec = detail::update_program<Model, Rule>;
    input_names names = detail::empty_names<spec>();
    names.add_parameters(optimizer.model());
    names.add_parameters(static_cast<const Model&>(optimizer.gradients()), ".grad");
    detail::name_rule<Rule>(names, optimizer.model());
    names.finish();
    return detail::list_plan<spec>(names, "");
}

/// The flops and the memory for intermediate results of one training step: `training_flops<decltype(sgd), decltype(loss)>`.
template <class Optimizer, class Loss> inline constexpr long long training_flops = detail::flops_of_program<detail::training_program<Optimizer, Loss>>;
template <class Optimizer, class Loss>
inline constexpr std::size_t training_workspace_bytes = detail::memory_bytes<detail::training_program<Optimizer, Loss>>;

}  // namespace ashlar
