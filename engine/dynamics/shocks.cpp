#include "dynamics/shocks.hpp"

#include "random/math.hpp"

namespace doudi {

Rates highest_rates(const Family& f, const World& w, bool jobs, bool deaths) {
    Rates rates;
    rates.illness = w[Assumption::illness_onset] * w.sickness_max *
                    (f.illness_weight + f.elderly * w[Assumption::illness_elderly]);
    rates.disability =
        w[Assumption::disability_onset] * (f.illness_weight + f.elderly * w[Assumption::disability_elderly]);
    if (jobs) rates.job_loss = f.workers * w.by_residence(Assumption::job_loss_urban, Assumption::job_loss_rural) * w.labour_max;
    if (deaths) rates.death = f.elderly * w[Assumption::death_elderly];
    rates.emergency = w[Assumption::temp_other];
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

Shocks draw_shocks(const Family& f, const Person* people, const World& w, const Rates& rates, int months, std::uint32_t first_word) {
    Shocks shocks;
    const double total = rates.total();
    if (total <= 0) return shocks;
    const Draws luck(w.seed, Purpose::shock, w.replicate, f.id);
    double time = 0;
    for (std::uint32_t k = 0; shocks.count < Shocks::limit; ++k) {
        const Words words = luck.block(k);
        const double u = unit(k == 0 ? first_word : words[0]);
        if (1.0 - u > total * (months - time)) break;
        time += -portable_log(u) / total;
        if (time >= months) break;
        const int month = static_cast<int>(time);
        const auto at_month = static_cast<std::size_t>(month);
        double v = unit(words[1]) * total;
        Shock shock{month, Shock::Kind::emergency, 0, words[2], words[3]};
        if (v < rates.illness) {
            v *= w.sickness_max / rates.illness;
            if (v >= w.sickness[at_month]) continue;
            shock.kind = Shock::Kind::illness;
            shock.member = member_at(f, people, v / w.sickness[at_month], 1.0, w[Assumption::illness_elderly]);
        } else if ((v -= rates.illness) < rates.disability) {
            shock.kind = Shock::Kind::disability;
            shock.member = member_at(f, people, v / rates.disability, 1.0, w[Assumption::disability_elderly]);
        } else if ((v -= rates.disability) < rates.job_loss) {
            v *= w.labour_max / rates.job_loss;
            if (v >= w.labour[at_month]) continue;
            shock.kind = Shock::Kind::job_loss;
            shock.member = worker_at(f, people, v / w.labour[at_month]);
        } else if ((v -= rates.job_loss) < rates.death) {
            shock.kind = Shock::Kind::death;
            shock.member = member_at(f, people, v / rates.death, 0.0, 1.0);
        }
        shocks.list[static_cast<std::size_t>(shocks.count++)] = shock;
    }
    return shocks;
}

}  // namespace doudi
