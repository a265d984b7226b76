#pragma once
#include "dynamics/columns.hpp"
#include "dynamics/kin.hpp"

#include <array>
#include <cstdint>

namespace doudi {

/// In which replicates of a row of 64 the members of a family of at most eight are the same: disabled and how badly, ill, with work, at
/// school, tekun. Their scores are held against the thresholds of all replicates at once.
class Likenesses {
public:
    /// Of the replicates [at, at + 64) only those in `todo` are asked for; `at` is a multiple of 64.
    Likenesses(const Kin& kin, const Columns& columns, std::size_t at, std::uint64_t todo, int months);
    /// The replicates that are like the one at `place`.
    std::uint64_t like(int place) const;

private:
    static constexpr std::size_t most = 8 * (6 + 3) + 3;
    void ask(float score, const Column<float>& column) { asked_[count_++] = {score, &column}; }
    void answer(std::size_t at);

    std::array<Comparison, most> asked_;
    std::array<std::uint64_t, most> bits_;
    std::size_t count_ = 0, answered_ = 0;
};

}  // namespace doudi
