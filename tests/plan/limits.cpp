// SPDX-License-Identifier: BSL-1.0
// labels: slow types
// What compilers do in constant evaluation they do up to a limit, clang a million
// steps for each constant. Large graphs are planned in two constants, and get the same
// plan as in one.
#include <ashlar/ashlar.hpp>

#include <utility>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
namespace detail = ashlar::detail;
using ashlar::Tensor;

// 64, 65, 66, ... features: no two layers are of one type.
template <std::size_t I, std::size_t N = 64 + I / 3>
using Layer =
    std::conditional_t<I % 3 == 0, nn::Linear<N, N + 1>,
                       std::conditional_t<I % 3 == 1, nn::ReLU, nn::Residual<nn::Linear<N + 1, N + 1>, nn::Tanh>>>;
template <std::size_t Blocks, class = std::make_index_sequence<3 * Blocks>> struct network;
template <std::size_t Blocks, std::size_t... I> struct network<Blocks, std::index_sequence<I...>> {
    using type = nn::Sequential<Layer<I>..., nn::Linear<64 + Blocks, 4>>;
};

template <std::size_t Blocks> struct training {
    using model = network<Blocks>::type;
    using loss = decltype(std::declval<nn::CrossEntropyLoss<>&>()(
        std::declval<model&>()(std::declval<const Tensor<float, 16, 64>&>()),
        std::declval<const Tensor<float, 16, 4>&>()));
    using program = detail::step_program<loss, model, optim::adam_rule>;
};

static_assert(detail::plan_of_program<training<28>::program>.steps.count > 100);

template <class Spec> constexpr bool gives_one_plan() {
    const auto& graph = detail::graph_of_program<Spec>;
    detail::planned once{graph}, twice{graph};
    make_plan(once);
    make_plan(twice, detail::knowledge::unrolled, detail::fusion_within_fconstexpr_steps<Spec>);
    if (once.steps.size() != twice.steps.size() || once.operands.size() != twice.operands.size() ||
        once.code.size() != twice.code.size() || once.stores.size() != twice.stores.size())
        return false;
    for (int i = 0; i < once.steps.size(); ++i)
        if (once.steps[i].node != twice.steps[i].node || once.steps[i].kernel != twice.steps[i].kernel) return false;
    for (int i = 0; i < once.operands.size(); ++i)
        if (once.operands[i].buffer != twice.operands[i].buffer || once.operands[i].offset != twice.operands[i].offset)
            return false;
    for (int i = 0; i < once.code.size(); ++i)
        if (!same(once.code[i], twice.code[i])) return false;
    for (int i = 0; i < once.stores.size(); ++i)
        if (!same(once.stores[i], twice.stores[i])) return false;
    return once.known == twice.known;
}
static_assert(gives_one_plan<training<1>::program>());
static_assert(gives_one_plan<training<4>::program>());
