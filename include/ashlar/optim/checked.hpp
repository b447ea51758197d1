// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/summary.hpp"
#include "ashlar/ops/compare.hpp"
#include "ashlar/ops/isnan.hpp"
#include "ashlar/optim/optimizer.hpp"
#include "ashlar/tensor/error.hpp"

#include <memory>

namespace ashlar::optim {

/// A step met nan or an infinity. The message says where it arose first; model and optimizer are as before that step.
class not_finite : public error {
public:
    not_finite(const char* message, long long step) noexcept : error{message}, step_{step} {}
    long long step() const noexcept { return step_; }  // from 1

private:
    long long step_;
};

}  // namespace ashlar::optim

namespace ashlar {
template <class Optimizer> struct checked_looks_at_the_loss_of_an_optimizer__least_squares_have_none : refusal {};
}  // namespace ashlar

namespace ashlar::detail {

template <class Rule> concept takes_residuals = requires { typename Rule::of_residuals; };

template <class Model, class Rule> Rule rule_of(const optim::optimizer<Model, Rule>*);
template <class Model, class Rule> Model model_of(const optim::optimizer<Model, Rule>*);

/// All modules of a model, as they are noted in a graph before it is traced.
template <class Model>
inline constexpr auto modules_of = [] {
    graph g;
    summary_rows<count_modules<Model>()> rows;
    rows.add(g, shadow<Model>.model, "", 0);
    return rows;
}();

/// What may be the first not to be finite, in the order in which it is looked at: number 0 is what the loss reads
/// besides the model, then come the parameters, the results of the modules, the loss, and the gradients.
template <class Model> struct suspects {
    static constexpr int data = 0, parameters = 1, modules = parameters + parameter_tensors<Model>,
                         loss = modules + modules_of<Model>.count, gradients = loss + 1,
                         none = gradients + parameter_tensors<Model>;
};

// A scalar, 1 where an element of a node is not finite.
template <class V> constexpr V has_bad_elements(graph& g, int id) {
    const V bad =
        where((isfinite)(V{&g, id}), V{&g, g.constant(0, dtype::float32)}, V{&g, g.constant(1, dtype::float32)});
    const int axes = (1 << g.shape_of(id).rank) - 1;
    return axes == 0 ? bad : V{reduce_value<sum_op, V>(bad, axes, axes)};
}

/// The number of the first suspect, from one forward and backward of the step's own graph. Nothing is changed.
template <class E, class Model, class Rule> struct suspect_program {
    using target = Model;
    using V = value_for<E>;
    using of = suspects<Model>;
    static constexpr int calls = calls_of<E, Model>;

    template <class Binder> [[gnu::always_inline]] static constexpr void inputs(Binder& b, auto& from) {
        bind_loss<E, Model>(b, from);
    }
    struct traced_inputs {
        traced<E> loss;
        traced_marks<calls> is_ours;
        traced_buffers<Model> buffers;
    };
    struct suspect {
        int number, node;
    };
    static constexpr void build(tracer<Model>& t, list<output>& outputs) {
        summary_rows<count_modules<Model>()> rows;
        rows.add(t, shadow<Model>.model, "", 0);
        traced_inputs in;
        inputs(t, in);
        list<suspect> all;
        add_inputs(t, all);
        add_modules(t, rows, all);
        all.push({of::loss, in.loss.roots[0]});
        const parameter_gradients gradient = differentiate<Model, Rule>(t, in.loss.roots[0], in.is_ours.node);
        const int first = all.size();
        for (int p = 0; p < gradient.node.size(); ++p)
            if (gradient.node[p] >= 0) insert(all, first, {of::gradients + p, gradient.node[p]});
        V found{&t, t.constant(of::none, dtype::float32)};
        for (int i = all.size() - 1; i >= 0; --i) {
            const V number{&t, t.constant(all[i].number, dtype::float32)};
            found = where(has_bad_elements<V>(t, all[i].node) > 0, number, found);
        }
        outputs.push({found.id, destination::apart});
    }

private:
    static constexpr void add_inputs(tracer<Model>& t, list<suspect>& all) {
        constexpr int leaves = count_leaves(shadow<Model>.model);
        for (int i = t.first_leaf; i < t.leaves; ++i) {
            bool is_of_model = false;
            for (const int first : t.target_inputs) is_of_model = is_of_model || (first <= i && i < first + leaves);
            if (!is_of_model && is_floating(t.type_of(t.inputs[i].node))) all.push({of::data, t.inputs[i].node});
        }
        for (int c = 0; c < calls; ++c) {
            parameter_inputs of_call;
            parameters_of_call<Model>(t, c, of_call);
            for (int p = 0; p < of_call.node.size(); ++p) all.push({of::parameters + p, of_call.node[p]});
        }
    }
    // In the order of computation; of modules with one result the inner one.
    static constexpr void add_modules(tracer<Model>& t, const auto& rows, list<suspect>& all) {
        const int first = all.size();
        for (int i = rows.count - 1; i > 0; --i)
            if (t.modules[i].result >= 0 && is_floating(t.type_of(t.modules[i].result)))
                insert(all, first, {of::modules + i, t.modules[i].result});
    }
    static constexpr void insert(list<suspect>& all, int first, suspect s) {
        all.push(s);
        for (int i = all.size() - 1; i > first && all[i - 1].node > all[i].node; --i) {
            const suspect other = all[i];
            all[i] = all[i - 1], all[i - 1] = other;
        }
    }
};
template <class E, class Model> struct suspect_inputs {
    const E& loss;
    const Model& model;
    call_marks<E, Model> is_ours{};
    buffers_of<Model> buffers{&model};

    template <class Buffers> [[gnu::always_inline]] constexpr void bound(const Buffers& bound_to) {
        is_ours.find(bound_to, model);
    }
};

/// "the output of 2, Linear<8, 4>": what a suspect is called.
template <class Model> text name_of_suspect(int number) {
    using of = suspects<Model>;
    text name;
    if (number == of::data) {
        name += "an input or target of the loss";
    } else if (number < of::modules || number > of::loss) {
        const bool is_gradient = number > of::loss;
        name += is_gradient ? "the gradient of " : "the parameter ";
        name += path_list<Model>{number - (is_gradient ? of::gradients : of::parameters)}.text;
    } else if (number == of::loss) {
        name += "the loss";
    } else {
        constexpr auto& rows = modules_of<Model>;
        const int at = number - of::modules;
        text path{rows.row[at].name};
        for (int i = at, depth = rows.row[at].depth; i > 0; --i)
            if (rows.row[i].depth == depth - 1 && depth > 1) {
                text longer{rows.row[i].name};
                longer += ".", longer += path.c_str();
                path = longer, --depth;
            }
        name += "the output of ", name += path.c_str(), name += ", ", name += readable(rows.row[at].type).c_str();
    }
    return name;
}

template <class Model> bool has_finite_parameters(const Model& model) {
    bool finite = true;
    visit_parameters(model, [&finite](auto& parameter) {
        for (const auto& element : parameter) finite = finite && (kernels::isfinite)(element) != 0;
    });
    return finite;
}

}  // namespace ashlar::detail

namespace ashlar::optim {

/// An optimizer that looks for nan and infinities: `fit<32>(model, criterion, optim::checked(adam), data)`, or
///     optim::checked careful(adam);
///     float value = careful.step(criterion(model(x), y));
/// Before a step the same forward and backward is run with a look at every layer's output and every gradient; where
/// one is not finite, the step is not taken and `not_finite` names the first: an input, a parameter, a layer by its
/// path, the loss, or the gradient of a parameter, from the loss backwards. A step whose update is not finite is taken
/// back. What else an optimizer keeps is not looked at: where Adam's mean of squares overflows by a gradient that is
/// finite itself (above some 1e19 in float), the parameter stays where it is, without a word. GaussNewton and
/// LevenbergMarquardt have no loss and are refused. Costs twice the time and a copy of model and optimizer; without it,
/// nothing.
template <class Optimizer> class checked {
    using Model = decltype(ashlar::detail::model_of(static_cast<const Optimizer*>(nullptr)));
    using Rule = decltype(ashlar::detail::rule_of(static_cast<const Optimizer*>(nullptr)));

public:
    explicit checked(Optimizer& of) : optimizer_{of}, before_{std::make_unique<state>(of, of.model())} {
        if constexpr (ashlar::detail::takes_residuals<Rule>) {
            [[maybe_unused]] poison& told =
                refused<checked_looks_at_the_loss_of_an_optimizer__least_squares_have_none<Optimizer>>;
        }
    }

    template <class Loss> auto step(const Loss& loss) {
        using fault = ashlar::detail::loss_fault<Loss, Model>;
        if constexpr (ashlar::detail::takes_residuals<Rule>) {
            return poison{};  // it has been told
        } else if constexpr (!std::is_void_v<fault>) {
            return optimizer_.step(loss);  // says it
        } else {
            using E = ashlar::detail::node_of<const Loss&>;
            using program = ashlar::detail::suspect_program<E, Model, Rule>;
            ++steps_;
            Tensor<float> found{};
            ashlar::detail::suspect_inputs<E, Model> from{ashlar::detail::as_node(loss), optimizer_.model()};
            ashlar::detail::run_program_here<program>(from, found.data());
            const int suspect = static_cast<int>(static_cast<float>(found));
            if (suspect != ashlar::detail::suspects<Model>::none)
                fail(ashlar::detail::name_of_suspect<Model>(suspect).c_str());
            before_->optimizer = optimizer_, before_->model = optimizer_.model();
            const auto value = optimizer_.step(loss);
            if (!ashlar::detail::has_finite_parameters(optimizer_.model())) take_back();
            return value;
        }
    }
    constexpr Optimizer& optimizer() { return optimizer_; }
    long long steps() const { return steps_; }

private:
    struct state {  // may be larger than a stack: it is made where it stays
        state(const Optimizer& o, const Model& m) : optimizer{o}, model{m} {}
        Optimizer optimizer;
        Model model;
    };

    void take_back() {
        int at = 0, first = -1;
        ashlar::detail::visit_parameters(optimizer_.model(), [&](auto& parameter) {
            for (const auto& element : parameter)
                if (first < 0 && (kernels::isfinite)(element) == 0) first = at;
            ++at;
        });
        optimizer_ = before_->optimizer, optimizer_.model() = before_->model;
        text what{"the update of "};
        what += ashlar::detail::path_list<Model>{first}.text;
        fail(what.c_str());
    }
    [[noreturn]] void fail(const char* what) {
        const long long step = steps_--;
        const ashlar::detail::message said{"step ", step, ": ", what, " is not finite"};
#if defined(__cpp_exceptions)
        throw not_finite(said.text(), step);
#else
        fatal(said.text());
#endif
    }

    Optimizer& optimizer_;
    std::unique_ptr<state> before_;
    long long steps_ = 0;
};

}  // namespace ashlar::optim
