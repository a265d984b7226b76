#include "dynamics/throughout.hpp"

#include "catch.hpp"
#include "random/philox.hpp"

#include <bit>

using namespace doudi;

TEST_CASE("what 64 replicates are paid at once is what they are paid one by one, whether few or many have their bit", "[dynamics]") {
    constexpr int pages = 3, lines = 5, replicates = 130;
    Throughout throughout(pages, lines, replicates);
    std::array<std::array<std::array<Throughout::Paid, replicates>, lines>, pages> expected{};
    const Draws draws(7, Purpose::detection, 0, 1);
    const auto word = [&](int k) { return std::uint64_t{draws.block(static_cast<std::uint32_t>(k))[0]} << 32 | draws.block(static_cast<std::uint32_t>(k))[1]; };
    int few = 0, most = 0;
    for (int k = 0; k < 3000; k += 10) {
        const auto pick = [&](int what, int count) { return static_cast<int>(word(k + what) % static_cast<std::uint64_t>(count)); };
        const int page = pick(0, pages - 1), line = pick(1, lines - 1), row = pick(2, 3);  // nothing on the last page and line
        std::uint64_t which = word(k + 3);
        const int thin = pick(4, 3);  // a half of them, a quarter or a thirty-second
        if (thin > 0) which &= word(k + 5);
        if (thin > 1) which &= word(k + 6) & word(k + 7) & word(k + 8);
        if (row == 2) which &= 3;  // the last row has two replicates
        few += std::popcount(which) < 8;
        most += std::popcount(which) > 20;
        std::array<Fen, Throughout::row> each;
        for (std::size_t r = 0; r < each.size(); ++r) each[r] = static_cast<Fen>(word(k) >> (24 + r % 20)) - (Fen{1} << 40);
        const Throughout::Bill bill{line, which, static_cast<Fen>(word(k + 9) >> 24) - (Fen{1} << 38), pick(6, 25) - 12, pick(7, 3) - 1, pick(8, 2) == 0 ? &each : nullptr};
        throughout.add(page, static_cast<std::size_t>(64 * row), bill);
        for (std::size_t r = 0; r < 64; ++r)
            if ((which >> r & 1u) != 0) {
                Throughout::Paid& to = expected[static_cast<std::size_t>(page)][static_cast<std::size_t>(line)][static_cast<std::size_t>(64 * row) + r];
                to.fen += bill.each ? each[r] : bill.fen;
                to.persons += bill.persons;
                to.households += bill.households;
            }
    }
    CHECK(few > 20);
    CHECK(most > 20);
    for (int page = 0; page < pages; ++page)
        for (int line = 0; line < lines; ++line) {
            CHECK(throughout.any(page, line) == (page < pages - 1 && line < lines - 1));
            for (int r = 0; r < replicates; ++r) {
                const Throughout::Paid paid = throughout.paid(page, line, r), &should = expected[static_cast<std::size_t>(page)][static_cast<std::size_t>(line)][static_cast<std::size_t>(r)];
                REQUIRE(paid.fen == should.fen);
                REQUIRE(paid.persons == should.persons);
                REQUIRE(paid.households == should.households);
            }
        }
    throughout.clear();
    for (int line = 0; line < lines; ++line) {
        CHECK_FALSE(throughout.any(0, line));
        CHECK(throughout.paid(0, line, 0).fen == 0);
        CHECK(throughout.paid(1, line, 129).persons == 0);
    }
}
