#pragma once
#include "dynamics/alone.hpp"
#include "dynamics/claims.hpp"
#include "dynamics/kin.hpp"
#include "dynamics/ledger.hpp"
#include "dynamics/quiet.hpp"
#include "dynamics/shocks.hpp"
#include "dynamics/sieve.hpp"
#include "dynamics/term.hpp"

#include <functional>
#include <span>

namespace doudi {

/// Told of every month of a family under every group of policies: (month from the start of the burn-in, group, home, office).
using Observer = std::function<void(int month, std::size_t group, const Home& home, const Office& office)>;

/// What a family is in one replicate before any month is lived: fixed scores under drawn shares.
struct Standing {
    bool assets_ok = false, has_disability = false, tekun = false;
};
Standing standing(const Family& family, const World& world);

/// Lives the months of one family in one replicate under every policy at once, on the same draws, and adds what it is
/// paid to the ledger. It walks from event to event, and not at all where nothing can be paid.
/// `every_month` is the plain loop: every family, every month, every policy, every assessment. Same tally: the oracle in
/// the tests.
class Walker {
public:
    static constexpr std::size_t most_policies = Alone::most;

    /// `observer` needs `every_month`.
    Walker(const Calendar& calendar, std::span<const LocalPolicy> policies, bool take_up_responds, bool every_month = false,
           Observer observer = {});

    /// `quiet`: made by quiet(kin), for all replicates of the family.
    void operator()(const Kin& kin, Quiet& quiet, const World& world, Ledger& ledger) const;
    /// All replicates of a sieve's block at once: `kept` is what it told of [first, first + block). Not for `every_month`.
    void operator()(const Kin& kin, Quiet& quiet, std::span<const World> worlds, const Columns& columns, const std::vector<std::vector<Claims>>& claims, int first,
                    const Sieve::Kept& kept, Ledger& ledger) const;
    Quiet quiet(const Kin& kin) const { return {kin, terms_.front().policies, terms_.front().lead, calendar_}; }

    const std::vector<std::vector<int>>& groups() const { return groups_; }
    /// By group, for Ledger::settle. Only under the law of the first months does any group go with the first one.
    std::span<const Uplift> uplifts() const { return terms_.front().uplift; }
    /// What a Sieve may leave out under these policies. `worlds`: those of the run, for the response of take-up.
    Bounds bounds(std::span<const World> worlds) const;
    /// By term of the law and group of policies.
    std::vector<std::vector<Claims>> claims(std::span<const World> worlds) const;

private:
    /// Whether law and incomes stand still over the run.
    bool steady(const World& world) const { return terms_.size() == 1 && world.growth.size() == 1; }
    void add(Stream stream, const Kin& kin, const World& world, const FirstShock& first, Shocks& shocks) const;
    void live(const Kin& kin, Quiet& quiet, const World& world, const Standing& standing, const Shocks& shocks, bool may_be_quiet, Ledger& ledger) const;
    int gone_from(const Family& family, const Shocks& shocks) const;
    bool comes_forward(const Family& family, const World& world, const Standing& standing) const;
    void nursing_only(const Kin& kin, const World& world, Ledger& ledger) const;
    void nursing_only(const Kin& kin, std::span<const World> worlds, const Columns& columns, const std::vector<std::vector<Claims>>& claims, std::size_t at,
                      std::uint64_t which, Ledger& ledger) const;
    void acute(const World& world, const Shocks& shocks, std::uint64_t spared, int gone, Ledger& ledger) const;
    void unassessed(const Kin& kin, const World& world, const Shocks& shocks, Ledger& ledger) const;
    bool out_of_reach(const Kin& kin, const World& world, const Shocks& shocks) const;
    void bound(Term& term);
    Fen needed_in(int from, int until, bool ordinary) const;
    void months(const Kin& kin, const World& world, bool assets_ok, const Shocks& shocks, Ledger& ledger) const;

    Calendar calendar_;
    std::vector<std::vector<int>> groups_;
    std::vector<Term> terms_;
    bool every_month_;
    Observer observer_;
    bool looks_back_ = false;            ///< a policy goes by the income of twelve months
    double most_take_up_ = 0;          ///< highest take-up factor of any policy
};

}  // namespace doudi
