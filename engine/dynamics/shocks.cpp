#include "dynamics/shocks.hpp"

#include "dynamics/each_bit.hpp"
#include "dynamics/member.hpp"
#include "random/math.hpp"
#include "random/math_many.hpp"
#include "random/philox_many.hpp"

#include <algorithm>
#include <bit>

namespace doudi {

namespace {

struct Purposes {
    Purpose gap, shock;
};
constexpr ByStream<Purposes> purposes{{{Purpose::common_gap, Purpose::common_shock}, {Purpose::first_gap, Purpose::shock}, {Purpose::death_gap, Purpose::death}}};

/// The member on whom the share `at` of the family's weight falls, elders weighing `elderly` times the others.
std::uint8_t member_at(const Family& f, const Person* people, double at, double young, double elderly) {
    double target = at * (f.illness_weight * young + f.elderly * elderly);
    const std::array weight{young, elderly};
    int place = 0;
    for (int i = 0; i < f.size; ++i) {  // to the end: where it would stop nobody can foresee
        target -= weight[people[i].age_months >= 720];
        place += target >= 0;
    }
    return static_cast<std::uint8_t>(std::min<int>(place, f.size - 1));
}

/// The one of those who have work on whom the share `at` falls.
std::uint8_t worker_at(const Family& f, const Person* people, const World& w, double at, int workers) {
    int target = static_cast<int>(at * workers);
    for (int i = 0; i < f.size; ++i)
        if (has_work(people[i], w) && target-- == 0) return static_cast<std::uint8_t>(i);
    return 0;
}

// Words of the block of a shock: the gap to the next one; the kind and, in its last bits, what the byte of the first gap leaves open; size; claim.
enum Word : std::size_t { next_gap, kind, size, claim };
constexpr std::uint32_t rests = 1u << 12;  // so fine the first gap, a 2^20th, and so fine the kind

double kind_share(std::uint32_t word) {
    const std::uint32_t place = word / rests;
    return (place + 0.5) * (rests * 0x1p-32);
}
/// 1 minus the first gap: its byte and the rest of it.
double of_gap(std::uint8_t byte, std::uint32_t word) { return 1 - (byte + (word % rests + 0.5) / rests) * 0x1p-8; }

double hardness_by(const Words& words) { return -portable_log(unit(words[size])); }

/// Illness onsets a month, before the month's factor.
double illness_rate(const Family& f, const World& w) {
    return w[Assumption::illness_onset] * (f.illness_weight + f.elderly * w[Assumption::illness_elderly]);
}

// The clocks of the streams. `before(month)`: what one shows when a month begins. `disaster(month)`: hazard of one that strikes in it, before all
// else. `claim`: of an illness or a disaster; where these are parted between two streams, the common one has those with a claim of acute
// assistance (see claims_acute), the other one those without. `befall`: which of the other things a shock of the month is, and whom it befalls, by a share.

/// What the clocks know of the family and the world. `turn_`: where acute assistance begins to count.
class OfWorld {
protected:
    OfWorld(const Family& f, const Person* people, const World& w, const Calendar& calendar)
        : f_(f), people_(people), w_(w), turn_(std::min(calendar.acute_from, calendar.total())), then_(tick(turn_)) {}
    const World::Tick& tick(int month) const { return w_.clock[static_cast<std::size_t>(month)]; }

    const Family& f_;
    const Person* people_;
    const World& w_;
    int turn_;
    const World::Tick& then_;
};

class Common : OfWorld {
public:
    static constexpr bool hardens = true;  ///< its shocks have a hardness

    Common(const Family& f, const Person* people, const World& w, const Calendar& calendar)
        : OfWorld(f, people, w, calendar), illness_(illness_rate(f, w) * w[Assumption::temp_acute]),
          disability_(w[Assumption::disability_onset] * (f.illness_weight + f.elderly * w[Assumption::disability_elderly])),
          sudden_(disability_ + w[Assumption::temp_other]), at_turn_(disability_ * turn_) {}

    double before(int month) const {
        const int since = std::max(month, turn_);  // until then the other terms are 0
        const World::Tick& t = tick(since);
        return disability_ * std::min(month, turn_) + illness_ * (t.sickness - then_.sickness) + sudden_ * (since - turn_) + w_.claimed_disaster_hazard * (t.disasters - then_.disasters);
    }
    /// About the month in which it shows `now`.
    int guess(double now, double end, int months) const {
        if (now < at_turn_) return static_cast<int>(now / disability_);
        return turn_ + static_cast<int>((now - at_turn_) / (end - at_turn_) * (months - turn_));
    }
    double disaster(int month) const { return month < turn_ ? 0 : w_.claimed_disaster_hazard * (tick(month + 1).disasters - tick(month).disasters); }
    double claim(int, double u) const { return 1 - w_[Assumption::temp_acute] * u; }
    void befall(double share, Shock& shock) const {
        const bool acute = shock.month >= turn_;
        const double illness = acute ? illness_ * (tick(shock.month + 1).sickness - tick(shock.month).sickness) : 0.0;
        double v = share * (illness + (acute ? sudden_ : disability_));
        if (v < illness) {
            shock.kind = Shock::Kind::illness;
            shock.member = member_at(f_, people_, v / illness, 1.0, w_[Assumption::illness_elderly]);
        } else if ((v -= illness) < disability_) {
            shock.kind = Shock::Kind::disability;
            shock.member = member_at(f_, people_, v / disability_, 1.0, w_[Assumption::disability_elderly]);
        }
    }

private:
    double illness_, disability_, sudden_, at_turn_;
};

class Tested : OfWorld {
public:
    static constexpr bool hardens = true;  ///< its shocks have a hardness

    Tested(const Family& f, const Person* people, const World& w, const Calendar& calendar)
        : OfWorld(f, people, w, calendar), illness_(illness_rate(f, w)), unclaimed_(illness_ * (1 - w[Assumption::temp_acute])), unclaimed_disaster_(w.disaster_hazard - w.claimed_disaster_hazard) {
        for (int i = 0; i < f.size; ++i) workers_ += has_work(people[i], w);
        job_loss_ = workers_ * w.by_residence(Assumption::job_loss_urban, Assumption::job_loss_rural);
    }

    double before(int month) const {
        const World::Tick &t = tick(month), &all = tick(std::min(month, turn_));  // after the turn only what is not claimed
        return illness_ * all.sickness + unclaimed_ * (t.sickness - all.sickness) + job_loss_ * t.labour + w_.disaster_hazard * all.disasters +
               unclaimed_disaster_ * (t.disasters - all.disasters);
    }
    int guess(double now, double end, int months) const { return static_cast<int>(now / end * months); }
    double disaster(int month) const { return (month < turn_ ? w_.disaster_hazard : unclaimed_disaster_) * (tick(month + 1).disasters - tick(month).disasters); }
    double claim(int month, double u) const { return month < turn_ ? u : (1 - w_[Assumption::temp_acute]) * u; }
    void befall(double share, Shock& shock) const {
        const World::Tick &from = tick(shock.month), &to = tick(shock.month + 1);
        const double illness = (shock.month < turn_ ? illness_ : unclaimed_) * (to.sickness - from.sickness), job_loss = job_loss_ * (to.labour - from.labour);
        const double v = share * (illness + job_loss);
        if (v < illness) {
            shock.kind = Shock::Kind::illness;
            shock.member = member_at(f_, people_, v / illness, 1.0, w_[Assumption::illness_elderly]);
        } else if (job_loss > 0) {  // a month in which only a disaster struck can have a last bit left over
            shock.kind = Shock::Kind::job_loss;
            shock.member = worker_at(f_, people_, w_, (v - illness) / job_loss, workers_);
        }
    }

private:
    double illness_, unclaimed_, unclaimed_disaster_, job_loss_;
    int workers_ = 0;
};

class Deaths {
public:
    static constexpr bool hardens = false;  ///< its shocks have a hardness

    Deaths(const Family& f, const Person* people, const World& w, const Calendar&) : f_(f), people_(people), rate_(f.elderly * w[Assumption::death_elderly]) {}
    double before(int month) const { return rate_ * month; }
    int guess(double now, double, int) const { return static_cast<int>(now / rate_); }
    double disaster(int) const { return 0; }
    double claim(int, double u) const { return u; }
    void befall(double share, Shock& shock) const {
        shock.kind = Shock::Kind::death;
        shock.member = member_at(f_, people_, share, 0.0, 1.0);
        ++shock.month;
    }

private:
    const Family& f_;
    const Person* people_;
    double rate_;
};

/// The points of a stream by its clock.
template <class Clock>
void points(const Clock& clock, const Draws& luck, int months, const FirstShock& first, Shocks& shocks) {
    const double end = clock.before(months);
    double now = first.wait;
    Words words = first.words;
    double hardness = first.hardness;
    for (std::uint32_t k = 0; now < end && shocks.count < Shocks::limit; ++k) {
        int month = std::min(clock.guess(now, end, months), months - 1);
        while (month > 0 && now < clock.before(month)) --month;
        while (month + 1 < months && now >= clock.before(month + 1)) ++month;
        Shock& shock = shocks.next();
        shock.month = month;
        shock.kind = Shock::Kind::emergency;
        shock.member = 0;
        shock.size = words[size];
        shock.claim = unit(words[claim]);
        shock.hardness = hardness;
        const double disaster = clock.disaster(month), spared = disaster > 0 ? clock.before(month) + disaster : 0.0;
        if (now < spared) {
            now = spared;  // it hits once
            shock.kind = Shock::Kind::disaster;
        } else {
            clock.befall(kind_share(words[kind]), shock);
        }
        if (shock.kind == Shock::Kind::disaster || shock.kind == Shock::Kind::illness) shock.claim = clock.claim(month, shock.claim);
        if (shock.month < months) shocks.keep();
        else shocks.end();
        const double u = unit(words[next_gap]);
        if (1.0 - u > end - now) break;  // -log u > 1 - u spares the logarithm
        now -= portable_log(u);
        words = luck.block(k + 1);
        hardness = Clock::hardens ? hardness_by(words) : 0;
    }
}

}  // namespace

Purpose gap_of(Stream stream) { return purposes[at(stream)].gap; }

std::uint8_t first_gap(Stream stream, std::uint64_t seed, std::uint32_t replicate, std::uint64_t family) {
    const std::uint32_t place = replicate % gaps_a_block;
    return static_cast<std::uint8_t>(Draws(seed, gap_of(stream), replicate / gaps_a_block, family).block(0)[place / 4] >> 8 * (place % 4));
}

FirstShock first_shock(Stream stream, const Family& f, const World& w) {
    const Words words = Draws(w.seed, purposes[at(stream)].shock, w.replicate, f.id).block(0);
    return {-portable_log(of_gap(first_gap(stream, w.seed, w.replicate, f.id), words[kind])), words, stream == Stream::deaths ? 0 : hardness_by(words)};
}

void FirstShocks::draw(const Family& f, std::span<const World> worlds, const ByStream<Bits>& which, const ByStream<std::array<std::uint8_t, block>>& gaps) {
    std::array<std::uint32_t, most + 1> draw, luck;  // one more: what is not kept is written all the same
    std::array<std::uint8_t, most + 1> gap;
    std::size_t count = 0;
    each_bit(in_any(which), [&](std::size_t r) {
        for (const Stream stream : streams) {
            place_[count] = {static_cast<std::uint8_t>(r), stream};
            draw[count] = counter0(purposes[at(stream)].shock, 0);
            gap[count] = gaps[at(stream)][r];
            luck[count] = worlds[r].replicate;
            count += which[at(stream)][r / 64] >> r % 64 & 1u;
        }
    });
    count_ = count;
    if (count == 0) return;
    for (std::size_t k = count; k < whole_calls(count); ++k) draw[k] = luck[k] = 0;
    philox_many(draw.data(), luck.data(), whole_calls(count), f.id, worlds.front().seed, words_.data());
    for (std::size_t k = 0; k < count; ++k) {
        log_[k] = of_gap(gap[k], words_[4 * k + kind]);
        log_[count + k] = unit(words_[4 * k + size]);
    }
    for (std::size_t k = 2 * count; k < whole_fours(2 * count); ++k) log_[k] = 1;
    log_many(log_.data(), whole_fours(2 * count), log_.data());
}

FirstShock FirstShocks::operator[](std::size_t k) const {
    return {-log_[k], {words_[4 * k], words_[4 * k + 1], words_[4 * k + 2], words_[4 * k + 3]}, place_[k].stream == Stream::deaths ? 0 : -log_[count_ + k]};
}

void draw_shocks(Stream stream, const Family& f, const Person* people, const World& w, const Calendar& calendar, const FirstShock& first, Shocks& shocks) {
    const Draws luck(w.seed, purposes[at(stream)].shock, w.replicate, f.id);
    const auto draw = [&](const auto& clock) { points(clock, luck, calendar.total(), first, shocks); };
    shocks.clear();
    switch (stream) {
        case Stream::common: return draw(Common(f, people, w, calendar));
        case Stream::tested: return draw(Tested(f, people, w, calendar));
        case Stream::deaths: return draw(Deaths(f, people, w, calendar));
    }
}

void merge(const Shocks& others, Shocks& shocks) {
    if (others.none()) return;
    if (shocks.none()) {
        shocks.count = others.count;
        shocks.kinds = others.kinds;
        std::copy_n(others.list.begin(), others.count + 1, shocks.list.begin());
        return;
    }
    const Shocks own = shocks;
    shocks.clear();
    int k = 0;
    int hit = -1;  // the last month in which a disaster hit
    const auto add = [&](const Shock& shock) {
        if (shock.kind == Shock::Kind::disaster && hit == shock.month) return;
        if (shock.kind == Shock::Kind::disaster) hit = shock.month;
        if (shocks.count < Shocks::limit) shocks.add(shock);
    };
    for (int t = 0; t < own.count || k < others.count;) {
        const bool others_next = k < others.count && (t == own.count || others.list[static_cast<std::size_t>(k)].month <= own.list[static_cast<std::size_t>(t)].month);
        add(others_next ? others.list[static_cast<std::size_t>(k++)] : own.list[static_cast<std::size_t>(t++)]);
    }
}

}  // namespace doudi
