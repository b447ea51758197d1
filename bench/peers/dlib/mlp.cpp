// SPDX-License-Identifier: BSL-1.0
#include "model.hpp"
#include "tables.hpp"

namespace {

struct rows {
    template <class Activation, std::size_t In, std::size_t... Widths> void row() {
        const auto problem = std::make_shared<bench::inference_problem<Activation, In, Widths...>>();
        bench::add("mlp", "dlib", bench::mlp_name<Activation, In, Widths...>(), [=](benchmark::State& state) {
            typename bench::stack<Activation, bench::dlib_input, Widths...>::type net;
            dlib::resizable_tensor x;
            bench::begin(net, x, problem->x, 1, static_cast<int>(In), 1);
            net.forward(x);
            bench::set_weights<0>(problem->plain, net);
            problem->compare(state, [&] { return net.forward(x).host(); });
        });
    }
};

}  // namespace

void mlp() { bench::each_mlp(rows{}); }
