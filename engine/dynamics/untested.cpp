#include "dynamics/claims.hpp"
#include "dynamics/help.hpp"
#include "dynamics/office.hpp"
#include "dynamics/walk.hpp"
#include "rules/disability.hpp"

#include <algorithm>
#include <bit>

/// Families whose means are not tested.
namespace doudi {

/// A family whose means are not tested, for its assets fail or it does not come forward, draws only the nursing subsidy
/// and acute temporary assistance: no assessment is needed.
void Walker::unassessed(const Kin& kin, const World& w, const Shocks& shocks, Ledger& ledger) const {
    const Family& f = kin.family;
    const Person* people = kin.people;
    const bool nursing = f.any_disability < w[Assumption::disability_prevalence] || shocks.any(Shock::Kind::disability);
    if (!nursing && !shocks.any(Shock::Kind::death)) return acute(w, shocks, 0, calendar_.total(), ledger);
    struct Member { int from, until; rules::Member as; };
    std::array<Member, 12> members;
    const int count = std::min<int>(f.size, static_cast<int>(members.size()));
    for (int i = 0; i < count; ++i) {
        Member& m = members[static_cast<std::size_t>(i)];
        m.until = calendar_.total();
        if (!nursing) continue;
        m = {Office::never, calendar_.total(), {}};
        if (disabled(people[i], w)) {
            m.from = 0;
            m.as.disability_grade = disability_grade(people[i].grade_score, w[Assumption::disability_severe]);
        }
        m.as.disability_type = disability_type(people[i].type_score);
    }
    int alive = count, gone = calendar_.total();
    std::uint64_t spared = 0;  // bit k: shock k comes to one who is dead, or disabled already
    for (int k = 0; k < shocks.count; ++k) {
        const Shock& shock = shocks.list[static_cast<std::size_t>(k)];
        Member& m = members[shock.member];
        if (m.until < calendar_.total()) {
            if (shock.kind != Shock::Kind::emergency && shock.kind != Shock::Kind::disaster) spared |= std::uint64_t{1} << k;
            continue;
        }
        if (shock.kind == Shock::Kind::death) {
            m.until = shock.month;
            if (--alive == 0) gone = shock.month;
        } else if (shock.kind == Shock::Kind::disability && m.from != Office::never) {
            spared |= std::uint64_t{1} << k;  // has a certificate, or will have
        } else if (shock.kind == Shock::Kind::disability) {
            m.from = shock.month + Shock::certificate_months;
            m.as.disability_grade = disability_grade(unit(shock.size), w[Assumption::disability_severe]);
        }
    }
    if (nursing)
        for (const Term& term : terms_)
            for (const std::vector<int>& same : term.untested) {
                Adder to(ledger, same, w, calendar_);
                const LocalPolicy& policy = term.policies[static_cast<std::size_t>(same.front())];
                if (!claims_nursing(f, w, policy)) continue;
                // Members may overlap in time: households are counted once, so walk the pieces between their ends.
                for (int from = term.from; from < term.until;) {
                    int until = term.until, persons = 0;
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
    acute(w, shocks, spared, gone, ledger);
}

/// Acute assistance for the shocks before the month `gone`, but for those that are `spared`.
void Walker::acute(const World& w, const Shocks& shocks, std::uint64_t spared, int gone, Ledger& ledger) const {
    for (const Term& term : terms_)
        for (const std::vector<int>& same : term.untested) {
            Adder to(ledger, same, w, calendar_);
            const LocalPolicy& policy = term.policies[static_cast<std::size_t>(same.front())];
            for (int k = 0; k < shocks.count; ++k) {
                const Shock& shock = shocks.list[static_cast<std::size_t>(k)];
                if ((spared >> k & 1u) == 0 && shock.month >= term.from && shock.month < std::min(term.until, gone) && claims_acute(shock, w)) pay_acute(shock, w, policy, to);
            }
        }
}

/// An unassessed family to which nothing happens: the nursing subsidy of those who are disabled from the start.
void Walker::nursing_only(const Kin& kin, const World& w, Ledger& ledger) const {
    const Family& f = kin.family;
    for (const Term& term : terms_)
        for (const std::vector<int>& same : term.untested) {
            const LocalPolicy& policy = term.policies[static_cast<std::size_t>(same.front())];
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
            Adder(ledger, same, w, calendar_).pay(Programme::nursing_subsidy, persons * policy.policy.nursing, persons, term.from, term.until);
        }
}

/// The same in those of the replicates [at, at + 64) that have their bit in `which`, for a family of at most eight: for each member the
/// replicates in which he is of a grade that the policy pays.
void Walker::nursing_only(const Kin& kin, std::span<const World> worlds, const Columns& columns, const std::vector<std::vector<Claims>>& claims, std::size_t at,
                          std::uint64_t which, Ledger& ledger) const {
    const Family& f = kin.family;
    std::array<std::array<std::uint64_t, 4>, 8> of_grade;  // by member
    std::array<rules::DisabilityType, 8> type;
    std::size_t members = 0;
    for (int i = 0; i < f.size; ++i) {
        const Person& p = kin.people[i];
        if (!(p.disability_score < columns.most_disabled)) continue;
        const std::array<Comparison, 4> asked{{{p.disability_score, &columns.disabled}, {p.grade_score, &columns.grade[0]}, {p.grade_score, &columns.grade[1]}, {p.grade_score, &columns.grade[2]}}};
        std::array<std::uint64_t, 4> under;
        compare(asked, at, under.data());
        const std::uint64_t disabled = which & under[0];
        of_grade[members] = {disabled & under[1], disabled & under[2] & ~under[1], disabled & under[3] & ~under[2], disabled & ~under[3]};
        type[members++] = disability_type(p.type_score);
    }
    for (std::size_t t = 0; t < terms_.size(); ++t)
        for (const std::vector<int>& same : terms_[t].untested) {
            const auto group = static_cast<std::size_t>(same.front());
            const LocalPolicy& policy = terms_[t].policies[group];
            if (policy.policy.nursing == 0) continue;
            std::uint64_t claim, any = 0;
            const Comparison asked{f.nursing_score, &claims[t][group].nursing};
            compare({&asked, 1}, at, &claim);
            std::array<std::uint64_t, 8> draws{};
            for (std::size_t i = 0; i < members; ++i) {
                for (std::uint8_t grade = 1; grade <= 4; ++grade) {
                    rules::Member m;
                    m.disability_grade = grade;
                    m.disability_type = type[i];
                    if (rules::draws_nursing_subsidy(m, policy.policy)) draws[i] |= claim & of_grade[i][grade - 1u];
                }
                any |= draws[i];
            }
            if (terms_.size() == 1) {
                constexpr int line = Ledger::line(Programme::nursing_subsidy);
                const int slot = worlds[at].slot;
                for (std::size_t i = 0; i < members; ++i)
                    if (draws[i] != 0) ledger.add(slot, same, {line, draws[i], policy.policy.nursing, 1, 0});
                if (any != 0) ledger.add(slot, same, {line, any, 0, 0, 1});
                continue;
            }
            for (; any != 0; any &= any - 1) {
                const int r = std::countr_zero(any);
                int persons = 0;
                for (std::size_t i = 0; i < members; ++i) persons += static_cast<int>(draws[i] >> r & 1u);
                Adder(ledger, same, worlds[at + static_cast<std::size_t>(r)], calendar_)
                    .pay(Programme::nursing_subsidy, persons * policy.policy.nursing, persons, terms_[t].from, terms_[t].until);
            }
        }
}

}  // namespace doudi
