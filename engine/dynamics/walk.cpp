#include "dynamics/walk.hpp"

#include "dynamics/help.hpp"
#include "dynamics/home.hpp"
#include "dynamics/office.hpp"
#include "random/math.hpp"
#include "rules/disability.hpp"

#include <algorithm>
#include <optional>

namespace doudi {

Walker::Walker(const Calendar& calendar, std::span<const LocalPolicy> policies, bool every_month, Observer observer)
    : calendar_(calendar), policies_(policies), every_month_(every_month), observer_(std::move(observer)) {
    for (const LocalPolicy& p : policies) {
        const Fen standard = std::max(p.standards.dibao, p.standards.guidance);
        const Fen edge = ceil_div(standard * std::max(p.policy.edge_mult_pct, 200), 100);
        // The work-cost deduction lowers income by at most S a member.
        reach_ = std::max(reach_, p.policy.work_deduction_bp > 0 ? edge + standard : edge);
    }
}

/// Whether no policy can pay this quiet family (no shock, nobody disabled, assets pass) anything: it is settled, its
/// income a head is at or over the edge ceiling of every policy, and its necessary spending, a fixed share of income
/// at no more than the highest price, stays under the 60 % line. Then it is neither dibao nor edge nor rigid, and
/// nobody is ill or disabled to be included alone.
bool Walker::out_of_reach(const Family& f, const Person* people, const World& w) const {
    const Settled s = settled(f, people, w, calendar_);
    if (!s.settled || s.income < f.size * reach_) return false;
    return std::all_of(policies_.begin(), policies_.end(), [&](const LocalPolicy& p) {
        return 100 * w[Assumption::essential_share] * w.prices_max + 1e-6 <= p.policy.rigid_share_pct;
    });
}

/// A family whose assets fail draws only the nursing subsidy and acute temporary assistance: no assessment is needed.
void Walker::without_assets(const Family& f, const Person* people, const World& w, const Shocks& shocks,
                            std::span<const int> disasters, Tally& tally) const {
    struct Member { int from, until; rules::Member as; };
    std::array<Member, 12> members;
    const int count = std::min<int>(f.size, static_cast<int>(members.size()));
    for (int i = 0; i < count; ++i) {
        Member& m = members[static_cast<std::size_t>(i)];
        m = {Office::never, calendar_.total(), {}};
        if (disabled(people[i], w)) {
            m.from = 0;
            m.as.disability_grade = disability_grade(people[i].grade_score, w[Assumption::disability_severe]);
        }
        m.as.disability_type = disability_type(people[i].type_score);
    }
    int alive = count, gone = calendar_.total();
    for (int k = 0; k < shocks.count; ++k) {
        const Shock& shock = shocks.list[static_cast<std::size_t>(k)];
        Member& m = members[shock.member];
        if (m.until < calendar_.total()) continue;
        if (shock.kind == Shock::Kind::death) {
            m.until = shock.month;
            if (--alive == 0) gone = shock.month;
        } else if (shock.kind == Shock::Kind::disability && m.from == Office::never) {
            m.from = shock.month + Shock::certificate_months;
            m.as.disability_grade = disability_grade(unit(shock.size), w[Assumption::disability_severe]);
        }
    }
    for (std::size_t s = 0; s < policies_.size(); ++s) {
        const LocalPolicy& policy = policies_[s];
        Adder to(tally, static_cast<int>(s), w, calendar_);
        if (claims_nursing(f, w, policy)) {
            // Members may overlap in time: households are counted once, so walk the pieces between their ends.
            for (int from = 0; from < calendar_.total();) {
                int until = calendar_.total(), persons = 0;
                for (int i = 0; i < count; ++i) {
                    const Member& m = members[static_cast<std::size_t>(i)];
                    if (!rules::draws_nursing_subsidy(m.as, policy.policy)) continue;
                    persons += m.from <= from && from < m.until;
                    for (const int end : {m.from, m.until})
                        if (end > from) until = std::min(until, end);
                }
                to.pay(Programme::nursing_subsidy, persons * policy.policy.nursing, persons, from, until);
                from = until;
            }
        }
        for (int k = 0; k < shocks.count; ++k) {
            const Shock& shock = shocks.list[static_cast<std::size_t>(k)];
            if (shock.month < gone && claims_acute(shock, w)) pay_acute(shock, w, policy, to);
        }
        for (const int month : disasters) {
            const Shock shock = disaster_shock(f, w, month);
            if (month < gone && claims_acute(shock, w)) pay_acute(shock, w, policy, to);
        }
    }
}

void Walker::months(const Family& f, const Person* people, const World& w, bool assets_ok, const Shocks& shocks,
                    std::span<const int> disasters, Tally& tally) const {
    Home home(f, people, w, assets_ok, shocks, disasters);
    std::array<std::optional<Office>, most_policies> offices;
    const std::size_t count = policies_.size();
    for (std::size_t s = 0; s < count; ++s) offices[s].emplace(f, w, policies_[s], calendar_);
    const Draws detection(w.seed, Purpose::detection, w.replicate, f.id);
    bool watch = true;  // the trailing sums could change a decision
    for (int month = 0, next; month < calendar_.total(); month = next) {
        const bool changed = home.enter(month);
        if (home.alive() == 0) return;
        const bool assess = changed || watch || every_month_;
        next = every_month_ ? month + 1 : std::min(home.next_event(), calendar_.total());
        watch = false;
        const Words luck = detection.block(static_cast<std::uint32_t>(month));
        for (std::size_t s = 0; s < count; ++s) {
            Office& office = *offices[s];
            if (assess) office.assess(home);
            if (month == 0) office.settle();
            office.work(month, home, luck, changed && month > 0);
            next = std::min(next, office.next_action(month, home));
            watch = watch || office.hangs_on_trailing_sums(home);
        }
        if (watch) next = month + 1;
        for (std::size_t s = 0; s < count; ++s) {
            Adder to(tally, static_cast<int>(s), w, calendar_);
            for (const Shock& shock : home.shocks_now()) offices[s]->help(shock, home, to);
            if (home.disaster_now()) offices[s]->help(disaster_shock(f, w, month), home, to);
            if (changed) offices[s]->pay_events(month, home, to);
            offices[s]->pay(month, next, to);
            if (observer_) observer_(month, s, home, *offices[s]);
        }
    }
}

void Walker::operator()(const Family& f, const Person* people, const World& w, std::uint32_t first_word, Tally& tally) const {
    const bool has_disability = f.any_disability < w[Assumption::disability_prevalence];
    const bool tekun = f.any_tekun < w.by_residence(Assumption::tekun_urban, Assumption::tekun_rural);
    double pass;
    if (has_disability || f.any_illness < w[Assumption::illness_prevalence])
        pass = w.by_residence(Assumption::assets_hardship_urban, Assumption::assets_hardship_rural);
    else if (f.any_work < w.by_residence(Assumption::employed_urban, Assumption::employed_rural) ||
             f.any_pension < w.by_residence(Assumption::pension_urban, Assumption::pension_rural))
        pass = w.by_residence(Assumption::assets_other_urban, Assumption::assets_other_rural);
    else
        pass = w.by_residence(Assumption::assets_poor_urban, Assumption::assets_poor_rural);
    for (int i = 1; i < f.size; ++i) pass *= w[Assumption::assets_member_factor];
    // Residents of collective households under 60 have their family elsewhere: they are not assessed here.
    const bool assets_ok = tekun || (f.assets_score < pass && !(f.collective && f.elderly == 0));

    const Rates rates = highest_rates(f, w, assets_ok, assets_ok || has_disability);
    Shocks shocks;
    if (!no_shock(rates, calendar_.total(), first_word)) shocks = draw_shocks(f, people, w, rates, calendar_.total(), first_word);
    std::array<int, 64> hits;
    std::size_t hit_count = 0;
    for (const int month : w.disasters) {
        const Draws luck(w.seed, Purpose::disaster_hit, w.replicate, f.id);
        if (hit_count < hits.size() && unit(luck.bits(4u * static_cast<std::uint32_t>(month))) < w[Assumption::disaster_share]) hits[hit_count++] = month;
    }
    const std::span<const int> disasters(hits.data(), hit_count);
    if (every_month_) return months(f, people, w, assets_ok, shocks, disasters, tally);
    const bool quiet = shocks.count == 0 && disasters.empty() && !has_disability;
    if (!assets_ok) {
        if (!quiet) without_assets(f, people, w, shocks, disasters, tally);
        return;
    }
    if (quiet && !tekun && out_of_reach(f, people, w)) return;
    months(f, people, w, assets_ok, shocks, disasters, tally);
}

}  // namespace doudi
