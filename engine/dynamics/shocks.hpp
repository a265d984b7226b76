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
    int month;                ///< from the start of the burn-in; of a death the month after it, for payment stops then (国发〔2015〕52号)
    Kind kind;
    std::uint8_t member;
    std::uint32_t size;       ///< word that decides how bad a disability is
    double claim;             ///< in (0, 1): decides whether temporary assistance is claimed, and of which type
    double hardness;          ///< exponential of mean 1, from that word: costs of an illness, length of a spell out of work, need in an emergency; none of a death
};

/// What befalls one family in one replicate, in order of time, ended by something that never comes. At most `limit` shocks, far above
/// any drawn number.
struct Shocks {
    static constexpr int limit = 48, never = 1 << 30;
    int count = 0;
    unsigned kinds = 0;  ///< bit k: one of kind k is among them
    std::array<Shock, limit + 1> list;

    Shocks() { end(); }
    void clear() {
        count = 0, kinds = 0;
        end();
    }
    /// Room for the next one, to be made where it stands; `keep` adds it.
    Shock& next() { return list[static_cast<std::size_t>(count)]; }
    void keep() {
        kinds |= bit(next().kind);
        ++count;
        end();
    }
    void add(const Shock& shock) {
        next() = shock;
        keep();
    }
    bool none() const { return count == 0; }
    bool any(Shock::Kind kind) const { return (kinds & bit(kind)) != 0; }
    /// Whether they leave the family as it is: emergencies of the moment only.
    bool passing() const { return (kinds & ~bit(Shock::Kind::emergency)) == 0; }
    /// The same, but for deaths: enough where nobody is left behind.
    bool passing_or_death() const { return (kinds & ~(bit(Shock::Kind::emergency) | bit(Shock::Kind::death))) == 0; }

    void end() { list[static_cast<std::size_t>(count)].month = never; }

private:
    static unsigned bit(Shock::Kind kind) { return 1u << static_cast<unsigned>(kind); }
};

/// What befalls a family comes in three streams of draws, each with addresses of its own, so that most families ask for one of them only.
/// Common: what can matter to any family, disabilities at any time, and from Calendar::acute_from on emergencies and the illnesses
/// and disasters with a claim of acute assistance (an earlier emergency would pay nothing that is counted, and leaves the family as it is).
/// Tested: what else matters where means are tested, all other illnesses and disasters, and losses of work. Deaths: they count for these
/// families, and where they end a subsidy or come before something else.
enum class Stream : std::uint8_t { common, tested, deaths };
/// In the order in which they are merged: of a disaster in both, the common one's counts.
inline constexpr std::array streams{Stream::tested, Stream::common, Stream::deaths};
inline constexpr std::size_t stream_count = streams.size();
template <class T>
using ByStream = std::array<T, stream_count>;
constexpr std::size_t at(Stream stream) { return static_cast<std::size_t>(stream); }
/// The replicates with their bit in that of any stream.
template <std::size_t words>
std::array<std::uint64_t, words> in_any(const ByStream<std::array<std::uint64_t, words>>& which) {
    std::array<std::uint64_t, words> any{};
    for (const auto& of_stream : which)
        for (std::size_t k = 0; k < words; ++k) any[k] |= of_stream[k];
    return any;
}

/// What the draws of a stream begin with: -log of the first gap's uniform, the block that decides about the first shock, and its hardness.
struct FirstShock {
    double wait;
    Words words;
    double hardness;
};
FirstShock first_shock(Stream stream, const Family& family, const World& world);

/// The byte of a stream's first gap, of which neighbouring replicates share a block. It tells for nearly every family that nothing can
/// come; the rest of the number is in the block of its first shock.
std::uint8_t first_gap(Stream stream, std::uint64_t seed, std::uint32_t replicate, std::uint64_t family);
inline constexpr std::uint32_t gaps_a_block = 16;
Purpose gap_of(Stream stream);

/// First shocks of the replicates of a block, those of all streams in one call: replicate by replicate, and in each in the order of `streams`.
class FirstShocks {
public:
    static constexpr std::size_t block = 256, most = stream_count * block;
    using Bits = std::array<std::uint64_t, block / 64>;
    struct Place {
        std::uint8_t replicate;
        Stream stream;
    };

    /// `worlds`: from the first of the block on; `which`: where a shock of the stream could come; `gaps`: by replicate.
    void draw(const Family& family, std::span<const World> worlds, const ByStream<Bits>& which, const ByStream<std::array<std::uint8_t, block>>& gaps);
    std::size_t count() const { return count_; }
    Place place(std::size_t k) const { return place_[k]; }
    FirstShock operator[](std::size_t k) const;

private:
    static_assert(block <= 256, "a replicate has eight bits");
    std::size_t count_ = 0;
    std::array<Place, most + 1> place_;
    std::array<double, 2 * most> log_;  ///< of the gaps, and then of the numbers that decide how hard
    alignas(64) std::array<std::uint32_t, 4 * most> words_;
};

/// The shocks of a stream: the points of a Poisson process on the family's own clock, which runs by what its
/// hazards add up to, one addressed block each (gap to the next, kind, size, claim), all of them shocks. A disaster of the county is
/// a hazard that falls on the family all at once, when its month begins. A longer run leaves those of its first months as they were.
void draw_shocks(Stream stream, const Family& family, const Person* people, const World& world, const Calendar& calendar, const FirstShock& first, Shocks& shocks);

/// Puts the shocks of another stream among them, in order of time and before those of the same month. A disaster hits a family once.
void merge(const Shocks& others, Shocks& shocks);

}  // namespace doudi
