// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/check.hpp"
#include "ashlar/tensor/error.hpp"
#include "ashlar/tensor/shape.hpp"

namespace ashlar {

/// A pointer to elements of any type, usable in constant evaluation, where void* could not be cast back.
union address {
    float* f32;
    double* f64;
    std::int32_t* i32;
    std::int64_t* i64;
    bool* b8;
    std::uint8_t* u8;
    bfloat16* bf16;
    float16* f16;

    constexpr address() : f32{nullptr} {}
    constexpr explicit address(const float* p) : f32{const_cast<float*>(p)} {}
    constexpr explicit address(const double* p) : f64{const_cast<double*>(p)} {}
    constexpr explicit address(const std::int32_t* p) : i32{const_cast<std::int32_t*>(p)} {}
    constexpr explicit address(const std::int64_t* p) : i64{const_cast<std::int64_t*>(p)} {}
    constexpr explicit address(const bool* p) : b8{const_cast<bool*>(p)} {}
    constexpr explicit address(const std::uint8_t* p) : u8{const_cast<std::uint8_t*>(p)} {}
    constexpr explicit address(const bfloat16* p) : bf16{const_cast<bfloat16*>(p)} {}
    constexpr explicit address(const float16* p) : f16{const_cast<float16*>(p)} {}

    template <class T> constexpr T* as() const;
};

/// The member of `address` that points at elements of T: what is read through it is read without a call.
template <class T> inline constexpr T* address::* pointer_to = nullptr;
template <> inline constexpr auto pointer_to<float> = &address::f32;
template <> inline constexpr auto pointer_to<double> = &address::f64;
template <> inline constexpr auto pointer_to<std::int32_t> = &address::i32;
template <> inline constexpr auto pointer_to<std::int64_t> = &address::i64;
template <> inline constexpr auto pointer_to<bool> = &address::b8;
template <> inline constexpr auto pointer_to<std::uint8_t> = &address::u8;
template <> inline constexpr auto pointer_to<bfloat16> = &address::bf16;
template <> inline constexpr auto pointer_to<float16> = &address::f16;

template <class T> constexpr T* address::as() const { return this->*pointer_to<T>; }

/// Stops at a null pointer, which only a view can hold.
template <class T> [[gnu::always_inline]] constexpr void check_memory([[maybe_unused]] const T* data) {
    if constexpr (checks)
        if (!__builtin_is_constant_evaluated() && data == nullptr) fatal("a view of null takes part in an expression");
}

/// Collects the addresses of a program's inputs. A program lists what it reads once, `inputs(b, from)`: b is a binder,
/// as here; `input_names` (describe/print.hpp), which binds names; or the tracer, which binds nodes.
struct binder {
    static constexpr bool names = false;
    address* next;
    template <class T> [[gnu::always_inline]] constexpr void add(const T* data) {
        if (!__builtin_is_constant_evaluated()) check_memory(data);
        *next++ = address{data};
    }
};

/// The same where leaves of one name occur more than once: they are one input. `occurrence[k]` is the input that the
/// k-th leaf stands for.
struct matching_binder {
    static constexpr bool names = false;
    address* inputs;
    const int* occurrence;
    int next = 0;
    int seen = 0;

    template <class T> [[gnu::always_inline]] constexpr void add(const T* data) {
        if (!__builtin_is_constant_evaluated()) check_memory(data);
        const int at = occurrence[next++];
        if (at == seen) inputs[seen++] = address{data};
        else if (inputs[at].template as<T>() != data) two_leaves_of_one_name_are_different_objects();
    }

    [[noreturn]] static void two_leaves_of_one_name_are_different_objects() noexcept {
        fatal("two leaves of one name are different objects");
    }
};

}  // namespace ashlar
