#include "dynamics/offices.hpp"

#include <memory>

namespace doudi {

Offices::Offices(const Family& f, const World& w, const Term& term, const Calendar& calendar, Ledger& ledger, bool apart)
    : family_(f), world_(w), calendar_(calendar), ledger_(ledger), term_(&term), apart_(apart), size_(term.policies.size()), luck_(f, w) {
    open(0);
    for (std::size_t g = 1; g < size_; ++g) {
        if (term.lead[g].take_up && !apart) continue;
        open(g);
        if (term.lead[g].rules && !apart && at(g).claims_like(at(0))) std::destroy_at(&at(g));
        else alone_.add(g);
    }
}

Offices::~Offices() {
    std::destroy_at(&at(0));
    for (const int g : alone_.groups()) std::destroy_at(&at(g));
}

void Offices::open(std::size_t g) { std::construct_at(reinterpret_cast<Office*>(room_) + g, family_, world_, term_->policies[g], calendar_); }

/// A group gets an office of its own, which goes on from where the lead is.
void Offices::part(std::size_t g, const Home& home) {
    open(g);
    at(g).take_over(at(0), granted_[g]);
    assess(g, home);
    alone_.add(g);
}

void Offices::meet(const Term& term, const Home& home) {
    for (std::size_t g = 1; g < size_; ++g)
        if (!alone_[g]) part(g, home);  // what was granted by another standard is not followed up
    term_ = &term;
    new_term_ = true;
    for (std::size_t g = 0; g < size_; ++g) at(g).meet(term.policies[g]);
}

/// Whether what the group's standard gives today is what it gave when the lead last decided.
bool Offices::as_granted(std::size_t g, const Home& home) const { return amounts(g, granted_[g].exit_dibao, home) == granted_[g]; }

void Offices::assess_others(const Home& home) {
    for (const int g : alone_.groups()) assess(static_cast<std::size_t>(g), home);
    if (!alone_.led(size_)) return;
    const Office& lead = at(0);
    const bool compares = lead.compares_amounts();
    if (!compares && lead.decides_alike(term_->of_led, home)) return;
    for (std::size_t g = 1; g < size_; ++g)
        if (!alone_[g] && (!lead.decides_alike(term_->thresholds[g], home) || (compares && as_granted(g, home) != lead.as_granted()))) part(g, home);
}

/// `decided`, `before`: by the lead in this month, and what the family was enrolled as until then.
int Offices::let_others_work(int month, const Home& home, bool decided, Category before, int next) {
    for (const int g : alone_.groups()) {
        work(static_cast<std::size_t>(g), month, home);
        next = std::min(next, at(g).next_action(month, home, luck_));
    }
    if (!decided || !at(0).known() || !alone_.led(size_)) return next;
    const bool gradual = at(0).enrolled() == Category::dibao_gradual, exits = gradual && before == Category::dibao;
    for (std::size_t g = 1; g < size_; ++g)
        if (!alone_[g]) granted_[g] = amounts(g, exits ? granted_[g].dibao : gradual ? granted_[g].exit_dibao : 0, home);
    return next;
}

void Offices::let_others_help(const Shock& shock, const Home& home, Fen help) {
    for (const int g : alone_.groups()) {
        Adder to = adder(static_cast<std::size_t>(g));
        at(g).help(shock, home, to);
    }
    if (help == 0 || !alone_.led(size_)) return;
    ledger_.more(world_.slot, Ledger::More::temporary, adder(0).span(shock.month, shock.month + 1), alone_,
                 [&](std::size_t g) { return at(0).relief(shock, home, term_->policies[g], term_->standard[g]) - help; });
}

void Offices::let_others_pay(int from, int to) {
    for (const int g : alone_.groups()) {
        Adder own = adder(static_cast<std::size_t>(g));
        at(g).pay(from, to, own);
    }
    const Office& lead = at(0);
    if (!alone_.led(size_) || !lead.pays_by_standard(to)) return;
    const Adder months(ledger_, 0, world_, calendar_);
    const auto more = [&](Ledger::More line, const Ledger::Span& span, const auto& amount) { ledger_.more(world_.slot, line, span, alone_, amount); };
    if (const Entitlement& now = lead.today(); now.tekun_persons > 0)
        more(Ledger::More::tekun_basic, months.span(from, to), [&](std::size_t g) { return now.tekun_persons * term_->tekun_basic[g] - now.tekun_basic; });
    if (!lead.known() || to <= lead.pay_from()) return;
    const Ledger::Span span = months.span(std::max(from, lead.pay_from()), to);
    const Entitlement& granted = lead.granted();
    more(Ledger::More::dibao, span, [&](std::size_t g) { return granted_[g].dibao + granted_[g].single - granted.dibao - granted.single; });
    if (granted.single_persons > 0) more(Ledger::More::single, span, [&](std::size_t g) { return granted_[g].single - granted.single; });
    if (granted.supplement_persons > 0) more(Ledger::More::supplement, span, [&](std::size_t g) { return granted_[g].supplement - granted.supplement; });
}

// Where modules are on every group has its office.

void Offices::pay_deaths(int month, const Home& home) {
    for (std::size_t g = 0; g < size_ && at(0).has_modules(); ++g) {
        Adder to = adder(g);
        at(g).pay_deaths(month, home, to);
    }
}

void Offices::pay_disaster(int month, const Home& home) {
    for (std::size_t g = 0; g < size_ && at(0).has_modules(); ++g) {
        Adder to = adder(g);
        at(g).pay_disaster(month, home, to);
    }
}

}  // namespace doudi
