// SPDX-License-Identifier: BSL-1.0
// labels: types
// Members of a module: listed by `ashlar::members` in a namespace, in a template, where they are private; arrays of
// layers, of modules, of tensors and options; and what visits them by path.
#include "support/catch.hpp"

#include "support/fixture.hpp"
#include "support/forms.hpp"

#include <array>
#include <string>
#include <vector>

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;
using support::first_difference;

namespace mine::inner {

// A template with a comma in its arguments, in a namespace.
template <std::size_t N, class Activation> struct Block {
    nn::Linear<N, N> first;
    Activation activation;
    constexpr auto operator()(ashlar::expression auto x) const { return x + activation(first(x)); }
    using members = ashlar::members<&Block::first, &Block::activation>;
};

class Hidden {
    nn::Linear<3, 3> layer_;
    ashlar::option scale_ = 2;

public:
    using members = ashlar::members<&Hidden::layer_, &Hidden::scale_>;
    constexpr auto operator()(ashlar::expression auto x) const { return layer_(x) * scale_; }
    const auto& layer() const { return layer_; }
};

struct Net {
    nn::Linear<3, 3> l[3];
    std::array<Block<3, nn::Tanh>, 2> blocks;
    Tensor<float, 3> shift[2][2];
    ashlar::option rate[2] = {0.5, 2};
    Hidden hidden;
    std::array<nn::Linear<3, 2>, 1> head;
    using members = ashlar::members<&Net::l, &Net::blocks, &Net::shift, &Net::rate, &Net::hidden, &Net::head>;

    constexpr auto operator()(ashlar::expression auto x) const {
        for (const auto& layer : l) x = tanh(layer(x));
        for (std::size_t i = 0; i < 2; ++i) x = blocks[i](x) * rate[i] + shift[i][1];
        return head[0](hidden(x - shift[0][0] * shift[1][0]));
    }
};

}  // namespace mine::inner
using mine::inner::Net;

struct Trained {
    std::array<nn::Linear<3, 3>, 2> l;
    Tensor<float, 3> shift[2];
    using members = ashlar::members<&Trained::l, &Trained::shift>;
    constexpr auto operator()(ashlar::expression auto x) const { return l[1](tanh(l[0](x)) + shift[0]) * shift[1]; }
};

// An array in the way of Boost.Hana, and one in another.
struct Adapted {
    nn::Linear<3, 3> l[2];
    constexpr auto operator()(ashlar::expression auto x) const { return l[1](l[0](x)); }
};
BOOST_HANA_ADAPT_STRUCT(Adapted, l);

static Net drawn() {
    Net net{};
    ashlar::initialize(net, ashlar::seed(3));
    for (int i = 0; i < 2; ++i)
        for (int j = 0; j < 2; ++j)
            net.shift[i][j] = Tensor<float, 3>{0.1f * static_cast<float>(i), 0.2f, -0.3f * static_cast<float>(j + 1)};
    return net;
}
static const Tensor<float, 2, 3> input{{0.5f, -1, 2}, {1, 0.25f, -0.75f}};

// The forward pass of Net, layer by layer in double.
template <std::size_t Out>
static std::array<double, Out> linear(const std::array<double, 3>& x, const nn::Linear<3, Out>& l) {
    std::array<double, Out> y{};
    for (std::size_t o = 0; o < Out; ++o) {
        y[o] = static_cast<double>(l.bias(o));
        for (std::size_t i = 0; i < 3; ++i) y[o] += x[i] * static_cast<double>(l.weight(o, i));
    }
    return y;
}
static std::array<double, 2> by_hand(const Net& net, std::size_t row) {
    std::array<double, 3> x{};
    for (std::size_t i = 0; i < 3; ++i) x[i] = static_cast<double>(input(row, i));
    for (const auto& layer : net.l) {
        x = linear(x, layer);
        for (double& e : x) e = std::tanh(e);
    }
    for (std::size_t b = 0; b < 2; ++b) {
        const auto y = linear(x, net.blocks[b].first);
        for (std::size_t i = 0; i < 3; ++i)
            x[i] = (x[i] + std::tanh(y[i])) * net.rate[b].value + static_cast<double>(net.shift[b][1](i));
    }
    for (std::size_t i = 0; i < 3; ++i)
        x[i] -= static_cast<double>(net.shift[0][0](i)) * static_cast<double>(net.shift[1][0](i));
    x = linear(x, net.hidden.layer());
    for (double& e : x) e *= 2;
    return linear(x, net.head[0]);
}

TEST_CASE("members in a namespace, a template, private ones, and arrays of them", "[nn]") {
    const Net net = drawn();
    const Tensor<float, 2, 2> y = ashlar::call(net, input);
    for (std::size_t row = 0; row < 2; ++row)
        for (std::size_t i = 0; i < 2; ++i)
            CHECK(support::close(static_cast<double>(y(row, i)), by_hand(net, row)[i], 1e-5));
    CHECK(ashlar::parameter_count<Net> == 3 * 12 + 2 * 12 + 4 * 3 + 12 + 8);
    const auto fast = ashlar::compile(net);
    CHECK(first_difference(ashlar::eval(fast(input)), y, 1e-5) == -1);
}

TEST_CASE("parameters are visited with PyTorch's paths, in the order of declaration", "[nn]") {
    Net net = drawn();
    const std::vector<std::string> expected{"l.0.weight",
                                            "l.0.bias",
                                            "l.1.weight",
                                            "l.1.bias",
                                            "l.2.weight",
                                            "l.2.bias",
                                            "blocks.0.first.weight",
                                            "blocks.0.first.bias",
                                            "blocks.1.first.weight",
                                            "blocks.1.first.bias",
                                            "shift.0.0",
                                            "shift.0.1",
                                            "shift.1.0",
                                            "shift.1.1",
                                            "hidden.layer_.weight",
                                            "hidden.layer_.bias",
                                            "head.0.weight",
                                            "head.0.bias"};
    std::vector<std::string> paths;
    std::vector<const float*> data;
    ashlar::for_each_parameter(std::as_const(net), [&](const char* path, const auto& p) {
        paths.emplace_back(path), data.push_back(p.data());
    });
    CHECK(paths == expected);
    CHECK(data[6] == net.blocks[0].first.weight.data());
    CHECK(data[11] == net.shift[0][1].data());
    std::size_t at = 0;
    ashlar::for_each_parameter(net, [&](auto& p) { CHECK(p.data() == data[at++]); });
    CHECK(at == expected.size());
    // A visitor that changes them, and one that need not compile for vectors.
    ashlar::for_each_parameter(net, [](std::string path, auto& p) {
        if (path == "hidden.layer_.bias") p = std::remove_reference_t<decltype(p)>::full(7);
    });
    CHECK(net.hidden.layer().bias(2) == 7);
    nn::Sequential<nn::Linear<3, 4, nn::no_bias>, nn::ReLU, nn::Residual<nn::Linear<4, 4, nn::no_bias>>> flat{
        ashlar::seed(0)};
    std::string corners;
    ashlar::for_each_parameter(flat, [&](const char* path, auto& p) { p(0, 0) = 1, corners += path, corners += ' '; });
    CHECK(corners == "0.weight 2.0.weight ");
    CHECK(flat.get<2>().get<0>().weight(0, 0) == 1);
}

TEST_CASE("gradients and a training step have the structure of arrays", "[nn]") {
    const auto loss = [](const Trained& m) { return sum(square(ashlar::call(m, input))); };
    Trained m{};
    ashlar::initialize(m, ashlar::seed(4));
    m.shift[0] = Tensor<float, 3>{0.1f, 0.2f, 0.3f}, m.shift[1] = Tensor<float, 3>{-1, 0.5f, 0};
    Trained same = m;
    const Trained first = m;
    const auto gradients = ashlar::value_and_grad(loss(m), m).gradients;
    const auto agrees = [&](float got, float& element) {
        const float h = 1e-2f, here = element;
        element = here + h;
        const float above = loss(m);
        element = here - h;
        const float below = loss(m);
        element = here;
        return support::close(static_cast<double>(got), static_cast<double>((above - below) / (2 * h)), 2e-2);
    };
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(agrees(gradients.l[i].weight(1, 2), m.l[i].weight(1, 2)));
        CHECK(agrees(gradients.shift[i](2), m.shift[i](2)));
    }
    // The short form beside the long one.
    optim::SGD short_form{m, {.lr = 0.01}}, long_form{same, {.lr = 0.01}};
    for (int i = 0; i < 3; ++i) {
        short_form.step(loss(m));
        long_form.zero_grad();
        ashlar::backward(loss(same), long_form.gradients());
        long_form.step();
        CHECK(support::same_bits(m, same));
    }
    CHECK_FALSE(m.l[1].bias == first.l[1].bias);
    CHECK_FALSE(m.shift[1] == first.shift[1]);
}

TEST_CASE("an array in a struct that Hana adapts; a summary by path", "[nn]") {
    Adapted model{};
    ashlar::initialize(model, ashlar::seed(1));
    const Tensor<float, 2, 3> inner = model.l[0](input), expected = model.l[1](inner);
    CHECK(first_difference(ashlar::eval(ashlar::call(model, input)), expected, 1e-6) == -1);
    CHECK_FALSE(model.l[0].weight == model.l[1].weight);
    CHECK(ashlar::summary<Adapted, ashlar::Shape<2, 3>>() == R"(layer  type          output  parameters  flops
l.0    Linear<3, 3>  (2, 3)          12     42
l.1    Linear<3, 3>  (2, 3)          12     42
total                (2, 3)          24     84
)");
    CHECK(std::string{ashlar::print(sum(ashlar::call(model, input))).c_str()}.find(
              "matmul(a, transpose(l.0.weight)) + l.0.bias, transpose(l.1.weight))") != std::string::npos);
}
