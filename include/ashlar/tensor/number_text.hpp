// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace ashlar::detail {

/// A number for a message, in at most six digits: 0.5, -0.001, 2, 1e-09, 1.5e+20, nan. Without stdio and locale.
class number_text {
public:
    constexpr explicit number_text(double x) { say(x); }
    constexpr const char* text() const { return text_; }

private:
    constexpr void say(double x) {
        // By the bits, as -ffast-math takes every number for a finite one.
        constexpr unsigned long long infinity = 0x7ffULL << 52, sign = 1ULL << 63;
        const auto bits = __builtin_bit_cast(unsigned long long, x);
        if ((bits & ~sign) > infinity) return add("nan");
        if ((bits & sign) != 0 && (bits & ~sign) != 0) add("-"), x = -x;
        if ((bits & ~sign) == infinity) return add("inf");
        int exponent = 0;
        for (; x >= 10; ++exponent) x /= 10;
        for (; x > 0 && x < 1; --exponent) x *= 10;
        long long digits = static_cast<long long>(x * 1e5 + 0.5);
        if (digits >= 1'000'000) digits /= 10, ++exponent;
        const bool is_short = exponent >= -4 && exponent < 6;
        add(digits, is_short ? exponent : 0);
        if (is_short) return;
        add(exponent < 0 ? "e-" : "e+");
        const int size = exponent < 0 ? -exponent : exponent;
        if (size >= 100) add_digit(size / 100);
        add_digit(size / 10 % 10), add_digit(size % 10);
    }
    constexpr void add_digit(long long digit) { text_[length_++] = static_cast<char>('0' + digit); }
    constexpr void add(const char* words) {
        while (*words != '\0') text_[length_++] = *words++;
    }
    // Six digits with the point behind the first and `exponent` more; zeros at the end of the fraction are left away.
    constexpr void add(long long digits, int exponent) {
        if (exponent < 0) add("0.");
        for (int i = -1; i > exponent; --i) add("0");
        long long unit = 100'000;
        for (int i = exponent; unit > 0 && (i >= 0 || digits > 0); --i, unit /= 10) {
            if (i == -1 && exponent >= 0) add(".");
            add_digit(digits / unit);
            digits %= unit;
        }
    }

    char text_[24]{};
    int length_ = 0;
};

}  // namespace ashlar::detail
