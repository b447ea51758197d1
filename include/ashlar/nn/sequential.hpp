// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/module.hpp"

namespace ashlar::nn {
namespace detail {

using ashlar::detail::is_handle_v;

template <std::size_t At, class Layer> struct slot {
    Layer layer;
};
template <std::size_t At, class Layer> constexpr Layer& layer_of(slot<At, Layer>& s) { return s.layer; }
template <std::size_t At, class Layer> constexpr const Layer& layer_of(const slot<At, Layer>& s) { return s.layer; }

template <class Is, class... Layers> struct layer_slots;
template <std::size_t... At, class... Layers> struct layer_slots<std::index_sequence<At...>, Layers...>
    : slot<At, Layers>... {
    static constexpr void members(auto& self, auto&& visit) {
        (visit(ashlar::detail::name_of_index<At>.text, layer_of<At>(self)), ...);
    }
    template <std::size_t Wanted>
        requires(Wanted < sizeof...(Layers))
    constexpr auto& get() {
        return layer_of<Wanted>(*this);
    }
    template <std::size_t Wanted>
        requires(Wanted < sizeof...(Layers))
    constexpr const auto& get() const {
        return layer_of<Wanted>(*this);
    }
};

// What gives several results hands them on as so many inputs.
template <std::size_t At, class Layer, class X, class... More> constexpr auto
apply_layer(const Layer& layer, const X& x, const More&... more) {
    if constexpr (is_poison<X>) return x;
    else if constexpr (several_results<X>)
        return [&]<std::size_t... P>(std::index_sequence<P...>) {
            return apply_layer<At>(layer, x.template get<P>()...);
        }(std::make_index_sequence<X::count>{});
    else if constexpr (!layer_fits<Layer, X, More...>()) return deferred<misfit<Layer, X, At>>{};
    else if constexpr (!module<Layer>) return deferred<
        this_module_does_not_name_its_members__see_ashlar_members_or_BOOST_HANA_ADAPT_STRUCT<Layer>>{};
    else return ashlar::detail::trace_call(layer, x, more...);
}

// Halves instead of one call inside the other: the depth of instantiation is the logarithm of the number of layers.
template <std::size_t First, std::size_t Count, class S, class X, class... More> constexpr auto
run_layers(const S& s, const X& x, const More&... more) {
    if constexpr (Count == 0) return x;
    else if constexpr (Count == 1) return apply_layer<First>(layer_of<First>(s), x, more...);
    else return run_layers<First + Count / 2, Count - Count / 2>(s, run_layers<First, Count / 2>(s, x, more...));
}

}  // namespace detail

/// Layers one after the other. `model.template get<0>().weight` is a parameter of the first one. The shapes of all layers
/// are checked where the model meets its input; the error names the first that does not fit.
template <class... Layers> struct Sequential
    : detail::layer_slots<std::make_index_sequence<sizeof...(Layers)>, Layers...> {
    Sequential() = default;
    constexpr explicit Sequential(seed s) { ashlar::detail::construct(*this, s); }

    static constexpr std::size_t size() { return sizeof...(Layers); }

    constexpr auto forward(expression auto x, expression auto... more) const {
        return detail::run_layers<0, sizeof...(Layers)>(*this, x, more...);
    }
    /// Of several inputs, the first layer gets them all.
    template <operand... X>
        requires(sizeof...(X) > 0)
    constexpr called<const Sequential&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <operand... X>
        requires(sizeof...(X) > 0)
    constexpr called<Sequential, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
};

}  // namespace ashlar::nn
