#include "dynamics/walk.hpp"

#include "dynamics/help.hpp"
#include "dynamics/home.hpp"
#include "dynamics/office.hpp"
#include "random/math.hpp"
#include "rules/disability.hpp"

#include <algorithm>
#include <memory>
#include <new>

namespace doudi {

std::vector<std::vector<int>> alike(std::span<const LocalPolicy> policies, bool take_up_responds) {
    const auto same = [&](const LocalPolicy& a, LocalPolicy b) {
        if ((a.policy.living == 0) != (b.policy.living == 0) || (a.policy.nursing == 0) != (b.policy.nursing == 0)) return false;
        b.policy.living = a.policy.living;
        b.policy.nursing = a.policy.nursing;
        if (!take_up_responds) {
            b.living_ratio = a.living_ratio;
            b.nursing_ratio = a.nursing_ratio;
        }
        return a == b;
    };
    std::vector<std::vector<int>> groups;
    for (int s = 0; s < static_cast<int>(policies.size()); ++s) {
        const auto found = std::find_if(groups.begin(), groups.end(), [&](const std::vector<int>& g) {
            return same(policies[static_cast<std::size_t>(g.front())], policies[static_cast<std::size_t>(s)]);
        });
        if (found == groups.end()) groups.push_back({s});
        else found->push_back(s);
    }
    return groups;
}

std::vector<Ledger::Amounts> subsidy_amounts(std::span<const LocalPolicy> policies) {
    std::vector<Ledger::Amounts> amounts;
    for (const LocalPolicy& p : policies) amounts.push_back({p.policy.living, p.policy.nursing});
    return amounts;
}

Walker::Walker(const Calendar& calendar, std::span<const LocalPolicy> policies, bool take_up_responds, bool every_month, Observer observer)
    : calendar_(calendar), every_month_(every_month), observer_(std::move(observer)) {
    if (every_month)
        for (int s = 0; s < static_cast<int>(policies.size()); ++s) groups_.push_back({s});
    else
        groups_ = alike(policies, take_up_responds);
    for (const auto& group : groups_) policies_.push_back(policies[static_cast<std::size_t>(group.front())]);
    for (const LocalPolicy& p : policies_) {
        const Fen standard = std::max(p.standards.dibao, p.standards.guidance);
        const Fen edge = ceil_div(standard * std::max(p.policy.edge_mult_pct, 200), 100);
        // The work-cost deduction lowers income by at most S a member.
        const Fen deducted = p.policy.work_deduction_bp > 0 ? standard : 0;
        reach_ = std::max(reach_, edge + deducted);
        mean_income_ = std::max(mean_income_, ceil_div(p.standards.pcdi, 12) + deducted);
        most_take_up_ = std::max(most_take_up_, p.take_up_factor);
    }
    mean_income_ = std::max(mean_income_, reach_);
}

Sieve::Bounds Walker::bounds(std::span<const World> worlds) const {
    Sieve::Bounds b{.take_up_factor = most_take_up_, .nursing_factor = 0, .reach = reach_, .mean_income = mean_income_,
                    .rigid_share_pct = 100, .months = calendar_.total()};
    for (const LocalPolicy& p : policies_) {
        b.rigid_share_pct = std::min<double>(b.rigid_share_pct, p.policy.rigid_share_pct);
        for (const World& w : worlds) b.nursing_factor = std::max(b.nursing_factor, nursing_take_up_factor(w, p));
    }
    return b;
}

/// Whether no policy can pay this family (nobody disabled, assets pass) anything but acute assistance, whatever the order
/// of its shocks: job losses, deaths and emergencies only. What its members surely earn in every month, a head of the
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
    for (const LocalPolicy& p : policies_) ordinary = ordinary && ordinary_spending(kin, w, p, calendar_.total());
    const Fen needed = f.size * (ordinary ? reach_ : mean_income_);
    return sure_income(f, people, w, lost, dead, needed) >= needed;
}

/// A family whose means are not tested, for its assets fail or it does not come forward, draws only the nursing subsidy
/// and acute temporary assistance: no assessment is needed.
void Walker::unassessed(const Kin& kin, const World& w, const Shocks& shocks, std::span<const int> disasters, Ledger& ledger) const {
    const Family& f = kin.family;
    const Person* people = kin.people;
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
        Adder to(ledger, static_cast<int>(s), w, calendar_);
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

/// Room for as many offices as there are groups of policies, without touching the rest.
class Offices {
public:
    Offices() = default;
    Offices(const Offices&) = delete;
    Offices& operator=(const Offices&) = delete;
    ~Offices() {
        while (count_ > 0) std::destroy_at(&(*this)[--count_]);
    }
    template <class... Arguments>
    void open(const Arguments&... arguments) {
        std::construct_at(reinterpret_cast<Office*>(room_) + count_, arguments...);
        ++count_;
    }
    Office& operator[](std::size_t place) { return *std::launder(reinterpret_cast<Office*>(room_) + place); }

private:
    alignas(Office) std::byte room_[Walker::most_policies * sizeof(Office)];
    std::size_t count_ = 0;
};

}  // namespace

void Walker::months(const Kin& kin, const World& w, bool assets_ok, const Shocks& shocks, std::span<const int> disasters, Ledger& ledger) const {
    const Family& f = kin.family;
    Home home(kin, w, assets_ok, shocks, disasters);
    const std::size_t count = policies_.size();
    Offices offices;
    for (const LocalPolicy& policy : policies_) offices.open(f, w, policy, calendar_);
    const Draws detection(w.seed, Purpose::detection, w.replicate, f.id);
    int turn_of_sums = 0, seen_to = 0;  // the month in which trailing sums could change a decision; how far that was looked into
    for (int month = 0, next; month < calendar_.total(); month = next) {
        const bool changed = home.enter(month);
        if (home.alive() == 0) return;
        const bool assess = changed || month == turn_of_sums || month == seen_to || every_month_;
        const int event = std::min(home.next_event(), calendar_.total());
        next = every_month_ ? month + 1 : event;
        for (std::size_t s = 0; s < count; ++s) {
            Office& office = offices[s];
            if (assess) office.assess(home);
            if (month == 0) office.settle();
            office.work(month, home, detection, changed && month > 0);
            if (every_month_) continue;
            if (assess) turn_of_sums = std::min(s == 0 ? Office::never : turn_of_sums, office.next_turn_of_sums(month, event, home));
            next = std::min(next, office.next_action(month, home));
        }
        if (!every_month_) next = std::min(next, turn_of_sums);
        seen_to = event;
        for (std::size_t s = 0; s < count; ++s) {
            Adder to(ledger, static_cast<int>(s), w, calendar_);
            for (const Shock& shock : home.shocks_now()) offices[s].help(shock, home, to);
            if (home.disaster_now()) offices[s].help(disaster_shock(f, w, month), home, to);
            if (changed) offices[s].pay_events(month, home, to);
            offices[s].pay(month, next, to);
            if (observer_) observer_(month, s, home, offices[s]);
        }
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

/// An unassessed family to which nothing happens: the nursing subsidy of those who are disabled from the start.
void Walker::nursing_only(const Kin& kin, const World& w, Ledger& ledger) const {
    const Family& f = kin.family;
    for (std::size_t s = 0; s < policies_.size(); ++s) {
        const LocalPolicy& policy = policies_[s];
        if (!claims_nursing(f, w, policy)) continue;
        int persons = 0;
        for (int i = 0; i < f.size; ++i) {
            const Person& p = kin.people[i];
            if (!disabled(p, w)) continue;
            rules::Member m;
            m.disability_grade = disability_grade(p.grade_score, w[Assumption::disability_severe]);
            m.disability_type = disability_type(p.type_score);
            persons += rules::draws_nursing_subsidy(m, policy.policy);
        }
        Adder(ledger, static_cast<int>(s), w, calendar_).pay(Programme::nursing_subsidy, persons * policy.policy.nursing, persons, 0, calendar_.total());
    }
}

void Walker::operator()(const Kin& kin, Quiet& quiet_life, const World& w, std::uint32_t first_word, Ledger& ledger, bool spared) const {
    const Family& f = kin.family;
    const Standing s = standing(f, w);
    const bool comes_forward =
        s.tekun || (s.assets_ok && f.take_up_score < most_take_up_ * w.by_residence(Assumption::takeup_dibao_urban, Assumption::takeup_dibao_rural));
    if (spared && !every_month_) {
        if (!comes_forward) {
            if (s.has_disability) nursing_only(kin, w, ledger);
            return;
        }
        if (quiet_life(w, ledger)) return;
    }
    Shocks shocks;
    std::array<int, 64> hits;
    std::size_t hit_count = 0;
    if (!spared) {
        draw_shocks(f, kin.people, w, rates_of(f, w, s.assets_ok, s.has_disability), calendar_.total(), first_word, shocks);
        for (const int month : w.disasters) {
            const Draws luck(w.seed, Purpose::disaster_hit, w.replicate, f.id);
            if (hit_count < hits.size() && unit(luck.bits(4u * static_cast<std::uint32_t>(month))) < w[Assumption::disaster_share]) hits[hit_count++] = month;
        }
    }
    const std::span<const int> disasters(hits.data(), hit_count);
    if (every_month_) return months(kin, w, s.assets_ok, shocks, disasters, ledger);
    const bool quiet = shocks.count == 0 && disasters.empty();
    if (!comes_forward) {
        if (!quiet) unassessed(kin, w, shocks, disasters, ledger);
        else if (s.has_disability) nursing_only(kin, w, ledger);
        return;
    }
    if (quiet && !spared && quiet_life(w, ledger)) return;
    if (!s.has_disability && !s.tekun && disasters.empty() && out_of_reach(kin, w, shocks)) {
        if (!quiet) unassessed(kin, w, shocks, disasters, ledger);
        return;
    }
    months(kin, w, s.assets_ok, shocks, disasters, ledger);
}

}  // namespace doudi
