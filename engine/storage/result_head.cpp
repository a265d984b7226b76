#include "storage/result_head.hpp"

#include "base/digest.hpp"

#include <fmt/format.h>

namespace doudi {

const std::vector<Cube>& result_cubes() {
    static const std::vector<std::string> paid{"scenario", "replicate", "county", "residence", "programme", "month"};
    static const std::vector<Cube> cubes{
        {"cost", paid, "paid by a programme in a month", "fen", &Tally::cost},
        {"recipients", paid, "persons paid by a programme in a month", "persons", &Tally::recipients},
        {"households", paid, "households paid by a programme in a month", "households", &Tally::households},
        {"category_households", {"scenario", "replicate", "county", "residence", "category", "month"}, "households in a category in a month", "households", &Tally::category_households},
        {"dibao_single", {"scenario", "replicate", "county", "residence", "month"}, "part of dibao paid to persons included alone", "fen", &Tally::dibao_single},
    };
    return cubes;
}

std::string county_digest(const Tally& tally) {
    Digest digest;
    for (const Cube& cube : result_cubes()) digest.add(tally.*cube.values);
    return digest.hex();
}

std::string prior_text(const Prior& p) {
    switch (p.kind) {
        case Prior::Kind::fixed: return fmt::format("fixed {}", p.mean);
        case Prior::Kind::normal: return fmt::format("normal mean {} sd {}", p.mean, p.sd);
        case Prior::Kind::lognormal: return fmt::format("lognormal mean {} sd {}", p.mean, p.sd);
        case Prior::Kind::beta: return fmt::format("beta mean {} sd {}", p.mean, p.sd);
        case Prior::Kind::uniform: return fmt::format("uniform {} to {}", p.low, p.high);
    }
    return "";
}

std::string month_label(Month m) { return fmt::format("{}-{:02}", m.year(), m.month()); }

}  // namespace doudi
