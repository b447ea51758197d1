// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/train/history.hpp"

#include <cmath>

// A history as a picture: SVG, which every browser shows, written here without another program.
namespace ashlar::detail {

/// One diagram: numbers from 1 on to the right, values upwards.
class diagram {
public:
    diagram(double left, const std::vector<named_curve>& curves) : left_{left}, curves_{curves} {
        for (const auto& c : curves) {
            epochs_ = c.values->size() > epochs_ ? c.values->size() : epochs_;
            for (const float v : *c.values) take(static_cast<double>(v));
        }
        if (!(low_ <= high_)) low_ = 0, high_ = 1;  // nothing that is finite
        const double least = 1e-6 * (std::abs(low_) + std::abs(high_)) + 1e-30;
        if (high_ - low_ < least) low_ -= least, high_ += least;
        step_ = round_step((high_ - low_) / 5);
        low_ = std::floor(low_ / step_) * step_, high_ = std::ceil(high_ / step_) * step_;
    }

    void draw(std::string& svg, int best_epoch) const {
        draw_grid(svg), draw_epochs(svg);
        if (best_epoch >= 0 && static_cast<std::size_t>(best_epoch) < epochs_) {
            const double at = x(static_cast<std::size_t>(best_epoch));
            line(svg, at, top, at, bottom, "#999", " stroke-dasharray=\"3,3\"");
        }
        for (std::size_t i = 0; i < curves_.size(); ++i) draw_curve(svg, i), draw_name(svg, i);
    }

    static constexpr double width = 420, top = 20, bottom = 250, height = 290;

private:
    static constexpr double margin = 60;
    static constexpr const char* colours[] = {"#3b6fb6", "#d9822b", "#3a9a5b", "#b5485d", "#7a5aa6", "#5b6670"};

    void take(double v) {
        if (!(v - v == 0)) return;
        low_ = v < low_ ? v : low_, high_ = v > high_ ? v : high_;
    }
    // 1, 2 or 5 times a power of ten, at least as large.
    static double round_step(double step) {
        const double unit = std::pow(10, std::floor(std::log10(step)));
        for (const double times : {1.0, 2.0, 5.0})
            if (times * unit >= step * 0.999) return times * unit;
        return 10 * unit;
    }
    double x(std::size_t epoch) const {
        const double share = epochs_ < 2 ? 0.5 : static_cast<double>(epoch) / static_cast<double>(epochs_ - 1);
        return left_ + margin + share * (width - margin - 15);
    }
    double y(double value) const { return bottom - (value - low_) / (high_ - low_) * (bottom - top); }

    static void number(std::string& svg, const char* name, double value) {
        append(svg, " ", name, "=\"", of_decimals(value, 2), "\"");
    }
    static void line(std::string& svg, double x1, double y1, double x2, double y2, const char* colour,
                     const char* more = "") {
        svg += "<line";
        number(svg, "x1", x1), number(svg, "y1", y1), number(svg, "x2", x2), number(svg, "y2", y2);
        append(svg, " stroke=\"", colour, "\"", more, "/>\n");
    }
    static void label(std::string& svg, double at_x, double at_y, const char* anchor, const std::string& words) {
        svg += "<text";
        number(svg, "x", at_x), number(svg, "y", at_y);
        append(svg, " text-anchor=\"", anchor, "\">", words, "</text>\n");
    }
    void draw_grid(std::string& svg) const {
        for (int i = 0; low_ + i * step_ <= high_ + step_ / 2; ++i) {
            const double value = low_ + i * step_, shown = std::abs(value) < step_ / 1000 ? 0 : value;
            line(svg, left_ + margin, y(value), left_ + width - 15, y(value), "#e3e3e3");
            label(svg, left_ + margin - 6, y(value) + 4, "end", of_digits(shown, 4));
        }
    }
    void draw_epochs(std::string& svg) const {
        const std::size_t every = (epochs_ + 7) / 8;
        for (std::size_t e = 0; e < epochs_; e += every) label(svg, x(e), bottom + 16, "middle", std::to_string(e + 1));
        label(svg, left_ + (width + margin) / 2, bottom + 34, "middle", "epoch");
    }
    // Broken where a value is not finite; a point where one stands alone.
    void draw_curve(std::string& svg, std::size_t i) const {
        const std::vector<float>& values = *curves_[i].values;
        const char* const colour = colours[i % 6];
        for (std::size_t e = 0; e < values.size();) {
            const std::size_t first = e;
            std::string points;
            for (; e < values.size() && values[e] - values[e] == 0; ++e)
                append(points, of_decimals(x(e), 2), ",", of_decimals(y(static_cast<double>(values[e])), 2), " ");
            if (e == first + 1) {
                svg += "<circle r=\"2.5\"";
                number(svg, "cx", x(first)), number(svg, "cy", y(static_cast<double>(values[first])));
                append(svg, " fill=\"", colour, "\"/>\n");
            } else if (e > first) {
                append(svg, "<polyline fill=\"none\" stroke-width=\"2\" stroke=\"", colour, "\" points=\"", points,
                       "\"/>\n");
            } else {
                ++e;
            }
        }
    }
    // Where curves seldom are: losses fall, the other metrics rise.
    void draw_name(std::string& svg, std::size_t i) const {
        const double row = 16 * static_cast<double>(curves_[i].is_loss ? i : curves_.size() - 1 - i);
        const double at = curves_[i].is_loss ? top + 12 + row : bottom - 10 - row, end = left_ + width - 20;
        label(svg, end - 22, at, "end", curves_[i].name);
        line(svg, end - 18, at - 4, end, at - 4, colours[i % 6], " stroke-width=\"2\"");
    }

    double left_;
    const std::vector<named_curve>& curves_;
    std::size_t epochs_ = 0;
    double low_ = HUGE_VAL, high_ = -HUGE_VAL, step_ = 1;
};

}  // namespace ashlar::detail

namespace ashlar {

inline void history::save_picture(const std::string& path) const {
    using detail::diagram;
    std::vector<detail::named_curve> left, right;
    for (auto& c : detail::curves_of(*this)) (c.is_loss ? left : right).push_back(c);
    const double width = right.empty() ? diagram::width : 2 * diagram::width;
    std::string size, svg;
    detail::append(size, " width=\"", detail::of_decimals(width, 0), "\" height=\"",
                   detail::of_decimals(diagram::height, 0), "\"");
    detail::append(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\"", size,
                   " font-family=\"sans-serif\" font-size=\"12\" fill=\"#333\">\n<rect", size, " fill=\"#fff\"/>\n");
    diagram(0, left).draw(svg, best_epoch);
    if (!right.empty()) diagram(diagram::width, right).draw(svg, best_epoch);
    svg += "</svg>\n";
    detail::write_text(path, svg);
}

}  // namespace ashlar
