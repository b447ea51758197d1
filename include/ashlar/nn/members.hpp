// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/type_name.hpp"

#include <cstddef>
#include <type_traits>
#include <utility>

namespace ashlar {
namespace detail {

/// "first" of `&Block::first`: what both compilers say of it in the signature of a function template.
template <auto Member> constexpr type_text written_name() {
    const char* s = __PRETTY_FUNCTION__;  // "... [with auto Member = &mine::Block<4>::first]"
    int end = length_of_type(s), begin = end;
    while (s[begin - 1] != ':') --begin;
    return {s + begin, end - begin};
}
template <auto Member> struct member_name {
    char text[written_name<Member>().size + 1]{};
    constexpr member_name() {
        constexpr type_text from = written_name<Member>();
        for (int i = 0; i < from.size; ++i) text[i] = from.begin[i];
    }
};
template <auto Member> inline constexpr member_name<Member> name_of_member{};

/// "0", "1", ...: the layers of a Sequential and the elements of an array, the keys of PyTorch's state_dict.
template <std::size_t N> struct digits {
    char text[24]{};
    constexpr digits() {
        int length = 1;
        for (std::size_t n = N; n >= 10; n /= 10) ++length;
        for (std::size_t n = N; length > 0; n /= 10) text[--length] = static_cast<char>('0' + n % 10);
    }
};
template <std::size_t N> inline constexpr digits<N> name_of_index{};

}  // namespace detail

template <auto... Members>
concept pointers_to_data_members = (std::is_member_object_pointer_v<decltype(Members)> && ...);

/// The members of a module, said inside it: `using members = ashlar::members<&Block::first, &Block::second>;`. They
/// are called what they are called there. Unlike BOOST_HANA_ADAPT_STRUCT this works in a namespace, in a function and
/// in a template, and for members that are private.
template <auto... Members> struct members {
    template <class M, class Visit> [[gnu::always_inline]] static constexpr void visit(M& m, Visit&& visit_member) {
        (visit_member(detail::name_of_member<Members>.text, m.*Members), ...);
    }
};

/// The same, said by a layer of the library: its body is `forward`, and its call operator makes a call of it.
template <auto... Members> struct layer_members : members<Members...> {};

namespace detail {

template <class L> inline constexpr bool is_layer_list = false;
template <auto... Members> inline constexpr bool is_layer_list<layer_members<Members...>> = true;

template <class L> inline constexpr bool is_member_list = is_layer_list<L>;
template <auto... Members>
inline constexpr bool is_member_list<members<Members...>> = pointers_to_data_members<Members...>;

// A list that names functions, static members or numbers, too.
template <class L> inline constexpr bool is_wrong_list = false;
template <auto... Members>
inline constexpr bool is_wrong_list<members<Members...>> = !pointers_to_data_members<Members...>;

// The number of elements of an array, of std::array too; 0 where X is none.
template <class X> consteval std::size_t array_length() {
    if constexpr (std::is_bounded_array_v<X>) return std::extent_v<X>;
    else if constexpr (requires(X& x) { x[std::tuple_size<X>::value]; }) return std::tuple_size<X>::value;
    else return 0;
}
template <class X> using array_element = std::remove_cvref_t<decltype(std::declval<X&>()[0])>;

// Some at a time: clang refuses folds of more than 256.
template <std::size_t First, class X, class Visit, std::size_t... At>
[[gnu::always_inline]] constexpr void visit_elements(X& x, Visit& visit, std::index_sequence<At...>) {
    constexpr std::size_t next = First + sizeof...(At), length = array_length<std::remove_const_t<X>>(),
                          left = length - next;
    (visit(name_of_index<First + At>.text, x[First + At]), ...);
    if constexpr (left > 0) visit_elements<next>(x, visit, std::make_index_sequence<(left < 64 ? left : 64)>{});
}

}  // namespace detail
}  // namespace ashlar
