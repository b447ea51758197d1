// SPDX-License-Identifier: BSL-1.0
// labels: types
// Modules of several inputs and several results: called, inside of others, compiled, in a Sequential, trained.
#include "support/catch.hpp"

#include "support/compare.hpp"

#include <ashlar/ashlar.hpp>

#include <cmath>
#include <tuple>

namespace nn = ashlar::nn;
using ashlar::Tensor, ashlar::let, ashlar::parts, ashlar::together;

using Input = Tensor<float, 2, 3>;
using State = Tensor<float, 2, 8>;

// h' = tanh(W h + V x) c, c' = c + h'.
struct Cell {
    nn::Linear<8, 8> recurrent;
    nn::Linear<3, 8> in;
    constexpr auto operator()(ashlar::expression auto x, ashlar::expression auto h, ashlar::expression auto c) const {
        const auto next = tanh(recurrent(h) + in(x)) * c;
        return together(next, c + next);
    }
};
BOOST_HANA_ADAPT_STRUCT(Cell, recurrent, in);

// Two steps of the cell, its parts and a name that captures handles.
struct Twice {
    Cell cell;
    constexpr auto operator()(ashlar::expression auto x, ashlar::expression auto h, ashlar::expression auto c) const {
        const auto [h1, c1] = parts(cell(x, h, c));
        return let(cell(x, h1, c1), [x](auto both) {
            const auto [h2, c2] = parts(both);
            return together(h2 * c2, sum(x * x));
        });
    }
};
BOOST_HANA_ADAPT_STRUCT(Twice, cell);

struct Difference {
    constexpr auto operator()(ashlar::expression auto a, ashlar::expression auto b) const { return a - b; }
};
BOOST_HANA_ADAPT_STRUCT(Difference);

namespace {

template <std::size_t In> State through(const nn::Linear<In, 8>& l, const Tensor<float, 2, In>& x) {
    return State::generate([&](std::size_t n, std::size_t o) {
        double y = static_cast<double>(l.bias(o));
        for (std::size_t i = 0; i < In; ++i) y += static_cast<double>(x(n, i)) * static_cast<double>(l.weight(o, i));
        return y;
    });
}
void step(const Cell& cell, const Input& x, State& h, State& c) {
    const State a = through(cell.recurrent, h), b = through(cell.in, x);
    for (std::size_t i = 0; i < h.size(); ++i) {
        h.data()[i] =
            static_cast<float>(std::tanh(static_cast<double>(a.data()[i]) + static_cast<double>(b.data()[i])) *
                               static_cast<double>(c.data()[i]));
        c.data()[i] += h.data()[i];
    }
}

template <class Model> Model drawn() {
    Model m;
    ashlar::initialize(m, ashlar::seed(5));
    return m;
}
const Input x{{0.5f, -1, 2}, {1, 0.25f, -0.5f}};
const State h0 = State::full(0.5f), c0 = State::generate([](std::size_t i, std::size_t j) {
                                        return 0.25f * static_cast<float>(j) - static_cast<float>(i);
                                    });

}  // namespace

TEST_CASE("a module of three inputs and two results") {
    const Cell cell = drawn<Cell>();
    State h = h0, c = c0;
    step(cell, x, h, c);
    const auto call = ashlar::call(cell, x, h0, c0);
    auto [h1, c1] = ashlar::eval(call);
    CHECK(support::first_difference(h1, h, 1e-5) == -1);
    CHECK(support::first_difference(c1, c, 1e-5) == -1);
    auto [first, second] = parts(call);
    CHECK(ashlar::eval(first + second) == ashlar::eval(h1 + c1));
    // The state is overwritten, step by step.
    State h2 = h0, c2 = c0;
    ashlar::Workspace<decltype(ashlar::call(cell, x, h2, c2))> scratch;
    h = h0, c = c0;
    for (int i = 0; i < 5; ++i) {
        ashlar::evaluate(ashlar::call(cell, x, h2, c2), std::tie(h2, c2), scratch);
        step(cell, x, h, c);
    }
    CHECK(support::first_difference(h2, h, 1e-4) == -1);
    CHECK(support::first_difference(c2, c, 1e-4) == -1);
    static_assert(ashlar::flops<Cell, ashlar::Shape<2, 3>, ashlar::Shape<2, 8>, ashlar::Shape<2, 8>> >=
                  2 * 2 * (8 * 8 + 3 * 8));
    static_assert(ashlar::peak_bytes<Cell, ashlar::Shape<2, 3>, ashlar::Shape<2, 8>, ashlar::Shape<2, 8>> >=
                  sizeof(Cell) + 4 * 4 * 16);
    CHECK(ashlar::summary<Cell, ashlar::Shape<2, 3>, ashlar::Shape<2, 8>, ashlar::Shape<2, 8>>().size() > 100);
}

TEST_CASE("inside of another module, and compiled") {
    const auto twice = drawn<Twice>();
    State h = h0, c = c0;
    step(twice.cell, x, h, c), step(twice.cell, x, h, c);
    double squares = 0;
    for (float e : x) squares += static_cast<double>(e) * static_cast<double>(e);
    const auto agrees = [&](const auto& call) {
        auto [product, sum] = ashlar::eval(call);
        for (std::size_t i = 0; i < h.size(); ++i)
            if (!support::close(static_cast<double>(product.data()[i]),
                                static_cast<double>(h.data()[i]) * static_cast<double>(c.data()[i]), 1e-5))
                return false;
        return support::close(static_cast<double>(static_cast<float>(sum)), squares, 1e-6);
    };
    CHECK(agrees(ashlar::call(twice, x, h0, c0)));
    const auto fast = ashlar::compile(twice);
    CHECK(agrees(fast(x, h0, c0)));
    const Cell cell = twice.cell;
    const auto fast_cell = ashlar::compile(cell);
    auto [h1, c1] = ashlar::eval(fast_cell(x, h0, c0));
    State he = h0, ce = c0;
    step(cell, x, he, ce);
    CHECK(support::first_difference(h1, he, 1e-5) == -1);
    CHECK(support::first_difference(c1, ce, 1e-5) == -1);
}

TEST_CASE("a Sequential hands several results on as several inputs") {
    const nn::Sequential<Cell, Difference, nn::Linear<8, 2>> model{ashlar::seed(5)};
    State h = h0, c = c0;
    step(model.get<0>(), x, h, c);
    const auto fast = ashlar::compile(model);
    const Tensor<float, 2, 2> got = model(x, h0, c0), compiled = fast(x, h0, c0);
    for (std::size_t n = 0; n < 2; ++n)
        for (std::size_t o = 0; o < 2; ++o) {
            double y = static_cast<double>(model.get<2>().bias(o));
            for (std::size_t i = 0; i < 8; ++i)
                y += (static_cast<double>(h(n, i)) - static_cast<double>(c(n, i))) *
                     static_cast<double>(model.get<2>().weight(o, i));
            CHECK(support::close(static_cast<double>(got(n, o)), y, 1e-5));
            CHECK(support::close(static_cast<double>(compiled(n, o)), y, 1e-5));
        }
}

TEST_CASE("trained through a part, and through all of them") {
    Cell cell = drawn<Cell>();
    const auto loss = [&] {
        return let(ashlar::call(cell, x, h0, c0), [](auto both) {
            const auto [h, c] = parts(both);
            return sum(h * c);
        });
    };
    const auto gradients = ashlar::value_and_grad(loss(), cell).gradients;
    const auto of_part =
        ashlar::value_and_grad(sum(std::get<0>(std::tuple{parts(ashlar::call(cell, x, h0, c0)).get<0>()})), cell)
            .gradients;
    const auto plain = [&](bool part) {
        State h = h0, c = c0;
        step(cell, x, h, c);
        double s = 0;
        for (std::size_t i = 0; i < h.size(); ++i)
            s += static_cast<double>(h.data()[i]) * (part ? 1 : static_cast<double>(c.data()[i]));
        return s;
    };
    for (std::size_t j = 0; j < 8; ++j) {
        const float d = 1e-2f, here = cell.in.bias(j);
        cell.in.bias(j) = here + d;
        const double above = plain(false), part_above = plain(true);
        cell.in.bias(j) = here - d;
        CHECK(support::close(static_cast<double>(gradients.in.bias(j)),
                             (above - plain(false)) / (2 * static_cast<double>(d)), 5e-3));
        CHECK(support::close(static_cast<double>(of_part.in.bias(j)),
                             (part_above - plain(true)) / (2 * static_cast<double>(d)), 5e-3));
        cell.in.bias(j) = here;
    }
    ashlar::optim::SGD sgd{cell, {.lr = 0.01}};
    const float before = sgd.step(loss());
    CHECK(static_cast<float>(loss()) < before);
}
