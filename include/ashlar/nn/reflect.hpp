// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/value.hpp"
#include "ashlar/nn/hana.hpp"
#include "ashlar/nn/members.hpp"

namespace ashlar {

/// A layer of the library names its members itself, `static constexpr void members(auto& self, auto&& visit)`, or lists
/// them, see `layer_members`. Its body is `forward`; that of a user's struct is the call operator.
template <class M>
concept names_its_members =
    requires(M& m) { M::members(m, [](const char*, auto&) {}); } || detail::is_layer_list<typename M::members>;

/// A user's struct lists them, see `ashlar::members`, ...
template <class M> concept lists_its_members = detail::is_member_list<typename M::members>;

/// ... or names them with BOOST_HANA_ADAPT_STRUCT or BOOST_HANA_DEFINE_STRUCT.
template <class M> concept adapted_struct = boost::hana::Struct<std::remove_const_t<M>>::value;

template <class M>
concept module =
    names_its_members<std::remove_const_t<M>> || lists_its_members<std::remove_const_t<M>> || adapted_struct<M>;

template <class Module>
struct this_module_does_not_name_its_members__see_ashlar_members_or_BOOST_HANA_ADAPT_STRUCT : refusal {};

template <class Members> struct ashlar_members_lists_data_members__no_functions_and_nothing_static : refusal {};

namespace detail {
template <class M> constexpr auto fault_of_no_module() {
    if constexpr (requires { requires is_wrong_list<typename M::members>; })
        return ashlar_members_lists_data_members__no_functions_and_nothing_static<typename M::members>{};
    else return this_module_does_not_name_its_members__see_ashlar_members_or_BOOST_HANA_ADAPT_STRUCT<M>{};
}
}  // namespace detail

template <class Visit> struct a_visitor_takes_a_parameter_or_a_path_and_a_parameter : refusal {};

namespace detail {
template <class X> consteval bool is_array_of_members() {
    if constexpr (is_tensor<X> || array_length<X>() == 0) return false;
    else if constexpr (module<array_element<X>> || is_tensor<array_element<X>> ||
                       std::same_as<array_element<X>, option>)
        return true;
    else return is_array_of_members<array_element<X>>();
}
}  // namespace detail

/// An array (std::array, too) of modules, tensors, options or such arrays, as a member: its elements are called "0",
/// "1", ...
template <class X> concept member_array = detail::is_array_of_members<std::remove_cv_t<X>>();

template <class X> concept has_members = module<X> || member_array<X>;

/// visit(name, member) for every member, in order.
template <has_members M, class Visit> [[gnu::always_inline]] constexpr void for_each_member(M& m, Visit&& visit) {
    using type = std::remove_cv_t<M>;
    if constexpr (member_array<type>) {
        constexpr std::size_t length = detail::array_length<type>();
        detail::visit_elements<0>(m, visit, std::make_index_sequence<(length < 64 ? length : 64)>{});
    } else if constexpr (lists_its_members<type>) {
        type::members::visit(m, visit);
    } else if constexpr (names_its_members<type>) {
        type::members(m, visit);
    } else {
        boost::hana::unpack(boost::hana::accessors<type>(), [&](auto... member) __attribute__((always_inline)) {
            (visit(std::remove_cvref_t<decltype(boost::hana::first(member))>::c_str(), boost::hana::second(member)(m)),
             ...);
        });
    }
}

namespace detail {
// What a visitor of leaves is told: the leaf; its owner, too; or the names on the way to it. (A visitor around that of
// the user would be one more function for each leaf.)
struct told_leaf {
    static constexpr bool owner = false, path = false;
};
struct told_owner : told_leaf {
    static constexpr bool owner = true;
};
struct told_path : told_leaf {
    static constexpr bool path = true;
};

template <class Told, class Owner, class M, class Visit>
[[gnu::always_inline]] constexpr void visit_leaves(Owner& owner, M& m, Visit& visit) {
    for_each_member(m, [&]([[maybe_unused]] const char* name, auto& member) __attribute__((always_inline)) {
        using type = std::remove_reference_t<decltype(member)>;
        if constexpr (Told::path) visit.enter(name);
        if constexpr (member_array<type>) visit_leaves<Told>(owner, member, visit);
        else if constexpr (module<type>) visit_leaves<Told>(member, member, visit);
        else if constexpr (!is_tensor<std::remove_const_t<type>> && !scalar<type>) static_cast<void>(member);
        else if constexpr (Told::owner) visit(owner, member);
        else visit(member);
        if constexpr (Told::path) visit.leave();
    });
}
}  // namespace detail

/// visit(owner, leaf) for every tensor, option and number, depth first; owner: the module whose member it is.
template <class M, class Visit> [[gnu::always_inline]] constexpr void for_each_owned_leaf(M& m, Visit&& visit) {
    detail::visit_leaves<detail::told_owner>(m, m, visit);
}

/// visit(leaf) for each of them.
template <class M, class Visit> [[gnu::always_inline]] constexpr void for_each_leaf(M& m, Visit&& visit) {
    detail::visit_leaves<detail::told_leaf>(m, m, visit);
}

/// The number of them.
template <class M> constexpr int count_leaves(M& m) {
    int n = 0;
    for_each_leaf(m, [&n](auto&) { ++n; });
    return n;
}

namespace detail {

// A model that is never made, read or emitted: only the addresses of its members are used while compiling, to tell
// one parameter from another. The box keeps its constructor from running.
template <class M> union shadow_box {
    char none;
    M model;
    constexpr shadow_box() : none{} {}
};
template <class M> inline shadow_box<M> shadow{};

// Writes the path of every leaf, "blocks.2.first.bias", or counts what that takes.
struct path_writer {
    bool writes = false;
    char* to = nullptr;
    int* begins = nullptr;
    int leaves = 0, written = 0;
    list<char> path{};
    list<int> length{};

    constexpr void enter(const char* name) {
        length.push(path.size());
        if (!path.empty()) path.push('.');
        for (; *name != '\0'; ++name) path.push(*name);
    }
    constexpr void leave() {
        while (path.size() > length.back()) path.pop();
        length.pop();
    }
    constexpr void operator()(auto&) {
        if (writes) begins[leaves] = written;
        for (int i = 0; writes && i < path.size(); ++i) to[written + i] = path[i];
        ++leaves, written += path.size() + 1;
    }
};

/// The paths of the leaves of a module, in the order of for_each_leaf. For who prints only.
template <class M> struct leaf_paths {
    static constexpr int size(bool of_text) {
        path_writer writer;
        visit_leaves<told_path>(shadow<M>.model, shadow<M>.model, writer);
        return of_text ? writer.written : writer.leaves;
    }
    char text[bound_of(size(true) + 1)]{};
    int begins[bound_of(size(false) + 1)]{};
    constexpr leaf_paths() {
        path_writer writer{true, text, begins};
        visit_leaves<told_path>(shadow<M>.model, shadow<M>.model, writer);
    }
    constexpr const char* operator[](int leaf) const { return text + begins[leaf]; }
};
template <class M> inline constexpr leaf_paths<M> paths_of{};

template <class X> constexpr const auto* first_element(const X& x) {
    if constexpr (is_tensor<X>) return x.data();
    else return &x;
}
constexpr const double* first_element(const option& x) { return &x.value; }

template <class Leaf> constexpr shape extent_of_leaf() {
    if constexpr (is_tensor<Leaf>) return Leaf::extent;
    else return {};
}

/// Binds all leaves of a module, in the order in which they became inputs.
template <class Binder, class M> [[gnu::always_inline]] constexpr void bind_leaves(Binder& b, const M& m) {
    if constexpr (Binder::names) {
        for_each_leaf(m, [&b, at = 0](auto& leaf) mutable {
            using type = std::remove_cvref_t<decltype(leaf)>;
            b.add_tensor(first_element(leaf), extent_of_leaf<type>(), paths_of<M>[at++]);
        });
    } else {
        for_each_leaf(m, [&b](auto& leaf) __attribute__((always_inline)) { b.add(first_element(leaf)); });
    }
}

}  // namespace detail

/// Parameters are the floating tensors: trained and saved.
template <class T> inline constexpr bool is_parameter = false;
template <class T, std::size_t... Dims> inline constexpr bool is_parameter<Tensor<T, Dims...>> =
    std::is_floating_point_v<T>;

namespace detail {
// The library's own visits, of parameters alone: nothing is to be found out of the visitor.
template <class M, class Visit> [[gnu::always_inline]] constexpr void visit_parameters(M& m, Visit&& visit) {
    for_each_leaf(m, [&](auto& leaf) __attribute__((always_inline)) {
        if constexpr (is_parameter<std::remove_cvref_t<decltype(leaf)>>) visit(leaf);
    });
}

template <class M> consteval bool has_double_parameters() {
    bool any = false;
    if constexpr (has_members<M>)
        visit_parameters(shadow<M>.model, [&any](auto& parameter) {
            any = any || std::is_same_v<typename std::remove_cvref_t<decltype(parameter)>::value_type, double>;
        });
    return any;
}

template <class M, class Visit> constexpr void visit_with_paths(M& m, Visit& visit, list<char>& path) {
    for_each_member(m, [&](const char* name, auto& member) {
        const int before = path.size();
        if (before > 0) path.push('.');
        for (; *name != '\0'; ++name) path.push(*name);
        if constexpr (has_members<std::remove_reference_t<decltype(member)>>) {
            visit_with_paths(member, visit, path);
        } else if constexpr (is_parameter<std::remove_cvref_t<decltype(member)>>) {
            path.push('\0');
            visit(std::as_const(path).begin(), member);
        }
        while (path.size() > before) path.pop();
    });
}

// Asked of the parameters themselves: a visitor need not compile for others.
struct visitor_forms {
    bool any_path = false, all = true;
};
template <class M, class Visit> inline constexpr visitor_forms forms_of_visitor = [] {
    visitor_forms forms;
    for_each_leaf(shadow<std::remove_const_t<M>>.model, [&forms](auto& leaf) {
        using type = std::remove_reference_t<decltype(leaf)>;
        using seen = std::conditional_t<std::is_const_v<M>, const type, type>;
        if constexpr (!is_parameter<type>) return;
        else if constexpr (std::invocable<Visit&, const char*, seen&>) forms.any_path = true;
        else if constexpr (!std::invocable<Visit&, seen&>) forms.all = false;
    });
    return forms;
}();
template <class M, class Visit> inline constexpr bool visits_paths = forms_of_visitor<M, Visit>.any_path;
template <class M, class Visit> inline constexpr bool visits = forms_of_visitor<M, Visit>.all;
}  // namespace detail

/// visit(parameter), or visit(path, parameter), for every parameter of a module, in the order of declaration. The
/// path is that of PyTorch's state_dict, "0.weight", "blocks.2.first.bias", as text that is gone after the visit.
template <class M, class Visit> [[gnu::always_inline]] constexpr void for_each_parameter(M& m, Visit&& visit) {
    if constexpr (!has_members<M>) {
        [[maybe_unused]] poison& fault =
            refused<this_module_does_not_name_its_members__see_ashlar_members_or_BOOST_HANA_ADAPT_STRUCT<M>>;
    } else if constexpr (!detail::visits<M, Visit>) {
        [[maybe_unused]] poison& fault = refused<a_visitor_takes_a_parameter_or_a_path_and_a_parameter<Visit>>;
    } else if constexpr (detail::visits_paths<M, Visit>) {
        list<char> path;
        detail::visit_with_paths(m, visit, path);
    } else {
        detail::visit_parameters(m, visit);
    }
}

}  // namespace ashlar
