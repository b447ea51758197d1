// SPDX-License-Identifier: BSL-1.0
// A program as the tests mean it: a list of lines, each an op of earlier lines. Nothing here simplifies, merges or
// fuses.
#pragma once

#include <ashlar/ashlar.hpp>

namespace support::random {

using ashlar::attributes;
using ashlar::dtype;
using ashlar::index;
using ashlar::shape;

/// All ops that a graph has. The names below are in the same order.
enum class op : unsigned char {
    input,
    constant,
    arange,
    neg,
    abs,
    exp,
    log,
    log1p,
    expm1,
    sqrt,
    rsqrt,
    sin,
    cos,
    tan,
    asin,
    acos,
    atan,
    sinh,
    cosh,
    tanh,
    sigmoid,
    erf,
    relu,
    sign,
    floor,
    ceil,
    round,
    square,
    pow3,
    pow4,
    pow5,
    pow6,
    pow7,
    pow8,
    hold,
    stop_gradient,
    expand,
    isnan,
    isinf,
    isfinite,
    to_float,
    to_double,
    to_int,
    to_int64,
    to_uint8,
    to_bool,
    add,
    sub,
    mul,
    div,
    pow,
    minimum,
    maximum,
    less,
    less_equal,
    eq,
    ne,
    leaky_relu,
    softplus,
    where,
    clamp,
    sum,
    prod,
    max,
    min,
    argmax,
    argmin,
    matmul,
    view,
    unfold,
    reshape,
    place,
    conv,
    conv_input,
    conv_weight,
    max_pool,
    max_pool_input,
    max_pool_pick,
    cumsum,
    reverse_cumsum,
    gather,
    scatter_add,
    take,
    index_add,
    unknown
};
inline constexpr const char* names[] = {
    "input",       "constant",   "arange",         "neg",           "abs",      "exp",        "log",    "log1p",
    "expm1",       "sqrt",       "rsqrt",          "sin",           "cos",      "tan",        "asin",   "acos",
    "atan",        "sinh",       "cosh",           "tanh",          "sigmoid",  "erf",        "relu",   "sign",
    "floor",       "ceil",       "round",          "square",        "pow<3>",   "pow<4>",     "pow<5>", "pow<6>",
    "pow<7>",      "pow<8>",     "hold",           "stop_gradient", "expand",   "isnan",      "isinf",  "isfinite",
    "to<float>",   "to<double>", "to<int>",        "to<int64>",     "to<uint8>", "to<bool>", "add",        "sub",
    "mul",
    "div",         "pow",        "minimum",        "maximum",       "less",     "less_equal", "eq",     "ne",
    "leaky_relu",  "softplus",   "where",          "clamp",         "sum",      "prod",       "max",    "min",
    "argmax",      "argmin",     "matmul",         "view",          "unfold",   "reshape",    "place",  "conv",
    "conv_input",  "conv_weight", "max_pool",   "max_pool_input", "max_pool_pick", "cumsum", "reverse_cumsum",
    "gather",      "scatter_add", "take", "index_add", "unknown"};
static_assert(sizeof names / sizeof *names == static_cast<std::size_t>(op::unknown) + 1);

constexpr bool is_elementwise(op o) { return o >= op::neg && o <= op::clamp; }
constexpr bool is_reduction(op o) { return o >= op::sum && o <= op::argmin; }

/// One line. Attributes as the kinds of the library document them: a reduction's two masks; of a view, and of
/// one that goes along windows, axis, start, step and extent for every axis; of a placement extent, start, step and
/// extent of the window; of windows what attributes_of says.
struct line {
    op what = op::input;
    int count = 0;
    int of[3] = {};  // earlier lines
    shape extent{};
    dtype type = dtype::float32;
    attributes a{};
    double value = 0;     // of a constant; of an input its number
    bool option = false;  // an input that is a number of double: float32, but beside float64
};

struct recipe {
    static constexpr int capacity = 96, most_inputs = 24, most_outputs = 6;
    line lines[capacity]{};
    int count = 0;
    int input_line[most_inputs]{};  // input number -> line
    int inputs = 0;
    int output[most_outputs]{};  // lines
    int outputs = 0;
    int loss = -1;           // a line of rank 0, or -1
    int twin[2] = {-1, -1};  // inputs that may be one object, or -1
};

/// Equal seeds give equal numbers everywhere (splitmix64).
constexpr std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

/// Element `i` of an input: from -2 to 2 in steps that float32 has exactly; whole numbers are from 0 to 4, bytes any.
constexpr double datum(std::uint64_t seed, int input, index i, dtype type) {
    const std::uint64_t h = mixed((seed + 1) * 0x9E3779B97F4A7C15ull + (static_cast<std::uint64_t>(input) << 40) +
                                  static_cast<std::uint64_t>(i) * 0x2545F4914F6CDD1Dull);
    return type == dtype::boolean ? static_cast<double>(h >> 63)
           : type == dtype::uint8 ? static_cast<double>(h >> 56)
           : !ashlar::is_floating(type)
               ? static_cast<double>((h >> 32) % 5)
               : static_cast<double>(static_cast<std::int64_t>(h >> 43) - (1 << 20)) / (1 << 19);
}

/// The same of a number that float32 has not.
constexpr double option_datum(std::uint64_t seed, int input) {
    return 1e-9 + (1 + 1e-9) * datum(seed, input, 0, dtype::float64);
}
constexpr bool is_option(const recipe& r, int input) { return input < r.inputs && r.lines[r.input_line[input]].option; }

}  // namespace support::random
