// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/shape.hpp"
#include "ashlar/tensor/stream.hpp"

#include <concepts>
#include <cstdio>

namespace ashlar {

/// What `print`, `plan` and `summary` return: characters that end with a zero. All of it is cold: programs
/// that print pay little compile time for it.
class text {
public:
    text() = default;
    [[gnu::cold]] explicit text(const char* s) { append(s, __builtin_strlen(s)); }
    [[gnu::cold]] text(const text& other) { append(other.data_, other.size_); }
    text(text&& other) noexcept { swap(other); }
    [[gnu::cold]] text& operator=(text other) noexcept {
        swap(other);
        return *this;
    }
    [[gnu::cold]] ~text() { delete[] data_; }

    const char* c_str() const { return data_ == nullptr ? "" : data_; }
    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    char operator[](std::size_t i) const { return data_[i]; }

    [[gnu::cold]] text& operator+=(const char* s) { return append(s, __builtin_strlen(s)), *this; }
    [[gnu::cold]] text& operator+=(const text& s) { return append(s.data_, s.size_), *this; }
    /// Numbers and single characters have no `+=`: where an operand is a number clang tries all pairs of arithmetic
    /// types.
    [[gnu::cold]] void add(const char* s) { append(s, __builtin_strlen(s)); }
    [[gnu::cold]] void add(char c) { append(&c, 1); }
    [[gnu::cold]] void add(std::integral auto n) {
        char digits[24];
        std::snprintf(digits, sizeof digits, "%lld", static_cast<long long>(n));
        *this += digits;
    }

    void cut(std::size_t size) {
        size_ = size;
        if (data_ != nullptr) data_[size] = '\0';
    }
    /// Spaces up to a column of the line that begins at `from`.
    void pad(std::size_t width, std::size_t from = 0) {
        while (size_ < from + width) add(' ');
    }

    friend bool operator==(const text& a, const text& b) {
        return a.size_ == b.size_ && __builtin_strcmp(a.c_str(), b.c_str()) == 0;
    }
    friend bool operator==(const text& a, const char* b) { return __builtin_strcmp(a.c_str(), b) == 0; }

    template <detail::output_stream Stream> friend Stream& operator<<(Stream& out, const text& t) {
        return out.write(t.c_str(), static_cast<std::ptrdiff_t>(t.size_)), out;
    }

private:
    [[gnu::cold]] void append(const char* s, std::size_t n) {
        if (n == 0) return;
        if (size_ + n + 1 > capacity_) {
            const std::size_t wider = 2 * capacity_ > size_ + n + 1 ? 2 * capacity_ : size_ + n + 32;
            char* const to = new char[wider];
            if (size_ > 0) __builtin_memcpy(to, data_, size_);
            __builtin_memcpy(to + size_, s, n);  // s may lie in the old memory
            delete[] data_;
            data_ = to, capacity_ = wider;
        } else {
            __builtin_memmove(data_ + size_, s, n);
        }
        data_[size_ += n] = '\0';
    }
    void swap(text& other) noexcept {
        char* const data = data_;
        const std::size_t size = size_, capacity = capacity_;
        data_ = other.data_, size_ = other.size_, capacity_ = other.capacity_;
        other.data_ = data, other.size_ = size, other.capacity_ = capacity;
    }

    char* data_ = nullptr;
    std::size_t size_ = 0, capacity_ = 0;
};

namespace detail {

/// The shortest decimal that reads as the same number of that element type; with a point in every locale.
inline void append_number(text& out, double v, dtype type) {
    char digits[40];
    const auto same = [&](double again) {
        return is_float64(type) ? again == v : static_cast<float>(again) == static_cast<float>(v);
    };
    if (v > -1e7 && v < 1e7 && v == static_cast<double>(static_cast<long>(v))) {
        std::snprintf(digits, sizeof digits, "%ld", static_cast<long>(v));
    } else {
        for (int precision = 1; precision < 18; ++precision) {
            std::snprintf(digits, sizeof digits, "%.*g", precision, v);
            double again = 0;
            std::sscanf(digits, "%lf", &again);
            if (v != v || same(again)) break;
        }
    }
    for (char* c = digits; *c != '\0'; ++c)
        if (*c == ',') *c = '.';
    out += digits;
}

/// "64x784", for rank 0 "1".
inline void append_extents(text& out, const index* extent, int rank, const char* between) {
    for (int i = 0; i < rank; ++i) {
        if (i > 0) out += between;
        out.add(extent[i]);
    }
}

inline void append_shape(text& out, const shape& s) {
    out += "(";
    append_extents(out, s.extent, s.rank, ", ");
    out += ")";
}

/// With a comma after every third digit.
inline void append_grouped(text& out, long long n) {
    char digits[24];
    const int length = std::snprintf(digits, sizeof digits, "%lld", n);
    for (int i = 0; i < length; ++i) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-') out += ",";
        out.add(digits[i]);
    }
}

}  // namespace detail
}  // namespace ashlar
