#pragma once
#include "scenario/counties.hpp"
#include "scenario/setting.hpp"
#include "scenario/uprating.hpp"

#include <array>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace doudi {

/// What the files of one scenario say, before the counties are known.
struct Draft {
    std::string name, title, why, why_zh;
    DataFiles data;
    Ageing ageing;
    std::filesystem::path targets;  ///< published figures
    Plan run;  ///< seed, size and beliefs only
    std::array<bool, assumption_count> believed{};
    PolicyScenario policy;
    bool reading_law = false;
    double standard_factor = 1;
    Fen standard_add = 0;
    using Local = LocalStandard;
    std::vector<Local> local;
    Uprating uprating;
    std::map<int, YearStandard> standard_of_year;
    /// A value that takes the place of another within the run.
    struct Dated { Month from; Setting setting; bool law; };
    std::vector<Dated> dated;
    const Setting* standard_at = nullptr;
    std::array<const Setting*, rules::module_count> module_at{};
    std::array<const Setting*, programme_count + rules::module_count> funding_at{};
    std::array<std::optional<int>, programme_count + rules::module_count> funding_county{};  ///< stated although it is what is left
    std::vector<std::unique_ptr<Setting>> kept;
    std::set<std::string, std::less<>> doubted;  ///< what was said wrongly: what follows from it is not a fault of its own
    /// Is something wrong with this, or with anything under it ("funding.dibao.")?
    bool doubts(std::string_view what) const {
        const auto found = doubted.lower_bound(what);
        return found != doubted.end() && found->starts_with(what);
    }
};

}  // namespace doudi
