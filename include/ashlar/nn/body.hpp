// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/together.hpp"
#include "ashlar/nn/reflect.hpp"
#include "ashlar/nn/type_name.hpp"
#include "ashlar/ops/apply.hpp"

namespace ashlar {

// What a body may not refer to, with the name of the innermost user's module around it.
template <fixed_string Module> struct a_tensor_in_the_body_is_not_a_member_of_the_module : refusal {};
template <fixed_string Module> struct an_option_in_the_body_is_not_a_member_of_the_module : refusal {};
template <fixed_string Module>
struct a_whole_number_in_the_body_exceeds_2_to_the_53__make_it_a_member_that_is_a_Tensor_of_int64 : refusal {};
template <fixed_string Module> struct a_number_in_the_body_is_no_constant__make_it_an_ashlar_option_and_adapt_it
    : refusal {};
template <fixed_string Module> struct a_body_has_no_values_yet__keep_the_expression_with_auto : refusal {};
template <fixed_string Module> struct the_body_updates_a_member_that_is_no_ashlar_buffer : refusal {};
template <fixed_string Module> struct the_body_updates_a_buffer_with_another_shape : refusal {};
template <fixed_string Module>
struct the_body_updates_a_buffer_with_another_element_type__convert_with_to : refusal {};
template <class Module>
struct the_body_reads_a_value_that_is_not_known_while_compiling__or_exceeds_fconstexpr_steps : refusal {};

namespace detail {

/// A module's body: `forward` of a layer of the library, the call operator of a user's struct.
template <class M, class... X> constexpr auto run_body(const M& m, const X&... x) {
    if constexpr (names_its_members<M>) return m.forward(x...);
    else return m(x...);
}

template <class M, class... Args> using body_result =
    decltype(run_body(std::declval<const M&>(), std::declval<handle_for<Args>>()...));

template <class M> inline constexpr bool has_tensors = [] {
    bool found = false;
    for_each_leaf(shadow<M>.model,
                  [&](auto& leaf) { found = found || is_tensor<std::remove_cvref_t<decltype(leaf)>>; });
    return found;
}();

template <class Tracer, class Leaf> constexpr void add_member(Tracer& t, const Leaf& leaf) {
    if constexpr (is_tensor<Leaf>) {
        t.members.push({leaf.data(), t.leaf(dtype_of<typename Leaf::value_type>, Leaf::extent)});
    } else if constexpr (std::same_as<Leaf, option>) {
        t.members.push({&leaf, t.leaf(dtype::float32, dtype::float64, shape{})});
    } else {
        t.plain_members = true;
        t.members.push({&leaf, t.leaf(dtype_of<Leaf>, shape{})});
    }
}

struct plain_members {
    constexpr void operator()(auto& t, const auto& leaf) const { add_member(t, leaf); }
};

/// Makes inputs of the members of the module that is traced from here on: `add` says of what sort.
template <class M, class Tracer, class Add> constexpr void add_members(Tracer& t, Add add) {
    t.members.clear();
    t.last_member = 0;
    for_each_leaf(shadow<M>.model, [&](auto& leaf) { add(t, leaf); });
}

/// Appends the body of a module, called with nodes, to a graph. What the body gives.
template <class M, class Tracer, class Add, class... Handles> constexpr auto trace_body(Tracer& t, Add add,
                                                                                        const Handles&... x) {
    add_members<M>(t, add);
    return run_body(shadow<M>.model, x...);
}

// ---- what is wrong with a body, found before any program is made of it ----------------------------------------------

struct body_report {
    static constexpr int longest = 120;
    stranger found = stranger::none;
    int length = 0;
    char module[longest + 1]{};
};

template <class M, class... Handles> consteval body_report examine_body() {
    tracer<> t;
    const auto body = [&t](const auto&... each) { return trace_body<M>(t, plain_members{}, each...); };
    static_cast<void>(in_order<decltype(body(std::declval<Handles>()...))>{body, fresh_argument<Handles>::in(t)...});
    body_report r{.found = t.found};
    if (!is_any(t.found)) return r;
    const type_text name = t.found_in != nullptr ? type_text{t.found_in, length_of_type(t.found_in)} : type_name<M>();
    for (; r.length < name.size && r.length < r.longest; ++r.length) r.module[r.length] = name.begin[r.length];
    return r;
}

template <stranger Found, fixed_string Module> struct fault_of;
template <fixed_string Module> struct fault_of<stranger::tensor, Module> {
    using type = a_tensor_in_the_body_is_not_a_member_of_the_module<Module>;
};
template <fixed_string Module> struct fault_of<stranger::option, Module> {
    using type = an_option_in_the_body_is_not_a_member_of_the_module<Module>;
};
template <fixed_string Module> struct fault_of<stranger::number, Module> {
    using type = a_number_in_the_body_is_no_constant__make_it_an_ashlar_option_and_adapt_it<Module>;
};
template <fixed_string Module> struct fault_of<stranger::large, Module> {
    using type = a_whole_number_in_the_body_exceeds_2_to_the_53__make_it_a_member_that_is_a_Tensor_of_int64<Module>;
};
template <fixed_string Module> struct fault_of<stranger::computed, Module> {
    using type = a_body_has_no_values_yet__keep_the_expression_with_auto<Module>;
};
template <fixed_string Module> struct fault_of<stranger::no_buffer, Module> {
    using type = the_body_updates_a_member_that_is_no_ashlar_buffer<Module>;
};
template <fixed_string Module> struct fault_of<stranger::other_shape, Module> {
    using type = the_body_updates_a_buffer_with_another_shape<Module>;
};
template <fixed_string Module> struct fault_of<stranger::other_type, Module> {
    using type = the_body_updates_a_buffer_with_another_element_type__convert_with_to<Module>;
};

template <body_report Report> constexpr auto fault_in_report() {
    if constexpr (is_any(Report.found)) {
        constexpr auto name = [] {
            fixed_string<bound_of(Report.length + 1)> text;
            for (int i = 0; i < Report.length; ++i) text.text[i] = Report.module[i];
            return text;
        }();
        return typename fault_of<Report.found, name>::type{};
    }
}

// The second one where the first is no constant expression: the body does what only a running program can, or is so
// long that the compiler gives up, which no program can tell from that.
template <class M, class... Handles, body_report Report = examine_body<M, Handles...>()> constexpr auto
fault_in_body(int) {
    return fault_in_report<Report>();
}
template <class M, class... Handles> constexpr auto fault_in_body(...) {
    return the_body_reads_a_value_that_is_not_known_while_compiling__or_exceeds_fconstexpr_steps<M>{};
}

/// What is wrong with the body of a module for such arguments, or void.
template <class M, class... X> using body_fault = decltype(fault_in_body<M, handle_for<X>...>(0));

}  // namespace detail
}  // namespace ashlar
