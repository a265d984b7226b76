#include "scenario/load.hpp"

#include "population/layout.hpp"
#include "rules/parameters.hpp"
#include "scenario/command_line.hpp"
#include "scenario/counties.hpp"
#include "scenario/finish.hpp"
#include "scenario/joint.hpp"
#include "scenario/keys.hpp"
#include "scenario/own_data.hpp"
#include "scenario/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace doudi {
namespace {

namespace fs = std::filesystem;

class Loader {
public:
    explicit Loader(const Overrides& overrides) : overrides_(overrides), reader_(overrides.allow_outside),
          keys_(reader_, faults_, [this](Draft& d, const fs::path& file) { law(d, file); }, [this](Draft& d, const fs::path& file) { beliefs(d, file); }), command_(overrides, faults_) {}

    Plan load(const std::vector<fs::path>& files) {
        if (files.empty()) throw InputError("", both("no scenario file was given", "未给出方案文件"));
        std::vector<Draft> drafts;
        for (const fs::path& file : files) reader_.start(file);
        if (!overrides_.library.empty()) reader_.also(overrides_.library);
        for (std::size_t i = 0; i < files.size(); ++i) guarded([&] { drafts.push_back(draft(files[i], i)); });
        if (drafts.size() < files.size()) refuse();
        first_run_ = drafts[0].run;
        Plan plan = first_run_;
        const bool sound = command_.apply(plan) && std::none_of(drafts.begin(), drafts.end(), [](const Draft& d) { return d.data.counties.empty() || d.data.standards.empty() || d.data.incomes.empty(); });
        for (std::size_t i = 0; i < assumption_count; ++i)
            if (!drafts[0].believed[i] && !drafts[0].doubts("beliefs") && !drafts[0].doubts(assumption_table[i].name))
                fail({files[0].string(), both("nothing is said about the assumption \"{}\"; name a file of beliefs: beliefs = [\"assumptions/jilin.toml\"]", "假设 \"{}\" 没有取值；请指定假设文件：beliefs = [\"assumptions/jilin.toml\"]", assumption_table[i].name)});
        // Without sound data no more can be said of what a scenario makes of them; a fault elsewhere hides nothing.
        if (!sound) refuse();
        const std::size_t before = faults_.size();
        guarded([&] { plan.counties = read_counties(reader_, drafts[0].data, plan.start.year(), faults_); });
        own_data(plan, drafts[0].data, files[0]);
        for (County& c : plan.counties) c = aged(std::move(c), drafts[0].ageing);
        check_margins(plan, drafts[0].data.counties.string());
        if (faults_.size() != before) refuse();
        guarded([&] { marks(plan, drafts[0].data); });
        std::set<std::string> names;
        for (Draft& d : drafts) {
            if (drafts[0].doubted.empty() && d.doubted.empty()) same_base(drafts[0], d);
            finish(d, plan, keys_, faults_);
            for (std::string& note : horizon_notes(d.policy, plan, d.uprating, !d.standard_of_year.empty(), overrides_.chinese)) plan.notes.push_back(std::move(note));
            while (!names.insert(d.policy.name).second) d.policy.name += "-again";
            plan.scenarios.push_back(std::move(d.policy));
        }
        for (std::size_t m = 0; m < rules::module_table.size(); ++m)
            if (std::any_of(plan.scenarios.begin(), plan.scenarios.end(), [&](const PolicyScenario& s) { return s.modules[m].on; }))
                plan.modules_on.push_back(static_cast<rules::Module>(m));
        command_.choose_counties(plan);
        check_sample(plan);
        if (!drafts[0].targets.empty()) guarded([&] { plan.published = read_targets(reader_.read(drafts[0].targets)); });
        plan.sources = reader_.sources();
        for (const fs::path& file : files) plan.files.push_back(reader_.recorded(file));
        plan.settings = overrides_.set;
        for (std::size_t i = 0; i < overrides_.set_each.size(); ++i)
            for (const std::string& setting : overrides_.set_each[i]) plan.settings.push_back(fmt::format("[{}] {}", i, setting));
        if (!faults_.empty()) refuse();
        for (const County& c : plan.counties)
            for (std::string& conflict : margins_of(c).conflicts) plan.notes.push_back((overrides_.chinese ? "边际数据：" : "margins: ") + conflict);
        plan.notes.insert(plan.notes.end(), command_.notes().begin(), command_.notes().end());
        return plan;
    }

private:
    /// A sample without a single family of a county would say that nothing is paid there.
    void check_sample(const Plan& plan) {
        if (plan.counties.empty()) return;
        const County& least = *std::min_element(plan.counties.begin(), plan.counties.end(), [](const County& a, const County& b) { return a.households < b.households; });
        const auto households = static_cast<double>(least.households);
        if (plan.sample_share * households < 1)
            fail({overrides_.sample_share ? "--sample-share" : "run.sample_share", both("{0} of the {1} households of {3} {4} is not one; take at least {2:.2g}", "{3} {4}共 {1} 户，按 {0} 抽样不足一户；至少应为 {2:.2g}",
                                                                                         plan.sample_share, least.households, 1.05 / households, least.code, least.name_zh)});
    }

    /// Beliefs that rest on indicators: each must be a row, and a figure from memory keeps its mark.
    void marks(Plan& plan, const DataFiles& data) {
        std::map<std::string, std::string> confidence;
        if (!data.indicators.empty()) {
            const Table t(reader_.read(data.indicators), {"key", "year", "confidence"});
            for (std::size_t row = 0; row < t.rows(); ++row) confidence[t.text(row, "key") + '@' + t.text(row, "year")] = t.text(row, "confidence");
        }
        std::vector<std::string> keys;
        for (const auto& entry : confidence) keys.push_back(entry.first);
        std::string recalled;
        int count = 0;
        for (std::size_t i = 0; i < assumption_count; ++i) {
            const Prior& p = plan.assumptions[i];
            const std::string name(assumption_table[i].name);
            for (const std::string& key : p.indicators) {
                const auto row = confidence.find(key);
                if (confidence.empty()) break;
                if (row == confidence.end()) fail({"assumptions." + name, both("no row of {} is \"{}\"{}", "{} 中没有 \"{}\" 这一行{}", data.indicators.string(), key, nearest(key, keys))});
                else if (row->second == "recalled, unverified" && !p.recalled())
                    fail({"assumptions." + name, both("rests on {}, which is \"recalled, unverified\", and must carry that mark: evidence = \"recalled, unverified\"",
                                                      "依据 {}，而该数字标为 \"recalled, unverified\"（凭记忆、未核实），须同样标注：evidence = \"recalled, unverified\"", key)});
            }
            if (p.recalled()) recalled += (count++ == 0 ? "" : overrides_.chinese ? "、" : ", ") + name;
        }
        if (count > 0) plan.notes.push_back(fmt::format(fmt::runtime(overrides_.chinese ? "凭记忆、未核实：{} 项假设的起点是凭记忆所得的数字：{}" : "recalled, unverified: {} beliefs start from figures from memory: {}"), count, recalled));
    }

    /// The user's own margins and survey, where the scenario names them.
    void own_data(Plan& plan, const DataFiles& data, const fs::path& scenario) {
        if (!data.margins.empty()) guarded([&] { read_margins(reader_.read(data.margins), plan.counties, faults_); });
        if (data.survey_households.empty() != data.survey_members.empty())
            fail({scenario.string(), both("a survey needs both data.survey_households and data.survey_members", "调查数据须同时给出 data.survey_households 和 data.survey_members")});
        else if (!data.survey_households.empty())
            guarded([&] { plan.seeds = read_survey(reader_.read(data.survey_households), reader_.read(data.survey_members), faults_, plan.notes, overrides_.chinese); });
    }

    /// Reads something; what cannot be read at all, such as a table without its columns, joins the other faults.
    template <class Read>
    void guarded(const Read& read) { collect(faults_, read); }

    /// Throws every fault, once each: scenarios of one comparison share a base and the command line.
    [[noreturn]] void refuse() {
        std::set<std::pair<std::string, std::string>> told;
        std::erase_if(faults_, [&](const Fault& f) { return !told.emplace(f.where, f.what.en).second; });
        throw InputError(std::move(faults_));
    }

    void fail(Fault fault) { faults_.push_back(std::move(fault)); }
    void fail(const Setting& s, Wording what) { fail(fault_at(*s.source, s.node->source(), std::move(what))); }

    /// A file of beliefs: assumptions only.
    void beliefs(Draft& d, const fs::path& path) {
        std::vector<Setting> settings;
        const toml::table& table = reader_.parse(path);
        // What `doudi calibrate` wrote is a scenario: only its assumptions are beliefs.
        const toml::table* only = table.get_as<toml::table>("assumptions");
        flatten(only ? *only : table, "", reader_.read(path), path, settings);
        for (const Setting& s : settings) keys_.apply(d, s);
        if (const toml::table* posterior = table.get_as<toml::table>("posterior")) d.run.joint = read_joint(reader_.read(path), *posterior, faults_);
    }

    /// A file of the law: each value with unit, date and source; the one in force in the first month counts.
    void law(Draft& d, const fs::path& path) {
        d.reading_law = true;
        const Source& source = reader_.read(path);
        std::vector<Setting> settings;
        flatten(reader_.parse(path), "", source, path, settings);
        for (const Setting& s : settings) {
            const toml::table* t = s.node->as_table();
            const toml::array* values = t ? t->get_as<toml::array>("values") : nullptr;
            if (!values) {
                fail(s, both("\"{}\": a value of the law is a table with unit and values = [ {{ from, value, source }} ]", "\"{}\"：政策取值应为含 unit 和 values = [ {{ from, value, source }} ] 的表", s.path));
                continue;
            }
            if (!t->get("unit")) fail(s, both("\"{}\" has no unit", "\"{}\" 缺少单位（unit）", s.path));
            const toml::node* chosen = nullptr;
            int chosen_from = 0;
            for (const toml::node& item : *values) {
                const toml::table* v = item.as_table();
                const toml::node* value = v ? v->get("value") : nullptr;
                const auto from = v && v->get("from") ? v->get("from")->value<toml::date>() : std::optional<toml::date>{};
                if (!v || !from || !value) {
                    fail(fault_at(source, item.source(), both("\"{}\": each value needs from (a date), value and source", "\"{}\"：每个值都要有 from（日期）、value 和 source", s.path)));
                } else if (v->get("source") == nullptr || v->get("source")->value_or(std::string()).empty()) {
                    fail(fault_at(source, item.source(), both("\"{}\": the value from {} has no source; name the document", "\"{}\"：{} 年起的值没有来源；请写明文件", s.path, from->year)));
                } else {
                    const int number = Month::of(from->year, from->month).number;
                    if (number > d.run.start.number) d.dated.push_back({Month{number}, {s.path, value, s.key, &source, path}, true});
                    if (number <= d.run.start.number && (!chosen || number >= chosen_from)) {
                        chosen = value;
                        chosen_from = number;
                    }
                }
            }
            if (!chosen) {
                fail(s, both("\"{}\" has no value in force in {}-{:02}", "\"{}\" 在 {}-{:02} 没有生效的值", s.path, d.run.start.year(), d.run.start.month()));
                continue;
            }
            keys_.apply(d, {s.path, chosen, s.key, &source, path});
        }
        d.reading_law = false;
    }

    /// Reads a scenario and the bases under it, the lowest first.
    Draft draft(const fs::path& path, std::size_t place) {
        std::vector<fs::path> chain{path};
        for (;;) {
            const toml::table& table = reader_.parse(chain.back());
            const toml::node* base = table.get("base");
            if (!base) break;
            const Fault at = fault_at(reader_.read(chain.back()), base->source(), Wording());
            const fs::path next = reader_.resolve(base->value_or(std::string()), chain.back(), at);
            if (std::any_of(chain.begin(), chain.end(), [&](const fs::path& seen) { return fs::equivalent(seen, next); }))
                throw InputError({{at.where, both("the base leads back to {}", "基准又回到了 {}", next.string()), at.excerpt}});
            chain.push_back(next);
        }
        std::reverse(chain.begin(), chain.end());
        std::vector<std::vector<Setting>> said(chain.size());
        for (std::size_t i = 0; i < chain.size(); ++i) {
            flatten(reader_.parse(chain[i]), "", reader_.read(chain[i]), chain[i], said[i]);
            std::erase_if(said[i], [](const Setting& s) { return s.path.rfind("posterior.", 0) == 0; });
            const auto first = [](const Setting& s) { return s.path == "law" || s.path == "beliefs"; };  // before what overrides them
            std::stable_sort(said[i].begin(), said[i].end(), [&](const Setting& a, const Setting& b) { return first(a) > first(b); });
        }
        said.push_back(command_.settings(overrides_.set));
        said.push_back(place < overrides_.set_each.size() ? command_.settings(overrides_.set_each[place]) : std::vector<Setting>());
        Draft d;
        d.run.start = start_of(said, d.run.start);
        for (std::size_t i = 0; i < chain.size(); ++i) {
            d.name = chain[i].stem().string();
            d.title.clear();
            const bool reform = i > 0;
            for (const Setting& s : said[i]) {
                const bool own = s.path == "data.margins" || s.path.rfind("data.survey_", 0) == 0;  // same_base compares them
                if (reform && !own && (s.path.rfind("data.", 0) == 0 || s.path == "law")) {
                    fail(s, both("{} belongs to the base scenario, not to a reform: both sides of a comparison share it", "{} 只能写在基准方案里：比较的各方案共用同一取值", s.path));
                    continue;
                }
                keys_.apply(d, s);
            }
            // What `doudi calibrate` wrote draws its beliefs together; the single ones beside them are for readers.
            if (const toml::table* posterior = reader_.parse(chain[i]).get_as<toml::table>("posterior")) d.run.joint = read_joint(reader_.read(chain[i]), *posterior, faults_);
        }
        for (std::size_t i = chain.size(); i < said.size(); ++i)
            for (const Setting& s : said[i]) keys_.apply(d, s);
        for (std::size_t i = 1; i < chain.size(); ++i) command_.overrule(said[i], said[chain.size()]);
        for (const auto& [file, key] : {std::pair{&d.data.counties, "data.counties"}, {&d.data.standards, "data.standards"}, {&d.data.incomes, "data.incomes"}})
            if (file->empty() && !d.doubts(key)) fail({path.string(), both("the scenario names no {}; add it, or a base that has it", "方案未指定 {}；请补上，或改用已指定它的基准", key)});
        return d;
    }

    /// The first month, by the last that says it: the law and values by date are those in force then, whoever sets it.
    static Month start_of(const std::vector<std::vector<Setting>>& said, Month start) {
        for (const auto& settings : said)
            for (const Setting& s : settings) {
                std::vector<Fault> unheard;  // told when the setting has its turn
                if (s.path != "run.start") continue;
                if (const Month given = Values(unheard).month(s); unheard.empty()) start = given;
            }
        return start;
    }

    /// Margins that contradict each other cannot be laid out into families, and too many people not be counted.
    void check_margins(const Plan& plan, const std::string& file) {
        std::int64_t total = 0;
        for (const County& c : plan.counties) {
            total += c.population;
            const CountyMargins margins = margins_of(c);
            for (std::size_t r = 0; r < residence_count; ++r)
                if (const Wording what = contradiction(margins.cell[r]); !what.empty())
                    fail({file, both("{} {}, {} part: {}; no families can have such margins", "{} {}{}部分：{}；没有家庭结构能符合这样的边际", c.code, c.name_zh, residence_wording(r), what)});
        }
        if (total > most_people) fail({file, both("{} people are over {}, the most this program reckons with", "总人口 {} 超过本程序允许的上限 {}", total, most_people)});
    }

    /// Scenarios of one comparison share data, beliefs and size.
    void same_base(const Draft& first, const Draft& d) {
        const auto differ = [&](const Wording& what, const Wording& advice) {
            fail({d.name, both("compares with {} on other {}; scenarios of one comparison share data, beliefs and run settings. {}", "与 {} 比较时所用的{}不同；同一次比较的各方案须共用数据、假设和运行设定。{}", first.name, what, advice)});
        };
        const Wording same = both("Give both the same base, or compare {} with what it builds on", "请让两者使用同一基准（base），或将 {} 与其自身的基准比较", d.name);
        const Wording lever{"For a lever on take-up use dibao.take_up_factor or monitoring.detection_factor", "要调整申领率，请用 dibao.take_up_factor 或 monitoring.detection_factor"};
        if (&first == &d) return;
        const auto same_file = [](const fs::path& a, const fs::path& b) { return a.empty() == b.empty() && (a.empty() || fs::equivalent(a, b)); };
        if (!same_file(first.data.counties, d.data.counties) || !same_file(first.data.standards, d.data.standards) || !same_file(first.data.incomes, d.data.incomes) || !same_file(first.data.margins, d.data.margins) ||
            !same_file(first.data.survey_households, d.data.survey_households) || !same_file(first.data.survey_members, d.data.survey_members) || first.ageing != d.ageing) differ({"data", "数据"}, same);
        for (std::size_t i = 0; i < assumption_count; ++i) {
            const Prior &a = first_run_.assumptions[i], &b = d.run.assumptions[i];
            if (a.kind != b.kind || a.mean != b.mean || a.sd != b.sd || a.low != b.low || a.high != b.high) return differ(both("beliefs ({})", "假设（{}）", assumption_table[i].name), lever);
        }
        if (first_run_.joint != d.run.joint) differ({"beliefs (the posterior, or a belief that one side sets for itself)", "假设（后验，或某一方单独设定的假设）"}, lever);
        if (d.run.start != first_run_.start || d.run.months != first_run_.months || d.run.seed != first_run_.seed || d.run.burn_in != first_run_.burn_in || d.run.replicates != first_run_.replicates || d.run.population_draws != first_run_.population_draws || d.run.stratified_parameters != first_run_.stratified_parameters) differ({"run settings", "运行设定"}, same);
    }

    const Overrides& overrides_;
    Reader reader_;
    std::vector<Fault> faults_;
    Keys keys_;
    CommandLine command_;
    Plan first_run_;  ///< of the baseline, before the overrides of the command line
};

}  // namespace

Plan load_plan(const std::vector<fs::path>& files, const Overrides& overrides) { return Loader(overrides).load(files); }

}  // namespace doudi
