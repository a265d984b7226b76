#include "dynamics/walk.hpp"

#include "dynamics/each_bit.hpp"
#include "dynamics/help.hpp"
#include "dynamics/home.hpp"
#include "dynamics/offices.hpp"
#include "dynamics/sure_income.hpp"
#include "random/math.hpp"
#include "rules/tekun.hpp"

#include <algorithm>
#include <bit>

namespace doudi {

Walker::Walker(const Calendar& calendar, std::span<const LocalPolicy> policies, bool take_up_responds, bool every_month, Observer observer)
    : calendar_(calendar), every_month_(every_month), observer_(std::move(observer)) {
    if (every_month)
        for (int s = 0; s < static_cast<int>(policies.size()); ++s) groups_.push_back({s});
    else
        groups_ = alike(policies, take_up_responds);
    std::vector<int> starts{0};
    for (const LocalPolicy& p : policies)
        for (const LocalPolicy& l : p.later)
            if (l.from < calendar.total()) starts.push_back(l.from);
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    for (std::size_t k = 0; k < starts.size(); ++k) {
        Term term;
        term.from = starts[k];
        term.until = k + 1 < starts.size() ? starts[k + 1] : calendar.total();
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            LocalPolicy now = in_force(policies[static_cast<std::size_t>(groups_[g].front())], term.from);
            now.later.clear();
            term.decides_anew.push_back(k > 0 && decided_anew(terms_.back().policies[g], now));
            term.policies.push_back(std::move(now));
            const Lead lead = lead_of(term.policies.front(), term.policies.back(), take_up_responds);
            term.lead.push_back(lead);
            const LocalPolicy& own = term.policies.back();
            term.standard.push_back(rules::effective_standard(own.standards, own.policy));
            term.uplift.push_back(lead.rules ? Uplift(term.policies.front(), own) : Uplift());
        }
        std::vector<const LocalPolicy*> led;
        for (std::size_t g = 0; g < groups_.size(); ++g) {
            term.bands.push_back(Bands({&term.policies.front(), &term.policies[g]}));
            if (term.lead[g].rules || g == 0) led.push_back(&term.policies[g]);
        }
        term.of_led = Bands(led);
        for (int g = 0; g < static_cast<int>(groups_.size()); ++g) {
            const auto& policy = term.policies[static_cast<std::size_t>(g)];
            const auto found = std::find_if(term.untested.begin(), term.untested.end(), [&](const std::vector<int>& same) {
                return alike_untested(policy, term.policies[static_cast<std::size_t>(same.front())], take_up_responds);
            });
            if (found == term.untested.end()) term.untested.push_back({g});
            else found->push_back(g);
        }
        bound(term);
        terms_.push_back(std::move(term));
    }
}

/// What a family must earn to be out of the term's reach, and what of it holds for the whole run.
void Walker::bound(Term& term) {
    for (const LocalPolicy& p : term.policies) {
        const Fen standard = std::max(p.standards.dibao, p.standards.guidance);
        const Fen edge = ceil_div(standard * std::max(p.policy.edge_mult_pct, 200), 100);
        // The work-cost deduction lowers income by at most S a member.
        const Fen deducted = p.policy.work_deduction_bp > 0 ? standard : 0;
        term.reach = std::max(term.reach, edge + deducted);
        term.mean_income = std::max(term.mean_income, ceil_div(p.standards.pcdi, 12) + deducted);
        looks_back_ = looks_back_ || p.policy.income_basis == rules::Policy::IncomeBasis::trailing12;
        most_take_up_ = std::max(most_take_up_, p.take_up_factor);
    }
    term.mean_income = std::max(term.mean_income, term.reach);
}

Bounds Walker::bounds(std::span<const World> worlds) const {
    Bounds b{.take_up_factor = most_take_up_, .nursing_factor = 0, .reach = needed_in(0, calendar_.total(), true),
                    .mean_income = needed_in(0, calendar_.total(), false), .rigid_share_pct = 100, .months = calendar_.total(), .acute_from = calendar_.acute_from};
    for (const Term& term : terms_)
        for (const LocalPolicy& p : term.policies) {
            b.rigid_share_pct = std::min<double>(b.rigid_share_pct, p.policy.rigid_share_pct);
            for (const World& w : worlds) b.nursing_factor = std::max(b.nursing_factor, nursing_take_up_factor(w, p));
        }
    for (const World& w : worlds) b.incomes_move = b.incomes_move || w.growth.size() > 1;
    return b;
}

std::vector<std::vector<Claims>> Walker::claims(std::span<const World> worlds) const {
    std::vector<std::vector<Claims>> claims;
    for (const Term& term : terms_) {
        claims.emplace_back();
        for (const LocalPolicy& p : term.policies) claims.back().emplace_back(worlds, p);
    }
    return claims;
}

/// What a head must earn a month to be out of reach of the law as it is at any time in the months [from, until).
Fen Walker::needed_in(int from, int until, bool ordinary) const {
    Fen most = 0;
    for (const Term& term : terms_)
        if (looks_back_ || (term.from < until && from < term.until)) most = std::max(most, ordinary ? term.reach : term.mean_income);
    return most;
}

/// Whether no policy can pay this family (nobody disabled, assets pass) anything but acute assistance, whatever the order
/// of its shocks: job losses, deaths and emergencies only. What its members surely earn in every month of a year, a head of the
/// whole family, is at or over the edge ceiling of every policy, so it is neither dibao nor edge; and it is not rigid, nor
/// is anyone included alone: its income is not below last year's mean, or nobody is ill or in tertiary school, so that necessary
/// spending is a fixed share of income in every month, and under the 60 % line at the highest price.
/// (The sure income of the family as it is holds for what is left of it after deaths: fewer heads, none of the dead's income.)
bool Walker::out_of_reach(const Kin& kin, const World& w, const Shocks& shocks) const {
    const Family& f = kin.family;
    const Person* people = kin.people;
    unsigned lost = 0, dead = 0;
    for (int k = 0; k < shocks.count; ++k) {
        const Shock& shock = shocks.list[static_cast<std::size_t>(k)];
        const unsigned who = 1u << shock.member;
        if (shock.kind == Shock::Kind::job_loss) lost |= who;
        else if (shock.kind == Shock::Kind::death) dead |= who;
        else if (shock.kind != Shock::Kind::emergency) return false;
    }
    bool ordinary = true;
    for (const Term& term : terms_)
        for (const LocalPolicy& p : term.policies) ordinary = ordinary && ordinary_spending(kin, w, p, calendar_.total());
    const LastingIncome lasting(f, w);
    for (int year = 0; year < lasting.years(); ++year) {
        const Fen needed = f.size * needed_in(lasting.from(year), lasting.until(year, calendar_), ordinary);
        if (sure_income(f, people, w, lost, dead, needed, lasting.of(year)) < needed) return false;
    }
    return true;
}

namespace {

/// Share of families like this one whose assets pass.
double assets_share(const Family& f, const World& w, bool has_disability) {
    double share;
    if (has_disability || f.any_illness < w[Assumption::illness_prevalence])
        share = w.by_residence(Assumption::assets_hardship_urban, Assumption::assets_hardship_rural);
    else if (f.any_work < w.by_residence(Assumption::employed_urban, Assumption::employed_rural) ||
             f.any_pension < w.by_residence(Assumption::pension_urban, Assumption::pension_rural))
        share = w.by_residence(Assumption::assets_other_urban, Assumption::assets_other_rural);
    else
        share = w.by_residence(Assumption::assets_poor_urban, Assumption::assets_poor_rural);
    for (int i = 1; i < f.size; ++i) share *= w[Assumption::assets_member_factor];
    return share;
}

}  // namespace

void Walker::months(const Kin& kin, const World& w, bool assets_ok, const Shocks& shocks, Ledger& ledger) const {
    Home home(kin, w, assets_ok, shocks);
    auto term = terms_.begin();
    Offices offices(kin.family, w, *term, calendar_, ledger, every_month_);
    int turn_of_sums = 0, seen_to = 0;  // the month in which trailing sums could change a decision; how far that was looked into
    for (int month = 0, next; month < calendar_.total(); month = next) {
        const bool changed = home.enter(month);
        if (home.someone_died()) offices.pay_deaths(month, home);
        if (home.alive() == 0) return;
        if (month == term->until) offices.meet(*++term, home);
        const int event = std::min(home.next_event(), term->until);
        const bool assess = changed | ((month == term->from) & (month > 0)) | (month == turn_of_sums) | (month == seen_to) | every_month_;
        if (assess) offices.assess(home);
        next = std::min(offices.work(month, home), event);
        if (every_month_) {
            next = month + 1;
        } else {
            if (assess) turn_of_sums = offices.next_turn_of_sums(month, event, home);
            next = std::min(next, turn_of_sums);
        }
        seen_to = event;
        for (const Shock& shock : home.shocks_now())
            if (home.befell(shock)) offices.help(shock, home);
        if (changed && home.disaster_now()) offices.pay_disaster(month, home);
        if (next > calendar_.burn_in) offices.pay(month, next);
        if (observer_)
            for (std::size_t s = 0; s < offices.size(); ++s) observer_(month, s, home, offices[s]);
    }
}

Standing standing(const Family& f, const World& w) {
    Standing s;
    s.has_disability = f.any_disability < w[Assumption::disability_prevalence];
    s.tekun = f.any_tekun < w.by_residence(Assumption::tekun_urban, Assumption::tekun_rural);
    // Residents of collective households under 60 have their family elsewhere: they are not assessed here.
    s.assets_ok = s.tekun || (f.assets_score < assets_share(f, w, s.has_disability) && !(f.collective && f.elderly == 0));
    return s;
}

bool Walker::comes_forward(const Family& f, const World& w, const Standing& s) const {
    return s.tekun || (s.assets_ok && f.take_up_score < most_take_up_ * w.by_residence(Assumption::takeup_dibao_urban, Assumption::takeup_dibao_rural));
}

/// Adds what a stream brings, by what it begins with.
void Walker::add(Stream stream, const Kin& kin, const World& w, const FirstShock& first, Shocks& shocks) const {
    if (shocks.none()) return draw_shocks(stream, kin.family, kin.people, w, calendar_, first, shocks);
    Shocks others;
    draw_shocks(stream, kin.family, kin.people, w, calendar_, first, others);
    merge(others, shocks);
}

void Walker::operator()(const Kin& kin, Quiet& quiet_life, const World& w, Ledger& ledger) const {
    const Standing s = standing(kin.family, w);
    Shocks shocks;
    for (const Stream stream : streams) add(stream, kin, w, first_shock(stream, kin.family, w), shocks);
    if (every_month_) months(kin, w, s.assets_ok, shocks, ledger);
    else live(kin, quiet_life, w, s, shocks, true, ledger);
}

void Walker::operator()(const Kin& kin, Quiet& quiet_life, std::span<const World> worlds, const Columns& columns, const std::vector<std::vector<Claims>>& claims, int first,
                        const Sieve::Kept& kept, Ledger& ledger) const {
    const auto here = worlds.subspan(static_cast<std::size_t>(first));
    FirstShocks firsts;
    firsts.draw(kin.family, here, kept.could, kept.gap);
    const auto is = [](const Sieve::Kept::Bits& marks, std::size_t r) { return (marks[r / 64] >> r % 64 & 1u) != 0; };
    const auto standing_of = [&](std::size_t r) {
        return kept.exact ? Standing{is(kept.assets_ok, r), is(kept.disabled, r), is(kept.tekun, r)} : standing(kin.family, here[r]);
    };
    Sieve::Kept::Bits calm = kept.bits;
    for (std::size_t k = 0; k < firsts.count();) {
        const std::size_t r = firsts.place(k).replicate;
        const World& w = here[r];
        Shocks shocks;
        do add(firsts.place(k).stream, kin, w, firsts[k], shocks);
        while (++k < firsts.count() && firsts.place(k).replicate == r);
        if (shocks.none()) continue;
        calm[r / 64] &= ~(std::uint64_t{1} << r % 64);
        live(kin, quiet_life, w, standing_of(r), shocks, true, ledger);
    }
    Sieve::Kept::Bits left = calm;
    for (std::size_t chunk = 0; kept.exact && chunk < calm.size(); ++chunk) {
        if (calm[chunk] == 0) continue;
        const std::size_t from = static_cast<std::size_t>(first) + 64 * chunk;
        const std::uint64_t comes = calm[chunk] & kept.comes[chunk];
        if (const std::uint64_t nursed = calm[chunk] & ~comes & kept.disabled[chunk]; nursed != 0) nursing_only(kin, worlds, columns, claims, from, nursed, ledger);
        left[chunk] = comes & ~(comes != 0 && steady(worlds.front()) ? quiet_life(worlds, columns, claims.front(), from, comes, ledger) : 0);
    }
    each_bit(left, [&](std::size_t r) { live(kin, quiet_life, here[r], standing_of(r), {}, !kept.exact, ledger); });
}

/// The month in which someone who lives alone dies, or the end of the run.
int Walker::gone_from(const Family& f, const Shocks& shocks) const {
    if (f.size == 1 && shocks.any(Shock::Kind::death))
        for (int k = 0; k < shocks.count; ++k)
            if (const Shock& shock = shocks.list[static_cast<std::size_t>(k)]; shock.kind == Shock::Kind::death) return shock.month;
    return calendar_.total();
}

/// `may_be_quiet`: that was not looked into yet.
void Walker::live(const Kin& kin, Quiet& quiet_life, const World& w, const Standing& s, const Shocks& shocks, bool may_be_quiet, Ledger& ledger) const {
    const Family& f = kin.family;
    const bool quiet = shocks.none();
    const int gone = gone_from(f, shocks);
    // What came earlier could be helped for later; and a funeral be paid in the month from which nothing else is.
    const int counted = calendar_.burn_in - (terms_.front().policies.front().modules_on.empty() ? 0 : 1);
    if (gone <= counted && shocks.list[0].month == gone) return;
    if (!comes_forward(f, w, s)) {
        if (!quiet) unassessed(kin, w, shocks, ledger);
        else if (s.has_disability) nursing_only(kin, w, ledger);
        return;
    }
    if (may_be_quiet && steady(w) && (f.size == 1 ? shocks.passing_or_death() : shocks.passing()) && quiet_life(w, ledger, gone)) {
        if (!quiet) acute(w, shocks, 0, gone, ledger);
        return;
    }
    if (!s.has_disability && !s.tekun && out_of_reach(kin, w, shocks)) {
        if (!quiet) unassessed(kin, w, shocks, ledger);
        return;
    }
    months(kin, w, s.assets_ok, shocks, ledger);
}

}  // namespace doudi
