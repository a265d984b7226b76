#include "dynamics/offices.hpp"

#include <memory>

namespace doudi {

template <class... Arguments>
Office& Offices::open(const Arguments&... arguments) {
    return *std::construct_at(reinterpret_cast<Office*>(room_) + count_++, arguments...);
}

Offices::Offices(const Family& f, const World& w, const Term& term, const Calendar& calendar, Ledger& ledger, bool apart)
    : world_(w), calendar_(calendar), ledger_(ledger), term_(&term), apart_(apart), luck_(f, w) {
    const Office& lead = open(f, w, term.policies[0], calendar);
    for (std::size_t g = 1; g < term.policies.size(); ++g) {
        if (term.lead[g].take_up && !apart) open(lead, term.policies[g]);
        else if (!open(f, w, term.policies[g], calendar).claims_like(lead) || !term.lead[g].course || apart) alone_.add(g);
    }
}

Offices::~Offices() { std::destroy_n(&at(0), count_); }

void Offices::meet(const Term& term) {
    term_ = &term;
    new_term_ = true;
    for (std::size_t g = 0; g < count_; ++g) at(g).meet(term.policies[g]);
}

bool Offices::in_step(std::size_t g, const Home& home) const {
    if (!at(g).in_step(at(0), home)) return false;
    return !new_term_ || (term_->lead[g].course && at(g).claims_like(at(0)) && term_->decides_anew[g] == term_->decides_anew[0]);
}

void Offices::assess_others(const Home& home) {
    for (std::size_t g = 1; g < count_; ++g) {
        Office& office = at(g);
        const bool alone = alone_[g];
        if (apart_ || !(office.assess_income(home) || (!alone && term_->lead[g].rules && office.assess_with(at(0), home)))) office.assess(home);
        if (alone || in_step(g, home)) continue;
        office.part_from(at(0));
        alone_.add(g);
    }
}

int Offices::let_others_work(int month, const Home& home, bool decided, int next) {
    for (std::size_t g = 1; g < count_; ++g) {
        if (alone_[g]) {
            let_work(g, month, home);
            next = std::min(next, at(g).next_action(month, home, luck_));
        } else if (decided) {
            at(g).go_with(at(0));
        }
    }
    return next;
}

void Offices::let_others_help(const Shock& shock, const Home& home, Fen help) {
    for (std::size_t g = 1; g < count_; ++g) {
        if (!alone_[g] && help == 0) continue;
        Adder to = adder(g);
        if (alone_[g]) at(g).help(shock, home, to);
        else at(g).help_difference(shock, home, help, to);
    }
}

void Offices::let_others_pay(int from, int to) {
    for (std::size_t g = 1; g < count_; ++g) {
        if (alone_[g]) {
            Adder own = adder(g);
            at(g).pay(from, to, own);
        } else {
            at(g).pay_difference(at(0), from, to, static_cast<int>(g), ledger_);
        }
    }
}

void Offices::pay_deaths(int month, const Home& home) {
    for (std::size_t g = 0; g < count_; ++g)
        if (at(g).has_modules()) {
            Adder to = adder(g);
            at(g).pay_deaths(month, home, to);
        }
}

void Offices::pay_disaster(int month, const Home& home) {
    for (std::size_t g = 0; g < count_; ++g)
        if (at(g).has_modules()) {
            Adder to = adder(g);
            at(g).pay_disaster(month, home, to);
        }
}

}  // namespace doudi
