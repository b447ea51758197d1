// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/node.hpp"

namespace ashlar {
namespace detail {

// Defined in apply.hpp.
template <class X> constexpr int operand_node(graph& g, const X& x, dtype scalars);

// In the initialiser of a variable g++ would ask before x is known. A graph that is made at run time, as tests do, may
// read everything.
template <class X> constexpr bool is_known(const X& x) {
    return !__builtin_is_constant_evaluated() || __builtin_constant_p(x) != 0;
}

template <class X> constexpr const X& number_in(const X& x) { return x; }
constexpr const double& number_in(const option& x) { return x.value; }

/// A number or an option as an operand of others. A body is traced with a module that has no values: there it is
/// known by its address. Everywhere else the value is kept, as that of any number in an expression.
template <class X> struct held_scalar {
    using number_tag = void;
    static constexpr bool floating = !std::is_integral_v<X>;
    const X* member = nullptr;
    bool is_member = false;  // g++ with -fsanitize=undefined cannot compare the address with null while compiling
    X held{};

    constexpr held_scalar(const X& given_number) {
        if (is_known(number_in(given_number))) held = given_number;
        else member = &given_number, is_member = true;
    }
    constexpr bool known() const { return !is_member; }
    constexpr double number() const { return static_cast<double>(is_member ? *member : held); }
    constexpr int node(graph& g, dtype type) const {
        return is_member ? operand_node(g, *member, type) : g.constant(number(), type);
    }
};
template <index N, index D> struct held_scalar<ratio<N, D>> {
    using number_tag = void;
    static constexpr bool floating = D != 1;
    constexpr held_scalar(ratio<N, D>) {}
    static constexpr bool known() { return true; }
    static constexpr double number() { return static_cast<double>(N) / static_cast<double>(D); }
    static constexpr int node(graph& g, dtype type) { return g.constant(number(), type); }
};
template <computed_number X> struct held_scalar<X> : X {
    constexpr held_scalar(const X& given_number) : X{given_number} {}
};

template <class> inline constexpr dtype float32_for = dtype::float32;

}  // namespace detail

/// What an element-wise op makes of options and numbers: again a number, which takes the type of the tensors beside
/// it. In a body it becomes a part of the program, elsewhere it is computed in double.
template <class Op, class Attributes, class... Held> struct number_ {
    struct type {
        using number_tag = void;
        static constexpr bool floating = is_floating(Op::result_type(Attributes::value, detail::float32_for<Held>...));
        detail::arguments<Held...> args;

        constexpr bool known() const {
            return args.apply([](const auto&... a) { return (a.known() && ...); });
        }
        constexpr double number() const {
            return args.apply([](const auto&... a) { return static_cast<double>(Op::eval(a.number()...)); });
        }
        constexpr int node(graph& g, dtype beside) const {
            return args.apply([&](const auto&... a) {
                const int ids[] = {a.node(g, is_floating(beside) ? beside : dtype::float32)...};
                return [&]<std::size_t... At>(std::index_sequence<At...>) {
                    return g.make(record<Op>, ids, sizeof...(At), shape{},
                                  Op::result_type(Attributes::value, g.type_of(ids[At])...), Attributes::value);
                }(std::index_sequence_for<Held...>{});
            });
        }
        constexpr operator double() const
            requires floating
        {
            return number();
        }
        constexpr operator bool() const
            requires(!floating)
        {
            return number() != 0;
        }
    };
};

}  // namespace ashlar
