// SPDX-License-Identifier: BSL-1.0
// What every layer computes, as loops over plain numbers with PyTorch's rules. Of the
// library's layers only the weights, the options and the template arguments are read.
#pragma once

#include "support/numbers.hpp"
#include "support/plain.hpp"

#include <ashlar/ashlar.hpp>

#include <algorithm>
#include <limits>

namespace support::plain {

namespace nn = ashlar::nn;

/// The weights of a model in the order in which its layers ask for them: at first those of the model.
struct parameters {
    std::vector<std::vector<double>> value;
    std::vector<std::vector<number>> now;  // on the tape
    std::vector<std::vector<double>> buffers;
    std::size_t next_buffer = 0;
    bool training = true;  // the form

    void rewind() { now.clear(), next_buffer = 0; }
    const std::vector<number>& take(const auto& weights) {
        if (now.size() == value.size()) value.emplace_back(weights.begin(), weights.end());
        const std::vector<double>& from = value[now.size()];
        std::vector<number>& to = now.emplace_back();
        for (const double x : from) to.push_back(variable(x));
        return to;
    }
    /// The number of the first of some buffers, in `buffers`.
    std::size_t take_buffers(const auto&... of) {
        const std::size_t first = next_buffer;
        next_buffer += sizeof...(of);
        if (first == buffers.size()) (buffers.emplace_back(of.begin(), of.end()), ...);
        return first;
    }
};

// ---- options -----------------------------------------------------------------------------------------------------

/// One number for each axis: the height and the width.
struct pair {
    std::size_t of[2];
};
struct window {
    pair taps{}, stride{{1, 1}}, padding{{0, 0}}, dilation{{1, 1}}, further{{0, 0}};
    std::size_t groups = 1;
    bool has_bias = true;
};

inline pair both(std::size_t n) { return {{n, n}}; }
inline pair both(std::size_t height, std::size_t width) { return {{height, width}}; }
template <std::size_t... N> void read(window& w, nn::stride<N...>) { w.stride = both(N...); }
template <std::size_t... N> void read(window& w, nn::padding<N...>) { w.padding = both(N...); }
template <std::size_t... N> void read(window& w, nn::dilation<N...>) { w.dilation = both(N...); }
template <std::size_t... N> void read(window& w, nn::output_padding<N...>) { w.further = both(N...); }
template <std::size_t N> void read(window& w, nn::groups<N>) { w.groups = N; }
inline void read(window& w, nn::no_bias) { w.has_bias = false; }
template <class T> void read(window&, nn::real<T>) {}

template <std::size_t Height, std::size_t Width> pair kernel_of(nn::kernel_size<Height, Width>) {
    return {{Height, Width}};
}
pair kernel_of(std::integral auto n) { return both(static_cast<std::size_t>(n)); }

/// Dimensions: 1 or 2, of which 1 is a height of 1.
template <int Dimensions, auto Kernel, class... Options> window window_of(bool strides_by_kernel) {
    window w;
    w.taps = kernel_of(Kernel);
    if (strides_by_kernel) w.stride = w.taps;
    (read(w, Options{}), ...);
    if (Dimensions == 1) w.taps.of[0] = w.stride.of[0] = w.dilation.of[0] = 1, w.padding.of[0] = w.further.of[0] = 0;
    return w;
}

// ---- windows -----------------------------------------------------------------------------------------------------

/// A tensor as images (batch, channels, height, width).
struct images {
    std::size_t batch = 1, channels, size[2];
    images(const tensor& x, int dimensions) {
        const std::size_t rank = x.dims.size(), d = static_cast<std::size_t>(dimensions);
        if (rank > d + 1) batch = x.dims[0];
        channels = x.dims[rank - 1 - d];
        size[0] = d == 2 ? x.dims[rank - 2] : 1;
        size[1] = x.last();
    }
    std::size_t place(std::size_t n, std::size_t c, std::size_t y, std::size_t x) const {
        return ((n * channels + c) * size[0] + y) * size[1] + x;
    }
};

inline tensor with_images(const tensor& x, int dimensions, std::size_t channels, pair size) {
    std::vector<std::size_t> dims = x.dims;
    dims[dims.size() - 1 - static_cast<std::size_t>(dimensions)] = channels;
    dims.back() = size.of[1];
    if (dimensions == 2) dims[dims.size() - 2] = size.of[0];
    return tensor{dims};
}
inline pair windows_in(const images& in, const window& w) {
    pair n{};
    for (int i = 0; i < 2; ++i)
        n.of[i] = (in.size[i] + 2 * w.padding.of[i] - w.dilation.of[i] * (w.taps.of[i] - 1) - 1) / w.stride.of[i] + 1;
    return n;
}

/// Calls visit(tap y, tap x, y, x) for what window (i, j) covers of the image itself.
void for_each_tap(const images& in, const window& w, std::size_t i, std::size_t j, auto visit) {
    for (std::size_t p = 0; p < w.taps.of[0]; ++p)
        for (std::size_t q = 0; q < w.taps.of[1]; ++q) {
            const std::size_t y = i * w.stride.of[0] + p * w.dilation.of[0],
                              x = j * w.stride.of[1] + q * w.dilation.of[1];
            if (y >= w.padding.of[0] && y - w.padding.of[0] < in.size[0] && x >= w.padding.of[1] &&
                x - w.padding.of[1] < in.size[1])
                visit(p, q, y - w.padding.of[0], x - w.padding.of[1]);
        }
}

/// Sets every element of the result to f(image number, channel, row, column) of the result.
tensor slide(const tensor& x, int dimensions, std::size_t channels, pair size, auto f) {
    tensor y = with_images(x, dimensions, channels, size);
    const images out{y, dimensions};
    for (std::size_t n = 0; n < out.batch; ++n)
        for (std::size_t c = 0; c < channels; ++c)
            for (std::size_t i = 0; i < size.of[0]; ++i)
                for (std::size_t j = 0; j < size.of[1]; ++j) y.at[out.place(n, c, i, j)] = f(n, c, i, j);
    return y;
}

inline tensor convolution(const tensor& x, int dimensions, const window& w, std::size_t outputs,
                          const std::vector<number>& weight, const std::vector<number>* bias) {
    const images in{x, dimensions};
    const std::size_t inside = in.channels / w.groups, outside = outputs / w.groups;
    return slide(
        x, dimensions, outputs, windows_in(in, w), [&](std::size_t n, std::size_t o, std::size_t i, std::size_t j) {
            number sum = bias != nullptr ? (*bias)[o] : number{0};
            for (std::size_t c = 0; c < inside; ++c)
                for_each_tap(in, w, i, j, [&](std::size_t p, std::size_t q, std::size_t y, std::size_t column) {
                    sum = sum + x.at[in.place(n, o / outside * inside + c, y, column)] *
                                    weight[((o * inside + c) * w.taps.of[0] + p) * w.taps.of[1] + q];
                });
            return sum;
        });
}

/// Every element of x times the weight, added to where the windows of a convolution have their taps.
inline tensor transposed_convolution(const tensor& x, int dimensions, const window& w, std::size_t outputs,
                                     const std::vector<number>& weight, const std::vector<number>* bias) {
    const images in{x, dimensions};
    const std::size_t inside = in.channels / w.groups, outside = outputs / w.groups;
    pair size{};
    for (int i = 0; i < 2; ++i)
        size.of[i] = (in.size[i] - 1) * w.stride.of[i] + w.dilation.of[i] * (w.taps.of[i] - 1) + 1 + w.further.of[i] -
                     2 * w.padding.of[i];
    tensor y = with_images(x, dimensions, outputs, size);
    const images out{y, dimensions};
    for (std::size_t n = 0; n < in.batch; ++n)
        for (std::size_t o = 0; o < outputs; ++o) {
            for (std::size_t i = 0; i < size.of[0] * size.of[1]; ++i)
                if (bias != nullptr) y.at[out.place(n, o, 0, i)] = (*bias)[o];
            for (std::size_t k = 0; k < inside; ++k) {
                const std::size_t c = o / outside * inside + k;
                for (std::size_t i = 0; i < in.size[0]; ++i)
                    for (std::size_t j = 0; j < in.size[1]; ++j)
                        for_each_tap(out, w, i, j, [&](std::size_t p, std::size_t q, std::size_t row, std::size_t at) {
                            number& to = y.at[out.place(n, o, row, at)];
                            to = to + x.at[in.place(n, c, i, j)] *
                                          weight[((c * outside + o % outside) * w.taps.of[0] + p) * w.taps.of[1] + q];
                        });
            }
        }
    return y;
}

/// The first of the largest.
inline tensor largest(const tensor& x, int dimensions, const window& w) {
    const images in{x, dimensions};
    return slide(x, dimensions, in.channels, windows_in(in, w),
                 [&](std::size_t n, std::size_t c, std::size_t i, std::size_t j) {
                     number most = -std::numeric_limits<double>::infinity();
                     for_each_tap(in, w, i, j, [&](std::size_t, std::size_t, std::size_t y, std::size_t column) {
                         if (x.at[in.place(n, c, y, column)].value > most.value) most = x.at[in.place(n, c, y, column)];
                     });
                     return most;
                 });
}
/// The zeros around the image count.
inline tensor means(const tensor& x, int dimensions, const window& w) {
    const images in{x, dimensions};
    return slide(x, dimensions, in.channels, windows_in(in, w),
                 [&](std::size_t n, std::size_t c, std::size_t i, std::size_t j) {
                     number sum = 0;
                     for_each_tap(in, w, i, j, [&](std::size_t, std::size_t, std::size_t y, std::size_t column) {
                         sum = sum + x.at[in.place(n, c, y, column)];
                     });
                     return sum / static_cast<double>(w.taps.of[0] * w.taps.of[1]);
                 });
}

// ---- layers ------------------------------------------------------------------------------------------------------

tensor each(tensor x, auto f) {
    for (number& v : x.at) v = f(v);
    return x;
}

template <std::size_t In, std::size_t Out, class... O> tensor run(const nn::Linear<In, Out, O...>& layer,
                                                                  const tensor& x, parameters& p) {
    const std::vector<number> weight = p.take(layer.weight);
    std::vector<number> bias(Out, 0.0);
    if constexpr (!(std::is_same_v<O, nn::no_bias> || ...)) bias = p.take(layer.bias);
    std::vector<std::size_t> dims = x.dims;
    dims.back() = Out;
    tensor y{dims};
    for (std::size_t row = 0; row < x.at.size() / In; ++row)
        for (std::size_t o = 0; o < Out; ++o) {
            number sum = bias[o];
            for (std::size_t i = 0; i < In; ++i) sum = sum + x.at[row * In + i] * weight[o * In + i];
            y.at[row * Out + o] = sum;
        }
    return y;
}

template <int Dimensions, std::size_t Out, auto Kernel, class... O> tensor
run_convolution(const auto& layer, const tensor& x, parameters& p) {
    const window w = window_of<Dimensions, Kernel, O...>(false);
    const std::vector<number> weight = p.take(layer.weight);
    if constexpr ((std::is_same_v<O, nn::no_bias> || ...)) {
        return convolution(x, Dimensions, w, Out, weight, nullptr);
    } else {
        const std::vector<number> bias = p.take(layer.bias);
        return convolution(x, Dimensions, w, Out, weight, &bias);
    }
}
template <std::size_t In, std::size_t Out, auto Kernel, class... O> tensor
run(const nn::Conv1d<In, Out, Kernel, O...>& layer, const tensor& x, parameters& p) {
    return run_convolution<1, Out, Kernel, O...>(layer, x, p);
}
template <std::size_t In, std::size_t Out, auto Kernel, class... O> tensor
run(const nn::Conv2d<In, Out, Kernel, O...>& layer, const tensor& x, parameters& p) {
    return run_convolution<2, Out, Kernel, O...>(layer, x, p);
}

template <int Dimensions, std::size_t Out, auto Kernel, class... O> tensor
run_transposed(const auto& layer, const tensor& x, parameters& p) {
    const window w = window_of<Dimensions, Kernel, O...>(false);
    const std::vector<number> weight = p.take(layer.weight);
    if constexpr ((std::is_same_v<O, nn::no_bias> || ...)) {
        return transposed_convolution(x, Dimensions, w, Out, weight, nullptr);
    } else {
        const std::vector<number> bias = p.take(layer.bias);
        return transposed_convolution(x, Dimensions, w, Out, weight, &bias);
    }
}
template <std::size_t In, std::size_t Out, auto Kernel, class... O> tensor
run(const nn::ConvTranspose1d<In, Out, Kernel, O...>& layer, const tensor& x, parameters& p) {
    return run_transposed<1, Out, Kernel, O...>(layer, x, p);
}
template <std::size_t In, std::size_t Out, auto Kernel, class... O> tensor
run(const nn::ConvTranspose2d<In, Out, Kernel, O...>& layer, const tensor& x, parameters& p) {
    return run_transposed<2, Out, Kernel, O...>(layer, x, p);
}

template <auto Kernel, class... O> tensor run(const nn::MaxPool1d<Kernel, O...>&, const tensor& x, parameters&) {
    return largest(x, 1, window_of<1, Kernel, O...>(true));
}
template <auto Kernel, class... O> tensor run(const nn::MaxPool2d<Kernel, O...>&, const tensor& x, parameters&) {
    return largest(x, 2, window_of<2, Kernel, O...>(true));
}
template <auto Kernel, class... O> tensor run(const nn::AvgPool1d<Kernel, O...>&, const tensor& x, parameters&) {
    return means(x, 1, window_of<1, Kernel, O...>(true));
}
template <auto Kernel, class... O> tensor run(const nn::AvgPool2d<Kernel, O...>&, const tensor& x, parameters&) {
    return means(x, 2, window_of<2, Kernel, O...>(true));
}

template <std::size_t Height, std::size_t Width> tensor run(const nn::AdaptiveAvgPool2d<Height, Width>&,
                                                            const tensor& x, parameters&) {
    const images in{x, 2};
    const auto begin = [](std::size_t i, std::size_t size, std::size_t n) { return i * size / n; };
    const auto end = [](std::size_t i, std::size_t size, std::size_t n) { return ((i + 1) * size + n - 1) / n; };
    return slide(x, 2, in.channels, {{Height, Width}}, [&](std::size_t n, std::size_t c, std::size_t i, std::size_t j) {
        number sum = 0;
        double count = 0;
        for (std::size_t y = begin(i, in.size[0], Height); y < end(i, in.size[0], Height); ++y)
            for (std::size_t column = begin(j, in.size[1], Width); column < end(j, in.size[1], Width);
                 ++column, ++count)
                sum = sum + x.at[in.place(n, c, y, column)];
        return sum / count;
    });
}

inline tensor run(const nn::Identity&, const tensor& x, parameters&) { return x; }
inline tensor run(const nn::Flatten&, tensor x, parameters&) {
    if (x.dims.size() > 1) x.dims = {x.dims[0], x.at.size() / x.dims[0]};
    return x;
}
inline tensor run(const nn::ReLU&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return v.value > 0 ? v : number{0}; });
}
inline tensor run(const nn::LeakyReLU& layer, const tensor& x, parameters&) {
    return each(x, [&](const number& v) { return v.value > 0 ? v : v * layer.negative_slope.value; });
}
inline tensor run(const nn::Tanh&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return tanh(v); });
}
inline tensor run(const nn::Sigmoid&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return sigmoid(v); });
}
inline tensor run(const nn::SiLU&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return v * sigmoid(v); });
}
inline tensor run(const nn::GELU&, const tensor& x, parameters&) {
    return each(x, [](const number& v) { return v * 0.5 * (1 + erf(v * std::sqrt(0.5))); });
}
inline tensor run(const nn::GELUTanh&, const tensor& x, parameters&) {
    return each(x, [](const number& v) {
        return v * 0.5 * (1 + tanh(std::sqrt(2 / std::acos(-1.0)) * (v + 0.044715 * v * v * v)));
    });
}
inline tensor run(const nn::Softplus& layer, const tensor& x, parameters&) {
    const double beta = layer.beta.value, threshold = layer.threshold.value;
    return each(x, [&](const number& v) { return v.value * beta > threshold ? v : log1p(exp(v * beta)) / beta; });
}
inline tensor run(const Numbers& layer, const tensor& x, parameters& p) {
    number w[4];
    int i = 0;
    for (const ashlar::Tensor<float>* weight : {&layer.a, &layer.b, &layer.c, &layer.d})
        w[i++] = p.take(std::vector<float>(weight->data(), weight->data() + 1)).front();
    return each(x, [&](const number& v) { return w[0] * v * v + w[1] * v + w[2] * tanh(w[3] * v); });
}
template <std::size_t Scale, std::size_t Dim, class... Options>
tensor run(const Words<Scale, Dim, Options...>& layer, const tensor& x, parameters& p) {
    const auto& weight = layer.table.weight;
    const std::vector<number> table = p.take(weight);
    auto dims = x.dims;
    dims.push_back(Dim);
    tensor y{std::move(dims)};
    for (std::size_t i = 0; i < x.at.size(); ++i) {
        const auto row = static_cast<std::size_t>(std::abs(x.at[i].value) * static_cast<double>(Scale));
        const bool learns = static_cast<ashlar::index>(row) != layer.table.padding;
        for (std::size_t k = 0; k < Dim; ++k)
            y.at[i * Dim + k] = learns ? table[row * Dim + k] : number{table[row * Dim + k].value};
    }
    return y;
}
template <int Axis> tensor run(const nn::Softmax<Axis>&, const tensor& x, parameters&) {
    const int rank = static_cast<int>(x.dims.size());
    return each(log_softmax(x, static_cast<std::size_t>(Axis < 0 ? Axis + rank : Axis)),
                [](const number& v) { return exp(v); });
}

template <class Layers, std::size_t... I> tensor run_each(const Layers& layers, tensor x, parameters& p,
                                                          std::index_sequence<I...>) {
    ((x = run(layers.template get<I>(), x, p)), ...);
    return x;
}
template <class... Layers> tensor run(const nn::Sequential<Layers...>& layer, const tensor& x, parameters& p) {
    return run_each(layer, x, p, std::index_sequence_for<Layers...>{});
}
template <class... Layers> tensor run(const nn::Residual<Layers...>& layer, const tensor& x, parameters& p) {
    tensor y = run_each(layer, x, p, std::index_sequence_for<Layers...>{});
    for (std::size_t i = 0; i < y.at.size(); ++i) y.at[i] = x.at[i] + y.at[i];
    return y;
}

// ---- losses ------------------------------------------------------------------------------------------------------

template <class Reduction> number run(const nn::MSELoss<Reduction>&, const tensor& x,
                                      const std::vector<double>& target) {
    number sum = 0;
    for (std::size_t i = 0; i < x.at.size(); ++i) sum = sum + (x.at[i] - target[i]) * (x.at[i] - target[i]);
    return std::is_same_v<Reduction, nn::reduction::mean> ? sum / static_cast<double>(x.at.size()) : sum;
}

/// The target: as many class indices as there are rows, or a probability for every logit.
template <class Reduction> number run(const nn::CrossEntropyLoss<Reduction>& loss, const tensor& x,
                                      const std::vector<double>& target) {
    const std::size_t axis = x.dims.size() > 1 ? 1 : 0;
    const lines l{x, axis};
    const tensor logs = log_softmax(x, axis);
    const bool probabilities = target.size() == x.at.size();
    const double smoothing = loss.label_smoothing.value, classes = static_cast<double>(l.along);
    number sum = 0;
    double count = 0;
    for (std::size_t b = 0; b < l.before; ++b)
        for (std::size_t a = 0; a < l.after; ++a) {
            if (!probabilities && target[b * l.after + a] == loss.ignore_index.value) continue;
            ++count;
            for (std::size_t i = 0; i < l.along; ++i) {
                const double share = probabilities                                       ? target[l.place(b, i, a)]
                                     : target[b * l.after + a] == static_cast<double>(i) ? 1
                                                                                         : 0;
                sum = sum - logs.at[l.place(b, i, a)] * (share * (1 - smoothing) + smoothing / classes);
            }
        }
    return std::is_same_v<Reduction, nn::reduction::mean> ? sum / count : sum;
}

}  // namespace support::plain
