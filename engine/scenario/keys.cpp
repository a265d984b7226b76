#include "scenario/keys.hpp"

#include "base/text.hpp"
#include "rules/parameters.hpp"
#include "scenario/priors.hpp"

#include <algorithm>
#include <utility>

namespace doudi {
namespace fs = std::filesystem;

Keys::Keys(Reader& reader, std::vector<Fault>& faults, FileHandler law, FileHandler beliefs)
    : reader_(reader), faults_(faults), values_(faults), law_(std::move(law)), beliefs_(std::move(beliefs)) {
    declare();
}

void Keys::declare() {
    handlers_["name"] = [this](Draft& d, const Setting& s) { d.name = text(s); };
    handlers_["title"] = [this](Draft& d, const Setting& s) { d.title = text(s); };
    handlers_["why"] = [this](Draft& d, const Setting& s) {
        d.why = text(s);
        d.why_zh.clear();  // that of the base is not this one's; its own comes after it
    };
    handlers_["why_zh"] = [this](Draft& d, const Setting& s) { d.why_zh = text(s); };
    handlers_["law"] = [this](Draft& d, const Setting& s) { for (const auto& f : file_list(s)) law_(d, f); };
    handlers_["beliefs"] = [this](Draft& d, const Setting& s) { for (const auto& f : file_list(s)) beliefs_(d, f); };
    handlers_["data.counties"] = [this](Draft& d, const Setting& s) { d.data.counties = file(s, text(s)); };
    handlers_["data.standards"] = [this](Draft& d, const Setting& s) { d.data.standards = file(s, text(s)); };
    handlers_["data.incomes"] = [this](Draft& d, const Setting& s) { d.data.incomes = file(s, text(s)); };
    handlers_["data.margins"] = [this](Draft& d, const Setting& s) { d.data.margins = file(s, text(s)); };
    handlers_["data.survey_households"] = [this](Draft& d, const Setting& s) { d.data.survey_households = file(s, text(s)); };
    handlers_["data.survey_members"] = [this](Draft& d, const Setting& s) { d.data.survey_members = file(s, text(s)); };
    handlers_["data.targets"] = [this](Draft& d, const Setting& s) { d.targets = file(s, text(s)); };
    handlers_["data.indicators"] = [this](Draft& d, const Setting& s) { d.data.indicators = file(s, text(s)); };
    handlers_["population.factor_under_60"] = [this](Draft& d, const Setting& s) { d.ageing.under_60 = number(s, 0.1, 10); };
    handlers_["population.factor_60_to_64"] = [this](Draft& d, const Setting& s) { d.ageing.from_60_to_64 = number(s, 0.1, 10); };
    handlers_["population.factor_65plus"] = [this](Draft& d, const Setting& s) { d.ageing.from_65 = number(s, 0.1, 10); };
    handlers_["run.start"] = [this](Draft&, const Setting& s) { month(s); };  // the loader has taken it before all else: values by date are held against it
    handlers_["run.months"] = [this](Draft& d, const Setting& s) { d.run.months = static_cast<int>(whole(s, 1, most_months)); };
    handlers_["run.burn_in"] = [this](Draft& d, const Setting& s) { d.run.burn_in = static_cast<int>(whole(s, 0, 24)); };
    handlers_["run.replicates"] = [this](Draft& d, const Setting& s) { d.run.replicates = static_cast<int>(whole(s, 1, most_replicates)); };
    handlers_["run.population_draws"] = [this](Draft& d, const Setting& s) { d.run.population_draws = static_cast<int>(whole(s, 1, 1000)); };
    handlers_["run.seed"] = [this](Draft& d, const Setting& s) { d.run.seed = static_cast<std::uint64_t>(whole(s, 0, INT64_MAX)); };
    handlers_["run.targeting_families"] = [this](Draft& d, const Setting& s) { d.run.targeting_families = static_cast<int>(whole(s, 100, 1000000)); };
    handlers_["run.targeting_replicates"] = [this](Draft& d, const Setting& s) { d.run.targeting_replicates = static_cast<int>(whole(s, 0, 1000)); };
    handlers_["run.sample_share"] = [this](Draft& d, const Setting& s) { d.run.sample_share = number(s, 1e-6, 1); };
    handlers_["run.parameter_draws"] = [this](Draft& d, const Setting& s) {
        const std::string how = text(s);
        d.run.stratified_parameters = how == "stratified";
        if (how != "stratified" && how != "random") fail(s, both("{} = \"{}\" is neither \"random\" nor \"stratified\"", "{} = \"{}\" 应为 \"random\" 或 \"stratified\"", s.path, how));
    };
    handlers_["living_subsidy.amount"] = [this](Draft& d, const Setting& s) { subsidy(d, s, d.policy.policy.living); };
    handlers_["nursing_subsidy.amount"] = [this](Draft& d, const Setting& s) { subsidy(d, s, d.policy.policy.nursing); };
    handlers_["living_subsidy.take_up_factor"] = [this](Draft& d, const Setting& s) { d.policy.living_take_up_factor = number(s, 0, 10); };
    handlers_["nursing_subsidy.take_up_factor"] = [this](Draft& d, const Setting& s) { d.policy.nursing_take_up_factor = number(s, 0, 10); };
    handlers_["dibao.take_up_factor"] = [this](Draft& d, const Setting& s) { d.policy.take_up_factor = number(s, 0, 10); };
    handlers_["dibao.min_payment"] = [this](Draft& d, const Setting& s) { d.policy.dibao_min_payment = amount(s); };
    handlers_["dibao.standard.factor"] = [this](Draft& d, const Setting& s) { d.standard_factor = number(s, 0.1, 10); keep(d, s); };
    handlers_["dibao.standard.add"] = [this](Draft& d, const Setting& s) { d.standard_add = amount(s); keep(d, s); };
    const auto uprating = [this](const std::string& key, auto member) {
        const auto set = [this, member](std::initializer_list<std::size_t> residences) {
            return [this, member, list = std::vector<std::size_t>(residences)](Draft& d, const Setting& s) {
                const auto given = factors(d, s);
                for (const std::size_t r : list) (d.uprating.*member)[r] = given;
            };
        };
        handlers_["uprating." + key] = set({0, 1});
        handlers_["uprating." + key + "_urban"] = set({0});
        handlers_["uprating." + key + "_rural"] = set({1});
    };
    uprating("dibao_standard", &Uprating::standard);
    uprating("income_per_head", &Uprating::income);
    handlers_["uprating.min_wage"] = [this](Draft& d, const Setting& s) { d.uprating.min_wage = factors(d, s); };
    handlers_["uprating.round_to"] = [this](Draft& d, const Setting& s) {
        d.uprating.round_to = amount(s);
        if (d.uprating.round_to < 1 || d.uprating.round_to > 100'00) fail(s, both("{} must be from 0.01 to 100.00 yuan", "{} 应在 0.01 至 100.00 元之间", s.path));
        d.uprating.round_to = std::clamp<Fen>(d.uprating.round_to, 1, 100'00);
    };
    handlers_["monitoring.detection_factor"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.detection_factor = number(s, 0, 100); };
    handlers_["monitoring.coverage"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.coverage = number(s, 0, 1); };
    handlers_["monitoring.visit_lag_months"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.visit_lag = static_cast<int>(whole(s, 0, 24)); };
    handlers_["monitoring.surge_percent"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.surge_percent = static_cast<int>(whole(s, 100, 1000)); };
    handlers_["monitoring.plunge_percent"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.plunge_percent = static_cast<int>(whole(s, 1, 100)); };
    handlers_["monitoring.by_spending"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.by_spending = flag(s); };
    handlers_["monitoring.by_income"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.by_income = flag(s); };
    handlers_["monitoring.by_population"] = [this](Draft& d, const Setting& s) { d.policy.monitoring.by_population = flag(s); };
    for (std::size_t m = 0; m < rules::module_table.size(); ++m) declare_module(m);
    for (std::size_t p = 0; p < programme_labels.size() + rules::module_table.size(); ++p) declare_funding(p);
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
    names_.insert(names_.end(), {"base", "dibao.standard.local.220102.urban", "dibao.standard.year.2025.factor", "dibao.standard.year.2025.add",
                                 "dibao.standard.year.2025.local.220102.urban"});
}

/// modules.NAME.on, .amount and its variants, .share, .months. What is switched on without an amount is refused.
void Keys::declare_module(std::size_t m) {
    using rules::ModuleTerms;
    const std::string prefix = "modules." + std::string(rules::module_table[m].name) + ".";
    const auto add = [&](const char* key, auto set) {
        handlers_[prefix + key] = [m, set](Draft& d, const Setting& s) {
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
        if (!list || list->empty()) return fail(s, both("{} must be a list of calendar months, such as [10, 11, 12]", "{} 应为月份列表，例如 [10, 11, 12]", s.path));
        t.months = 0;
        for (const toml::node& item : *list) {
            const auto month = item.value_exact<std::int64_t>().value_or(0);
            if (month < 1 || month > 12) fail(s, both("{}: a calendar month is a whole number from 1 to 12", "{}：月份为 1 至 12 的整数", s.path));
            else t.months = static_cast<std::uint16_t>(t.months | 1u << (month - 1));
        }
    });
}

void Keys::keep(Draft& d, const Setting& s) {
    d.kept.push_back(std::make_unique<Setting>(s));
    d.standard_at = d.kept.back().get();
}

/// An amount of one of the two subsidies; refuses what is so far from the law's that it must be in fen.
void Keys::subsidy(Draft& d, const Setting& s, Fen& value) {
    const Fen given = amount(s, 100 * most_subsidy);  // an amount in fen is told from a large one below
    if (d.reading_law && given <= most_subsidy) {
        value = given;
    } else if (given >= 20 * value && value > 0) {
        fail(s, both("{} = \"{}\" is {} times the law's {}; did you mean \"{} yuan/month\"? (money is in yuan, not fen)",
                     "{} = \"{}\" 是现行标准的 {} 倍（现行 {} 元）；是否应为 \"{} yuan/month\"？（金额单位为元，不是分）", s.path, values_.written(s).value_or(""), given / value, yuan_text(value), yuan_text(given / 100)));
    } else if (given > most_subsidy) {
        fail(s, both("{} = \"{}\" is over {} yuan, the most this program reckons with", "{} = \"{}\" 超过本程序允许的上限 {} 元", s.path, values_.written(s).value_or(""), yuan_text(most_subsidy)));
    } else {
        value = given;
    }
}

void Keys::parameter(Draft& d, const Setting& s, const std::string& name) {
    rules::ParameterValue value;
    const auto& infos = rules::parameter_table();
    const auto info = std::find_if(infos.begin(), infos.end(), [&](const rules::ParameterInfo& i) { return i.name == name; });
    const auto bare = info != infos.end() && info->kind == rules::ParameterInfo::Kind::yuan ? values_.bare_number(s) : std::nullopt;
    if (bare) value = *bare;
    else if (const auto v = s.node->value_exact<bool>()) value = *v;
    else if (const auto n = s.node->value_exact<std::int64_t>()) value = *n;
    else if (const auto t = s.node->value_exact<std::string>()) value = t->substr(0, t->find(" yuan"));
    else if (const toml::array* a = s.node->as_array()) {
        std::vector<std::int64_t> items;
        for (const toml::node& item : *a) items.push_back(item.value_exact<std::int64_t>().value_or(-1));
        value = items;
    } else {
        fail(s, both("{} must be true or false, a whole number, a word or a list of whole numbers", "{} 应为 true 或 false、整数、加引号的选项或整数列表", s.path));
        return;
    }
    if (Wording fault = rules::set_parameter(d.policy.policy, name, value); !fault.empty()) fail(s, std::move(fault));
}

/// One factor for every year, or a list that begins with the second calendar year of the run.
std::vector<double> Keys::factors(Draft& d, const Setting& s) {
    d.kept.push_back(std::make_unique<Setting>(s));
    d.uprating.at = d.kept.back().get();
    const toml::array* list = s.node->as_array();
    if (!list) return {number(s, 0.5, 2)};
    std::vector<double> given;
    for (const toml::node& item : *list) given.push_back(number({s.path, &item, s.key, s.source, s.file}, 0.5, 2));
    if (given.empty()) fail(s, both("{} must be a factor, such as 1.03, or a list of them, one for each calendar year after the first", "{} 应为系数（例如 1.03），或自第二个年度起每年一个系数的列表", s.path));
    return given;
}

std::optional<LocalStandard> Keys::local_of(Draft& d, const Setting& s, const std::string& prefix) {
    const std::string rest = s.path.substr(prefix.size());
    const auto dot = rest.find('.');
    const std::string code = rest.substr(0, dot), residence = dot == std::string::npos ? "" : rest.substr(dot + 1);
    if (code.size() != 6 || code.find_first_not_of("0123456789") != std::string::npos || (residence != "urban" && residence != "rural")) {
        fail(fault_at(*s.source, s.key, both("{} must be {}<six-digit county code>.urban or .rural", "{} 应写作 {}<六位县级代码>.urban 或 .rural", s.path, prefix)));
        return {};
    }
    d.kept.push_back(std::make_unique<Setting>(s));
    const std::size_t before = faults_.size();
    const LocalStandard local{std::stoi(code), residence == "urban" ? Residence::urban : Residence::rural, amount(s, 1000 * most_standard), d.kept.back().get()};
    return sound(before) ? std::optional(local) : std::nullopt;
}

void Keys::local_standard(Draft& d, const Setting& s) {
    if (const auto local = local_of(d, s, "dibao.standard.local.")) d.local.push_back(*local);
}

/// dibao.standard.year.YYYY.factor, .add and .local.CODE.urban or .rural.
void Keys::year_standard(Draft& d, const Setting& s) {
    static const std::string prefix = "dibao.standard.year.";
    const std::string year = s.path.substr(prefix.size(), 4), key = s.path.size() > prefix.size() + 5 ? s.path.substr(prefix.size() + 5) : "";
    const bool is_year = year.size() == 4 && year.find_first_not_of("0123456789") == std::string::npos && s.path.substr(prefix.size() + 4, 1) == ".";
    if (!is_year || (key != "factor" && key != "add" && key.rfind("local.", 0) != 0))
        return fail(fault_at(*s.source, s.key, both("{} must be {}<calendar year>.factor, .add or .local.<county code>.urban or .rural", "{} 应写作 {}<年份>.factor、.add 或 .local.<县级代码>.urban、.rural", s.path, prefix)));
    if (std::stoi(year) <= d.run.start.year())
        return fail(fault_at(*s.source, s.key, both("{}: the run begins in {}; its own standards are dibao.standard.factor, .add and .local", "{}：测算自 {} 年起，该年标准由 dibao.standard.factor、.add、.local 设定", s.path, d.run.start.year())));
    YearStandard& y = d.standard_of_year[std::stoi(year)];
    d.kept.push_back(std::make_unique<Setting>(s));
    if (key == "factor") y.factor = number(s, 0.1, 10);
    else if (key == "add") y.add = amount(s);
    else if (const auto local = local_of(d, s, prefix + year + ".local.")) y.local.push_back(*local);
    if (key.rfind("local.", 0) != 0 || y.at == nullptr) y.at = d.kept.back().get();
}

/// A value that changes within the run: `values = [ { from = 2025-01-01, value = "90.00 yuan/month" } ]`.
void Keys::by_date(Draft& d, const Setting& s) {
    static const std::vector<std::string> of_list{"values", "unit"}, of_item{"from", "value", "source", "why"};
    const toml::table& t = *s.node->as_table();
    const toml::array* values = t.get_as<toml::array>("values");
    if (s.path != "living_subsidy.amount" && s.path != "nursing_subsidy.amount" && s.path.rfind("policy.", 0) != 0)
        return fail(s, both("{} takes one value for the whole run; values by date are for living_subsidy.amount, nursing_subsidy.amount and policy.*", "{} 在整个测算期只取一个值；按日期取值仅适用于 living_subsidy.amount、nursing_subsidy.amount 和 policy.*", s.path));
    for (const auto& [key, node] : t)
        if (key.str() != "values" && key.str() != "unit")
            fail(fault_at(*s.source, key.source(), both("{}: unknown key \"{}\"{}", "{}：未知的键 \"{}\"{}", s.path, key.str(), nearest(key.str(), of_list))));
    if (!values || values->empty()) return fail(s, both("{}: values must be a list of {{ from, value }}", "{}：values 应为 {{ from, value }} 的列表", s.path));
    std::vector<Draft::Dated> later;
    std::optional<Draft::Dated> first;
    for (const toml::node& item : *values) {
        const toml::table* v = item.as_table();
        const toml::node* value = v ? v->get("value") : nullptr;
        const auto from = v && v->get("from") ? v->get("from")->value<toml::date>() : std::optional<toml::date>{};
        if (!value || !from) {
            fail(fault_at(*s.source, item.source(), both("{}: each value needs from (a date such as 2025-01-01) and value", "{}：每个值都要有 from（日期，例如 2025-01-01）和 value", s.path)));
            continue;
        }
        for (const auto& [key, node] : *v)
            if (key.str() != "from" && key.str() != "value" && key.str() != "source" && key.str() != "why")
                fail(fault_at(*s.source, key.source(), both("{}: unknown key \"{}\"{}", "{}：未知的键 \"{}\"{}", s.path, key.str(), nearest(key.str(), of_item))));
        const Draft::Dated dated{Month::of(from->year, from->month), {s.path, value, s.key, s.source, s.file}, false};
        if (dated.from > d.run.start) later.push_back(dated);
        else if (!first || dated.from >= first->from) first = dated;
    }
    if (first) apply(d, first->setting);
    d.dated.insert(d.dated.end(), later.begin(), later.end());
}

void Keys::apply(Draft& d, const Setting& s) {
    const std::size_t before = faults_.size();
    try {
        take(d, s);
    } catch (const InputError& e) {  // it names a file that is not there, or that cannot be read
        faults_.insert(faults_.end(), e.faults().begin(), e.faults().end());
    }
    if (!sound(before)) d.doubted.insert(s.path.rfind("assumptions.", 0) == 0 ? s.path.substr(12) : s.path);
}

void Keys::take(Draft& d, const Setting& s) {
    const std::string bare = s.path.rfind("assumptions.", 0) == 0 ? s.path.substr(12) : s.path;
    if (s.path == "base") {
        if (s.source->name == "--set") fail(s, both("base is what a scenario file builds on and cannot be set for one run; name that scenario instead, or write a reform with this base",
                                                    "base 是方案文件的基准，不能只为一次运行另行设定；请直接指定该方案，或以它为基准写一个方案文件"));
        return;
    }
    // What a scenario says holds for the whole run, whatever the law foresees for later.
    if (!d.reading_law) std::erase_if(d.dated, [&](const Draft::Dated& later) { return later.setting.path == s.path; });
    const toml::table* table = s.node->as_table();
    if (table && table->contains("values") && assumption_called(bare) < 0) return by_date(d, s);
    if (s.path.rfind("dibao.standard.year.", 0) == 0) return year_standard(d, s);
    if (s.path.rfind("dibao.standard.local.", 0) == 0) return local_standard(d, s);
    if (const auto handler = handlers_.find(s.path); handler != handlers_.end()) return handler->second(d, s);
    if (const int a = assumption_called(bare); a >= 0) {
        const auto place = static_cast<std::size_t>(a);
        if (read_prior(*s.source, bare, *s.node, d.run.assumptions[place], faults_)) d.believed[place] = true;
        d.run.joint.drop(place);  // the last word counts
        return;
    }
    fail(fault_at(*s.source, s.key, both("unknown key \"{}\"{}", "未知的键 \"{}\"{}", s.path, faults_.size() < 200 ? nearest(s.path, names_) : Wording())));
}

fs::path Keys::file(const Setting& s, const std::string& named) { return reader_.resolve(named, s.file, fault_at(*s.source, s.node->source(), Wording())); }
std::vector<fs::path> Keys::file_list(const Setting& s) {
    std::vector<fs::path> list;
    const toml::array* names = s.node->as_array();
    if (!names) fail(s, both("{} must be a list of files", "{} 应为文件列表", s.path));
    else for (const toml::node& name : *names) list.push_back(file(s, name.value_or(std::string())));
    return list;
}


/// funding.PROGRAMME.central, .province, .prefecture: shares; the county pays what is left, and may say so itself.
void Keys::declare_funding(std::size_t p) {
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
    handlers_["funding." + name + ".county"] = [this, p](Draft& d, const Setting& s) {
        d.funding_county[p] = static_cast<int>(10000 * number(s, 0, 1) + 0.5);
        d.kept.push_back(std::make_unique<Setting>(s));
        d.funding_at[p] = d.kept.back().get();
    };
}

}  // namespace doudi
