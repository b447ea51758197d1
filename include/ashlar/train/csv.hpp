// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/train/data_set.hpp"
#include "ashlar/train/file_error.hpp"

#include <charconv>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace ashlar {

/// Whether the first line of a text names the columns. `detect`: it does when not one of its fields is a number.
enum class csv_header : unsigned char { detect, absent, present };

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

constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }

inline std::string_view trim(std::string_view s) {
    while (!s.empty() && is_blank(s.front())) s.remove_prefix(1);
    while (!s.empty() && is_blank(s.back())) s.remove_suffix(1);
    return s;
}

// A text as a number, with a sign and an exponent as in C++, whatever the locale; inf and nan too. A floating value
// too small for T is rounded to it; from_chars only says that it is out of range.
template <class T> std::errc parse_floating(std::string_view field, T& to) {
    if (field.size() > 1 && field[0] == '+' && field[1] != '-') field.remove_prefix(1);
    const char* const end = field.data() + field.size();
    auto [stopped, fault] = std::from_chars(field.data(), end, to);
    if (long double exact = 0; fault == std::errc::result_out_of_range) {
        if (std::from_chars(field.data(), end, exact).ec == std::errc{} && exact < 1 && exact > -1)
            to = static_cast<T>(exact), fault = std::errc{};
    }
    return fault == std::errc{} && stopped != end ? std::errc::invalid_argument : fault;
}

// A whole number in any spelling: 3, +3, 3.0, 3e0. With a point or an exponent only as far as double counts one by one.
template <class T> std::errc parse_whole(std::string_view field, T& to) {
    if (field.size() > 1 && field[0] == '+' && field[1] != '-') field.remove_prefix(1);
    const char* const end = field.data() + field.size();
    const auto [stopped, fault] = std::from_chars(field.data(), end, to);
    if (stopped == end && fault != std::errc::invalid_argument) return fault;
    long double exact = 0;
    if (const std::errc other = parse_floating(field, exact); other != std::errc{}) return other;
    constexpr long double most = 9007199254740992;  // 2^53
    if (exact != exact) return std::errc::invalid_argument;
    if (!(exact >= -most && exact <= most)) return std::errc::result_out_of_range;
    const auto whole = static_cast<std::int64_t>(exact);
    if (static_cast<long double>(whole) != exact) return std::errc::invalid_argument;
    to = static_cast<T>(whole);
    return static_cast<std::int64_t>(to) == whole ? std::errc{} : std::errc::result_out_of_range;
}

template <class T> std::errc parse_number(std::string_view field, T& to) {
    if constexpr (std::is_floating_point_v<T>) return parse_floating(trim(field), to);
    else return parse_whole(trim(field), to);
}

/// One text: it knows where it is, so that every fault names file, line and column.
class csv_reader {
public:
    csv_reader(const std::string& path, std::size_t columns, const csv_options& options)
        : path_{path}, text_{read_text(path)}, columns_{columns}, options_{options} {
        if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;  // a byte order mark
        if (text_.starts_with("\xFF\xFE") || text_.starts_with("\xFE\xFF"))
            fail("the text is UTF-16, UTF-8 is expected");
        if (options.separator == '"' || is_line_end(options.separator))
            fail("a quote or the end of a line cannot be the separator");
    }

    /// Goes to the next line that is not blank, and cuts it into fields. False at the end.
    bool next() {
        do {
            if (at_ == text_.size()) return false;
            cut();
        } while (fields_.empty());
        if (is_first_ && is_header()) {
            check_columns();
            for (const field& each : fields_) names_.push_back(each.text);
            is_first_ = false;
            return next();
        }
        check_columns();
        is_hint_due_ = is_first_ && options_.header == csv_header::detect;
        is_first_ = false;
        return true;
    }

    template <class T> T number(std::size_t column) const {
        constexpr const char* kind = std::is_integral_v<T> ? "an integer" : "a number";
        return parsed<T>(column, "", kind);
    }
    int label(std::size_t column) const { return parsed<int>(column, "the label ", "an integer"); }

    [[noreturn]] void fail(const std::string& what) const { raise_file(path_ + ": " + what); }

private:
    struct field {
        std::string_view text;
        std::size_t line;
    };

    static bool is_line_end(char c) { return c == '\n' || c == '\r'; }
    bool ends() const { return at_ == text_.size() || is_line_end(text_[at_]); }
    bool is_at(char c) const { return at_ < text_.size() && text_[at_] == c; }
    // With a space as separator tabs separate too, and any number of them is one.
    bool separates(char c) const { return c == options_.separator || (options_.separator == ' ' && c == '\t'); }
    void skip_blanks() {
        const bool runs = options_.separator == ' ';
        while (at_ < text_.size() && is_blank(text_[at_]) && (runs || !separates(text_[at_]))) ++at_;
    }

    // The fields of one row; none for a blank line. Lines end with LF, CR LF or CR.
    void cut() {
        fields_.clear();
        const bool runs = options_.separator == ' ';
        for (bool more = true; more;) {
            skip_blanks();
            if (ends() && (runs || fields_.empty())) break;
            if (is_at('"')) cut_quoted();
            else cut_plain();
            if (runs) continue;
            more = is_at(options_.separator);
            if (more) ++at_;
        }
        if (is_at('\r')) ++at_;
        if (is_at('\n')) ++at_;
        ++line_;
    }

    void cut_plain() {
        const std::size_t begin = at_;
        while (!ends() && !separates(text_[at_])) ++at_;
        fields_.push_back({trim(std::string_view{text_}.substr(begin, at_ - begin)), line_});
    }

    // Between quotes separators and ends of lines belong to the field, and two quotes stand for one. The text is put
    // together where it lies.
    void cut_quoted() {
        const std::size_t begin = ++at_, opened = line_, column = fields_.size();
        std::size_t end = begin;
        for (;;) {
            if (at_ == text_.size()) fail_at(opened, column, "the quote is not closed");
            const char c = text_[at_++];
            if (c == '"') {
                if (!is_at('"')) break;
                ++at_;
            } else if (c == '\n' || (c == '\r' && !is_at('\n'))) {
                ++line_;
            }
            text_[end++] = c;
        }
        const std::size_t behind = at_;
        skip_blanks();
        const bool is_separated = options_.separator == ' ' ? at_ > behind : is_at(options_.separator);
        if (!ends() && !is_separated) fail_at(line_, column, "there is text behind the closing quote");
        fields_.push_back({std::string_view{text_}.substr(begin, end - begin), opened});
    }

    bool is_header() const {
        if (options_.header != csv_header::detect) return options_.header == csv_header::present;
        double ignored = 0;
        bool has_names = false;
        for (const field& each : fields_) {
            if (parse_number(each.text, ignored) != std::errc::invalid_argument) return false;
            has_names = has_names || !each.text.empty();
        }
        return has_names;
    }

    void check_columns() const {
        if (fields_.size() == columns_) return;
        const std::size_t found = fields_.size();
        const std::string wanted = std::to_string(columns_) + " columns expected, " + std::to_string(found) + " found";
        if (found < columns_) fail_at(fields_.back().line, found, "this column is missing: " + wanted);
        fail_at(fields_[columns_].line, columns_, "this column is one too many: " + wanted);
    }

    template <class T> T parsed(std::size_t column, const char* what, const char* kind) const {
        T value{};
        const auto [text, line] = fields_[column];
        const std::errc fault = parse_number(text, value);
        if (fault == std::errc{}) return value;
        if (fault == std::errc::result_out_of_range) fail_at(line, column, what + quote(text) + " is out of range");
        // A first line with a number in it is no header unless the caller says so.
        const char* const hint =
            is_hint_due_ ? " (if this line names the columns: .header = ashlar::csv_header::present)" : "";
        fail_at(line, column, what + quote(text) + " is not " + kind + hint);
    }

    [[noreturn]] void fail_at(std::size_t line, std::size_t column, const std::string& what) const {
        const std::string name = column < names_.size() ? " (" + printable(names_[column]) + ")" : "";
        raise_file(path_ + ":" + std::to_string(line) + ": column " + std::to_string(column) + name + ": " + what);
    }

    static std::string quote(std::string_view text) {
        constexpr std::size_t most = 40;
        return '"' + printable(text.substr(0, most)) + (text.size() > most ? "...\"" : "\"");
    }
    // A message is one line, and a C string.
    static std::string printable(std::string_view text) {
        std::string line(text);
        for (char& c : line)
            if (static_cast<unsigned char>(c) < ' ') c = '?';
        return line;
    }

    std::string path_, text_;
    std::vector<field> fields_;
    std::vector<std::string_view> names_;
    std::size_t columns_, at_ = 0, line_ = 1;
    bool is_first_ = true, is_hint_due_ = false;
    csv_options options_;
};

}  // namespace detail

/// Rows of a comma-separated text. `Row` is the shape of a row's features, in the order of the columns. With `.label
/// = k`, column k is the class of a row (a whole number) or, where `Target` is a Shape, the first of its targets;
/// without it, all columns are features. A line of names is recognised: one in which no field is a number and not all
/// are empty.
///
/// Numbers: C++'s spelling whatever the locale, `+1`, `1e3`, `.5`, `inf` and `nan` too; neither hexadecimal nor
/// empty. Whole ones, which labels and integer features are, may be spelled `3.0`. What is too large for the type is
/// a fault, what is too small is rounded to 0. Text: UTF-8 with or without a byte order mark; lines end with LF, CR
/// LF or CR, the last one need not; blank lines are skipped. Fields (RFC 4180): blanks around a field do not count;
/// between quotes separators and ends of lines belong to the field, and "" is a quote. Beside a tab as separator
/// every field counts, empty ones at the ends too; with a space, any number of spaces and tabs is one separator, and
/// those at the ends of a line are none. Faults raise `file_error`, which names the file, the line (from 1) and the
/// column (from 0).
template <element T, class Row, class Target = class_label>
data_set<T, Row, Target> read_csv(const std::string& path, const csv_options& options = {}) {
    static_assert(!std::is_same_v<T, bool>, "read_csv: features are numbers");
    constexpr bool has_classes = data_set<T, Row, Target>::has_classes;
    constexpr std::size_t features = Row::size, targets = detail::row_layout<T, Target>::size;
    const bool labelled = options.label != no_label;
    const auto first = labelled ? static_cast<std::size_t>(options.label) : features;  // of the label's columns

    detail::csv_reader reader(path, features + (labelled ? targets : 0), options);
    if (first > features)  // also where it is negative
        reader.fail("column " + std::to_string(options.label) + " cannot be the label beside " +
                    std::to_string(features) + " features");
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
