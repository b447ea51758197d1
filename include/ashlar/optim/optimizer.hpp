// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/backward.hpp"
#include "ashlar/optim/transformed.hpp"

namespace ashlar {

template <class Model> struct an_optimizer_changes_its_model__this_one_is_const : refusal {};
template <class Model> struct an_optimizer_refers_to_its_model__a_temporary_is_gone_before_it_is_trained : refusal {};
template <class Model> struct the_model_of_an_optimizer_has_to_name_its_members__see_ashlar_members : refusal {};
template <class Model> struct the_model_has_no_parameters : refusal {};
template <class... Got>
struct step_takes_the_loss_alone_or_with_a_workspace__as_in_step_of_criterion_of_model_of_x_and_y : refusal {};
template <class Optimizer>
struct the_workspace_is_not_of_this_optimizer__write_Workspace_of_its_decltype_first : refusal {};
template <std::size_t Given, std::size_t Needed> struct the_workspace_has_fewer_bytes_than_this_step_needs : refusal {};
struct an_optimizer_takes_a_model_and_then_its_options_in_braces : refusal {};
template <class Got> struct the_options_of_an_optimizer_stand_in_braces_by_name : refusal {};

}  // namespace ashlar

namespace ashlar::optim {

template <class Model, class Rule> class optimizer;

/// What a schedule changes: the options of an optimizer, where they are. `initial_lr` is the rate before any schedule.
struct scheduled_numbers {
    double* lr = nullptr;
    double* momentum = nullptr;  // or the first of the betas; none: the optimizer has no momentum
    double* initial_lr = nullptr;
};

}  // namespace ashlar::optim

namespace ashlar::detail {

// What class template argument deduction gives for arguments that no optimizer takes: the errors name these types.
template <class Model> struct a_temporary;
template <class Got> struct a_bare_option;
template <class Fault> struct a_wrong_option;
template <class Model> inline constexpr bool has_a_wrong_option = false;
template <class Fault> inline constexpr bool has_a_wrong_option<a_wrong_option<Fault>> = true;
template <class Model> struct fault_without_model {
    using type = void;
};
template <class Fault> struct fault_without_model<a_wrong_option<Fault>> {
    using type = Fault;
};
template <class Model> struct fault_without_model<a_temporary<Model>> {
    using type = an_optimizer_refers_to_its_model__a_temporary_is_gone_before_it_is_trained<Model>;
};
template <class Got> struct fault_without_model<a_bare_option<Got>> {
    using type = the_options_of_an_optimizer_stand_in_braces_by_name<Got>;
};

// Whatever an option may be given.
struct anything {
    template <class... X> constexpr anything(X&&...) {}
};

/// Options as others call them, or of another type: taken where the optimizer's own are not, so that the error names
/// those instead of all that the compiler tried. In PyTorch's order, as names in braces have to be.
struct options_of_others {
    anything params, lr, learning_rate, learningRate, rate, step_size, eta, alpha;
    anything max_iter, max_eval, tolerance_grad, tolerance_change, history_size, line_search_fn;
    anything momentum, dampening, betas, beta, beta1, beta2, rho, etas, step_sizes, lr_decay;
    anything eps, epsilon, weight_decay, weightDecay, decay, l2, wd, lambda, momentum_decay, initial_accumulator_value;
    anything centered, nesterov, amsgrad, maximize;
};

// For the three guides of an optimizer: the model, which may be a temporary, with its options; what else stands there;
// and nothing. Options in braces are of a type that is named: the first one that has them all.
template <class Given> struct model_given_ {
    using type = a_temporary<Given>;
};
template <class Model> struct model_given_<Model&> {
    using type = Model;
};
template <class Given> using model_given = typename model_given_<Given>::type;
template <class Got, class Fault> using wrong_options =
    std::conditional_t<std::is_same_v<Got, options_of_others>, a_wrong_option<Fault>, a_bare_option<Got>>;
using no_model_given = a_wrong_option<an_optimizer_takes_a_model_and_then_its_options_in_braces>;

template <class Model> constexpr auto fault_of_trained_model() {
    if constexpr (!std::is_void_v<typename fault_without_model<Model>::type>)
        return typename fault_without_model<Model>::type{};
    else if constexpr (std::is_const_v<Model>) return an_optimizer_changes_its_model__this_one_is_const<Model>{};
    else if constexpr (!module<Model>)
        return the_model_of_an_optimizer_has_to_name_its_members__see_ashlar_members<Model>{};
    else if constexpr (parameter_tensors<Model> == 0) return the_model_has_no_parameters<Model>{};
}
/// What is wrong with the model that an optimizer is given, or void.
template <class Model> using trained_model_fault = decltype(fault_of_trained_model<Model>());

/// The parameters without a gradient. The program of an update knows nothing of them: it gets the memory of the
/// gradient, which nobody reads, in place of such a parameter and of its states, and the gradient is cleared
/// afterwards.
template <class Model> class without_gradient {
public:
    constexpr explicit without_gradient(gradients_of<Model>& gradients) {
        int at = 0;
        visit_parameters(static_cast<Model&>(gradients), [&](auto& gradient) {
            if (!gradients.given[at] && is_zero(gradient)) instead_[at] = address{gradient.data()}, without_[at] = true;
            ++at;
        });
    }
    /// The parameters of a model or what has its layout.
    struct others {
        const without_gradient* gradients;
        const Model* model;

        template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
            int at = 0;
            visit_parameters(*model, [&](auto& parameter) __attribute__((always_inline)) {
                using T = typename std::remove_reference_t<decltype(parameter)>::value_type;
                b.add(gradients->without_[at] ? gradients->instead_[at].template as<T>() : parameter.data());
                ++at;
            });
        }
    };
    constexpr void clear(Model& gradients) const {
        int at = 0;
        visit_parameters(gradients, [&](auto& gradient) {
            if (without_[at++])
                for (auto& element : gradient) element = 0;
        });
    }

private:
    address instead_[parameter_tensors<Model> + 1]{};
    bool without_[parameter_tensors<Model> + 1]{};

    static constexpr bool is_zero(const auto& gradient) {
        for (const auto& element : gradient)
            if (element != 0) return false;
        return true;
    }
};

/// What `step_program` reads when it runs: see its list.
template <class E, class Model, class Rule> struct step_inputs {
    const E& loss;
    parameters_of<Model> model;
    numbers_of<Rule> numbers;
    states_of<Rule, parameters_of<Model>> states{};
    call_marks<E, Model> is_ours{};
    buffers_of<Model> buffers{model.model};

    template <class Buffers> [[gnu::always_inline]] constexpr void bound(const Buffers& bound_to) {
        is_ours.find(bound_to, *model.model);
    }
};

/// What `update_program` reads when it runs: see its list.
template <class Parameters, class Model, class Rule> struct update_inputs {
    Parameters model;
    parameters_of<Model> gradients;
    numbers_of<Rule> numbers;
    states_of<Rule, Parameters> states{};
};

template <class Spec> Spec program_of(const program_memory<Spec>*);
template <class X> concept a_workspace = !std::is_const_v<X> && (is_poison<X> || requires(X* x) { program_of(x); });

// Whether memory for one program has room for the intermediate results of another one.
template <class Given, class Needed> constexpr bool has_room() {
    for (int i = 0; i < pools; ++i)
        if (plan_of_program<Given>.pool[i] < plan_of_program<Needed>.pool[i]) return false;
    return true;
}

/// What is wrong with memory of program Given for that of a step, or void. The losses may differ: views and tensors.
template <class Given, class Step> struct fault_of_memory;
template <class Given, class E, class Model, class Rule> struct fault_of_memory<Given, step_program<E, Model, Rule>> {
    using type =
        the_workspace_is_not_of_this_optimizer__write_Workspace_of_its_decltype_first<optim::optimizer<Model, Rule>>;
};
template <class Other, class E, class Model, class Rule>
struct fault_of_memory<step_program<Other, Model, Rule>, step_program<E, Model, Rule>> {
    using given = step_program<Other, Model, Rule>;
    using needed = step_program<E, Model, Rule>;
    using type = std::conditional_t<
        has_room<given, needed>(), void,
        the_workspace_has_fewer_bytes_than_this_step_needs<memory_bytes<given>, memory_bytes<needed>>>;
};

}  // namespace ashlar::detail

namespace ashlar::optim {

/// What every optimizer is: a reference to a model, the rule's options and states, and a gradient buffer for the long
/// form. A rule says `states` (tensors a parameter), `numbers` (scalars a step), `advance(number)`, which computes
/// them, and `update(parameter, gradient, state, number)` as an expression.
template <class Model, class Rule> class optimizer : public Rule {
public:
    using options_type = typename Rule::options_type;

    template <transform... T> constexpr explicit optimizer(Model& trained_model, const options_type& with,
                                                           const T&... of)
        : Rule{with, of...}, model_{&trained_model}, gradients_{trained_model} {
        if constexpr (requires { Rule::check_options(with); }) Rule::check_options(with);
        if constexpr (Rule::states > 0)
            for (auto& state : states_) ashlar::detail::clear_initial_values(state);
        if constexpr (ashlar::detail::has_transforms<Rule>) {
            using fault = decltype(Rule::template fault<Model>());
            if constexpr (!std::is_same_v<fault, bool>) {
                [[maybe_unused]] poison& told = refused<fault>;
            } else if constexpr (Rule::states > 0) {
                for (int i = Rule::first_copy; i < Rule::states; ++i) states_[i] = *model_;
            }
        }
    }
    template <transform... T> constexpr explicit optimizer(Model& trained_model, const T&... of)
        : optimizer{trained_model, options_type{}, of...} {}

    /// Forward, backward and update as one program; the value of the loss. Keeps no gradient.
    template <class Loss> ASHLAR_FLATTEN constexpr auto step(const Loss& loss) noexcept {
        using loss_fault = ashlar::detail::loss_fault<Loss, Model>;
        if constexpr (std::is_void_v<loss_fault>) {
            result_of<Loss> result{};
            auto from = inputs_of(loss);
            ashlar::detail::run_program_here<program<Loss>>(from, result.data());
            return static_cast<typename result_of<Loss>::value_type>(result);
        } else if constexpr (is_poison<Loss>) {
            return poison{};
        } else {
            [[maybe_unused]] poison& fault = refused<loss_fault>;
            return poison{};
        }
    }

    /// The same in memory of the caller: no memory of the thread, and none but a result and addresses on the stack.
    template <class Loss, ashlar::detail::a_workspace Memory>
    ASHLAR_FLATTEN constexpr auto step(const Loss& loss, Memory& scratch) noexcept {
        using fault_found = decltype(fault_of_step<Loss, Memory>());
        if constexpr (std::is_void_v<fault_found>) {
            result_of<Loss> result{};
            auto from = inputs_of(loss);
            ashlar::detail::run_program<program<Loss>>(from, scratch, result.data());
            return static_cast<typename result_of<Loss>::value_type>(result);
        } else if constexpr (std::is_same_v<fault_found, poison>) {
            return poison{};
        } else {
            [[maybe_unused]] poison& fault = refused<fault_found>;
            return poison{};
        }
    }

    template <class... X>
        requires(sizeof...(X) > 1)
    constexpr poison step(const X&...) noexcept {
        [[maybe_unused]] poison& fault =
            refused<step_takes_the_loss_alone_or_with_a_workspace__as_in_step_of_criterion_of_model_of_x_and_y<X...>>;
        return {};
    }

    /// The update from the gradient buffer: what `backward` left in `gradients()`, or what was written there. A
    /// parameter that has no gradient (no loss since `zero_grad` depends on it, and its place in the buffer is 0)
    /// stays as it is.
    ASHLAR_FLATTEN constexpr void step() noexcept {
        const ashlar::detail::without_gradient<Model> without{gradients_};
        using parameters = typename ashlar::detail::without_gradient<Model>::others;
        this->advance(numbers_);
        ashlar::detail::update_inputs<parameters, Model, Rule> from{{&without, model_}, {&gradients_}, {numbers_}};
        if constexpr (Rule::states > 0)
            for (int i = 0; i < Rule::states; ++i) from.states[i] = {&without, states_ + i};
        ashlar::detail::run_program_here<ashlar::detail::update_program<Model, Rule>>(from);
        without.clear(gradients_);
    }

    constexpr void zero_grad() noexcept {
        for (bool& given : gradients_.given) given = false;
        ashlar::detail::clear_parameters(static_cast<Model&>(gradients_));
    }
    constexpr gradient_buffer<Model>& gradients() { return gradients_; }
    constexpr Model& model() { return *model_; }
    /// The model that `moving_average` or `weight_average` keeps.
    constexpr Model& averaged()
        requires(ashlar::detail::averages<Rule>)
    {
        return states_[Rule::averaged];
    }

    constexpr double lr() const { return this->options.lr; }
    constexpr void set_lr(double rate) { this->options.lr = rate; }
    constexpr scheduled_numbers scheduled() {
        if (initial_lr_ < 0) initial_lr_ = lr();
        return {&this->options.lr, momentum_of(this->options), &initial_lr_};
    }

private:
    static constexpr double* momentum_of(auto& options) {
        if constexpr (requires { options.betas; }) return &options.betas[0];
        else if constexpr (requires { options.momentum; }) return &options.momentum;
        else return nullptr;
    }

    template <class Loss>
    using program = ashlar::detail::step_program<ashlar::detail::node_of<const Loss&>, Model, Rule>;
    template <class Loss> using result_of = Tensor<typename ashlar::detail::node_of<const Loss&>::value_type>;

    // What is wrong with the loss or else with the memory; poison where that has been told.
    template <class Loss, class Memory> static constexpr auto fault_of_step() {
        using loss_fault = ashlar::detail::loss_fault<Loss, Model>;
        if constexpr (is_poison<Loss> || is_poison<Memory>) {
            return poison{};
        } else if constexpr (!std::is_void_v<loss_fault>) {
            return loss_fault{};
        } else {
            using given = decltype(ashlar::detail::program_of(static_cast<Memory*>(nullptr)));
            using fault = typename ashlar::detail::fault_of_memory<given, program<Loss>>::type;
            if constexpr (!std::is_void_v<fault>) return fault{};
        }
    }

    template <class Loss> ASHLAR_INLINE constexpr auto inputs_of(const Loss& loss) {
        using E = ashlar::detail::node_of<const Loss&>;
        this->advance(numbers_);
        ashlar::detail::step_inputs<E, Model, Rule> from{ashlar::detail::as_node(loss), {model_}, {numbers_}};
        if constexpr (Rule::states > 0)
            for (int i = 0; i < Rule::states; ++i) from.states[i] = {states_ + i};
        return from;
    }

    Model* model_;
    gradient_buffer<Model> gradients_;
    double numbers_[Rule::numbers + 1]{};
    double initial_lr_ = -1;  // of the first schedule
    struct no_state {};
    [[no_unique_address]] std::conditional_t<(Rule::states > 0), Model[(Rule::states > 0) ? Rule::states : 1], no_state>
        states_{};
};

/// The optimizer of a model that cannot be trained: reports that where it is made, and no errors follow.
template <class Model, class Rule>
    requires(!std::is_void_v<ashlar::detail::trained_model_fault<Model>>)
class optimizer<Model, Rule> {
public:
    template <class Given> constexpr explicit optimizer(Given&&, const typename Rule::options_type& = {}) {
        [[maybe_unused]] poison& fault = refused<ashlar::detail::trained_model_fault<Model>>;
    }
    template <class Given>
        requires ashlar::detail::has_a_wrong_option<Model>
    constexpr optimizer(Given&&, const ashlar::detail::options_of_others&) {
        [[maybe_unused]] poison& fault = refused<ashlar::detail::trained_model_fault<Model>>;
    }
    constexpr optimizer() { [[maybe_unused]] poison& fault = refused<ashlar::detail::trained_model_fault<Model>>; }
    template <class Given, class Option> constexpr optimizer(Given&&, Option) {
        [[maybe_unused]] poison& fault = refused<ashlar::detail::trained_model_fault<Model>>;
    }
    constexpr poison step(auto&&...) { return {}; }
    constexpr void zero_grad() {}
    constexpr double lr() const { return 0; }
    constexpr void set_lr(double) {}
    constexpr scheduled_numbers scheduled() { return {&number_, &number_, &number_}; }

private:
    double number_ = 0;
};

}  // namespace ashlar::optim
