// SPDX-License-Identifier: BSL-1.0
// What a program says that is built to find faults: labels, indices and views whose values are wrong at run time.
// labels: text
// flags: -DASHLAR_CHECK
#include "support/catch.hpp"

#include <ashlar/ashlar.hpp>
#include <ashlar/train.hpp>

#include "support/child.hpp"

#include <limits>
#include <vector>

namespace nn = ashlar::nn;
using ashlar::Tensor;
using support::ending_of;

namespace {

template <class Work> std::string last_words(const Work& work) {
    const auto end = ending_of(work);
    return end.aborted ? end.message : "no abort: " + end.message;
}

// What is said of a label in row 2 of three.
template <class Label> std::string fault_of(Label label, double ignored = -100) {
    return last_words([&] {
        const auto x = Tensor<float, 3, 4>::ones();
        const Tensor<Label, 3> y{0, 3, label};
        const nn::CrossEntropyLoss criterion{.ignore_index = ignored};
        [[maybe_unused]] const float loss = criterion(x, y);
    });
}

}  // namespace

TEST_CASE("labels that are no class", "[nn][loss]") {
    CHECK(fault_of(4) == "ashlar: CrossEntropyLoss: row 2 is of class 4, the classes are 0 to 3\n");
    CHECK(fault_of(-1) == "ashlar: CrossEntropyLoss: row 2 is of class -1, the classes are 0 to 3\n");
    CHECK(fault_of(-100, -1) == "ashlar: CrossEntropyLoss: row 2 is of class -100, the classes are 0 to 3\n");
    CHECK(fault_of(std::numeric_limits<int>::min()) ==
          "ashlar: CrossEntropyLoss: row 2 is of class -2147483648, the classes are 0 to 3\n");
    CHECK(fault_of(-100) == "no abort: ");
    CHECK(fault_of(7, 7) == "no abort: ");
    CHECK(fault_of(3) == "no abort: ");
}

TEST_CASE("labels in a step, in an expression, for one example, for a picture", "[nn][loss]") {
    CHECK(last_words([] {
        nn::Linear<2, 3> model{ashlar::seed(0)};
        ashlar::optim::SGD sgd{model, {.lr = 0.1}};
        const Tensor<float, 2, 2> x{};
        Tensor<int, 2> y{};
        const auto loss = nn::CrossEntropyLoss{}(model(x), y);
        sgd.step(loss);
        y(1) = 3;  // what was right when the loss was written down need not be so when it is computed
        sgd.step(loss);
    }) == "ashlar: CrossEntropyLoss: row 1 is of class 3, the classes are 0 to 2\n");
    const Tensor<float, 2, 3> logits{};
    CHECK(last_words([&] {
        const Tensor<int, 2> y{1, 2};
        [[maybe_unused]] const float loss = nn::CrossEntropyLoss{}(logits, y + 1);
    }) == "ashlar: CrossEntropyLoss: row 1 is of class 3, the classes are 0 to 2\n");
    CHECK(last_words([] {
        const Tensor<float, 3> x{};
        [[maybe_unused]] const float loss = nn::CrossEntropyLoss{}(x, Tensor<int>{9});
    }) == "ashlar: CrossEntropyLoss: row 0 is of class 9, the classes are 0 to 2\n");
    CHECK(last_words([&] {  // class probabilities are no labels
        [[maybe_unused]] const float loss = nn::CrossEntropyLoss{}(logits, Tensor<float, 2, 3>{{0, 0, 5}, {-1, 0, 0}});
    }) == "no abort: ");
}

TEST_CASE("an index beyond a tensor, a view or the rows of a data set") {
    Tensor<float, 2, 3> t{};
    const ashlar::TensorView<float, 2, 3> v{t};
    CHECK(last_words([&] { t(1, 3) = 1; }) == "ashlar: index 3 on axis 1 of 3 elements\n");
    CHECK(last_words([&] { t(-1, 0) = 1; }) == "ashlar: index -1 on axis 0 of 2 elements\n");
    CHECK(last_words([&] { v(2, 5) = 1; }) == "ashlar: index 2 on axis 0 of 2 elements\n");
    CHECK(last_words([&] { t(1, 2) = v(0, 0); }) == "no abort: ");
    ashlar::data_set<float, ashlar::Shape<2>> data;
    data.add(std::vector<float>{1, 2});
    CHECK(last_words([&] { data.row(1); }) == "ashlar: data_set: row 1 of 1\n");
    CHECK(last_words([&] { data.label(0); }) == "ashlar: data_set::label: the rows have no labels\n");
    CHECK(last_words([&] { data.row(0); }) == "no abort: ");
}

TEST_CASE("a view of null") {
    Tensor<float, 2> t{};
    const ashlar::TensorView<float, 2> none{static_cast<float*>(nullptr)};
    CHECK(last_words([&] { t = none + 1; }) == "ashlar: a view of null takes part in an expression\n");
    CHECK(last_words([&] { t = none * none; }) == "ashlar: a view of null takes part in an expression\n");
    CHECK(last_words([&] { none = t + 1; }) == "ashlar: a view of null takes part in an expression\n");
}
