// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/features.hpp"
#include "ashlar/nn/state.hpp"
#include "ashlar/tensor/stream.hpp"

namespace ashlar {

/// A fault inside a user's own module.
template <class Module, class Fault> struct in_module : refusal {};

template <class Module, std::size_t Given> struct this_module_does_not_take_so_many_inputs : refusal {};

template <class Module> struct the_call_operator_of_this_module_has_to_be_const : refusal {};
template <class Module> struct this_module_has_no_call_operator_that_takes_one_expression : refusal {};
template <class Module, class Got> struct the_body_of_this_module_has_to_return_an_expression_of_its_input : refusal {};
template <class Module, class Got> struct a_module_takes_tensors_and_expressions__not_a_number : refusal {};
template <class Got> struct a_module_takes_tensors_and_expressions__not : refusal {};
template <class Model> struct a_model_is_printed_by_its_summary_or_its_tensors_one_by_one : refusal {};
template <class Got> struct a_model_stands_where_its_result_is_expected__call_it : refusal {};

namespace detail {

// What a call holds of its module: how its members become inputs of the program, and are bound.
template <class M> struct held_members {
    using members = plain_members;
    static constexpr bool is_trained = true;  // by an optimizer of a model of that type
    template <class Binder> [[gnu::always_inline]] static constexpr void bind(Binder& b, const M& m) {
        bind_leaves(b, m);
    }
};
// Modules without tensors (losses, activations) are kept by value, others by reference.
template <class M> struct module_reference : held_members<M> {
    const M* module;
    constexpr explicit module_reference(const M* m) : module{m} {}
    constexpr const M& get() const { return *module; }
    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        held_members<M>::bind(b, *module);
    }
    constexpr auto embed(graph&, const auto&... x) const { return run_body(*module, x...); }
};
template <class M> struct held_module : held_members<M> {
    M module;
    constexpr explicit held_module(const M& m) : module{m} {}
    constexpr const M& get() const { return module; }
    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        held_members<M>::bind(b, module);
    }
    constexpr auto embed(graph&, const auto&... x) const { return run_body(module, x...); }
};

// Which calls `calls<Target>` of a node counts: those of a model's type. Other questions are for errors only, which say
// what the loss does call.
template <class Target, class M> inline constexpr bool is_call_of = std::is_same_v<Target, M>;

struct any_model;
template <class M> inline constexpr bool is_call_of<any_model, M> = has_tensors<M>;

// Whether a module of type Part is among the members of one of type M, or among theirs.
template <class Part, class M> consteval bool has_part() {
    bool found = false;
    for_each_member(shadow<M>.model, [&found](const char*, auto& member) {
        using type = std::remove_cvref_t<decltype(member)>;
        if constexpr (std::is_same_v<type, Part>) found = true;
        else if constexpr (module<type>) found = found || has_part<Part, type>();
    });
    return found;
}
template <class Part> struct any_with;
template <class Part, class M> inline constexpr bool is_call_of<any_with<Part>, M> = has_part<Part, M>();

// What a call is, whatever the module gives.
template <class Held, class M, class... Args> struct held_call {
    struct type {
        using named = typename all_leaves<typename Args::named...>::type;
        template <auto Name> static constexpr bool mentions = (Args::template mentions<Name> || ...);
        template <class Target> static constexpr int calls =
            ((Held::is_trained && is_call_of<Target, M>)+... + Args::template calls<Target>);
        Held module;
        arguments<Args...> args;

        template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
            if constexpr (checks && !Binder::names) check_arguments();
            args.bind(b);
            module.bind(b);
        }

    protected:
        // What a module has to say to the values of its arguments, before they are used.
        constexpr void check_arguments() const {
            if constexpr (requires(const M& m, const Args&... each) { m.check_arguments(each...); })
                if (!__builtin_is_constant_evaluated())
                    args.apply([this](const auto&... each) { module.get().check_arguments(each...); });
        }

        using result = body_result<M, Args...>;
        template <class Tracer> static constexpr result traced(Tracer& t) {
            const auto body = [&t](const auto&... each) {
                if constexpr (Held::is_trained && std::same_as<typename Tracer::target, M>)
                    return trace_trained<M>(t, each...);
                else if constexpr (requires { typename Held::training_tag; }) return trace_in_training<M>(t, each...);
                else return trace_body<M>(t, typename Held::members{}, each...);
            };
            return in_order<result>{body, trace_handle<Args>(t)...}.result;
        }
        constexpr result embedded(graph& g) const {
            const auto body = [&](const auto&... each) { return module.embed(g, each...); };
            return args.apply(
                [&](const auto&... each) { return in_order<result>{body, embed_handle(g, each)...}.result; });
        }
    };
};

}  // namespace detail

/// A module called with expressions: one node, however large the body. The body is traced through handles.
template <class Held, class M, class... Args> struct call_ {
    struct type : detail::held_call<Held, M, Args...>::type {
        using expression_tag = void;
        using value_type = typename detail::body_result<M, Args...>::value_type;
        static constexpr shape extent = detail::body_result<M, Args...>::extent;

        template <class Tracer> static constexpr int trace(Tracer& t) { return type::traced(t).id; }
        constexpr int embed(graph& g) const { return this->embedded(g).id; }
        constexpr operator value_type() const
            requires(extent.rank == 0)
        {
            return evaluate_scalar(*this);
        }
        constexpr operator double() const
            requires(extent.rank != 0)
        = delete;
    };
};
/// The call of a module whose body returns `together(...)`.
template <class Held, class M, class... Args>
    requires several_results<detail::body_result<M, Args...>>
struct call_<Held, M, Args...> {
    struct type : detail::held_call<Held, M, Args...>::type {
        using together_tag = void;
        using results = detail::body_result<M, Args...>;

        template <class Tracer> static constexpr results trace(Tracer& t) { return type::traced(t); }
        constexpr results embed(graph& g) const { return this->embedded(g); }
    };
};

namespace detail {

template <class Held, class M, class... X> constexpr auto call_node(const Held& held, X&&... x) {
    return typename call_<Held, M, node_of<X>...>::type{{held, pack(as_node(std::forward<X>(x))...)}};
}

// The argument that was computed last.
template <class X> constexpr int value_id(const X& x) {
    if constexpr (is_handle_v<X>) return x.id;
    else return no_index;
}
template <class... H> constexpr int value_id(const handles<H...>& x) {
    int last = no_index;
    for (int id : x.id) last = id > last ? id : last;
    return last;
}
template <class... X> constexpr int latest(const X&... x) {
    int id = no_index;
    ((id = value_id(x) > id ? value_id(x) : id), ...);
    return id;
}

template <class M, class... X> constexpr bool takes() {
    if constexpr (names_its_members<M>) return requires(const M& m, const X&... x) { m.forward(x...); };
    else return requires(const M& m, const X&... x) { m(x...); };
}

// A user's module that would take them if its call operator were const.
template <class M, class... X> constexpr bool takes_unless_const() {
    if constexpr (names_its_members<M>) return false;
    else if constexpr (takes<M, X...>()) return false;
    else return requires(M& m, const X&... x) { m(x...); };
}

// Of one input whatever is wrong is said in other words.
template <class M, class... X> constexpr bool takes_as_many() {
    if constexpr (sizeof...(X) > 1) return takes<M, X...>();
    else return true;
}

template <class Result> inline constexpr bool gives_an_expression = is_in_a_body<Result> || is_poison<Result>;

// What is no input of a module: a number, a model itself, anything else.
template <class M, class X> constexpr auto fault_of_input() {
    using type = std::remove_cvref_t<X>;
    if constexpr (scalar<X>) return a_module_takes_tensors_and_expressions__not_a_number<M, type>{};
    else if constexpr (is_poison<X> || operand<X> || several_results<type>) return;
    else if constexpr (module<type>) return a_model_stands_where_its_result_is_expected__call_it<type>{};
    else return a_module_takes_tensors_and_expressions__not<type>{};
}
template <class M> constexpr void fault_of_inputs() {}
template <class M, class X, class... More> constexpr auto fault_of_inputs() {
    if constexpr (!std::is_void_v<decltype(fault_of_input<M, X>())>) return fault_of_input<M, X>();
    else if constexpr (sizeof...(More) > 0) return fault_of_inputs<M, More...>();
}

template <class First, class...> struct first_of {
    using type = First;
};

// A call inside a body. What does not fit stays in the type of the result, with the names of the users' structs around
// it: the call outside reports it, at the user's line.
template <class M, class... X> constexpr auto trace_call(const M& m, const X&... x) {
    if constexpr (!layer_fits<M, X...>()) {
        return deferred<misfit<M, typename first_of<X...>::type>>{};
    } else if constexpr (takes_unless_const<M, X...>()) {
        return deferred<the_call_operator_of_this_module_has_to_be_const<M>>{};
    } else if constexpr (!takes_as_many<M, X...>()) {
        return deferred<this_module_does_not_take_so_many_inputs<M, sizeof...(X)>>{};
    } else if constexpr (!names_its_members<M> && !takes<M, X...>()) {
        return deferred<this_module_has_no_call_operator_that_takes_one_expression<M>>{};
    } else if constexpr (!gives_an_expression<decltype(run_body(m, x...))>) {
        return deferred<
            the_body_of_this_module_has_to_return_an_expression_of_its_input<M, decltype(run_body(m, x...))>>{};
    } else {
        const auto y = run_body(m, x...);
        if constexpr (is_in_a_body<decltype(y)>) y.g->note_call(&m, sizeof(M), value_id(y), latest(x...));
        if constexpr (is_in_a_body<decltype(y)> && !names_its_members<M>)
            y.g->note_body([] { return type_name<M>().begin; });
        if constexpr (defers_a_fault<decltype(y)> && !names_its_members<M>)
            return deferred<in_module<M, typename decltype(y)::fault>>{};
        else return y;
    }
}
template <class M, class... X> using traced_call =
    decltype(trace_call(std::declval<const M&>(), std::declval<handle_for<X>>()...));

// The node of a call, or what is wrong with it.
template <class M, class... X> constexpr auto call_or_fault(M&& m, X&&... x) noexcept {
    using module_type = std::remove_cvref_t<M>;
    if constexpr ((is_poison<X> || ...)) {
        return absorbed<X...>{};
    } else if constexpr (sizeof...(X) == 0) {
        return this_module_does_not_take_so_many_inputs<module_type, 0>{};
    } else if constexpr (!std::is_void_v<decltype(fault_of_inputs<module_type, X...>())>) {
        return fault_of_operands<decltype(fault_of_inputs<module_type, X...>()), X...>{};
    } else if constexpr ((is_handle_v<X> || ...)) {
        return trace_call(m, x...);
    } else if constexpr (!module<module_type>) {
        return fault_of_no_module<module_type>();
    } else if constexpr (defers_a_fault<traced_call<module_type, node_of<X>...>>) {
        return typename traced_call<module_type, node_of<X>...>::fault{};
    } else if constexpr (is_poison<traced_call<module_type, node_of<X>...>>) {
        return poison{};
    } else if constexpr (!std::is_void_v<body_fault<module_type, node_of<X>...>>) {
        return body_fault<module_type, node_of<X>...>{};
    } else if constexpr (!std::is_lvalue_reference_v<M> || !has_tensors<module_type>) {
        return call_node<held_module<module_type>, module_type>(held_module<module_type>{m}, std::forward<X>(x)...);
    } else {
        return call_node<module_reference<module_type>, module_type>(module_reference<module_type>{&m},
                                                                     std::forward<X>(x)...);
    }
}

}  // namespace detail

/// What a call gives back. A module that does not fit is reported where this is the return type.
template <class M, class... X> using called =
    checked<decltype(detail::call_or_fault(std::declval<M>(), std::declval<X>()...))>;

/// A module on operands: inside another module's body its own body is traced, elsewhere the call is one node.
/// Refers to an lvalue module, keeps an rvalue one, and small ones without tensors.
template <class M, class... X> constexpr called<M, X...> call(M&& m, X&&... x) noexcept {
    return detail::call_or_fault(std::forward<M>(m), std::forward<X>(x)...);
}

namespace detail {
/// The number of trained tensors of a module.
template <class M>
inline constexpr int parameter_tensors = [] {
    int n = 0;
    visit_parameters(shadow<M>.model, [&n](auto&) { ++n; });
    return n;
}();
}  // namespace detail

/// The number of trained elements of a module.
template <class M>
inline constexpr std::size_t parameter_count = [] {
    std::size_t n = 0;
    detail::visit_parameters(detail::shadow<M>.model,
                             [&](auto& parameter) { n += std::remove_cvref_t<decltype(parameter)>::size(); });
    return n;
}();

}  // namespace ashlar

namespace ashlar::nn {

// `std::cout << model`: without this, compilers list all that can be printed.
template <ashlar::detail::output_stream Stream, module M> Stream& operator<<(Stream& out, const M&) {
    [[maybe_unused]] poison& fault = refused<a_model_is_printed_by_its_summary_or_its_tensors_one_by_one<M>>;
    return out;
}

}  // namespace ashlar::nn
