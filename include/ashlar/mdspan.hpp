// SPDX-License-Identifier: BSL-1.0
#pragma once

/// Tensors as std::mdspan, and the other way round, where the standard library has it (C++23); elsewhere this header is
/// empty. Beside <ashlar/ashlar.hpp>, which needs none of it. Nothing is copied.

#include "ashlar/tensor/view.hpp"

#include <version>
#if defined(__cpp_lib_mdspan)
    #include <mdspan>

namespace ashlar {

template <class Extents> struct write_the_extents_that_only_run_time_knows_as_in_as_view_2_3 : refusal {};
template <class Expected, class Got> struct mdspan_does_not_have_the_extents : refusal {};
template <class Accessor> struct elements_of_a_view_are_read_as_they_lie_by_std_default_accessor : refusal {};

namespace detail {

template <class Extents> struct extents_of;
template <class I, std::size_t... N> struct extents_of<std::extents<I, N...>> {
    static constexpr bool known = ((N != std::dynamic_extent) && ...);
    /// Whether these may be the extents Dims: each is one of run time, or the same.
    template <std::size_t... Dims> static constexpr bool may_be(Shape<Dims...>) {
        if constexpr (sizeof...(Dims) != sizeof...(N)) return false;
        else return ((N == std::dynamic_extent || N == Dims) && ...);
    }
    template <class T, std::size_t... Dims>
    static constexpr auto view(T* data, Shape<Dims...>)
        requires(sizeof...(Dims) > 0 || !known)
    {
        return TensorView<T, Dims...>(data);
    }
    template <class T> static constexpr auto view(T* data, Shape<>)
        requires(known)
    {
        return TensorView<T, N...>(data);
    }
};

template <class Shape, class M> constexpr void check_layout(const M& m) {
    [[maybe_unused]] std::size_t step = 1;
    if constexpr (Shape::rank > 0)
        for (int axis = Shape::rank - 1; axis >= 0; --axis) {
            const auto at = static_cast<typename M::rank_type>(axis);
            const auto extent = static_cast<std::size_t>(Shape::value[axis]),
                       got = static_cast<std::size_t>(m.extent(at));
            if (got != extent)
                raise_error("as_view: extent ", axis, " of the mdspan is ", got, ", the view's is ", extent);
            const auto stride = static_cast<std::size_t>(m.stride(at));
            if (extent > 1 && stride != step)
                raise_error("as_view: stride ", axis, " of the mdspan is ", stride,
                            ", in row-major memory it would be ", step);
            step *= extent;
        }
}

}  // namespace detail

/// The memory of a std::mdspan as a view, `as_view(m)`; where only run time knows an extent, `as_view<2, 3>(m)`.
/// Elements lie as a tensor's, row-major without gaps, or `ashlar::error` is raised; so it is where an extent differs
/// that only run time knows. Another rank or extent does not compile. Of const elements the view is read only.
template <std::size_t... Dims, class T, class Extents, class Layout, class Accessor>
constexpr auto as_view(const std::mdspan<T, Extents, Layout, Accessor>& m) {
    using own = detail::extents_of<Extents>;
    if constexpr (!std::same_as<Accessor, std::default_accessor<T>>) {
        [[maybe_unused]] poison& fault =
            refused<elements_of_a_view_are_read_as_they_lie_by_std_default_accessor<Accessor>>;
        return poison{};
    } else if constexpr (sizeof...(Dims) == 0 && !own::known) {
        [[maybe_unused]] poison& fault = refused<write_the_extents_that_only_run_time_knows_as_in_as_view_2_3<Extents>>;
        return poison{};
    } else if constexpr (sizeof...(Dims) > 0 && !own::may_be(Shape<Dims...>{})) {
        [[maybe_unused]] poison& fault = refused<mdspan_does_not_have_the_extents<Shape<Dims...>, Extents>>;
        return poison{};
    } else {
        const auto view = own::view(m.data_handle(), Shape<Dims...>{});
        detail::check_layout<typename decltype(view)::shape_type>(m);
        return view;
    }
}

/// The elements of a tensor, or of a view, as a std::mdspan of the same extents: read only where they are const.
template <class T, std::size_t... Dims> constexpr auto as_mdspan(Tensor<T, Dims...>& t) {
    return std::mdspan<T, std::extents<std::size_t, Dims...>>(t.data());
}
template <class T, std::size_t... Dims> constexpr auto as_mdspan(const Tensor<T, Dims...>& t) {
    return std::mdspan<const T, std::extents<std::size_t, Dims...>>(t.data());
}
template <class T, std::size_t... Dims> constexpr auto as_mdspan(const Tensor<T, Dims...>&& t) = delete;
template <class T, std::size_t... Dims> constexpr auto as_mdspan(const TensorView<T, Dims...>& view) {
    return std::mdspan<T, std::extents<std::size_t, Dims...>>(view.data());
}

}  // namespace ashlar

#endif
