// SPDX-License-Identifier: BSL-1.0
#include "../../lenet.hpp"

#include "tables.hpp"
#include "trainer.hpp"

namespace {

using bench::lenet_problem;
using layout = bench::lenet_weights<float>;

template <long Channels, class Below>
using stage = dlib::max_pool<2, 2, 2, 2, dlib::relu<dlib::add_layer<dlib::con_<Channels, 5, 5, 1, 1, 0, 0>, Below>>>;
using net_type = dlib::fc<10, stage<16, stage<8, bench::dlib_input>>>;

// The parameters of the layer `Index` below the top are those from `first` to `last` of the problem's.
template <std::size_t Index, class Net>
void set(const lenet_problem& p, Net& net, std::size_t first, std::size_t last) {
    std::copy(p.start.at(first), p.start.at(last), bench::parameters<Index>(net));
}
template <std::size_t Top, class Net> void set_weights(const lenet_problem& p, Net& net) {
    set<Top + 6>(p, net, layout::first, layout::second);
    set<Top + 3>(p, net, layout::second, layout::linear);
    set<Top>(p, net, layout::linear, layout::count);
}

template <class Net, std::size_t Index>
void append(Net& net, std::vector<double>& all, std::size_t first, std::size_t last) {
    const float* from = bench::parameters<Index>(net);
    all.insert(all.end(), from, from + (last - first));
}

template <std::size_t Batch> void add_inference(const char* row, const std::shared_ptr<lenet_problem>& problem) {
    bench::add("lenet", "dlib", row, [=](benchmark::State& state) {
        net_type net;
        dlib::resizable_tensor x;
        bench::begin(net, x, problem->x, Batch, 28, 28);
        net.forward(x);
        set_weights<0>(*problem, net);
        problem->compare_inference<Batch>(state, [&] { return net.forward(x).host(); });
    });
}

}  // namespace

void lenet() {
    const auto problem = std::make_shared<lenet_problem>();
    add_inference<1>(lenet_problem::one, problem);
    add_inference<lenet_problem::batch>(lenet_problem::many, problem);
    bench::add("lenet", "dlib", lenet_problem::training, [=](benchmark::State& state) {
        bench::trainer<bench::cross_entropy, net_type> trainer(problem->x, lenet_problem::batch, 28, 28);
        trainer.labels.assign(problem->labels, problem->labels + lenet_problem::batch);
        set_weights<1>(*problem, trainer.net);
        problem->compare_training(
            state, [&] { return trainer.step(); },
            [&](std::vector<double>& all) {
                append<decltype(trainer.net), 7>(trainer.net, all, layout::first, layout::second);
                append<decltype(trainer.net), 4>(trainer.net, all, layout::second, layout::linear);
                append<decltype(trainer.net), 1>(trainer.net, all, layout::linear, layout::count);
            });
    });
}
