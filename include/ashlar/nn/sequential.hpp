// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/init.hpp"
#include "ashlar/nn/layer.hpp"

namespace ashlar {
template <class Got> struct the_seed_of_a_model_is_given_as_ashlar_seed_of_a_number : refusal {};
template <class... Got> struct the_layers_of_a_Sequential_are_its_template_arguments : refusal {};
}  // namespace ashlar

namespace ashlar::nn {
// With what a layer often has, so that no second error follows.
template <std::size_t Layers> struct there_are_only_so_many_layers : poison {
    poison weight, bias;
};
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
    // By enable_if, as clang explains the same constraint in twice as many lines.
    template <std::size_t Wanted, std::enable_if_t<(Wanted < sizeof...(Layers)), int> = 0> constexpr auto& get() {
        return layer_of<Wanted>(*this);
    }
    template <std::size_t Wanted, std::enable_if_t<(Wanted < sizeof...(Layers)), int> = 0>
    constexpr const auto& get() const {
        return layer_of<Wanted>(*this);
    }
    template <std::size_t Wanted, std::enable_if_t<(Wanted >= sizeof...(Layers)), int> = 0>
    there_are_only_so_many_layers<sizeof...(Layers)> get() const = delete;
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
    else if constexpr (!module<Layer>) return deferred<decltype(ashlar::detail::fault_of_no_module<Layer>())>{};
    else return ashlar::detail::trace_call(layer, x, more...);
}

// Halves instead of one call inside the other: the depth of instantiation is the logarithm of the number of layers.
template <std::size_t First, std::size_t Count, class S, class X, class... More> constexpr auto
run_layers(const S& s, const X& x, const More&... more) {
    if constexpr (Count == 0) return x;
    else if constexpr (Count == 1) return apply_layer<First>(layer_of<First>(s), x, more...);
    else return run_layers<First + Count / 2, Count - Count / 2>(s, run_layers<First, Count / 2>(s, x, more...));
}

template <std::size_t At, class First, class... More> struct nth_layer : nth_layer<At - 1, More...> {};
template <class First, class... More> struct nth_layer<0, First, More...> {
    using type = First;
};
// What is wrong with layers that do not fit without an input.
template <class... Layers> constexpr auto fault_of_early_misfit() {
    constexpr early_misfit found = find_early_misfit<Layers...>();
    using layer = typename nth_layer<found.layer, Layers...>::type;
    if constexpr (!found.of_types) return layer_shape_mismatch<layer, found.layer, found.expected, found.got>{};
    else if constexpr (found.expected == sizeof(float)) return layer_type_mismatch<layer, found.layer, float, double>{};
    else return layer_type_mismatch<layer, found.layer, double, float>{};
}
template <class... Layers> using fault_of_layers = decltype(fault_of_early_misfit<Layers...>());

}  // namespace detail

/// Layers one after the other. `model.template get<0>().weight` is a parameter of the first one. Numbers of features
/// are checked where a model is made, as far as they are known without an input, and the shapes of all layers where the
/// model meets one; the error names the first that does not fit.
template <class... Layers> struct Sequential
    : detail::layer_slots<std::make_index_sequence<sizeof...(Layers)>, Layers...> {
    static constexpr bool may_fit = find_early_misfit<Layers...>().layer == sizeof...(Layers);

    Sequential()
        requires(may_fit)
    = default;
    constexpr Sequential()
        requires(!may_fit)
    {
        [[maybe_unused]] poison& fault = refused<detail::fault_of_layers<Layers...>>;
    }
    constexpr explicit Sequential(seed s)
        requires(may_fit)
    {
        ashlar::detail::construct(*this, s);
    }
    constexpr explicit Sequential(seed)
        requires(!may_fit)
    {
        [[maybe_unused]] poison& fault = refused<detail::fault_of_layers<Layers...>>;
    }
    template <std::integral Number> constexpr explicit Sequential(Number) {
        [[maybe_unused]] poison& fault = refused<the_seed_of_a_model_is_given_as_ashlar_seed_of_a_number<Number>>;
    }

    static constexpr std::size_t size() { return sizeof...(Layers); }

    constexpr auto forward(expression auto x, expression auto... more) const {
        if constexpr (!may_fit) return poison{};  // it has been told where the model was made
        else return detail::run_layers<0, sizeof...(Layers)>(*this, x, more...);
    }
    template <class... X> constexpr called<const Sequential&, X...> operator()(X&&... x) const& noexcept {
        return ashlar::detail::call_or_fault(*this, std::forward<X>(x)...);
    }
    template <class... X> constexpr called<Sequential, X...> operator()(X&&... x) && noexcept {
        return ashlar::detail::call_or_fault(std::move(*this), std::forward<X>(x)...);
    }
    /// Of several inputs, the first layer gets them all.
};

// `Sequential s{Linear<4, 8>{}, ReLU{}};`
template <class... Got> struct Sequential<the_layers_of_a_Sequential_are_its_template_arguments<Got...>> : poison {
    constexpr Sequential(const auto&...) {
        [[maybe_unused]] poison& fault = refused<the_layers_of_a_Sequential_are_its_template_arguments<Got...>>;
    }
    constexpr poison operator()(const auto&...) const { return {}; }
};
template <class First, class... More>
    requires module<First>
Sequential(First, More...) -> Sequential<the_layers_of_a_Sequential_are_its_template_arguments<First, More...>>;

}  // namespace ashlar::nn
