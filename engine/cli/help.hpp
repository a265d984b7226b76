#pragma once
#include <CLI/CLI.hpp>

#include <string>

namespace doudi::cli {

/// How --help is laid out: option and value to the left in plain letters, so that columns stand in Chinese too; to the right what
/// it means, whether it must be given, and its default.
class Help : public CLI::Formatter {
public:
    explicit Help(bool chinese);
    std::string make_option_opts(const CLI::Option* option) const override;
    std::string make_option_desc(const CLI::Option* option) const override;

private:
    bool chinese_;
};

}  // namespace doudi::cli
