#pragma once
#include "base/bounds.hpp"
#include "base/calendar.hpp"
#include "base/money.hpp"
#include "scenario/source.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace doudi {

/// One setting as it stands in a file: "dibao.standard.factor" and where.
struct Setting {
    std::string path;
    const toml::node* node;
    toml::source_region key;
    const Source* source;
    std::filesystem::path file;
};

/// Flattens tables to dotted paths. A table with a `prior` or `values` key is one value.
void flatten(const toml::table& table, const std::string& prefix, const Source& source, const std::filesystem::path& file,
             std::vector<Setting>& out);

/// Reads the values of settings; what is wrong becomes a fault with its place, and the reading goes on.
class Values {
public:
    explicit Values(std::vector<Fault>& faults) : faults_(faults) {}

    void fail(Fault fault) { faults_.push_back(std::move(fault)); }
    void fail(const Setting& s, Wording what) { fail(fault_at(*s.source, s.node->source(), std::move(what))); }

    std::string text(const Setting& s);
    /// A number of the command line as it was typed: `--set key=80.00`, where a shell takes away the quotes of an amount.
    std::optional<std::string> bare_number(const Setting& s) const;
    /// An amount as it was written: text in quotes, or a bare number of the command line.
    std::optional<std::string> written(const Setting& s) const;
    std::int64_t whole(const Setting& s, std::int64_t low, std::int64_t high);
    double number(const Setting& s, double low, double high);
    bool flag(const Setting& s);
    Month month(const Setting& s);
    /// "85.00 yuan/month", "85.00 yuan/person/month", "85.00 yuan" or "85.00".
    Fen amount(const Setting& s, Fen most = most_amount);

private:
    std::vector<Fault>& faults_;
};

}  // namespace doudi
