#include "dynamics/walk.hpp"

#include "dynamics/home.hpp"
#include "random/math.hpp"

#include <algorithm>
#include <optional>

namespace doudi {
namespace {

/// A decision boiled down to what is paid and counted each month until the next decision.
struct Entitlement {
    Category category = Category::none;
    Fen dibao = 0, single = 0, supplement = 0, living = 0;
    int dibao_persons = 0, single_persons = 0, supplement_persons = 0, living_persons = 0;
    Fen nursing = 0, tekun_basic = 0, tekun_care = 0;
    int nursing_persons = 0, tekun_persons = 0;
    Fen annual_income = 0, standard = 0;
    int core_size = 0;

    bool enrols() const { return category == Category::dibao || category == Category::edge || category == Category::rigid || single_persons > 0; }
};

Entitlement boil(const rules::Decision& d, std::size_t members) {
    Entitlement e;
    e.category = d.category;
    e.annual_income = d.annual_income;
    e.standard = d.standard;
    e.core_size = d.core_size;
    e.dibao = d.household_dibao;
    if (d.category == Category::dibao || d.category == Category::dibao_gradual) e.dibao_persons = d.core_size;
    for (std::size_t i = 0; i < members; ++i) {
        const rules::PersonPay& p = d.person[i];
        if (d.status[i] == rules::PersonStatus::dibao_single) {
            e.single += p.dibao;
            ++e.single_persons;
        }
        if (d.status[i] == rules::PersonStatus::tekun) ++e.tekun_persons;
        e.supplement += p.supplement;
        e.supplement_persons += p.supplement > 0;
        e.living += p.living;
        e.living_persons += p.living > 0;
        e.nursing += p.nursing;
        e.nursing_persons += p.nursing > 0;
        e.tekun_basic += p.tekun_basic;
        e.tekun_care += p.tekun_care;
    }
    return e;
}

/// Where one family stands under one policy.
struct Case {
    Entitlement now;       ///< what the law would say today
    Entitlement granted;   ///< what was last confirmed
    Category enrolled = Category::none;
    bool known = false;    ///< enrolled in a category or with a member included alone
    int confirm_month = -1, pay_from = 0, decided = 0, gradual_month = 0;
    int temporary_times = 0, topup_month = -1;
    Fen need = 0, paid = 0;
};

class Adder {
public:
    Adder(Tally& tally, int scenario, const World& w, int month)
        : tally_(tally), scenario_(scenario), replicate_(static_cast<int>(w.replicate)),
          residence_(at(w.residence)), month_(month) {}
    void pay(Programme programme, Fen amount, int persons) {
        if (amount == 0) return;
        const auto cell = tally_.pay_index(scenario_, replicate_, residence_, at(programme), month_);
        tally_.cost[cell] += amount;
        tally_.recipients[cell] += persons;
        tally_.households[cell] += 1;
    }
    void single(Fen amount) { tally_.dibao_single[tally_.single_index(scenario_, replicate_, residence_, month_)] += amount; }
    void category(Category category) {
        if (category != Category::none)
            tally_.category_households[tally_.category_index(scenario_, replicate_, residence_, at(category), month_)] += 1;
    }

private:
    Tally& tally_;
    int scenario_, replicate_, residence_, month_;
};

/// The welfare office for one family and one policy: detection, confirmation, payment, review (measures 2, 3, 16).
class Office {
public:
    Office(const Family& f, const World& w, const LocalPolicy& p, const Calendar& calendar)
        : family_(f), world_(w), policy_(p), calendar_(calendar),
          claims_(f.take_up_score < p.take_up_factor * w.by_residence(Assumption::takeup_dibao_urban, Assumption::takeup_dibao_rural)) {}

    void assess(const Home& home) { case_.now = decide(home.assessed(), home); }

    /// Before the first month of the burn-in: whoever is eligible and claims has long been enrolled.
    void settle() {
        if (claims_ && case_.now.enrols()) grant(0);
    }

    void month(int month, const Home& home, Words luck, bool changed) {
        Case& c = case_;
        if (c.confirm_month == month) {
            c.confirm_month = -1;
            if (c.now.enrols()) {
                grant(month);
                c.pay_from = month + 1;
            }
        } else if (c.known) {
            review(month, home, changed && unit(luck[1]) < world_[Assumption::report_change]);
        } else if (claims_ && c.confirm_month < 0 && c.now.enrols() && unit(luck[0]) < detection(home)) {
            c.confirm_month = month + policy_.detection_lag + std::max(policy_.review_lag, 1);
        }
    }

    void pay(int month, const Shocks& shocks, int first, int last, bool disaster, const Home& home, Adder& to) {
        Case& c = case_;
        const bool counted = month >= calendar_.burn_in;
        if ((month - calendar_.burn_in) % 12 == 0) c.temporary_times = 0;
        Fen temporary = 0;
        int helped = 0;
        for (int k = first; k < last; ++k) help(shocks.list[static_cast<std::size_t>(k)], month, home, temporary, helped);
        if (disaster) help({month, Shock::Kind::emergency, 0, family_hash(month), family_hash(month + 500)}, month, home, temporary, helped, true);
        if (c.topup_month == month) {
            const Fen more = std::max<Fen>(0, std::min(c.need, policy_.policy.temp_cap) - c.paid);
            temporary += more;
            helped += more > 0;
            c.topup_month = -1;
        }
        if (!counted) return;
        to.pay(Programme::temporary, temporary, helped);
        to.pay(Programme::tekun_basic, c.now.tekun_basic, c.now.tekun_persons);
        to.pay(Programme::tekun_care, c.now.tekun_care, c.now.tekun_persons);
        if (family_.nursing_score < policy_.nursing_take_up_factor * world_[Assumption::takeup_nursing])
            to.pay(Programme::nursing_subsidy, c.now.nursing, c.now.nursing_persons);
        if (c.known && month >= c.pay_from) {
            const Entitlement& g = c.granted;
            to.pay(Programme::dibao, g.dibao + g.single, g.dibao_persons + g.single_persons);
            to.single(g.single);
            to.pay(Programme::supplement, g.supplement, g.supplement_persons);
            if (family_.living_score < policy_.living_take_up_factor * world_[Assumption::takeup_living])
                to.pay(Programme::living_subsidy, g.living, g.living_persons);
        }
        to.category(c.known && c.enrolled != Category::none ? c.enrolled
                    : c.now.category == Category::tekun     ? Category::tekun
                                                            : Category::none);
    }

private:
    Entitlement decide(rules::Household h, const Home& home) const {
        if (case_.enrolled == Category::dibao_gradual) h.prior = prior();
        (void)home;
        const rules::Decision d = rules::decide(h, policy_.standards, policy_.policy);
        Entitlement e = boil(d, h.members.size());
        if (e.dibao < policy_.dibao_min_payment && e.category == Category::dibao) e.dibao = policy_.dibao_min_payment;
        return e;
    }

    rules::Prior prior() const {
        rules::Prior p;
        p.status = rules::Prior::Status::dibao;
        p.reason = rules::Prior::Reason::employment;
        p.months_since_exit = case_.gradual_month;
        p.dibao = case_.granted.dibao;
        return p;
    }

    void grant(int month) {
        Case& c = case_;
        c.granted = c.now;
        c.enrolled = c.now.category;
        c.known = true;
        c.decided = month;
    }

    double detection(const Home& home) const {
        const double weight = case_.now.category == Category::rigid ? 0.6 : 1.0;  // rigid families are found less often
        const auto q = [&](double p) { return std::min(1.0, p * weight * policy_.detection_factor); };
        const bool indicated = home.spending_surge() || home.income_plunge() || home.someone_died();
        const double miss = (1 - q(world_[Assumption::detect_self])) *
                            (1 - (indicated ? q(world_[Assumption::detect_data]) : 0.0)) *
                            (1 - q(world_.by_residence(Assumption::detect_field_urban, Assumption::detect_field_rural)));
        return 1 - miss;
    }

    void review(int month, const Home& home, bool reported) {
        Case& c = case_;
        if (c.enrolled == Category::dibao_gradual) {
            ++c.gradual_month;
            c.now = decide(home.assessed(), home);
            if (c.now.category == Category::dibao_gradual) return;
            leave(month);
            return;
        }
        const int interval = c.enrolled == Category::rigid ? policy_.rigid_validity_months
                             : home.unstable()             ? policy_.review_months_unstable
                                                           : policy_.review_months;
        const bool due = (month + family_.review_phase) % interval == 0;
        if (!due && !reported && !home.someone_died()) return;
        if (c.enrolled == Category::dibao && c.now.category != Category::dibao && home.last_reemployed() >= c.decided &&
            c.now.annual_income * 100 < 12 * c.now.core_size * c.now.standard * policy_.policy.gradual_cap_pct) {
            c.enrolled = Category::dibao_gradual;
            c.gradual_month = 1;
            const Entitlement gradual = decide(home.assessed(), home);
            if (gradual.category == Category::dibao_gradual) {
                c.now = gradual;
                c.granted = gradual;
                return;
            }
        }
        leave(month);
    }

    /// Confirms today's decision: another amount, or the flow into edge or rigid without application (measure 16).
    void leave(int month) {
        Case& c = case_;
        if (c.now.enrols()) {
            grant(month);
        } else {
            c.known = false;
            c.enrolled = Category::none;
            c.granted = {};
        }
    }

    std::uint32_t family_hash(int month) const {
        return Draws(world_.seed, Purpose::disaster_hit, world_.replicate, family_.id).block(static_cast<std::uint32_t>(1000 + month))[1];
    }

    void help(const Shock& shock, int month, const Home& home, Fen& total, int& persons, bool disaster = false) {
        Case& c = case_;
        using rules::Event;
        Event event;
        const double claim = unit(shock.claim);
        const bool other = shock.kind == Shock::Kind::emergency && !disaster;
        if (shock.kind == Shock::Kind::death) return;
        if (c.known && month >= c.pay_from && c.temporary_times < policy_.temp_max_per_year && !other &&
            claim < world_[Assumption::temp_expenditure]) {
            event.type = Event::Type::expenditure;
            event.cause = disaster                                  ? Event::Cause::disaster
                          : shock.kind == Shock::Kind::illness      ? Event::Cause::illness
                          : shock.kind == Shock::Kind::disability   ? Event::Cause::disability
                                                                    : Event::Cause::unemployment;
            rules::Household h = home.assessed();
            h.event = event;
            const Fen amount = rules::decide(h, policy_.standards, policy_.policy).temporary;
            if (amount > 0) {
                ++c.temporary_times;
                total += amount;
                persons += static_cast<int>(h.members.size());
            }
        } else if (other || (shock.kind != Shock::Kind::job_loss && claim > 1 - world_[Assumption::temp_acute])) {
            event.type = Event::Type::acute;
            event.need = static_cast<Fen>(-portable_log(unit(shock.size)) * 100.0 * world_[Assumption::temp_need]);
            rules::Household h = home.assessed();
            h.event = event;
            const Fen amount = rules::decide(h, policy_.standards, policy_.policy).temporary;
            total += amount;
            persons += amount > 0;
            if (event.need > amount) {
                c.topup_month = month + policy_.temp_topup_lag;
                c.need = event.need;
                c.paid = amount;
            }
        }
    }

    const Family& family_;
    const World& world_;
    const LocalPolicy& policy_;
    const Calendar& calendar_;
    bool claims_;
    Case case_;
};

/// Whether no policy can pay this family anything while it stays as it is: nobody disabled, and either the assets
/// fail or its settled income is at or over both the edge ceiling and last year's mean income (so not even the 60 %
/// test can help). A member's own income can then be under S only for inclusion alone, which needs A < nY.
bool out_of_reach(const Home& home, bool assets_ok, int members, std::span<const LocalPolicy> policies) {
    if (!assets_ok) return true;
    const Fen year = 12 * home.settled_income();
    return std::all_of(policies.begin(), policies.end(), [&](const LocalPolicy& p) {
        const Fen standard = std::max(p.standards.dibao, p.standards.guidance);
        // The work-cost deduction lowers income by at most S per member.
        const Fen income = p.policy.work_deduction_bp > 0 ? year - 12 * members * standard : year;
        return 100 * income >= 12 * members * standard * p.policy.edge_mult_pct && income >= 24 * members * standard &&
               income >= members * p.standards.pcdi;
    });
}

}  // namespace

bool Walker::operator()(const Family& f, const Person* people, const World& w, Tally& tally) const {
    const bool earns = f.any_work < w.by_residence(Assumption::employed_urban, Assumption::employed_rural) ||
                       f.any_pension < w.by_residence(Assumption::pension_urban, Assumption::pension_rural);
    const bool tekun = f.any_tekun < w.by_residence(Assumption::tekun_urban, Assumption::tekun_rural);
    const double pass = earns ? w.by_residence(Assumption::assets_other_urban, Assumption::assets_other_rural)
                              : w.by_residence(Assumption::assets_poor_urban, Assumption::assets_poor_rural);
    // Residents of collective households under 60 have their family elsewhere: they are not assessed here.
    const bool assets_ok = tekun || (f.assets_score < pass && !(f.collective && f.elderly == 0));
    const bool disabled = f.any_disability < w[Assumption::disability_prevalence];
    const Rates rates = highest_rates(f, w, assets_ok, assets_ok || disabled);
    const Shocks shocks = draw_shocks(f, people, w, rates, calendar_.total());

    std::uint64_t hit = 0;  // disasters of the county that strike this family, one bit each
    for (std::size_t k = 0; k < w.disasters.size() && k < 64; ++k) {
        const Draws luck(w.seed, Purpose::disaster_hit, w.replicate, f.id);
        if (unit(luck.block(static_cast<std::uint32_t>(w.disasters[k]))[0]) < w[Assumption::disaster_share]) hit |= std::uint64_t{1} << k;
    }
    const bool quiet = shocks.count == 0 && hit == 0 && !disabled;
    if (quiet && !assets_ok && !every_family_) return false;
    Home home(f, people, w, calendar_, assets_ok);
    if (quiet && !tekun && home.settled() && !every_family_ && out_of_reach(home, assets_ok, f.size, policies_)) return false;

    std::array<std::optional<Office>, most_policies> offices;
    const std::size_t count = policies_.size();
    for (std::size_t s = 0; s < count; ++s) {
        offices[s].emplace(f, w, policies_[s], calendar_);
        offices[s]->assess(home);
        offices[s]->settle();
    }
    const Draws detection(w.seed, Purpose::detection, w.replicate, f.id);
    int next = 0;
    int fresh_until = 0;  // trailing 12-month sums still move
    for (int month = 0; month < calendar_.total(); ++month) {
        const int first = next;
        bool disaster = false;
        for (std::size_t k = 0; k < w.disasters.size(); ++k)
            if (w.disasters[k] == month && (hit >> k & 1)) disaster = true;
        const bool changed = home.enter(month, shocks, next, disaster);
        if (changed) fresh_until = month + 12;
        if (home.alive() == 0) break;
        const Words luck = detection.block(static_cast<std::uint32_t>(month));
        for (std::size_t s = 0; s < count; ++s) {
            Office& office = *offices[s];
            if (changed || month <= fresh_until) office.assess(home);
            office.month(month, home, luck, changed);
            Adder adder(tally, static_cast<int>(s), w, month - calendar_.burn_in);
            office.pay(month, shocks, first, next, disaster, home, adder);
        }
    }
    return true;
}

}  // namespace doudi
