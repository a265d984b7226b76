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
    unsigned kinds = 0;  ///< bit k: one of kind k is among them
    std::array<Shock, limit> list;

    void clear() { count = 0, kinds = 0; }
    void add(const Shock& shock) {
        list[static_cast<std::size_t>(count++)] = shock;
        kinds |= bit(shock.kind);
    }
    bool none() const { return count == 0; }
    bool any(Shock::Kind kind) const { return (kinds & bit(kind)) != 0; }
    /// Whether they leave the family as it is: emergencies of the moment only.
    bool passing() const { return (kinds & ~bit(Shock::Kind::emergency)) == 0; }
    /// The same, but for deaths: enough where nobody is left behind.
    bool passing_or_death() const { return (kinds & ~(bit(Shock::Kind::emergency) | bit(Shock::Kind::death))) == 0; }

private:
    static unsigned bit(Shock::Kind kind) { return 1u << static_cast<unsigned>(kind); }
};

/// Monthly rates at which things befall the family in this world, before the month's factors.
struct Rates {
    double illness = 0, disability = 0, job_loss = 0, death = 0, emergency = 0;
    double disaster = 0;        ///< hazard of one that strikes the county
    int workers = 0;            ///< who could lose a job, where that matters
    bool claimed_only = false;  ///< illness and disaster stand for those with a claim of acute assistance

    /// The hazard that has gone by after `months`: what the family's clock shows.
    double at(const World::Tick& tick, int months) const {
        return illness * tick.sickness + job_loss * tick.labour + (disability + death + emergency) * months + disaster * tick.disasters;
    }
};

/// What can matter: job loss of those who have work in this world where the assets test is passed, death there and where
/// someone is disabled, illness and disaster in other families only with a claim (its means are not tested).
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
    static constexpr std::size_t block = 256;

    /// `worlds`: from the first of the block on.
    void draw(const Family& family, std::span<const World> worlds, const std::array<std::uint64_t, block / 64>& which,
              const std::array<std::uint32_t, block>& first_words);
    FirstShock operator[](std::size_t replicate) const;

private:
    static_assert(block <= 256, "a row has eight bits");
    std::array<std::uint8_t, block> row_;  ///< of a replicate that was drawn
    std::array<double, block> wait_;
    alignas(64) std::array<std::uint32_t, 4 * block> words_;
};

/// Draws the shocks as the points of a Poisson process on the family's own clock, which runs by what its hazards add up to: one
/// addressed block each (gap to the next, kind, size, claim), all of them shocks. A disaster of the county is a hazard that
/// falls on the family all at once, when its month begins. A longer run leaves those of its first months as they were.
void draw_shocks(const Family& family, const Person* people, const World& world, const Rates& rates, int months,
                 const FirstShock& first, Shocks& shocks);

/// The words that decide the first gap of four neighbouring replicates (replicate / 4): one block for four.
Words first_gaps(std::uint64_t seed, std::uint32_t replicate, std::uint64_t family);

}  // namespace doudi
