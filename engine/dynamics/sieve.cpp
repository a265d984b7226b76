#include "dynamics/sieve.hpp"

#include "base/error.hpp"
#include "dynamics/home.hpp"
#include "dynamics/shocks.hpp"
#include "random/philox_many.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dynamics/sieve.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include "dynamics/mask_bits.hpp"

#ifndef DOUDI_SIEVE_ONCE
#define DOUDI_SIEVE_ONCE
namespace doudi {
/// Of 64 replicates: where a shock could come first, someone is disabled, draws the nursing subsidy, comes forward, is tekun.
struct Marks {
    std::uint64_t shock, disabled, nursing, comes, tekun, assets_ok;
};
}  // namespace doudi
#endif

HWY_BEFORE_NAMESPACE();
namespace doudi::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Whether the family's assets could pass in some replicate, but for a tekun person's.
bool could_pass(const Columns& c, const Family& f) {
    if (f.collective && f.elderly == 0) return false;  // the family is elsewhere
    const auto size = static_cast<std::size_t>(std::min<int>(f.size, 8) - 1);
    float most = c.most_assets[1][size];
    if (f.any_disability < c.most_disabled || f.any_illness < c.most_ill) most = std::max(most, c.most_assets[0][size]);
    if (f.any_work >= c.least_employed && f.any_pension >= c.least_pension) most = std::max(most, c.most_assets[2][size]);
    return f.assets_score < most;
}

/// Marks of 64 replicates from `at` on.
Marks marks(const Columns& c, const Kin& kin, std::size_t at, const std::uint32_t* words) {
    const hn::CappedTag<float, 16> d;
    const hn::Rebind<std::uint32_t, decltype(d)> du;
    const hn::Rebind<std::int32_t, decltype(d)> di;
    const Family& f = kin.family;
    const auto size = static_cast<std::size_t>(std::min<int>(f.size, 8) - 1);
    // What holds in no replicate is not asked of each.
    const bool some_disabled = f.any_disability < c.most_disabled, some_tekun = f.any_tekun < c.most_tekun;
    const bool some_pass = could_pass(c, f), some_ok = some_pass || some_tekun, some_die = f.elderly > 0 && (some_ok || some_disabled);
    const auto young = hn::Set(d, f.illness_weight), old = hn::Set(d, f.elderly), zero = hn::Zero(d), one = hn::Set(d, 1.0f);
    MaskBits<decltype(d)> shocks, disabilities, nursing, comes, tekuns, oks;
    for (std::size_t i = 0; i < 64; i += hn::Lanes(d)) {
        const auto column = [&](const std::vector<float>& values) { return hn::LoadU(d, values.data() + at + i); };
        const auto under = [&](float score, const std::vector<float>& values) { return hn::Lt(hn::Set(d, score), column(values)); };
        auto hazard = hn::Add(column(c.untested_sudden), hn::Add(hn::Mul(young, column(c.untested_young)), hn::Mul(old, column(c.untested_old))));
        auto disabled = hn::FirstN(d, 0), ok = disabled;
        if (some_disabled) {
            disabled = under(f.any_disability, c.disabled);
            disabilities.put(d, disabled, i);
            nursing.put(d, hn::And(disabled, under(f.nursing_score, c.nursing)), i);
        }
        if (some_pass) {
            const auto hardship = hn::Or(disabled, under(f.any_illness, c.ill));
            const auto other = hn::Or(under(f.any_work, c.employed), under(f.any_pension, c.pension));
            const auto pass = hn::IfThenElse(hardship, column(c.assets[0][size]), hn::IfThenElse(other, column(c.assets[1][size]), column(c.assets[2][size])));
            ok = hn::Lt(hn::Set(d, f.assets_score), pass);
        }
        if (some_tekun) {
            const auto tekun = under(f.any_tekun, c.tekun);
            ok = hn::Or(ok, tekun);
            tekuns.put(d, tekun, i);
        }
        if (some_ok) {
            oks.put(d, ok, i);
            auto come = hn::And(ok, under(f.take_up_score, c.comes));
            if (some_tekun) come = hn::Or(come, under(f.any_tekun, c.tekun));
            comes.put(d, come, i);
            auto workers = zero;  // at most: of the disabled fewer work
            for (int k = 0; k < f.size; ++k)
                if (kin.people[k].work_score < 2.0f) workers = hn::Add(workers, hn::IfThenElseZero(under(kin.people[k].work_score, c.employed), one));
            const auto tested = hn::Add(hn::Mul(young, column(c.tested_young)), hn::Mul(old, column(c.tested_old)));
            hazard = hn::IfThenElse(ok, hn::Add(column(c.tested_sudden), hn::Add(tested, hn::Mul(workers, column(c.job_loss)))), hazard);
        }
        if (some_die) hazard = hn::Add(hazard, hn::IfThenElseZero(hn::Or(ok, disabled), hn::Mul(old, column(c.death))));
        const auto u = hn::Mul(hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<8>(hn::LoadU(du, words + i)))), hn::Set(d, 0x1p-24f));
        shocks.put(d, hn::Ge(hn::Add(hn::Mul(hazard, hn::Set(d, 1.0001f)), hn::Set(d, 2e-6f)), hn::Sub(one, u)), i);
    }
    return {.shock = shocks.value(), .disabled = disabilities.value(), .nursing = nursing.value(), .comes = comes.value(), .tekun = tekuns.value(), .assets_ok = oks.value()};
}

/// Of 16 replicates from `at` on those in which the family's sure income (see sure_income) is certainly out of reach if
/// nothing befalls it. `spells`: four words a replicate that decide who starts without work.
std::uint64_t far_off(const Columns& c, const Kin& kin, int months, Fen reach, Fen mean_income, std::size_t at, const std::uint32_t* spells) {
    const hn::CappedTag<float, 16> d;
    const hn::Rebind<std::uint32_t, decltype(d)> du;
    const hn::Rebind<std::int32_t, decltype(d)> di;
    const Family& f = kin.family;
    const auto zero = hn::Zero(d);
    MaskBits<decltype(d)> far;
    for (std::size_t i = 0; i < 16; i += hn::Lanes(d)) {
        const auto column = [&](const std::vector<float>& values) { return hn::LoadU(d, values.data() + at + i); };
        const auto under = [&](float score, const std::vector<float>& values) { return hn::Lt(hn::Set(d, score), column(values)); };
        auto by_factor = zero, by_level = zero;
        auto works = hn::FirstN(d, 0), dear = under(f.any_illness, c.ill);  // dear: necessary spending over a share of income
        for (int k = 0; k < f.size; ++k) {
            const Person& p = kin.people[k];
            if (could_be_tertiary(p, months)) dear = hn::Or(dear, under(p.school_score, c.tertiary));
            if (p.age_months >= 23 * 12 && p.work_score < 2.0f) {
                const auto employed = under(p.work_score, c.employed);
                works = hn::Or(works, employed);
                HWY_ALIGN std::uint32_t words[16];
                for (std::size_t lane = 0; lane < hn::Lanes(d); ++lane) words[lane] = spells[4 * (i + lane) + static_cast<std::size_t>(k)];
                const auto u = hn::Mul(hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<8>(hn::Load(du, words)))), hn::Set(d, 0x1p-24f));
                const auto earns = hn::And(employed, hn::And(hn::Ge(u, column(c.out_of_work)), hn::Not(under(p.illness_score, c.ill))));
                by_factor = hn::Add(by_factor, hn::IfThenElseZero(earns, hn::Set(d, static_cast<float>(p.earnings))));
            }
            if (p.pension_score < 2.0f) by_level = hn::Add(by_level, hn::IfThenElseZero(under(p.pension_score, c.pension), hn::Set(d, static_cast<float>(p.pension))));
        }
        by_factor = hn::Add(by_factor, hn::IfThenElseZero(under(f.support_score, c.support), hn::Set(d, static_cast<float>(f.support))));
        by_factor = hn::Add(by_factor, hn::IfThenElseZero(hn::And(works, under(f.farm_score, c.farm)), hn::Set(d, static_cast<float>(f.farm))));
        const auto factor = hn::Mul(column(c.level), column(c.curve[IncomeCurve::Place(f.income_score).knot]));
        const auto income = hn::Mul(column(c.assessed), hn::Add(hn::Mul(by_factor, factor), hn::Mul(by_level, column(c.level))));
        // Sums of eight floats and roundings to a fen: less than a part in 10,000 and 100 fen.
        const auto sure = hn::Sub(hn::Mul(income, hn::Set(d, 0.9999f)), hn::Set(d, 100.0f));
        const auto mean = hn::Set(d, static_cast<float>(mean_income) * 1.0001f);
        const auto needed = hn::IfThenElse(hn::AndNot(dear, hn::Gt(column(c.ordinary), zero)), hn::Set(d, static_cast<float>(reach) * 1.0001f), mean);
        far.put(d, hn::Ge(sure, hn::Mul(needed, hn::Set(d, static_cast<float>(f.size)))), i);
    }
    return far.value() & 0xFFFF;
}

}  // namespace doudi::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace doudi {
namespace {

HWY_EXPORT(marks);
HWY_EXPORT(far_off);

}  // namespace

std::string vector_unit() { return hwy::TargetName(hwy::SupportedTargets() & -hwy::SupportedTargets()); }

void limit_vector_unit(const std::string& name) {
    // A smaller bit is a better unit.
    const std::int64_t worst = name == "avx2" ? HWY_AVX2 : name == "sse4" ? HWY_SSE4 : name == "baseline" ? HWY_STATIC_TARGET : 0;
    if (worst == 0) throw InputError("DOUDI_VECTOR", "\"" + name + "\" is not avx2, sse4 or baseline");
    hwy::DisableTargets(worst - 1);
}

Sieve::Sieve(std::span<const World> worlds, const Bounds& bounds) : worlds_(worlds), bounds_(bounds), columns_(worlds, bounds) {
    const std::size_t blocks = (worlds.size() + block - 1) / block, padded = blocks * block;
    purpose_.assign(block, counter0(Purpose::first_gap, 0));
    addresses_.resize(blocks);
    for (std::size_t b = 0; b < blocks; ++b) {
        Addresses& a = addresses_[b];
        for (std::size_t r = b * block; r < std::min(worlds.size(), (b + 1) * block); ++r) {
            const World& w = worlds[r];
            luck_.push_back(w.replicate);
            const auto at = static_cast<std::size_t>(std::find(a.gap.begin(), a.gap.end(), w.replicate / 4) - a.gap.begin());
            if (at == a.gap.size()) a.gap.push_back(w.replicate / 4);
            a.in_order = a.in_order && 4 * at + w.replicate % 4 == a.place.size();
            a.place.push_back(static_cast<std::uint16_t>(4 * at + w.replicate % 4));
        }
        a.gap.resize(whole_calls(a.gap.size()), 0);
        a.place.resize(block, 0);
    }
    luck_.resize(padded, 0);
}

void Sieve::operator()(const Kin& kin, int first, Kept& kept) const {
    const Family& f = kin.family;
    const auto at = static_cast<std::size_t>(first), b = at / block;
    const std::uint64_t seed = worlds_.front().seed;
    alignas(64) std::array<std::uint32_t, 4 * block> words;
    const auto draw = [&](const std::uint32_t* c0, const std::uint32_t* c1, std::size_t n) {
        philox_many(c0, c1, whole_calls(n), f.id, seed, words.data());
    };
    const Addresses& a = addresses_[b];

    kept.exact = f.size <= 8;
    draw(purpose_.data(), a.gap.data(), a.gap.size());
    if (a.in_order) std::copy_n(words.begin(), block, kept.first_word.begin());
    else
        for (std::size_t r = 0; r < block; ++r) kept.first_word[r] = words[a.place[r]];

    for (std::size_t chunk = 0; chunk < block / 64; ++chunk) {
        if (at + 64 * chunk >= worlds_.size()) {
            for (auto* marks : {&kept.bits, &kept.shocked, &kept.assets_ok, &kept.disabled, &kept.tekun, &kept.comes}) (*marks)[chunk] = 0;
            continue;
        }
        const auto m = HWY_DYNAMIC_DISPATCH(marks)(columns_, kin, at + 64 * chunk, kept.first_word.data() + 64 * chunk);
        std::uint64_t bits = m.shock | m.nursing | m.comes;
        std::uint64_t quiet = m.comes & ~(m.tekun | m.shock | m.disabled);
        if (f.size > 4 || bounds_.incomes_move) quiet = 0;  // the words of four members come in one block
        for (std::size_t part = 0; part < 4; ++part) {
            const std::uint64_t mine = quiet & (0xFFFFull << (16 * part));
            if (mine == 0) continue;
            const std::size_t from = at + 64 * chunk + 16 * part;
            static constexpr auto spells = [] {
                std::array<std::uint32_t, 16> c0;
                c0.fill(counter0(Purpose::initial_job, 0));
                return c0;
            }();
            draw(spells.data(), luck_.data() + from, 16);
            const std::uint64_t far = HWY_DYNAMIC_DISPATCH(far_off)(columns_, kin, bounds_.months, bounds_.reach, bounds_.mean_income, from, words.data());
            bits &= ~(mine & far << (16 * part));
        }
        // Past the last replicate nothing was drawn.
        const std::size_t here = at + 64 * chunk, left = worlds_.size() - std::min(here, worlds_.size());
        const std::uint64_t exist = left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
        kept.bits[chunk] = bits & exist;
        kept.shocked[chunk] = m.shock & exist;
        kept.assets_ok[chunk] = m.assets_ok & exist;
        kept.disabled[chunk] = m.disabled & exist;
        kept.tekun[chunk] = m.tekun & exist;
        kept.comes[chunk] = m.comes & exist;
    }
}

}  // namespace doudi
#endif
