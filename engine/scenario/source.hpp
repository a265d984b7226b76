#pragma once
#include "base/error.hpp"
#include "simulate/plan.hpp"

#include <toml++/toml.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace doudi {

/// A text that was read, with the name under which faults and results speak of it.
struct Source {
    std::string name;  ///< as the user would type it; recorded in the result relative to the scenario folder
    std::string text;
    std::string line(std::size_t number) const;  ///< 1-based
};

/// Reads files once, keeps to the scenario folder, and collects faults.
class Reader {
public:
    explicit Reader(bool allow_outside) : allow_outside_(allow_outside) {}

    /// Sets the folder that files may not leave, from the first scenario file.
    void start(const std::filesystem::path& scenario);
    /// The path `named` in file `from`: looked up beside `from`, then from the scenario folder. Throws InputError.
    std::filesystem::path resolve(const std::string& named, const std::filesystem::path& from, const Fault& at) const;
    const Source& read(const std::filesystem::path& path);
    /// Parses a TOML file; throws InputError with the parser's words and place.
    const toml::table& parse(const std::filesystem::path& path);
    std::vector<SourceText> sources() const;

private:
    bool allow_outside_;
    std::filesystem::path folder_;
    std::map<std::filesystem::path, std::unique_ptr<Source>> files_;
    std::map<std::filesystem::path, toml::table> tables_;
    std::vector<std::filesystem::path> order_;
};

/// A fault at a place of a source, with the line and a caret under it. `width` is how many characters it marks.
Fault fault_at(const Source& source, const toml::source_region& region, std::string what);
Fault fault_at(const Source& source, std::size_t line, std::string what);

}  // namespace doudi
