#pragma once
#include "base/money.hpp"
#include "results/drawn.hpp"
#include "results/sampling.hpp"
#include "results/sums.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace doudi {

/// What a summary needs of a results file.
struct ResultTotals : Sums {
    std::string file;  ///< where it was read
    std::string program, start;
    std::int64_t seed = 0, replicates = 0;
    double sample_share = 1;
    std::vector<std::string> scenarios, titles, programmes, programmes_zh, categories, months, county_names_zh, county_names_en;
    std::vector<std::int32_t> county_codes;
    std::vector<Fen> living_amount, nursing_amount;   ///< [scenario], of the first month
    bool amounts_move = false;                        ///< one of them changes within the run
    std::vector<std::string> levels;
    std::vector<std::int64_t> funding_share;          ///< [scenario, programme, level], 1e-4
    std::vector<std::int64_t> population, family_households;
    std::vector<std::string> source_names, source_texts;
    std::string settings;                             ///< "key=value" lines, as Plan::settings
    std::vector<double> parameter, systemic_mean;          ///< [replicate, parameter], [replicate, factor]
    std::vector<double> law_parameter, law_systemic_mean;  ///< [draw, parameter], [draw, factor]: see Law; empty where replicates are few, and in files of before
    std::vector<double> county_mean, law_county_mean;      ///< [replicate, factor, county], and of any one county [draw, factor]; empty in files of before 28 November 2026
    std::int64_t law_batches = 0;
    SampleGroups sample;                              ///< no groups unless the households are a sample

    /// What the replicates drew, with no draws of the law in files that hold none.
    Drawn drawn() const {
        return {parameter, systemic_mean, law_parameter, law_systemic_mean, static_cast<std::size_t>(replicates),
                parameter.empty() ? 0 : law_parameter.size() * static_cast<std::size_t>(replicates) / parameter.size(), static_cast<std::size_t>(law_batches),
                county_mean, law_county_mean, county_mean.empty() ? 0 : county_codes.size()};
    }
    std::size_t place(std::size_t scenario, std::size_t replicate, std::size_t county, std::size_t residence, std::size_t programme) const {
        return (((scenario * static_cast<std::size_t>(replicates) + replicate) * county_codes.size() + county) * 2 + residence) * programmes.size() + programme;
    }
};

/// Reads and adds up a results file; a file that is not one, or is damaged, is an InputError. See seal.hpp for how files
/// that nothing vouches for are read.
ResultTotals read_totals(const std::filesystem::path& path);
/// The same of a file just written, whose sums are known: its cubes are not read again.
ResultTotals read_totals(const std::filesystem::path& path, Sums sums);

/// Where a result comes from, and whether its parts agree with the digests it carries.
struct Origin {
    std::string program, git_hash, build, plan_sha256;
    bool git_dirty = false;
    bool sealed = false;                               ///< no byte has changed since doudi wrote the file
    std::int64_t seed = 0;
    int replicates = 0, months = 0;
    double sample_share = 1;
    std::string settings;                              ///< "key=value" lines, as Plan::settings
    std::vector<std::string> scenario_files;           ///< [scenario], each one of `source_names`
    std::vector<std::string> source_names, source_texts, source_digests;
    std::vector<std::int32_t> county_codes, damaged;   ///< all; those whose numbers do not agree with their digest
    std::vector<std::string> county_digests;
    std::vector<double> parameters;                    ///< [replicate, assumption]
};
Origin read_origin(const std::filesystem::path& path);

/// The plan digest that a results file carries, or empty if it is not one.
std::string plan_digest_of(const std::filesystem::path& path);

}  // namespace doudi
