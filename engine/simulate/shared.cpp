#include "simulate/shared.hpp"

#include "random/beta.hpp"
#include "random/math.hpp"
#include "random/permute.hpp"
#include "random/philox.hpp"
#include "simulate/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

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
/// the assumed correlation, and two of one prefecture half the way from it to one. The counties of a prefecture share the
/// sum of the first two.
class Factors {
public:
    Factors(const Plan& plan, std::uint32_t replicate, int months, double persistence, double correlation)
        : plan_(plan), replicate_(replicate), months_(static_cast<std::size_t>(months)), years_(static_cast<std::size_t>(plan.months + 11) / 12), phi_(persistence), correlation_(correlation) {}

    CountyFactors of(const County& county) {
        const int prefecture = county.code / 100;
        auto found = shared_.find(prefecture);
        if (found == shared_.end()) {
            CountyFactors none;
            for (auto& one : none.z) one.assign(months_, 0.0);
            none.growth_z.assign(years_, 0.0);
            add(none, 1, correlation_);
            add(none, static_cast<std::uint64_t>(prefecture), (1 - correlation_) / 2);
            found = shared_.emplace(prefecture, std::move(none)).first;
        }
        CountyFactors result = found->second;
        add(result, static_cast<std::uint64_t>(county.code), (1 - correlation_) / 2);
        for (auto& one : result.z)
            for (double& z : one) z = std::clamp(z, -3.0, 3.0);
        for (double& z : result.growth_z) z = std::clamp(z, -3.0, 3.0);
        result.income_z = inverse_normal(unit(Draws(plan_.seed, Purpose::county_income, replicate_, static_cast<std::uint64_t>(county.code)).bits(0)));
        return result;
    }

private:
    /// One block of draws a month serves all four series. Growth is independent from year to year, and nothing in the first.
    void add(CountyFactors& total, std::uint64_t subject, double variance) const {
        const Draws luck(plan_.seed, Purpose::systemic, replicate_, subject), years(plan_.seed, Purpose::income_growth, replicate_, subject);
        const double weight = std::sqrt(variance), fresh = std::sqrt(1 - phi_ * phi_);
        std::array<double, 4> z{};
        for (std::size_t month = 0; month < months_; ++month) {
            const Words words = luck.block(static_cast<std::uint32_t>(month));
            for (std::size_t factor = 0; factor < 4; ++factor) {
                const double e = inverse_normal(unit(words[factor]));
                z[factor] = month == 0 ? e : phi_ * z[factor] + fresh * e;
                total.z[factor][month] += weight * z[factor];
            }
        }
        for (std::uint32_t year = 1; year < years_; ++year) total.growth_z[year] += weight * inverse_normal(unit(years.bits(year)));
    }

    const Plan& plan_;
    std::uint32_t replicate_;
    std::size_t months_, years_;
    double phi_, correlation_;
    std::map<int, CountyFactors> shared_;  ///< by prefecture, without the county's own
};

/// The months of the run to the end of its last year: a horizon of fewer months is a part of it.
int whole_years(const Plan& plan) { return plan.burn_in + (plan.months + 11) / 12 * 12; }

Factors factors_of(const Plan& plan, std::uint32_t replicate, const std::array<double, assumption_count>& parameter) {
    const auto p = [&](Assumption a) { return parameter[static_cast<std::size_t>(a)]; };
    return {plan, replicate, whole_years(plan), p(Assumption::systemic_phi), p(Assumption::systemic_corr)};
}

/// Of each county, of all in the plan.
std::vector<double> shares_of_households(const Plan& plan) {
    std::vector<double> shares;
    double all = 0;
    for (const County& c : plan.counties) all += static_cast<double>(c.households);
    for (const County& c : plan.counties) shares.push_back(all > 0 ? static_cast<double>(c.households) / all : 1 / static_cast<double>(plan.counties.size()));
    return shares;
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
    std::array<bool, assumption_count> jointly{};
    for (const JointBelief::Row& row : plan.joint.rows) jointly[row.place] = row.drawn;
    for (std::size_t i = 0; i < assumption_count; ++i) {
        if (jointly[i]) continue;
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
    return factors_of(plan, replicate, parameter).of(county);
}

void live_in(World& world, Residence residence, IncomeCurves& curves) {
    world.residence = residence;
    world.income_curve = curves(world.by_residence(Assumption::income_a_urban, Assumption::income_a_rural),
                                world.by_residence(Assumption::income_p_urban, Assumption::income_p_rural));
}

World make_world(const Plan& plan, const County& county, Residence residence, std::uint32_t luck, std::uint32_t systemic,
                 const std::array<double, assumption_count>& parameter, const CountyFactors& factors, IncomeCurves& curves) {
    World w;
    w.seed = plan.seed;
    w.replicate = luck;
    w.set(parameter);
    live_in(w, residence, curves);
    const double county_sd = w[Assumption::income_county_sd];
    w.income_factor = w[Assumption::income_level] * portable_exp(county_sd * factors.income_z - 0.5 * county_sd * county_sd);
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
    const auto labour = multipliers(factors.z[0], w[Assumption::labour_sd]);
    const auto sickness = multipliers(factors.z[1], w[Assumption::illness_sd]);
    const auto danger = multipliers(factors.z[2], w[Assumption::disaster_sd]);
    w.prices = multipliers(factors.z[3], w[Assumption::prices_sd]);
    w.prices_max = *std::max_element(w.prices.begin(), w.prices.end());
    const Draws strikes(plan.seed, Purpose::disaster, systemic, static_cast<std::uint64_t>(county.code));
    w.clock.resize(1);
    for (int month = 0; month < plan.burn_in + plan.months; ++month) {
        const auto m = static_cast<std::size_t>(month);
        const int of_year = (plan.start + (month - plan.burn_in)).month();
        const double season = of_year == 7 || of_year == 8 ? 3.0 : 0.6;  // July and August floods; mean over the year 1
        const bool struck = unit(strikes.bits(static_cast<std::uint32_t>(month))) < w[Assumption::disaster_month] * season * danger[m];
        const World::Tick& before = w.clock.back();
        w.clock.push_back({before.sickness + sickness[m], before.labour + labour[m], before.disasters + (struck ? 1 : 0)});
    }
    const double hit = w[Assumption::disaster_share];
    w.disaster_hazard = -portable_log(1 - hit);
    w.claimed_disaster_hazard = -portable_log(1 - hit * w[Assumption::temp_acute]);
    return w;
}

SharedDraws shared_draws(const Plan& plan, int threads) {
    SharedDraws shared;
    shared.factor_labels = {"labour", "illness", "disaster", "prices", "county_income"};
    const auto replicates = static_cast<std::size_t>(plan.replicates), counties = plan.counties.size(), months = static_cast<std::size_t>(plan.months);
    if (plan.months > 12) shared.factor_labels.emplace_back("income_growth");
    const std::size_t series = shared.factor_labels.size();
    const std::vector<double> share = shares_of_households(plan);
    shared.parameter.resize(replicates * assumption_count);
    shared.systemic.resize(replicates * series * counties * months);
    shared.systemic_mean.resize(replicates * series);
    shared.county_mean.resize(replicates * series * counties);
    for (std::uint32_t r = 0; r < replicates; ++r) {
        shared.systemic_of.push_back(r);
        shared.luck_of.push_back(r);
        shared.population_of.push_back(r % static_cast<std::uint32_t>(plan.population_draws));
    }
    parallel_for(plan.replicates, threads, [&](int r, int) {
        const auto at = static_cast<std::size_t>(r);
        const auto parameter = draw_parameters(plan, static_cast<std::uint32_t>(r));
        std::copy(parameter.begin(), parameter.end(), shared.parameter.begin() + static_cast<std::ptrdiff_t>(at * assumption_count));
        Factors factors = factors_of(plan, static_cast<std::uint32_t>(r), parameter);
        for (std::size_t c = 0; c < counties; ++c) {
            const CountyFactors f = factors.of(plan.counties[c]);
            for (std::size_t factor = 0; factor < series; ++factor)
                for (std::size_t m = 0; m < months; ++m)
                    shared.systemic[((at * series + factor) * counties + c) * months + m] =
                        factor < 4 ? f.z[factor][m + static_cast<std::size_t>(plan.burn_in)] : factor == 4 ? f.income_z : f.growth_z[m / 12];
        }
        const auto cells = static_cast<std::ptrdiff_t>(counties * months);
        for (std::size_t k = at * series; k < (at + 1) * series; ++k) {
            const auto first = shared.systemic.begin() + static_cast<std::ptrdiff_t>(k) * cells;
            double weighted = 0;
            for (std::size_t c = 0; c < counties; ++c) {
                const auto of_county = first + static_cast<std::ptrdiff_t>(c * months);
                shared.county_mean[k * counties + c] = std::accumulate(of_county, of_county + plan.months, 0.0) / static_cast<double>(months);
                weighted += share[c] * shared.county_mean[k * counties + c];
            }
            shared.systemic_mean[k] = weighted;
        }
    });
    return shared;
}

Drawn drawn_of(const SharedDraws& s) {
    const std::size_t replicates = s.parameter.size() / assumption_count;
    return {s.parameter,   s.systemic_mean, s.law.parameter,   s.law.systemic_mean, replicates, s.law.parameter.size() / assumption_count, std::size_t{Law::batches},
            s.county_mean, s.law.county_mean, s.county_mean.size() / s.systemic_mean.size()};
}

Law law_of(const Plan& plan, int threads) {
    Law law;
    if (plan.replicates < Law::least) return law;
    Plan part = plan;
    part.replicates = std::clamp(plan.replicates, 128, 1024);
    part.stratified_parameters = true;
    part.burn_in = 0;  // the factors are stationary: the months of the horizon have the same law without it
    for (std::uint32_t batch = 0; batch < Law::batches; ++batch) {
        const Words seed = Draws(plan.seed, Purpose::law, batch, 0).block(0);
        part.seed = std::uint64_t{seed[0]} << 32 | seed[1];
        const SharedDraws drawn = shared_draws(part, threads);
        law.parameter.insert(law.parameter.end(), drawn.parameter.begin(), drawn.parameter.end());
        law.systemic_mean.insert(law.systemic_mean.end(), drawn.systemic_mean.begin(), drawn.systemic_mean.end());
        for (std::size_t k = 0; k < drawn.county_mean.size(); k += part.counties.size()) law.county_mean.push_back(drawn.county_mean[k]);
    }
    return law;
}

}  // namespace doudi
