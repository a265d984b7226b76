#pragma once
#include "dynamics/columns.hpp"
#include "dynamics/kin.hpp"

#include <span>
#include <string>

namespace doudi {

/// Tells, for one family, the replicates in which it could be paid anything, many replicates at a time. Its answer errs on
/// one side only: a replicate that it leaves out is proven to pay nothing under any policy (a test holds it against the
/// plain loop); one that it keeps is decided exactly by the Walker. So the instructions used cannot change a result.
class Sieve {
public:
    static constexpr int block = Columns::block;  ///< replicates a call

    Sieve(std::span<const World> worlds, const Bounds& bounds);

    struct Kept {
        std::array<std::uint64_t, block / 64> bits;    ///< of the replicates from `first` on
        std::array<std::uint64_t, block / 64> shocked; ///< those in which a shock could befall it
        std::array<std::uint32_t, block> first_word; ///< see first_gaps
        // What a family is in those replicates, exactly: scores and their thresholds are compared as they are. Not for families
        // of more than eight (`exact`).
        std::array<std::uint64_t, block / 64> assets_ok, disabled, tekun, comes;  ///< comes: forward, if any policy lets it
        bool exact;
    };
    /// Fills `kept` for the replicates [first, first + block) that exist; `first` is a multiple of `block`.
    void operator()(const Kin& kin, int first, Kept& kept) const;
    const Columns& columns() const { return columns_; }

private:
    std::span<const World> worlds_;
    Bounds bounds_;
    Columns columns_;
    std::vector<std::uint32_t> luck_;        ///< address by replicate
    /// Addresses of the draws that a block of replicates needs of every family.
    struct Addresses {
        std::vector<std::uint32_t> gap;        ///< distinct blocks of first gaps
        std::vector<std::uint16_t> place;      ///< by replicate: its word among those
        bool in_order = true;                  ///< replicate r has word r
    };
    std::vector<Addresses> addresses_;         ///< by block of replicates
    std::vector<std::uint32_t> purpose_;       ///< first word of the counter of first gaps, as often as a call needs it
};

/// The vector unit in use ("AVX3_ZEN4", "AVX2", "SSE4" ...), and a way to allow only lesser ones: "avx2", "sse4", "baseline".
/// Throws InputError for another name.
std::string vector_unit();
void limit_vector_unit(const std::string& name);

}  // namespace doudi
