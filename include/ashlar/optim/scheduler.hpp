// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/optimizer.hpp"

#include <initializer_list>

namespace ashlar::optim {

/// A list as an option, `.milestones = {5, 12, 20}`: up to 32 of them, and no memory elsewhere.
template <class T> class list_of {
public:
    static constexpr int capacity = 32;

    constexpr list_of() = default;
    constexpr list_of(std::initializer_list<T> of) {
        if (of.size() > capacity) ashlar::detail::raise_error("a schedule: a list of more than 32");
        for (const T& x : of) element_[size_++] = x;
    }
    constexpr int size() const { return size_; }
    constexpr const T& operator[](int i) const { return element_[i]; }
    constexpr const T* begin() const { return element_; }
    constexpr const T* end() const { return element_ + size_; }

private:
    T element_[capacity]{};
    int size_ = 0;
};

/// What every schedule is: it changes the rate of an optimizer, which has to stay where it is. `step()` stands after
/// the optimizer's steps of an epoch, or after each where PyTorch says so (CyclicLR, OneCycleLR). As in PyTorch most
/// rates are computed from the last one, so that schedules of one optimizer multiply.
class scheduler {
public:
    /// The next epoch.
    constexpr virtual void step() {
        ++last_epoch_;
        set(next(lr()));
    }
    /// Epoch 0 from a rate; the constructor of a schedule does it with the optimizer's.
    constexpr virtual void begin(double from) {
        last_epoch_ = 0;
        set(first(from));
    }
    /// The rate of the optimizer before any schedule.
    constexpr double base_lr() const { return base_lr_; }
    constexpr double get_last_lr() const { return lr(); }
    constexpr int last_epoch() const { return last_epoch_; }

protected:
    template <class Model, class Rule> constexpr explicit scheduler(optimizer<Model, Rule>& of)
        : at_{of.scheduled()}, base_lr_{*at_.initial_lr} {}
    constexpr scheduler(const scheduler&) = default;
    constexpr scheduler& operator=(const scheduler&) = default;
    constexpr ~scheduler() = default;

    /// The rate of epoch 0 where it was `lr`, and that of `last_epoch()` where it was `lr` in the one before.
    constexpr virtual double first(double lr) { return lr; }
    constexpr virtual double next(double lr) { return lr; }
    constexpr double lr() const { return *at_.lr; }
    constexpr void set(double lr) { *at_.lr = lr; }
    constexpr const scheduled_numbers& at() const { return at_; }

private:
    scheduled_numbers at_;
    double base_lr_;
    int last_epoch_ = 0;
};

}  // namespace ashlar::optim

namespace ashlar::detail {

constexpr void expect_option(bool holds, const char* otherwise) {
    if (!holds) raise_error(otherwise);
}

/// Which of the names that an option has is given: `which_name("max", "min", "max")` is 1, and -1 is none.
constexpr int which_name(const char* given, const auto*... name) {
    int at = 0, found = -1;
    const auto compare = [&](const char* other) {
        int i = 0;
        while (given[i] != '\0' && given[i] == other[i]) ++i;
        if (given[i] == other[i]) found = at;
        ++at;
    };
    (compare(name), ...);
    return found;
}

}  // namespace ashlar::detail
