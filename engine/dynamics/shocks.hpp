#pragma once
#include "dynamics/world.hpp"
#include "population/family.hpp"

#include <array>

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

/// Shocks of one family in one replicate, in order of time. At most `limit`, far above any drawn number.
struct Shocks {
    static constexpr int limit = 48;
    int count = 0;
    std::array<Shock, limit> list;
};

/// Highest monthly rate at which anything can befall the family in this world, by kind.
/// `jobs` and `deaths` are left out where they cannot change any payment (no assets test passed, no disability).
struct Rates {
    double illness = 0, disability = 0, job_loss = 0, death = 0, emergency = 0;
    double total() const { return illness + disability + job_loss + death + emergency; }
};
Rates highest_rates(const Family& family, const World& world, bool jobs, bool deaths);

/// Draws the shocks by thinning: candidates of a Poisson process at the highest rate, one addressed block each
/// (gap, kind, size, claim), accepted in proportion to the month's factor. The first block alone tells that
/// nothing happens in most families.
/// `first_word`: the word of the first gap (see first_gap).
Shocks draw_shocks(const Family& family, const Person* people, const World& world, const Rates& rates, int months,
                   std::uint32_t first_word);

/// The words that decide the first gap of four neighbouring replicates (replicate / 4): one block for four.
Words first_gaps(std::uint64_t seed, std::uint32_t replicate, std::uint64_t family);

/// Whether the first gap lies certainly past the end: no shock at all. -log u > 1 - u spares the logarithm.
inline bool no_shock(const Rates& rates, int months, std::uint32_t first_word) {
    return 1.0 - unit(first_word) > rates.total() * months;
}

}  // namespace doudi
