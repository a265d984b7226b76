#include "simulate/shared.hpp"

#include "random/beta.hpp"
#include "random/math.hpp"
#include "random/permute.hpp"
#include "random/philox.hpp"

#include <algorithm>
#include <cmath>

namespace doudi {
namespace {

/// Gamma(shape, 1) by Marsaglia and Tsang (2000) on the words of `luck` from `draw` on; shape >= 1/3 or so.
double gamma_draw(const Draws& luck, std::uint32_t draw, double shape) {
    if (shape < 1) {
        const double u = unit(luck.block(draw)[3]);
        return gamma_draw(luck, draw + 1, shape + 1) * portable_exp(portable_log(u) / shape);
    }
    const double d = shape - 1.0 / 3.0, c = 1.0 / std::sqrt(9.0 * d);
    for (;; ++draw) {
        const Words w = luck.block(draw);
        const double x = inverse_normal(unit(w[0]));
        const double v = (1 + c * x) * (1 + c * x) * (1 + c * x);
        if (v > 0 && portable_log(unit(w[1])) < 0.5 * x * x + d - d * v + d * portable_log(v)) return d * v;
    }
}

/// `stratified`: u alone decides, by the quantile function.
double prior_draw(const Prior& p, const Draws& luck, double u, bool stratified) {
    switch (p.kind) {
        case Prior::Kind::fixed: return p.mean;
        case Prior::Kind::normal: return p.mean + p.sd * inverse_normal(u);
        case Prior::Kind::uniform: return p.low + (p.high - p.low) * u;
        case Prior::Kind::lognormal: {
            const double s2 = portable_log(1 + p.sd * p.sd / (p.mean * p.mean));
            return p.mean * portable_exp(std::sqrt(s2) * inverse_normal(u) - 0.5 * s2);
        }
        case Prior::Kind::beta: {
            const double n = p.mean * (1 - p.mean) / (p.sd * p.sd) - 1;
            if (stratified) return beta_quantile(u, p.mean * n, (1 - p.mean) * n);
            const double a = gamma_draw(luck, 1, p.mean * n), b = gamma_draw(luck, 1u << 20, (1 - p.mean) * n);
            return a / (a + b);
        }
    }
    return p.mean;
}

/// Three standard-normal AR(1) series (province, prefecture, county) added with weights that give any two counties
/// the assumed correlation, and two of one prefecture half the way from it to one.
class Factors {
public:
    Factors(const Plan& plan, std::uint32_t replicate, double persistence, double correlation)
        : plan_(plan), replicate_(replicate), phi_(persistence), correlation_(correlation) {}

    /// Independent from year to year; nothing in the first.
    std::vector<double> growth(int county_code, int years) const {
        std::vector<double> total(static_cast<std::size_t>(years), 0.0);
        const auto add = [&](std::uint64_t subject, double variance) {
            const Draws luck(plan_.seed, Purpose::income_growth, replicate_, subject);
            for (std::uint32_t year = 1; year < total.size(); ++year) total[year] += std::sqrt(variance) * inverse_normal(unit(luck.bits(year)));
        };
        add(1, correlation_);
        add(static_cast<std::uint64_t>(county_code / 100), (1 - correlation_) / 2);
        add(static_cast<std::uint64_t>(county_code), (1 - correlation_) / 2);
        for (double& z : total) z = std::clamp(z, -3.0, 3.0);
        return total;
    }

    std::array<std::vector<double>, 4> series(int county_code, int months) const {
        std::array<std::vector<double>, 4> total;
        for (auto& one : total) one.assign(static_cast<std::size_t>(months), 0.0);
        add(total, 1, correlation_);
        add(total, static_cast<std::uint64_t>(county_code / 100), (1 - correlation_) / 2);
        add(total, static_cast<std::uint64_t>(county_code), (1 - correlation_) / 2);
        for (auto& one : total)
            for (double& z : one) z = std::clamp(z, -3.0, 3.0);
        return total;
    }

private:
    /// One block of draws a month serves all four series.
    void add(std::array<std::vector<double>, 4>& total, std::uint64_t subject, double variance) const {
        const Draws luck(plan_.seed, Purpose::systemic, replicate_, subject);
        const double weight = std::sqrt(variance), fresh = std::sqrt(1 - phi_ * phi_);
        std::array<double, 4> z{};
        for (std::size_t month = 0; month < total[0].size(); ++month) {
            const Words words = luck.block(static_cast<std::uint32_t>(month));
            for (std::size_t factor = 0; factor < 4; ++factor) {
                const double e = inverse_normal(unit(words[factor]));
                z[factor] = month == 0 ? e : phi_ * z[factor] + fresh * e;
                total[factor][month] += weight * z[factor];
            }
        }
    }

    const Plan& plan_;
    std::uint32_t replicate_;
    double phi_, correlation_;
};

/// The run in spans of at most 12 months, whole to the end of the last year: a horizon of fewer months is a part of it.
World::Eras eras_of(const Plan& plan) {
    World::Eras eras;
    for (int from = 0, to = plan.burn_in % 12 == 0 ? 12 : plan.burn_in % 12; from < plan.burn_in + plan.months; from = to, to += 12)
        eras.add({from, to});
    return eras;
}

/// The uniform that decides an assumption in a replicate.
double uniform_of(const Plan& plan, std::uint32_t replicate, std::size_t place) {
    const double u = unit(Draws(plan.seed, Purpose::parameter, replicate, place).bits(0));
    if (!plan.stratified_parameters) return u;
    const auto parts = static_cast<std::uint64_t>(plan.replicates);
    const Permutation order(Draws(plan.seed, Purpose::parameter_stratum, 0, place), 0, parts);
    return (static_cast<double>(order(replicate % parts)) + u) / static_cast<double>(parts);
}

}  // namespace

std::array<double, assumption_count> draw_parameters(const Plan& plan, std::uint32_t replicate) {
    std::array<std::uint32_t, assumption_count> all;
    all.fill(replicate);
    return draw_parameters(plan, all);
}

std::array<double, assumption_count> draw_parameters(const Plan& plan, const std::array<std::uint32_t, assumption_count>& replicate_of) {
    std::array<double, assumption_count> values{};
    for (std::size_t i = 0; i < assumption_count; ++i) {
        const Draws luck(plan.seed, Purpose::parameter, replicate_of[i], i);
        values[i] = std::clamp(prior_draw(plan.assumptions[i], luck, uniform_of(plan, replicate_of[i], i), plan.stratified_parameters), assumption_table[i].low, assumption_table[i].high);
    }
    std::vector<double> z;
    for (const JointBelief::Row& row : plan.joint.rows) {
        z.push_back(inverse_normal(uniform_of(plan, replicate_of[row.place], row.place)));
        double x = row.mean;
        for (std::size_t j = 0; j < z.size(); ++j) x += row.factor[j] * z[j];  // always in this order
        if (row.scale == JointBelief::Scale::log) x = portable_exp(x);
        if (row.scale == JointBelief::Scale::logit) x = row.low + (row.high - row.low) / (1 + portable_exp(-x));
        if (row.drawn) values[row.place] = std::clamp(x, assumption_table[row.place].low, assumption_table[row.place].high);
    }
    return values;
}

CountyFactors county_factors(const Plan& plan, const County& county, std::uint32_t replicate,
                             const std::array<double, assumption_count>& parameter) {
    const auto p = [&](Assumption a) { return parameter[static_cast<std::size_t>(a)]; };
    const int months = eras_of(plan).back().to;
    const Factors factors(plan, replicate, p(Assumption::systemic_phi), p(Assumption::systemic_corr));
    CountyFactors result;
    result.z = factors.series(county.code, months);
    result.growth_z = factors.growth(county.code, (plan.months + 11) / 12);
    const Draws luck(plan.seed, Purpose::county_income, replicate, static_cast<std::uint64_t>(county.code));
    result.income_z = inverse_normal(unit(luck.bits(0)));
    return result;
}

World make_world(const Plan& plan, const County& county, Residence residence, std::uint32_t luck, std::uint32_t systemic,
                 const std::array<double, assumption_count>& parameter, const CountyFactors& factors, IncomeCurves& curves) {
    World w;
    w.seed = plan.seed;
    w.replicate = luck;
    w.residence = residence;
    w.set(parameter);
    const double county_sd = w[Assumption::income_county_sd];
    w.income_factor = w[Assumption::income_level] * portable_exp(county_sd * factors.income_z - 0.5 * county_sd * county_sd);
    w.income_curve = curves(w.by_residence(Assumption::income_a_urban, Assumption::income_a_rural),
                            w.by_residence(Assumption::income_p_urban, Assumption::income_p_rural));
    const double growth_sd = w[Assumption::growth_sd];
    w.permanent_sd = w[Assumption::permanent_sd];
    if (w[Assumption::growth] != 0 || growth_sd > 0 || w.permanent_sd > 0)
        for (std::size_t year = 1; year < factors.growth_z.size(); ++year)
            w.growth.push_back(w.growth.back() * (1 + w[Assumption::growth]) * portable_exp(growth_sd * factors.growth_z[year] - 0.5 * growth_sd * growth_sd));
    if (w.growth.size() > 1) w.second_year = plan.burn_in + 12;
    const auto multipliers = [](const std::vector<double>& z, double sd) {
        std::vector<double> m;
        for (const double value : z) m.push_back(portable_exp(sd * value - 0.5 * sd * sd));
        return m;
    };
    w.labour = multipliers(factors.z[0], w[Assumption::labour_sd]);
    w.sickness = multipliers(factors.z[1], w[Assumption::illness_sd]);
    const auto danger = multipliers(factors.z[2], w[Assumption::disaster_sd]);
    w.prices = multipliers(factors.z[3], w[Assumption::prices_sd]);
    w.eras = eras_of(plan);
    for (World::Era& era : w.eras) {
        era.labour_max = *std::max_element(w.labour.begin() + era.from, w.labour.begin() + era.to);
        era.sickness_max = *std::max_element(w.sickness.begin() + era.from, w.sickness.begin() + era.to);
    }
    w.prices_max = *std::max_element(w.prices.begin(), w.prices.end());
    const Draws strikes(plan.seed, Purpose::disaster, systemic, static_cast<std::uint64_t>(county.code));
    for (int month = 0; month < plan.burn_in + plan.months; ++month) {
        const int of_year = (plan.start + (month - plan.burn_in)).month();
        const double season = of_year == 7 || of_year == 8 ? 3.0 : 0.6;  // July and August floods; mean over the year 1
        if (unit(strikes.bits(static_cast<std::uint32_t>(month))) <
            w[Assumption::disaster_month] * season * danger[static_cast<std::size_t>(month)])
            w.disasters.push_back(month);
    }
    return w;
}

SharedDraws shared_draws(const Plan& plan) {
    SharedDraws shared;
    shared.factor_labels = {"labour", "illness", "disaster", "prices", "county_income"};
    const auto counties = plan.counties.size(), months = static_cast<std::size_t>(plan.months);
    if (plan.months > 12) shared.factor_labels.emplace_back("income_growth");
    const std::size_t series = shared.factor_labels.size();
    shared.systemic.reserve(static_cast<std::size_t>(plan.replicates) * series * counties * months);
    for (int r = 0; r < plan.replicates; ++r) {
        shared.systemic_of.push_back(static_cast<std::uint32_t>(r));
        shared.luck_of.push_back(static_cast<std::uint32_t>(r));
        shared.population_of.push_back(static_cast<std::uint32_t>(r % plan.population_draws));
        const auto parameter = draw_parameters(plan, static_cast<std::uint32_t>(r));
        shared.parameter.insert(shared.parameter.end(), parameter.begin(), parameter.end());
        std::vector<CountyFactors> all;
        for (const County& county : plan.counties) all.push_back(county_factors(plan, county, static_cast<std::uint32_t>(r), parameter));
        for (std::size_t factor = 0; factor < series; ++factor)
            for (const CountyFactors& f : all)
                for (std::size_t m = 0; m < months; ++m)
                    shared.systemic.push_back(factor < 4 ? f.z[factor][m + static_cast<std::size_t>(plan.burn_in)] : factor == 4 ? f.income_z : f.growth_z[m / 12]);
    }
    return shared;
}

}  // namespace doudi
