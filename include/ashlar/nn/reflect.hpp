// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/value.hpp"
#include "ashlar/nn/hana.hpp"

namespace ashlar {

/// A layer of the library names its members itself: `static constexpr void members(auto& self, auto&& visit)`.
template <class M> concept names_its_members = requires(M& m) { M::members(m, [](const char*, auto&) {}); };

/// A user's struct names them with BOOST_HANA_ADAPT_STRUCT or BOOST_HANA_DEFINE_STRUCT.
template <class M> concept adapted_struct = boost::hana::Struct<std::remove_const_t<M>>::value;

template <class M> concept module = names_its_members<std::remove_const_t<M>> || adapted_struct<M>;

template <class Module> struct this_module_does_not_name_its_members_with_BOOST_HANA_ADAPT_STRUCT : refusal {};

/// visit(name, member) for every member, in order.
template <module M, class Visit> [[gnu::always_inline]] constexpr void for_each_member(M& m, Visit&& visit) {
    if constexpr (names_its_members<std::remove_const_t<M>>) {
        M::members(m, visit);
    } else {
        boost::hana::unpack(boost::hana::accessors<std::remove_const_t<M>>(), [&](auto... member) __attribute__((always_inline)) {
            (visit(std::remove_cvref_t<decltype(boost::hana::first(member))>::c_str(), boost::hana::second(member)(m)), ...);
        });
    }
}

/// visit(owner, leaf) for every tensor, option and number, depth first; owner: the module whose member it is.
template <class M, class Visit> [[gnu::always_inline]] constexpr void for_each_owned_leaf(M& m, Visit&& visit) {
    for_each_member(m, [&](const char*, auto& member) __attribute__((always_inline)) {
        if constexpr (module<std::remove_reference_t<decltype(member)>>) for_each_owned_leaf(member, visit);
        else if constexpr (is_tensor<std::remove_cvref_t<decltype(member)>> || scalar<decltype(member)>) visit(m, member);
    });
}

/// visit(leaf) for each of them.
template <class M, class Visit> [[gnu::always_inline]] constexpr void for_each_leaf(M& m, Visit&& visit) {
    for_each_owned_leaf(m, [&](auto&, auto& leaf) __attribute__((always_inline)) { visit(leaf); });
}

/// The number of them.
template <class M> constexpr int count_leaves(M& m) {
    int n = 0;
    for_each_leaf(m, [&n](auto&) { ++n; });
    return n;
}

/// Parameters are the floating tensors: trained and saved.
template <class T> inline constexpr bool is_parameter = false;
template <class T, std::size_t... Dims> inline constexpr bool is_parameter<Tensor<T, Dims...>> = std::is_floating_point_v<T>;

template <class M, class Visit> [[gnu::always_inline]] constexpr void for_each_parameter(M& m, Visit&& visit) {
    for_each_leaf(m, [&](auto& leaf) __attribute__((always_inline)) {
        if constexpr (is_parameter<std::remove_cvref_t<decltype(leaf)>>) visit(leaf);
    });
}

}  // namespace ashlar
