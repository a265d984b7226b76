#include "scenario/load.hpp"

#include "base/text.hpp"
#include "population/layout.hpp"
#include "rules/parameters.hpp"
#include "scenario/counties.hpp"
#include "scenario/priors.hpp"
#include "scenario/source.hpp"
#include "scenario/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>

namespace doudi {
namespace {

namespace fs = std::filesystem;

/// One setting as it stands in a file: "dibao.standard.factor" and where.
struct Setting {
    std::string path;
    const toml::node* node;
    toml::source_region key;
    const Source* source;
    fs::path file;
};

/// What the files of one scenario say, before the counties are known.
struct Draft {
    std::string name, title, why;
    DataFiles data;
    fs::path targets;  ///< published figures
    Plan run;  ///< seed, size and beliefs only
    std::array<bool, assumption_count> believed{};
    PolicyScenario policy;
    bool reading_law = false;
    double standard_factor = 1;
    Fen standard_add = 0;
    struct Local { int code; Residence residence; Fen amount; const Setting* at; };
    std::vector<Local> local;
    const Setting* standard_at = nullptr;
    std::array<const Setting*, rules::module_count> module_at{};
    std::array<const Setting*, programme_count + rules::module_count> funding_at{};
    std::vector<std::unique_ptr<Setting>> kept;
};

/// Flattens tables to dotted paths. A table with a `prior` or `values` key is one value.
void flatten(const toml::table& table, const std::string& prefix, const Source& source, const fs::path& file, std::vector<Setting>& out) {
    for (const auto& [key, node] : table) {
        const std::string path = prefix + std::string(key.str());
        const toml::table* inner = node.as_table();
        if (inner && !inner->contains("prior") && !inner->contains("values")) flatten(*inner, path + ".", source, file, out);
        else out.push_back({path, &node, key.source(), &source, file});
    }
}

class Loader {
public:
    explicit Loader(const Overrides& overrides) : overrides_(overrides), reader_(overrides.allow_outside) { declare(); }

    Plan load(const std::vector<fs::path>& files) {
        if (files.empty()) throw InputError("", "no scenario file was given");
        std::vector<Draft> drafts;
        for (const fs::path& file : files) {
            reader_.start(file);
            drafts.push_back(draft(file, drafts.size()));
        }
        first_run_ = drafts[0].run;
        Plan plan = first_run_;
        apply_overrides(plan);
        check_run(plan);
        for (std::size_t i = 0; i < assumption_count; ++i)
            if (!drafts[0].believed[i])
                fail({files[0].string(), "nothing is said about the assumption \"" + std::string(assumption_table[i].name) + "\"; name a file of beliefs: beliefs = [\"assumptions/jilin.toml\"]", ""});
        if (!faults_.empty()) throw InputError(std::move(faults_));
        plan.counties = read_counties(reader_, drafts[0].data, plan.start.year(), faults_);
        std::set<std::string> names;
        for (Draft& d : drafts) {
            same_base(drafts[0], d);
            finish(d, plan);
            while (!names.insert(d.policy.name).second) d.policy.name += "-again";
            plan.scenarios.push_back(std::move(d.policy));
        }
        for (std::size_t m = 0; m < rules::module_table.size(); ++m)
            if (std::any_of(plan.scenarios.begin(), plan.scenarios.end(), [&](const PolicyScenario& s) { return s.modules[m].on; }))
                plan.modules_on.push_back(static_cast<rules::Module>(m));
        choose_counties(plan);
        if (!drafts[0].targets.empty()) {
            try {
                plan.published = read_targets(reader_.read(drafts[0].targets));
            } catch (const InputError& e) {
                faults_.insert(faults_.end(), e.faults().begin(), e.faults().end());
            }
        }
        plan.sources = reader_.sources();
        if (!faults_.empty()) throw InputError(std::move(faults_));
        for (const County& c : plan.counties)
            for (std::string& conflict : margins_of(c).conflicts) plan.notes.push_back("census margins: " + conflict);
        return plan;
    }

private:
    using Handler = std::function<void(Draft&, const Setting&)>;

    void fail(Fault fault) { faults_.push_back(std::move(fault)); }
    void fail(const Setting& s, std::string what) { fail(fault_at(*s.source, s.node->source(), std::move(what))); }

    // --- reading values -------------------------------------------------------------------------------------------

    std::string text(const Setting& s) {
        if (const auto v = s.node->value_exact<std::string>()) return *v;
        fail(s, s.path + " must be text in quotes");
        return "";
    }
    std::int64_t whole(const Setting& s, std::int64_t low, std::int64_t high) {
        const auto v = s.node->value_exact<std::int64_t>();
        if (!v) fail(s, s.path + " must be a whole number");
        else if (*v < low || *v > high) fail(s, fmt::format("{} = {} is outside {} to {}", s.path, *v, low, high));
        else return *v;
        return low;
    }
    double number(const Setting& s, double low, double high) {
        const auto v = s.node->is_number() ? s.node->value<double>() : std::optional<double>{};
        if (!v) fail(s, s.path + " must be a number");
        else if (!(*v >= low && *v <= high)) fail(s, fmt::format("{} = {} is outside {} to {}", s.path, *v, low, high));
        else return *v;
        return low;
    }
    bool flag(const Setting& s) {
        const auto v = s.node->value_exact<bool>();
        if (!v) fail(s, s.path + " must be true or false");
        return v.value_or(false);
    }
    Month month(const Setting& s) {
        const std::string given = text(s);
        int year = 0, m = 0;
        char tail = 0;
        if (given.size() == 7 && std::sscanf(given.c_str(), "%4d-%2d%c", &year, &m, &tail) == 2 && m >= 1 && m <= 12 && year >= 2020 && year <= 2100)
            return Month::of(year, m);
        fail(s, s.path + " = \"" + given + "\" is not a month from \"2020-01\" to \"2100-12\"");
        return Month::of(2024, 1);
    }
    /// "85.00 yuan/month", "85.00 yuan/person/month", "85.00 yuan" or "85.00".
    Fen amount(const Setting& s) {
        std::string given = text(s);
        const auto unit = given.find(' ');
        const std::string after = unit == std::string::npos ? "" : given.substr(unit + 1);
        if (!after.empty() && after != "yuan/month" && after != "yuan/person/month" && after != "yuan")
            fail(s, s.path + ": the unit \"" + after + "\" is none of yuan/month, yuan/person/month, yuan");
        const auto fen = parse_yuan(given.substr(0, unit));
        if (!fen) fail(s, s.path + " = \"" + given + "\" is not an amount, such as \"85.00 yuan/month\"");
        else if (*fen < 0) fail(s, s.path + " = \"" + given + "\" is negative");
        return fen.value_or(0);
    }
    fs::path file(const Setting& s, const std::string& named) { return reader_.resolve(named, s.file, fault_at(*s.source, s.node->source(), "")); }
    std::vector<fs::path> file_list(const Setting& s) {
        std::vector<fs::path> list;
        const toml::array* names = s.node->as_array();
        if (!names) fail(s, s.path + " must be a list of files");
        else for (const toml::node& name : *names) list.push_back(file(s, name.value_or(std::string())));
        return list;
    }

    // --- what a scenario may say ----------------------------------------------------------------------------------

    void declare() {
        handlers_["name"] = [this](Draft& d, const Setting& s) { d.name = text(s); };
        handlers_["title"] = [this](Draft& d, const Setting& s) { d.title = text(s); };
        handlers_["why"] = [this](Draft& d, const Setting& s) { d.why = text(s); };
        handlers_["law"] = [this](Draft& d, const Setting& s) { for (const auto& f : file_list(s)) law(d, f); };
        handlers_["beliefs"] = [this](Draft& d, const Setting& s) { for (const auto& f : file_list(s)) beliefs(d, f); };
        handlers_["data.counties"] = [this](Draft& d, const Setting& s) { d.data.counties = file(s, text(s)); };
        handlers_["data.standards"] = [this](Draft& d, const Setting& s) { d.data.standards = file(s, text(s)); };
        handlers_["data.incomes"] = [this](Draft& d, const Setting& s) { d.data.incomes = file(s, text(s)); };
        handlers_["data.targets"] = [this](Draft& d, const Setting& s) { d.targets = file(s, text(s)); };
        handlers_["data.indicators"] = [this](Draft& d, const Setting& s) { d.data.indicators = file(s, text(s)); };
        handlers_["run.start"] = [this](Draft& d, const Setting& s) { d.run.start = month(s); };
        handlers_["run.months"] = [this](Draft& d, const Setting& s) { d.run.months = static_cast<int>(whole(s, 1, 60)); };
        handlers_["run.burn_in"] = [this](Draft& d, const Setting& s) { d.run.burn_in = static_cast<int>(whole(s, 0, 24)); };
        handlers_["run.replicates"] = [this](Draft& d, const Setting& s) { d.run.replicates = static_cast<int>(whole(s, 1, 100000)); };
        handlers_["run.seed"] = [this](Draft& d, const Setting& s) { d.run.seed = static_cast<std::uint64_t>(whole(s, 0, INT64_MAX)); };
        handlers_["run.sample_share"] = [this](Draft& d, const Setting& s) { d.run.sample_share = number(s, 1e-6, 1); };
        handlers_["living_subsidy.amount"] = [this](Draft& d, const Setting& s) { subsidy(d, s, d.policy.policy.living); };
        handlers_["nursing_subsidy.amount"] = [this](Draft& d, const Setting& s) { subsidy(d, s, d.policy.policy.nursing); };
        handlers_["living_subsidy.take_up_factor"] = [this](Draft& d, const Setting& s) { d.policy.living_take_up_factor = number(s, 0, 10); };
        handlers_["nursing_subsidy.take_up_factor"] = [this](Draft& d, const Setting& s) { d.policy.nursing_take_up_factor = number(s, 0, 10); };
        handlers_["dibao.take_up_factor"] = [this](Draft& d, const Setting& s) { d.policy.take_up_factor = number(s, 0, 10); };
        handlers_["dibao.min_payment"] = [this](Draft& d, const Setting& s) { d.policy.dibao_min_payment = amount(s); };
        handlers_["dibao.standard.factor"] = [this](Draft& d, const Setting& s) { d.standard_factor = number(s, 0.1, 10); keep(d, s); };
        handlers_["dibao.standard.add"] = [this](Draft& d, const Setting& s) { d.standard_add = amount(s); keep(d, s); };
        handlers_["monitoring.detection_factor"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.detection_factor = number(s, 0, 100); };
        handlers_["monitoring.coverage"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.coverage = number(s, 0, 1); };
        handlers_["monitoring.visit_lag_months"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.visit_lag = static_cast<int>(whole(s, 0, 24)); };
        handlers_["monitoring.surge_percent"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.surge_percent = static_cast<int>(whole(s, 100, 1000)); };
        handlers_["monitoring.plunge_percent"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.plunge_percent = static_cast<int>(whole(s, 1, 100)); };
        handlers_["monitoring.by_spending"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.by_spending = flag(s); };
        handlers_["monitoring.by_income"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.by_income = flag(s); };
        handlers_["monitoring.by_population"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.by_population = flag(s); };
        for (std::size_t m = 0; m < rules::module_table.size(); ++m) declare_module(m);
        for (std::size_t p = 0; p < programme_labels.size() + rules::module_table.size(); ++p) {
            const std::string name(p < programme_labels.size() ? programme_labels[p] : rules::module_table[p - programme_labels.size()].name);
            const auto add = [&](const char* level, int Funding::* share) {
                handlers_["funding." + name + "." + level] = [this, p, share](Draft& d, const Setting& s) {
                    Funding& f = d.policy.funding[p];
                    f.*share = static_cast<int>(10000 * number(s, 0, 1) + 0.5);
                    d.kept.push_back(std::make_unique<Setting>(s));
                    d.funding_at[p] = d.kept.back().get();
                };
            };
            add("central", &Funding::central);
            add("province", &Funding::province);
            add("prefecture", &Funding::prefecture);
        }
        handlers_["process.review_lag_months"] = [this](Draft& d, const Setting& s) { d.policy.review_lag = static_cast<int>(whole(s, 1, 24)); };
        handlers_["process.review_months"] = [this](Draft& d, const Setting& s) { d.policy.review_months = static_cast<int>(whole(s, 1, 60)); };
        handlers_["process.review_months_unstable"] = [this](Draft& d, const Setting& s) { d.policy.review_months_unstable = static_cast<int>(whole(s, 1, 60)); };
        handlers_["process.rigid_validity_months"] = [this](Draft& d, const Setting& s) { d.policy.rigid_validity_months = static_cast<int>(whole(s, 1, 60)); };
        handlers_["temporary.max_per_year"] = [this](Draft& d, const Setting& s) { d.policy.temp_max_per_year = static_cast<int>(whole(s, 0, 12)); };
        handlers_["temporary.topup_lag_months"] = [this](Draft& d, const Setting& s) { d.policy.temp_topup_lag = static_cast<int>(whole(s, 1, 12)); };
        for (const rules::ParameterInfo& info : rules::parameter_table())
            handlers_["policy." + info.name] = [this, name = info.name](Draft& d, const Setting& s) { parameter(d, s, name); };
        for (const auto& entry : handlers_) names_.push_back(entry.first);
        for (const auto& a : assumption_table) names_.emplace_back(a.name);
        names_.insert(names_.end(), {"base", "dibao.standard.local.220102.urban"});
    }

    /// modules.NAME.on, .amount and its variants, .share, .months. What is switched on without an amount is refused.
    void declare_module(std::size_t m) {
        using rules::ModuleTerms;
        const std::string prefix = "modules." + std::string(rules::module_table[m].name) + ".";
        const auto add = [&](const char* key, auto set) {
            handlers_[prefix + key] = [this, m, set](Draft& d, const Setting& s) {
                set(d.policy.modules[m], s);
                d.kept.push_back(std::make_unique<Setting>(s));
                d.module_at[m] = d.kept.back().get();
            };
        };
        add("on", [this](ModuleTerms& t, const Setting& s) { t.on = flag(s); });
        add("amount", [this](ModuleTerms& t, const Setting& s) { t.amount = amount(s); });
        add("amount_tekun", [this](ModuleTerms& t, const Setting& s) { t.amount_tekun = amount(s); });
        add("amount_rural", [this](ModuleTerms& t, const Setting& s) { t.amount_rural = amount(s); });
        add("amount_secondary", [this](ModuleTerms& t, const Setting& s) { t.amount_secondary = amount(s); });
        add("amount_tertiary", [this](ModuleTerms& t, const Setting& s) { t.amount_tertiary = amount(s); });
        add("share", [this](ModuleTerms& t, const Setting& s) { t.share_bp = static_cast<int>(10000 * number(s, 0, 1) + 0.5); });
        add("extend_edge_rigid", [this](ModuleTerms& t, const Setting& s) { t.extend_edge_rigid = flag(s); });
        add("months", [this](ModuleTerms& t, const Setting& s) {
            const toml::array* list = s.node->as_array();
            if (!list || list->empty()) return fail(s, s.path + " must be a list of calendar months, such as [10, 11, 12]");
            t.months = 0;
            for (const toml::node& item : *list) {
                const auto month = item.value_exact<std::int64_t>().value_or(0);
                if (month < 1 || month > 12) fail(s, s.path + ": a calendar month is a whole number from 1 to 12");
                else t.months = static_cast<std::uint16_t>(t.months | 1u << (month - 1));
            }
        });
    }

    void keep(Draft& d, const Setting& s) {
        d.kept.push_back(std::make_unique<Setting>(s));
        d.standard_at = d.kept.back().get();
    }

    /// An amount of one of the two subsidies; refuses what is so far from the law's that it must be in fen.
    void subsidy(Draft& d, const Setting& s, Fen& value) {
        const Fen given = amount(s);
        if (d.reading_law) {
            value = given;
        } else if (given >= 20 * value && value > 0) {
            fail(s, fmt::format("{} = \"{}\" is {} times the law's {}; did you mean \"{} yuan/month\"? (money is in yuan, not fen)",
                                s.path, text(s), given / value, yuan_text(value), yuan_text(given / 100)));
        } else {
            value = given;
        }
    }

    void parameter(Draft& d, const Setting& s, const std::string& name) {
        rules::ParameterValue value;
        if (const auto v = s.node->value_exact<bool>()) value = *v;
        else if (const auto n = s.node->value_exact<std::int64_t>()) value = *n;
        else if (const auto t = s.node->value_exact<std::string>()) value = t->substr(0, t->find(" yuan"));
        else if (const toml::array* a = s.node->as_array()) {
            std::vector<std::int64_t> items;
            for (const toml::node& item : *a) items.push_back(item.value_exact<std::int64_t>().value_or(-1));
            value = items;
        } else {
            fail(s, s.path + " must be true or false, a whole number, a word or a list of whole numbers");
            return;
        }
        if (const std::string fault = rules::set_parameter(d.policy.policy, name, value); !fault.empty()) fail(s, fault);
    }

    void local_standard(Draft& d, const Setting& s) {
        static const std::string prefix = "dibao.standard.local.";
        const std::string rest = s.path.substr(prefix.size());
        const auto dot = rest.find('.');
        const std::string code = rest.substr(0, dot), residence = dot == std::string::npos ? "" : rest.substr(dot + 1);
        if (code.size() != 6 || code.find_first_not_of("0123456789") != std::string::npos || (residence != "urban" && residence != "rural")) {
            fail(fault_at(*s.source, s.key, s.path + " must be dibao.standard.local.<six-digit county code>.urban or .rural"));
            return;
        }
        d.kept.push_back(std::make_unique<Setting>(s));
        d.local.push_back({std::stoi(code), residence == "urban" ? Residence::urban : Residence::rural, amount(s), d.kept.back().get()});
    }

    void apply(Draft& d, const Setting& s) {
        const std::string bare = s.path.rfind("assumptions.", 0) == 0 ? s.path.substr(12) : s.path;
        if (s.path == "base") return;
        if (s.path.rfind("dibao.standard.local.", 0) == 0) return local_standard(d, s);
        if (const auto handler = handlers_.find(s.path); handler != handlers_.end()) return handler->second(d, s);
        if (const int a = assumption_called(bare); a >= 0) {
            const auto place = static_cast<std::size_t>(a);
            if (read_prior(*s.source, bare, *s.node, d.run.assumptions[place], faults_)) d.believed[place] = true;
            return;
        }
        fail(fault_at(*s.source, s.key, "unknown key \"" + s.path + '"' + did_you_mean(s.path, names_)));
    }

    /// A file of beliefs: assumptions only.
    void beliefs(Draft& d, const fs::path& path) {
        std::vector<Setting> settings;
        const toml::table& table = reader_.parse(path);
        // What `doudi calibrate` wrote is a scenario: only its assumptions are beliefs.
        const toml::table* only = table.get_as<toml::table>("assumptions");
        flatten(only ? *only : table, "", reader_.read(path), path, settings);
        for (const Setting& s : settings) apply(d, s);
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
                fail(s, "\"" + s.path + "\": a value of the law is a table with unit and values = [ { from, value, source } ]");
                continue;
            }
            if (!t->get("unit")) fail(s, "\"" + s.path + "\" has no unit");
            const toml::node* chosen = nullptr;
            int chosen_from = 0;
            for (const toml::node& item : *values) {
                const toml::table* v = item.as_table();
                const toml::node* value = v ? v->get("value") : nullptr;
                const auto from = v && v->get("from") ? v->get("from")->value<toml::date>() : std::optional<toml::date>{};
                if (!v || !from || !value) {
                    fail(fault_at(source, item.source(), "\"" + s.path + "\": each value needs from (a date), value and source"));
                } else if (v->get("source") == nullptr || v->get("source")->value_or(std::string()).empty()) {
                    fail(fault_at(source, item.source(), "\"" + s.path + "\": the value from " + std::to_string(from->year) + " has no source; name the document"));
                } else {
                    const int number = Month::of(from->year, from->month).number;
                    if (number <= d.run.start.number && (!chosen || number >= chosen_from)) {
                        chosen = value;
                        chosen_from = number;
                    }
                }
            }
            if (!chosen) {
                fail(s, fmt::format("\"{}\" has no value in force in {}-{:02}", s.path, d.run.start.year(), d.run.start.month()));
                continue;
            }
            apply(d, {s.path, chosen, s.key, &source, path});
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
            const Fault at = fault_at(reader_.read(chain.back()), base->source(), "");
            const fs::path next = reader_.resolve(base->value_or(std::string()), chain.back(), at);
            if (std::any_of(chain.begin(), chain.end(), [&](const fs::path& seen) { return fs::equivalent(seen, next); }))
                throw InputError({{at.where, "the base leads back to " + next.string(), at.excerpt}});
            chain.push_back(next);
        }
        Draft d;
        for (auto file = chain.rbegin(); file != chain.rend(); ++file) {
            d.name = file->stem().string();
            d.title.clear();
            std::vector<Setting> settings;
            flatten(reader_.parse(*file), "", reader_.read(*file), *file, settings);
            // The law needs the first month; beliefs and law come before what overrides them.
            const auto rank = [](const Setting& s) { return s.path == "run.start" ? 0 : s.path == "law" || s.path == "beliefs" ? 1 : 2; };
            std::stable_sort(settings.begin(), settings.end(), [&](const Setting& a, const Setting& b) { return rank(a) < rank(b); });
            const bool reform = file != chain.rbegin();
            for (const Setting& s : settings) {
                if (reform && (s.path.rfind("data.", 0) == 0 || s.path == "law")) {
                    fail(s, s.path + " belongs to the base scenario, not to a reform: both sides of a comparison share it");
                    continue;
                }
                apply(d, s);
            }
        }
        set_from_command_line(d, overrides_.set);
        if (place < overrides_.set_each.size()) set_from_command_line(d, overrides_.set_each[place]);
        for (const auto& [file, key] : {std::pair{&d.data.counties, "data.counties"}, {&d.data.standards, "data.standards"}, {&d.data.incomes, "data.incomes"}})
            if (file->empty()) fail({path.string(), std::string("the scenario names no ") + key + "; add it, or a base that has it", ""});
        return d;
    }

    void set_from_command_line(Draft& d, const std::vector<std::string>& settings_given) {
        for (const std::string& given : settings_given) {
            const auto equals = given.find('=');
            auto& place = set_sources_.emplace_back(std::make_unique<Set>());
            place->source = {"--set", given};
            if (equals == std::string::npos) {
                fail({"--set " + given, "is not key=value, such as --set dibao.standard.factor=1.05", ""});
                continue;
            }
            const std::string value = given.substr(equals + 1);
            const std::string key = given.substr(0, equals) + " = ";
            for (const std::string& candidate : {key + value, key + '"' + value + '"'}) {  // words need no quotes here
                try {
                    place->table = toml::parse(std::string_view(candidate), std::string_view("--set"));
                    place->source.text = candidate;
                    break;
                } catch (const toml::parse_error&) {
                    place->source.text.clear();
                }
            }
            if (place->source.text.empty()) fail({"--set " + given, "cannot be read as key=value", ""});
            std::vector<Setting> settings;
            flatten(place->table, "", place->source, fs::path("--set"), settings);
            for (const Setting& s : settings) apply(d, s);
        }
    }

    void apply_overrides(Plan& plan) {
        if (overrides_.replicates) plan.replicates = *overrides_.replicates;
        if (overrides_.months) plan.months = *overrides_.months;
        if (overrides_.seed) plan.seed = *overrides_.seed;
        if (overrides_.sample_share) plan.sample_share = *overrides_.sample_share;
    }

    void check_run(const Plan& plan) {
        if (plan.replicates < 1 || plan.replicates > 100000) fail({"--replicates", fmt::format("{} is outside 1 to 100,000", plan.replicates), ""});
        if (plan.months < 1 || plan.months > 60) fail({"--months", fmt::format("{} is outside 1 to 60", plan.months), ""});
        if (!(plan.sample_share > 0 && plan.sample_share <= 1)) fail({"--sample-share", fmt::format("{} is not in (0, 1]", plan.sample_share), ""});
    }

    /// Scenarios of one comparison share data, beliefs and size.
    void same_base(const Draft& first, const Draft& d) {
        const auto differ = [&](const std::string& what) {
            fail({d.name, "compares with " + first.name + " on other " + what + "; scenarios of one comparison share data, beliefs and run settings. For a lever on take-up use dibao.take_up_factor or monitoring.detection_factor", ""});
        };
        if (&first == &d) return;
        const auto same_file = [](const fs::path& a, const fs::path& b) { return a.empty() == b.empty() && (a.empty() || fs::equivalent(a, b)); };
        if (!same_file(first.data.counties, d.data.counties) || !same_file(first.data.standards, d.data.standards) || !same_file(first.data.incomes, d.data.incomes)) differ("data");
        for (std::size_t i = 0; i < assumption_count; ++i) {
            const Prior &a = first_run_.assumptions[i], &b = d.run.assumptions[i];
            if (a.kind != b.kind || a.mean != b.mean || a.sd != b.sd || a.low != b.low || a.high != b.high) return differ("beliefs (" + std::string(assumption_table[i].name) + ")");
        }
        if (d.run.start != first_run_.start || d.run.months != first_run_.months || d.run.seed != first_run_.seed || d.run.burn_in != first_run_.burn_in || d.run.replicates != first_run_.replicates) differ("run settings");
    }

    void finish(Draft& d, const Plan& plan) {
        d.policy.name = d.name;
        d.policy.title = d.title.empty() ? d.name : d.title;
        d.policy.why = d.why;
        for (const County& c : plan.counties) {
            std::array<Fen, residence_count> level{}, before{};
            for (std::size_t r = 0; r < 2; ++r) {
                level[r] = static_cast<Fen>(static_cast<double>(c.guidance[r]) * d.standard_factor + 0.5) + d.standard_add;
                before[r] = c.guidance[r];
                if (level[r] < c.guidance[r] && d.standard_at) {
                    fail(*d.standard_at, fmt::format("the {} standard of {} {} would be {} yuan, under the guidance standard {} of 吉民发〔2023〕67号", residence_labels[r], c.code, c.name_zh, yuan_text(level[r]), yuan_text(c.guidance[r])));
                    d.standard_at = nullptr;  // the first county is enough
                }
            }
            d.policy.standard.push_back(level);
            d.policy.standard_prev.push_back(before);
        }
        for (std::size_t m = 0; m < rules::module_table.size(); ++m)
            if (d.policy.modules[m].on && d.policy.modules[m].amount == 0)
                fail(*d.module_at[m], fmt::format("the module \"{0}\" is switched on without an amount; the gazette gives none ({1}), so set modules.{0}.amount",
                                                  rules::module_table[m].name, rules::module_table[m].source));
        for (std::size_t p = 0; p < d.funding_at.size(); ++p)
            if (d.funding_at[p] && d.policy.funding[p].county() < 0)
                fail(*d.funding_at[p], "the shares of centre, province and prefecture are over 1 together; the county pays what is left");
        for (const Draft::Local& local : d.local) {
            const auto found = std::find_if(plan.counties.begin(), plan.counties.end(), [&](const County& c) { return c.code == local.code; });
            if (found == plan.counties.end()) {
                fail(*local.at, "no county of the data has the code " + std::to_string(local.code) + nearest_code(plan, local.code));
                continue;
            }
            const auto r = static_cast<std::size_t>(local.residence);
            const Fen guidance = found->guidance[r];
            if (local.amount < guidance)
                fail(*local.at, fmt::format("the {} standard of {} {}, {} yuan, is under the guidance standard {} of 吉民发〔2023〕67号", residence_labels[r], found->code, found->name_zh, yuan_text(local.amount), yuan_text(guidance)));
            else if (local.amount > 10 * guidance)
                fail(*local.at, fmt::format("{} yuan is over 10 times the guidance standard {}; money is in yuan, not fen", yuan_text(local.amount), yuan_text(guidance)));
            else
                d.policy.standard[static_cast<std::size_t>(found - plan.counties.begin())][r] = local.amount;
        }
    }

    static std::string nearest_code(const Plan& plan, int code) {
        std::vector<std::string> codes;
        for (const County& c : plan.counties) codes.push_back(std::to_string(c.code));
        return did_you_mean(std::to_string(code), codes);
    }

    void choose_counties(Plan& plan) {
        if (overrides_.counties.empty()) return;
        std::vector<bool> wanted(plan.counties.size(), false);
        for (const int code : overrides_.counties) {
            const auto found = std::find_if(plan.counties.begin(), plan.counties.end(), [&](const County& c) { return c.code == code; });
            if (found == plan.counties.end()) fail({"--counties", "no county of the data has the code " + std::to_string(code) + nearest_code(plan, code), ""});
            else wanted[static_cast<std::size_t>(found - plan.counties.begin())] = true;
        }
        const auto only_wanted = [&](auto& list) {
            std::size_t kept = 0;
            for (std::size_t i = 0; i < wanted.size(); ++i)
                if (wanted[i]) list[kept++] = std::move(list[i]);
            list.resize(kept);
        };
        for (PolicyScenario& s : plan.scenarios) {
            only_wanted(s.standard);
            only_wanted(s.standard_prev);
        }
        only_wanted(plan.counties);
    }

    struct Set {
        Source source;
        toml::table table;
    };

    const Overrides& overrides_;
    Reader reader_;
    std::vector<Fault> faults_;
    std::map<std::string, Handler> handlers_;
    std::vector<std::string> names_;
    std::vector<std::unique_ptr<Set>> set_sources_;
    Plan first_run_;  ///< of the baseline, before the overrides of the command line
};

}  // namespace

Plan load_plan(const std::vector<fs::path>& files, const Overrides& overrides) { return Loader(overrides).load(files); }

}  // namespace doudi
