#include "results/precision.hpp"

#include "base/error.hpp"
#include "results/adjustment.hpp"
#include "results/estimates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>
#include <sstream>

namespace doudi {

Precision::Reached Precision::reached(std::vector<std::int64_t> values, const Adjustment* adjustment) const {
    Reached r;
    if (adjusted && adjustment != nullptr) {
        const Adjusted a = (*adjustment)(values);
        const AdjustedFigure f = level < 0 ? a.mean() : a.quantile(level);
        r.value = f.value;
        r.half_width = f.interval().half_width();
    } else {
        std::sort(values.begin(), values.end());
        const Estimate e = estimate(values);
        r.value = level < 0 ? e.mean : quantile(values, level);
        r.half_width = adjusted    ? std::numeric_limits<double>::infinity()
                       : level < 0 ? e.mean_interval.half_width()
                                   : quantile_interval(values, level).half_width();
    }
    r.wanted = share > 0 ? share * std::fabs(r.value) : fen;
    return r;
}

std::vector<Precision> parse_precisions(const std::string& text) {
    static const std::regex form(R"(\s*(adjusted +)?([a-z_]+(?:\.[a-z_]+)?)\.(mean|median|q([0-9]{1,2}(?:\.[0-9]+)?)) +within +([0-9]+(?:\.[0-9]+)?) *(%|yuan)\s*)");
    std::vector<Precision> list;
    std::vector<Fault> faults;
    std::stringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');) {
        std::smatch m;
        Precision p;
        const double bound = std::regex_match(part, m, form) ? std::stod(m[5]) : 0;
        if (m[3] == "median") p.level = 0.5;
        else if (m[4].matched) p.level = std::stod(m[4]) / 100;
        if (bound <= 0 || p.level == 0 || p.level >= 1) {
            faults.push_back({"--until", both("\"{}\" is not a precision; write QUANTITY.STATISTIC within X% (or X yuan), such as \"total.q95 within 0.5%\", \"difference.mean within 1%\", \"adjusted total.q95 within 0.5%\" or \"dibao.median within 2000000 yuan\"",
                                              "\"{}\" 不是精度要求；应写作“数量.统计量 within X%”（或 X yuan），例如 \"total.q95 within 0.5%\"、\"difference.mean within 1%\"、\"adjusted total.q95 within 0.5%\"（按抽到的参数校正）、\"dibao.median within 2000000 yuan\"", part)});
            continue;
        }
        p.adjusted = m[1].matched;
        p.quantity = m[2];
        p.statistic = m[3];
        (m[6] == "%" ? p.share : p.fen) = m[6] == "%" ? bound / 100 : bound * 100;
        list.push_back(p);
    }
    if (list.empty() && faults.empty()) faults.push_back({"--until", both("no precision was given, such as \"total.q95 within 0.5%\"", "未给出精度要求，例如 \"total.q95 within 0.5%\"")});
    if (!faults.empty()) throw InputError(std::move(faults));
    return list;
}

double Precision::Reached::ratio() const {
    if (wanted > 0) return half_width / wanted;
    return half_width > 0 ? std::numeric_limits<double>::infinity() : 0;
}

int next_look(int replicates, double ratio) {
    if (replicates < 100) return 100;
    const double now = replicates, needed = std::isfinite(ratio) ? 1.1 * now * ratio * ratio : 2 * now;
    const double fifties = std::ceil(std::clamp(needed, 1.25 * now, 4 * now) / 50);
    return static_cast<int>(std::min(50 * fifties, 1e9));
}

}  // namespace doudi
