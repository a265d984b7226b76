#pragma once
#include "scenario/draft.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace doudi {

/// Every key that a scenario may set, and what it does to a draft (docs/scenarios.md).
class Keys {
public:
    /// `law` and `beliefs` are told of each file that a scenario names under those keys.
    using FileHandler = std::function<void(Draft&, const std::filesystem::path&)>;
    Keys(Reader& reader, std::vector<Fault>& faults, FileHandler law, FileHandler beliefs);

    /// Applies one setting; an unknown key becomes a fault with the closest match.
    void apply(Draft& draft, const Setting& setting);

private:
    using Handler = std::function<void(Draft&, const Setting&)>;

    void take(Draft& draft, const Setting& setting);
    void declare();
    void declare_module(std::size_t module);
    void declare_funding(std::size_t programme);
    void keep(Draft& d, const Setting& s);
    void subsidy(Draft& d, const Setting& s, Fen& value);
    void parameter(Draft& d, const Setting& s, const std::string& name);
    void local_standard(Draft& d, const Setting& s);
    void year_standard(Draft& d, const Setting& s);
    std::optional<LocalStandard> local_of(Draft& d, const Setting& s, const std::string& prefix);
    std::vector<double> factors(Draft& d, const Setting& s);
    void by_date(Draft& d, const Setting& s);
    std::filesystem::path file(const Setting& s, const std::string& named);
    std::vector<std::filesystem::path> file_list(const Setting& s);

    void fail(Fault fault) { values_.fail(std::move(fault)); }
    void fail(const Setting& s, Wording what) { values_.fail(s, std::move(what)); }
    bool sound(std::size_t faults_before) const { return faults_.size() == faults_before; }
    std::string text(const Setting& s) { return values_.text(s); }
    std::int64_t whole(const Setting& s, std::int64_t low, std::int64_t high) { return values_.whole(s, low, high); }
    double number(const Setting& s, double low, double high) { return values_.number(s, low, high); }
    bool flag(const Setting& s) { return values_.flag(s); }
    Month month(const Setting& s) { return values_.month(s); }
    Fen amount(const Setting& s, Fen most = most_amount) { return values_.amount(s, most); }

    Reader& reader_;
    std::vector<Fault>& faults_;
    Values values_;
    FileHandler law_, beliefs_;
    std::map<std::string, Handler> handlers_;
    std::vector<std::string> names_;
};

}  // namespace doudi
