#include "dynamics/sieve.hpp"

#include "base/error.hpp"
#include "dynamics/home.hpp"
#include "dynamics/shocks.hpp"
#include "random/lanes.hpp"
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
/// Of 64 replicates: where someone is disabled, draws the nursing subsidy, comes forward, is tekun.
struct Marks {
    std::uint64_t disabled = 0, nursing = 0, comes = 0, tekun = 0, assets_ok = 0;
};
/// What could hold in some replicate of the run: what holds in none is not asked of each.
struct Could {
    bool be_disabled, be_tekun, pass;
    bool none() const { return !be_disabled && !be_tekun && !pass; }
};
}  // namespace doudi
#endif

HWY_BEFORE_NAMESPACE();
namespace doudi::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Of 64 replicates from `at` on those in which the first gap of a stream without losses of work, whose bytes are `gaps`, could end in the run.
std::uint64_t could_come(const Columns::Hazard& h, const Family& f, std::size_t at, const std::uint8_t* gaps) {
    const hn::CappedTag<float, most_lanes<float>> d;
    const hn::Rebind<std::uint8_t, decltype(d)> du;
    const hn::Rebind<std::int32_t, decltype(d)> di;
    const auto young = hn::Set(d, f.illness_weight), old = hn::Set(d, f.elderly);
    MaskBits<decltype(d)> could;
    for (std::size_t i = 0; i < 64; i += hn::Lanes(d)) {
        const auto column = [&](const Column<float>& values) { return hn::LoadU(d, values.data() + at + i); };
        const auto hazard = hn::Add(hn::Add(hn::Mul(young, column(h.young)), hn::Mul(old, column(h.old))), column(h.family));
        // A gap of v = 1 - u ends where -log u is under the hazard, and then v is. What floats round away is less than a part in 10,000 and 2e-6.
        const auto limit = hn::Add(hn::Mul(hazard, hn::Set(d, 256 * 1.0001f)), hn::Set(d, 256 * 2e-6f));
        could.put(d, hn::Le(hn::ConvertTo(d, hn::PromoteTo(di, hn::LoadU(du, gaps + i))), limit), i);
    }
    return could.value();
}

/// Marks of 64 replicates from `at` on.
Marks marks(const Columns& c, const Kin& kin, const Could& could, std::size_t at) {
    const hn::CappedTag<float, most_lanes<float>> d;
    const Family& f = kin.family;
    const auto size = static_cast<std::size_t>(std::min<int>(f.size, 8) - 1);
    MaskBits<decltype(d)> disabilities, nursing, comes, tekuns, oks;
    for (std::size_t i = 0; i < 64; i += hn::Lanes(d)) {
        const auto column = [&](const Column<float>& values) { return hn::LoadU(d, values.data() + at + i); };
        const auto under = [&](float score, const Column<float>& values) { return hn::Lt(hn::Set(d, score), column(values)); };
        auto disabled = hn::FirstN(d, 0), ok = disabled;
        if (could.be_disabled) {
            disabled = under(f.any_disability, c.disabled);
            disabilities.put(d, disabled, i);
            nursing.put(d, hn::And(disabled, under(f.nursing_score, c.nursing)), i);
        }
        if (could.pass) {
            const auto hardship = hn::Or(disabled, under(f.any_illness, c.ill));
            const auto other = hn::Or(under(f.any_work, c.employed), under(f.any_pension, c.pension));
            const auto pass = hn::IfThenElse(hardship, column(c.assets[0][size]), hn::IfThenElse(other, column(c.assets[1][size]), column(c.assets[2][size])));
            ok = hn::Lt(hn::Set(d, f.assets_score), pass);
        }
        if (could.be_tekun) {
            const auto tekun = under(f.any_tekun, c.tekun);
            ok = hn::Or(ok, tekun);
            tekuns.put(d, tekun, i);
        }
        if (could.pass || could.be_tekun) {
            oks.put(d, ok, i);
            auto come = hn::And(ok, under(f.take_up_score, c.comes));
            if (could.be_tekun) come = hn::Or(come, under(f.any_tekun, c.tekun));
            comes.put(d, come, i);
        }
    }
    return {.disabled = disabilities.value(), .nursing = nursing.value(), .comes = comes.value(), .tekun = tekuns.value(), .assets_ok = oks.value()};
}

/// Of 64 replicates from `at` on those in which the first gap of the tested stream, whose bytes are `gaps`, could end in the run.
std::uint64_t tested(const Columns& c, const Kin& kin, std::size_t at, const std::uint8_t* gaps) {
    const hn::CappedTag<float, most_lanes<float>> d;
    const hn::Rebind<std::uint8_t, decltype(d)> du;
    const hn::Rebind<std::int32_t, decltype(d)> di;
    const Family& f = kin.family;
    const Columns::Hazard& h = c.hazard[doudi::at(Stream::tested)];
    const auto young = hn::Set(d, f.illness_weight), old = hn::Set(d, f.elderly), zero = hn::Zero(d), one = hn::Set(d, 1.0f);
    MaskBits<decltype(d)> shocks;
    for (std::size_t i = 0; i < 64; i += hn::Lanes(d)) {
        const auto column = [&](const Column<float>& values) { return hn::LoadU(d, values.data() + at + i); };
        auto workers = zero;  // at most: of the disabled fewer work
        for (int k = 0; k < f.size; ++k)
            if (const float score = kin.people[k].work_score; score < 2.0f)
                workers = hn::Add(workers, hn::IfThenElseZero(hn::Lt(hn::Set(d, score), column(c.employed)), one));
        const auto of_members = hn::Add(hn::Mul(young, column(h.young)), hn::Mul(old, column(h.old)));
        const auto hazard = hn::Add(column(h.family), hn::Add(of_members, hn::Mul(workers, column(c.job_loss))));
        // 1 - e^-h is at most h (1 - h/2 + h²/6).
        const auto most = hn::Mul(hazard, hn::Add(hn::Set(d, 1.0001f), hn::Mul(hazard, hn::Sub(hn::Mul(hazard, hn::Set(d, 1.0f / 6)), hn::Set(d, 0.5f)))));
        const auto least = hn::Mul(hn::ConvertTo(d, hn::PromoteTo(di, hn::LoadU(du, gaps + i))), hn::Set(d, 0x1p-8f));
        shocks.put(d, hn::Ge(hn::Add(most, hn::Set(d, 2e-6f)), least), i);
    }
    return shocks.value();
}

/// Of 16 replicates from `at` on those in which the family's sure income (see sure_income) is certainly out of reach if
/// nothing befalls it. `spells`: four words a replicate that decide who starts without work; null: those in which it could be, for nobody does.
std::uint64_t far_off(const Columns& c, const Kin& kin, int months, Fen reach, Fen mean_income, std::size_t at, const std::uint32_t* spells) {
    const hn::CappedTag<float, most_lanes<float>> d;
    const hn::Rebind<std::uint32_t, decltype(d)> du;
    const hn::Rebind<std::int32_t, decltype(d)> di;
    const Family& f = kin.family;
    const auto zero = hn::Zero(d);
    MaskBits<decltype(d)> far;
    for (std::size_t i = 0; i < 16; i += hn::Lanes(d)) {
        const auto column = [&](const Column<float>& values) { return hn::LoadU(d, values.data() + at + i); };
        const auto under = [&](float score, const Column<float>& values) { return hn::Lt(hn::Set(d, score), column(values)); };
        auto by_factor = zero, by_level = zero;
        auto works = hn::FirstN(d, 0), dear = under(f.any_illness, c.ill);  // dear: necessary spending over a share of income
        for (int k = 0; k < f.size; ++k) {
            const Person& p = kin.people[k];
            if (could_be_tertiary(p, months)) dear = hn::Or(dear, under(p.school_score, c.tertiary));
            if (p.age_months >= 23 * 12 && p.work_score < 2.0f) {
                const auto employed = under(p.work_score, c.employed);
                works = hn::Or(works, employed);
                auto earns = hn::AndNot(under(p.illness_score, c.ill), employed);
                if (spells != nullptr) {
                    HWY_ALIGN std::uint32_t words[16];
                    for (std::size_t lane = 0; lane < hn::Lanes(d); ++lane) words[lane] = spells[4 * (i + lane) + static_cast<std::size_t>(k)];
                    const auto u = hn::Mul(hn::ConvertTo(d, hn::BitCast(di, hn::ShiftRight<8>(hn::Load(du, words)))), hn::Set(d, 0x1p-24f));
                    earns = hn::And(earns, hn::Ge(u, column(c.out_of_work)));
                }
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

HWY_EXPORT(could_come);
HWY_EXPORT(marks);
HWY_EXPORT(tested);
HWY_EXPORT(far_off);

/// Whether the family's assets could pass in some replicate, but for a tekun person's.
bool could_pass(const Columns& c, const Family& f) {
    if (f.collective && f.elderly == 0) return false;  // the family is elsewhere
    const auto size = static_cast<std::size_t>(std::min<int>(f.size, 8) - 1);
    float most = c.most_assets[1][size];
    if (f.any_disability < c.most_disabled || f.any_illness < c.most_ill) most = std::max(most, c.most_assets[0][size]);
    if (f.any_work >= c.least_employed && f.any_pension >= c.least_pension) most = std::max(most, c.most_assets[2][size]);
    return f.assets_score < most;
}

}  // namespace

std::string vector_unit() {
    const std::int64_t usable = hwy::SupportedTargets() & HWY_TARGETS;  // a smaller bit is a better unit
    return hwy::TargetName(usable & -usable);
}

void limit_vector_unit(const std::string& name) {
    const std::int64_t worst = name == "avx2" ? HWY_AVX2 : name == "sse4" ? HWY_SSE4 : name == "baseline" ? HWY_STATIC_TARGET : 0;
    if (worst == 0) throw InputError("DOUDI_VECTOR", both("\"{}\" is not avx2, sse4 or baseline", "\"{}\" 应为 avx2、sse4 或 baseline", name));
    hwy::DisableTargets(worst - 1);
}

Sieve::Sieve(std::span<const World> worlds, const Bounds& bounds) : worlds_(worlds), bounds_(bounds), columns_(worlds, bounds) {
    const std::size_t blocks = (worlds.size() + block - 1) / block;
    for (std::size_t b = 0; b < blocks; ++b) gaps_.emplace_back(worlds.subspan(b * block, std::min<std::size_t>(block, worlds.size() - b * block)));
    for (const World& w : worlds) luck_.push_back(w.replicate);
    luck_.resize(blocks * block, 0);
}

Sieve::Gaps::Gaps(std::span<const World> worlds) {
    for (const World& w : worlds) {
        const auto at = static_cast<std::size_t>(std::find(blocks_.begin(), blocks_.end(), w.replicate / gaps_a_block) - blocks_.begin());
        if (at == blocks_.size()) blocks_.push_back(w.replicate / gaps_a_block);
        in_order_ = in_order_ && gaps_a_block * at + w.replicate % gaps_a_block == place_.size();
        place_.push_back(static_cast<std::uint16_t>(gaps_a_block * at + w.replicate % gaps_a_block));
    }
    blocks_.resize(whole_calls(blocks_.size()), 0);
    place_.resize(block, 0);
    for (const Stream s : streams) purpose_[at(s)].assign(blocks_.size(), counter0(gap_of(s), 0));
}

void Sieve::Gaps::draw(Stream stream, const Family& f, std::uint64_t seed, std::array<std::uint8_t, block>& gaps) const {
    alignas(64) std::array<std::uint32_t, 4 * block> words;
    philox_many(purpose_[at(stream)].data(), blocks_.data(), blocks_.size(), f.id, seed, words.data());
    if (in_order_ && std::endian::native == std::endian::little) std::memcpy(gaps.data(), words.data(), block);
    else
        for (std::size_t r = 0; r < block; ++r) gaps[r] = static_cast<std::uint8_t>(words[place_[r] / 4] >> 8 * (place_[r] % 4));
}

void Sieve::operator()(const Kin& kin, int first, Kept& kept) const {
    const Family& f = kin.family;
    const auto from = static_cast<std::size_t>(first);
    const std::uint64_t seed = worlds_.front().seed;
    const Gaps& gaps = gaps_[from / block];
    const auto some = [](const Kept::Bits& bits) { return (bits[0] | bits[1] | bits[2] | bits[3]) != 0; };
    static_assert(block / 64 == 4);
    kept.exact = f.size <= 8;
    const Could could{.be_disabled = f.any_disability < columns_.most_disabled, .be_tekun = f.any_tekun < columns_.most_tekun, .pass = could_pass(columns_, f)};
    Kept::Bits exist;  // past the last replicate there is none
    for (std::size_t chunk = 0; chunk < exist.size(); ++chunk) {
        const std::size_t here = from + 64 * chunk, left = worlds_.size() - std::min(here, worlds_.size());
        exist[chunk] = left >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
        Marks m;
        if (!could.none() && exist[chunk] != 0) m = HWY_DYNAMIC_DISPATCH(marks)(columns_, kin, could, here);
        kept.assets_ok[chunk] = m.assets_ok & exist[chunk];
        kept.disabled[chunk] = m.disabled & exist[chunk];
        kept.tekun[chunk] = m.tekun & exist[chunk];
        kept.comes[chunk] = m.comes & exist[chunk];
        kept.bits[chunk] = (m.comes | m.nursing) & exist[chunk];
    }
    const auto look = [&](Stream stream, const Kept::Bits& asked, const auto& could_come) {
        Kept::Bits& could = kept.could[at(stream)];
        could = {};
        if (!some(asked)) return;
        gaps.draw(stream, f, seed, kept.gap[at(stream)]);
        for (std::size_t chunk = 0; chunk < asked.size(); ++chunk)
            if (asked[chunk] != 0) could[chunk] = asked[chunk] & could_come(from + 64 * chunk, kept.gap[at(stream)].data() + 64 * chunk);
    };
    const auto simple = [&](Stream stream) { return [&, stream](std::size_t here, const std::uint8_t* g) { return HWY_DYNAMIC_DISPATCH(could_come)(columns_.hazard[at(stream)], f, here, g); }; };
    look(Stream::common, exist, simple(Stream::common));
    look(Stream::tested, kept.comes, [&](std::size_t here, const std::uint8_t* g) { return HWY_DYNAMIC_DISPATCH(tested)(columns_, kin, here, g); });
    Kept::Bits mourned{};
    for (std::size_t chunk = 0; chunk < exist.size() && f.elderly > 0; ++chunk) mourned[chunk] = kept.bits[chunk] | kept.could[at(Stream::common)][chunk];
    look(Stream::deaths, mourned, simple(Stream::deaths));
    const Kept::Bits befalls = kept.befalls();
    for (std::size_t chunk = 0; chunk < exist.size(); ++chunk) {
        kept.bits[chunk] |= befalls[chunk];
        if (kept.comes[chunk] != 0)
            kept.bits[chunk] &= ~far(kin, from + 64 * chunk, kept.comes[chunk] & ~(kept.tekun[chunk] | kept.disabled[chunk] | befalls[chunk]));
    }
}

/// Those of the replicates `quiet` from `at` on, in which nothing befalls the family, where it is certainly out of reach.
std::uint64_t Sieve::far(const Kin& kin, std::size_t at, std::uint64_t quiet) const {
    const Family& f = kin.family;
    if (f.size > 4 || bounds_.incomes_move) return 0;  // the words of four members come in one block
    static constexpr auto spells = [] {
        std::array<std::uint32_t, 16> c0;
        c0.fill(counter0(Purpose::initial_job, 0));
        return c0;
    }();
    std::uint64_t far = 0;
    for (std::size_t part = 0; part < 4; ++part) {
        const std::size_t from = at + 16 * part;
        const auto off = [&](const std::uint32_t* words) {
            return HWY_DYNAMIC_DISPATCH(far_off)(columns_, kin, bounds_.months, bounds_.reach, bounds_.mean_income, from, words) << (16 * part);
        };
        std::uint64_t mine = quiet & (0xFFFFull << (16 * part));
        if (mine != 0) mine &= off(nullptr);
        if (mine == 0) continue;
        alignas(64) std::array<std::uint32_t, 4 * 16> words;
        philox_many(spells.data(), luck_.data() + from, 16, f.id, worlds_.front().seed, words.data());
        far |= mine & off(words.data());
    }
    return far;
}

}  // namespace doudi
#endif
