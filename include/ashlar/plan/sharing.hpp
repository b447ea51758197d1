// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/planned.hpp"
#include "ashlar/plan/windows.hpp"

namespace ashlar::detail {

/// Equal steps share one kernel: what a kernel knows of its step while compiling decides, and not where operands lie.
///   in   steps, code, stores, operands, known
///   out  steps: kernel; shared_maps
template <class Graph> class kernel_sharing {
public:
    constexpr explicit kernel_sharing(planned<Graph>& p) : p_{p} {}

    constexpr void number() {
        form_.zeros(p_.steps.size());
        for (int s = 0; s < p_.steps.size(); ++s)
            if (const step& x = p_.steps.data[s]; facts_of(x.what).reads_matrices())
                form_.data[s] = form_of(x, p_.operands.data[x.first_operand + 1], p_.known);
        if (count() > most_kernels && p_.known == knowledge::static_layout) p_.shared_maps = true, count();
    }

private:
    planned<Graph>& p_;
    list<gemm_form> form_;  // of products

    // Numbers the kernels of all steps; how many different ones there are.
    constexpr int count() {
        // Of steps, from 1 on: zeros are there at once, while g++ takes long for a table of other numbers.
        list<int> table;
        int places = 16;
        while (places < 2 * p_.steps.size() && places < 1024) places *= 2;
        table.zeros(places);
        int kernels = 0;
        for (int s = 0; s < p_.steps.size(); ++s) {
            int at = static_cast<int>(hash(p_.steps.data[s]) % static_cast<std::uint64_t>(places)), probes = 0;
            for (; table.data[at] > 0 && probes < places; at = (at + 1) % places, ++probes)
                if (same_kernel(table.data[at] - 1, s)) break;
            if (table.data[at] > 0 && probes < places) {
                p_.steps.data[s].kernel = p_.steps.data[table.data[at] - 1].kernel;
            } else {
                p_.steps.data[s].kernel = kernels++;
                if (probes < places) table.data[at] = s + 1;
            }
        }
        return kernels;
    }

    constexpr bool knows_layout(const step& s) const {
        return p_.known == knowledge::static_layout && !facts_of(s.what).reads_step &&
               !(p_.shared_maps && facts_of(s.what).is_elementwise);
    }

    constexpr std::uint64_t hash(const step& s) const {
        std::uint64_t h =
            static_cast<std::uint64_t>(s.what) * 31 + static_cast<std::uint64_t>(s.codes * 64 + s.epilogues);
        // Layers of all widths have the same code: without their extents each would be compared with all before it.
        if (knows_layout(s))
            h += static_cast<std::uint64_t>((s.extent[0] * 509 + s.extent[1]) * 509 + s.extent[2] +
                                            product_length(s) * 127);
        for (int i = 0; i < s.codes; ++i) h = h * 0x9E3779B97F4A7C15ull + id_of(p_.code.data[s.first_code + i]);
        for (int i = 0; i < s.epilogues; ++i) h = h * 0x9E3779B97F4A7C15ull + id_of(p_.code.data[s.first_epilogue + i]);
        return h ^ (h >> 29);
    }

    constexpr bool same_kernel(int first, int second) const {
        const step &x = p_.steps.data[first], &y = p_.steps.data[second];
        if (x.what != y.what || x.how != y.how || !are_same(x.compute, y.compute) || x.inner_kept != y.inner_kept ||
            x.codes != y.codes || x.stores != y.stores || x.epilogues != y.epilogues ||
            x.epilogue_stores != y.epilogue_stores || x.result != y.result || x.pools != y.pools ||
            x.combines() != y.combines() || !kinds<Graph>::same_kernel(x, y))
            return false;
        if (facts_of(x.what).reads_matrices() && !(form_.data[first] == form_.data[second])) return false;
        if (knows_layout(x) && !same_layout(x, y)) return false;
        for (int i = 0; i < x.codes; ++i)
            if (!same(p_.code.data[x.first_code + i], p_.code.data[y.first_code + i])) return false;
        for (int i = 0; i < x.epilogues; ++i)
            if (!same(p_.code.data[x.first_epilogue + i], p_.code.data[y.first_epilogue + i])) return false;
        for (int i = 0; i < x.stores; ++i)
            if (!same(p_.stores.data[x.first_store + i], p_.stores.data[y.first_store + i])) return false;
        for (int i = 0; i < x.epilogue_stores; ++i)
            if (!same(p_.stores.data[x.first_epilogue_store + i], p_.stores.data[y.first_epilogue_store + i]))
                return false;
        return true;
    }

    constexpr bool same_layout(const step& x, const step& y) const {
        if (x.rank != y.rank || x.kept != y.kept || x.operands != y.operands) return false;
        for (int d = 0; d < x.rank; ++d)
            if (x.extent[d] != y.extent[d]) return false;
        for (int i = 0; i < x.operands; ++i)
            for (int d = 0; d < x.rank; ++d)
                if (p_.operands.data[x.first_operand + i].stride[d] != p_.operands.data[y.first_operand + i].stride[d])
                    return false;
        return true;
    }
};

}  // namespace ashlar::detail
