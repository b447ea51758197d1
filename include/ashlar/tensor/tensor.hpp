// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/check.hpp"
#include "ashlar/tensor/error.hpp"
#include "ashlar/tensor/fault.hpp"
#include "ashlar/tensor/shape.hpp"

#include <concepts>

namespace ashlar {

/// What expression types carry, so that tensors can be made from them without knowing the expression floor.
template <class T> concept typed_expression = requires { typename std::remove_cvref_t<T>::expression_tag; };

template <class R>
concept contiguous_values = requires(const R& r) {
    { *r.data() };
    { r.size() } -> std::convertible_to<std::size_t>;
};

namespace detail {

// One whole number for each axis. Asked by enable_if, as clang explains a constraint in twice as many lines.
template <std::size_t Rank, class... At>
inline constexpr bool is_index_of = sizeof...(At) == Rank && (std::is_integral_v<At> && ...);

// The message for an index that is out of range: the first one counts.
template <std::size_t... Dims> [[noreturn]] void index_is_out_of_range(std::integral auto... at) noexcept {
    auto wrong = [axis = 0](auto i, index extent) mutable {
        if (static_cast<index>(i) < 0 || static_cast<index>(i) >= extent)
            fatal(message{"index ", i, " on axis ", axis, " of ", extent, " elements"}.text());
        ++axis;
    };
    (wrong(at, static_cast<index>(Dims)), ...);
    fatal("an index is out of range");
}

// Row-major offset of a multi-index, as a chain that costs one multiplication an axis.
template <std::size_t... Dims> constexpr index offset_of(std::integral auto... at) {
    if constexpr (checks && sizeof...(Dims) > 0)
        if (!((static_cast<index>(at) >= 0 && static_cast<index>(at) < static_cast<index>(Dims)) && ...))
            index_is_out_of_range<Dims...>(at...);
    index offset = 0;
    ((offset = offset * static_cast<index>(Dims) + static_cast<index>(at)), ...);
    return offset;
}

template <class T, std::size_t... Dims> struct nested;  // nested<T, 2, 3> is T[2][3]
template <class T> struct nested<T> {
    using type = T;
};
template <class T, std::size_t D, std::size_t... Rest> struct nested<T, D, Rest...> {
    using type = typename nested<T, Rest...>::type[D];
};
template <class T, std::size_t First, std::size_t... Rest> struct rows_of {
    using type = typename nested<T, Rest...>::type;
};

template <class T> constexpr T* copy_nested(const T& from, T* to) { return *to = from, to + 1; }
template <class T, class Row, std::size_t N> constexpr T* copy_nested(const Row (&from)[N], T* to) {
    for (const Row& row : from) to = copy_nested(row, to);
    return to;
}

// What is wrong with a value, so short that a refusal is one line: clang repeats every line of the statement.
template <class To, std::size_t... Got> using other_shape =
    initializer_does_not_have_the_extents<typename To::shape_type, Shape<Got...>>;
template <class To, class E> using other_type =
    assigned_element_type_differs_convert_with_to<typename To::value_type, typename E::value_type>;

}  // namespace detail

/// A dense row-major tensor whose extents are part of its type; storage is inline and 64-byte aligned.
///
/// A regular, trivially copyable value: default construction leaves the elements uninitialised, `Tensor{}` zeroes them.
/// `Tensor<float>` has rank 0 and converts to and from its element.
template <class T, std::size_t... Dims> class Tensor {
    static_assert(((Dims > 0) && ...), "a tensor has no empty dimensions");

public:
    using value_type = T;
    using shape_type = Shape<Dims...>;
    static constexpr int rank = shape_type::rank;
    static constexpr shape extent = shape_type::value;

    Tensor() = default;

    constexpr Tensor(T value)
        requires(rank == 0)
        : elements_{value} {}

    template <class... V>
        requires(rank == 1 && sizeof...(V) > 0 && (std::convertible_to<V, T> && ...) && !(typed_expression<V> || ...))
    constexpr explicit(sizeof...(V) == 1) Tensor(V... values) {
        if constexpr (sizeof...(V) != size()) {
            [[maybe_unused]] poison& fault = refused<detail::other_shape<Tensor, sizeof...(V)>>;
        } else {
            T* to = elements_;
            ((*to++ = static_cast<T>(values)), ...);
        }
    }

    template <std::size_t... N>
        requires(rank == 2 && sizeof...(N) > 0)
    constexpr Tensor(const T (&... row)[N]) {
        if constexpr (!((N == largest<N...>) && ...)) [[maybe_unused]]
            poison& fault = refused<initializer_rows_differ_in_length<shape_type>>;
        else if constexpr (std::same_as<shape_type, Shape<sizeof...(N), largest<N...>>>) fill_from(row...);
        else [[maybe_unused]] poison& fault = refused<detail::other_shape<Tensor, sizeof...(N), largest<N...>>>;
    }

    template <std::size_t... N, std::size_t... M>
        requires(rank == 3 && sizeof...(N) > 0)
    constexpr Tensor(const T (&... rows)[N][M]) {
        if constexpr (!((N == largest<N...> && M == largest<M...>) && ...)) [[maybe_unused]]
            poison& fault = refused<initializer_rows_differ_in_length<shape_type>>;
        else if constexpr (std::same_as<shape_type, Shape<sizeof...(N), largest<N...>, largest<M...>>>)
            fill_from(rows...);
        else {
            using got = Shape<sizeof...(N), largest<N...>, largest<M...>>;
            [[maybe_unused]] poison& fault = refused<initializer_does_not_have_the_extents<shape_type, got>>;
        }
    }

    // From rank 4 on the whole nested list is one array: Tensor<float, 1, 2, 2, 2> x({{{{1, 2}, ...}}}).
    constexpr explicit Tensor(const typename detail::nested<T, Dims...>::type& values)
        requires(rank > 3)
    {
        detail::copy_nested(values, elements_);
    }

    // A flat list for a tensor of rows, kept here so that the refusal is one line.
    template <class... V>
        requires(rank > 1 && sizeof...(V) > 0 && (std::is_arithmetic_v<V> && ...))
    constexpr explicit(sizeof...(V) == 1) Tensor(V...) : elements_{} {
        [[maybe_unused]] poison& fault = refused<detail::other_shape<Tensor, sizeof...(V)>>;
    }

    // What else a shape or a container might be given to, kept here likewise.
    template <class... V>
        requires(rank == 0 && sizeof...(V) > 1)
    constexpr Tensor(V...) : elements_{} {
        [[maybe_unused]] poison& fault = refused<this_tensor_is_one_number__its_extents_are_template_arguments<V...>>;
    }
    template <contiguous_values R>
        requires(!typed_expression<R> && !requires { typename R::shape_type; })
    constexpr Tensor(const R&) : elements_{} {
        [[maybe_unused]] poison& fault = refused<a_tensor_is_copied_from_a_container_by_Tensor_from<Tensor, R>>;
    }

    /// The value of an expression, evaluated here.
    template <typed_expression E> constexpr Tensor(const E& expression) : elements_{} {
        if constexpr (is_poison<E>) return;
        else if constexpr (!std::same_as<dims_of<E>, shape_type>) [[maybe_unused]]
            poison& fault = refused<assigned_shape_differs<shape_type, dims_of<E>>>;
        else if constexpr (!may_be_stored<value_type, typename E::value_type>) [[maybe_unused]]
            poison& fault = refused<detail::other_type<Tensor, E>>;
        else evaluate_into(expression, *this);  // found by argument-dependent look-up: the planning floor has it
    }

    template <typed_expression E> constexpr Tensor& operator=(const E& expression) {
        if constexpr (is_poison<E>) return *this;
        else if constexpr (!std::same_as<dims_of<E>, shape_type>) [[maybe_unused]]
            poison& fault = refused<assigned_shape_differs<shape_type, dims_of<E>>>;
        else if constexpr (!may_be_stored<value_type, typename E::value_type>) [[maybe_unused]]
            poison& fault = refused<detail::other_type<Tensor, E>>;
        else evaluate_into(expression, *this);
        return *this;
    }

    static constexpr Tensor full(T value) {
        Tensor t;
        for (T& e : t.elements_) e = value;
        return t;
    }
    static constexpr Tensor zeros() { return Tensor{}; }
    static constexpr Tensor ones() { return full(T(1)); }

    /// Copies size() elements in row-major order; a range of another length raises `ashlar::error`.
    template <contiguous_values R> static constexpr Tensor from(const R& values) {
        if (values.size() != size())
            detail::raise_error("Tensor::from: ", values.size(), " values given, the tensor has ", size(), " elements");
        Tensor t;
        for (std::size_t i = 0; i < size(); ++i) t.elements_[i] = static_cast<T>(values.data()[i]);
        return t;
    }

    /// `f(i, j, ...)` for every multi-index, in row-major order.
    template <class F> static constexpr Tensor generate(F f) {
        Tensor t;
        for (std::size_t i = 0; i < size(); ++i)
            t.elements_[i] = static_cast<T>(t.call_at(f, i, std::make_index_sequence<sizeof...(Dims)>{}));
        return t;
    }

    static constexpr std::size_t size() { return shape_type::size; }
    constexpr T* data() { return elements_; }
    constexpr const T* data() const { return elements_; }
    constexpr T* begin() { return elements_; }
    constexpr T* end() { return elements_ + size(); }
    constexpr const T* begin() const { return elements_; }
    constexpr const T* end() const { return elements_ + size(); }

    /// The element at a multi-index. As for an array nobody looks whether there is one, except where `ashlar::checks`.
    template <class... At, std::enable_if_t<detail::is_index_of<sizeof...(Dims), At...>, int> = 0>
    constexpr T& operator()(At... at) {
        return elements_[detail::offset_of<Dims...>(at...)];
    }
    template <class... At, std::enable_if_t<detail::is_index_of<sizeof...(Dims), At...>, int> = 0>
    constexpr const T& operator()(At... at) const {
        return elements_[detail::offset_of<Dims...>(at...)];
    }

    template <class... At, std::enable_if_t<!detail::is_index_of<sizeof...(Dims), At...>, int> = 0>
    constexpr T operator()(At...) const {
        [[maybe_unused]] poison& fault = refused<an_element_has_one_whole_index_for_each_axis<shape_type, At...>>;
        return {};
    }

    constexpr operator T() const
        requires(rank == 0)
    {
        return elements_[0];
    }
    constexpr operator double() const  // std::sin(x), if (x): ashlar::sin(x), any(x)
        requires(rank > 0)
    = delete;

    friend constexpr bool operator==(const Tensor& a, const Tensor& b)
        requires(rank > 0)
    {
        for (std::size_t i = 0; i < size(); ++i)
            if (!(a.elements_[i] == b.elements_[i])) return false;
        return true;
    }

private:
    template <std::size_t... N> static constexpr std::size_t largest = [] {
        std::size_t most = 0;
        ((most = N > most ? N : most), ...);
        return most;
    }();

    constexpr void fill_from(const auto&... rows) {
        T* to = elements_;
        ((to = detail::copy_nested(rows, to)), ...);
    }

    template <class F, std::size_t... Axis> constexpr auto call_at(F& f, std::size_t flat,
                                                                   std::index_sequence<Axis...>) const {
        std::size_t at[sizeof...(Dims) + 1]{};
        for (int axis = rank - 1; axis >= 0; --axis) {
            at[axis] = flat % static_cast<std::size_t>(extent[axis]);
            flat /= static_cast<std::size_t>(extent[axis]);
        }
        return f(at[Axis]...);
    }

    alignas(64) T elements_[size()];
};

/// A tensor of another type of elements: the error stands where the tensor is named, and nowhere else.
template <class T, std::size_t... Dims>
    requires(!element<T>)
class Tensor<T, Dims...> : public poison {
    static_assert(is_element<T>, "the elements of a Tensor are float, double, int, std::int64_t, std::uint8_t, bool, "
                                 "ashlar::bfloat16 or ashlar::float16");

public:
    using value_type = T;
    using shape_type = Shape<Dims...>;
    static constexpr shape extent = shape_type::value;
    constexpr Tensor(const auto&...) {}
    static constexpr std::size_t size() { return shape_type::size; }
    constexpr T* data() const { return nullptr; }
    constexpr T* begin() const { return nullptr; }
    constexpr T* end() const { return nullptr; }
    constexpr T& operator()(auto...) const { return *data(); }
};

// `Tensor t{1, 2, 3};`
template <class... V> Tensor(V...) -> Tensor<write_the_type_and_the_extents_of_a_tensor_as_in_Tensor_float_2_3>;

/// The shape of a tensor, a view or an expression as a type.
template <class X> using shape_t = dims_of<std::remove_cvref_t<X>>;

}  // namespace ashlar
