#include "dynamics/shocks.hpp"

#include "random/math.hpp"

#include <algorithm>

namespace doudi {

Rates rates_of(const Family& f, const World& w, bool assets_ok, bool has_disability) {
    Rates rates;
    rates.illness = w[Assumption::illness_onset] * (f.illness_weight + f.elderly * w[Assumption::illness_elderly]);
    rates.disability =
        w[Assumption::disability_onset] * (f.illness_weight + f.elderly * w[Assumption::disability_elderly]);
    if (assets_ok) rates.job_loss = f.workers * w.by_residence(Assumption::job_loss_urban, Assumption::job_loss_rural);
    if (assets_ok || has_disability) rates.death = f.elderly * w[Assumption::death_elderly];
    rates.emergency = w[Assumption::temp_other];
    rates.claimed_only = !assets_ok;
    if (rates.claimed_only) rates.illness *= w[Assumption::temp_acute];
    return rates;
}

namespace {

/// The member on whom the share `at` of the family's weight falls, elders weighing `elderly` times the others.
std::uint8_t member_at(const Family& f, const Person* people, double at, double young, double elderly) {
    double target = at * (f.illness_weight * young + f.elderly * elderly);
    for (int i = 0; i < f.size; ++i) {
        target -= people[i].age_months >= 720 ? elderly : young;
        if (target < 0) return static_cast<std::uint8_t>(i);
    }
    return static_cast<std::uint8_t>(f.size - 1);
}

std::uint8_t worker_at(const Family& f, const Person* people, double at) {
    int target = static_cast<int>(at * f.workers);
    for (int i = 0; i < f.size; ++i)
        if (people[i].work_score < 2.0f && target-- == 0) return static_cast<std::uint8_t>(i);
    return 0;
}

}  // namespace

Words first_gaps(std::uint64_t seed, std::uint32_t replicate, std::uint64_t family) {
    return Draws(seed, Purpose::first_gap, replicate / 4, family).block(0);
}

void draw_shocks(const Family& f, const Person* people, const World& w, const Rates& rates, int months, std::uint32_t first_word, Shocks& shocks) {
    shocks.count = 0;
    double ahead = 0;  // hazard from now to the end
    for (const World::Era& era : w.eras)
        if (era.from < months) ahead += rates.total(era) * (std::min(era.to, months) - era.from);
    const Draws luck(w.seed, Purpose::shock, w.replicate, f.id);
    auto era = w.eras.begin();
    double time = 0;
    std::uint32_t gap = first_word;
    for (std::uint32_t k = 0; shocks.count < Shocks::limit; ++k) {
        const double u = unit(gap);
        if (1.0 - u > ahead) break;  // -log u > 1 - u spares the logarithm
        double wait = -portable_log(u);
        ahead -= wait;
        for (; era != w.eras.end(); ++era) {
            const double room = rates.total(*era) * (era->to - time);
            if (wait < room) break;
            wait -= room;
            time = era->to;
        }
        if (era == w.eras.end()) break;
        const double total = rates.total(*era);
        time += wait / total;
        if (time >= months) break;
        const Words words = luck.block(k);
        gap = words[0];
        const int month = std::min(static_cast<int>(time), era->to - 1);
        const auto at_month = static_cast<std::size_t>(month);
        double v = unit(words[1]) * total;
        const double illness = rates.illness * era->sickness_max, job_loss = rates.job_loss * era->labour_max;
        Shock shock{month, Shock::Kind::emergency, 0, words[2], words[3]};
        if (v < illness) {
            v *= era->sickness_max / illness;
            if (v >= w.sickness[at_month]) continue;
            shock.kind = Shock::Kind::illness;
            shock.member = member_at(f, people, v / w.sickness[at_month], 1.0, w[Assumption::illness_elderly]);
            if (rates.claimed_only) shock.claim = 0xFFFFFFFFu;
        } else if ((v -= illness) < rates.disability) {
            shock.kind = Shock::Kind::disability;
            shock.member = member_at(f, people, v / rates.disability, 1.0, w[Assumption::disability_elderly]);
        } else if ((v -= rates.disability) < job_loss) {
            v *= era->labour_max / job_loss;
            if (v >= w.labour[at_month]) continue;
            shock.kind = Shock::Kind::job_loss;
            shock.member = worker_at(f, people, v / w.labour[at_month]);
        } else if ((v -= job_loss) < rates.death) {
            shock.kind = Shock::Kind::death;
            shock.member = member_at(f, people, v / rates.death, 0.0, 1.0);
        }
        shocks.list[static_cast<std::size_t>(shocks.count++)] = shock;
    }
}

}  // namespace doudi
