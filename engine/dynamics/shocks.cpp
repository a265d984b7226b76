#include "dynamics/shocks.hpp"

#include "dynamics/member.hpp"
#include "random/math.hpp"
#include "random/philox_many.hpp"

#include <algorithm>
#include <bit>

namespace doudi {

Rates rates_of(const Family& f, const Person* people, const World& w, bool assets_ok, bool has_disability) {
    Rates rates;
    rates.illness = w[Assumption::illness_onset] * (f.illness_weight + f.elderly * w[Assumption::illness_elderly]);
    rates.disability =
        w[Assumption::disability_onset] * (f.illness_weight + f.elderly * w[Assumption::disability_elderly]);
    if (assets_ok) {
        for (int i = 0; i < f.size; ++i) rates.workers += has_work(people[i], w);
        rates.job_loss = rates.workers * w.by_residence(Assumption::job_loss_urban, Assumption::job_loss_rural);
    }
    if (assets_ok || has_disability) rates.death = f.elderly * w[Assumption::death_elderly];
    rates.emergency = w[Assumption::temp_other];
    rates.claimed_only = !assets_ok;
    rates.disaster = rates.claimed_only ? w.claimed_disaster_hazard : w.disaster_hazard;
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

/// The one of those who have work on whom the share `at` falls.
std::uint8_t worker_at(const Family& f, const Person* people, const World& w, double at, int workers) {
    int target = static_cast<int>(at * workers);
    for (int i = 0; i < f.size; ++i)
        if (has_work(people[i], w) && target-- == 0) return static_cast<std::uint8_t>(i);
    return 0;
}

}  // namespace

Words first_gaps(std::uint64_t seed, std::uint32_t replicate, std::uint64_t family) {
    return Draws(seed, Purpose::first_gap, replicate / 4, family).block(0);
}

FirstShock first_shock(const Family& f, const World& w, std::uint32_t first_word) {
    return {-portable_log(unit(first_word)), Draws(w.seed, Purpose::shock, w.replicate, f.id).block(0)};
}

void FirstShocks::draw(const Family& f, std::span<const World> worlds, const std::array<std::uint64_t, block / 64>& which,
                       const std::array<std::uint32_t, block>& first_words) {
    std::array<std::uint32_t, block> draw, luck;
    std::size_t count = 0;
    for (std::size_t chunk = 0; chunk < which.size(); ++chunk)
        for (std::uint64_t left = which[chunk]; left != 0; left &= left - 1) {
            const std::size_t r = 64 * chunk + static_cast<std::size_t>(std::countr_zero(left));
            row_[r] = static_cast<std::uint8_t>(count);
            draw[count] = counter0(Purpose::shock, 0);
            luck[count] = worlds[r].replicate;
            wait_[count++] = unit(first_words[r]);
        }
    if (count == 0) return;
    for (std::size_t k = 0; k < count; ++k) wait_[k] = -portable_log(wait_[k]);
    for (std::size_t k = count; k < whole_calls(count); ++k) draw[k] = luck[k] = 0;
    philox_many(draw.data(), luck.data(), whole_calls(count), f.id, worlds.front().seed, words_.data());
}

FirstShock FirstShocks::operator[](std::size_t replicate) const {
    const std::size_t k = row_[replicate];
    return {wait_[k], {words_[4 * k], words_[4 * k + 1], words_[4 * k + 2], words_[4 * k + 3]}};
}

void draw_shocks(const Family& f, const Person* people, const World& w, const Rates& rates, int months, const FirstShock& first, Shocks& shocks) {
    shocks.clear();
    const World::Tick* const clock = w.clock.data();
    const auto before = [&](int month) { return rates.at(clock[month], month); };
    const double end = before(months), pace = months / end;
    const Draws luck(w.seed, Purpose::shock, w.replicate, f.id);
    double now = first.wait;
    Words words = first.words;
    for (std::uint32_t k = 0; shocks.count < Shocks::limit; ++k) {
        if (k > 0) {
            const double u = unit(words[0]);
            if (1.0 - u > end - now) break;  // -log u > 1 - u spares the logarithm
            now -= portable_log(u);
        }
        if (!(now < end)) break;
        // Most months are about equally long: begin where it would be if all were.
        int month = std::min(static_cast<int>(now * pace), months - 1);
        while (month > 0 && now < before(month)) --month;
        while (month + 1 < months && now >= before(month + 1)) ++month;
        const World::Tick &from = clock[month], &to = clock[month + 1];
        if (k > 0) words = luck.block(k);
        Shock shock{month, Shock::Kind::emergency, 0, words[2], rates.claimed_only ? 0xFFFFFFFFu : words[3]};
        const double of_disaster = rates.disaster * (to.disasters - from.disasters), spared = before(month) + of_disaster;
        if (now < spared) {
            now = spared;  // it hits once
            shock.kind = Shock::Kind::disaster;
            shocks.add(shock);
            continue;
        }
        const double illness = rates.illness * (to.sickness - from.sickness), job_loss = rates.job_loss * (to.labour - from.labour);
        double v = unit(words[1]) * (illness + rates.disability + job_loss + rates.death + rates.emergency);
        if (v < illness) {
            shock.kind = Shock::Kind::illness;
            shock.member = member_at(f, people, v / illness, 1.0, w[Assumption::illness_elderly]);
        } else if ((v -= illness) < rates.disability) {
            shock.kind = Shock::Kind::disability;
            shock.member = member_at(f, people, v / rates.disability, 1.0, w[Assumption::disability_elderly]);
            shock.claim = words[3];
        } else if ((v -= rates.disability) < job_loss) {
            shock.kind = Shock::Kind::job_loss;
            shock.member = worker_at(f, people, w, v / job_loss, rates.workers);
        } else if ((v -= job_loss) < rates.death) {
            shock.kind = Shock::Kind::death;
            shock.member = member_at(f, people, v / rates.death, 0.0, 1.0);
        }
        shocks.add(shock);
    }
}

}  // namespace doudi
