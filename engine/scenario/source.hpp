#pragma once
#include "base/error.hpp"
#include "scenario/characters.hpp"
#include "simulate/plan.hpp"

#include <toml++/toml.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace doudi {

/// A text that was read, with the name under which faults and results speak of it.
struct Source {
    std::string name;  ///< as the user would type it; recorded in the result relative to the scenario folder
    std::string text;
    std::string line(std::size_t number) const;  ///< 1-based
    mutable int excerpts = 0;                    ///< lines shown in faults so far
};

/// Reads files once, keeps to the scenario folder, and collects faults.
class Reader {
public:
    explicit Reader(bool allow_outside) : allow_outside_(allow_outside) {}

    /// Adds the folder of a scenario file to those that files may not leave.
    void start(const std::filesystem::path& scenario);
    /// Adds a folder in which bases are looked up too, such as the shipped scenarios.
    void also(const std::filesystem::path& folder) { folders_.push_back(std::filesystem::weakly_canonical(folder)); }
    /// The path `named` in file `from`: looked up beside `from`, then from the scenario folders. Throws InputError.
    std::filesystem::path resolve(const std::string& named, const std::filesystem::path& from, const Fault& at) const;
    const Source& read(const std::filesystem::path& path);
    /// Parses a TOML file; throws InputError with the parser's words and place.
    const toml::table& parse(const std::filesystem::path& path);
    std::vector<SourceText> sources() const;
    /// The name under which a file that was read stands in the results: relative to the scenario folder.
    std::string recorded(const std::filesystem::path& path) const;

private:
    bool allow_outside_;
    std::optional<std::filesystem::path> within(const std::filesystem::path& path) const;  ///< relative to the folder it lies in
    std::vector<std::filesystem::path> folders_;
    std::map<std::filesystem::path, std::unique_ptr<Source>> files_;
    std::map<std::filesystem::path, toml::table> tables_;
    std::vector<std::filesystem::path> order_;
};

/// A fault at a place of a source, with the line and a caret under it. `width` is how many characters it marks.
Fault fault_at(const Source& source, const toml::source_region& region, Wording what);
Fault fault_at(const Source& source, std::size_t line, Wording what);

}  // namespace doudi
