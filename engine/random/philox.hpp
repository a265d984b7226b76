#pragma once
#include <array>
#include <cstdint>

namespace doudi {

/// What a draw is for. The number is part of the draw's address: never renumber, only append.
enum class Purpose : std::uint32_t {
    parameter = 1,
    systemic = 2,
    county_income = 3,
    disaster = 4,
    permutation = 5,
    person = 6,
    household = 7,
    shock = 8,
    initial_job = 9,
    detection = 10,
    first_gap = 12,
    coverage = 13,
    module = 14,
    calibration = 15,
    income_growth = 16,
    lasting_income = 17,
    parameter_stratum = 18,
    population = 20,
    common_gap = 21,
    common_shock = 22,
    death_gap = 23,
    death = 24,
    law = 25,
};

using Words = std::array<std::uint32_t, 4>;

/// Philox4x32-10 (Salmon et al. 2011): a counter and a key to four independent 32-bit words.
constexpr Words philox(Words counter, std::array<std::uint32_t, 2> key) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t a = std::uint64_t{0xD2511F53u} * counter[0];
        const std::uint64_t b = std::uint64_t{0xCD9E8D57u} * counter[2];
        counter = {static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
                   static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
        key[0] += 0x9E3779B9u;
        key[1] += 0xBB67AE85u;
    }
    return counter;
}

/// Draws of one purpose for one subject in one replicate. Same address, same bits, whatever else is drawn.
/// `subject` is a household, county or parameter id; `replicate` is 0 for what all replicates share.
class Draws {
public:
    constexpr Draws(std::uint64_t seed, Purpose purpose, std::uint32_t replicate, std::uint64_t subject)
        : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
          purpose_(static_cast<std::uint32_t>(purpose) << 24),
          replicate_(replicate),
          subject_(subject) {}

    /// Four words; `draw` up to 2^24 - 1.
    constexpr Words block(std::uint32_t draw) const {
        return philox({purpose_ | draw, replicate_, static_cast<std::uint32_t>(subject_),
                           static_cast<std::uint32_t>(subject_ >> 32)}, key_);
    }
    constexpr std::uint32_t bits(std::uint32_t draw) const { return block(draw / 4)[draw % 4]; }

private:
    std::array<std::uint32_t, 2> key_;
    std::uint32_t purpose_, replicate_;
    std::uint64_t subject_;
};

/// Middle of the word's cell in (0, 1): never 0, never 1, exact in double.
constexpr double unit(std::uint32_t word) { return (static_cast<double>(word) + 0.5) * 0x1p-32; }

}  // namespace doudi
