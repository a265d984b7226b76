#include "dynamics/columns.hpp"

#include "random/lanes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dynamics/columns.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "dynamics/mask_bits.hpp"

HWY_BEFORE_NAMESPACE();
namespace doudi::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void compare_here(const Comparison* list, std::size_t count, std::size_t at, std::uint64_t* bits) {
    const hn::CappedTag<float, most_lanes<float>> d;
    for (std::size_t k = 0; k < count; ++k) {
        const auto score = hn::Set(d, list[k].score);
        const float* column = list[k].column->data() + at;
        MaskBits<decltype(d)> under;
        for (std::size_t i = 0; i < 64; i += hn::Lanes(d)) under.put(d, hn::Lt(score, hn::LoadU(d, column + i)), i);
        bits[k] = under.value();
    }
}

}  // namespace doudi::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace doudi {
namespace {

HWY_EXPORT(compare_here);

float down(double x) { return -threshold(-x); }

}  // namespace

float threshold(double x) {
    const auto f = static_cast<float>(x);
    return static_cast<double>(f) < x ? std::nextafter(f, std::numeric_limits<float>::infinity()) : f;
}

void compare(std::span<const Comparison> list, std::size_t at, std::uint64_t* bits) {
    HWY_DYNAMIC_DISPATCH(compare_here)(list.data(), list.size(), at, bits);
}

Columns::Columns(std::span<const World> worlds, const Bounds& bounds) {
    const auto fill = [&](auto& column, const auto& value) {
        column.assign(padded(worlds.size()), 0);
        for (std::size_t r = 0; r < worlds.size(); ++r) column[r] = value(worlds[r]);
    };
    const auto end = [&](const World& w) -> const World::Tick& { return w.clock[static_cast<std::size_t>(bounds.months)]; };
    const double months = bounds.months;
    fill(disabled, [](const World& w) { return threshold(w[Assumption::disability_prevalence]); });
    fill(ill, [](const World& w) { return threshold(w[Assumption::illness_prevalence]); });
    fill(employed, [](const World& w) { return threshold(w.by_residence(Assumption::employed_urban, Assumption::employed_rural)); });
    fill(employed_disabled, [](const World& w) {
        return threshold(w.by_residence(Assumption::employed_urban, Assumption::employed_rural) * w[Assumption::disability_employment]);
    });
    fill(pension, [](const World& w) { return threshold(w.by_residence(Assumption::pension_urban, Assumption::pension_rural)); });
    fill(support, [](const World& w) { return threshold(w.by_residence(Assumption::support_urban, Assumption::support_rural)); });
    fill(secondary, [](const World& w) { return threshold(w[Assumption::school_secondary]); });
    fill(tertiary, [](const World& w) { return threshold(w[Assumption::school_tertiary]); });
    fill(farm, [](const World& w) { return threshold(w[Assumption::farm_rural]); });
    fill(tekun, [](const World& w) { return threshold(w.by_residence(Assumption::tekun_urban, Assumption::tekun_rural)); });
    fill(grade[0], [](const World& w) { return threshold(0.4 * w[Assumption::disability_severe]); });  // see disability_grade
    fill(grade[1], [](const World& w) { return threshold(w[Assumption::disability_severe]); });
    fill(grade[2], [](const World& w) { return threshold((1.0 + w[Assumption::disability_severe]) / 2.0); });
    fill(care[0], [](const World& w) { return threshold(w[Assumption::tekun_full]); });  // see care_level
    fill(care[1], [](const World& w) { return threshold(w[Assumption::tekun_full] + w[Assumption::tekun_semi]); });
    fill(comes, [&](const World& w) { return threshold(bounds.take_up_factor * w.by_residence(Assumption::takeup_dibao_urban, Assumption::takeup_dibao_rural)); });
    fill(nursing, [&](const World& w) { return threshold(bounds.nursing_factor * w[Assumption::takeup_nursing] * (1 + 1e-9)); });
    for (int kind = 0; kind < 3; ++kind)
        for (int size = 1; size <= 8; ++size)
            fill(assets[kind][size - 1], [&](const World& w) {
                double share = kind == 0   ? w.by_residence(Assumption::assets_hardship_urban, Assumption::assets_hardship_rural)
                               : kind == 1 ? w.by_residence(Assumption::assets_other_urban, Assumption::assets_other_rural)
                                           : w.by_residence(Assumption::assets_poor_urban, Assumption::assets_poor_rural);
                for (int i = 1; i < size; ++i) share *= w[Assumption::assets_member_factor];
                return threshold(share);
            });
    const auto at_turn = [&](const World& w) -> const World::Tick& { return w.clock[static_cast<std::size_t>(bounds.acute_from)]; };
    const double acute_months = bounds.months - bounds.acute_from;
    const auto claimed_illness = [&](const World& w) { return w[Assumption::illness_onset] * w[Assumption::temp_acute] * (end(w).sickness - at_turn(w).sickness); };
    const auto other_illness = [&](const World& w) { return w[Assumption::illness_onset] * end(w).sickness - claimed_illness(w); };
    const auto disability = [&](const World& w) { return w[Assumption::disability_onset] * months; };
    const auto disasters_since = [&](const World& w) { return end(w).disasters - at_turn(w).disasters; };
    const auto none = [](const World&) { return 0.0f; };
    Hazard &common = hazard[at(Stream::common)], &tested = hazard[at(Stream::tested)], &deaths = hazard[at(Stream::deaths)];
    fill(common.young, [&](const World& w) { return threshold(claimed_illness(w) + disability(w)); });
    fill(common.old, [&](const World& w) { return threshold(claimed_illness(w) * w[Assumption::illness_elderly] + disability(w) * w[Assumption::disability_elderly]); });
    fill(common.family, [&](const World& w) { return threshold(w[Assumption::temp_other] * acute_months + w.claimed_disaster_hazard * disasters_since(w)); });
    fill(tested.young, [&](const World& w) { return threshold(other_illness(w)); });
    fill(tested.old, [&](const World& w) { return threshold(other_illness(w) * w[Assumption::illness_elderly]); });
    fill(tested.family, [&](const World& w) { return threshold(w.disaster_hazard * end(w).disasters - w.claimed_disaster_hazard * disasters_since(w)); });
    fill(deaths.young, none);
    fill(deaths.old, [&](const World& w) { return threshold(w[Assumption::death_elderly] * months); });
    fill(deaths.family, none);
    fill(job_loss, [&](const World& w) { return threshold(w.by_residence(Assumption::job_loss_urban, Assumption::job_loss_rural) * end(w).labour); });
    fill(out_of_work, [](const World& w) {
        const double loss = w.by_residence(Assumption::job_loss_urban, Assumption::job_loss_rural);
        return threshold(loss / (loss + w[Assumption::reemployment]) + 1e-6);
    });
    fill(level, [](const World& w) { return down(w.income_factor); });
    fill(assessed, [](const World& w) { return down(w.by_residence(Assumption::income_assessed_urban, Assumption::income_assessed_rural)); });
    fill(ordinary, [&](const World& w) { return 100 * w[Assumption::essential_share] * w.prices_max + 1e-6 <= bounds.rigid_share_pct ? 1.0f : 0.0f; });
    const auto most = [&](const Column<float>& column) { return worlds.empty() ? 0.0f : *std::max_element(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(worlds.size())); };
    const auto least = [&](const Column<float>& column) { return worlds.empty() ? 0.0f : *std::min_element(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(worlds.size())); };
    most_disabled = most(disabled);
    most_ill = most(ill);
    most_tekun = most(tekun);
    least_employed = least(employed);
    least_pension = least(pension);
    for (int kind = 0; kind < 3; ++kind)
        for (int size = 0; size < 8; ++size) most_assets[kind][size] = most(assets[kind][size]);
    curve.resize(IncomeCurve::knots);
    for (std::size_t k = 0; k < curve.size(); ++k) fill(curve[k], [&](const World& w) { return down(w.income_curve->at_knot(k)); });
    fill(exact_level, [](const World& w) { return w.income_factor; });
    fill(exact_assessed, [](const World& w) { return w.by_residence(Assumption::income_assessed_urban, Assumption::income_assessed_rural); });
    fill(exact_ill_wages, [](const World& w) { return w[Assumption::illness_wages]; });
    fill(exact_disabled_wages, [](const World& w) { return w[Assumption::disability_wages]; });
    exact_curve.resize(IncomeCurve::knots);
    for (std::size_t k = 0; k < curve.size(); ++k) fill(exact_curve[k], [&](const World& w) { return w.income_curve->at_knot(k); });
}

}  // namespace doudi
#endif
