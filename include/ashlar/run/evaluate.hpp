// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/together.hpp"
#include "ashlar/run/buffers.hpp"

namespace ashlar {
namespace detail {

// Whether two ranges share memory. Constant evaluation cannot order pointers; there only equal beginnings count.
template <class A, class B> constexpr bool overlap(const A* a, index na, const B* b, index nb) {
    if (__builtin_is_constant_evaluated()) {
        if constexpr (std::is_same_v<A, B>) return a == b;
        else return false;
    }
    const auto first = reinterpret_cast<std::uintptr_t>(a), second = reinterpret_cast<std::uintptr_t>(b);
    return first < second + static_cast<std::uintptr_t>(nb) * sizeof(B) &&
           second < first + static_cast<std::uintptr_t>(na) * sizeof(A);
}

// What the running program needs to know of its results and hazards, without the graph: what is named here is all that
// reaches the binary.
struct result_facts {
    int updates, buffer;
    dtype type;
    index size, staging;
};
template <class Spec, int O> constexpr result_facts result_facts_of() {
    const output o = graph_of_program<Spec>.outputs[O];
    return {o.updates, o.buffer, graph_of_program<Spec>.nodes[o.node].type,
            graph_of_program<Spec>.shape_of(o.node).size(), plan_of_program<Spec>.staging[O]};
}

struct hazard_facts {
    bool strikes_output, shifted, constant;
    dtype storage;
    index size;
    int buffer;
};
template <class Spec, int O, int H> constexpr hazard_facts hazard_facts_of() {
    const hazard h = plan_of_program<Spec>.hazards[H];
    const input i = graph_of_program<Spec>.inputs[h.input];
    return {h.output == O,  h.shifted, h.constant, i.storage, graph_of_program<Spec>.shapes[i.extent].size(),
            pools + h.input};
}

// Constant evaluation cannot tell how far apart two pointers are: what does not begin at one address counts as an
// overlap.
template <class A, class B> constexpr bool same_beginning(const address& a, const address& b) {
    if constexpr (std::is_same_v<A, B>) return a.as<A>() == b.as<B>();
    else return false;
}

template <class Spec, int O, int H> ASHLAR_INLINE constexpr bool
hazard_strikes([[maybe_unused]] const buffer_table<Spec>& buffers) {
    constexpr result_facts r = result_facts_of<Spec, O>();
    constexpr hazard_facts h = hazard_facts_of<Spec, O, H>();
    if constexpr (!h.strikes_output) return false;
    else if (h.constant && !__builtin_is_constant_evaluated()) return false;
    else if (h.shifted && __builtin_is_constant_evaluated())
        return !same_beginning<element_t<r.type>, element_t<h.storage>>(buffers.of[r.buffer], buffers.of[h.buffer]);
    else if (h.shifted && buffers.of[r.buffer].f32 == buffers.of[h.buffer].f32) return false;
    // Nothing tells a slice that is assigned from other memory.
    else if (__builtin_is_constant_evaluated()) return std::is_same_v<element_t<r.type>, element_t<h.storage>>;
    else
        return overlap(buffers.of[r.buffer].template as<element_t<r.type>>(), r.size,
                       buffers.of[h.buffer].template as<element_t<h.storage>>(), h.size);
}

// Whether any can strike at run time.
template <class Spec, int O>
inline constexpr bool has_hazards = [] {
    for (const hazard& h : plan_of_program<Spec>.hazards)
        if (h.output == O && !h.constant) return true;
    return false;
}();

// Of `Count` hazards from number First on: halves, as clang's folds end at 256.
template <class Spec, int O, int First, int Count> ASHLAR_INLINE constexpr bool
any_hazard_strikes(const buffer_table<Spec>& buffers) {
    if constexpr (Count == 0) return false;
    else if constexpr (Count == 1) return hazard_strikes<Spec, O, First>(buffers);
    else
        return any_hazard_strikes<Spec, O, First, Count / 2>(buffers) ||
               any_hazard_strikes<Spec, O, First + Count / 2, Count - Count / 2>(buffers);
}

// A choice that compilers do not see through: they would write the whole program twice, once for each.
template <class T> ASHLAR_INLINE constexpr T* either(bool first, T* a, T* b) {
    T* p = first ? a : b;
    if (!__builtin_is_constant_evaluated()) asm("" : "+r"(p));
    return p;
}

/// Runs a program. A result that is also read after it would be written goes through memory of its own first.
template <class Spec, int O = 0> ASHLAR_INLINE constexpr void run_protected(buffer_table<Spec>& buffers) {
    if constexpr (O == result_count<Spec>) {
        run_steps<Spec>(buffers.of);
    } else {
        constexpr result_facts r = result_facts_of<Spec, O>();
        if constexpr (r.updates >= 0) buffers.of[r.buffer] = buffers.of[pools + r.updates];
        if constexpr (r.staging < 0) {
            run_protected<Spec, O + 1>(buffers);
        } else {
            using T = element_t<r.type>;
            bool guarded =
                has_hazards<Spec, O> ||
                __builtin_is_constant_evaluated();  // const, clang would take the question for one of a constant
            const bool strikes = guarded && any_hazard_strikes<Spec, O, 0, hazard_count<Spec>>(buffers);
            T* const target = buffers.of[r.buffer].template as<T>();
            if (guarded)
                buffers.of[r.buffer] =
                    address{either(strikes, buffers.of[static_cast<int>(r.type)].template as<T>() + r.staging, target)};
            run_protected<Spec, O + 1>(buffers);
            if (strikes) {
                const T* from = buffers.of[r.buffer].template as<T>();
                for (index i = 0; i < r.size; ++i) target[i] = from[i];
            }
        }
    }
}

/// Scratch of the convenient forms: small ones lie on the stack, large ones are static, one for every thread.
inline constexpr std::size_t stack_limit = 4096;

template <class Spec> program_memory<Spec>& thread_memory() {
    static thread_local program_memory<Spec> memory;
    return memory;
}

template <class Spec, class Run> ASHLAR_INLINE constexpr void with_memory(Run&& run) {
    if constexpr (memory_bytes<Spec> <= stack_limit) {
        program_memory<Spec> memory;
        run(memory);
    } else if (__builtin_is_constant_evaluated()) {
        auto* const memory = new program_memory<Spec>;  // a local variable would be part of the frame at run time too
        run(*memory);
        delete memory;
    } else {
        run(thread_memory<Spec>());
    }
}

/// Runs a program in `memory`: on what `from` has of its inputs, its results into those of the caller. `from` may look
/// at the addresses before anything is computed, `bound(buffers)`.
template <class Spec, class From, class Memory, class... T>
ASHLAR_INLINE constexpr void run_program(From&& from, Memory& memory, T*... result) {
    (check_memory(result), ...);
    buffer_table<Spec> buffers;
    buffers.set_memory(memory);
    auto b = buffers.bind_inputs();
    Spec::inputs(b, from);
    if constexpr (requires { from.bound(buffers); }) from.bound(buffers);
    [[maybe_unused]] int i = 0;
    ((buffers.result(i++) = address{result}), ...);
    run_protected<Spec>(buffers);
}
/// The same, with all that it calls, as one function; or as the caller's code.
template <class Spec, class From, class Memory, class... T>
ASHLAR_FLATTEN constexpr void run_flattened(From&& from, Memory& memory, T*... result) {
    run_program<Spec>(from, memory, result...);
}
template <class Spec, class From, class Memory, class... T>
    requires(plan_of_program<Spec>.is_brief)
[[gnu::always_inline]] ASHLAR_FLATTEN constexpr void run_flattened(From&& from, Memory& memory, T*... result) {
    run_program<Spec>(from, memory, result...);
}
/// The same in memory of the thread.
template <class Spec, class From, class... T>
ASHLAR_INLINE constexpr void run_program_here(From&& from, T*... result) {
    with_memory<Spec>([&](auto& memory) ASHLAR_INLINE { run_program<Spec>(from, memory, result...); });
}

/// The program of an expression: one result, its value, or those of several that are evaluated together.
template <class E> struct evaluation {
    using target = void;

    template <class Binder> [[gnu::always_inline]] static constexpr void inputs(Binder& b, auto& from) { from.bind(b); }
    static constexpr void build(tracer<void>& t, list<output>& outputs) {
        traced<E> expression;
        inputs(t, expression);
        for (int id : expression.roots) outputs.push({id});
    }
};

}  // namespace detail

/// Memory for the intermediate results of an expression: its size is a constant of the type; static, on the heap or in
/// an arena, as the caller likes. One evaluation at a time.
template <class First, class... Rest> struct Workspace {
    static_assert(
        operand<First> && sizeof...(Rest) == 0,
        "a Workspace belongs to an expression: Workspace<decltype(model(x))>; or to the steps of an optimizer: "
        "Workspace<decltype(sgd), nn::MSELoss<>, Shape<64, 8>, Shape<64, 2>>");
};
template <class E>
    requires(operand<E> || several_results<E>)
struct Workspace<E> : detail::program_memory<detail::evaluation<detail::node_of<E>>> {};

/// out = expression, in memory of the caller: no allocation, lock, exception or system call. As if the expression were
/// complete before the first store, also where `out` occurs in it.
template <operand E, class Target> constexpr void
evaluate(const E& expression, Target&& out,
         detail::program_memory<detail::evaluation<detail::node_of<const E&>>>& scratch) noexcept {
    using from = typename detail::node_of<const E&>::value_type;
    using to = std::remove_reference_t<decltype(*out.data())>;
    if constexpr (std::is_const_v<to>) [[maybe_unused]]
        poison& fault = refused<evaluate_cannot_write_into<std::remove_reference_t<Target>>>;
    else if constexpr (!std::same_as<from, to>) [[maybe_unused]]
        poison& fault = refused<assigned_element_type_differs_convert_with_to<to, from>>;
    else if constexpr (!std::same_as<shape_t<E>, shape_t<Target>>) [[maybe_unused]]
        poison& fault = refused<assigned_shape_differs<shape_t<Target>, shape_t<E>>>;
    else
        detail::run_flattened<detail::evaluation<detail::node_of<const E&>>>(detail::as_node(expression), scratch,
                                                                             out.data());
}

namespace detail {

template <class From, class Target> consteval auto fault_of_target() {
    using from = typename From::value_type;
    using to = std::remove_reference_t<decltype(*std::declval<Target&>().data())>;
    if constexpr (std::is_const_v<to>) return std::type_identity<evaluate_cannot_write_into<Target>>{};
    else if constexpr (!std::same_as<from, to>)
        return std::type_identity<assigned_element_type_differs_convert_with_to<to, from>>{};
    else if constexpr (!std::same_as<dims_of<From>, shape_t<Target>>)
        return std::type_identity<assigned_shape_differs<shape_t<Target>, dims_of<From>>>{};
}
template <class From, class Target> using target_fault = decltype(fault_of_target<From, Target>());

// The first fault of several results and their targets, or void.
template <class R, class Targets, std::size_t At = 0> consteval auto fault_of_targets() {
    if constexpr (std::tuple_size_v<Targets> != R::count) {
        return std::type_identity<several_results_and_targets_differ_in_number<R::count, std::tuple_size_v<Targets>>>{};
    } else if constexpr (At < R::count) {
        using fault =
            target_fault<typename R::template part<At>, std::remove_reference_t<std::tuple_element_t<At, Targets>>>;
        if constexpr (std::is_void_v<fault>) return fault_of_targets<R, Targets, At + 1>();
        else return fault{};
    }
}

// Where results overlap each other, none of them is what was asked for.
template <class A, class B> ASHLAR_INLINE constexpr void keep_apart(const A& a, const B& b) {
    if (overlap(a.data(), static_cast<index>(a.size()), b.data(), static_cast<index>(b.size())))
        fatal("two results that are evaluated together go into one memory");
}
template <class First, class... Rest> ASHLAR_INLINE constexpr void keep_all_apart(const First& first,
                                                                                  const Rest&... rest) {
    (keep_apart(first, rest), ...);
    if constexpr (sizeof...(Rest) > 1) keep_all_apart(rest...);
}

template <class E, class Memory, class Targets, std::size_t... At>
ASHLAR_INLINE constexpr void evaluate_several(const E& expression, Memory& memory, const Targets& out,
                                              std::index_sequence<At...>) {
    if constexpr (sizeof...(At) > 1) keep_all_apart(get<At>(out)...);
    run_program<evaluation<E>>(expression, memory, get<At>(out).data()...);
}

template <class T> concept tuple_of_targets = requires { std::tuple_size<std::remove_cvref_t<T>>::value; };

template <class E> using parts_of_results = std::make_index_sequence<handle_for<E>::count>;

}  // namespace detail

/// Several results into tensors or views of the caller:
/// `evaluate(together(next_h, out), std::tie(h, y), scratch)`. One program, as if all right sides were
/// complete before the first store, also where the targets occur in them. Targets do not overlap.
template <several_results E, detail::tuple_of_targets Targets>
ASHLAR_FLATTEN constexpr void evaluate(const E& expression, const Targets& out,
                                       detail::program_memory<detail::evaluation<E>>& scratch) noexcept {
    using fault = decltype(detail::fault_of_targets<detail::handle_for<E>, Targets>());
    if constexpr (!std::is_void_v<fault>) [[maybe_unused]]
        poison& refusal = refused<typename fault::type>;
    else detail::evaluate_several(expression, scratch, out, detail::parts_of_results<E>{});
}

/// The same in memory that each thread has.
template <several_results E, detail::tuple_of_targets Targets> ASHLAR_FLATTEN constexpr void
evaluate(const E& expression, const Targets& out) noexcept {
    using fault = decltype(detail::fault_of_targets<detail::handle_for<E>, Targets>());
    if constexpr (!std::is_void_v<fault>) [[maybe_unused]]
        poison& refusal = refused<typename fault::type>;
    else
        detail::with_memory<detail::evaluation<E>>([&](auto& memory) ASHLAR_INLINE {
            detail::evaluate_several(expression, memory, out, detail::parts_of_results<E>{});
        });
}

// `Tensor<float, 4> t = x + y;` in a body, where there are no values yet: the call outside reports it.
template <typed_expression E, class Target>
    requires is_handle<E>
constexpr void evaluate_into(const E& expression, Target&) noexcept {
    expression.g->note_stranger(stranger::computed);
}

// What conversion and assignment of tensors and views call.
template <typed_expression E, class Target> ASHLAR_INLINE ASHLAR_FLATTEN constexpr void
evaluate_into(const E& expression, Target& out) noexcept {
    using type = typename std::remove_cvref_t<Target>::value_type;
    if constexpr (std::same_as<type, typename E::value_type>)
        detail::run_program_here<detail::evaluation<E>>(expression, out.data());
    else evaluate_into(to<type>(expression), out);
}

/// out = expression without a workspace: in memory for each thread, as conversion and assignment.
template <operand E, class Target> constexpr void evaluate(const E& expression, Target&& out) noexcept {
    if constexpr (!is_poison<E>) {
        using fault = detail::target_fault<detail::node_of<const E&>, std::remove_reference_t<Target>>;
        if constexpr (std::is_void_v<fault>) evaluate_into(detail::as_node(expression), out);
        else [[maybe_unused]] poison& refusal = refused<typename fault::type>;
    }
}

template <typed_expression E> ASHLAR_INLINE constexpr auto evaluate_scalar(const E& expression) noexcept {
    Tensor<typename E::value_type> t;
    evaluate_into(expression, t);
    return static_cast<typename E::value_type>(t);
}

namespace detail {
template <class T, class S> struct tensor_with;
template <class T, std::size_t... Dims> struct tensor_with<T, Shape<Dims...>> {
    using type = Tensor<T, Dims...>;
};
template <class H> using tensor_for = typename tensor_with<typename H::value_type, dims_of<H>>::type;

template <class E, std::size_t... At> constexpr auto values_of(const E& expression, std::index_sequence<At...>) {
    results<tensor_for<typename handle_for<E>::template part<At>>...> all{};
    run_program_here<evaluation<E>>(expression, all.template get<At>().data()...);
    return all;
}
}  // namespace detail

/// The tensor that has the value of an expression, or the `results` that have those of several.
template <class E>
    requires(operand<E> || several_results<E>)
constexpr auto eval(const E& expression) {
    if constexpr (several_results<E>) {
        return detail::values_of(expression, std::make_index_sequence<detail::handle_for<E>::count>{});
    } else if constexpr (is_poison<E>) {
        if constexpr (requires { std::tuple_size<E>::value; }) return E{};
        else return poison{};
    } else if constexpr (scalar<E>) {
        return expression;
    } else {
        using typed = detail::node_of<const E&>;
        typename detail::tensor_with<typename typed::value_type, shape_t<typed>>::type t{};
        evaluate_into(detail::as_node(expression), t);
        return t;
    }
}

/// Whole tensors: one bool. False where the shapes differ.
template <operand A, operand B>
    requires((tensorial<A> && tensorial<B>) && (typed_expression<A> || typed_expression<B> || is_view<A> || is_view<B>))
constexpr bool operator==(const A& a, const B& b) {
    if constexpr (!std::same_as<shape_t<A>, shape_t<B>>) {
        return false;
    } else {
        const auto x = eval(a);
        const auto y = eval(b);
        for (std::size_t i = 0; i < x.size(); ++i)
            if (!(x.data()[i] == y.data()[i])) return false;
        return true;
    }
}

}  // namespace ashlar
