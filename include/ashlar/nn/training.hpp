// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/module.hpp"

namespace ashlar {
namespace detail {

// The call of a module in the training form, outside the loss of a step.
template <class M> struct training_reference : module_reference<M> {
    using training_tag = void;
    using module_reference<M>::module_reference;
};

template <class M, class... X> constexpr auto training_call_or_fault(const M& m, X&&... x) noexcept {
    using plain = decltype(call_or_fault(m, std::forward<X>(x)...));
    if constexpr (!is_poison<plain> && !is_handle<plain> && (typed_expression<plain> || several_results<plain>))
        return call_node<training_reference<M>, M>(training_reference<M>{&m}, std::forward<X>(x)...);
    else return call_or_fault(m, std::forward<X>(x)...);
}

template <class M> struct training_form {
    const M* model;
    template <class... X> constexpr auto operator()(X&&... x) const noexcept
        -> checked<decltype(training_call_or_fault(std::declval<const M&>(), std::declval<X>()...))> {
        return training_call_or_fault(*model, std::forward<X>(x)...);
    }
};

}  // namespace detail

/// The training form of a model, `training(model)(x)`: Dropout drops, BatchNorm takes the statistics of the batch. The
/// model stays as it is: its buffers advance in `step`, `backward` and `value_and_grad` only. In a module's body it is
/// the module itself, whose form is that of the call around it. Refers to the model.
template <module M> constexpr detail::training_form<M> training(const M& model) noexcept { return {&model}; }
template <module M> void training(const M&&) = delete;  // would dangle

}  // namespace ashlar
