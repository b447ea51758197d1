// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/plan/aliasing.hpp"
#include "ashlar/plan/assembly.hpp"
#include "ashlar/plan/hosts.hpp"
#include "ashlar/plan/knowledge.hpp"
#include "ashlar/plan/memory.hpp"
#include "ashlar/plan/placements.hpp"
#include "ashlar/plan/roots.hpp"
#include "ashlar/plan/sharing.hpp"
#include "ashlar/plan/tiles.hpp"

namespace ashlar::detail {

/// What is fused: of large graphs a stage of its own.
template <class Graph> constexpr void fuse(fusion<Graph>& fused) {
    roots{fused}.find();       // which nodes have memory of their own
    placements{fused}.find();  // which of them are computed in their part of a buffer
    hosts{fused}.assign();     // which step computes each of them
}

/// From a graph to its plan, pass by pass. Each says at its top what it reads and what it adds to the plan.
/// `most`: what kernels may know at most, for tests; `decided`: what is fused, where that is a constant already.
template <class Graph, class... Decided>
constexpr void make_plan(planned<Graph>& p, knowledge most = knowledge::unrolled, const Decided&... decided) {
    if constexpr (sizeof...(decided) == 0) fuse(p.fused);
    else p.fused.take(decided...);
    row_blocks{p.fused, p.order}.find();  // the order of the steps, and which go through their rows together
    p.lowered.write();                    // lowering: what each step loads, computes and stores
    assembly{p}.write();                  // its operands in order, and how long each buffer is needed
    tiles{p}.find();                      // how many rows steps that go together take at a time
    kernel_knowledge{p}.choose(most);     // how much kernels know while compiling
    aliasing{p}.find();                   // results that must not be written over what is still read
    memory{p}.give();                     // where each buffer lies
    tiles{p}.divide();                    // steps that go together run tile by tile
    kernel_sharing{p}.number();           // equal steps share one kernel
}

}  // namespace ashlar::detail
