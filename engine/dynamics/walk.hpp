#pragma once
#include "dynamics/shocks.hpp"
#include "results/tally.hpp"

#include <span>

namespace doudi {

/// Lives the months of one family in one replicate under every policy at once, on the same draws, and adds what
/// it is paid to the tally. `every_family` walks also those that cannot reach any payment: the oracle that the
/// shortcut is tested against.
class Walker {
public:
    static constexpr std::size_t most_policies = 16;

    Walker(const Calendar& calendar, std::span<const LocalPolicy> policies, bool every_family = false)
        : calendar_(calendar), policies_(policies), every_family_(every_family) {}

    /// True if the family was walked month by month, false if it was proven unable to draw anything.
    bool operator()(const Family& family, const Person* people, const World& world, Tally& tally) const;

private:
    Calendar calendar_;
    std::span<const LocalPolicy> policies_;
    bool every_family_;
};

}  // namespace doudi
