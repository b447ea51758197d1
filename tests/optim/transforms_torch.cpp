// SPDX-License-Identifier: BSL-1.0
// labels: slow
// What stands behind the options of an optimizer, beside PyTorch: twenty steps of each, in both forms of a step bit for
// bit the same.
#include "support/catch.hpp"

#include "fixtures/transforms.hpp"
#include "support/forms.hpp"
#include "support/training.hpp"

#include <ashlar/optim/adamw.hpp>
#include <ashlar/optim/clip.hpp>
#include <ashlar/optim/schedule.hpp>
#include <ashlar/optim/transform.hpp>

#include <string>

namespace f = fixtures::transforms;
namespace optim = ashlar::optim;

namespace {

template <class Problem, class Make, class Examine> void twenty_steps(Make make, Examine examine) {
    Problem fused, buffered;
    auto optimizer = make(fused.model), long_form = make(buffered.model);
    for (int i = 0; i < 20; ++i) {
        optimizer.step(fused.loss());
        long_form.zero_grad();
        ashlar::backward(buffered.loss(), long_form.gradients());
        long_form.step();
        CHECK(support::same_bits(fused.model, buffered.model));
    }
    examine(optimizer);
}

}  // namespace

TEST_CASE("gradients of one norm, in the fused step and by hand", "[optim]") {
    using namespace f::clip_norm;
    const auto make = [](auto& m) { return optim::Adam{m, {.lr = 0.02}, optim::clip_grad_norm(0.1)}; };
    twenty_steps<support::classification>(make, [](auto& o) {
        support::weights_agree(o.model(), final_weight0, final_bias0, final_weight2, final_bias2);
    });
    // clip_grad_norm between backward and step is the same, bit for bit.
    support::classification fused, by_hand;
    auto optimizer = make(fused.model);
    optim::Adam plain{by_hand.model, {.lr = 0.02}};
    for (int i = 0; i < 20; ++i) {
        optimizer.step(fused.loss());
        plain.zero_grad();
        ashlar::backward(by_hand.loss(), plain.gradients());
        CHECK(optim::clip_grad_norm(plain.gradients(), 0.1) > 0.1F);
        plain.step();
        CHECK(support::same_bits(fused.model, by_hand.model));
    }
}

TEST_CASE("gradients within bounds", "[optim]") {
    using namespace f::clip_value;
    const auto make = [](auto& m) {
        return optim::SGD{m, {.lr = 0.1, .momentum = 0.9}, optim::clip_grad_value(0.05)};
    };
    twenty_steps<support::regression>(make, [](auto& o) {
        support::weights_agree(o.model(), final_weight0, final_bias0, final_weight2, final_bias2);
    });
}

TEST_CASE("gradients less their means", "[optim]") {
    using namespace f::centralized;
    const auto make = [](auto& m) { return optim::Adam{m, {.lr = 0.02}, optim::centralize_gradients()}; };
    twenty_steps<support::classification>(make, [](auto& o) {
        support::weights_agree(o.model(), final_weight0, final_bias0, final_weight2, final_bias2);
    });
}

TEST_CASE("a moving average of the weights", "[optim]") {
    using namespace f::exponential;
    const auto make = [](auto& m) {
        return optim::SGD{m, {.lr = 0.1, .momentum = 0.9}, optim::moving_average(0.9)};
    };
    support::regression before;
    auto fresh = make(before.model);
    CHECK(support::same_bits(fresh.averaged(), before.model));
    twenty_steps<support::regression>(make, [](auto& o) {
        support::weights_agree(o.model(), final_weight0, final_bias0, final_weight2, final_bias2);
        support::weights_agree(o.averaged(), average_weight0, average_bias0, average_weight2, average_bias2);
    });
}

TEST_CASE("the mean of the weights", "[optim]") {
    using namespace f::equal;
    const auto make = [](auto& m) { return optim::Adam{m, {.lr = 0.02}, optim::weight_average()}; };
    twenty_steps<support::classification>(make, [](auto& o) {
        support::weights_agree(o.model(), final_weight0, final_bias0, final_weight2, final_bias2);
        support::weights_agree(o.averaged(), average_weight0, average_bias0, average_weight2, average_bias2);
    });
    // From a step on, and every third: the mean of what the model is after steps 7 and 10.
    support::classification problem, plain;
    optim::Adam adam{problem.model, {.lr = 0.02}, optim::weight_average({.start = 4, .every = 3})};
    optim::Adam same{plain.model, {.lr = 0.02}};
    float at_seven = 0;
    const auto bias = [](auto& model) -> float& { return model.template get<0>().bias.data()[0]; };
    for (int i = 1; i <= 11; ++i) {
        adam.step(problem.loss());
        same.step(plain.loss());
        if (i < 7) CHECK(bias(adam.averaged()) == bias(plain.model));
        if (i == 7) at_seven = bias(plain.model);
        if (i == 10) CHECK(std::abs(bias(adam.averaged()) - (at_seven + bias(plain.model)) / 2) < 1e-6F);
    }
    CHECK(support::same_bits(problem.model, plain.model));
}

TEST_CASE("looking ahead", "[optim]") {
    using namespace f::lookahead;
    const auto make = [](auto& m) { return optim::Adam{m, {.lr = 0.02}, optim::lookahead(3, 0.6)}; };
    twenty_steps<support::classification>(make, [](auto& o) {
        support::weights_agree(o.model(), final_weight0, final_bias0, final_weight2, final_bias2);
    });
}

TEST_CASE("groups with options of their own", "[optim]") {
    using namespace f::groups;
    const auto make = [](auto& m) {
        return optim::AdamW{m, {.lr = 0.01}, optim::group<"0.weight", "2.bias">({.lr = 0.05}),
                            optim::group<"0.bias">({.weight_decay = 0.5})};
    };
    twenty_steps<support::classification>(make, [](auto& o) {
        support::weights_agree(o.model(), final_weight0, final_bias0, final_weight2, final_bias2);
        CHECK(o.lr() == 0.01);
    });
    // A schedule scales every rate.
    support::classification scheduled, halved;
    optim::SGD sgd{scheduled.model, {.lr = 0.2}, optim::group<"2">({.lr = 0.8})};
    optim::StepLR schedule{sgd, {.step_size = 1, .gamma = 0.5}};
    schedule.step();
    optim::SGD other{halved.model, {.lr = 0.1}, optim::group<"2">({.lr = 0.4})};
    sgd.step(scheduled.loss());
    other.step(halved.loss());
    CHECK(support::same_bits(scheduled.model, halved.model));
    CHECK_THROWS_AS((optim::SGD{halved.model, {.lr = 0.1}, optim::group<"2">({.weight_decay = 0.1})}), ashlar::error);
}

TEST_CASE("parameters that stay as they are have no gradient", "[optim]") {
    using namespace f::frozen;
    const auto make = [](auto& m) {
        return optim::SGD{m, {.lr = 0.1, .momentum = 0.9}, optim::freeze<"0.weight", "2.bias">};
    };
    twenty_steps<support::classification>(make, [](auto& o) {
        support::weights_agree(o.model(), final_weight0, final_bias0, final_weight2, final_bias2);
    });
    support::classification problem;
    optim::SGD first{problem.model, {.lr = 0.1}, optim::freeze<"0">};
    const std::string listing{plan(first, problem.loss()).c_str()};
    CHECK(listing.find("2.weight -= ") != std::string::npos);
    CHECK(listing.find("0.weight -= ") == std::string::npos);
    CHECK(listing.find(", 2.weight)") == std::string::npos);  // nothing is handed back to the first layer
}

TEST_CASE("transforms directly behind the model, and several in their order", "[optim]") {
    support::classification one, two, three;
    optim::Adam adam{one.model, optim::clip_grad_value(0.01), optim::clip_grad_norm(0.5), optim::moving_average(0.5)};
    optim::Adam plain{two.model};
    optim::Adam other{three.model, {}, optim::clip_grad_norm(0.5), optim::clip_grad_value(0.01)};
    for (int i = 0; i < 3; ++i) {
        adam.step(one.loss());
        plain.zero_grad();
        ashlar::backward(two.loss(), plain.gradients());
        optim::clip_grad_value(plain.gradients(), 0.01);
        optim::clip_grad_norm(plain.gradients(), 0.5);
        plain.step();
        CHECK(support::same_bits(one.model, two.model));
        other.step(three.loss());
    }
}

TEST_CASE("numbers of steps that are none", "[optim]") {
    CHECK_THROWS_AS(optim::lookahead(0), ashlar::error);
    CHECK_THROWS_AS(optim::weight_average({.every = 0}), ashlar::error);
}

// Rows of 17: in how many chains a sum of them is added up must not depend on where its operands come from.
TEST_CASE("sums in transforms are added up in one order in both forms", "[optim]") {
    using Model = ashlar::nn::Sequential<ashlar::nn::Linear<12, 17>, ashlar::nn::Tanh, ashlar::nn::Linear<17, 2>>;
    static ashlar::Tensor<float, 9, 12> x;
    static ashlar::Tensor<float, 9, 2> y;
    for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<float>(i * 7 % 11) / 5 - 1;
    for (std::size_t i = 0; i < y.size(); ++i) y.data()[i] = static_cast<float>(i % 5) / 2 - 1;
    for (unsigned seed = 0; seed < 20; ++seed) {
        Model fused{ashlar::seed(seed)}, buffered{ashlar::seed(seed)};
        const auto make = [](Model& m) {
            return optim::SGD{m, {.lr = 0.1}, optim::clip_grad_norm(0.2), optim::centralize_gradients()};
        };
        auto optimizer = make(fused), long_form = make(buffered);
        const ashlar::nn::MSELoss<> criterion;
        for (int i = 0; i < 5; ++i) {
            optimizer.step(criterion(fused(x), y));
            long_form.zero_grad();
            ashlar::backward(criterion(buffered(x), y), long_form.gradients());
            long_form.step();
        }
        CHECK(support::same_bits(fused, buffered));
    }
}
