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
    at(g).take_over(at(0), term_->uplift[g]);
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

void Offices::part_where_decided_otherwise(const Home& home) {
    for (std::size_t g = 1; g < size_; ++g)
        if (!alone_[g] && !at(0).decides_alike(term_->bands[g], home)) part(g, home);
}

int Offices::let_others_work(int month, const Home& home, int next) {
    for (const int g : alone_.groups()) {
        work(static_cast<std::size_t>(g), month, home);
        next = std::min(next, at(g).next_action(month, home, luck_));
    }
    if (!at(0).exits_for_others()) return next;
    for (std::size_t g = 1; g < size_; ++g) {
        if (alone_[g]) continue;
        part(g, home);
        next = std::min(next, at(g).next_action(month, home, luck_));
    }
    return next;
}

void Offices::let_others_help(const Shock& shock, const Home& home, Fen help) {
    for (const int g : alone_.groups()) {
        Adder to = adder(static_cast<std::size_t>(g));
        at(g).help(shock, home, to);
    }
    for (std::size_t g = 1; help > 0 && g < size_; ++g) {
        if (alone_[g]) continue;
        Adder to = adder(g);
        to.more(Programme::temporary, at(0).relief(shock, home, term_->policies[g], term_->standard[g]) - help, to.span(shock.month, shock.month + 1));
    }
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
