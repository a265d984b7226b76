#include "dynamics/earnings.hpp"

#include "random/lanes.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dynamics/earnings.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace doudi::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

void earn_here(const Columns& c, const Kin& kin, const rules::Member* members, std::size_t at, std::uint64_t which, Earnings& earnings) {
    const hn::CappedTag<double, most_lanes<double>> d;
    const hn::Rebind<float, decltype(d)> df;
    constexpr std::size_t lanes = hn::MaxLanes(d);
    const Family& f = kin.family;
    int working = 0;
    for (int i = 0; i < f.size; ++i) working += members[i].employed;
    const IncomeCurve::Place on_curve(f.income_score);
    const double *low = c.exact_curve[on_curve.knot].data() + at, *high = c.exact_curve[on_curve.knot + 1].data() + at;
    for (std::size_t r = 0; r < Earnings::replicates; r += lanes) {
        if ((which >> r & ((std::uint64_t{1} << lanes) - 1)) == 0) continue;
        const auto under = [&](float score, const Column<float>& values) {
            return hn::Lt(hn::Set(d, static_cast<double>(score)), hn::PromoteTo(d, hn::LoadU(df, values.data() + at + r)));
        };
        const auto level = hn::LoadU(d, c.exact_level.data() + at + r), assessed = hn::LoadU(d, c.exact_assessed.data() + at + r);
        const auto ill_wages = hn::LoadU(d, c.exact_ill_wages.data() + at + r), disabled_wages = hn::LoadU(d, c.exact_disabled_wages.data() + at + r);
        const auto k = hn::LoadU(d, low + r);
        const auto factor = hn::Mul(level, hn::Add(k, hn::Mul(hn::Set(d, on_curve.past), hn::Sub(hn::LoadU(d, high + r), k))));
        auto farm = hn::Zero(d);
        if (working > 0 && f.farm > 0)
            farm = hn::IfThenElseZero(under(f.farm_score, c.farm), hn::Div(hn::Mul(hn::Set(d, static_cast<double>(f.farm)), factor), hn::Set(d, static_cast<double>(working))));
        auto total = hn::Zero(d);
        for (int i = 0; i < f.size; ++i) {
            const Person& p = kin.people[i];
            const rules::Member& m = members[i];
            auto income = hn::Zero(d);
            if (m.employed) {
                auto wages = hn::Mul(hn::Set(d, static_cast<double>(p.earnings)), factor);
                if (m.severe_illness) wages = hn::Mul(wages, ill_wages);
                if (m.disability_grade > 0) wages = hn::Mul(wages, disabled_wages);
                income = hn::Add(farm, wages);
            }
            if (!m.tekun) {
                if (p.pension_score < 2.0f)
                    income = hn::Add(income, hn::IfThenElseZero(under(p.pension_score, c.pension), hn::Mul(hn::Set(d, static_cast<double>(p.pension)), level)));
                if (i == 0) income = hn::Add(income, hn::IfThenElseZero(under(f.support_score, c.support), hn::Mul(hn::Set(d, static_cast<double>(f.support)), factor)));
            }
            income = hn::Floor(hn::Mul(income, assessed));  // none is negative
            hn::StoreU(income, d, earnings.of[static_cast<std::size_t>(i)].data() + r);
            total = hn::Add(total, income);
        }
        hn::StoreU(total, d, earnings.total.data() + r);
    }
}

}  // namespace doudi::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace doudi {
namespace {

HWY_EXPORT(earn_here);

}  // namespace

void earn(const Columns& columns, const Kin& kin, std::span<const rules::Member> members, std::size_t at, std::uint64_t which, Earnings& earnings) {
    HWY_DYNAMIC_DISPATCH(earn_here)(columns, kin, members.data(), at, which, earnings);
}

}  // namespace doudi
#endif
