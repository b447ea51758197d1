// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace ashlar {

/// A growing array for constant evaluation: few statements a call, because clang counts statements.
template <class T> class list {
public:
    constexpr list() = default;
    constexpr list(const list& copied) : data_{new T[static_cast<unsigned>(copied.capacity_)]{}}, size_{copied.size_}, capacity_{copied.capacity_} {
        for (int i = 0; i < size_; ++i) data_[i] = copied.data_[i];
    }
    list& operator=(const list&) = delete;
    constexpr ~list() { delete[] data_; }

    constexpr int size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    constexpr T& operator[](int i) { return data_[i]; }
    constexpr const T& operator[](int i) const { return data_[i]; }
    constexpr T& back() { return data_[size_ - 1]; }
    constexpr const T* begin() const { return data_; }
    constexpr const T* end() const { return data_ + size_; }
    constexpr T* begin() { return data_; }
    constexpr T* end() { return data_ + size_; }

    constexpr int push(const T& value) {
        if (size_ == capacity_) grow(capacity_ == 0 ? 64 : 4 * capacity_);
        data_[size_] = value;
        return size_++;
    }
    constexpr void pop() { --size_; }
    /// n elements of T{}, for a list that is empty: one statement.
    constexpr void zeros(int n) {
        delete[] data_;
        data_ = new T[static_cast<unsigned>(n)]{};
        size_ = capacity_ = n;
    }
    constexpr void resize(int n, const T& value = T{}) {
        if (n > capacity_) grow(n);
        for (; size_ < n; ++size_) data_[size_] = value;
        size_ = n;
    }
    constexpr void clear() { size_ = 0; }

private:
    constexpr void grow(int capacity) {
        T* wider = new T[static_cast<unsigned>(capacity)]{};
        for (int i = 0; i < size_; ++i) wider[i] = data_[i];
        delete[] data_;
        data_ = wider;
        capacity_ = capacity;
    }

    T* data_ = nullptr;
    int size_ = 0, capacity_ = 0;
};

}  // namespace ashlar
