// SPDX-License-Identifier: BSL-1.0
#include "support/catch.hpp"

#include <ashlar/train.hpp>

#include <clocale>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

using ashlar::read_csv;
using ashlar::Shape;

namespace {

// A file of the given text, gone at the end of the test.
struct file {
    std::string path;
    explicit file(const std::string& text) {
        static int count = 0;
        path = (std::filesystem::temp_directory_path() / ("ashlar_csv_" + std::to_string(++count) + ".csv")).string();
        std::ofstream(path, std::ios::binary) << text;
    }
    ~file() { std::remove(path.c_str()); }
    file(const file&) = delete;
    file& operator=(const file&) = delete;
};

// What `read` has to say about a text, without the path; the path has to be in front of it.
template <class Read> std::string fault(const std::string& text, Read read) {
    const file f(text);
    try {
        read(f.path);
    } catch (const ashlar::file_error& e) {
        const std::string message = e.what();
        REQUIRE(message.starts_with(f.path + ":"));
        return message.substr(f.path.size());
    }
    return "no error";
}

std::string fault_of_two(const std::string& text, char separator = ',') {
    const ashlar::csv_options options{.label = 0, .separator = separator};
    return fault(text, [&](const std::string& path) { read_csv<float, 2>(path, options); });
}

constexpr const char* hint = " (if this line names the columns: .header = ashlar::csv_header::present)";

}  // namespace

TEST_CASE("csv: features, labels and scale") {
    const file f("label,a,b\n7,16,8\n-1, 4 ,0\n");
    const auto data = read_csv<float, 2>(f.path, {.label = 0, .scale = 1 / 16.f});
    REQUIRE(data.size() == 2);
    CHECK(data.labelled());
    CHECK(data.label(0) == 7);
    CHECK(data.label(1) == -1);
    CHECK(data.row(0)(0) == 1.0f);
    CHECK(data.row(0)(1) == 0.5f);
    CHECK(data.row(1)(0) == 0.25f);
    CHECK(data.row(1)(1) == 0.0f);
}

TEST_CASE("csv: the label stands in any column") {
    const file f("1,2,9\n3,4,8\n");
    const auto last = read_csv<float, 2>(f.path, {.label = 2});
    CHECK(last.label(1) == 8);
    CHECK(last.row(1)(0) == 3);
    CHECK(last.row(1)(1) == 4);
    const auto middle = read_csv<float, 2>(f.path, {.label = 1});
    CHECK(middle.label(0) == 2);
    CHECK(middle.row(0)(0) == 1);
    CHECK(middle.row(0)(1) == 9);
}

TEST_CASE("csv: without a label every column is a feature") {
    const file f("1,2,9\n3,4,8\n");
    const auto data = read_csv<double, 3>(f.path);
    REQUIRE(data.size() == 2);
    CHECK(!data.labelled());
    CHECK(data.row(0)(2) == 9);
}

TEST_CASE("csv: targets are numbers, and not scaled") {
    const file f("x,y,z\n2,0.5,-4\n4,1.5,-6\n");
    const auto data = read_csv<float, Shape<1>, Shape<2>>(f.path, {.label = 1, .scale = 0.5});
    REQUIRE(data.size() == 2);
    CHECK(data.row(1)(0) == 2);
    CHECK(data.label(1)(0) == 1.5f);
    CHECK(data.label(1)(1) == -6);
}

TEST_CASE("csv: rows of any shape") {
    const file f("0,1,2,3,4,5,6\n");
    const auto data = read_csv<int, 2, 3>(f.path, {.label = 6});
    CHECK(data.row(0)(1, 2) == 5);
    CHECK(data.label(0) == 6);
}

TEST_CASE("csv: the spellings of a text") {
    SECTION("a byte order mark, line ends of Windows, blank lines, no end of the last line") {
        const file f("\xEF\xBB\xBFlabel,a,b\r\n\r\n1,2,3\r\n  \r\n4,5,6");
        const auto data = read_csv<float, 2>(f.path, {.label = 0});
        REQUIRE(data.size() == 2);
        CHECK(data.label(1) == 4);
        CHECK(data.row(1)(1) == 6);
    }
    SECTION("quotes, signs and exponents") {
        const file f("\"label\",\"a\",\"b\"\n\"1\",\"+2.5e-1\",-1E2\n");
        const auto data = read_csv<float, 2>(f.path, {.label = 0});
        CHECK(data.row(0)(0) == 0.25f);
        CHECK(data.row(0)(1) == -100.0f);
    }
    SECTION("another separator") {
        const file f("1\t2\t3\n");
        CHECK(read_csv<float, 2>(f.path, {.label = 0, .separator = '\t'}).row(0)(1) == 3);
    }
    SECTION("no header") {
        const file f("1,2,3\n");
        CHECK(read_csv<float, 2>(f.path, {.label = 0}).size() == 1);
    }
    SECTION("a header of numbers, when it is said to be one") {
        const file f("label,0,1\n1,2,3\n");
        CHECK(read_csv<float, 2>(f.path, {.label = 0, .header = ashlar::csv_header::present}).size() == 1);
    }
    SECTION("numbers too small for a float are rounded to it") {
        const file f("1e-60,1e-40\n");
        const auto data = read_csv<float, 2>(f.path);
        CHECK(data.row(0)(0) == 0);
        CHECK(data.row(0)(1) == 1e-40f);
    }
    SECTION("a locale with a decimal comma does not matter") {
        const std::string before = std::setlocale(LC_ALL, nullptr);
        std::setlocale(LC_ALL, "de_DE.UTF-8");
        const file f("1.5,2.5\n");
        CHECK(read_csv<float, 2>(f.path).row(0)(0) == 1.5f);
        std::setlocale(LC_ALL, before.c_str());
    }
}

TEST_CASE("csv: quotes") {
    SECTION("a name with a comma, a quote, the end of a line") {
        const file f("\"label, of \"\"it\"\"\",\"a\nb\",\"\"\n1,2,3\n");
        CHECK(read_csv<float, 2>(f.path, {.label = 0}).row(0)(1) == 3);
    }
    SECTION("blanks around quotes and within") {
        const file f(" \"1\" ,\" 2 \",\t\"3\"\n\"4\",5,\"6\"");
        const auto data = read_csv<float, 2>(f.path, {.label = 0});
        REQUIRE(data.size() == 2);
        CHECK(data.row(0)(0) == 2);
        CHECK(data.row(1)(1) == 6);
    }
    SECTION("quotes beside tabs and spaces") {
        const file tabs("\"1\"\t\"2\"\t3\n"), spaces("\"the label\" \"a b\"  c\n\"1\"   \"2\" 3\n");
        CHECK(read_csv<float, 2>(tabs.path, {.label = 0, .separator = '\t'}).row(0)(0) == 2);
        CHECK(read_csv<float, 2>(spaces.path, {.label = 0, .separator = ' '}).row(0)(0) == 2);
    }
    CHECK(fault_of_two("1,2,3\n4,\"5,6\n") == ":2: column 1: the quote is not closed");
    CHECK(fault_of_two("1,2,3\n4,\"5\"6,7\n") == ":2: column 1: there is text behind the closing quote");
    CHECK(fault_of_two("1,2,3\n4,5\"6\",7\n") == ":2: column 1: \"5\"6\"\" is not a number");
    CHECK(fault_of_two("1,2,3\n4,\"5,6\",7\n") == ":2: column 1: \"5,6\" is not a number");
    CHECK(fault_of_two("1,2,3\n4,\"\",7\n") == ":2: column 1: \"\" is not a number");
    CHECK(fault_of_two("label,\"a\nb\",c\n1,2,3\n4,x,6\n") == ":4: column 1 (a?b): \"x\" is not a number");
    CHECK(fault_of_two("1,\"2\n\n3\",x\n") == ":1: column 1: \"2??3\" is not a number" + std::string(hint));
    CHECK(fault_of_two("1,\"2\",3\n\"4\",\"5\",\"six\"\n") == ":2: column 2: \"six\" is not a number");
}

TEST_CASE("csv: empty fields are fields") {
    const auto tabs = [](const std::string& path) { read_csv<float, 2>(path, {.label = 0, .separator = '\t'}); };
    CHECK(fault("1\t2\t3\n\t5\t6\n", tabs) == ":2: column 0: the label \"\" is not an integer");
    CHECK(fault("1\t2\t3\n4\t\t6\n", tabs) == ":2: column 1: \"\" is not a number");
    CHECK(fault("1\t2\t3\n4\t5\t\n", tabs) == ":2: column 2: \"\" is not a number");
    CHECK(fault("1\t2\t3\n4\t5\t \r\n", tabs) == ":2: column 2: \"\" is not a number");
    CHECK(fault("1\t2\t3\n\t\t\n", tabs) == ":2: column 1: \"\" is not a number");  // the features are read first
    CHECK(fault("1\t2\t3\n4\t5\t6\t\n", tabs) ==
          ":2: column 3: this column is one too many: 3 columns expected, 4 found");
    CHECK(fault_of_two("1,2,3\n4,5,") == ":2: column 2: \"\" is not a number");
    CHECK(fault_of_two("1,2,3\n,5,6\n") == ":2: column 0: the label \"\" is not an integer");
    CHECK(fault_of_two(",,\n1,2,3\n") == ":1: column 1: \"\" is not a number" + std::string(hint));  // no names either
    const file f("\ta\tb\n1\t2\t3\n");  // as pandas writes the name of an index
    CHECK(read_csv<float, 2>(f.path, {.label = 0, .separator = '\t'}).size() == 1);
}

TEST_CASE("csv: any number of spaces and tabs is one separator") {
    const auto spaces = [](const std::string& path) { read_csv<float, 2>(path, {.label = 0, .separator = ' '}); };
    const file f("  label a   b\n\n 1  2 \t 3 \n   \n4\t5 6");
    const auto data = read_csv<float, 2>(f.path, {.label = 0, .separator = ' '});
    REQUIRE(data.size() == 2);
    CHECK(data.label(1) == 4);
    CHECK(data.row(0)(1) == 3);
    CHECK(data.row(1)(0) == 5);
    CHECK(fault("1 2 3\n4 5 \n", spaces) == ":2: column 2: this column is missing: 3 columns expected, 2 found");
    CHECK(fault("1 2 3\n4 \"5\"6 7\n", spaces) == ":2: column 1: there is text behind the closing quote");
}

TEST_CASE("csv: numbers in every spelling") {
    const file f("+1,1e3,.5,5.,-0,inf,-Infinity,nan,1E-2\n");
    const auto data = read_csv<double, 9>(f.path);
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const double expected[] = {1, 1000, 0.5, 5, 0, infinity, -infinity};
    for (int i = 0; i < 7; ++i) CHECK(data.row(0)(i) == expected[i]);
    CHECK(std::isnan(data.row(0)(7)));
    CHECK(data.row(0)(8) == 0.01);
    const std::vector<std::string> none{"0x10", "1_000", "1 000", "1.5.5", "1e",  "--1", "+-1",
                                        "+",    "-",     ".",     "1,5",   "1d3", "NA"};
    for (const std::string& wrong : none)
        CHECK(fault_of_two("1;2;3\n4;" + wrong + ";6\n", ';') == ":2: column 1: \"" + wrong + "\" is not a number");
}

TEST_CASE("csv: a label is a whole number in any spelling") {
    const file f("1.0,0,0\n+2,0,0\n3e0,0,0\n4.,0,0\n-1.00,0,0\n1.2e1,0,0\n\"7.0\",0,0\n-0.0,0,0\n");
    const auto data = read_csv<float, 2>(f.path, {.label = 0});
    const int expected[] = {1, 2, 3, 4, -1, 12, 7, 0};
    for (std::size_t i = 0; i < 8; ++i) CHECK(data.label(i) == expected[i]);
    for (const std::string& wrong : std::vector<std::string>{"1.5", "1e-1", "1e-400", "nan", "0x1", "1.0.0", ""})
        CHECK(fault_of_two("1,2,3\n" + wrong + ",5,6\n") ==
              ":2: column 0: the label \"" + wrong + "\" is not an integer");
    for (const std::string& wrong :
         std::vector<std::string>{"2147483648", "2147483648.0", "1e10", "-1e300", "1e9999", "inf"})
        CHECK(fault_of_two("1,2,3\n" + wrong + ",5,6\n") ==
              ":2: column 0: the label \"" + wrong + "\" is out of range");
}

TEST_CASE("csv: lines of any system, and texts that are none") {
    const file f("1,2,3\r4,5,6\r\r7,8,9\r\n\n10,11,12");
    const auto data = read_csv<float, 2>(f.path, {.label = 0});
    REQUIRE(data.size() == 4);
    CHECK(data.row(3)(1) == 12);
    CHECK(fault_of_two("1,2,3\r4,x,6\r") == ":2: column 1: \"x\" is not a number");
    CHECK(fault_of_two(std::string("1,2,3\n4,5\0,6\n", 14)) == ":2: column 1: \"5?\" is not a number");
    CHECK(fault_of_two(std::string("\xFF\xFE" "1\0,\0", 6)) == ": the text is UTF-16, UTF-8 is expected");
    CHECK(fault_of_two("1,2,3\n", '"') == ": a quote or the end of a line cannot be the separator");
    CHECK(fault_of_two("1,2,3\n", '\n') == ": a quote or the end of a line cannot be the separator");
}

TEST_CASE("csv: faults name the file, the line and the column") {
    CHECK(fault_of_two("1,2,3\n4,x7,6\n") == ":2: column 1: \"x7\" is not a number");
    CHECK(fault_of_two("label,a,b\n\n1,2,3\n4,5,six\n") == ":4: column 2 (b): \"six\" is not a number");
    CHECK(fault_of_two("1,2,3\n4,5.5.5,6\n") == ":2: column 1: \"5.5.5\" is not a number");
    CHECK(fault_of_two("1,2,3\n4,,6\n") == ":2: column 1: \"\" is not a number");
    CHECK(fault_of_two("1,2,3\n4,+-1,6\n") == ":2: column 1: \"+-1\" is not a number");
    CHECK(fault_of_two("1,2,3\n4,1e99,6\n") == ":2: column 1: \"1e99\" is out of range");
    CHECK(fault_of_two("1,2,3\n4,1e9999,6\n") == ":2: column 1: \"1e9999\" is out of range");
    CHECK(fault_of_two("label,a,b\n1.5,2,3\n") == ":2: column 0 (label): the label \"1.5\" is not an integer");
    CHECK(fault_of_two("label,a,b\ncat,2,3\n") == ":2: column 0 (label): the label \"cat\" is not an integer");
    CHECK(fault_of_two("1,2,3\n4,5\n") == ":2: column 2: this column is missing: 3 columns expected, 2 found");
    CHECK(fault_of_two("label,a,b\n1,2\n") == ":2: column 2 (b): this column is missing: 3 columns expected, 2 found");
    CHECK(fault_of_two("1,2,3\n4,5,6,7,8\n") ==
          ":2: column 3: this column is one too many: 3 columns expected, 5 found");
    CHECK(fault_of_two("label,a\n1,2\n") == ":1: column 2: this column is missing: 3 columns expected, 2 found");
    CHECK(fault_of_two("") == ": no row of data in it");
    CHECK(fault_of_two("\n\n") == ": no row of data in it");
    CHECK(fault_of_two("label,a,b\n") == ": no row of data in it");
}

TEST_CASE("csv: a first line that is half a header says what helps") {
    CHECK(fault_of_two("label,0,1\n1,2,3\n") ==
          ":1: column 0: the label \"label\" is not an integer "
          "(if this line names the columns: .header = ashlar::csv_header::present)");
}

TEST_CASE("csv: a long text is cut in the message") {
    CHECK(fault_of_two(std::string("1,2,").append(100, 'y').append("\n")) ==
          std::string(":1: column 2: \"")
              .append(40, 'y')
              .append("...\" is not a number (if this line names the columns: .header = ashlar::csv_header::present)"));
}

TEST_CASE("csv: a feature of an integer type is an integer") {
    const auto read = [](const std::string& path) { read_csv<int, 2>(path); };
    CHECK(fault("1,2\n3,4.5\n", read) == ":2: column 1: \"4.5\" is not an integer");
    CHECK(fault("1,2\n3,9999999999\n", read) == ":2: column 1: \"9999999999\" is out of range");
}

TEST_CASE("csv: an impossible label column") {
    const auto label = [](int column) {
        return fault("1,2,3\n", [=](const std::string& path) { read_csv<float, 2>(path, {.label = column}); });
    };
    CHECK(label(3) == ": column 3 cannot be the label beside 2 features");
    CHECK(label(-2) == ": column -2 cannot be the label beside 2 features");
}

TEST_CASE("csv: a missing file and a folder") {
    CHECK_THROWS_WITH((read_csv<float, 2>("/nowhere/digits.csv")),
                      "/nowhere/digits.csv: cannot be opened; does the file exist?");
    CHECK_THROWS_WITH((read_csv<float, 2>("/")), "/: cannot be read; is it a file?");
    CHECK_THROWS_AS((read_csv<float, 2>("/nowhere/digits.csv")), ashlar::file_error);
    CHECK_THROWS_AS((read_csv<float, 2>("/nowhere/digits.csv")), ashlar::error);
}

TEST_CASE("csv: a path of any length is in the message") {
    const std::string path = std::string("/nowhere/").append(2000, 'p');
    CHECK_THROWS_WITH((read_csv<float, 2>(path)), path + ": cannot be opened; does the file exist?");
}
