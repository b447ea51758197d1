// SPDX-License-Identifier: BSL-1.0
// The planner at run time, and its steps line by line, as constant evaluation takes them: thousands of programs in
// minutes.
#pragma once

#include "support/random/machine.hpp"

namespace support::random {

inline constexpr ashlar::graph_sizes ample{6000, 14000, 1500, 1500, 128, 128, 256, 4};

class interpreted {
public:
    explicit interpreted(const session& s)
        : graph_{std::make_unique<ashlar::frozen_graph<ample>>(ashlar::freeze<ample>(s.t, s.outputs))},
          plan_{std::make_unique<planned>(*graph_)} {
        make_plan(*plan_, s.what.known);
    }

    const ashlar::index* pool() const { return plan_->pool; }

    void run(ashlar::address* places) const {
        const auto& outputs = graph_->outputs;
        std::vector<ashlar::address> target(static_cast<std::size_t>(outputs.count));
        std::vector<char> staged(target.size(), 0);
        for (int o = 0; o < outputs.count; ++o) {
            target[static_cast<std::size_t>(o)] = places[outputs[o].buffer];
            for (const ashlar::detail::hazard& h : plan_->hazards)
                if (h.output == o && strikes(h, places)) staged[static_cast<std::size_t>(o)] = 1;
            if (staged[static_cast<std::size_t>(o)] != 0) {
                if (plan_->staging[o] < 0) throw std::runtime_error("a hazard without memory for a copy");
                places[outputs[o].buffer] = moved(places[pool_of(o)], type_of(o), plan_->staging[o]);
            }
        }
        constexpr unsigned every_kind = ~0u;
        ashlar::detail::for_each_run<most_operands>(
            plan_->steps.begin(), plan_->steps.size(), plan_->operands.begin(),
            [&](const ashlar::step& s, const ashlar::step_operand* operands) {
                if (s.operands > most_operands) throw std::runtime_error("more operands than the test has room for");
                const ashlar::instruction* const code = plan_->code.begin();
                const ashlar::store_instruction* const stores = plan_->stores.begin();
                if (s.compute == dtype::float32)
                    ashlar::detail::interpret<float, every_kind>(s, code, stores, operands, places);
                else if (s.compute == dtype::float64)
                    ashlar::detail::interpret<double, every_kind>(s, code, stores, operands, places);
                else if (s.compute == dtype::int64)
                    ashlar::detail::interpret<std::int64_t, every_kind>(s, code, stores, operands, places);
                else
                    ashlar::detail::interpret<std::int32_t, every_kind>(s, code, stores, operands, places);
            });
        for (int o = 0; o < outputs.count; ++o)
            if (staged[static_cast<std::size_t>(o)] != 0)
                std::memcpy(target[static_cast<std::size_t>(o)].b8, places[outputs[o].buffer].b8,
                            static_cast<std::size_t>(graph_->shape_of(outputs[o].node).size()) * size_of(type_of(o)));
    }

private:
    using planned = ashlar::detail::planned<ashlar::frozen_graph<ample>>;
    static constexpr int most_operands = 128;
    std::unique_ptr<ashlar::frozen_graph<ample>> graph_;
    std::unique_ptr<planned> plan_;

    dtype type_of(int o) const { return graph_->nodes[graph_->outputs[o].node].type; }
    int pool_of(int o) const { return static_cast<int>(type_of(o)); }
    static ashlar::address moved(const ashlar::address& a, dtype t, ashlar::index by) {
        return address_of(reinterpret_cast<unsigned char*>(a.b8) + by * static_cast<ashlar::index>(size_of(t)), t);
    }
    // Element by element, a product may meet in its operands what it has written.
    bool strikes(const ashlar::detail::hazard& h, const ashlar::address* places) const {
        const auto& in = graph_->inputs[h.input];
        const auto a = reinterpret_cast<std::uintptr_t>(places[graph_->outputs[h.output].buffer].b8);
        const auto b = reinterpret_cast<std::uintptr_t>(places[ashlar::pools + h.input].b8);
        const auto size_a = static_cast<std::uintptr_t>(graph_->shape_of(graph_->outputs[h.output].node).size()) *
                            size_of(type_of(h.output));
        const auto size_b = static_cast<std::uintptr_t>(graph_->shapes[in.extent].size()) * size_of(in.storage);
        return a < b + size_b && b < a + size_a && !(h.shifted && a == b);
    }
};

/// Examines a seed without compiling anything for it; what is wrong, or nothing.
inline std::string examine_interpreted(session& s) {
    try {
        std::string fault = s.faults_of_graph();
        if (!fault.empty()) return fault;
        const interpreted program{s};
        return machine{s, program.pool(), [&](ashlar::address* places) { program.run(places); }}.faults();
    } catch (const std::exception& e) { return e.what(); }
}

}  // namespace support::random
