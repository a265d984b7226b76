#pragma once
#include "dynamics/columns.hpp"
#include "dynamics/kin.hpp"
#include "dynamics/shocks.hpp"

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
        using Bits = std::array<std::uint64_t, block / 64>;
        Bits bits;             ///< of the replicates from `first` on
        /// Those in which a shock of the stream could befall it. The tested one is asked where it comes forward; deaths there, where it draws
        /// the nursing subsidy, which a death ends, and where the common one could bring something, which may come too late.
        ByStream<Bits> could;
        ByStream<std::array<std::uint8_t, block>> gap;  ///< by stream that is asked anywhere
        // What a family is in those replicates, exactly: scores and their thresholds are compared as they are. Not for families
        // of more than eight (`exact`).
        Bits assets_ok, disabled, tekun, comes;  ///< comes: forward, if any policy lets it
        bool exact;

        Bits befalls() const { return in_any(could); }
    };
    /// Fills `kept` for the replicates [first, first + block) that exist; `first` is a multiple of `block`.
    void operator()(const Kin& kin, int first, Kept& kept) const;
    const Columns& columns() const { return columns_; }

private:
    /// The first gaps of a block of replicates.
    class Gaps {
    public:
        explicit Gaps(std::span<const World> worlds);
        void draw(Stream stream, const Family& family, std::uint64_t seed, std::array<std::uint8_t, block>& gaps) const;

    private:
        std::vector<std::uint32_t> blocks_;              ///< of draws: the distinct ones
        ByStream<std::vector<std::uint32_t>> purpose_;   ///< first word of the counter, as often as there are blocks
        std::vector<std::uint16_t> place_;               ///< by replicate: its byte among those
        bool in_order_ = true;                           ///< replicate r has byte r
    };
    std::uint64_t far(const Kin& kin, std::size_t at, std::uint64_t quiet) const;

    std::span<const World> worlds_;
    Bounds bounds_;
    Columns columns_;
    std::vector<std::uint32_t> luck_;        ///< address by replicate
    std::vector<Gaps> gaps_;                 ///< by block of replicates
};

/// The vector unit in use ("AVX3_ZEN4", "AVX2", "SSE4" ...), and a way to allow only lesser ones: "avx2", "sse4", "baseline".
/// Throws InputError for another name.
std::string vector_unit();
void limit_vector_unit(const std::string& name);

}  // namespace doudi
