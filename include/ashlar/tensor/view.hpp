// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/tensor.hpp"

namespace ashlar {

/// Row-major memory that the caller owns (an audio block, a frame, a mapped file) as an operand of expressions.
/// `TensorView<const float, 512>` is read only; a view of non-const elements can be assigned an expression.
/// Copying a view copies the pointer.
template <class T, std::size_t... Dims>
    requires element<std::remove_const_t<T>>
class TensorView {
public:
    using value_type = std::remove_const_t<T>;
    using shape_type = Shape<Dims...>;
    static constexpr int rank = shape_type::rank;
    static constexpr shape extent = shape_type::value;

    constexpr explicit TensorView(T* data) : data_{data} {}

    template <std::same_as<value_type> V>
    constexpr TensorView(Tensor<V, Dims...>& tensor) : data_{tensor.data()} {}
    template <std::same_as<value_type> V>
        requires std::is_const_v<T>
    constexpr TensorView(const Tensor<V, Dims...>& tensor) : data_{tensor.data()} {}

    /// A contiguous range of exactly size() elements; another length raises `ashlar::error`.
    template <class R>
        requires(contiguous_values<R> && !requires { typename R::shape_type; })
    constexpr explicit TensorView(R& values) : data_{values.data()} {
        if (values.size() != size())
            detail::raise_error("TensorView: ", values.size(), " values given, the view has ", size(), " elements");
    }

    template <typed_expression E> constexpr const TensorView& operator=(const E& expression) const
        requires(!std::is_const_v<T>)
    {
        if constexpr (is_poison<E>) return *this;
        else if constexpr (!std::same_as<dims_of<E>, shape_type>) [[maybe_unused]]
            poison& fault = refused<assigned_shape_differs<shape_type, dims_of<E>>>;
        else if constexpr (!may_be_stored<value_type, typename E::value_type>) [[maybe_unused]]
            poison& fault = refused<detail::other_type<TensorView, E>>;
        else evaluate_into(expression, *this);
        return *this;
    }

    constexpr operator double() const  // std::sin(x): ashlar::sin(x)
        requires(rank > 0)
    = delete;

    static constexpr std::size_t size() { return shape_type::size; }
    constexpr T* data() const { return data_; }
    constexpr T* begin() const { return data_; }
    constexpr T* end() const { return data_ + size(); }
    constexpr T& operator()(std::integral auto... at) const
        requires(sizeof...(at) == sizeof...(Dims))
    {
        return data_[detail::offset_of<Dims...>(at...)];
    }

private:
    T* data_;
};

template <class T, std::size_t... Dims> using TensorRef = TensorView<T, Dims...>;

}  // namespace ashlar
