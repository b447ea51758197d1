// SPDX-License-Identifier: BSL-1.0
// labels: text
// A handler that is named while compiling: the tensor floor says what is wrong without stdio.
// flags: -DASHLAR_CHECK -DASHLAR_FATAL=my_handler
#include <ashlar/tensor/view.hpp>
#ifdef EOF
    #error "<cstdio> is included"
#endif

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>

using ashlar::detail::message;

static bool says(const message& m, const char* wanted) { return std::strcmp(m.text(), wanted) == 0; }

static bool numbers_are_written() {
    using wide = std::numeric_limits<std::int64_t>;
    return says(message{}, "") && says(message{0}, "0") && says(message{"a ", 7, " b ", -10}, "a 7 b -10") &&
           says(message{wide::min(), " ", wide::max()}, "-9223372036854775808 9223372036854775807") &&
           says(message{std::numeric_limits<std::uint64_t>::max()}, "18446744073709551615") &&
           says(message{std::numeric_limits<signed char>::min()}, "-128");
}

static bool long_texts_are_cut() {
    char words[1000];
    std::memset(words, 'x', sizeof words);
    words[999] = '\0';
    const message m{words, 12};
    return std::strlen(m.text()) == 511 && std::strspn(m.text(), "x") == 511;
}

static bool expected = false;
extern "C" void my_handler(const char* text) noexcept {
    std::_Exit(expected && std::strcmp(text, "index 2 on axis 0 of 2 elements") == 0 ? 0 : 1);
}

int main() {
    if (!numbers_are_written() || !long_texts_are_cut()) return 1;
    ashlar::Tensor<float, 2> t{};
    expected = true;
    t(2) = 1;
    return 1;
}
