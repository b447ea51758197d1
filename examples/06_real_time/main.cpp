// SPDX-License-Identifier: BSL-1.0
#include <ashlar/ashlar.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <vector>

// Every allocation of the program is counted, whoever asks for it.
static int allocations = 0;

static void* allocate(std::size_t size, std::size_t alignment) {
    ++allocations;
    void* memory = std::aligned_alloc(alignment, (size + alignment) / alignment * alignment);
    return memory != nullptr ? memory : throw std::bad_alloc();
}
void* operator new(std::size_t size) { return allocate(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace nn = ashlar::nn;
namespace optim = ashlar::optim;
using ashlar::Tensor;

constexpr int block = 512, taps = 32;
constexpr double sample_rate = 48000;

using Frames = Tensor<float, block, taps>;
using Model = nn::Sequential<nn::Linear<taps, 16>, nn::Tanh, nn::Linear<16, 1>>;

/// What the network learns: an amplifier that softens, then saturates.
struct Amplifier {
    float low = 0;
    float operator()(float in) { return std::tanh(4 * (low += 0.3f * (in - low))); }
};

/// A sound to practise on and to be tested with: a decaying chord in noise.
struct Sound {
    ashlar::generator random;
    long time = 0;
    float operator()() {
        const auto t = static_cast<float>(time++ % 48000) / 48000.0f;
        const float chord = std::sin(691.2f * t) + std::sin(870.8f * t) + std::sin(1036.7f * t);
        return std::exp(-3 * t) * 0.25f * chord + random.uniform(0.15f);
    }
};

/// The last samples before every sample of a block, beside one another: what a filter with 32 taps sees.
class Window {
public:
    void slide(const float* in, Frames& frames) {
        std::copy(line_ + block, line_ + block + taps, line_);
        std::copy(in, in + block, line_ + taps);
        for (int i = 0; i < block; ++i)
            for (int k = 0; k < taps; ++k) frames(i, k) = line_[taps + i - k];
    }

private:
    float line_[block + taps]{};
};

using Dry = ashlar::TensorView<const float, block>;
using Wet = ashlar::TensorView<float, block>;

/// What is heard: the network's answer and a little of the sound itself. A typed expression, not yet a value.
auto mixed(const Model& model, const Frames& frames, const Dry& dry) {
    return 0.9f * reshape<block>(model(frames)) + 0.1f * dry;
}
using Mixed = decltype(mixed(std::declval<const Model&>(), std::declval<const Frames&>(), std::declval<const Dry&>()));

/// The effect as a plug-in has it: all its memory is a member, `process` may be called from the audio thread.
class Effect {
public:
    explicit Effect(const Model& model) : model_{model} {}

    void process(const float* in, float* out) noexcept {
        window_.slide(in, frames_);
        // the host's buffers take part as they are
        ashlar::evaluate(mixed(model_, frames_, Dry{in}), Wet{out}, scratch_);
    }

private:
    Model model_;
    Window window_;
    Frames frames_;
    ashlar::Workspace<Mixed> scratch_;
};

Model trained_model() {
    static Model model{ashlar::seed(0)};
    static Frames frames;
    nn::MSELoss criterion;
    optim::Adam adam{model, {.lr = 2e-3f}};
    Sound sound{ashlar::generator{ashlar::seed(1)}};
    Amplifier amplifier;
    Window window;
    Tensor<float, block> in;
    Tensor<float, block, 1> wanted;
    double sum = 0;
    for (int step = 1; step <= 3000; ++step) {
        for (int i = 0; i < block; ++i) wanted(i, 0) = amplifier(in(i) = sound());
        window.slide(in.data(), frames);
        sum += static_cast<double>(adam.step(criterion(model(frames), wanted)));
        if (step % 500 == 0) std::printf("step %4d  loss %.5f\n", step, sum / 500), sum = 0;
    }
    return model;
}

int main() {
    std::printf("learning an amplifier from its sound: %zu parameters\n", ashlar::parameter_count<Model>);
    static Effect effect{trained_model()};

    constexpr int blocks = 2000;
    Sound sound{ashlar::generator{ashlar::seed(2)}};
    Amplifier amplifier;
    std::vector<float> in(block), out(block), wanted(block);
    std::vector<double> microseconds(blocks);
    double error = 0, power = 0;

    const int before = allocations;
    for (int b = 0; b < blocks; ++b) {
        for (std::size_t i = 0; i < block; ++i) wanted[i] = amplifier(in[i] = sound());
        const auto begun = std::chrono::steady_clock::now();
        effect.process(in.data(), out.data());
        microseconds[static_cast<std::size_t>(b)] =
            std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begun).count();
        for (std::size_t i = 0; i < block; ++i) {
            const double target = 0.9 * static_cast<double>(wanted[i]) + 0.1 * static_cast<double>(in[i]);
            error += (target - static_cast<double>(out[i])) * (target - static_cast<double>(out[i]));
            power += target * target;
        }
    }
    const int allocated = allocations - before;

    std::sort(microseconds.begin(), microseconds.end());
    const double median = microseconds[blocks / 2], most = microseconds[blocks * 99 / 100],
                 budget = block / sample_rate * 1e6;
    std::printf("error to signal: %.1f dB\n", 10 * std::log10(error / power));
    std::printf("a block of %d samples lasts %.0f us at 48 kHz; processed in %.1f us (median of %d), 99%% in %.1f us\n",
                block, budget, median, blocks, most);
    std::printf("%.0f times faster than real time\n", budget / median);
    std::printf("allocations while processing: %d\n", allocated);
    return allocated == 0 ? 0 : 1;
}
