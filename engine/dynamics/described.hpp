#pragma once
#include "dynamics/earnings.hpp"
#include "dynamics/kin.hpp"
#include "dynamics/room.hpp"
#include "dynamics/world.hpp"
#include "rules/household.hpp"

#include <array>
#include <span>

namespace doudi {

/// A family of at most eight as it is in the first month of one replicate, everyone at work who can be.
struct Described {
    static constexpr int most = 8;
    Room<rules::Member, most> room;
    std::array<bool, most> able;  ///< of working age and employed, were it not for school
    int size = 0;
    Fen income = 0;               ///< a month, of all members
    std::uint64_t likeness = 0;   ///< who is what, bit by bit; incomes apart
    bool special = false;         ///< someone is disabled, ill or tekun, whose pay could hang on his own income

    std::span<const rules::Member> members() const { return room.first(static_cast<std::size_t>(size)); }
    bool tekun() const { return room[0].tekun; }
    /// Takes the incomes in one replicate of those for which they were reckoned; `of_members`: their own too, not the family's alone.
    void take(const Earnings& earnings, std::size_t replicate, bool of_members);
};

/// Describes the members, without their incomes; false if a birthday changes who works, or could change what is paid to someone
/// disabled, ill or tekun.
bool describe(const Kin& kin, const World& world, Described& family);
/// Whether nobody of the family as it is described is out of work when the run starts.
bool all_at_work(const Kin& kin, const Described& family, const World& world);
/// In which of the replicates [at, at + 64) with their bit in `which` that is so.
std::uint64_t all_at_work(const Kin& kin, const Described& family, std::span<const World> worlds, std::size_t at, std::uint64_t which);
/// The incomes of the members as they are described: the operations that earnings.hpp has for many replicates.
void earn(const Kin& kin, const World& world, Described& family);

}  // namespace doudi
