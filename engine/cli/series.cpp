#include "cli/series.hpp"

#include "base/error.hpp"
#include "results/split.hpp"

#include <algorithm>
#include <utility>

namespace doudi::cli {
namespace {

std::pair<std::size_t, std::size_t> range(std::size_t one, std::size_t size) { return one == all ? std::pair{std::size_t{0}, size} : std::pair{one, one + 1}; }

}  // namespace

std::vector<std::int64_t> series(const ResultTotals& t, const std::vector<std::int64_t>& cube, std::size_t s, std::size_t programme, std::size_t county, std::size_t residence) {
    const auto counties = range(county, t.county_codes.size()), residences = range(residence, 2), programmes = range(programme, t.programmes.size());
    std::vector<std::int64_t> values(static_cast<std::size_t>(t.replicates), 0);
    for (std::size_t r = 0; r < values.size(); ++r)
        for (std::size_t c = counties.first; c < counties.second; ++c)
            for (std::size_t x = residences.first; x < residences.second; ++x)
                for (std::size_t p = programmes.first; p < programmes.second; ++p) values[r] += cube[t.place(s, r, c, x, p)];
    return values;
}

std::vector<std::int64_t> difference(const ResultTotals& t, std::size_t s, std::size_t programme, std::size_t county) {
    auto values = series(t, t.cost, s, programme, county);
    const auto base = series(t, t.cost, 0, programme, county);
    for (std::size_t r = 0; r < values.size(); ++r) values[r] -= base[r];
    return values;
}

std::vector<Fen> paid_by(const ResultTotals& t, std::size_t level, std::size_t s, std::size_t programme, std::size_t county) {
    const auto counties = range(county, t.county_codes.size()), programmes = range(programme, t.programmes.size());
    std::vector<Fen> values(static_cast<std::size_t>(t.replicates), 0);
    for (std::size_t p = programmes.first; p < programmes.second; ++p) {
        std::array<std::int64_t, 4> share{};
        std::copy_n(t.funding_share.begin() + static_cast<std::ptrdiff_t>((s * t.programmes.size() + p) * 4), 4, share.begin());
        for (std::size_t r = 0; r < values.size(); ++r)
            for (std::size_t c = counties.first; c < counties.second; ++c) values[r] += split(t.cost[t.place(s, r, c, 0, p)] + t.cost[t.place(s, r, c, 1, p)], share)[level];
    }
    return values;
}

std::size_t place_of(const std::string& label, const std::vector<std::string>& labels, const char* option) {
    const auto found = std::find(labels.begin(), labels.end(), label);
    if (found != labels.end()) return static_cast<std::size_t>(found - labels.begin());
    std::string known;
    for (const std::string& l : labels) known += (known.empty() ? "" : ", ") + l;
    throw InputError(option, both("there is no \"{}\"{}; there are {}", "没有 \"{0}\"，可用的有：{2}{1}", label, nearest(label, labels), known.substr(0, 400)));
}

}  // namespace doudi::cli
