// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/constant/steps.hpp"
#include "ashlar/expr/list.hpp"

// Steps in constant evaluation, read line by line: for programs too large to have constant code of their own, which
// nobody but constant evaluation would use.
namespace ashlar::detail {

/// A loop body as data: what constant_body is, without being compiled for one. Mixed: registers have several types.
template <class T, bool Mixed> struct interpreted_body {
    using value_type = T;
    using registers = std::conditional_t<Mixed, any_number, T>;
    static constexpr int lines = 0, each_operand = 0, results = 0, result = 0, handed_on = hands_on;
    const address* buffers;
    const step_operand* operands;
    int inner;
    const instruction* code;
    int instructions;
    const store_instruction* out;
    int stores;
    int combined = 0;  // the register that a reduction combines
    int loads = 0;
    list<index> first{};
    list<registers> r{};

    constexpr void prepare() {
        for (int i = 0; i < instructions; ++i) loads += code[i].loads() ? 1 : 0;
        first.zeros(loads + stores);
        r.zeros(instructions);
    }
    constexpr void begin(const index* at, int) {
        for (int o = 0; o < first.size(); ++o) {
            first[o] = operands[o].offset;
            for (int d = 0; d < max_rank; ++d) first[o] += at[d] * operands[o].stride[d];
        }
    }
    /// R: stores_only, or hands_on, which stores too; otherwise it only returns what is combined.
    template <int R> constexpr T element(index j, T accumulator, int, int) {
        int operand = 0;
        for (int i = 0; i < instructions; ++i) r[i] = line(code[i], operand, j, accumulator);
        for (int s = 0; s < stores && R < 0; ++s, ++operand) store(out[s], operand, j);
        return R == stores_only ? T{} : read<T>(combined);
    }

private:
    constexpr T line(const instruction& i, int& operand, index j, T accumulator) const
        requires(!Mixed)
    {
        if (i.computes()) return evaluators_in<T>(*i.op).scalar(i.op->arity, r[i.a], r[i.b], r[i.c]);
        if (i.is_constant()) return static_cast<T>(std::bit_cast<double>(i.bits));
        return i.is_accumulator() ? accumulator : load<T>(i.stored, operand++, j);
    }
    constexpr any_number line(const instruction& i, int& operand, index j, T accumulator) const
        requires Mixed
    {
        switch (i.type) {
            case dtype::float32: return any_number{line_in<float>(i, operand, j, accumulator)};
            case dtype::float64: return any_number{line_in<double>(i, operand, j, accumulator)};
            case dtype::int64: return any_number{line_in<std::int64_t>(i, operand, j, accumulator)};
            default: {
                const std::int32_t x = line_in<std::int32_t>(i, operand, j, accumulator);
                return any_number{i.wraps() ? x & 255 : x};
            }
        }
    }
    template <class U> constexpr U line_in(const instruction& i, int& operand, index j, T accumulator) const {
        if (i.computes()) {
            const U y = evaluators_in<U>(*i.op).scalar(i.op->arity, read<U>(i.a), i.op->arity > 1 ? read<U>(i.b) : U{},
                                                       i.op->arity > 2 ? read<U>(i.c) : U{});
            return i.sums_truths() && y != U{} ? U{1} : y;
        }
        if (i.is_constant()) return static_cast<U>(std::bit_cast<double>(i.bits));
        return i.is_accumulator() ? static_cast<U>(accumulator) : load<U>(i.stored, operand++, j);
    }
    template <class U> constexpr U read(int reg) const {
        if constexpr (!Mixed) {
            return kernels::converted<U>(r[reg]);
        } else {
            switch (code[reg].type) {
                case dtype::float32: return kernels::converted<U>(r[reg].f32);
                case dtype::float64: return kernels::converted<U>(r[reg].f64);
                case dtype::int64: return kernels::converted<U>(r[reg].i64);
                default: return kernels::converted<U>(r[reg].i32);
            }
        }
    }
    constexpr index at(int operand, index j) const { return first[operand] + j * operands[operand].stride[inner]; }
    template <class U> constexpr U load(dtype stored, int operand, index j) const {
        const address& p = buffers[operands[operand].buffer];
        switch (stored) {
            case dtype::float32: return static_cast<U>(p.f32[at(operand, j)]);
            case dtype::float64: return static_cast<U>(p.f64[at(operand, j)]);
            case dtype::int32: return static_cast<U>(p.i32[at(operand, j)]);
            case dtype::int64: return static_cast<U>(p.i64[at(operand, j)]);
            case dtype::uint8: return static_cast<U>(p.u8[at(operand, j)]);
            case dtype::bfloat16: return static_cast<U>(static_cast<float>(p.bf16[at(operand, j)]));
            case dtype::float16: return static_cast<U>(static_cast<float>(p.f16[at(operand, j)]));
            default: return static_cast<U>(p.b8[at(operand, j)]);
        }
    }
    constexpr void store(const store_instruction& to, int operand, index j) const {
        const address& p = buffers[operands[operand].buffer];
        switch (to.type) {
            case dtype::float32: p.f32[at(operand, j)] = read<float>(to.from); break;
            case dtype::float64: p.f64[at(operand, j)] = read<double>(to.from); break;
            case dtype::int32: p.i32[at(operand, j)] = read<std::int32_t>(to.from); break;
            case dtype::int64: p.i64[at(operand, j)] = read<std::int64_t>(to.from); break;
            case dtype::uint8: p.u8[at(operand, j)] = read<std::uint8_t>(to.from); break;
            case dtype::bfloat16: p.bf16[at(operand, j)] = bfloat16{read<float>(to.from)}; break;
            case dtype::float16: p.f16[at(operand, j)] = float16{read<float>(to.from)}; break;
            default: p.b8[at(operand, j)] = read<bool>(to.from); break;
        }
    }
};

/// One step of a plan; `code` and `stores` are the plan's.
template <class T, bool Mixed> struct interpreted_step {
    const step& s;
    const instruction* code;
    const store_instruction* stores;
    const step_operand* operands;
    const address* buffers;

    /// The loop body inside of the loop, whose operands begin at `from`, along an axis.
    constexpr interpreted_body<T, Mixed> inner(const step_operand* from, int axis) const {
        interpreted_body<T, Mixed> body{buffers,  from,    axis, code + s.first_code, s.codes, stores + s.first_store,
                                        s.stores, s.result};
        body.prepare();
        return body;
    }
    template <class U> constexpr interpreted_body<U, Mixed> epilogue(const step_operand* from, int axis) const {
        interpreted_body<U, Mixed> body{
            buffers,          from, axis, code + s.first_epilogue, s.epilogues, stores + s.first_epilogue_store,
            s.epilogue_stores};
        body.prepare();
        return body;
    }
};

}  // namespace ashlar::detail
