#pragma once
#include "dynamics/shocks.hpp"
#include "results/tally.hpp"

#include <functional>
#include <span>

namespace doudi {

class Home;
class Office;

/// Told of every month of a family under every policy: (month from the start of the burn-in, policy, home, office).
using Observer = std::function<void(int month, std::size_t policy, const Home& home, const Office& office)>;

/// Lives the months of one family in one replicate under every policy at once, on the same draws, and adds what it is
/// paid to the tally. It walks from event to event, and not at all where nothing can be paid.
/// `every_month` is the plain loop: every family, every month, every assessment. Same tally: the oracle in the tests.
class Walker {
public:
    static constexpr std::size_t most_policies = 16;

    /// `observer` needs `every_month`.
    Walker(const Calendar& calendar, std::span<const LocalPolicy> policies, bool every_month = false, Observer observer = {});

    /// `first_word`: see first_gaps.
    void operator()(const Family& family, const Person* people, const World& world, std::uint32_t first_word, Tally& tally) const;

private:
    void without_assets(const Family& family, const Person* people, const World& world, const Shocks& shocks,
                        std::span<const int> disasters, Tally& tally) const;
    bool out_of_reach(const Family& family, const Person* people, const World& world) const;
    void months(const Family& family, const Person* people, const World& world, bool assets_ok, const Shocks& shocks,
                std::span<const int> disasters, Tally& tally) const;

    Calendar calendar_;
    std::span<const LocalPolicy> policies_;
    bool every_month_;
    Observer observer_;
    Fen reach_ = 0;  ///< income a head and month from which only the 60 % test can still help, under every policy
};

}  // namespace doudi
