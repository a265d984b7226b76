#include "population/family.hpp"

#include "random/math.hpp"
#include "random/math_many.hpp"
#include "random/permute.hpp"
#include "random/philox_many.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace doudi {
namespace {

/// Relative prevalence of disability and of serious illness by age; the population mean is near 1.
/// Assumption: shape of the 2006 national survey (more than half of disabled persons were 60 or older).
constexpr float relative_disability(int age) {
    return age < 15 ? 0.3f : age < 45 ? 0.5f : age < 60 ? 1.0f : age < 80 ? 1.9f : 3.0f;
}
constexpr float relative_illness(int age) {
    return age < 15 ? 0.2f : age < 45 ? 0.5f : age < 60 ? 1.1f : age < 80 ? 2.0f : 2.5f;
}

/// Relative chance to work at an age, so that the share over 16-64 is the assumption's.
constexpr float relative_work(int age, bool female) {
    if (age < 16 || age >= 65) return 0;
    const float by_age = age < 20 ? 0.25f : age < 25 ? 0.85f : age < 50 ? 1.2f : age < 60 ? 0.95f : 0.6f;
    return by_age * (female ? 0.9f : 1.1f);
}

/// The same as a table, for ages come in no order that could be foreseen.
struct Relative {
    float disability, illness;
    std::array<float, 2> work;  ///< men, women
};
constexpr auto relative = [] {
    std::array<Relative, 100> at{};
    int age = 0;
    for (Relative& r : at) {
        r = {relative_disability(age), relative_illness(age), {relative_work(age, false), relative_work(age, true)}};
        ++age;
    }
    return at;
}();

/// Relative sizes of incomes in yuan a month; `scale_income` moves all of them to the published income a head.
/// Assumptions, chosen with the family's factor so that income a head has the published quintiles (decision 6).
constexpr double wage_yuan(Residence r) { return r == Residence::urban ? 3800.0 : 1900.0; }
constexpr double wage_log_sd(Residence r) { return r == Residence::urban ? 0.3 : 0.4; }
constexpr double pension_yuan(Residence r) { return r == Residence::urban ? 2800.0 : 1500.0; }
constexpr double farm_yuan = 3000.0;
constexpr double support_yuan(Residence r) { return r == Residence::urban ? 1000.0 : 800.0; }
constexpr double basic_pension_yuan = 150.0;  ///< of residents, for each member of 60 or more; part of support
constexpr double counted_support_share = 0.2; ///< of support and basic pension: what the office counts as income
constexpr double alike_share = 0.8;           ///< families in which work is shared out: one without it has another with it
constexpr double assets_follow_income = 0.75; ///< correlation of the scores of assets and of income

/// Distribution function of the standard normal, straight between points a 64th apart: for scores, not for tails.
double rank_of(double z) {
    constexpr int reach = 5, per_unit = 64;
    static const auto table = [] {
        std::array<double, 2 * reach * per_unit + 1> t{};
        for (std::size_t k = 0; k < t.size(); ++k) {
            const double at = static_cast<double>(k) / per_unit - reach;
            double low = 1e-12, high = 1;
            for (int step = 0; step < 50; ++step) (inverse_normal(0.5 * (low + high)) < at ? low : high) = 0.5 * (low + high);
            t[k] = 0.5 * (low + high);
        }
        return t;
    }();
    const double x = (std::clamp(z, -4.99, 4.99) + reach) * per_unit;
    const auto k = static_cast<std::size_t>(x);
    return table[k] + (x - static_cast<double>(k)) * (table[k + 1] - table[k]);
}

/// All draws of a family and its members, made at once: three blocks of the household, three of each member.
class FamilyDraws {
public:
    FamilyDraws(std::uint64_t seed, std::uint64_t family, int members) {
        philox_many(addresses.data(), none.data(), whole_calls(3 + 3 * static_cast<std::size_t>(members)), family, seed, words_.data());
    }
    Words household(std::size_t block) const { return at(block); }
    Words person(std::size_t member, std::size_t block) const { return at(3 + 3 * member + block); }

private:
    static constexpr std::size_t most = whole_calls(3 + 3 * static_cast<std::size_t>(FamilyKind::largest));
    static constexpr auto addresses = [] {
        std::array<std::uint32_t, most> c0{};
        for (std::uint32_t k = 0; k < most; ++k) c0[k] = k < 3 ? counter0(Purpose::household, k) : counter0(Purpose::person, k - 3);
        return c0;
    }();
    static constexpr std::array<std::uint32_t, most> none{};

    Words at(std::size_t k) const { return {words_[4 * k], words_[4 * k + 1], words_[4 * k + 2], words_[4 * k + 3]}; }
    std::array<std::uint32_t, 4 * most> words_;
};

/// Makes the units of one block, one by one. Wages and pensions are lognormal: their logs are drawn with the person, and the exponentials
/// taken of all of them together.
class Generator {
public:
    Generator(std::uint64_t seed, int county, Residence residence, const CellMargins& m, const Layout& layout)
        : seed_(seed), county_(county), residence_(residence), margins_(m), layout_(layout),
          draws_(seed, Purpose::permutation, 0, family_id(county, residence, 0)),
          kind_(draws_, 0, static_cast<std::uint64_t>(std::max<std::int64_t>(layout.families, 1))),
          sixties_(draws_, 1, static_cast<std::uint64_t>(std::max<std::int64_t>(layout.adults, 1))),
          eighties_(draws_, 2, static_cast<std::uint64_t>(std::max<std::int64_t>(layout.aged, 1))) {}

    void reserve(std::size_t families) {
        cell_.families.reserve(families + 16);
        cell_.people.reserve(families * 26 / 10 + 64);
        amounts_.reserve(families * 26 / 10 + 64);
        logs_.reserve(families * 26 / 10 + 64);
    }

    void family(std::uint64_t index) {
        const auto rank = static_cast<std::int64_t>(kind_(index));
        const auto type =
            std::upper_bound(layout_.types.begin(), layout_.types.end(), rank,
                             [](std::int64_t value, const FamilyType& t) { return value < t.first + t.count; });
        const std::int64_t place = rank - type->first;
        const FamilyDraws luck(seed_, family_id(county_, residence_, index), type->size);
        Family& f = start(index, luck);
        const int adults = type->size - type->aged - type->children;
        for (int k = 0; k < type->aged; ++k) {
            const auto slot = static_cast<std::uint64_t>(type->first_aged + place * type->aged + k);
            const bool old = eighties_(slot) < static_cast<std::uint64_t>(margins_.aged_80);
            add(f, luck, old ? 80 : 65, old ? 95 : 80);
        }
        for (int k = 0; k < adults; ++k) {
            const auto slot = static_cast<std::uint64_t>(type->first_adult + place * adults + k);
            const bool sixty = sixties_(slot) < static_cast<std::uint64_t>(margins_.aged_60_64);
            add(f, luck, sixty ? 60 : type->children > 0 ? 22 : type->size == 1 ? 20 : 15, sixty ? 65 : type->children > 0 ? 55 : 60);
        }
        for (int k = 0; k < type->children; ++k) add(f, luck, 0, 15);
    }

    /// The block; nothing is added after it.
    Cell done() {
        logs_.resize(whole_fours(logs_.size()), 0.0);
        exp_many(logs_.data(), logs_.size(), logs_.data());
        for (std::size_t k = 0; k < amounts_.size(); ++k) cell_.people[amounts_[k].person].*amounts_[k].what = static_cast<std::int32_t>(amounts_[k].fen * logs_[k]);
        return std::move(cell_);
    }

    /// The index of the family in a place of the layout's order.
    std::uint64_t index_at(std::int64_t place) const { return kind_.inverse(static_cast<std::uint64_t>(place)); }

    void collective(std::uint64_t index, std::int64_t k) {
        const FamilyDraws luck(seed_, family_id(county_, residence_, index), 1);
        Family& f = start(index, luck);
        f.collective = true;
        if (k < margins_.collective_80) add(f, luck, 80, 95);
        else if (k < margins_.collective_65) add(f, luck, 65, 80);
        else add(f, luck, 16, 60);
    }

private:
    Family& start(std::uint64_t index, const FamilyDraws& luck) {
        Family& f = cell_.families.emplace_back();
        f.id = family_id(county_, residence_, index);
        f.first = static_cast<std::uint32_t>(cell_.people.size());
        const Words a = luck.household(0), b = luck.household(1);
        const double income = inverse_normal(unit(a[0]));
        f.income_score = static_cast<float>(income);
        f.assets_score = static_cast<float>(rank_of(assets_follow_income * income +
                                                    std::sqrt(1 - assets_follow_income * assets_follow_income) * inverse_normal(unit(a[1]))));
        f.support_score = static_cast<float>(unit(a[2]));
        f.take_up_score = static_cast<float>(unit(a[3]));
        f.living_score = static_cast<float>(unit(b[0]));
        f.nursing_score = static_cast<float>(unit(b[1]));
        f.review_phase = static_cast<std::uint16_t>(b[2]);
        give(f, support_yuan(residence_) * (0.2 + 1.6 * unit(b[3])));
        if (residence_ == Residence::rural) {
            const Words c = luck.household(2);
            f.farm_score = static_cast<float>(unit(c[0]));
            f.farm = static_cast<std::int32_t>(farm_yuan * 100.0 * (0.2 + 1.6 * unit(c[1])));
        }
        return f;
    }

    static void give(Family& f, double yuan) {
        f.support += static_cast<std::int32_t>(100.0 * counted_support_share * yuan);
        f.uncounted += static_cast<std::int32_t>(100.0 * (1 - counted_support_share) * yuan);
    }

    /// Uniform that decides who of the family works: most families share one, shifted by a half, a quarter, three quarters
    /// for the second to fourth member of working age, so that two adults without work are rarer than by chance.
    static double work_uniform(const Family& f, const FamilyDraws& luck, double own) {
        const Words w = luck.household(2);
        if (unit(w[2]) >= alike_share) return own;
        constexpr double shift[8] = {0, 0.5, 0.25, 0.75, 0.125, 0.625, 0.375, 0.875};
        const double u = unit(w[3]) + shift[f.workers % 8];
        return u < 1 ? u : u - 1;
    }

    /// Adds a member whose age is uniform over [from, to) years.
    void add(Family& f, const FamilyDraws& luck, int from, int to) {
        const Words a = luck.person(f.size, 0), b = luck.person(f.size, 1), c = luck.person(f.size, 2);
        Person& p = cell_.people.emplace_back();  // made where it stands: a copy would wait for its stores
        p.age_months = static_cast<std::int16_t>(12 * from + static_cast<int>(unit(a[0]) * 12.0 * (to - from)));
        const int age = p.age_months / 12;
        p.female = (c[3] & 1u) != 0;
        const Relative& of_age = relative[static_cast<std::size_t>(age)];
        p.disability_score = static_cast<float>(unit(a[1])) / of_age.disability;
        p.illness_score = static_cast<float>(unit(a[2])) / of_age.illness;
        const float work = of_age.work[p.female];
        p.work_score = work > 0 ? static_cast<float>(work_uniform(f, luck, unit(a[3]))) / work : 2.0f;
        // Women retire from employment at 50 or 55.
        const bool retired = age >= 60 || (residence_ == Residence::urban && p.female && age >= 50);
        p.pension_score = retired ? static_cast<float>(unit(b[0])) : 2.0f;
        p.tekun_score = age >= 60 && f.size == 0 ? static_cast<float>(unit(b[1])) : 2.0f;
        p.grade_score = static_cast<float>(unit(b[2]));
        p.care_score = static_cast<float>(unit(b[3]));
        p.school_score = static_cast<float>(unit(c[0]));
        p.type_score = static_cast<std::uint8_t>(c[3] >> 24);
        const double log_sd = wage_log_sd(residence_);
        if (work > 0) later(&Person::earnings, 100.0 * wage_yuan(residence_), log_sd * inverse_normal(unit(c[1])) - 0.5 * log_sd * log_sd);
        if (retired) later(&Person::pension, 100.0 * pension_yuan(residence_), 0.35 * inverse_normal(unit(c[2])) - 0.061);
        f.any_disability = std::min(f.any_disability, p.disability_score);
        f.any_illness = std::min(f.any_illness, p.illness_score);
        f.any_work = std::min(f.any_work, p.work_score);
        f.any_pension = std::min(f.any_pension, p.pension_score);
        f.any_tekun = std::min(f.any_tekun, p.tekun_score);
        if (work > 0) ++f.workers;
        if (age >= 60) {
            f.elderly += 1;
            give(f, basic_pension_yuan);
        } else f.illness_weight += 1;
        ++f.size;
    }

    /// An amount of the last person: so many fen times e to the power of `log`.
    void later(std::int32_t Person::*what, double fen, double log) {
        amounts_.push_back({what, static_cast<std::uint32_t>(cell_.people.size() - 1), fen});
        logs_.push_back(log);
    }

    struct Amount {
        std::int32_t Person::*what;
        std::uint32_t person;
        double fen;
    };

    std::uint64_t seed_;
    int county_;
    Residence residence_;
    const CellMargins& margins_;
    const Layout& layout_;
    Draws draws_;
    Permutation kind_, sixties_, eighties_;
    Cell cell_;
    std::vector<Amount> amounts_;
    std::vector<double> logs_;
};

}  // namespace

std::int64_t unit_count(const CellMargins& m, const Layout& layout) {
    return layout.families + m.collective_65 + m.collective_15_59;
}

Cell generate_block(std::uint64_t seed, const County& county, Residence residence, const CellMargins& m,
                    const Layout& layout, std::int64_t first, std::int64_t last, const Sample& sample) {
    Generator generator(seed, county.code, residence, m, layout);
    const double share = std::min(sample.share, 1.0);
    generator.reserve(static_cast<std::size_t>(share * static_cast<double>(last - first) / sample.groups));
    const double start = unit(Draws(seed, Purpose::permutation, 1, family_id(county.code, residence, 0)).bits(0));
    const auto reached = [&](std::int64_t place) { return static_cast<std::int64_t>(share * static_cast<double>(place) + start); };
    for (std::int64_t i = first; i < last; ++i) {
        if (!sample.whole() && (reached(i + 1) == reached(i) || reached(i) % sample.groups != sample.group)) continue;
        if (i < layout.families) generator.family(sample.whole() ? static_cast<std::uint64_t>(i) : generator.index_at(i));
        else generator.collective(static_cast<std::uint64_t>(i), i - layout.families);
    }
    return generator.done();
}

}  // namespace doudi
