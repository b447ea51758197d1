// SPDX-License-Identifier: BSL-1.0
#pragma once

namespace ashlar::detail {

/// std::ostream and what is derived from it, said without <iosfwd>, which every file that includes the library would
/// pay for, whether it prints or not.
template <class S> concept output_stream = requires(S& out) {
    typename S::traits_type;
    out.write("", 0).flush();
};

}  // namespace ashlar::detail
