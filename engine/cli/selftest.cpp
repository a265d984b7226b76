#include "cli/selftest.hpp"

#include "random/philox.hpp"
#include "simulate/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace doudi::cli {
namespace {

class Checks {
public:
    void say(const char* what, bool holds) {
        fmt::print("{}  {}\n", holds ? "ok  " : "FAIL", what);
        failed_ += !holds;
    }
    int code() const { return failed_ == 0 ? 0 : 1; }

private:
    int failed_ = 0;
};

bool same(const Tally& a, const Tally& b) {
    return a.cost == b.cost && a.recipients == b.recipients && a.households == b.households && a.category_households == b.category_households && a.dibao_single == b.dibao_single;
}

/// Whether living and nursing of scenario 1 cost exactly `step` fen more a recipient-month than those of scenario 0, and
/// nothing else changed.
bool hand_check(const Tally& t, Fen step) {
    for (int r = 0; r < t.replicates; ++r)
        for (int x = 0; x < 2; ++x)
            for (int p = 0; p < t.programmes; ++p)
                for (int m = 0; m < t.months; ++m) {
                    const bool subsidy = p == at(Programme::living_subsidy) || p == at(Programme::nursing_subsidy);
                    const auto a = t.pay_index(0, r, x, p, m), b = t.pay_index(1, r, x, p, m);
                    if (t.cost[b] - t.cost[a] != (subsidy ? step * t.recipients[a] : 0)) return false;
                }
    return true;
}

bool categories_add_up(const Tally& t) {
    for (int s = 0; s < t.scenarios; ++s)
        for (int r = 0; r < t.replicates; ++r)
            for (int x = 0; x < 2; ++x) {
                std::int64_t first = -1;
                for (int m = 0; m < t.months; ++m) {
                    std::int64_t sum = 0;
                    for (int c = 0; c < category_count; ++c) sum += t.category_households[t.category_index(s, r, x, c, m)];
                    if (first < 0) first = sum;
                    if (sum != first) return false;
                }
            }
    return true;
}

}  // namespace

int selftest(const std::filesystem::path& file) {
    Overrides o;
    o.replicates = 4;
    Plan plan = load_plan({file}, o);
    // The two smallest counties, so that it takes seconds.
    auto counties = plan.counties;
    std::sort(counties.begin(), counties.end(), [](const County& a, const County& b) { return a.population < b.population; });
    for (std::size_t i = 0; i < std::min<std::size_t>(2, counties.size()); ++i) o.counties.push_back(counties[i].code);
    const auto amounts = [&](const char* amount) {
        return std::vector<std::string>{std::string("living_subsidy.amount=\"") + amount + '"', std::string("nursing_subsidy.amount=\"") + amount + '"',
                                        "take_up.response_to_amount=0", "living_subsidy.take_up_factor=1", "nursing_subsidy.take_up_factor=1"};
    };
    Checks checks;
    checks.say("Philox gives the known answer of its authors",
               philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) == Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    o.set_each = {amounts("80.00"), amounts("85.00"), amounts("80.00")};
    const Plan three = load_plan({file, file, file}, o);
    const SharedDraws shared = shared_draws(three);
    for (std::size_t c = 0; c < three.counties.size(); ++c) {
        fmt::print("{} {}\n", three.counties[c].code, three.counties[c].name_zh);
        const Tally t = simulate_county(three, shared, c, 1);
        checks.say("something is paid", std::accumulate(t.cost.begin(), t.cost.end(), Fen{0}) > 0);
        const auto block = static_cast<std::ptrdiff_t>(t.cost.size() / 3);
        checks.say("a null reform is zero in every cell", std::equal(t.cost.begin(), t.cost.begin() + block, t.cost.begin() + 2 * block));
        checks.say("80 to 85 yuan is recipient-months x 5 yuan, to the fen, in every cell", hand_check(t, 500));
        checks.say("the categories add up to the same households in every month", categories_add_up(t));
        checks.say("1, 2 and 7 threads give the same tallies", same(t, simulate_county(three, shared, c, 2)) && same(t, simulate_county(three, shared, c, 7)));
        checks.say("walking from event to event gives the tallies of the plain monthly loop", same(t, simulate_county(three, shared, c, 0, nullptr, true)));
    }
    fmt::print("{}\n", checks.code() == 0 ? "every check holds" : "some checks fail: do not trust results of this build and scenario");
    return checks.code();
}

}  // namespace doudi::cli
