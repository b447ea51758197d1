// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "ashlar/expr/list.hpp"
#include "ashlar/tensor/shape.hpp"

namespace ashlar::detail {

/// Offsets for buffers that live from one step to another, in elements of one pool; a slot is used again after its last
/// reader. First fit over a sorted list of holes, neighbours merged.
class slot_list {
public:
    static constexpr index granule = 16;  // elements: slots begin on cache lines for float

    constexpr index take(index size) {
        size = rounded(size);
        for (int i = 0; i < holes_.size(); ++i) {
            if (holes_.data[i].size < size) continue;
            const index at = holes_.data[i].offset;
            holes_.data[i].offset += size;
            holes_.data[i].size -= size;
            if (holes_.data[i].size == 0) erase(i);
            return at;
        }
        // A hole at the end grows.
        if (!holes_.empty() && holes_.back().offset + holes_.back().size == end_) {
            const index at = holes_.back().offset;
            holes_.pop();
            end_ = at + size;
            return at;
        }
        end_ += size;
        return end_ - size;
    }

    constexpr void give_back(index offset, index size) {
        size = rounded(size);
        int i = holes_.size();
        while (i > 0 && holes_.data[i - 1].offset > offset) --i;
        const bool left = i > 0 && holes_.data[i - 1].offset + holes_.data[i - 1].size == offset;
        const bool right = i < holes_.size() && offset + size == holes_.data[i].offset;
        if (left && right) {
            holes_.data[i - 1].size += size + holes_.data[i].size;
            erase(i);
        } else if (left) {
            holes_.data[i - 1].size += size;
        } else if (right) {
            holes_.data[i].offset = offset;
            holes_.data[i].size += size;
        } else {
            holes_.push({});
            for (int k = holes_.size() - 1; k > i; --k) holes_.data[k] = holes_.data[k - 1];
            holes_.data[i] = {offset, size};
        }
    }

    constexpr index end() const { return end_; }

private:
    struct hole {
        index offset = 0, size = 0;
    };
    static constexpr index rounded(index size) { return (size + granule - 1) / granule * granule; }
    constexpr void erase(int i) {
        for (int k = i; k + 1 < holes_.size(); ++k) holes_.data[k] = holes_.data[k + 1];
        holes_.pop();
    }

    list<hole> holes_;
    index end_ = 0;
};

}  // namespace ashlar::detail
