// SPDX-License-Identifier: BSL-1.0
// labels: slow
// SGD of tables whose rows are read by an index: beside PyTorch, and the short form beside the long one, bit for bit.
// The short form moves only the rows that were read, as its plan says.
#include "fixtures/indexing.hpp"
#include "support/fixture.hpp"
#include "support/forms.hpp"

#include <string>

using namespace ashlar;
using support::first_difference;
using support::tensor_of;

namespace {

template <class... Options>
using Words = nn::Sequential<nn::Embedding<9, 4, Options...>, nn::Flatten, nn::Linear<12, 2>>;

bool says(const text& plan, const char* what) { return std::string{plan.c_str()}.find(what) != std::string::npos; }

template <std::size_t Rows, std::size_t Length> struct Batch {
    Tensor<int, Rows, Length> x;
    Tensor<int, Rows> y;
    explicit Batch(int words) {
        for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<int>((i * i + 3 * i) % 17) % words;
        for (std::size_t i = 0; i < Rows; ++i) y.data()[i] = static_cast<int>(i % 2);
    }
};

template <class Model> text plan_of_step(auto& batch, auto make) {
    static Model model{seed(1)};
    nn::CrossEntropyLoss criterion;
    auto optimizer = make(model);
    return plan(optimizer, criterion(model(batch.x), batch.y));
}

}  // namespace

TEST_CASE("three steps beside PyTorch, in both forms", "[optim][embedding]") {
    namespace f = fixtures::indexing::sgd;
    using Model = Words<nn::padding_idx<5>>;
    const auto words = tensor_of<f::words_shape>(f::words);
    const auto labels = tensor_of<f::labels_shape>(f::labels);
    Model both[2];
    for (Model& model : both) {
        model.get<0>().weight = tensor_of<f::weight0_shape>(f::weight0);
        model.get<2>().weight = tensor_of<f::weight2_shape>(f::weight2);
        model.get<2>().bias = tensor_of<f::bias2_shape>(f::bias2);
    }
    optim::SGD short_form{both[0], {.lr = 0.5}}, long_form{both[1], {.lr = 0.5}};
    nn::CrossEntropyLoss criterion;
    const float* after[] = {f::after_1, f::after_2, f::after_3};
    for (ashlar::index i = 0; i < 3; ++i) {
        const Tensor<int, 2, 3> x = take<0>(words, Tensor<ashlar::index>{i});
        const Tensor<int, 2> y = take<0>(labels, Tensor<ashlar::index>{i});
        const float loss = short_form.step(criterion(both[0](x), y));
        long_form.zero_grad();
        const float same = backward(criterion(both[1](x), y), long_form.gradients());
        long_form.step();
        CHECK(loss == same);
        CHECK(loss == Approx(f::losses[i]).epsilon(1e-6));
        CHECK(support::same_bits(both[0], both[1]));
        CHECK(first_difference(both[0].get<0>().weight, after[i], 2e-6) == -1);
    }
    CHECK(first_difference(both[0].get<2>().weight, f::final_weight2, 2e-6) == -1);
    CHECK(first_difference(both[0].get<2>().bias, f::final_bias2, 2e-6) == -1);
}

TEST_CASE("fewer rows than the table has: only these are moved", "[optim][embedding][bits]") {
    const auto sgd = [](auto& m) { return optim::SGD{m, {.lr = 0.1f}}; };
    const auto momentum = [](auto& m) { return optim::SGD{m, {.lr = 0.1f, .momentum = 0.5f}}; };
    const Batch<2, 3> small{9};
    using Small = Words<>;
    CHECK(says(plan_of_step<Small>(small, sgd), "0.weight = put<0>(t"));
    CHECK_FALSE(says(plan_of_step<Small>(small, momentum), "put<0>"));
    support::the_long_form_equals_the_short_one<Small>(small.x, small.y, 4, sgd);
    support::the_long_form_equals_the_short_one<Small>(small.x, small.y, 4, momentum);
    // As many rows as the table has.
    const Batch<3, 3> full{9};
    CHECK_FALSE(says(plan_of_step<Small>(full, sgd), "put<0>"));
    support::the_long_form_equals_the_short_one<Small>(full.x, full.y, 4, sgd);
    // A program with kernels, and a table that is large.
    using Large = nn::Sequential<nn::Embedding<2000, 37, nn::padding_idx<3>>, nn::Flatten, nn::Linear<740, 2>>;
    const Batch<40, 20> large{1999};
    CHECK(says(plan_of_step<Large>(large, sgd), "put<0>"));
    support::the_long_form_equals_the_short_one<Large>(large.x, large.y, 4, sgd);
    const auto upwards = [](auto& m) { return optim::SGD{m, {.lr = 0.1, .maximize = true}}; };
    support::the_long_form_equals_the_short_one<Large>(large.x, large.y, 2, upwards);
    using Bags = nn::Sequential<nn::EmbeddingBag<50, 5, nn::mode::max>, nn::Linear<5, 2>>;
    CHECK(says(plan_of_step<Bags>(small, sgd), "put<0>"));
    support::the_long_form_equals_the_short_one<Bags>(small.x, small.y, 4, sgd);
}

namespace {
// A table that is read twice, one that all of a product reads, and one that the update of another parameter reads.
struct Twice {
    nn::Embedding<40, 6> table;
    nn::Linear<6, 2> head;
    using members = ashlar::members<&Twice::table, &Twice::head>;
    constexpr auto operator()(expression auto x) const {
        return head(sum<1>(table(x)) * table(sum<1>(x)));
    }
};
struct Tied {
    nn::Embedding<40, 6> table;
    using members = ashlar::members<&Tied::table>;
    constexpr auto operator()(expression auto x) const { return matmul(sum<1>(table(x)), transpose(table.weight)); }
};
struct ReadLater {
    nn::Embedding<40, 6> table;
    Tensor<float, 40, 6> scale;
    nn::Linear<6, 2> head;
    using members = ashlar::members<&ReadLater::table, &ReadLater::scale, &ReadLater::head>;
    constexpr auto operator()(expression auto x) const {
        return head(sum<1>(table(x))) + sum(scale * stop_gradient(table.weight));
    }
};
template <class Model> void forms_agree(bool puts) {
    const Batch<3, 2> batch{19};
    const auto sgd = [](auto& m) { return optim::SGD{m, {.lr = 0.05f}}; };
    nn::CrossEntropyLoss criterion;
    Model a{}, b{};
    initialize(a, seed(2)), initialize(b, seed(2));
    auto short_form = sgd(a), long_form = sgd(b);
    CHECK(says(plan(short_form, criterion(call(a, batch.x), batch.y)), "put<0>") == puts);
    for (int i = 0; i < 3; ++i) {
        const float value = short_form.step(criterion(call(a, batch.x), batch.y));
        long_form.zero_grad();
        CHECK(backward(criterion(call(b, batch.x), batch.y), long_form.gradients()) == value);
        long_form.step();
        CHECK(support::same_bits(a, b));
    }
}
}  // namespace

TEST_CASE("tables that something else reads, too", "[optim][embedding][bits]") {
    forms_agree<Twice>(false);
    forms_agree<Tied>(false);
    forms_agree<ReadLater>(true);
}

TEST_CASE("a step of a large table takes no memory for its gradient", "[optim][embedding]") {
    using Model = nn::Sequential<nn::Embedding<100000, 16>, nn::Flatten, nn::Linear<48, 2>>;
    static Model model{seed(1)};
    const Batch<4, 3> batch{17};
    nn::CrossEntropyLoss criterion;
    static optim::SGD sgd{model, {.lr = 0.1}};
    const Tensor<float, 16> before = take<0>(model.get<0>().weight, Tensor<int>{2});
    const float first = sgd.step(criterion(model(batch.x), batch.y));
    for (int i = 0; i < 20; ++i) sgd.step(criterion(model(batch.x), batch.y));
    CHECK(sgd.step(criterion(model(batch.x), batch.y)) < first);
    CHECK(take<0>(model.get<0>().weight, Tensor<int>{2}) != before);
}

constexpr float trained_while_compiling = [] {
    nn::Sequential<nn::Embedding<5, 2>, nn::Linear<2, 2>> model{seed(1)};
    optim::SGD sgd{model, {.lr = 0.5}};
    nn::CrossEntropyLoss criterion;
    const Tensor<int, 2> x{3, 3}, y{0, 0};
    const float first = sgd.step(criterion(model(x), y));
    return sgd.step(criterion(model(x), y)) / first;
}();
static_assert(trained_while_compiling < 0.9f && trained_while_compiling > 0);
