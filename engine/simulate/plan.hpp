#pragma once
#include "base/calendar.hpp"
#include "dynamics/assumptions.hpp"
#include "population/seed.hpp"
#include "population/county.hpp"
#include "results/published.hpp"
#include "dynamics/world.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace doudi {

/// What is believed about one unknown. Draws are cut to [low, high] of the assumption table.
struct Prior {
    enum class Kind { fixed, normal, lognormal, beta, uniform };
    Kind kind = Kind::fixed;
    double mean = 0, sd = 0;   ///< of the quantity itself, also for lognormal and beta
    double low = 0, high = 0;  ///< uniform only
    std::string why;           ///< the reason or the source, as in the scenario
    std::string evidence;      ///< "law", "published", "published elsewhere", "recalled, unverified", "assumption"
    std::vector<std::string> indicators;  ///< rows of data.indicators it rests on, key@year
    std::string why_zh;        ///< `why` in Chinese, if it was given
    bool recalled() const { return evidence.find("recalled, unverified") != std::string::npos; }
};

/// Several beliefs as one distribution, correlations included: what a calibration leaves. On its own scale each is
/// mean + factor * z, z independent and standard normal, drawn at the belief's own address.
struct JointBelief {
    enum class Scale { none, log, logit };  ///< logit between low and high
    struct Row {
        std::size_t place = 0;       ///< in the assumption table
        Scale scale = Scale::none;
        double low = 0, high = 1, mean = 0;
        std::vector<double> factor;  ///< of this and the rows before it: a lower triangle
        bool drawn = true;           ///< false: a scenario says something else of this belief
        bool operator==(const Row&) const = default;
    };
    std::vector<Row> rows;
    void drop(std::size_t place) {
        for (Row& row : rows)
            if (row.place == place) row.drawn = false;
    }
    bool operator==(const JointBelief&) const = default;
};

/// Who pays, in basis points of a programme's cost; the county takes what is left (assumption A-27: no shares in the
/// documents). By programme, then by module in the order of rules::module_table.
struct Funding {
    int central = 5000, province = 2500, prefecture = 0;
    int county() const { return 10000 - central - province - prefecture; }
};
constexpr std::array<Funding, programme_count + rules::module_count> default_funding() {
    std::array<Funding, programme_count + rules::module_count> shares{};
    shares[static_cast<std::size_t>(Programme::living_subsidy)] = shares[static_cast<std::size_t>(Programme::nursing_subsidy)] = {0, 5000, 0};
    return shares;
}
inline constexpr std::array<std::string_view, 4> level_labels{"central", "province", "prefecture", "county"};

/// One policy variant. All variants of a plan are walked together on the same draws.
struct PolicyScenario {
    std::string name;      ///< label in the file, e.g. "subsidies-80"
    std::string why, why_zh;  ///< the reason the scenario gives for itself, and in Chinese if it was given
    std::string title;     ///< for people, e.g. "两项补贴 80 元"
    rules::Policy policy;
    /// Local standard L in fen per person-month: [county in Plan::counties order][residence].
    std::vector<std::array<Fen, residence_count>> standard;
    std::vector<std::array<Fen, residence_count>> standard_prev;
    /// What the law and the figures it refers to become later in the run, whole, in order of time. Lists as above.
    struct Stage {
        Month from;
        rules::Policy policy;
        std::vector<std::array<Fen, residence_count>> standard, standard_prev;
        std::vector<std::array<Fen, residence_count>> pcdi;  ///< last year's income per head
        std::vector<Fen> min_wage_prev;                      ///< last year's minimum wage
    };
    std::vector<Stage> later;
    LocalPolicy::Monitoring monitoring;
    std::array<Funding, programme_count + rules::module_count> funding = default_funding();
    rules::ModuleSet modules;       ///< special assistance, off without an amount
    int review_lag = 1;             ///< months from application to confirmation
    int review_months = 12;         ///< review interval, stable circumstances
    int review_months_unstable = 6; ///< with labour capacity
    int rigid_validity_months = 12;
    int temp_max_per_year = 2;      ///< A-12b
    int temp_topup_lag = 1;         ///< A-12
    Fen dibao_min_payment = 0;      ///< A-23
    double take_up_factor = 1.0;    ///< multiplies the take-up of dibao, edge and rigid families (a lever, not a belief)
    double living_take_up_factor = 1.0;
    double nursing_take_up_factor = 1.0;
};

struct SourceText {
    std::string path;    ///< relative to the scenario folder
    std::string text;
    std::filesystem::path file;  ///< where it was read
};

/// The stage of a scenario that is in force in a month, or null for the law of the first one.
inline const PolicyScenario::Stage* stage_of(const PolicyScenario& s, Month month) {
    const PolicyScenario::Stage* now = nullptr;
    for (const auto& stage : s.later)
        if (stage.from <= month) now = &stage;
    return now;
}

/// A whole run: data, beliefs, policies and size. Made by `scenario/`, read by `simulate/` and `storage/`.
struct Plan {
    std::uint64_t seed = 20240101;
    int replicates = 200;
    Month start = Month::of(2024, 1);
    int months = 12;
    int burn_in = 12;
    int population_draws = 1;  ///< populations that are drawn; replicate r lives in number r modulo this
    double sample_share = 1.0;  ///< < 1: a stratified sample of households (see Sample), tallies weighted back up
    int sample_group = 0, sample_groups = 1;  ///< one of several parts of the sample, for its error (see SampleGroups)
    bool stratified_parameters = false;  ///< each belief takes every replicate-th part of its prior once: see draw_parameters
    int targeting_families = 500;   ///< of each county and residence, times the sample share, walked a second time for targeting
    int targeting_replicates = 8;   ///< the first ones; 0: no targeting
    std::vector<County> counties;
    Seeds seeds{default_seed(), default_seed()};  ///< what the families are fitted from
    std::array<Prior, assumption_count> assumptions;
    JointBelief joint;  ///< draws those of the assumptions that it names
    std::vector<PolicyScenario> scenarios;  ///< the first is the baseline
    std::vector<rules::Module> modules_on;  ///< special modules that are on in any scenario
    int programmes() const { return programme_count + static_cast<int>(modules_on.size()); }
    std::vector<Published> published;       ///< figures to hold the simulation against
    std::vector<SourceText> sources;        ///< every file that was read, in order of reading
    std::vector<std::string> files;         ///< the file of each scenario, as in `sources`
    std::vector<std::string> settings;      ///< "key=value" of the command line, on top of every file; "[2] key=value": of one scenario
    std::vector<std::string> notes;         ///< what the user should know about the input, each one sentence
};

}  // namespace doudi
