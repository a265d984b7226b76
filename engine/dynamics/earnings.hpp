#pragma once
#include "dynamics/columns.hpp"
#include "dynamics/kin.hpp"
#include "rules/household.hpp"

#include <array>
#include <span>

namespace doudi {

/// The assessed incomes of one family in 64 replicates in which its members are the same: whole fen, in doubles, which hold them exactly.
struct Earnings {
    static constexpr std::size_t replicates = 64, most = 8;
    alignas(64) std::array<double, replicates> total;
    alignas(64) std::array<std::array<double, replicates>, most> of;  ///< [member, replicate]
};

/// Fills `earnings` for the replicates [at, at + 64) that have their bit in `which`, and perhaps some beside them. `members`: as
/// they are there, all who are employed at work, in a family of at most eight. The same operations in the same order as the
/// other one (described.hpp) has for one replicate.
void earn(const Columns& columns, const Kin& kin, std::span<const rules::Member> members, std::size_t at, std::uint64_t which, Earnings& earnings);

}  // namespace doudi
