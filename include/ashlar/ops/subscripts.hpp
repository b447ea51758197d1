// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/shape.hpp"

#include <bit>
#include <cstdint>

// What einsum's text says, and the order in which its operands are multiplied. All of it is decided while compiling.
namespace ashlar::detail {

/// The letters of the axes of an operand: A to Z are 0 to 25, a to z follow, and then the axes of an ellipsis, the last
/// one first.
struct subscript {
    static constexpr int ellipsis = 52, count = ellipsis + max_rank;
    int rank = 0;
    int letter[max_rank] = {};

    constexpr bool push(int l) { return rank < max_rank ? (letter[rank++] = l, true) : false; }
    constexpr int find(int l) const {
        for (int i = 0; i < rank; ++i)
            if (letter[i] == l) return i;
        return -1;
    }
    constexpr std::uint64_t mask() const {
        std::uint64_t all = 0;
        for (int i = 0; i < rank; ++i) all |= std::uint64_t{1} << letter[i];
        return all;
    }
    // Without axes of extent 1.
    constexpr std::uint64_t mask(const shape& s) const {
        std::uint64_t all = 0;
        for (int i = 0; i < rank; ++i) all |= s[i] == 1 ? 0 : std::uint64_t{1} << letter[i];
        return all;
    }
};
constexpr bool is_in(std::uint64_t letters, int l) { return (letters >> l & 1) != 0; }
constexpr char name_of_letter(int l) {
    return static_cast<char>(l < 26 ? 'A' + l : l < subscript::ellipsis ? 'a' + (l - 26) : '.');
}

enum class subscript_fault : unsigned char { none, operands, axes, character, extents, stranger, twice, rank };

/// The operands and the result of a sum of products; or what is wrong, with the letter and the numbers that say it.
template <int N> struct subscripts {
    subscript in[bound_of(N)]{}, out{};
    index extent[subscript::count]{};
    subscript_fault fault = subscript_fault::none;
    char letter = ' ';
    index first = 0, second = 0;
    shape operand{};  // which the fault is about

    constexpr void refuse(subscript_fault f, char l = ' ', index a = 0, index b = 0) {
        if (fault == subscript_fault::none) fault = f, letter = l, first = a, second = b;
    }
    // The extents of an operand; 1 goes with any other, as in broadcasting.
    constexpr void measure(const subscript& t, const shape& s) {
        for (int i = 0; i < t.rank; ++i) {
            index& known = extent[t.letter[i]];
            const index seen = t.find(t.letter[i]) < i ? s[t.find(t.letter[i])] : known < 2 ? s[i] : known;
            if (s[i] != seen && (s[i] != 1 || t.find(t.letter[i]) < i))
                refuse(subscript_fault::extents, name_of_letter(t.letter[i]), seen, s[i]);
            if (known < 2) known = s[i];
        }
    }
    constexpr shape result() const {
        shape s{};
        s.rank = out.rank;
        for (int i = 0; i < s.rank; ++i) s.extent[i] = extent[out.letter[i]];
        return s;
    }
    // The letters whose extent is not 1.
    constexpr std::uint64_t wide() const {
        std::uint64_t all = 0;
        for (int l = 0; l < subscript::count; ++l) all |= extent[l] > 1 ? std::uint64_t{1} << l : 0;
        return all;
    }
    constexpr double size_of(std::uint64_t letters) const {
        double n = 1;
        for (; letters != 0; letters &= letters - 1) n *= static_cast<double>(extent[std::countr_zero(letters)]);
        return n;
    }
};

/// Reads einsum's text: "bij,jk->bik", "ij,jk", "...i,i->...". Spaces mean nothing.
template <int N> class subscript_reader {
public:
    constexpr subscript_reader(const char* text, const shape (&shapes)[bound_of(N)]) : at_{text} { read(shapes); }
    constexpr const subscripts<N>& result() const { return s_; }

private:
    subscripts<N> s_{};
    const char* at_;
    int dots_ = 0;  // axes of the longest ellipsis

    constexpr void read(const shape (&shapes)[bound_of(N)]) {
        for (int i = 0; i < N; ++i) {
            if (i > 0 && !skip(',')) return s_.refuse(subscript_fault::operands, ' ', i, N);
            s_.operand = shapes[i];
            term(s_.in[i], shapes[i].rank);
            if (s_.fault != subscript_fault::none) return;
            s_.measure(s_.in[i], shapes[i]);
        }
        if (skip(',')) return s_.refuse(subscript_fault::operands, ' ', N + 1, N);
        if (skip('-')) skip('>') ? term(s_.out, -1) : s_.refuse(subscript_fault::character, '-');
        else imply();
        if (peek() != '\0') s_.refuse(subscript_fault::character, peek());
        check_result();
    }

    constexpr char peek() {
        while (*at_ == ' ') ++at_;
        return *at_;
    }
    constexpr bool skip(char c) { return peek() == c && (++at_, true); }

    // Letters up to the next sign; of the result where the rank is not known.
    constexpr void term(subscript& t, int rank) {
        int letters = 0, dots_at = -1;
        int read[max_rank] = {};
        for (char c = peek(); c != ',' && c != '-' && c != '\0'; c = peek()) {
            ++at_;
            const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
            if (c == '.' && dots_at < 0 && skip('.') && skip('.')) {
                dots_at = letters;
            } else if (!upper && !lower) {
                return s_.refuse(subscript_fault::character, c);
            } else {
                if (letters < max_rank) read[letters] = upper ? c - 'A' : c - 'a' + 26;
                ++letters;
            }
        }
        const int dots = dots_at < 0 ? 0 : rank < 0 ? dots_ : rank - letters;
        if (rank < 0 && letters + dots > max_rank) return s_.refuse(subscript_fault::rank, ' ', letters + dots);
        if (rank >= 0 && (dots < 0 || letters + dots != rank))
            return s_.refuse(subscript_fault::axes, ' ', letters, rank);
        if (rank >= 0 && dots > dots_) dots_ = dots;
        for (int i = 0; i <= letters; ++i) {
            for (int d = dots; i == dots_at && d > 0; --d) t.push(subscript::ellipsis + d - 1);
            if (i < letters) t.push(read[i]);
        }
    }
    // NumPy's rule: the ellipsis, and then the letters that stand once, in alphabetical order.
    constexpr void imply() {
        bool fits = true;
        for (int d = dots_; d > 0; --d) s_.out.push(subscript::ellipsis + d - 1);
        for (int l = 0; l < subscript::ellipsis; ++l) {
            int times = 0;
            for (const subscript& t : s_.in)
                for (int i = 0; i < t.rank; ++i) times += t.letter[i] == l ? 1 : 0;
            if (times == 1) fits = s_.out.push(l) && fits;
        }
        if (!fits) s_.refuse(subscript_fault::rank);
    }
    constexpr void check_result() {
        for (int i = 0; i < s_.out.rank; ++i) {
            const int l = s_.out.letter[i];
            if (s_.out.find(l) < i) s_.refuse(subscript_fault::twice, name_of_letter(l));
            else if (s_.extent[l] == 0) s_.refuse(subscript_fault::stranger, name_of_letter(l));
        }
    }
};

/// Which two factors are multiplied next, again and again: the product takes the place of the first.
template <int N> struct product_order {
    int first[bound_of(N)]{}, second[bound_of(N)]{};
    int count = 0;
    double multiplications = 0;
};

/// The order with the fewest multiplications: of all there are for up to six factors; beyond, always the cheapest
/// product next.
template <int N> class product_planner {
public:
    static constexpr double never = 1e300;

    constexpr explicit product_planner(const subscripts<N>& s) : s_{s} {
        for (int i = 0; i < N; ++i) letters_[i] = s.in[i].mask() & s.wide();
        if constexpr (N <= 6) {
            choose_splits();
            write((1 << N) - 1);
        } else {
            take_cheapest();
        }
    }
    constexpr const product_order<N>& result() const { return order_; }

private:
    static constexpr int sets = N <= 6 ? 1 << N : 1;
    const subscripts<N>& s_;
    std::uint64_t letters_[bound_of(N)]{};
    double cost_[bound_of(sets)]{};
    int split_[bound_of(sets)]{};
    product_order<N> order_{};

    // The letters of some factors that the others or the result have.
    constexpr std::uint64_t left_of(int set) const {
        std::uint64_t inside = 0, outside = s_.out.mask() & s_.wide();
        for (int i = 0; i < N; ++i) (set >> i & 1) != 0 ? inside |= letters_[i] : outside |= letters_[i];
        return inside & outside;
    }
    constexpr double product_cost(std::uint64_t a, std::uint64_t b, std::uint64_t left) const {
        return std::popcount(left) > max_rank ? never : s_.size_of(a | b);
    }
    constexpr void choose_splits() {
        std::uint64_t left[bound_of(sets)]{};
        for (int set = 1; set < sets; ++set) {
            left[set] = left_of(set);
            if ((set & (set - 1)) == 0) continue;
            cost_[set] = 2 * never;
            for (int part = (set - 1) & set; part > 0; part = (part - 1) & set) {
                const int rest = set & ~part;
                if (part < rest) continue;  // the same two
                const double cost = cost_[part] + cost_[rest] + product_cost(left[part], left[rest], left[set]);
                if (cost < cost_[set]) cost_[set] = cost, split_[set] = rest;
            }
        }
        order_.multiplications = cost_[sets - 1];
    }
    // In the order of the factors, as far as it is free.
    constexpr int write(int set) {
        if ((set & (set - 1)) == 0) return std::countr_zero(static_cast<unsigned>(set));
        const int a = write(split_[set]), b = write(set & ~split_[set]);
        order_.first[order_.count] = a < b ? a : b, order_.second[order_.count++] = a < b ? b : a;
        return a < b ? a : b;
    }
    constexpr void take_cheapest() {
        int set[bound_of(N)]{};
        for (int i = 0; i < N; ++i) set[i] = 1 << i;
        while (order_.count < N - 1) {
            double least = 2 * never;
            int a = 0, b = 0;
            for (int i = 0; i < N; ++i)
                for (int k = i + 1; k < N && set[i] != 0; ++k) {
                    if (set[k] == 0) continue;
                    const double cost = product_cost(left_of(set[i]), left_of(set[k]), left_of(set[i] | set[k]));
                    if (cost < least) least = cost, a = i, b = k;
                }
            set[a] |= set[b], set[b] = 0;
            order_.first[order_.count] = a, order_.second[order_.count++] = b;
            order_.multiplications += least;
        }
    }
};

}  // namespace ashlar::detail
