// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/nn/reflect.hpp"
#include "ashlar/tensor/random.hpp"

namespace ashlar {

template <class Model> struct a_const_model_cannot_be_initialized : refusal {};

template <class M> concept draws_its_weights = requires(M& m, generator& random) { m.reset_parameters(random); };

namespace detail {

// 1 / sqrt(n) by Newton's method in double: the same bits everywhere, also in constant evaluation.
constexpr double inverse_root(double n) {
    double r = n < 1 ? 1 : n;
    for (int i = 0; i < 64; ++i) r = 0.5 * (r + n / r);
    return 1 / r;
}

template <class M> constexpr void draw(M& m, generator& random) {
    if constexpr (draws_its_weights<M>) {
        m.reset_parameters(random);
    } else {
        for_each_member(m, [&](const char*, auto& member) {
            using type = std::remove_cvref_t<decltype(member)>;
            if constexpr (has_members<type>) {
                draw(member, random);
            } else if constexpr (is_parameter<type>) {
                // A user's own tensor: as a weight [out, in, ...], or as a bias, which begins at 0.
                if constexpr (type::rank < 2) member = type::zeros();
                else
                    fill_uniform(member, random,
                                 static_cast<typename type::value_type>(inverse_root(
                                     static_cast<double>(type::size() / static_cast<std::size_t>(type::extent[0])))));
            }
        });
    }
}

}  // namespace detail

/// Draws the parameters of any module from a seed, each layer by its own rule (PyTorch's defaults). The same numbers on
/// every compiler, and in constant expressions. A user's own tensors are drawn like a Linear's weight, vectors are 0.
template <class M> constexpr void initialize(M& m, seed s) {
    if constexpr (!module<M>) {
        [[maybe_unused]] poison& fault =
            refused<this_module_does_not_name_its_members__see_ashlar_members_or_BOOST_HANA_ADAPT_STRUCT<M>>;
    } else if constexpr (std::is_const_v<M>) {
        [[maybe_unused]] poison& fault = refused<a_const_model_cannot_be_initialized<M>>;
    } else {
        generator random{s};
        detail::draw(m, random);
    }
}

namespace detail {

// Not constexpr: ends the attempt to evaluate a constructor while compiling.
template <class M> void initialize_at_run_time(M& m, seed s) { initialize(m, s); }

/// What constructors from a seed do. For a const or static model compilers try to evaluate its constructor, whether it
/// has to be a constant or not: beyond this many elements that would take longer than everything else.
/// `initialize` is a constant expression for models of any size.
inline constexpr std::size_t most_constant_draws = 2048;

template <class M> constexpr void construct(M& m, seed s) {
    std::size_t n = 0;
    for_each_parameter(m, [&](auto& parameter) { n += parameter.size(); });
    if (n <= most_constant_draws) initialize(m, s);
    else initialize_at_run_time(m, s);
}

}  // namespace detail

}  // namespace ashlar
