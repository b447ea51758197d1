// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/step.hpp"

namespace ashlar {
template <fixed_string Path, fixed_string Known> struct the_model_has_no_parameters_at_the_path : refusal {};
template <fixed_string Path> struct two_groups_have_the_parameter : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

/// What stands behind the options of an optimizer, `optim::clip_grad_norm(1.0f)`: it changes gradients or what is
/// updated, inside the fused step and in `step()`, in the order in which it is given.
template <class T> concept transform = requires { typename T::transform_tag; };

}  // namespace ashlar::optim

namespace ashlar::detail {

// ---- paths ----------------------------------------------------------------------------------------------------------

/// Is `path` "0.bias", or below it, "0.bias.inner"?
constexpr bool lies_at(const char* path, const char* at, int length) {
    for (int i = 0; i < length; ++i)
        if (path[i] != at[i]) return false;
    return path[length] == '\0' || path[length] == '.';
}
/// visit(path) of every parameter, in order.
template <class Model> constexpr void for_each_path(auto visit) {
    for_each_leaf(shadow<Model>.model, [&, at = 0](auto& leaf) mutable {
        if constexpr (is_parameter<std::remove_cvref_t<decltype(leaf)>>) visit(paths_of<Model>[at]);
        ++at;
    });
}
template <class Model, fixed_string... Paths> constexpr bool has_path(int parameter) {
    bool found = false;
    for_each_path<Model>([&, at = 0](const char* path) mutable {
        if (at++ == parameter) found = (lies_at(path, Paths.text, static_cast<int>(sizeof Paths.text) - 1) || ...);
    });
    return found;
}
template <class Model, fixed_string Path> consteval bool is_known() {
    for (int p = 0; p < parameter_tensors<Model>; ++p)
        if (has_path<Model, Path>(p)) return true;
    return false;
}
/// A text of some paths of a model's parameters, as far as it goes into a message: all, or that of one.
template <class Model> struct path_list {
    static constexpr int most = 160;
    char text[most + 1]{};
    int length = 0;

    constexpr explicit path_list(int parameter = no_index) {
        for_each_path<Model>([&, at = 0](const char* path) mutable {
            if (parameter < 0 || parameter == at) add(path);
            ++at;
        });
    }

private:
    constexpr void add(const char* path) {
        int size = 0;
        while (path[size] != '\0') ++size;
        if (length + size + 2 > most) return;
        if (length > 0) text[length++] = ',', text[length++] = ' ';
        for (int i = 0; i < size; ++i) text[length++] = path[i];
    }
};
template <class Model, int Parameter> constexpr auto written_path() {
    constexpr path_list<Model> list{Parameter};
    fixed_string<bound_of(list.length + 1)> exact;
    for (int i = 0; i < list.length; ++i) exact.text[i] = list.text[i];
    return exact;
}
template <class Model> inline constexpr auto known_paths = written_path<Model, no_index>();
template <class Model, int Parameter> inline constexpr auto path_of = written_path<Model, Parameter>();

/// What a transform does not say itself.
struct basic_transform {
    using transform_tag = void;
    static constexpr int states = 0;                         // tensors a parameter
    template <class Rule> static constexpr int numbers = 0;  // scalars a step
    static constexpr bool averages = false, is_group = false;

    template <class Rule> constexpr void begin(const Rule&) {}             // with the options of the optimizer
    template <class Rule> constexpr void advance(const Rule&, double*) {}  // its numbers of the next step
    template <class Model> static constexpr bool fault() { return false; }
    template <class Model> static constexpr bool has(int) { return false; }        // a group, a parameter
    template <class Model> static constexpr bool is_frozen(int) { return false; }  // a parameter

    /// Of all parameters, nodes or no_index, before any update.
    template <class V> static constexpr void gradients(graph&, list<int>&, const value*) {}
    /// What becomes of a parameter.
    template <class V> static constexpr V after(const V&, const V& updated, value*, const value*) { return updated; }
};

/// Paths of parameters, "0.bias", or of what they are members of, "0".
template <fixed_string... Paths> struct at_paths : basic_transform {
    template <class Model> static constexpr auto fault() {
        if constexpr (!(is_known<Model, Paths>() && ...)) return first_unknown<Model, Paths...>();
        else return false;
    }

private:
    template <class Model, fixed_string First, fixed_string... More> static constexpr auto first_unknown() {
        if constexpr (!is_known<Model, First>())
            return the_model_has_no_parameters_at_the_path<First, known_paths<Model>>{};
        else return first_unknown<Model, More...>();
    }
};

// ---- a rule with transforms -----------------------------------------------------------------------------------------

template <int At, class T> struct held_transform {
    T transform;
};

// A name of a rule's or a transform's number or state; a group has the numbers of its rule.
template <class Rule, class T> constexpr const char* name_of_number(int i) {
    if constexpr (requires { T::number_names; }) return T::number_names[i];
    else if constexpr (requires { Rule::number_names; }) return Rule::number_names[i];
    else return "number";
}
template <class T> constexpr const char* name_of_state(int i) {
    if constexpr (requires { T::state_names; }) return T::state_names[i];
    else return "state";
}

template <class Rule, class Is, class... T> struct transformed;
/// A rule and the transforms behind its options. Its numbers and states are those of the rule, then those of each.
template <class Rule, int... At, class... T> struct transformed<Rule, std::integer_sequence<int, At...>, T...>
    : Rule, held_transform<At, T>... {
    using is_transformed = void;
    using options_type = typename Rule::options_type;
    static constexpr int first_number(int at) {
        constexpr int each[] = {T::template numbers<Rule>...};
        int first = Rule::numbers;
        for (int i = 0; i < at; ++i) first += each[i];
        return first;
    }
    static constexpr int first_state(int at) {
        constexpr int each[] = {T::states...};
        int first = Rule::states;
        for (int i = 0; i < at; ++i) first += each[i];
        return first;
    }
    static constexpr int numbers = first_number(sizeof...(T)), states = first_state(sizeof...(T));
    struct names_of_numbers {
        constexpr const char* operator[](int i) const {
            const char* name = i < Rule::numbers ? name_of_number<Rule, Rule>(i) : "";
            ((i >= first_number(At) && i < first_number(At + 1)
                  ? void(name = name_of_number<Rule, T>(i - first_number(At)))
                  : void()),
             ...);
            return name;
        }
    };
    struct names_of_states {
        constexpr const char* operator[](int i) const {
            const char* name = i < Rule::states ? name_of_state<Rule>(i) : "";
            ((i >= first_state(At) && i < first_state(At + 1) ? void(name = name_of_state<T>(i - first_state(At)))
                                                              : void()),
             ...);
            return name;
        }
    };
    static constexpr names_of_numbers number_names{};
    static constexpr names_of_states state_names{};
    static constexpr int first_copy = Rule::states;  // states from there on begin as the model
    static constexpr int averaged = [] {
        int found = no_index;
        ((T::averages ? void(found = first_state(At)) : void()), ...);
        return found;
    }();

    constexpr transformed(const options_type& with, const T&... of) : Rule{with}, held_transform<At, T>{of}... {
        (held_transform<At, T>::transform.begin(static_cast<const Rule&>(*this)), ...);
    }
    constexpr void advance(double* number) {
        const Rule& rule = *this;  // groups advance copies of it
        (held_transform<At, T>::transform.advance(rule, number + first_number(At)), ...);
        Rule::advance(number);
    }

    // ---- what the program of a step asks ----------------------------------------------------------------------------

    template <class Model> static constexpr bool is_frozen(int parameter) {
        return (T::template is_frozen<Model>(parameter) || ...);
    }
    template <class V> static constexpr void transform_gradients(graph& g, list<int>& all, const value* number) {
        (T::template gradients<V>(g, all, number + first_number(At)), ...);
    }
    template <class Model, class V>
    static constexpr V update_of(int parameter, const V& p, const V& g, value* state, const value* number) {
        const value* own = number;
        ((T::template has<Model>(parameter) ? void(own = number + first_number(At)) : void()), ...);
        V updated = Rule::update(p, g, state, own);
        ((updated = T::template after<V>(p, updated, state + first_state(At), number + first_number(At))), ...);
        return updated;
    }
    /// What is wrong with them for a model, or false.
    template <class Model> static constexpr auto fault() {
        if constexpr (shared_by_groups<Model> >= 0)
            return two_groups_have_the_parameter<path_of<Model, shared_by_groups<Model>>>{};
        else return first_fault<Model, T...>();
    }

private:
    template <class Model> static constexpr int shared_by_groups = [] {
        for (int p = 0; p < parameter_tensors<Model>; ++p)
            if ((0 + ... + (T::is_group && T::template has<Model>(p) ? 1 : 0)) > 1) return p;
        return no_index;
    }();
    template <class Model, class First, class... More> static constexpr auto first_fault() {
        if constexpr (!std::is_same_v<decltype(First::template fault<Model>()), bool>)
            return First::template fault<Model>();
        else if constexpr (sizeof...(More) > 0) return first_fault<Model, More...>();
        else return false;
    }
};

template <class Rule, class... T> struct with_transforms_ {
    using type = transformed<Rule, std::make_integer_sequence<int, sizeof...(T)>, T...>;
};
template <class Rule> struct with_transforms_<Rule> {
    using type = Rule;
};
/// The rule of an optimizer that is given transforms.
template <class Rule, class... T> using with_transforms = typename with_transforms_<Rule, T...>::type;

template <class Rule> inline constexpr bool averages = false;
template <has_transforms Rule> inline constexpr bool averages<Rule> = Rule::averaged >= 0;

}  // namespace ashlar::detail
