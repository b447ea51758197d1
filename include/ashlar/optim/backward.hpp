// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/step.hpp"

namespace ashlar {

template <class Loss> struct the_loss_is_no_expression : refusal {};
template <class Loss> struct the_loss_is_computed_already__give_the_expression_itself : refusal {};
template <class First, class Second> struct value_and_grad_takes_the_loss_and_then_the_model : refusal {};
template <class Model> struct value_and_grad_advances_the_buffers_of_its_model__this_one_is_const : refusal {};

namespace detail {

/// Zeros in place of all parameters.
template <class Model> constexpr void clear_parameters(Model& m) {
    visit_parameters(m, [](auto& parameter) {
        for (auto& element : parameter) element = 0;
    });
}

// A user's member may begin with another value than 0, `Tensor<float> scale{1.0f};`. Of the library's layers only those
// that say so: to clear the others once more would cost seconds of compiling where the optimizer of a large model is
// static.
template <class Owner> constexpr bool has_initial_values() {
    if constexpr (requires { Owner::has_initial_values; }) return Owner::has_initial_values;
    else return !names_its_members<Owner>;
}
/// The same for a model that has just been made.
template <class Model> constexpr void clear_initial_values(Model& m) {
    for_each_owned_leaf(m, [](auto& owner, auto& leaf) {
        if constexpr (has_initial_values<std::remove_cvref_t<decltype(owner)>>() &&
                      is_tensor<std::remove_cvref_t<decltype(leaf)>>)
            for (auto& element : leaf) element = 0;
    });
}

}  // namespace detail

/// Gradients in the model's own structure, `gradients.template get<0>().weight`, and which of them a loss has given.
template <class Model> struct gradients_of : Model {
    // By parameter. One that a loss does not depend on, or only behind stop_gradient, has no gradient: its elements
    // are 0.
    bool given[detail::parameter_tensors<Model> + 1]{};

    constexpr gradients_of() : Model{} { detail::clear_initial_values(static_cast<Model&>(*this)); }

    template <class Self, class Visit> static constexpr void members(Self& self, Visit&& visit) {
        for_each_member(static_cast<std::conditional_t<std::is_const_v<Self>, const Model, Model>&>(self), visit);
    }
};

/// The gradients that an optimizer collects. Knows whose they are.
template <class Model> struct gradient_buffer : gradients_of<Model> {
    constexpr explicit gradient_buffer(const Model& whose) : gradients_of<Model>{}, of{&whose} {}
    const Model* of;

    /// Those of `value_and_grad`.
    constexpr gradient_buffer& operator=(const gradients_of<Model>& gradients) {
        static_cast<gradients_of<Model>&>(*this) = gradients;
        return *this;
    }
};

namespace detail {

// Whether an expression calls a member of a model, or one of theirs, although it does not call the model.
template <class E, class Model> consteval bool calls_a_part() {
    bool found = false;
    for_each_member(shadow<Model>.model, [&found](const char*, auto& member) {
        using type = std::remove_cvref_t<decltype(member)>;
        if constexpr (module<type>)
            found = found || (has_tensors<type> && calls_of<E, type> > 0) || calls_a_part<E, type>();
    });
    return found;
}

// What a loss calls in place of the model, and what to write.
template <class E, class Model> consteval auto fault_of_uncalled() {
    if constexpr (calls_of<E, any_model> == 0)
        return the_loss_calls_no_model__leaves_and_tensors_are_constants__write_criterion_of_model_of_x<Model>{};
    else if constexpr (calls_of<E, any_with<Model>> > 0)
        return only_a_part_is_trained_of_the_model_that_the_loss_calls__train_the_whole_model<Model>{};
    else if constexpr (calls_a_part<E, Model>())
        return the_loss_calls_only_a_part_of_the_trained_model__call_the_model_or_train_the_part<Model>{};
    else return the_loss_does_not_call_the_model<Model>{};
}

// What is wrong with a loss: a fault, poison where that has been told, or void.
template <class Loss, class Model> constexpr auto fault_of_loss() {
    if constexpr (is_poison<Loss>) {
        return poison{};
    } else if constexpr (!operand<Loss>) {
        return the_loss_is_no_expression<Loss>{};
    } else if constexpr (scalar<Loss> || is_tensor<Loss>) {
        return the_loss_is_computed_already__give_the_expression_itself<Loss>{};
    } else {
        using E = node_of<const Loss&>;
        if constexpr (E::extent.rank != 0) return the_loss_has_to_be_a_scalar<shape_t<E>>{};
        else if constexpr (calls_of<E, Model> == 0) return fault_of_uncalled<E, Model>();
    }
}
template <class Loss, class Model> using loss_fault = decltype(fault_of_loss<Loss, Model>());

template <class X, class T> inline constexpr bool is_tensor_of = false;
template <class T, std::size_t... Dims> inline constexpr bool is_tensor_of<Tensor<T, Dims...>, T> = true;

/// Which of the calls of a model's type are of one object. One call has to be: everything else would silently train
/// something that the loss does not depend on.
template <class E, class Model> struct call_marks : marks<calls_of<E, Model>> {
    static constexpr int calls = calls_of<E, Model>;
    using marks<calls>::is_ours;

    template <class Spec> [[gnu::always_inline]] constexpr void find(const buffer_table<Spec>& buffers,
                                                                     const Model& model) {
        using T = element_t<graph_of_program<Spec>.inputs[first_input<Spec, 0>].storage>;
        if (!mark_all<Spec, 0>(buffers, first_of<T>(model), std::integer_sequence<int>{}))
            fatal("the loss does not call the model that is trained, but another object of its type");
        if (!__builtin_is_constant_evaluated() && any_inside<Spec, 0>(buffers, model, std::integer_sequence<int>{}))
            fatal("the loss uses a part of the trained model outside the call of the model: "
                  "it would count as a constant");
    }

    // Which parameters have a gradient now, besides those that had one.
    template <class Spec> constexpr void note_given(bool* given) const {
        constexpr int parameters = parameter_tensors<Model>;
        for (int c = 0; c < calls; ++c)
            for (int p = 0; p < parameters && is_ours[c] != 0; ++p)
                given[p] = given[p] || gives<Spec>.of[c * parameters + p];
    }

private:
    // Of the graph: what is named here is all that reaches the binary.
    template <class Spec> struct given_by_call {
        bool of[calls * parameter_tensors<Model> + 1]{};
        constexpr given_by_call() {
            for (int i = 0; i < calls * parameter_tensors<Model>; ++i)
                of[i] = graph_of_program<Spec>.reaches(i / parameter_tensors<Model>, i % parameter_tensors<Model>,
                                                       parameter_tensors<Model>);
        }
    };
    template <class Spec> static constexpr given_by_call<Spec> gives{};

    // The first parameter, found without visiting the rest.
    template <class T, class M> static constexpr const T* first_of(const M& m) {
        const T* first = nullptr;
        for_each_member(
            m, [&first](const char*, auto& member) { first = first != nullptr ? first : first_in<T>(member); });
        return first;
    }
    template <class T, class X> static constexpr const T* first_in(const X& x) {
        if constexpr (is_tensor_of<X, T>) return x.data();
        else if constexpr (has_members<X>) return first_of<T>(x);
        else return nullptr;
    }

    // Some at a time: clang refuses folds of more than 256.
    template <class Spec, int First, class T, int... C> [[gnu::always_inline]] constexpr bool
    mark_all(const buffer_table<Spec>& buffers, const T* ours, std::integer_sequence<int, C...>) {
        constexpr int next = First + static_cast<int>(sizeof...(C)), left = calls - next;
        bool any = false;
        ((any = mark(First + C, buffers.input(first_input<Spec, First + C>).template as<T>() == ours) || any), ...);
        if constexpr (left > 0)
            any =
                mark_all<Spec, next>(buffers, ours, std::make_integer_sequence<int, (left < 64 ? left : 64)>{}) || any;
        return any;
    }

    // The inputs of the loss that belong to no call of the model.
    template <class Spec> struct other_inputs {
        int of[graph_of_program<Spec>.leaves + 1]{};
        int count = 0;
        constexpr other_inputs() {
            constexpr int leaves = count_leaves(shadow<Model>.model);
            for (int i = graph_of_program<Spec>.first_leaf; i < graph_of_program<Spec>.leaves; ++i) {
                bool called = false;
                for (int first : graph_of_program<Spec>.calls) called = called || (first <= i && i < first + leaves);
                if (!called) of[count++] = i;
            }
        }
    };
    template <class Spec> static constexpr other_inputs<Spec> others{};

    // Likewise some at a time.
    template <class Spec, int First, int... At> [[gnu::always_inline]] static bool
    any_inside(const buffer_table<Spec>& buffers, const Model& model, std::integer_sequence<int, At...>) {
        constexpr int next = First + static_cast<int>(sizeof...(At)), left = others<Spec>.count - next;
        const auto begin = reinterpret_cast<std::uintptr_t>(&model);
        bool inside = false;
        ((inside = inside || reinterpret_cast<std::uintptr_t>(buffers.input(others<Spec>.of[First + At]).f32) - begin <
                                 sizeof(Model)),
         ...);
        if constexpr (left > 0)
            inside = inside ||
                     any_inside<Spec, next>(buffers, model, std::make_integer_sequence<int, (left < 64 ? left : 64)>{});
        return inside;
    }

    constexpr bool mark(int c, bool ours) { return (is_ours[c] = ours ? 1 : 0) != 0; }

    // Among the leaves of the model.
    static constexpr int first_parameter = [] {
        int at = 0, first = no_index;
        for_each_leaf(shadow<Model>.model, [&](auto& leaf) {
            if (is_parameter<std::remove_cvref_t<decltype(leaf)>> && first < 0) first = at;
            ++at;
        });
        return first;
    }();
    template <class Spec, int C> static constexpr int first_input = graph_of_program<Spec>.calls[C] + first_parameter;
};

/// What `backward_program` reads when it runs: see its list.
template <class E, class Model> struct backward_inputs {
    const E& loss;
    const Model& model;
    parameters_of<Model> gradients;
    call_marks<E, Model> is_ours{};
    buffers_of<Model> buffers{&model};

    template <class Buffers> [[gnu::always_inline]] constexpr void bound(const Buffers& bound_to) {
        is_ours.find(bound_to, model);
    }
};

template <class Loss, class Model>
ASHLAR_FLATTEN constexpr auto run_backward(const Loss& loss, const Model& model,
                                           gradients_of<Model>& gradients) noexcept {
    using E = node_of<const Loss&>;
    using spec = backward_program<E, Model>;
    Tensor<typename E::value_type> result{};
    backward_inputs<E, Model> from{as_node(loss), model, {&gradients}};
    run_program_here<spec>(from, result.data());
    from.is_ours.template note_given<spec>(gradients.given);
    return static_cast<typename E::value_type>(result);
}

}  // namespace detail

/// Adds the gradients of a loss to a buffer, as PyTorch's backward does, and returns the loss. Allocates nothing.
template <operand Loss, class Model> constexpr auto backward(const Loss& loss,
                                                             gradient_buffer<Model>& gradients) noexcept {
    using loss_fault = detail::loss_fault<Loss, Model>;
    if constexpr (std::is_void_v<loss_fault>) {
        return detail::run_backward(loss, *gradients.of, gradients);
    } else if constexpr (is_poison<Loss>) {
        return poison{};
    } else {
        [[maybe_unused]] poison& fault = refused<loss_fault>;
        return poison{};
    }
}

template <class T, class Model> struct loss_and_gradients {
    T value;
    gradients_of<Model> gradients;
};

namespace detail {
template <class Loss, class Model> constexpr auto fault_of_functional_form() {
    if constexpr (!operand<Loss> || !module<Model>)
        return value_and_grad_takes_the_loss_and_then_the_model<Loss, std::remove_const_t<Model>>{};
    else if constexpr (std::is_const_v<Model> && state_tensors<std::remove_const_t<Model>> > 0)
        return value_and_grad_advances_the_buffers_of_its_model__this_one_is_const<std::remove_const_t<Model>>{};
    else return fault_of_loss<Loss, std::remove_const_t<Model>>();
}
}  // namespace detail

/// The loss and its gradients with respect to a model, in the model's own structure. Its buffers advance.
template <class Loss, class Given> constexpr auto value_and_grad(const Loss& loss, Given&& model) noexcept {
    using Model = std::remove_cvref_t<Given>;
    using fault = decltype(detail::fault_of_functional_form<Loss, std::remove_reference_t<Given>>());
    if constexpr (std::is_void_v<fault>) {
        loss_and_gradients<typename detail::node_of<const Loss&>::value_type, Model> r{{}, {}};
        r.value = detail::run_backward(loss, model, r.gradients);
        return r;
    } else {
        if constexpr (!is_poison<Loss>) [[maybe_unused]]
            poison& told = refused<fault>;
        if constexpr (module<Model>) return loss_and_gradients<poison, Model>{};
        else return poison{};
    }
}

}  // namespace ashlar
