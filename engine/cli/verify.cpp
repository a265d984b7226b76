#include "cli/verify.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "scenario/load.hpp"
#include "simulate/plan_text.hpp"
#include "simulate/simulate.hpp"
#include "storage/result_reader.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace doudi::cli {
namespace {

namespace fs = std::filesystem;

/// A folder for a while.
class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "doudi-verify-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw SystemError(both("cannot make a folder in {} for the scenario texts", "无法在 {} 中新建存放方案文本的文件夹", fs::temp_directory_path().string()));
        path_ = name;
    }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    const fs::path& path() const { return path_; }

private:
    fs::path path_;
};

/// The scenario texts of a results file in a folder.
class Unpacked {
public:
    explicit Unpacked(const Origin& o) {
        for (std::size_t i = 0; i < o.source_names.size(); ++i) {
            const fs::path path = inside(o.source_names[i]);
            fs::create_directories(path.parent_path());
            std::ofstream out(path, std::ios::binary);
            out << o.source_texts[i];
            if (!out.flush()) throw SystemError(both("{}: cannot write the scenario texts", "{}：无法写入方案文本", path.string()));
        }
    }

    /// The place of a source; one that would lie outside the folder is refused.
    fs::path inside(const std::string& name) const {
        const fs::path path(name);
        if (name.empty() || path.is_absolute() || std::any_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; }))
            throw InputError("--rerun", both("the file names a source \"{}\" that lies outside a scenario folder", "文件所记的来源 \"{}\" 位于方案文件夹之外", name));
        return folder_.path() / path;
    }

private:
    Folder folder_;
};

void say(const Wording& words, bool chinese) { fmt::print("{}\n", words.in(chinese)); }

/// `count` of `all` counties, evenly spread, from a place that the plan decides: anyone repeats the same check.
std::vector<std::size_t> chosen(std::size_t count, std::size_t all, const std::string& digest) {
    const std::size_t start = std::strtoul(digest.substr(0, 8).c_str(), nullptr, 16) % all;
    std::vector<std::size_t> list;
    for (std::size_t k = 0; k < count; ++k) list.push_back((start + k * all / count) % all);
    std::sort(list.begin(), list.end());
    return list;
}

int run_again(const fs::path& file, const Origin& o, double share, int threads, bool chinese, const Program& program, const std::atomic<bool>& stop) {
    const Unpacked folder(o);
    Overrides overrides;
    overrides.chinese = chinese;
    overrides.replicates = o.replicates;
    overrides.months = o.months;
    overrides.seed = static_cast<std::uint64_t>(o.seed);
    overrides.sample_share = o.sample_share;
    overrides.counties.assign(o.county_codes.begin(), o.county_codes.end());
    std::istringstream settings(o.settings);
    for (std::string line; std::getline(settings, line);) {
        const auto end = line.find("] ");
        const std::size_t scenario = line[0] == '[' && end != std::string::npos ? std::strtoul(line.c_str() + 1, nullptr, 10) : o.scenario_files.size();
        overrides.set_each.resize(o.scenario_files.size());
        if (scenario < o.scenario_files.size()) overrides.set_each[scenario].push_back(line.substr(end + 2));
        else overrides.set.push_back(line);
    }
    std::vector<fs::path> files;
    for (const std::string& name : o.scenario_files) files.push_back(folder.inside(name));
    const std::string made_by = o.program + ", git " + o.git_hash, we_are = "doudi " + program.version + ", git " + program.git_hash;
    const Wording other = made_by == we_are ? Wording() : both("; it was made by {} and this is {}", "；该文件由 {} 生成，本程序为 {}", made_by, we_are);
    Plan plan;
    try {
        plan = load_plan(files, overrides);
    } catch (const InputError& e) {
        throw InputError(file.string(), both("cannot be run again from the texts it carries (scenarios that name files outside their folder cannot){}:\n{}",
                                             "无法用文件所带的文本重新运行（方案引用了文件夹之外的文件时即如此）{}：\n{}", other, Wording{e.told(false), e.told(true)}));
    }
    if (sha256(plan_text(plan)) != o.plan_sha256) throw InputError(file.string(), both("cannot be run again: the texts it carries make another plan{}", "无法重新运行：文件所带的文本得出了另一个方案{}", other));
    const SharedDraws shared = shared_draws(plan);
    bool agree = true;
    if (shared.parameter != o.parameters) {
        say(both("differs: the values of the assumptions{}", "不一致：各项假设的取值{}", other), chinese);
        agree = false;
    }
    const std::size_t all = plan.counties.size();
    const auto count = static_cast<std::size_t>(std::clamp(std::ceil(share * static_cast<double>(all)), 1.0, static_cast<double>(all)));
    for (const std::size_t c : chosen(count, all, o.plan_sha256)) {
        const Tally tally = simulate_county(plan, shared, c, threads, &stop);
        if (stop) {
            fmt::print(stderr, "{}\n", chinese ? "已中断" : "interrupted");
            return 3;
        }
        const bool same = county_digest(tally) == o.county_digests[c];
        if (!same) say(both("differs: county {} {}{}", "不一致：{} {}{}", plan.counties[c].code, plan.counties[c].name_zh, other), chinese);
        agree = agree && same;
    }
    if (agree) say(both("{} of {} counties simulated again from the texts in the file: the same numbers{}", "已用文件所带文本重新模拟 {} 个县（共 {} 个）：数字完全相同{}", count, all, other), chinese);
    return agree ? 0 : 2;
}

}  // namespace

int verify(const fs::path& file, double rerun, int threads, bool chinese, const Program& program, const std::atomic<bool>& stop) {
    const Origin o = read_origin(file);
    const Wording changed = o.git_dirty ? both(" with local changes", "（含本地改动）") : Wording();
    say(both("made by {}, git {}{}, build {}; seed {}", "由 {}（git {}{}，构建 {}）生成；随机种子 {}", o.program, o.git_hash, changed, o.build, o.seed), chinese);
    bool agree = o.sealed;
    say(o.sealed ? both("the seal agrees: no byte has changed since", "整个文件的校验值相符：此后未改动任何字节") : both("damaged: the seal is missing, so another program has changed the file", "已损坏：整个文件的校验值缺失，文件曾被其他程序改动"), chinese);
    for (const int code : o.damaged) say(both("damaged: county {}", "已损坏：{} 的数据", code), chinese);
    if (o.damaged.empty()) say(both("all {} counties agree with their digests", "全部 {} 个县与其校验值相符", o.county_codes.size()), chinese);
    std::size_t texts = 0;
    for (std::size_t i = 0; i < o.source_names.size(); ++i) {
        if (sha256(o.source_texts[i]) == o.source_digests[i]) ++texts;
        else say(both("damaged: the text of {}", "已损坏：{} 的文本", o.source_names[i]), chinese);
    }
    if (texts == o.source_names.size()) say(both("all {} scenario and data texts agree with their digests", "全部 {} 份方案与数据文本与其校验值相符", texts), chinese);
    agree = agree && o.damaged.empty() && texts == o.source_names.size();
    if (rerun > 0) {
        const int code = run_again(file, o, rerun, threads, chinese, program, stop);
        if (code != 0) return code;
    }
    return agree ? 0 : 2;
}

}  // namespace doudi::cli
