// SPDX-License-Identifier: BSL-1.0
// The one way for a test to include Catch2, whichever of its versions (2.13 or 3) the machine has.
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
    #include <catch2/catch_all.hpp>
using Catch::Approx;
#else
    #include <catch2/catch.hpp>
#endif
