#pragma once
#include "dynamics/adder.hpp"
#include "dynamics/bands.hpp"
#include "dynamics/home.hpp"
#include "dynamics/shocks.hpp"
#include "dynamics/uplift.hpp"

#include <algorithm>

namespace doudi {

/// A decision boiled down to what is paid and counted each month until the next decision.
struct Entitlement {
    Fen annual_income = 0, standard = 0;
    Category category = Category::none;
    int core_size = 0;
    int dibao_persons = 0, single_persons = 0, supplement_persons = 0, tekun_persons = 0;
    int living_persons = 0, nursing_persons = 0;  ///< paid today's amount, whatever it was when decided
    Fen dibao = 0, single = 0, supplement = 0, tekun_basic = 0, tekun_care = 0;

    /// Takes back every payment.
    void nothing() {
        dibao = single = supplement = tekun_basic = tekun_care = 0;
        dibao_persons = single_persons = supplement_persons = tekun_persons = living_persons = nursing_persons = 0;
    }
    bool operator==(const Entitlement& o) const {  // of all at once: where two first differ nobody can foresee
        const Fen amounts = (annual_income ^ o.annual_income) | (standard ^ o.standard) | (dibao ^ o.dibao) | (single ^ o.single) | (supplement ^ o.supplement) |
                            (tekun_basic ^ o.tekun_basic) | (tekun_care ^ o.tekun_care);
        const int persons = (core_size ^ o.core_size) | (dibao_persons ^ o.dibao_persons) | (single_persons ^ o.single_persons) |
                            (supplement_persons ^ o.supplement_persons) | (tekun_persons ^ o.tekun_persons) | (living_persons ^ o.living_persons) |
                            (nursing_persons ^ o.nursing_persons) | (at(category) ^ at(o.category));
        return (amounts | persons) == 0;
    }
    /// Whether the same persons are paid for the same reasons, whatever the amounts.
    bool like(const Entitlement& o) const {
        return category == o.category && dibao_persons == o.dibao_persons && single_persons == o.single_persons && supplement_persons == o.supplement_persons &&
               tekun_persons == o.tekun_persons && living_persons == o.living_persons && nursing_persons == o.nursing_persons && core_size == o.core_size;
    }
    bool enrols() const {
        constexpr unsigned known = 1u << at(Category::dibao) | 1u << at(Category::edge) | 1u << at(Category::rigid);
        return ((known >> at(category) & 1u) | static_cast<unsigned>(single_persons > 0)) != 0;
    }
};

static_assert(sizeof(Entitlement) == 7 * sizeof(Fen) + 8 * sizeof(int), "all of it is compared");

/// What the law says of a family under a policy, in sums.
void entitle(const rules::Household& household, const LocalPolicy& policy, Entitlement& entitlement);

/// The draws of one family in one replicate for detection and for reporting a change, a block a month: made when first asked
/// for, and the same for all policies.
class OfficeLuck {
public:
    OfficeLuck(const Family& family, const World& world)
        : draws_(world.seed, Purpose::detection, world.replicate, family.id), report_share_(world[Assumption::report_change]) {}
    double detection(int month) {
        if (month != month_) detection_ = unit(of(month_ = month)[0]);
        return detection_;
    }
    /// The first of the months [month, until) in which the family tells of a change, if there is one to tell; or `until`.
    int report(int month, int until) {
        if (month < from_ || month > reached_) {
            from_ = reached_ = month;
            told_ = false;
        }
        while (!told_ && reached_ < until) {
            told_ = unit(of(reached_)[1]) < report_share_;
            reached_ += !told_;
        }
        return std::min(reached_, until);
    }

private:
    Words of(int month) const { return draws_.block(static_cast<std::uint32_t>(month)); }

    Draws draws_;
    double report_share_, detection_ = 0;
    int month_ = -1;
    int from_ = 0, reached_ = 0;  ///< it tells in none of the months [from_, reached_)
    bool told_ = false;           ///< but in reached_
};

/// How far an office has come with a family.
struct Course {
    Category enrolled_ = Category::none;
    bool known_ = false;                  ///< enrolled in a category, or with a member included alone
    int confirm_month_ = -1, pay_from_ = 0, decided_ = 0, gradual_month_ = 0;
    Fen exit_dibao_ = 0;                  ///< the amount that gradual exit goes on with
    int exit_persons_ = 0;                ///< and for how many it was reckoned
    int helped_times_ = 0, helped_year_ = 0;
};

/// The welfare office for one family and one policy: detection, confirmation, payment, review, gradual exit
/// (measures 2, 3 and 16). Nothing here is drawn but from addresses, so all policies meet the same luck.
class Office : Course {
public:
    static constexpr int never = 1 << 30;

    Office(const Family& family, const World& world, const LocalPolicy& policy, const Calendar& calendar);

    /// What the law would say today, whether or not the family has come forward.
    void assess(const Home& home);
    /// The same at less cost for a family whose income alone decides: nobody is disabled, ill or tekun. False, with nothing done, for
    /// any other, and where the sums of twelve months or the gradual exit count.
    bool assess_income(const Home& home);
    /// Before the first month of the burn-in: whoever is eligible and claims has long been enrolled.
    void settle();
    /// The law as it is from now on; `assess` comes next.
    void meet(const LocalPolicy& policy);
    /// The office's work in a month. `new_law`: the standard or the rules have changed, so every enrolled family is decided anew
    /// at once.
    void work(int month, const Home& home, OfficeLuck& luck, bool new_law = false);
    /// Temporary assistance for a shock of this month; what of it hangs on the standard.
    Fen help(const Shock& shock, const Home& home, Adder& to);
    /// The module that answers a disaster of this month.
    void pay_disaster(int month, const Home& home, Adder& to) const;
    /// The one that answers a death, by what was decided while the dead lived: before `assess` and `work` of the month.
    void pay_deaths(int month, const Home& home, Adder& to) const;
    bool has_modules() const { return !policy_->modules_on.empty(); }
    /// Pays the months of [from, to), in which nothing changes.
    void pay(int from, int to, Adder& to_tally) const;
    /// The next month after `month` in which `work` would do anything if the family does not change.
    int next_action(int month, const Home& home, OfficeLuck& luck) const;
    /// The next month before `end` in which the trailing sums of income and spending could change the decision while the
    /// family stays as it is, or `never`.
    int next_turn_of_sums(int month, int end, const Home& home) const {
        if (looks_back_) return month + 1;
        // A dibao or an edge family is one whatever it spends.
        return now_.category == Category::dibao || now_.category == Category::edge ? never : next_turn_of_spending(end, home);
    }

    static_assert(Home::room <= Bands::most);
    // What it knows of a policy with the same rules and another standard, under which a family that is decided alike goes the same course.

    /// Whether the family takes up the same of both.
    bool claims_like(const Office& other) const { return claims_ == other.claims_ && claims_living_ == other.claims_living_ && claims_nursing_ == other.claims_nursing_; }
    /// Whether no comparison of the law falls out differently under any of the policies between which there are these bands, as the family is today.
    bool decides_alike(const Bands& bands, const Home& home) const {
        const Bands::OfFamily& of = bands.of(now_.core_size);
        const Fen annual = now_.annual_income;
        if (of.dibao.has(annual) || of.edge.has(annual) || of.mean.has(annual)) return false;
        if (of.gradual.has(annual) && (enrolled_ == Category::dibao_gradual || left_for_work(home))) return false;
        return home.plain() || alone_alike(bands.own(), home);
    }
    /// Whether it goes on paying what others were counted for: then its amount does not hang on who is counted now (see Uplift).
    bool exits_for_others() const { return enrolled_ == Category::dibao_gradual && granted_.dibao_persons != exit_persons_; }
    /// Whether today's decision is the granted one.
    bool as_granted() const {
        if (!compared_) {
            as_granted_ = now_ == granted_ && modules_now_ == modules_granted_;
            compared_ = true;
        }
        return as_granted_;
    }
    /// Goes on from where another one is, with what this one's standard gives more to those whom that one pays.
    void take_over(const Office& other, const Uplift& uplift);
    /// What is given by need for a shock under another standard.
    Fen relief(const Shock& shock, const Home& home, const LocalPolicy& policy, Fen standard) const;

    const Entitlement& today() const { return now_; }  ///< what the law would say, come forward or not
    const Entitlement& granted() const { return granted_; }
    bool known() const { return known_; }
    Category enrolled() const { return enrolled_; }
    int confirm_month() const { return confirm_month_; }  ///< a decision is due then, or -1
    int pay_from() const { return pay_from_; }
    bool claims() const { return claims_; }
    /// The family as this office sees it, gradual exit included.
    rules::Household seen(const Home& home, bool sums = true) const;

private:
    void grant(int month);
    void keep() {
        granted_ = now_;
        compared_ = false;
        if (!modules_now_.empty()) modules_granted_ = modules_now_;
    }
    bool left_for_work(const Home& home) const;
    bool alone_alike(const Bands::Band& own, const Home& home) const;
    bool detected(double u, const Home& home) const;
    bool looks_at_sums(const Home& home) const;
    int next_turn_of_spending(int end, const Home& home) const;
    /// So that the test of rigid expenditure cannot be met.
    bool certainly_under_the_line(const Home& home) const { return line_is_safe_ && home.ordinary(); }
    bool indicated(const Home& home) const;
    bool draws_module(std::size_t place) const;
    void pay_modules(int from, int to, Adder& tally) const;
    /// In gradual exit.
    rules::Prior prior() const { return {rules::Prior::Status::dibao, rules::Prior::Reason::employment, gradual_month_, exit_dibao_, false}; }
    void review(int month, const Home& home, bool reported);
    void leave(int month);
    void forget();
    int review_interval(const Home& home) const;
    bool gradual_stands() const;

    const Family& family_;
    const World& world_;
    const LocalPolicy* policy_;           ///< in force
    const Calendar& calendar_;
    bool claims_, claims_living_ = false, claims_nursing_ = false;
    bool looks_back_ = false;             ///< the policy goes by the income of twelve months
    bool income_decides_ = false;         ///< no rule of the policy looks at more than the income of the month
    bool line_is_safe_ = false;           ///< ordinary spending stays under the 60 % line at the highest price of the run
    Fen standard_ = 0;                    ///< S
    Entitlement now_;                     ///< what the law would say today
    Entitlement granted_;                 ///< what was last confirmed
    std::vector<rules::ModuleDue> modules_now_, modules_granted_;  ///< the same by LocalPolicy::modules_on; empty if none is on
    mutable bool compared_ = false, as_granted_ = false;  ///< kept until today's decision or the granted one changes
};

}  // namespace doudi
