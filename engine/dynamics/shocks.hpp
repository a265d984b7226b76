#pragma once
#include "dynamics/world.hpp"
#include "population/family.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace doudi {

/// Something that befalls a family in a month (measure 2: 因病 因残 因失业, and other emergencies).
struct Shock {
    enum class Kind : std::uint8_t { illness, disability, job_loss, death, emergency, disaster };
    static constexpr int certificate_months = 2;  ///< from a disability to its certificate and application
    int month;                ///< from the start of the burn-in
    Kind kind;
    std::uint8_t member;
    std::uint32_t size, claim;  ///< words that decide how hard it is and whether temporary assistance is claimed
};

/// What befalls one family in one replicate, in order of time. At most `limit` shocks, far above any drawn number.
struct Shocks {
    static constexpr int limit = 48;
    int count = 0;
    std::array<Shock, limit> list;

    bool none() const { return count == 0; }
    /// Whether they leave the family as it is: emergencies of the moment only.
    bool passing() const {
        return std::all_of(list.begin(), list.begin() + count, [](const Shock& s) { return s.kind == Shock::Kind::emergency; });
    }
};

/// Monthly rates at which things befall the family in this world, before the month's factors.
struct Rates {
    double illness = 0, disability = 0, job_loss = 0, death = 0, emergency = 0;
    int workers = 0;            ///< who could lose a job, where that matters
    bool claimed_only = false;  ///< illness stands for illness with a claim of acute assistance

    /// The highest total in an era.
    double total(const World::Era& era) const {
        return illness * era.sickness_max + disability + job_loss * era.labour_max + death + emergency;
    }
};

/// What can matter: job loss of those who have work in this world where the assets test is passed, death there and where
/// someone is disabled, illness in other families only with a claim (its means are not tested).
Rates rates_of(const Family& family, const Person* people, const World& world, bool assets_ok, bool has_disability);

/// What the draws of shocks begin with: -log of the first gap's uniform, and the block that decides about the first candidate.
struct FirstShock {
    double wait;
    Words words;
};
/// `first_word`: the word of the first gap (see first_gaps).
FirstShock first_shock(const Family& family, const World& world, std::uint32_t first_word);

/// The same for the replicates of a block that have their bit in `which`, in one call for all of them.
class FirstShocks {
public:
    static constexpr std::size_t block = 128;

    /// `worlds`: from the first of the block on.
    void draw(const Family& family, std::span<const World> worlds, const std::array<std::uint64_t, block / 64>& which,
              const std::array<std::uint32_t, block>& first_words);
    FirstShock operator[](std::size_t replicate) const;

private:
    std::array<std::uint8_t, block> row_;  ///< of a replicate that was drawn
    std::array<double, block> wait_;
    alignas(64) std::array<std::uint32_t, 4 * block> words_;
};

/// Draws the shocks by thinning: candidates of a Poisson process at the highest rate of each era, one addressed block each
/// (gap to the next, kind, size, claim), accepted in proportion to the month's factor. A disaster of the county is a hazard that
/// falls on the family all at once, when its month begins. The first block alone tells that nothing happens in most families.
void draw_shocks(const Family& family, const Person* people, const World& world, const Rates& rates, int months,
                 const FirstShock& first, Shocks& shocks);

/// The words that decide the first gap of four neighbouring replicates (replicate / 4): one block for four.
Words first_gaps(std::uint64_t seed, std::uint32_t replicate, std::uint64_t family);

}  // namespace doudi
