// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/module.hpp"
#include "ashlar/ops/reshape.hpp"
#include "ashlar/ops/view.hpp"
#include "ashlar/run/evaluate.hpp"

namespace ashlar {

template <class Got> struct compile_takes_a_model__not_its_result : refusal {};

template <class Model> struct a_compiled_model_cannot_be_called_inside_a_body__call_the_model_itself : refusal {};

namespace detail {

/// How a compiled model keeps one tensor or number of the model: in the pool of its type, from `offset` on. A matrix
/// that is turned lies as [columns][stride] instead of [rows][columns], so that x W^T reads W along its outputs; in
/// panels, as [stride / panel][columns][panel].
struct packed_leaf {
    dtype type = dtype::float32;
    index offset = 0, rows = 1, columns = 1, stride = 0, panel = 0;
    bool turned = false;
    constexpr index size() const { return turned ? columns * stride : rows * columns; }
    constexpr index place(index row, index column) const {
        if (!turned) return row * columns + column;
        const kernels::right_columns lies{
            false, panel < stride ? kernels::right_rows::panels : kernels::right_rows::wide, panel, stride, columns};
        return lies.offset(row) + column * lies.step;
    }
};

// Rows of a turned matrix are whole vectors, and at least half a cache line.
template <class T> inline constexpr index packed_width =
    (kernels::vector_bytes < kernels::machine::least_row ? kernels::machine::least_row : kernels::vector_bytes) /
    static_cast<index>(sizeof(T));
// Dot products read fewer vectors where there are few outputs, as they broadcast nothing. (Of longer sums than those
// of dot products, batches turn them again.)
constexpr bool is_turned(index outputs, index inputs) {
    constexpr index most = kernels::machine::most_dot_terms;
    return outputs > kernels::machine::most_unturned_outputs &&
           !kernels::detail::outputs_by_dots(outputs, inputs < most ? inputs : most);
}

// A layer whose matrices W are only ever read as x W^T says so.
template <class Owner> constexpr bool only_multiply() {
    if constexpr (requires { Owner::matrices_only_multiply; }) return Owner::matrices_only_multiply;
    else return false;
}

template <class Owner, class Leaf> constexpr packed_leaf packed_form() {
    if constexpr (is_tensor<Leaf>) {
        using T = typename Leaf::value_type;
        constexpr shape s = Leaf::extent;
        packed_leaf form{dtype_of<T>, 0, s.rank == 2 ? s[0] : 1, s.rank == 2 ? s[1] : s.size()};
        if (is_parameter<Leaf> && s.rank == 2 && is_turned(s[0], s[1])) {
            form.turned = true;
            form.stride = (s[0] + packed_width<T> - 1) / packed_width<T> * packed_width<T>;
            // (Rows of an odd number of vectors stay rows: a last panel of one vector would be half empty.)
            form.panel = only_multiply<Owner>() && s[1] > 1 && form.stride % kernels::panel_width<T> == 0
                             ? kernels::panel_width<T>
                             : form.stride;
        }
        return form;
    } else if constexpr (std::same_as<Leaf, option>) {
        return {dtype::float64};
    } else {
        return {dtype_of<Leaf>};
    }
}

/// The forms of all leaves of a module, in the order of for_each_leaf, and the sizes of the pools.
template <class M> struct packed_layout {
    static constexpr int leaves = count_leaves(shadow<M>.model);
    packed_leaf of[bound_of(leaves + 1)]{};
    index pool[pools] = {};

    constexpr packed_layout() {
        int i = 0;
        for_each_owned_leaf(shadow<M>.model, [&](auto& owner, auto& leaf) {
            of[i] = packed_form<std::remove_cvref_t<decltype(owner)>, std::remove_cvref_t<decltype(leaf)>>();
            index& used = pool[static_cast<int>(of[i].type)];
            of[i].offset = used;
            // Every tensor begins at a cache line.
            used += (of[i].size() + 15) / 16 * 16;
            ++i;
        });
    }
};
template <class M> inline constexpr packed_layout<M> packed_layout_of{};

template <class M> struct pools_of_model {
    static constexpr const indices<bound_of(pools)>& pool = packed_layout_of<M>.pool;
};

/// The tensors of a model, repacked.
template <class M> struct packed_model : typed_pools<pools_of_model<M>, element_types> {
    constexpr explicit packed_model(const M& m) : typed_pools<pools_of_model<M>, element_types>{} {
        int i = 0;
        for_each_leaf(m, [&](const auto& leaf) { copy(leaf, packed_layout_of<M>.of[i++]); });
    }

    template <int At> [[gnu::always_inline]] constexpr const auto* leaf() const {
        constexpr packed_leaf form = packed_layout_of<M>.of[At];
        return this->template pool<element_t<form.type>>().data + form.offset;
    }

private:
    template <class Leaf> constexpr void copy(const Leaf& leaf, const packed_leaf& form) {
        if constexpr (is_tensor<Leaf>) {
            using T = typename Leaf::value_type;
            T* const to = this->template pool<T>().data + form.offset;
            for (index r = 0; r < form.rows; ++r)
                for (index c = 0; c < form.columns; ++c) to[form.place(r, c)] = leaf.data()[r * form.columns + c];
        } else if constexpr (std::same_as<Leaf, option>) {
            this->template pool<double>().data[form.offset] = leaf.value;
        } else {
            this->template pool<Leaf>().data[form.offset] = leaf;
        }
    }
};

/// Makes inputs of the packed members of a module; where the body has a matrix,
/// it gets the transpose of the turned one.
template <class M> struct packed_members {
    int next = 0;

    template <class Tracer, class Leaf> constexpr void operator()(Tracer& t, const Leaf& leaf) {
        const packed_leaf form = packed_layout_of<M>.of[next++];
        if constexpr (is_tensor<Leaf>)
            if (form.turned) {
                t.members.push({leaf.data(), turned_back(t,
                                                         form.panel < form.stride
                                                             ? matrix_of_panels(t, form)
                                                             : t.leaf(form.type, shape{2, {form.columns, form.stride}}),
                                                         form)});
                return;
            }
        add_member(t, leaf);
    }

private:
    // See `layout`: products read the panels where they lie, everybody else reads a copy in rows.
    template <class Tracer> static constexpr int matrix_of_panels(Tracer& t, const packed_leaf& form) {
        const index count = form.stride / form.panel;
        const value_for<M> panels{&t, t.leaf(form.type, shape{3, {count, form.columns, form.panel}})};
        t.inputs.data[t.inputs.size() - 1].lies = layout::panels;
        attributes a{};
        set_axis(a, 0, {1, 0, 1, form.columns});
        set_axis(a, 1, {0, 0, 1, count});
        set_axis(a, 2, {2, 0, 1, form.panel});
        return reshape_value(apply_values<view_op>(a, panels), {2, {form.columns, form.stride}}).id;
    }
    static constexpr int turned_back(graph& g, int id, const packed_leaf& form) {
        attributes a{};
        set_axis(a, 0, {1, 0, 1, form.rows});
        set_axis(a, 1, {0, 0, 1, form.columns});
        return apply_values<view_op>(a, value_for<M>{&g, id}).id;
    }
};

/// What a call of a compiled model holds of it. Nothing trains it; inside a body it is a stranger.
template <class M> struct packed_reference {
    using members = packed_members<M>;
    static constexpr bool is_trained = false;
    const packed_model<M>* model;

    template <class Binder> [[gnu::always_inline]] constexpr void bind(Binder& b) const {
        [&]<int... At>(std::integer_sequence<int, At...>) __attribute__((always_inline)) {
            (bind_leaf<At>(b), ...);
        }(std::make_integer_sequence<int, packed_layout<M>::leaves>{});
    }
    template <class... Handles> static constexpr auto embed(graph& g, const Handles&...) {
        g.note_stranger(stranger::tensor);
        return fresh_argument<decltype(run_body(std::declval<const M&>(), std::declval<Handles>()...))>::in(g);
    }

private:
    template <int At> [[gnu::always_inline]] constexpr void bind_leaf(auto& b) const {
        if constexpr (std::remove_cvref_t<decltype(b)>::names)
            b.add_tensor(model->template leaf<At>(), shape{}, paths_of<M>[At]);
        else b.add(model->template leaf<At>());
    }
};

template <class M, class... X> constexpr auto compiled_call_or_fault(const packed_model<M>& m, X&&... x) noexcept {
    if constexpr ((is_handle_v<X> || ...)) {
        return deferred<a_compiled_model_cannot_be_called_inside_a_body__call_the_model_itself<M>>{};
    } else {
        using plain = decltype(call_or_fault(std::declval<const M&>(), std::declval<X>()...));
        if constexpr (std::is_same_v<plain, poison>) return plain{};  // told where the model was made
        else if constexpr (typed_expression<plain> || several_results<plain>)
            return call_node<packed_reference<M>, M>(packed_reference<M>{&m}, std::forward<X>(x)...);
        else return plain{};
    }
}

}  // namespace detail

/// The inference form of a model: a copy of its weights as the kernels like to read them, made once. Matrices of more
/// than four outputs lie transposed, their rows padded to whole vectors, unless dot products are faster; an even number
/// of vectors lies in panels of two, which no product packs again, if the layer states `matrices_only_multiply` (Linear
/// does): that they are only ever read as matmul(x, transpose(w)). Read otherwise, such a matrix is copied by every
/// evaluation. How it lies depends on the vectors that the compiler may use. Called like the model, with a batch or
/// without; `evaluate` and `Workspace` take the call as any expression. What is done to the model later does not reach
/// the copy. Nothing in it changes, so threads may share one object; it is a constant where the model is.
/// Gradients do not flow into its weights.
template <module M> class Compiled {
public:
    constexpr explicit Compiled(const M& m) : packed_{m} {}

    template <operand... X>
        requires(sizeof...(X) > 0)
    constexpr auto operator()(X&&... x) const& noexcept
        -> checked<decltype(detail::compiled_call_or_fault(std::declval<const detail::packed_model<M>&>(),
                                                           std::declval<X>()...))> {
        return detail::compiled_call_or_fault(packed_, std::forward<X>(x)...);
    }
    template <operand... X> void operator()(X&&... x) const&& = delete;  // the call refers to the weights

private:
    detail::packed_model<M> packed_;
};

/// `const auto fast = compile(model);` then `fast(x)`.
template <module M> constexpr Compiled<M> compile(const M& m) { return Compiled<M>{m}; }
template <class M>
    requires(!module<M>)
constexpr poison compile(const M&) {
    [[maybe_unused]] poison& fault = refused<compile_takes_a_model__not_its_result<M>>;
    return {};
}

}  // namespace ashlar
