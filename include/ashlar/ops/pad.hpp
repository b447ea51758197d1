// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/concat.hpp"
#include "ashlar/ops/flip.hpp"

namespace ashlar {

template <class Operand, index... Widths> struct pad_takes_two_numbers_for_each_axis_from_the_last_on : refusal {};
template <class Operand, index... Widths> struct pad_leaves_no_element : refusal {};
template <class Operand, index... Widths> struct pad_takes_more_than_there_is : refusal {};

namespace detail {

/// What is added at both ends of an axis; less than 0 is cut off.
struct padding {
    index before = 0, after = 0;
};
struct paddings {
    padding axis[max_rank]{};
    bool fit = true;
};

// The order of torch.nn.functional.pad: before and after the last axis, then of the one before it, and so on.
template <index... Widths> constexpr paddings paddings_of(int rank) {
    constexpr int count = static_cast<int>(sizeof...(Widths));
    const index all[sizeof...(Widths) + 1] = {Widths...};
    paddings p{};
    p.fit = count % 2 == 0 && count <= 2 * rank;
    for (int i = 0; p.fit && i < count / 2; ++i) p.axis[rank - 1 - i] = {all[2 * i], all[2 * i + 1]};
    return p;
}
constexpr shape padded(const shape& x, const paddings& p) {
    shape s = x;
    for (int i = 0; i < s.rank; ++i) s.extent[i] += p.axis[i].before + p.axis[i].after;
    return s;
}
// What of x stays, as a view.
constexpr attributes kept_by(const shape& x, const paddings& p) {
    attributes a{};
    for (int i = 0; i < x.rank; ++i) {
        const index cut = p.axis[i].before < 0 ? -p.axis[i].before : 0,
                    cut_after = p.axis[i].after < 0 ? -p.axis[i].after : 0;
        set_axis(a, i, {i, cut, 1, x[i] - cut - cut_after});
    }
    return a;
}
// Where it goes.
constexpr attributes window_of(const shape& x, const paddings& p) {
    attributes a = kept_by(x, p);
    const shape all = padded(x, p);
    for (int i = 0; i < x.rank; ++i) {
        a.value[4 * i] = all[i];
        a.value[4 * i + 1] = p.axis[i].before > 0 ? p.axis[i].before : 0;
    }
    return a;
}
constexpr bool leaves_elements(const shape& x, const paddings& p) {
    const attributes a = kept_by(x, p);
    for (int i = 0; i < x.rank; ++i)
        if (a.value[4 * i + 3] < 1) return false;
    return true;
}

template <index... Widths> struct pad_body {
    template <class X, class... Value> static constexpr auto fault() {
        constexpr shape s = std::remove_cvref_t<X>::extent;
        constexpr paddings p = paddings_of<Widths...>(s.rank);
        if constexpr (!p.fit) return pad_takes_two_numbers_for_each_axis_from_the_last_on<shape_t<X>, Widths...>{};
        else if constexpr (!leaves_elements(s, p)) return pad_leaves_no_element<shape_t<X>, Widths...>{};
    }
    template <class X, class Value> constexpr auto operator()(const X& x, const Value& value) const {
        constexpr shape s = X::extent;
        constexpr paddings p = paddings_of<Widths...>(s.rank);
        const auto kept = apply<view_op, attributes_constant<kept_by(s, p)>>(x);
        return apply<place_op, attributes_constant<window_of(s, p)>>(value, kept);
    }
    template <class T, std::size_t... Dims> constexpr auto operator()(const handle<T, Dims...>& x) const {
        return (*this)(x, handle<T>{{x.g, x.g->constant(0, dtype_of<T>)}});
    }
};

}  // namespace detail

/// Numbers around x, in the order of torch.nn.functional.pad: `pad<1, 2>(x)` puts one element before and two after each
/// row, `pad<1, 2, 3, 4>(x, value)` also rows above and below. A negative width cuts off.
/// Value: x in its place, elsewhere the value (0). Derivative: g where x is.
template <index... Widths, operand X> constexpr detail::composed_checked<detail::pad_body<Widths...>, X> pad(X&& x) {
    return detail::compose_checked<detail::pad_body<Widths...>>(std::forward<X>(x));
}
template <index... Widths, operand X, operand Value>
constexpr detail::composed_checked<detail::pad_body<Widths...>, X, Value> pad(X&& x, Value&& value) {
    return detail::compose_checked<detail::pad_body<Widths...>>(std::forward<X>(x), std::forward<Value>(value));
}

namespace detail {

/// What lies before the first and after the last element of an axis: the others once more, from there on or as in a
/// mirror, or the element at the end.
struct reflected {
    static constexpr bool reaches(index n, const padding& p) { return p.before < n && p.after < n; }
    template <int Axis, index Count> static constexpr auto before(const auto& x) {
        return flip<Axis>(slice<Axis, 1, Count + 1>(x));
    }
    template <int Axis, index Count> static constexpr auto after(const auto& x) {
        return flip<Axis>(slice<Axis, -1 - Count, -1>(x));
    }
};
struct replicated {
    static constexpr bool reaches(index, const padding&) { return true; }
    template <int Axis, index Count> static constexpr auto before(const auto& x) {
        return along<Axis, Count>(slice<Axis, 0, 1>(x));
    }
    template <int Axis, index Count> static constexpr auto after(const auto& x) {
        constexpr index n = std::remove_cvref_t<decltype(x)>::extent[Axis];
        return along<Axis, Count>(slice<Axis, n - 1, n>(x));
    }
    template <int Axis, index Count, class X> static constexpr auto along(const X& x) {
        constexpr shape to = [] {
            shape s = X::extent;
            s.extent[Axis] = Count;
            return s;
        }();
        return apply<expand_op, attributes_constant<attributes_of(to)>>(x);
    }
};
struct wrapped {
    static constexpr bool reaches(index n, const padding& p) { return p.before <= n && p.after <= n; }
    template <int Axis, index Count> static constexpr auto before(const auto& x) {
        constexpr index n = std::remove_cvref_t<decltype(x)>::extent[Axis];
        return slice<Axis, n - Count, n>(x);
    }
    template <int Axis, index Count> static constexpr auto after(const auto& x) { return slice<Axis, 0, Count>(x); }
};

template <class Mode, index... Widths> struct pad_as_body {
    template <class X> static constexpr auto fault() {
        constexpr shape s = std::remove_cvref_t<X>::extent;
        constexpr paddings p = paddings_of<Widths...>(s.rank);
        constexpr bool reaches = [=] {
            bool all = ((Widths >= 0) && ...);
            for (int i = 0; i < s.rank; ++i) all = all && Mode::reaches(s[i], p.axis[i]);
            return all;
        }();
        if constexpr (!p.fit) return pad_takes_two_numbers_for_each_axis_from_the_last_on<shape_t<X>, Widths...>{};
        else if constexpr (!reaches) return pad_takes_more_than_there_is<shape_t<X>, Widths...>{};
    }
    constexpr auto operator()(auto x) const { return from<std::remove_cvref_t<decltype(x)>::extent.rank - 1>(x); }

    // The last axis first, so that corners are made of what is there already.
    template <int Axis, class X> static constexpr auto from(const X& x) {
        if constexpr (Axis < 0) return x;
        else return from<Axis - 1>(along<Axis>(x));
    }
    template <int Axis, class X> static constexpr auto along(const X& x) {
        constexpr padding p = paddings_of<Widths...>(X::extent.rank).axis[Axis];
        if constexpr (p.before == 0 && p.after == 0) return x;
        else if constexpr (p.before == 0) return concat<Axis>(x, Mode::template after<Axis, p.after>(x));
        else if constexpr (p.after == 0) return concat<Axis>(Mode::template before<Axis, p.before>(x), x);
        else return concat<Axis>(Mode::template before<Axis, p.before>(x), x, Mode::template after<Axis, p.after>(x));
    }
};

}  // namespace detail

/// `pad_reflect<1, 2>(x)` of 1, 2, 3 is 2, 1, 2, 3, 2, 1: the elements once more as in a mirror, without the one at the
/// end, so that fewer than the extent can be added. Derivative: all of g that shows an element. (mode "reflect")
template <index... Widths,
          operand X> constexpr detail::composed_checked<detail::pad_as_body<detail::reflected, Widths...>, X>
pad_reflect(X&& x) {
    return detail::compose_checked<detail::pad_as_body<detail::reflected, Widths...>>(std::forward<X>(x));
}
/// The element at the end again and again: 1, 1, 2, 3, 3, 3. (mode "replicate")
template <index... Widths, operand X>
constexpr detail::composed_checked<detail::pad_as_body<detail::replicated, Widths...>, X> pad_replicate(X&& x) {
    return detail::compose_checked<detail::pad_as_body<detail::replicated, Widths...>>(std::forward<X>(x));
}
/// As if x began again where it ends: 3, 1, 2, 3, 1, 2; at most the extent. (mode "circular")
template <index... Widths,
          operand X> constexpr detail::composed_checked<detail::pad_as_body<detail::wrapped, Widths...>, X>
pad_circular(X&& x) {
    return detail::compose_checked<detail::pad_as_body<detail::wrapped, Widths...>>(std::forward<X>(x));
}

}  // namespace ashlar
