// SPDX-License-Identifier: BSL-1.0
// What is known of a model while compiling.
#include <ashlar/ashlar.hpp>

namespace nn = ashlar::nn;
using ashlar::Shape;

using Digits = nn::Sequential<nn::Linear<784, 128>, nn::ReLU, nn::Linear<128, 10>>;
static_assert(ashlar::parameter_count<Digits> == 101770);
static_assert(ashlar::flops<Digits, Shape<1, 784>> == 2 * (784 * 128 + 128 * 10) + 2 * 128 + 10);
static_assert(ashlar::flops<Digits, Shape<64, 784>> == 64 * ashlar::flops<Digits, Shape<1, 784>>);
static_assert(ashlar::workspace_bytes<Digits, Shape<1, 784>> <= 1024);
static_assert(ashlar::peak_bytes<Digits, Shape<1, 784>> >= sizeof(Digits) + 4 * (784 + 128 + 10));
static_assert(ashlar::peak_bytes<Digits, Shape<1, 784>> ==
              sizeof(Digits) + 64 * 49 + ashlar::workspace_bytes<Digits, Shape<1, 784>> + 4 * 10);

// A slot is used again: depth costs no memory.
template <std::size_t N> using layer = nn::Linear<64, 64>;
template <class> struct deep;
template <std::size_t... I> struct deep<std::index_sequence<I...>> { using type = nn::Sequential<layer<I>...>; };
template <std::size_t Depth> using Deep = typename deep<std::make_index_sequence<Depth>>::type;
static_assert(ashlar::workspace_bytes<Deep<16>, Shape<32, 64>> == ashlar::workspace_bytes<Deep<4>, Shape<32, 64>>);
static_assert(ashlar::flops<Deep<16>, Shape<32, 64>> == 4 * ashlar::flops<Deep<4>, Shape<32, 64>>);

// More than one input; inputs that are stated as tensors.
static_assert(ashlar::flops<nn::MSELoss<>, Shape<4, 2>, Shape<4, 2>> == 8 + 8 + 8 + 1);
static_assert(ashlar::flops<nn::CrossEntropyLoss<>, Shape<4, 2>, ashlar::Tensor<int, 4>> > 0);
