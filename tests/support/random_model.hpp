// SPDX-License-Identifier: BSL-1.0
// One model of tools/random_models.py: its values, plain and compiled, and five steps of training in all forms, beside
// each other bit for bit and beside the plain numbers of plain_training.hpp.
#pragma once

#include "support/plain_training.hpp"

#include <cstdio>
#include <cstring>
#include <memory>

namespace support {

/// What was not as it should be, told on the standard output.
class findings {
public:
    explicit findings(const char* model) : model_{model} {}
    int count() const { return count_; }
    void note(const char* what) { ++count_, std::printf("%s: %s\n", model_, what); }

    template <class T> void compare(const char* what, const T* got, std::size_t n, const plain::expectation& expected) {
        const std::ptrdiff_t i = expected.first_difference(got, n);
        if (i < 0) return;
        ++count_;
        std::printf("%s: %s: number %td is %.17g, expected %.17g within %.2g\n", model_, what, i,
                    static_cast<double>(got[i]), expected.value[static_cast<std::size_t>(i)], expected.tolerance);
    }

private:
    const char* model_;
    int count_ = 0;
};

/// Of every weight or statistic, in the type T of the model.
template <class T> using numbers_of = std::vector<std::vector<T>>;

template <class T, ashlar::module M> numbers_of<T> weights_of(const M& m) {
    numbers_of<T> all;
    ashlar::for_each_parameter(m, [&](const auto& p) { all.emplace_back(p.data(), p.data() + p.size()); });
    return all;
}
/// visit(buffer) for every buffer of numbers: the running statistics.
template <ashlar::module M> void for_each_statistic(M& m, auto visit) {
    ashlar::for_each_leaf(m, [&](auto& leaf) {
        using leaf_type = std::remove_cvref_t<decltype(leaf)>;
        if constexpr (ashlar::is_buffer<leaf_type>)
            if constexpr (std::is_floating_point_v<typename leaf_type::value_type>) visit(leaf);
    });
}
template <class T, ashlar::module M> numbers_of<T> statistics_of(const M& m) {
    numbers_of<T> all;
    for_each_statistic(m, [&](const auto& b) { all.emplace_back(b.data(), b.data() + b.size()); });
    return all;
}
/// Of weights and statistics that begin as ones or as zeros each becomes another number.
template <ashlar::module M> void make_unlike(M& m, ashlar::generator random) {
    const auto vary = [&](auto& numbers) {
        if (std::count(numbers.begin(), numbers.end(), *numbers.data()) != std::ssize(numbers)) return;
        for (auto& v : numbers) v += random.uniform(static_cast<std::remove_cvref_t<decltype(v)>>(0.3f));
    };
    ashlar::for_each_parameter(m, vary);
    for_each_statistic(m, vary);
}
template <class T> bool same_bits(const numbers_of<T>& a, const numbers_of<T>& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (a[i].size() != b[i].size() || std::memcmp(a[i].data(), b[i].data(), a[i].size() * sizeof(T)) != 0)
            return false;
    return true;
}
template <std::floating_point T> bool same_bits(T a, T b) { return std::memcmp(&a, &b, sizeof a) == 0; }

// A target by its type: class indices, of which one in ten is
// ignored; or numbers, that add up to one for a CrossEntropyLoss.
template <std::size_t... Dims> void fill_target(ashlar::Tensor<int, Dims...>& to, std::size_t classes,
                                                ashlar::generator& random) {
    for (int& label : to)
        label = random.below(10) == 0 ? -100 : static_cast<int>(random.below(static_cast<std::uint32_t>(classes)));
    to.data()[0] = 0;
}
template <std::floating_point T, std::size_t... Dims>
void fill_target(ashlar::Tensor<T, Dims...>& to, std::size_t, ashlar::generator& random) {
    fill_uniform(to, random, T(1));
}

/// Three copies of a model, trained by the three forms of a step.
template <class Case> struct three_forms {
    using M = typename Case::model;
    using T = typename Case::input::value_type;
    using optimizer = decltype(Case::optimizer(std::declval<M&>()));
    M &a, &b, &c;
    optimizer short_form, long_form, functional;

    three_forms(M& first, M& second, M& third)
        : a{first}, b{second}, c{third}, short_form{Case::optimizer(a)}, long_form{Case::optimizer(b)},
          functional{Case::optimizer(c)} {}

    /// One step of each; the loss.
    T step(const auto& loss, const auto& x, const auto& y, findings& found) {
        const T value = short_form.step(loss(a(x), y));
        const auto statistics = statistics_of<T>(a);
        long_form.zero_grad();
        const T same = ashlar::backward(loss(b(x), y), long_form.gradients());
        long_form.step();
        if (!same_bits(value, same)) found.note("the losses of step(loss) and of backward differ");
        if (!same_bits(weights_of<T>(a), weights_of<T>(b)))
            found.note("the weights of step(loss) and of backward, step() differ");
        if (!same_bits(statistics, statistics_of<T>(b)))
            found.note("the statistics of step(loss) and of backward, step() differ");
        const auto result =
            std::make_unique<ashlar::loss_and_gradients<T, M>>(ashlar::value_and_grad(loss(c(x), y), c));
        functional.gradients() = result->gradients;
        functional.step();
        if (!same_bits(value, result->value)) found.note("the losses of step(loss) and of value_and_grad differ");
        if (!same_bits(weights_of<T>(a), weights_of<T>(c)))
            found.note("the weights of step(loss) and of value_and_grad, step() differ");
        if (!same_bits(statistics, statistics_of<T>(c)))
            found.note("the statistics of step(loss) and of value_and_grad, step() differ");
        return value;
    }
};

/// Case: `model`, `input`, `target` as types; `prepare(model)` sets its options; `loss()`, `optimizer(model)`,
/// `rule()`; whether it `trains`, or only its values are of interest.
template <class Case> int check_model(const char* name, std::uint64_t seed) {
    using M = typename Case::model;
    using T = typename Case::input::value_type;
    constexpr int steps = Case::trains ? 5 : 1;
    findings found{name};
    ashlar::generator random{ashlar::seed(seed)};
    const auto make = [&] {
        auto m = std::make_unique<M>();
        ashlar::initialize(*m, ashlar::seed(seed));
        Case::prepare(*m);
        make_unlike(*m, ashlar::generator{ashlar::seed(seed + 1)});
        return m;
    };
    const auto first = make(), a = make(), b = make(), c = make();
    const auto x = std::make_unique<typename Case::input>();
    fill_uniform(*x, random, T(1.5));
    const auto y = std::make_unique<typename Case::target>();
    fill_target(*y, Case::classes, random);
    const auto loss = Case::loss();

    plain::tensor plain_x{Case::dims()};
    for (std::size_t i = 0; i < x->size(); ++i) plain_x.at[i] = static_cast<double>(x->data()[i]);
    const std::vector<double> plain_y(y->begin(), y->end());
    const plain::plain_model plain_model = [&](const plain::tensor& at, plain::parameters& p) {
        return run(*first, at, p);
    };
    const plain::plain_loss plain_loss = [&](const plain::tensor& result) { return run(loss, result, plain_y); };
    const plain::expected_history expected{
        [&] { return plain::train(plain_model, plain_x, plain_loss, Case::rule(), steps); }, plain::noise_in<T>};

    const auto values = std::make_unique<decltype(ashlar::eval((*first)(*x)))>((*first)(*x));
    found.compare("the model", values->data(), values->size(), expected.result);
    const auto compiled = std::make_unique<ashlar::Compiled<M>>(*first);
    *values = (*compiled)(*x);
    found.compare("the compiled model", values->data(), values->size(), expected.result);

    if constexpr (!Case::trains) return found.count();
    three_forms<Case> forms{*a, *b, *c};
    std::vector<T> losses;
    for (int i = 0; i < steps && found.count() == 0; ++i) losses.push_back(forms.step(loss, *x, *y, found));
    if (found.count() == 0) {
        found.compare("the losses", losses.data(), losses.size(), expected.losses);
        const auto weights = weights_of<T>(*a);
        for (std::size_t k = 0; k < weights.size(); ++k)
            found.compare("the weights after training", weights[k].data(), weights[k].size(), expected.weights[k]);
        const auto statistics = statistics_of<T>(*a);
        for (std::size_t k = 0; k < statistics.size(); ++k)
            found.compare("the statistics after training", statistics[k].data(), statistics[k].size(),
                          expected.buffers[k]);
    }
    // A bit of a tiny model differs once in many draws only, where it does.
    constexpr int draws = sizeof(typename Case::input) <= 256 ? 50 : 0;
    for (int draw = 0; draw < draws && found.count() == 0; ++draw) {
        fill_uniform(*x, random, T(1.5));
        fill_target(*y, Case::classes, random);
        ashlar::for_each_parameter(*a, [&](auto& p) { fill_uniform(p, random, T(1)); });
        *b = *a, *c = *a;
        three_forms<Case> again{*a, *b, *c};
        for (int i = 0; i < 3; ++i) again.step(loss, *x, *y, found);
    }
    return found.count();
}

}  // namespace support
