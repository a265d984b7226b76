#include "catch.hpp"
#include "dynamics/each_bit.hpp"
#include "random/philox.hpp"

#include <vector>

using namespace doudi;

TEST_CASE("every bit of a block is told once and in order, whichever of its words are empty", "[dynamics]") {
    for (std::uint32_t k = 0; k < 512; ++k) {
        std::array<std::uint64_t, 4> bits{};
        for (std::uint32_t word = 0; word < 4; ++word) {
            const Words luck = Draws(5, Purpose::shock, k, word).block(0);
            if ((k >> word & 1u) == 0) continue;
            bits[word] = std::uint64_t{luck[0]} << 32 | luck[1];
            if (k >= 256) bits[word] &= bits[word] << 1 & (std::uint64_t{luck[2]} << 32 | luck[3]) & bits[word] >> 3;  // few
        }
        std::vector<std::size_t> expected, told;
        for (std::size_t r = 0; r < 256; ++r)
            if ((bits[r / 64] >> r % 64 & 1u) != 0) expected.push_back(r);
        each_bit(bits, [&](std::size_t r) { told.push_back(r); });
        CAPTURE(k);
        REQUIRE(told == expected);
    }
}
