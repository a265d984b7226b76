#pragma once
#include <array>
#include <cstddef>
#include <span>

namespace doudi {

/// The groups of policies that do not go with the first one, which leads: in order, and as bits.
class Alone {
public:
    static constexpr std::size_t most = 16;

    bool operator[](std::size_t group) const { return group == 0 || (bits_ >> group & 1u) != 0; }
    void add(std::size_t group) {
        bits_ |= 1u << group;
        groups_[count_++] = static_cast<int>(group);
    }
    bool any() const { return count_ > 0; }
    std::span<const int> groups() const { return {groups_.data(), count_}; }
    /// Whether any of so many groups goes with the first one.
    bool led(std::size_t groups) const { return count_ + 1 < groups; }

private:
    unsigned bits_ = 0;
    std::size_t count_ = 0;
    std::array<int, most> groups_;
};

}  // namespace doudi
