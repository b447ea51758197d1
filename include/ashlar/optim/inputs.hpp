// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/print.hpp"
#include "ashlar/nn/module.hpp"

/// What the programs of training read besides the loss. Each kind is a pair: what stands for it while the program is
/// built, which is bound by the tracer, and what holds it when it runs. A program lists them once for both: see
/// step.hpp.
namespace ashlar::detail {

[[gnu::cold]] inline text joined(const char* name, const auto& after) {
    text t{name};
    return t.add(after), t;
}

/// The parameters of a model as inputs of a program, and what becomes of them.
struct parameter_inputs {
    list<int> node;    // the parameter where it is updated
    list<int> number;  // its input
};

struct no_states {};

/// The parameters of a model, or what has its layout: gradients, the states of an optimizer.
template <class Model> struct traced_parameters : parameter_inputs {
    template <class Tracer> constexpr void bind(Tracer& t) {
        visit_parameters(shadow<Model>.model, [&](auto& parameter) {
            using tensor = std::remove_cvref_t<decltype(parameter)>;
            number.push(t.inputs.size());
            node.push(t.leaf(dtype_of<typename tensor::value_type>, tensor::extent));
        });
    }
};
template <class Model> struct parameters_of {
    const Model* model;
    const char* after = "";  // what is written behind their names: "0.weight.grad"

    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        if constexpr (Binder::names) {
            for_each_leaf(*model, [&, at = 0](auto& leaf) mutable {
                using type = std::remove_cvref_t<decltype(leaf)>;
                if constexpr (is_parameter<type>) {
                    b.add(joined(paths_of<Model>[at], after), after[0] == '\0' ? leaf.data() : nullptr, type::extent);
                }
                ++at;
            });
        } else {
            visit_parameters(*model, [&](auto& parameter) __attribute__((always_inline)) { b.add(parameter.data()); });
        }
    }
};

/// The buffers of a model that is called more than once, as inputs of a program, and what becomes of them.
template <class Model> struct traced_buffers : parameter_inputs {
    template <class Tracer> constexpr void bind(Tracer& t) {
        visit_buffers(shadow<Model>.model, [&](int, auto& buffer) {
            using tensor = std::remove_cvref_t<decltype(buffer)>;
            number.push(t.inputs.size());
            node.push(t.leaf(dtype_of<typename tensor::value_type>, tensor::extent));
            t.state.push(node.back());
        });
    }
};
template <class Model> struct buffers_of {
    const Model* model;

    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        visit_buffers(*model, [&](int at, auto& buffer) __attribute__((always_inline)) {
            if constexpr (Binder::names) b.add_tensor(buffer.data(), buffer.extent, paths_of<Model>[at]);
            else b.add(buffer.data());
        });
    }
};

/// The states of a rule, each of the model's layout.
template <class Rule, class Part>
using states_of = std::conditional_t<(Rule::states > 0), Part[Rule::states + (Rule::states == 0)], no_states>;

/// The numbers of an optimizer's rule: kept as double, used as float32.
template <class Rule> struct traced_numbers {
    int node[Rule::numbers + 1]{};
    template <class Tracer> constexpr void bind(Tracer& t) {
        for (int i = 0; i < Rule::numbers; ++i) node[i] = t.leaf(dtype::float32, dtype::float64, shape{});
    }
};
template <class Rule> struct numbers_of {
    const double* of;

    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        for (int i = 0; i < Rule::numbers; ++i) {
            if constexpr (!Binder::names) b.add(of + i);
            else if constexpr (requires { Rule::number_names; }) b.add(text{Rule::number_names[i]}, nullptr, shape{});
            else b.add(text{"number"}, nullptr, shape{});
        }
    }
};

/// For each of several calls of a model's type whether it is of the model that is trained; nothing for a single one.
template <int Calls> struct traced_marks {
    int node[bound_of(Calls)]{};
    template <class Tracer> constexpr void bind(Tracer& t) {
        for (int c = 0; Calls > 1 && c < Calls; ++c) node[c] = t.leaf(dtype::int32, shape{});
        if (Calls > 1) t.marks = node;
    }
};
template <int Calls> struct marks {
    std::int32_t is_ours[bound_of(Calls)]{};

    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        for (int c = 0; Calls > 1 && c < Calls; ++c) {
            if constexpr (Binder::names) b.add(joined("is_ours_", c + 1), nullptr, shape{});
            else b.add(is_ours + c);
        }
    }
};

}  // namespace ashlar::detail
