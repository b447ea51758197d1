// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/flat.hpp"
#include "ashlar/optim/optimizer.hpp"
#include "ashlar/optim/small_qr.hpp"

namespace ashlar {
template <class Got> struct least_squares_take_the_residuals_themselves__model_of_x_minus_y__not_one_number : refusal {
};
template <class Got> struct residuals_are_floating_numbers : refusal {};
template <class Model> struct least_squares_are_for_models_without_statistics_and_dropout : refusal {};
}  // namespace ashlar

// What optimizers of least squares share: residuals of a model, and their derivatives by its parameters.
namespace ashlar::detail {

template <class E, class Model> constexpr auto fault_of_residual() {
    if constexpr (is_poison<E>) {
        return poison{};
    } else if constexpr (!operand<E>) {
        return the_loss_is_no_expression<E>{};
    } else if constexpr (scalar<E> || is_tensor<E>) {
        return the_loss_is_computed_already__give_the_expression_itself<E>{};
    } else {
        using node = node_of<const E&>;
        if constexpr (node::extent.rank == 0)
            return least_squares_take_the_residuals_themselves__model_of_x_minus_y__not_one_number<shape_t<node>>{};
        else if constexpr (!is_floating(dtype_of<typename node::value_type>))
            return residuals_are_floating_numbers<typename node::value_type>{};
        else if constexpr (state_tensors<Model> > 0)
            return least_squares_are_for_models_without_statistics_and_dropout<Model>{};
        else if constexpr (calls_of<node, Model> == 0) return fault_of_uncalled<node, Model>();
    }
}
template <class E, class Model> using residual_fault = decltype(fault_of_residual<E, Model>());

/// The number of parameters of a model that can be trained.
template <class Model, class Fault = trained_model_fault<Model>> inline constexpr std::size_t parameters_or_none = 1;
template <class Model> inline constexpr std::size_t parameters_or_none<Model, void> = parameter_count<Model>;

/// The weights of the residuals in the number that is differentiated: one of them 1 gives its row of the Jacobian.
template <class E> struct traced_weights {
    int node = 0;
    template <class Tracer> constexpr void bind(Tracer& t) {
        node = t.leaf(dtype_of<typename E::value_type>, E::extent);
    }
};
template <class E> struct residual_weights {
    const typename E::value_type* of;

    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        if constexpr (Binder::names) b.add(text{"weights"}, nullptr, E::extent);
        else b.add(of);
    }
};

/// The gradient of the weighted sum of all residuals, into a buffer of the model's own type.
template <class E, class Model> struct row_program {
    using target = Model;
    static constexpr int calls = calls_of<E, Model>;

    template <class Binder> [[gnu::always_inline]] static constexpr void inputs(Binder& b, auto& from) {
        bind_loss<E, Model>(b, from), from.weights.bind(b), from.gradients.bind(b);
    }
    struct traced_inputs {
        traced<E> loss;
        traced_marks<calls> is_ours;
        traced_weights<E> weights;
        traced_parameters<Model> gradients;
        traced_buffers<Model> buffers;
    };
    static constexpr void build(tracer<Model>& t, list<output>& outputs) {
        traced_inputs in;
        inputs(t, in);
        const parameter_gradients gradient =
            differentiate<Model>(t, in.loss.roots[0], in.is_ours.node, in.weights.node);
        for (int i = 0; i < gradient.node.size(); ++i)
            if (gradient.node[i] >= 0) outputs.push({gradient.node[i], destination::update, in.gradients.number[i]});
    }
};
template <class E, class Model> struct row_inputs {
    const E& loss;
    const Model& model;
    residual_weights<E> weights;
    parameters_of<Model> gradients;
    call_marks<E, Model> is_ours{};
    buffers_of<Model> buffers{&model};

    template <class Buffers> [[gnu::always_inline]] constexpr void bound(const Buffers& bound_to) {
        is_ours.find(bound_to, model);
    }
};

/// How the type of E and those of a model's parameters round: the coarsest of them.
template <class E, class Model>
inline constexpr double rounding_of = [] {
    std::size_t bytes = sizeof(typename E::value_type);
    visit_parameters(shadow<Model>.model, [&bytes](auto& parameter) {
        constexpr std::size_t own = sizeof(typename std::remove_cvref_t<decltype(parameter)>::value_type);
        if (own < bytes) bytes = own;
    });
    return bytes >= sizeof(double) ? 0x1p-52 : bytes >= sizeof(float) ? 0x1p-23 : 0x1p-7;
}();

/// M residuals E of a model of N parameters, and what one step of least squares works on: numbers as double.
template <class E, class Model> struct residual_memory {
    static constexpr std::size_t rows = static_cast<std::size_t>(E::extent.size()), columns = parameter_count<Model>;
    static constexpr double rounding = rounding_of<E, Model>;

    tensor_for<E> values, weights;
    double residual[rows], jacobian[rows * columns];
    double start[columns], change[columns];
    double matrix[2 * columns * columns], right[2 * columns];

    constexpr double evaluate(const E& expression) {
        evaluate_into(expression, values);
        double sum = 0;
        for (const auto r : values) sum += kernels::rounded(static_cast<double>(r) * static_cast<double>(r));
        return sum / 2;
    }
    /// Every row: the program that the last one ran, with another weight. `gradients` is 0 where there is no gradient.
    constexpr void differentiate(const E& expression, const Model& model, Model& gradients) {
        for (auto& w : weights) w = 0;
        for (std::size_t i = 0; i < rows; ++i) {
            weights.data()[i] = 1;
            row_inputs<E, Model> from{expression, model, {weights.data()}, {&gradients}};
            run_program_here<row_program<E, Model>>(from);
            weights.data()[i] = 0;
            flatten(static_cast<const Model&>(gradients), jacobian + i * columns);
            residual[i] = static_cast<double>(values.data()[i]);
        }
    }
    /// The parameters to start + length change; they stay at the start where one would not be finite in its own type.
    /// Whether all are.
    constexpr bool move(Model& model, double length) const {
        const bool finite = to(model, length);
        if (!finite) to(model, 0);
        return finite;
    }
    /// Whether one of them is not at the start.
    constexpr bool has_moved(Model& model) const {
        bool moved = false;
        visit_parameters(model, [&, i = std::size_t{0}](auto& parameter) mutable {
            for (const auto& element : parameter) moved = moved || static_cast<double>(element) != start[i], ++i;
        });
        return moved;
    }

private:
    constexpr bool to(Model& model, double length) const {
        bool finite = true;
        visit_parameters(model, [&, i = std::size_t{0}](auto& parameter) mutable {
            using T = typename std::remove_reference_t<decltype(parameter)>::value_type;
            for (T& element : parameter) {
                const double moved = length == 0 ? start[i] : start[i] + kernels::rounded(length * change[i]);
                element = static_cast<T>(moved), ++i;
                finite = finite && (kernels::isfinite)(static_cast<double>(element)) != 0;
            }
        });
        return finite;
    }
};

template <class Memory> Memory& memory_of_thread() {
    static thread_local Memory memory;
    return memory;
}
/// run(memory): on the stack where it is small, else a static one for every thread, as for programs.
template <class Memory, class Run> constexpr auto with_memory_of(Run&& run) {
    if constexpr (sizeof(Memory) <= stack_limit) {
        Memory memory{};
        return run(memory);
    } else if (__builtin_is_constant_evaluated()) {
        auto* const memory = new Memory{};
        const auto result = run(*memory);
        delete memory;
        return result;
    } else {
        return run(memory_of_thread<Memory>());
    }
}

/// solve(residual, memory), which gives the cost before the step; poison where something does not fit.
template <class Model, class Residual, class Solve>
constexpr auto step_of_residuals(const Residual& residual, Solve&& solve) {
    if constexpr (!std::is_void_v<trained_model_fault<Model>> || is_poison<Residual>) {
        return poison{};  // it has been told
    } else if constexpr (!std::is_void_v<residual_fault<Residual, Model>>) {
        [[maybe_unused]] poison& fault = refused<residual_fault<Residual, Model>>;
        return poison{};
    } else {
        using memory = residual_memory<node_of<const Residual&>, Model>;
        return with_memory_of<memory>([&](memory& m) { return solve(as_node(residual), m); });
    }
}

}  // namespace ashlar::detail
