// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>

#if __has_include(<unistd.h>)
    #include <unistd.h>
#elif __has_include(<io.h>)
    #include <io.h>
#endif

namespace ashlar::detail {

inline bool is_terminal(std::FILE* stream) {
#if __has_include(<unistd.h>)
    return isatty(fileno(stream)) != 0;
#elif __has_include(<io.h>)
    return _isatty(_fileno(stream)) != 0;
#else
    return stream == nullptr;
#endif
}

/// What training says on standard output: a line an epoch, and on a terminal a bar that grows into that line.
class progress {
public:
    progress(bool wanted, int epochs, std::size_t batches)
        : wanted_{wanted}, bar_{wanted && is_terminal(stdout)}, epochs_{epochs}, batches_{batches} {}

    void begin_epoch() {
        ++epoch_;
        filled_ = -1;
        begun_ = clock::now();
    }

    void batch_done(std::size_t count, double loss) {
        const int filled = static_cast<int>(count * width / batches_);
        if (!bar_ || filled == filled_) return;
        filled_ = filled;
        char bar[width + 1]{};
        for (int i = 0; i < width; ++i) bar[i] = i < filled ? '#' : '.';
        std::printf("\r%s  [%s]  loss %.4f", title(), bar, loss);
        std::fflush(stdout);
    }

    void loss(double loss) {
        if (wanted_) std::printf("%s%s  loss %.4f", bar_ ? "\r\x1b[K" : "", title(), loss);
    }
    void value(const char* name, double value) {
        if (wanted_) std::printf("  %s %.4f", name, value);
    }
    void end_epoch() {
        if (!wanted_) return;
        const std::chrono::duration<double> seconds = clock::now() - begun_;
        std::printf("  %.3f s\n", seconds.count());
        std::fflush(stdout);
    }
    void stopped(int patience, int best_epoch) {
        if (wanted_)
            std::printf("stopped: no epoch of the last %d was better than epoch %d\n", patience, best_epoch + 1);
    }

private:
    using clock = std::chrono::steady_clock;
    static constexpr int width = 30;

    const char* title() {
        std::snprintf(title_, sizeof title_, "epoch %*d/%d",
                      epochs_ < 10     ? 1
                      : epochs_ < 100  ? 2
                      : epochs_ < 1000 ? 3
                                       : 4,
                      epoch_, epochs_);
        return title_;
    }

    bool wanted_, bar_;
    int epochs_, epoch_ = 0, filled_ = -1;
    std::size_t batches_;
    clock::time_point begun_{};
    char title_[40]{};
};

}  // namespace ashlar::detail
