// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstddef>

namespace ashlar::detail {

/// A text of words and whole numbers: `message{"row ", 3, " is of class ", label}`. What does not fit is cut off.
/// Programs that may say something before they stop need no stdio, no allocation and no locale for it.
class message {
public:
    template <class... Part> constexpr explicit message(const Part&... part) noexcept { (add(part), ...); }
    constexpr const char* text() const noexcept { return text_; }

private:
    constexpr void add(const char* words) noexcept {
        for (; *words != '\0' && length_ + 1 < sizeof text_; ++words) text_[length_++] = *words;
    }
    template <std::integral Number> constexpr void add(Number n) noexcept {
        const bool is_negative = n < Number{};
        char digits[24]{};
        std::size_t at = sizeof digits - 1;
        do {  // the remainder has the sign of n: the least number has no positive counterpart
            const int digit = static_cast<int>(n % 10);
            digits[--at] = static_cast<char>('0' + (digit < 0 ? -digit : digit));
        } while ((n = static_cast<Number>(n / 10)) != 0);
        if (is_negative) digits[--at] = '-';
        add(digits + at);
    }

    char text_[512]{};
    std::size_t length_ = 0;
};

}  // namespace ashlar::detail
