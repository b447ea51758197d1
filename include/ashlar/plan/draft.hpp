// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/kernels/gemm.hpp"
#include "ashlar/plan/node_memory.hpp"
#include "ashlar/plan/step.hpp"

namespace ashlar::detail {

/// A result that may be the same memory as an input which is read after, or elsewhere than, the element that is
/// written. Shifted: the input is read where the result is written if they begin at one address, and only an overlap in
/// part does harm.
struct hazard {
    int output = 0, input = 0;
    bool shifted = false;
    bool constant = false;  // only in constant evaluation, which writes element after element
};

/// How much of a step its kernel knows while compiling. Small programs are straight code: all of it, with nothing
/// between the steps. In a fixed layout, extents and strides; kernels are shared by steps that differ in buffers only.
/// Programs of very many shapes share kernels to which extents and strides are run-time values.
enum class knowledge : unsigned char { dynamic, static_layout, unrolled };

/// The way to multiply, and the extents where they are known.
struct gemm_form {
    kernels::way way = kernels::way::tiles;
    index m = 0, n = 0, k = 0;
    kernels::right_rows rows_b = kernels::right_rows::exact;
    friend constexpr bool operator==(const gemm_form&, const gemm_form&) = default;
};

/// What the ways to multiply are asked about a product.
template <class Product>
constexpr kernels::factors factors_of(const Product& p, bool are_static,
                                      kernels::right_rows rows = kernels::right_rows::exact, index leading = 0) {
    return {are_static, p.transpose_a, p.transpose_b, p.m, p.n, p.k, rows, leading};
}
/// `second` is where the right operand lies. (Step is `step`: as a template it asks for no way to multiply in a file
/// that only includes the library.)
template <class Step> constexpr gemm_form form_of(const Step& s, const step_operand& second, knowledge known) {
    const auto& p = s.own.product;
    const auto f = factors_of(p, known != knowledge::dynamic, p.rows_b, second.stride[s.rank - 2]);
    const kernels::way way = is_wide(s.compute) ? kernels::way_of<double>(f) : kernels::way_of<float>(f);
    if (f.are_static) return {way, p.m, p.n, p.k, p.rows_b};
    return {way, 0, 0, 0, lie_packed(p.rows_b) ? p.rows_b : kernels::right_rows::exact};
}

/// The scratch of a product that is multiplied so.
template <class Step> constexpr index scratch_of(const Step& s, const gemm_form& now) {
    const auto f = factors_of(s.own.product, kernels::is_expanded(now.way), now.rows_b);
    return is_wide(s.compute) ? kernels::packing_of<double>(now.way, f).size()
                              : kernels::packing_of<float>(now.way, f).size();
}

/// Does the last vector of the last row of a product's right operand end inside the memory of its root, of `size`
/// elements?
constexpr bool may_be_read_wide(const step& s, const step_operand& second, index size) {
    const index lanes = is_wide(s.compute) ? kernels::lanes<double> : kernels::lanes<float>;
    index last = second.offset + (s.own.product.k - 1) * second.stride[s.rank - 2] +
                 (s.own.product.n + lanes - 1) / lanes * lanes;
    for (int d = 0; d + 2 < s.rank; ++d)
        if (second.stride[d] > 0) last += (s.extent[d] - 1) * second.stride[d];  // a flipped axis ends where it begins
    return !s.own.product.transpose_b && last <= size;
}

// An operand of a step before buffers have places. Without a root it is scratch of `size` elements.
struct loaded {
    static constexpr int no_root = no_index;
    step_operand where{};
    int root = no_root;
    index size = 0;
    int pool = 0;
};

// A root that a step computes: its register, and how it lies in memory.
struct computed {
    int node = 0;
    short reg = 0;
    step_operand where{};
    int part = no_index;  // the placement whose window is written
};

// A step before buffers have places: its operands say whose memory they are, not yet at which address.
struct draft {
    step base{};
    bool has_epilogue = false;
    int block = no_index;  // of steps that go through their rows together
    int first_load = 0, loads = 0, first_result = 0, results = 0;
    int inner_loads = 0, inner_results = 0;  // those before the epilogue of a product or of windows
};

// ---- strides of operands --------------------------------------------------------------------------------------------

// Broadcasting: axes align at the right, missing ones do not move.
constexpr access aligned(const access& a, const shape& s, int rank) {
    access r{a.root, a.offset, {}};
    for (int i = 0; i < s.rank; ++i) r.stride[rank - s.rank + i] = a.stride[i];
    return r;
}

constexpr step_operand contiguous(const shape& s) {
    step_operand w{};
    row_major(w.stride, s);
    return w;
}

constexpr step_operand operand_at(const access& a) {
    step_operand w{};
    w.offset = a.offset;
    copy_strides(w.stride, a.stride);
    return w;
}

constexpr void reorder(step_operand& w, const int (&order)[max_rank], int rank) {
    index stride[max_rank] = {};
    for (int i = 0; i < rank; ++i) stride[i] = w.stride[order[i]];
    for (int i = 0; i < max_rank; ++i) w.stride[i] = i < rank ? stride[i] : 0;
}

// The axes of a product's result as those of its space: batch..., rows, columns, of which it may lack one.
constexpr void into_space(step_operand& w, int batch, bool has_m, bool has_n, bool turned) {
    index stride[max_rank] = {};
    for (int i = 0; i < batch; ++i) stride[i] = w.stride[i];
    int at = batch;
    if (has_m) stride[batch + (turned ? 1 : 0)] = w.stride[at++];
    if (has_n) stride[batch + (turned ? 0 : 1)] = w.stride[at++];
    copy_strides(w.stride, stride);
}

constexpr bool joins(const step_operand& w, int axis, index rows) {
    return w.stride[axis] == w.stride[axis + 1] * rows || rows == 1;
}

constexpr void drop_axis(step_operand& w, int axis) {
    // Where there was one row, its stride is the batch's.
    if (w.stride[axis + 1] == 0) w.stride[axis + 1] = w.stride[axis];
    for (int i = axis; i + 1 < max_rank; ++i) w.stride[i] = w.stride[i + 1];
}

constexpr bool crosses(const step_operand& w, int d, index extent) { return w.stride[d - 1] == w.stride[d] * extent; }

constexpr void merge(step_operand& w, int d, bool joined) {
    if (joined) w.stride[d - 1] = w.stride[d];
    for (int i = d; i + 1 < max_rank; ++i) w.stride[i] = w.stride[i + 1];
    w.stride[max_rank - 1] = 0;
}

}  // namespace ashlar::detail
