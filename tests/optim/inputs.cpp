// SPDX-License-Identifier: BSL-1.0
// labels: slow
// Every kind of input that a program can have, each with values of its own, in every form of a program: an input that
// is bound or named in another order than it was traced gives other numbers than the loops below, or another text.
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>

#include <array>
#include <cmath>
#include <string>

using namespace ashlar;

namespace {

constexpr int n = 3;

struct Part {
    Tensor<std::int64_t, n> counts{1, 2, 3};  // no parameter, before one
    Tensor<float, n> scale;
    using members = ashlar::members<&Part::counts, &Part::scale>;
    constexpr auto operator()(expression auto x) const { return x * scale + to<float>(counts); }
};

struct Mixed {
    option slope = 0.25f;
    Tensor<float, n> first;
    Tensor<std::int32_t, n> whole{5, 7, 11};
    float plain = 0.5f;
    std::array<Part, 2> parts{};
    Tensor<bool, n> mask{true, false, true};
    Tensor<float, n> last;
    using members = ashlar::members<&Mixed::slope, &Mixed::first, &Mixed::whole, &Mixed::plain, &Mixed::parts,
                                    &Mixed::mask, &Mixed::last>;
    constexpr auto operator()(expression auto x) const {
        return x * first + (to<float>(whole) + x) * slope + plain * (last + x) + where(mask, parts[0](x), parts[1](x));
    }
};

constexpr Mixed mixed(float seed) {
    Mixed m;
    for (int i = 0; i < n; ++i) {
        const float at = seed + 0.1f * static_cast<float>(i);
        m.first(i) = at, m.last(i) = 0.3f - at, m.parts[0].scale(i) = 0.7f * at, m.parts[1].scale(i) = 0.2f + at;
        m.parts[1].counts(i) += 10;
    }
    return m;
}

// What the loss reads besides: a leaf that is named and used twice, a tensor, a view of a larger one, whole numbers,
// classes; two numbers and a temporary are held by the expression.
struct Data {
    Tensor<float, n> x{0.5f, -1.5f, 2.0f}, a{0.1f, 0.2f, 0.4f};
    Tensor<double, n> wide{0.01, 0.02, 0.05};
    Tensor<float, 2, n> rows{{1, 2, 3}, {-1, 0.5f, 0.75f}};
    Tensor<std::int64_t, n> counts{3, 1, 2};
    Tensor<int, 1> label{1};
    float s = 0.25f;
    double t = 0.125;
};
constexpr Tensor<float, n> made() { return {0.6f, 0.7f, 0.9f}; }

template <class M> constexpr auto loss_of(const M& m, const Data& d) {
    const auto x = variable<"x">(d.x);
    const auto y = call(m, x + d.a);
    const auto row = TensorView<const float, n>(d.rows.data() + n);
    const auto r = y * d.s + x * made() - row + to<float>(d.wide) - to<float>(d.counts) * d.t;
    return mean(r * r) + nn::CrossEntropyLoss<>{.label_smoothing = 0.1f}(reshape<1, n>(call(m, x)), d.label);
}

// The same in loops, and its gradients: those of first, parts[0].scale, parts[1].scale, last.
struct Plain {
    double value = 0, gradient[4][n] = {};

    static double out(const Mixed& m, int i, double x) {
        const Part& p = m.parts[m.mask(i) ? 0 : 1];
        return x * m.first(i) + (m.whole(i) + x) * 0.25 + 0.5 * (m.last(i) + x) + x * p.scale(i) +
               static_cast<double>(p.counts(i));
    }
    // `outer`: the derivative that comes to an element of a call's result.
    void call(const Mixed& m, int i, double x, double outer) {
        gradient[0][i] += outer * x;
        gradient[m.mask(i) ? 1 : 2][i] += outer * x;
        gradient[3][i] += outer * 0.5;
    }
    Plain(const Mixed& m, const Data& d, double factor = 1) {
        double z[n], sum = 0, kept[] = {0.6, 0.7, 0.9};
        for (int i = 0; i < n; ++i) {
            const double x = d.x(i), second = x + d.a(i);
            const double r = out(m, i, second) * d.s + x * kept[i] - d.rows(1, i) + d.wide(i) -
                             static_cast<double>(d.counts(i)) * d.t;
            value += r * r / n;
            call(m, i, second, factor * 2 * r / n * d.s);
            z[i] = out(m, i, x), sum += std::exp(z[i]);
        }
        for (int i = 0; i < n; ++i) {
            const double wanted = (i == d.label(0) ? 0.9 : 0) + 0.1 / n, p = std::exp(z[i]) / sum;
            value -= wanted * std::log(p);
            call(m, i, d.x(i), factor * (p - wanted));
        }
        value *= factor;
    }
};

template <class M> const Tensor<float, n>* parameter(const M& m, int p) {
    const Tensor<float, n>* all[] = {&m.first, &m.parts[0].scale, &m.parts[1].scale, &m.last};
    return all[p];
}
template <class M> void require_gradients(const M& got, const Plain& want) {
    for (int p = 0; p < 4; ++p)
        for (int i = 0; i < n; ++i) {
            INFO(p << ' ' << i);
            REQUIRE((*parameter(got, p))(i) == Approx(want.gradient[p][i]).margin(1e-5));
        }
}

// Steps of a rule in double: p and its states by parameter and element, as in PyTorch.
struct Reference {
    double p[4][n], m[4][n] = {}, v[4][n] = {};
    explicit Reference(const Mixed& model) {
        for (int k = 0; k < 4; ++k)
            for (int i = 0; i < n; ++i) p[k][i] = (*parameter(model, k))(i);
    }
    void momentum(const Plain& of, int step) {
        for (int k = 0; k < 4; ++k)
            for (int i = 0; i < n; ++i) {
                const double g = of.gradient[k][i] + 0.01 * p[k][i];
                m[k][i] = step == 1 ? g : 0.9 * m[k][i] + 0.75 * g;
                p[k][i] -= 0.02 * m[k][i];
            }
    }
    void adam(const Plain& of, int step) {
        for (int k = 0; k < 4; ++k)
            for (int i = 0; i < n; ++i) {
                const double g = of.gradient[k][i];
                m[k][i] = 0.8 * m[k][i] + 0.2 * g, v[k][i] = 0.95 * v[k][i] + 0.05 * g * g;
                p[k][i] -= 0.02 / (1 - std::pow(0.8, step)) * m[k][i] /
                           (std::sqrt(v[k][i] / (1 - std::pow(0.95, step))) + 1e-8);
            }
    }
    void require_same(const Mixed& model) const {
        for (int k = 0; k < 4; ++k)
            for (int i = 0; i < n; ++i) {
                INFO(k << ' ' << i);
                REQUIRE((*parameter(model, k))(i) == Approx(p[k][i]).margin(2e-5));
            }
    }
};

constexpr optim::SGDOptions with_momentum{.lr = 0.02, .momentum = 0.9, .dampening = 0.25, .weight_decay = 0.01};
constexpr optim::AdamOptions for_adam{.lr = 0.02, .betas = {0.8, 0.95}};

std::string text_of(const text& t) { return t.c_str(); }
bool says(const text& t, const char* words) { return text_of(t).find(words) != std::string::npos; }

}  // namespace

TEST_CASE("every kind of input is what the program takes it for") {
    const Mixed m = mixed(0.4f);
    const Data d;
    const Plain want{m, d};
    REQUIRE(eval(loss_of(m, d)) == Approx(want.value));

    static Workspace<decltype(loss_of(m, d))> scratch;
    Tensor<float> out;
    evaluate(loss_of(m, d), out, scratch);
    REQUIRE(float(out) == Approx(want.value));

    const auto both = eval(together(loss_of(m, d), call(m, d.x)));
    REQUIRE(float(both.get<0>()) == Approx(want.value));
    for (int i = 0; i < n; ++i) {
        REQUIRE(both.get<1>()(i) == Approx(Plain::out(m, i, d.x(i))));
    }

    // A compiled model keeps all of its members at places of its own.
    const auto fast = compile(m);
    const Tensor<float, n> y = d.a - fast(d.x + d.a) * d.s;
    for (int i = 0; i < n; ++i) {
        REQUIRE(y(i) == Approx(d.a(i) - Plain::out(m, i, d.x(i) + d.a(i)) * d.s));
    }
}

TEST_CASE("in constant evaluation, too") {
    constexpr Data d;
    constexpr Mixed m = mixed(0.4f);
    constexpr float value = eval(loss_of(m, d));
    REQUIRE(value == Approx(Plain(m, d).value));
}

TEST_CASE("gradients are those of the parameter that they are named for") {
    const Mixed m = mixed(0.4f);
    const Data d;
    const Plain want{m, d};
    const auto both = value_and_grad(loss_of(m, d), m);
    REQUIRE(both.value == Approx(want.value));
    require_gradients(both.gradients, want);

    gradient_buffer<Mixed> buffer{m};
    backward(loss_of(m, d), buffer);
    backward(loss_of(m, d), buffer);  // twice: they are added
    require_gradients(buffer, Plain{m, d, 2});
}

TEST_CASE("of two objects of a type only one is trained") {
    const Mixed m = mixed(0.4f), other = mixed(-0.3f);
    const Data d;
    require_gradients(value_and_grad(loss_of(other, d) * 3.0f + loss_of(m, d) * 2.0f, m).gradients, Plain{m, d, 2});
}

TEST_CASE("steps move each parameter by its own states and numbers") {
    const Data d;
    for (const bool long_form : {false, true}) {
        Mixed m = mixed(0.4f), again = mixed(0.4f);
        optim::SGD sgd(m, with_momentum);
        optim::Adam adam(again, for_adam);
        Reference by_momentum{m}, by_adam{again};
        static Workspace<decltype(adam), decltype(loss_of(again, d))> scratch;
        for (int step = 1; step <= 3; ++step) {
            by_momentum.momentum(Plain{m, d}, step), by_adam.adam(Plain{again, d}, step);
            if (long_form) {
                sgd.zero_grad(), adam.zero_grad();
                backward(loss_of(m, d), sgd.gradients()), backward(loss_of(again, d), adam.gradients());
                sgd.step(), adam.step();
            } else {
                sgd.step(loss_of(m, d)), adam.step(loss_of(again, d), scratch);
            }
            by_momentum.require_same(m), by_adam.require_same(again);
        }
    }
}

TEST_CASE("a step that may be of another object reads its own parameters and states") {
    const Data d;
    Mixed m = mixed(0.4f);
    const Mixed other = mixed(-0.3f);
    optim::Adam adam(m, for_adam);
    Reference want{m};
    for (int step = 1; step <= 3; ++step) {
        want.adam(Plain{m, d, 2}, step);
        adam.step(loss_of(other, d) + loss_of(m, d) * 2.0f);
        want.require_same(m);
    }
}

TEST_CASE("inputs are called what they are") {
    Mixed m = mixed(0.4f);
    const Data d;
    const auto x = variable<"x">(d.x);
    const char* const body =
        "x * first + (to<float>(whole) + x) * slope + plain * (last + x) + t1\n"
        "  where t1 = where(mask, x * parts.0.scale + to<float>(parts.0.counts), x * parts.1.scale + "
        "to<float>(parts.1.counts))";
    REQUIRE(text_of(print(call(m, x))) == body);
    const auto fast = compile(m);
    REQUIRE(text_of(print(fast(x))) == body);
    const auto behind = variable<"behind">(d.a);
    REQUIRE(says(plan(2.5f * x + 3.5f - fast(x) * behind), "+ plain * (last + x) + r1) * behind"));
    REQUIRE(says(plan(2.5f * x + 3.5f - fast(x) * behind), "result = 2.5 * x + 3.5 - r2"));

    optim::Adam adam(m, for_adam);
    const text step = plan(adam, sum(call(m, x) * behind));
    for (const char* const name : {"first", "last", "parts.0.scale", "parts.1.scale"}) {
        INFO(step.c_str() << name);
        const std::string p = name;
        REQUIRE(says(step, (" " + p + ".m = beta1 * " + p + ".m + (1 - beta1) * r1").c_str()));
        REQUIRE(says(step, (" " + p + ".v = beta2 * " + p + ".v + (1 - beta2) * r1^2").c_str()));
        REQUIRE(says(step, (p + " -= rate * " + p + ".m / (").c_str()));
    }
    REQUIRE(says(plan(adam), "first.grad + weight_decay * first"));
    REQUIRE(says(plan(adam.gradients(), sum(call(m, x) * behind)), "last.grad += "));
}
