// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/tensor/view.hpp"

#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace ashlar {

/// What a data set knows of a row besides its features: the number of its class.
struct class_label {};

namespace detail {

// How a row's features or targets lie in memory, and as what they appear in a batch of N rows.
template <class T, class Target> struct row_layout;
template <class T, std::size_t... Dims> struct row_layout<T, Shape<Dims...>> {
    static constexpr std::size_t size = Shape<Dims...>::size;
    using element_type = T;
    using row_type = TensorView<const T, Dims...>;
    template <std::size_t N> using batch_type = Tensor<T, N, Dims...>;
    static constexpr row_type row(const T* at) { return row_type{at}; }
};
template <class T> struct row_layout<T, class_label> {
    static constexpr std::size_t size = 1;
    using element_type = int;
    using row_type = int;
    template <std::size_t N> using batch_type = Tensor<int, N>;
    static constexpr int row(const int* at) { return *at; }
};

}  // namespace detail

/// Rows of one shape, each with the number of its class or, where `Target` is a Shape, with numbers to be predicted. It
/// owns them, and grows by `add`. `Row` is the shape of one row: `data_set<float, Shape<64>>`, `data_set<float,
/// Shape<1, 8, 8>>`.
template <element T, class Row, class Target = class_label> class data_set {
    using row_features = detail::row_layout<T, Row>;
    using row_targets = detail::row_layout<T, Target>;

public:
    using value_type = T;
    using row_shape = Row;
    using target_shape = Target;
    static constexpr bool has_classes = std::is_same_v<Target, class_label>;

    /// N rows side by side, as a model and a loss take them.
    template <std::size_t N> struct batch {
        typename row_features::template batch_type<N> x;
        typename row_targets::template batch_type<N> y;
    };

    std::size_t size() const { return rows_; }
    bool empty() const { return rows_ == 0; }

    /// Whether the rows have labels or targets; those of a file without such a column do not.
    bool labelled() const { return !targets_.empty(); }

    /// The features of one row, as a view that takes part in expressions.
    auto row(std::size_t i) const {
        if constexpr (checks) need_row(i);
        return row_features::row(features_.data() + i * row_features::size);
    }

    /// The class of one row, or a view of its targets. Only for labelled rows.
    auto label(std::size_t i) const {
        if constexpr (checks) {
            need_row(i);
            if (!labelled()) fatal("data_set::label: the rows have no labels");
        }
        return row_targets::row(targets_.data() + i * row_targets::size);
    }

    /// The features of all rows, one row after the other.
    std::span<T> features() { return features_; }
    std::span<const T> features() const { return features_; }

    void reserve(std::size_t rows) {
        features_.reserve(rows * row_features::size);
        targets_.reserve(rows * row_targets::size);
    }

    /// Appends a row: its features and, unless the data are without labels, its class or its targets.
    template <contiguous_values X> void add(const X& x) {
        if (labelled())
            detail::raise_error("data_set::add: a row without a label, the ", rows_, " rows before it have labels");
        check_size<row_features::size>(x, "features");
        append(features_, x);
        ++rows_;
    }
    template <contiguous_values X>
        requires has_classes
    void add(const X& x, int label) {
        check_size<row_features::size>(x, "features");
        check_labelled();
        append(features_, x);
        targets_.push_back(label);
        ++rows_;
    }
    template <contiguous_values X, contiguous_values Y>
        requires(!has_classes)
    void add(const X& x, const Y& y) {
        check_size<row_features::size>(x, "features");
        check_size<row_targets::size>(y, "targets");
        check_labelled();
        append(features_, x);
        append(targets_, y);
        ++rows_;
    }

    /// Copies the rows of the given numbers into a batch.
    template <std::size_t N> void gather(const std::size_t (&number)[N], batch<N>& to) const {
        for (std::size_t i = 0; i < N; ++i) {
            copy<row_features::size>(features_.data() + number[i] * row_features::size,
                                     to.x.data() + i * row_features::size);
            if (labelled())
                copy<row_targets::size>(targets_.data() + number[i] * row_targets::size,
                                        to.y.data() + i * row_targets::size);
        }
    }

private:
    void need_row(std::size_t i) const {
        if (i >= rows_) fatal(detail::message{"data_set: row ", i, " of ", rows_}.text());
    }
    void check_labelled() const {
        if (rows_ > 0 && !labelled())
            detail::raise_error("data_set::add: a row with a label, the ", rows_, " rows before it have none");
    }
    template <std::size_t Size, class X> static void check_size(const X& x, const char* what) {
        if (x.size() != Size) detail::raise_error("data_set::add: ", x.size(), " ", what, " given, a row has ", Size);
    }
    template <class E, class X> static void append(std::vector<E>& to, const X& x) {
        for (std::size_t i = 0; i < x.size(); ++i) to.push_back(static_cast<E>(x.data()[i]));
    }
    template <std::size_t Size, class E> static void copy(const E* from, E* to) {
        for (std::size_t i = 0; i < Size; ++i) to[i] = from[i];
    }

    std::size_t rows_ = 0;
    std::vector<T> features_;
    std::vector<typename row_targets::element_type> targets_;
};

template <class T> inline constexpr bool is_data_set = false;
template <class T, class Row, class Target> inline constexpr bool is_data_set<data_set<T, Row, Target>> = true;

/// The first `n` rows, and the rest: `auto [training, test] = split(digits, 1437)`.
/// More rows than there are raise an error.
template <class T, class Row, class Target>
std::pair<data_set<T, Row, Target>, data_set<T, Row, Target>> split(const data_set<T, Row, Target>& data,
                                                                    std::size_t n) {
    if (n > data.size())
        detail::raise_error("split: ", n, " rows wanted for the first part, the data have ", data.size());
    std::pair<data_set<T, Row, Target>, data_set<T, Row, Target>> parts;
    parts.first.reserve(n);
    parts.second.reserve(data.size() - n);
    for (std::size_t i = 0; i < data.size(); ++i) {
        auto& part = i < n ? parts.first : parts.second;
        if (data.labelled()) part.add(data.row(i), data.label(i));
        else part.add(data.row(i));
    }
    return parts;
}

}  // namespace ashlar
