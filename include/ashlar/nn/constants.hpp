// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/describe/cost.hpp"
#include "ashlar/nn/module.hpp"
#include "ashlar/ops/window.hpp"

namespace ashlar {
namespace detail {

// An input is stated by its shape, then it is float, or double as the model's parameters are, or as a tensor.
template <class Model, class X> struct stated_input {
    using type = X;
};
template <class Model, std::size_t... Dims> struct stated_input<Model, Shape<Dims...>> {
    using type = Tensor<std::conditional_t<has_double_parameters<Model>(), double, float>, Dims...>;
};
template <class Model, class X> using input_tensor = typename stated_input<Model, X>::type;

/// A model called on tensors.
template <class Model, class... Inputs>
using inference_call =
    decltype(call(std::declval<const Model&>(), std::declval<const input_tensor<Model, Inputs>&>()...));
template <class Model, class... Inputs> using inference_program = evaluation<inference_call<Model, Inputs...>>;

// Two flops for every multiplication and addition of a product, `cost` for every element of an element-wise op.
// (Record is `op_record`: as a template it asks no kind in a file that only includes the library.)
template <class Record> constexpr long long node_flops(const Record& op, const shape& result, const shape& first,
                                                       const shape& last, const attributes& a, int arity) {
    long long n = 0;
    kinds<Record>::visit(op.what, [&](auto rules) { n = rules.node_flops(op, result, first, last, a, arity); });
    return n;
}

template <class Graph> constexpr long long node_flops(const Graph& g, int id) {
    return g.nodes[id].count == 0
               ? 0
               : node_flops(*g.nodes[id].op, g.shape_of(id), g.shape_of(g.argument(id, 0)),
                            g.shape_of(g.argument(id, g.nodes[id].count - 1)), g.attributes_of(id), g.nodes[id].count);
}

template <class Spec>
inline constexpr long long flops_of_program = [] {
    long long n = 0;
    for (int id = 0; id < graph_of_program<Spec>.nodes.count; ++id) n += node_flops(graph_of_program<Spec>, id);
    return n;
}();

template <class Spec>
inline constexpr std::size_t result_bytes = [] {
    index n = 0;
    for (const output& o : graph_of_program<Spec>.outputs)
        n += graph_of_program<Spec>.shape_of(o.node).size() * element_bytes(graph_of_program<Spec>.nodes[o.node].type);
    return static_cast<std::size_t>(n);
}();

}  // namespace detail

/// The flops of one inference: `flops<Model, Shape<1, 784>>`; an input that is not of the type of the parameters is
/// stated as a tensor: `flops<Model, Tensor<int, 32>>`.
template <class Model, class... Inputs> inline constexpr long long flops =
    detail::flops_of_program<detail::inference_program<Model, Inputs...>>;

/// The memory for intermediate results of one inference.
template <class Model, class... Inputs>
inline constexpr std::size_t workspace_bytes = detail::memory_bytes<detail::inference_program<Model, Inputs...>>;

/// All memory of one inference: parameters, inputs, intermediate results, outputs.
template <class Model, class... Inputs>
inline constexpr std::size_t peak_bytes =
    sizeof(Model) +
    (sizeof(detail::input_tensor<Model, Inputs>) + ... +
     workspace_bytes<Model, Inputs...>)+detail::result_bytes<detail::inference_program<Model, Inputs...>>;

}  // namespace ashlar
