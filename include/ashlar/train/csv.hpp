// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/train/data_set.hpp"
#include "ashlar/train/file_error.hpp"

#include <charconv>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace ashlar {

/// Whether the first line of a text names the columns. `detect`: it does when not one of its fields is a number.
enum class csv_header { detect, absent, present };

inline constexpr int no_label = -1;

/// How a text is read. Columns count from 0; `scale` multiplies every feature, and no target.
struct csv_options {
    int label = no_label;  // the column of the class, or the first one of the targets
    double scale = 1;
    char separator = ',';
    csv_header header = csv_header::detect;
};

namespace detail {

inline std::string read_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) raise_file(path + ": cannot be opened; does the file exist?");
    std::string text;
    std::vector<char> part(std::size_t{1} << 16);
    while (file.read(part.data(), static_cast<std::streamsize>(part.size())) || file.gcount() > 0)
        text.append(part.data(), static_cast<std::size_t>(file.gcount()));
    if (file.bad()) raise_file(path + ": cannot be read; is it a file?");
    return text;
}

inline std::string_view trim(std::string_view s) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
    while (!s.empty() && is_space(s.front())) s.remove_prefix(1);
    while (!s.empty() && is_space(s.back())) s.remove_suffix(1);
    return s;
}

// A whole field as a number, with a sign and an exponent as in C++, whatever the locale. A floating value too small for T
// is rounded to it; from_chars only says that it is out of range.
template <class T> std::errc parse_number(std::string_view field, T& to) {
    if (field.size() > 1 && field[0] == '+' && field[1] != '-') field.remove_prefix(1);
    const char* const end = field.data() + field.size();
    auto [stopped, fault] = std::from_chars(field.data(), end, to);
    if constexpr (std::is_floating_point_v<T>) {
        if (long double exact = 0; fault == std::errc::result_out_of_range) {
            if (std::from_chars(field.data(), end, exact).ec == std::errc{} && exact < 1 && exact > -1)
                to = static_cast<T>(exact), fault = std::errc{};
        }
    }
    return fault == std::errc{} && stopped != end ? std::errc::invalid_argument : fault;
}

/// One text: it knows where it is, so that every fault names file, line and column.
class csv_reader {
public:
    csv_reader(const std::string& path, std::size_t columns, const csv_options& options)
        : path_{path}, text_{read_text(path)}, rest_{text_}, columns_{columns}, options_{options} {
        if (rest_.starts_with("\xEF\xBB\xBF")) rest_.remove_prefix(3);  // a byte order mark
    }

    /// Goes to the next line that is not empty, and cuts it into fields. False at the end.
    bool next() {
        do {
            if (rest_.empty()) return false;
            const std::size_t end = rest_.find('\n');
            current_ = trim(rest_.substr(0, end));
            rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
            ++line_;
        } while (current_.empty());
        cut();
        if (names_.empty() && !past_header_) {
            past_header_ = true;
            if (is_header()) {
                check_columns();
                names_ = fields_;
                return next();
            }
        }
        check_columns();
        return true;
    }

    template <class T> T number(std::size_t column) const {
        T value{};
        const std::string_view field = fields_[column];
        const std::errc fault = parse_number(field, value);
        if (fault == std::errc{}) return value;
        constexpr const char* kind = std::is_integral_v<T> ? "an integer" : "a number";
        if (fault == std::errc::result_out_of_range) fail_at(column, quote(field) + " is out of range");
        fail_at(column, quote(field) + " is not " + kind + hint());
    }

    int label(std::size_t column) const {
        int value = 0;
        const std::string_view field = fields_[column];
        if (parse_number(field, value) == std::errc{}) return value;
        fail_at(column, "the label " + quote(field) + " is not an integer" + hint());
    }

    [[noreturn]] void fail(const std::string& what) const { raise_file(path_ + ": " + what); }

private:
    // A first line with a number in it is no header unless the caller says so.
    std::string hint() const {
        const bool helps = line_ == 1 && options_.header == csv_header::detect;
        return helps ? " (if this line names the columns: .header = ashlar::csv_header::present)" : "";
    }

    void cut() {
        fields_.clear();
        for (std::string_view line = current_;;) {
            const std::size_t end = line.find(options_.separator);
            std::string_view field = trim(line.substr(0, end));
            if (field.size() > 1 && field.front() == '"' && field.back() == '"') field = field.substr(1, field.size() - 2);
            fields_.push_back(field);
            if (end == std::string_view::npos) return;
            line.remove_prefix(end + 1);
        }
    }

    bool is_header() const {
        if (options_.header != csv_header::detect) return options_.header == csv_header::present;
        double ignored = 0;
        for (const std::string_view field : fields_)
            if (parse_number(field, ignored) != std::errc::invalid_argument) return false;
        return true;
    }

    void check_columns() const {
        if (fields_.size() == columns_) return;
        const std::string wanted = std::to_string(columns_) + " columns expected, " + std::to_string(fields_.size()) + " found";
        if (fields_.size() < columns_) fail_at(fields_.size(), "this column is missing: " + wanted);
        fail_at(columns_, "this column is one too many: " + wanted);
    }

    [[noreturn]] void fail_at(std::size_t column, const std::string& what) const {
        const std::string name = column < names_.size() ? " (" + std::string(names_[column]) + ")" : "";
        raise_file(path_ + ":" + std::to_string(line_) + ": column " + std::to_string(column) + name + ": " + what);
    }

    static std::string quote(std::string_view field) {
        constexpr std::size_t most = 40;
        return '"' + std::string(field.substr(0, most)) + (field.size() > most ? "...\"" : "\"");
    }

    std::string path_, text_;
    std::string_view rest_, current_;
    std::vector<std::string_view> fields_, names_;
    std::size_t columns_, line_ = 0;
    bool past_header_ = false;
    csv_options options_;
};

}  // namespace detail

/// Rows of a comma-separated text: numbers in C++'s spelling, whatever the locale. `Row` is the shape of a row's features, in
/// the order of the columns. With `.label = k`, column k is the class of a row (an integer) or, where `Target` is a Shape, the
/// first of its targets; without it, all columns are features. Blank lines are skipped, a line of names is recognised, quotes
/// around a field are dropped (a separator between quotes still separates).
/// Faults raise `file_error`, which names the file, the line (from 1) and the column (from 0).
template <element T, class Row, class Target = class_label>
data_set<T, Row, Target> read_csv(const std::string& path, const csv_options& options = {}) {
    static_assert(!std::is_same_v<T, bool>, "read_csv: features are numbers");
    constexpr bool has_classes = data_set<T, Row, Target>::has_classes;
    constexpr std::size_t features = Row::size, targets = detail::row_layout<T, Target>::size;
    const bool labelled = options.label != no_label;
    const auto first = labelled ? static_cast<std::size_t>(options.label) : features;  // of the label's columns

    detail::csv_reader reader(path, features + (labelled ? targets : 0), options);
    if (first > features)  // also where it is negative
        reader.fail("column " + std::to_string(options.label) + " cannot be the label beside " + std::to_string(features) + " features");
    data_set<T, Row, Target> data;
    std::vector<T> x(features), y(targets);
    while (reader.next()) {
        for (std::size_t i = 0; i < features; ++i) {
            x[i] = reader.template number<T>(i < first ? i : i + targets);
            if constexpr (std::is_floating_point_v<T>) x[i] *= static_cast<T>(options.scale);
        }
        if (!labelled) {
            data.add(x);
        } else if constexpr (has_classes) {
            data.add(x, reader.label(first));
        } else {
            for (std::size_t i = 0; i < targets; ++i) y[i] = reader.template number<T>(first + i);
            data.add(x, y);
        }
    }
    if (data.empty()) reader.fail("no row of data in it");
    return data;
}

/// The usual form: `read_csv<float, 64>("digits.csv", {.label = 0, .scale = 1 / 16.f})`.
template <element T, std::size_t... Dims>
    requires(sizeof...(Dims) > 0)
data_set<T, Shape<Dims...>> read_csv(const std::string& path, const csv_options& options = {}) {
    return read_csv<T, Shape<Dims...>>(path, options);
}

}  // namespace ashlar
