#pragma once
#include "base/wording.hpp"
#include "scenario/load.hpp"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace doudi::cli {

/// Adds to a command its options, and those that several have in the same words, in the language of its help.
class Options {
public:
    Options(CLI::App& app, bool chinese) : app_(app), chinese_(chinese) {}

    /// `value`: what stands for the option's value in the help, such as FILE; nothing for an argument without a name.
    template <class T>
    CLI::Option& add(const char* names, T& to, const char* value, const Wording& what) {
        return *app_.add_option(names, to, what.in(chinese_))->type_name(value);
    }
    template <class T>
    void argument(const char* name, T& to, const Wording& what) { add(name, to, "", what).required(); }
    void flag(const char* names, bool& to, const Wording& what) { app_.add_flag(names, to, what.in(chinese_)); }
    /// `to` is told the word that was given, one of `words`.
    void choice(const char* names, std::vector<std::string> words, const std::function<void(const std::string&)>& to, const char* value, const Wording& what) {
        app_.add_option_function<std::string>(names, to, what.in(chinese_))->type_name(value)->check(CLI::IsMember(std::move(words)));
    }

    void scenario(std::filesystem::path& to) { argument("scenario", to, {"scenario file (TOML)", "方案文件（TOML）"}); }
    void file(std::filesystem::path& to) { argument("file", to, {"results file", "结果文件"}); }
    void replicates(Overrides& to, const Wording& meaning = {"number of replicates; by default the scenario's", "模拟次数；默认取方案中的值"}) { add("--replicates", to.replicates, "N", meaning); }
    void seed(Overrides& to, const Wording& meaning = {"seed of every draw; by default the scenario's", "全部随机抽样的种子；默认取方案中的值"}) { add("--seed", to.seed, "N", meaning); }
    void months(Overrides& to) { add("--months", to.months, "N", {"months to count; by default the scenario's", "计入的月数；默认取方案中的值"}); }
    void counties(Overrides& to) { add("--counties", to.counties, "CODE,...", {"county codes, separated by commas; by default all", "县（市、区）代码，以半角逗号分隔；默认全部"}).delimiter(','); }
    void sample_share(Overrides& to, const Wording& meaning = {"share of households, over 0 and up to 1; by default the scenario's", "抽样比例，大于 0、不超过 1；默认取方案中的值"}) {
        add("--sample-share", to.sample_share, "SHARE", meaning);
    }
    void set(Overrides& to, const Wording& meaning = {"a setting, as in a scenario file; several", "按方案文件的写法改一项设定；可写多项"}) { add("--set", to.set, "KEY=VALUE", meaning).take_all(); }
    void allow_outside(Overrides& to) { flag("--allow-outside", to.allow_outside, {"scenario files may name files outside their folder", "方案文件可引用所在文件夹之外的文件"}); }
    void threads(int& to, const Wording& meaning = {"threads, by default all processors (0); the result does not depend on it", "线程数，默认用全部处理器（0）；结果与线程数无关"}) {
        add("--threads", to, "N", meaning).check(CLI::Range(0, 1024));
    }
    void progress(bool& to) {
        choice("--progress", {"auto", "off"}, [&to](const std::string& when) { to = when == "auto"; }, "WHEN",
               {"progress on standard error: auto or off; auto by default", "在标准错误输出中显示进度：auto 或 off；默认 auto"});
    }
    void force(bool& to, const Wording& meaning = {"replace an existing file", "覆盖已有文件"}) { flag("--force", to, meaning); }
    void json(bool& to, const Wording& meaning) { flag("--json", to, meaning); }
    /// Read before the rest of the line (see asks_for_chinese), so that the help is in it too.
    void language() {
        choice("--lang", {"en", "zh"}, [](const std::string&) {}, "LANG", {"language: en or zh; by default that of DOUDI_LANG, or en", "语言：en（英文）或 zh（中文）；默认取环境变量 DOUDI_LANG，否则 en"});
    }

private:
    CLI::App& app_;
    bool chinese_;
};

}  // namespace doudi::cli
