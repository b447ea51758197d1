// SPDX-License-Identifier: BSL-1.0
#pragma once

// The parts of Boost.Hana that are used. Its headers have names that are macros elsewhere: a parameter I, which
// <complex.h> makes the imaginary unit, and Bool, which Xlib.h makes int. They do not see these macros; behind this
// header they are back.
#pragma push_macro("I")
#pragma push_macro("Bool")
#pragma push_macro("None")
#pragma push_macro("True")
#pragma push_macro("False")
#pragma push_macro("Status")
#pragma push_macro("check")
#pragma push_macro("min")
#pragma push_macro("max")
#undef I
#undef Bool
#undef None
#undef True
#undef False
#undef Status
#undef check
#undef min
#undef max

#include <boost/hana/accessors.hpp>
#include <boost/hana/adapt_struct.hpp>
#include <boost/hana/concept/struct.hpp>
#include <boost/hana/define_struct.hpp>
#include <boost/hana/first.hpp>
#include <boost/hana/second.hpp>
#include <boost/hana/string.hpp>
#include <boost/hana/tuple.hpp>
#include <boost/hana/unpack.hpp>

#pragma pop_macro("max")
#pragma pop_macro("min")
#pragma pop_macro("check")
#pragma pop_macro("Status")
#pragma pop_macro("False")
#pragma pop_macro("True")
#pragma pop_macro("None")
#pragma pop_macro("Bool")
#pragma pop_macro("I")
