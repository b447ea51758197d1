// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/optim/optimizer.hpp"
#include "ashlar/optim/wolfe.hpp"

namespace ashlar {
template <class Model>
struct LBFGS_has_the_options_lr_max_iter_max_eval_tolerance_grad_and_change_line_search_fn__history_size_is_a_tag
    : refusal {};
}  // namespace ashlar

namespace ashlar::optim {

enum class line_search : unsigned char { none, strong_wolfe };
inline constexpr line_search strong_wolfe = line_search::strong_wolfe;

/// How many steps L-BFGS remembers, known while compiling: `LBFGS lbfgs{model, {.lr = 1}, optim::history_size<10>}`.
template <std::size_t Steps> struct history_of {};
template <std::size_t Steps>
    requires(Steps > 0)
inline constexpr history_of<Steps> history_size{};

struct LBFGSOptions {
    double lr = 1;
    int max_iter = 20;             // in one step
    int max_eval = -1;             // of the loss in one step; negative: max_iter * 5 / 4
    double tolerance_grad = 1e-7;  // the largest element of the gradient
    double tolerance_change = 1e-9;
    line_search line_search_fn = line_search::none;
};

/// No rule for one parameter alone: the options, for what all optimizers have.
struct lbfgs_rule {
    using options_type = LBFGSOptions;
    static constexpr int states = 0, numbers = 0;
    options_type options;

    static constexpr void check_options(const options_type& o) {
        if (o.max_iter < 1) ashlar::detail::raise_error("LBFGS: max_iter is ", o.max_iter, ", expected at least 1");
    }
};

}  // namespace ashlar::optim

namespace ashlar::detail {

/// The last changes s of the parameters and y of the gradient, and the direction that they give: H g, H the inverse of
/// the Hessian as far as they tell, by the recursion of two loops (Nocedal 1980; Nocedal and Wright, algorithm 7.4).
template <class T, std::size_t Size, std::size_t History> class lbfgs_history {
public:
    constexpr void clear() { count_ = 0, next_ = 0, scale_ = 1; }

    /// y = now - before, s = t direction; not kept where the curvature y s is not positive.
    constexpr void add(const T* now, const T* before, double t, const T* direction) {
        T *y = y_[next_], *s = s_[next_];
        const T length = static_cast<T>(t);
        for (std::size_t i = 0; i < Size; ++i) y[i] = now[i] - before[i], s[i] = direction[i] * length;
        const double curvature = flat_dot(y, s, Size);
        if (!(curvature > 1e-10)) return;
        rho_[next_] = 1 / curvature;
        scale_ = curvature / flat_dot(y, y, Size);
        next_ = (next_ + 1) % (History + 1);
        if (count_ < History) ++count_;
    }
    /// direction = -H gradient.
    constexpr void find(const T* gradient, T* direction) {
        double alpha[History]{};
        for (std::size_t i = 0; i < Size; ++i) direction[i] = -gradient[i];
        for (std::size_t k = 0; k < count_; ++k) {
            const std::size_t i = place(k);
            alpha[k] = flat_dot(s_[i], direction, Size) * rho_[i];
            flat_add(direction, -alpha[k], y_[i], Size);
        }
        const T scale = static_cast<T>(scale_);
        for (std::size_t i = 0; i < Size; ++i) direction[i] *= scale;
        for (std::size_t k = count_; k-- > 0;) {
            const std::size_t i = place(k);
            const double beta = kernels::rounded(flat_dot(y_[i], direction, Size) * rho_[i]);
            flat_add(direction, alpha[k] - beta, s_[i], Size);
        }
    }

private:
    // Of the step before the last k. One place is free for what may not be kept.
    constexpr std::size_t place(std::size_t k) const { return (next_ + History - k) % (History + 1); }

    T y_[History + 1][Size]{}, s_[History + 1][Size]{};
    double rho_[History + 1]{};
    double scale_ = 1;  // of the Hessian's inverse before any of them
    std::size_t count_ = 0, next_ = 0;
};

/// What L-BFGS knows between two steps.
template <class Model, std::size_t History, class Fault = trained_model_fault<Model>> struct lbfgs_state {
    static constexpr std::size_t size = 0;
};
template <class Model, std::size_t History> struct lbfgs_state<Model, History, void> {
    static constexpr std::size_t size = parameter_count<Model>;
    using element = flat_element<Model>;
    lbfgs_history<element, size, History> history;
    element gradient[size]{}, before[size]{};  // now, and where the last direction was found
    element direction[size]{}, start[size]{};  // from there
    element at_end[2][size]{};                 // gradients at the ends of a line search
    double length = 0;                         // the way along the direction
    long long iterations = 0, evaluations = 0;
};

}  // namespace ashlar::detail

namespace ashlar::optim {

/// Limited-memory BFGS as PyTorch 1.13 has it, for a loss that is the same in every evaluation (all rows, no dropout):
///     optim::LBFGS lbfgs{model, {.lr = 1, .line_search_fn = optim::strong_wolfe}, optim::history_size<10>};
///     float before = lbfgs.step(criterion(model(x), y));
/// Where PyTorch takes a closure, the expression itself is evaluated again, up to `max_eval` times a step, with the
/// parameters moved where they lie; every evaluation is one of training (statistics and dropout's stream advance). The
/// value is that of the loss before the step.
///
/// Stops where the largest element of the gradient is at most `tolerance_grad`, or where loss or parameters change by
/// less than `tolerance_change`. Without a line search the first step is min(1, 1 / |g|_1) lr long, the others lr. It
/// keeps 2 (history_size + 1) + 6 vectors of the model's size in itself (the default of 100 is PyTorch's: with a large
/// model it is static or on the heap), and allocates nothing. Parameters without a gradient stay as they are.
/// It takes no transforms.
template <class Model, std::size_t History = 100> struct LBFGS : optimizer<Model, lbfgs_rule> {
    using base = optimizer<Model, lbfgs_rule>;
    using base::base;
    template <class Given> constexpr LBFGS(Given&& model, const LBFGSOptions& with, history_of<History>)
        : base{std::forward<Given>(model), with} {}
    template <class Given> constexpr LBFGS(Given&& model, history_of<History>) : base{std::forward<Given>(model)} {}

    /// Several iterations; the loss before them.
    template <class Loss> constexpr auto step(const Loss& loss) noexcept {
        if constexpr (size == 0 || is_poison<Loss>) {
            return poison{};  // it has been told
        } else if constexpr (!std::is_void_v<ashlar::detail::loss_fault<Loss, Model>>) {
            [[maybe_unused]] poison& fault = refused<ashlar::detail::loss_fault<Loss, Model>>;
            return poison{};
        } else {
            const auto first = evaluate(loss);
            iterate(loss, static_cast<double>(first));
            return first;
        }
    }
    /// Iterations and evaluations of the loss in all steps: PyTorch's `n_iter` and `func_evals`.
    constexpr long long iterations() const { return state_.iterations; }
    constexpr long long evaluations() const { return state_.evaluations; }
    /// Forgets all steps: for a loss that has become another one.
    constexpr void reset() { state_.history.clear(), state_.iterations = state_.evaluations = 0; }

private:
    using state = ashlar::detail::lbfgs_state<Model, History>;
    static constexpr std::size_t size = state::size;

    // The loss, and its gradient in the state.
    template <class Loss> constexpr auto evaluate(const Loss& loss) {
        this->zero_grad();
        const auto value = ashlar::detail::run_backward(loss, this->model(), this->gradients());
        ashlar::detail::flatten(static_cast<const Model&>(this->gradients()), state_.gradient);
        ++state_.evaluations;
        return value;
    }
    constexpr bool is_flat() const {
        return ashlar::detail::flat_largest(state_.gradient, size) <= this->options.tolerance_grad;
    }
    static constexpr void copy(const auto* from, auto* to) {
        for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
    }

    template <class Loss> constexpr void iterate(const Loss& loss, double value) {
        const auto& o = this->options;
        const long long most = o.max_eval < 0 ? o.max_iter * 5LL / 4 : o.max_eval;
        const long long evaluated = state_.evaluations - 1;
        if (is_flat()) return;
        for (int i = 1;; ++i) {
            find_direction();
            const double slope = ashlar::detail::flat_dot(state_.gradient, state_.direction, size);
            if (slope > -o.tolerance_change) return;
            const double before = value, longest = ashlar::detail::flat_largest(state_.direction, size);
            if (o.line_search_fn == line_search::strong_wolfe) {
                value = search(loss, {0, value, slope}, longest);
            } else {
                move(state_.length);
                if (i != o.max_iter) value = static_cast<double>(evaluate(loss));
            }
            if (i == o.max_iter || state_.evaluations - evaluated >= most || is_flat()) return;
            if (ashlar::detail::magnitude(state_.length) * longest <= o.tolerance_change) return;
            if (ashlar::detail::magnitude(value - before) < o.tolerance_change) return;
        }
    }

    // The direction from here, and the length that is tried first.
    constexpr void find_direction() {
        state& s = state_;
        if (s.iterations > 0) s.history.add(s.gradient, s.before, s.length, s.direction);
        s.history.find(s.gradient, s.direction);
        copy(s.gradient, s.before);
        s.length = this->options.lr;
        if (s.iterations++ == 0) {
            double sum = 0;
            for (const auto g : s.gradient) sum += ashlar::detail::magnitude(static_cast<double>(g));
            if (1 / sum < 1) s.length *= 1 / sum;
        }
        ashlar::detail::flatten(static_cast<const Model&>(this->model()), s.start);
    }

    // The parameters to where they are `length` along the direction.
    constexpr void move(double length) {
        using T = typename state::element;
        ashlar::detail::visit_parameters(this->model(), [&, i = std::size_t{0}](auto& parameter) mutable {
            for (auto& element : parameter) {
                const double moved =
                    ashlar::detail::plus_product(state_.start[i], static_cast<T>(length), state_.direction[i]);
                element = static_cast<std::remove_reference_t<decltype(element)>>(moved);
                ++i;
            }
        });
    }

    // Moves to where the loss is low enough; gradient and length are those there.
    template <class Loss> constexpr double search(const Loss& loss, const ashlar::detail::line_point& start,
                                                  double longest) {
        state& s = state_;
        const auto at = [&](double t) -> ashlar::detail::line_point {
            move(t);
            const double value = static_cast<double>(evaluate(loss));
            return {t, value, ashlar::detail::flat_dot(s.gradient, s.direction, size)};
        };
        const auto keep = [&](int place) {
            if (place < 2) copy(s.gradient, s.at_end[place]);
            else copy(s.before, s.at_end[0]);
        };
        ashlar::detail::wolfe_search line{start, longest, at, keep};
        const ashlar::detail::line_point found = line.run(s.length);
        copy(s.at_end[line.low], s.gradient);
        s.length = found.t;
        move(found.t);
        return found.loss;
    }

    [[no_unique_address]] state state_{};
};
LBFGS() -> LBFGS<ashlar::detail::no_model_given>;
template <class Given> LBFGS(Given&&, LBFGSOptions = {}) -> LBFGS<ashlar::detail::model_given<Given>>;
template <class Given, std::size_t Steps> LBFGS(Given&&, LBFGSOptions, history_of<Steps>)
    -> LBFGS<ashlar::detail::model_given<Given>, Steps>;
template <class Given, std::size_t Steps> LBFGS(Given&&, history_of<Steps>)
    -> LBFGS<ashlar::detail::model_given<Given>, Steps>;
template <class Model, class Got = ashlar::detail::options_of_others> LBFGS(const volatile Model&, Got)
    -> LBFGS<ashlar::detail::wrong_options<
        Got, LBFGS_has_the_options_lr_max_iter_max_eval_tolerance_grad_and_change_line_search_fn__history_size_is_a_tag<
                 Model>>>;

}  // namespace ashlar::optim
