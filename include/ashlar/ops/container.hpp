// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/value.hpp"

namespace ashlar {

template <class Got> struct an_operand_is_no_container__see_Tensor_from_and_TensorView : refusal {};

namespace detail {
template <class X> concept container = contiguous_values<X> && !operand<X>;
template <class X> constexpr poison refuse_container() {
    [[maybe_unused]] poison& fault = refused<an_operand_is_no_container__see_Tensor_from_and_TensorView<X>>;
    return {};
}
}  // namespace detail

// `x + std::vector<float>(3)`: without these, compilers list every operator that there is.
template <tensorial A, detail::container B> constexpr poison operator+(const A&, const B&) {
    return detail::refuse_container<B>();
}
template <tensorial A, detail::container B> constexpr poison operator-(const A&, const B&) {
    return detail::refuse_container<B>();
}
template <tensorial A, detail::container B> constexpr poison operator*(const A&, const B&) {
    return detail::refuse_container<B>();
}
template <tensorial A, detail::container B> constexpr poison operator/(const A&, const B&) {
    return detail::refuse_container<B>();
}
template <detail::container A, tensorial B> constexpr poison operator+(const A&, const B&) {
    return detail::refuse_container<A>();
}
template <detail::container A, tensorial B> constexpr poison operator-(const A&, const B&) {
    return detail::refuse_container<A>();
}
template <detail::container A, tensorial B> constexpr poison operator*(const A&, const B&) {
    return detail::refuse_container<A>();
}
template <detail::container A, tensorial B> constexpr poison operator/(const A&, const B&) {
    return detail::refuse_container<A>();
}

}  // namespace ashlar
