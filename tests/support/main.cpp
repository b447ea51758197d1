// SPDX-License-Identifier: BSL-1.0
#if __has_include(<catch2/catch_session.hpp>)
    #include <catch2/catch_session.hpp>  // Catch2 3: the rest is in its library
#else
    #define CATCH_CONFIG_RUNNER  // Catch2 2.13: this file is the library
    #include <catch2/catch.hpp>
#endif

int main(int count, char* arguments[]) {
    return Catch::Session().run(count, arguments);
}
