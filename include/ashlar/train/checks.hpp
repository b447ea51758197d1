// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/ops/isnan.hpp"
#include "ashlar/tensor/number_text.hpp"
#include "ashlar/train/data_set.hpp"

namespace ashlar {

/// A data set has something in it that cannot be trained with: the row, the value and what is expected are in the
/// message.
class data_error : public error {
public:
    data_error(const char* message, std::size_t row) noexcept : error{message}, row_{row} {}
    std::size_t row() const noexcept { return row_; }

private:
    std::size_t row_;
};

namespace detail {

template <class... Part> [[noreturn]] void raise_data(std::size_t row, const Part&... part) {
#if defined(__cpp_exceptions)
    throw data_error(message{part...}.text(), row);
#else
    static_cast<void>(row);
    fatal(message{part...}.text());
#endif
}

// By the bits, which -ffast-math leaves to g++ at least: clang may take what it has computed for finite.
constexpr bool is_finite(double x) { return (kernels::isfinite)(x) != 0; }

// A class that the model does not have would train it on nothing, without a word.
template <shape Scores, class Criterion, class Data>
void check_classes(const Criterion& criterion, const Data& data, const char* who) {
    if constexpr (Data::has_classes && Scores.rank == 2) {
        for (std::size_t i = 0; i < data.size(); ++i) {
            const int label = data.label(i);
            bool known = label >= 0 && label < Scores[1];
            if constexpr (requires { criterion.ignore_index; })
                known = known || label == static_cast<double>(criterion.ignore_index);
            if (!known)
                raise_data(i, who, ": row ", i, " is of class ", label, ", the model has the classes 0 to ",
                           Scores[1] - 1);
        }
    }
}

/// Whether a loss says between which numbers its targets are.
template <class Criterion> concept bounds_its_targets = requires { Criterion::target_range[1]; };

// Features and targets are finite, targets in the range of the loss: a nan is found here, not in the weights.
template <class Criterion, class Data> void check_values(const Data& data, const char* who) {
    for (std::size_t i = 0; i < data.size(); ++i) {
        if constexpr (std::is_floating_point_v<typename Data::value_type>) {
            const auto row = data.row(i);
            for (std::size_t k = 0; k < row.size(); ++k) {
                const auto x = static_cast<double>(row.data()[k]);
                if (!is_finite(x))
                    raise_data(i, who, ": row ", i, ": feature ", k, " is ", number_text{x}.text(),
                               ", finite numbers are expected");
            }
        }
        if constexpr (!Data::has_classes) {
            const auto row = data.label(i);
            for (std::size_t k = 0; k < row.size(); ++k) {
                const auto y = static_cast<double>(row.data()[k]);
                if constexpr (bounds_its_targets<Criterion>) {
                    constexpr auto& range = Criterion::target_range;
                    if (!(is_finite(y) && y >= range[0] && y <= range[1]))
                        raise_data(i, who, ": row ", i, ": target ", k, " is ", number_text{y}.text(),
                                   ", the loss takes ", number_text{range[0]}.text(), " to ",
                                   number_text{range[1]}.text());
                } else if (!is_finite(y)) {
                    raise_data(i, who, ": row ", i, ": target ", k, " is ", number_text{y}.text(),
                               ", finite numbers are expected");
                }
            }
        }
    }
}

}  // namespace detail
}  // namespace ashlar
