#pragma once
#include "random/philox.hpp"

#include <cstddef>
#include <cstdint>

namespace doudi {

/// A pseudo-random one-to-one map of [0, n) onto itself, computed for one index at a time: an exact number of
/// subjects gets an attribute although each is generated alone. Four Feistel rounds, walked until inside.
class Permutation {
public:
    Permutation(const Draws& draws, std::uint32_t stream, std::uint64_t n) : n_(n), keys_(draws.block(stream)) {
        while ((std::uint64_t{1} << (2 * half_)) < n) ++half_;
    }

    std::uint64_t operator()(std::uint64_t index) const {
        do index = once(index);
        while (index >= n_);
        return index;
    }

    /// The index that is mapped to `value`.
    std::uint64_t inverse(std::uint64_t value) const {
        do value = back(value);
        while (value >= n_);
        return value;
    }

private:
    std::uint64_t once(std::uint64_t index) const {
        const std::uint32_t mask = static_cast<std::uint32_t>((std::uint64_t{1} << half_) - 1);
        auto left = static_cast<std::uint32_t>(index >> half_);
        auto right = static_cast<std::uint32_t>(index) & mask;
        for (const std::uint32_t key : keys_) {
            const std::uint32_t next = left ^ (mixed(right, key) & mask);
            left = right;
            right = next;
        }
        return (std::uint64_t{left} << half_) | right;
    }
    std::uint64_t back(std::uint64_t value) const {
        const std::uint32_t mask = static_cast<std::uint32_t>((std::uint64_t{1} << half_) - 1);
        auto left = static_cast<std::uint32_t>(value >> half_);
        auto right = static_cast<std::uint32_t>(value) & mask;
        for (std::size_t k = keys_.size(); k-- > 0;) {
            const std::uint32_t before = right ^ (mixed(left, keys_[k]) & mask);
            right = left;
            left = before;
        }
        return (std::uint64_t{left} << half_) | right;
    }
    static std::uint32_t mixed(std::uint32_t word, std::uint32_t key) {
        word = (word ^ key) * 0x85EBCA6Bu;
        word ^= word >> 13;
        word *= 0xC2B2AE35u;
        return word ^ word >> 16;
    }

    std::uint64_t n_;
    unsigned half_ = 1;
    Words keys_;
};

}  // namespace doudi
