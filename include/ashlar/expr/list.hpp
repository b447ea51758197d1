// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace ashlar {

/// No node, step or result, where their numbers are expected: those begin at 0.
inline constexpr int no_index = -1;

/// A growing array for constant evaluation: few statements a call, because clang counts statements.
template <class T> class list {
public:
    T* data = nullptr;  // for loops that are run often: to call operator[] is two of the statements that clang counts

    constexpr list() = default;
    constexpr list(const list& copied)
        : data{new T[static_cast<unsigned>(copied.capacity_)]{}}, size_{copied.size_}, capacity_{copied.capacity_} {
        for (int i = 0; i < size_; ++i) data[i] = copied.data[i];
    }
    list& operator=(const list&) = delete;
    constexpr ~list() { delete[] data; }

    constexpr int size() const { return size_; }
    constexpr bool empty() const { return size_ == 0; }
    constexpr T& operator[](int i) { return data[i]; }
    constexpr const T& operator[](int i) const { return data[i]; }
    constexpr T& back() { return data[size_ - 1]; }
    constexpr const T* begin() const { return data; }
    constexpr const T* end() const { return data + size_; }
    constexpr T* begin() { return data; }
    constexpr T* end() { return data + size_; }

    constexpr int push(const T& value) {
        return size_ == capacity_ ? grow(capacity_ == 0 ? first_capacity : 4 * capacity_) : void(), data[size_] = value,
                                                                                                    size_++;
    }
    constexpr void pop() { --size_; }
    /// n elements of T{}, for a list that is empty: one statement.
    constexpr void zeros(int n) {
        delete[] data;
        data = new T[static_cast<unsigned>(n)]{};
        size_ = capacity_ = n;
    }
    constexpr void resize(int n, const T& value = T{}) {
        if (n > capacity_) grow(n);
        for (; size_ + 16 <= n; size_ += 16) fill(data + size_, value);
        for (; size_ < n; ++size_) data[size_] = value;
        size_ = n;
    }
    constexpr void clear() { size_ = 0; }
    /// The n elements of an array, for a list that is empty.
    constexpr void assign(const T* from, int n) {
        if (n > capacity_) grow(n);
        copy_all(data, from, size_ = n);
    }
    /// Eight elements by one statement, as clang counts statements.
    static constexpr void copy_all(T* to, const T* from, int n) {
        int i = 0;
        for (; i + 8 <= n; i += 8) copy(to + i, from + i);
        for (; i < n; ++i) to[i] = from[i];
    }

private:
    // Compilers make every element, also of room that nothing takes: of steps and operands that is what costs.
    static constexpr int first_capacity = sizeof(T) > 64 ? 16 : 64;

    // Sixteen elements by one statement, as clang counts statements.
    static constexpr void fill(T* to, const T& value) {
        (to[0] = to[1] = to[2] = to[3] = to[4] = to[5] = to[6] = to[7] = value,
         to[8] = to[9] = to[10] = to[11] = to[12] = to[13] = to[14] = to[15] = value);
    }
    static constexpr void copy(T* to, const T* from) {
        (to[0] = from[0], to[1] = from[1], to[2] = from[2], to[3] = from[3], to[4] = from[4], to[5] = from[5],
         to[6] = from[6], to[7] = from[7]);
    }

    constexpr void grow(int capacity) {
        T* wider = new T[static_cast<unsigned>(capacity)]{};
        copy_all(wider, data, size_);
        delete[] data;
        data = wider;
        capacity_ = capacity;
    }

    int size_ = 0, capacity_ = 0;
};

}  // namespace ashlar
