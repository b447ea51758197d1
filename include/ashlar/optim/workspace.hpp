// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/constants.hpp"
#include "ashlar/optim/optimizer.hpp"

namespace ashlar {
namespace detail {

template <class Model, class Rule> Model trained_by(const optim::optimizer<Model, Rule>*);
template <class Loss, class Model, class Rule>
step_program<node_of<const Loss&>, Model, Rule> step_program_of(const optim::optimizer<Model, Rule>*);

template <class Optimizer> using trained_model = decltype(trained_by(static_cast<const Optimizer*>(nullptr)));
/// The program of `optimizer.step(loss)`.
template <class Optimizer, class Loss>
using training_program = decltype(step_program_of<Loss>(static_cast<const Optimizer*>(nullptr)));

template <class X> concept an_optimizer = requires { typename trained_model<X>; };

// A function, never called: what does not fit in it is refused as in the call that the user will write.
template <class Criterion, class Model, class X, std::size_t... At>
constexpr auto loss_of_call(const Criterion& criterion, Model& model, const X& x, std::index_sequence<At...>) {
    return criterion(call(model, x.template get<At>()...), x.template get<sizeof...(At)>());
}

// The loss of a criterion for inputs of the model and then the target: tensor types, or the shapes of what has the type
// of the parameters.
template <class Model, class Criterion, class... X> struct stated_loss {
    using type = decltype(loss_of_call(std::declval<const Criterion&>(), std::declval<Model&>(),
                                       std::declval<const results<input_tensor<Model, X>...>&>(),
                                       std::make_index_sequence<sizeof...(X) - 1>{}));
};
template <class Model, class Loss> struct stated_loss<Model, Loss> {
    using type = Loss;
};

// No memory, as there is no program: says why where the workspace is made, if nobody has said it yet.
template <class Fault> struct no_step : poison {
    constexpr no_step() { [[maybe_unused]] poison& fault = refused<Fault>; }
};
template <> struct no_step<poison> : poison {};

template <class Optimizer, class... Of> constexpr auto memory_of_step() {
    using model = trained_model<Optimizer>;
    if constexpr (!std::is_void_v<trained_model_fault<model>>) {
        return std::type_identity<no_step<poison>>{};
    } else {
        using loss = typename stated_loss<model, Of...>::type;
        using fault = loss_fault<loss, model>;
        if constexpr (!std::is_void_v<fault>) return std::type_identity<no_step<fault>>{};
        else return std::type_identity<program_memory<training_program<Optimizer, loss>>>{};
    }
}

}  // namespace detail

/// Memory for `optimizer.step(loss, scratch)`, without a name for the loss's type: the optimizer, the criterion, the
/// inputs of the model and the target, each as its tensor or, of the parameters' type, as its shape:
/// `Workspace<decltype(sgd), nn::CrossEntropyLoss<>, Shape<64, 784>, Tensor<int, 64>>`. Of a loss that is computed in
/// another way, `Workspace<decltype(sgd), decltype(loss)>`. It serves every loss of this optimizer that needs no more.
template <detail::an_optimizer Optimizer, class... Of>
    requires(sizeof...(Of) > 0)
struct Workspace<Optimizer, Of...> : decltype(detail::memory_of_step<Optimizer, Of...>())::type {};

}  // namespace ashlar
