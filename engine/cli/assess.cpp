#include "cli/assess.hpp"

#include "base/error.hpp"
#include "cli/fields.hpp"
#include "rules/decision.hpp"
#include "rules/parameters.hpp"
#include "rules/reasons.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <istream>
#include <optional>
#include <ostream>

namespace doudi::cli {
namespace {

using namespace rules;

Month month_of(const Fields& f, const std::string& key, const std::string& text) {
    int year = 0, month = 0;
    char tail = 0;
    if (text.size() != 7 || std::sscanf(text.c_str(), "%4d-%2d%c", &year, &month, &tail) != 2 || month < 1 || month > 12 || year < 1)
        f.fail("\"" + key + "\" = \"" + text + "\" is not a month \"YYYY-MM\"");
    return Month::of(year, month);
}

Member member_from(const Json& json, std::size_t place, std::optional<Month> month) {
    Fields f(json, "members[" + std::to_string(place) + "]");
    Member m;
    const std::string birth = f.text("birth_ym", "");
    if (!birth.empty()) {
        if (!month) f.fail("\"birth_ym\" needs the family's \"month\"");
        m.age_months = *month - month_of(f, "birth_ym", birth);
        if (m.age_months < 0 || m.age_months > 12 * 130) f.fail("\"birth_ym\" = \"" + birth + "\" lies outside 130 years before the month");
        m.age = m.age_months / 12;
        f.whole("age", 0, 130, 0);  // the birth month is the better knowledge
    } else {
        m.age = static_cast<int>(f.whole("age", 0, 130));
    }
    m.disability_grade = static_cast<std::uint8_t>(f.whole("disability_grade", 0, 4, 0));
    m.disability_type = f.word("disability_type", {"none", "visual", "hearing", "speech", "physical", "intellectual", "mental", "multiple"}, DisabilityType::none);
    m.severe_illness = f.flag("severe_illness", false);
    m.employed = f.flag("employed", false);
    m.student = f.flag("student", false);
    m.monthly_income = f.yuan("monthly_income");
    m.care_level = f.word("care_level", {"none", "self", "semi", "full"}, CareLevel::none);
    m.tekun = f.flag("tekun", false);
    m.tekun_prior = f.flag("tekun_prior", false);
    m.orphan = f.flag("orphan", false);
    m.work_injury_care = f.flag("work_injury_care", false);
    m.school_level = f.word("school_level", {"none", "secondary", "tertiary"}, SchoolLevel::none);
    m.counted = f.flag("counted", true);
    f.done();
    return m;
}

/// `event`, `prior` and `params` may be left out, null, empty text or {}.
Json object_or_empty(Fields& f, const std::string& key) {
    const Json* v = f.find(key);
    if (!v || (v->is_string() && v->get_ref<const std::string&>().empty())) return Json::object();
    if (!v->is_object()) f.fail("\"" + key + "\" must be an object");
    return *v;
}

Event event_from(const Json& json) {
    Event e;
    if (json.empty()) return e;
    Fields f(json, "event");
    if (!f.find("type")) f.fail("\"type\" is missing (public_emergency, acute or expenditure)");
    e.type = f.word("type", {"none", "public_emergency", "acute", "expenditure"}, Event::Type::none);
    if (e.type == Event::Type::public_emergency) e.affected = static_cast<int>(f.whole("affected", 0, max_members));
    if (e.type == Event::Type::acute) {
        e.need = f.yuan("need");
        e.stage = f.word("stage", {"first", "topup"}, Event::Stage::first);
        e.paid = f.yuan("paid", Fen{0});
    }
    if (e.type == Event::Type::expenditure) {
        if (!f.find("cause")) f.fail("\"cause\" is missing");
        e.cause = f.word("cause", {"illness", "disaster", "disability", "schooling", "unemployment"}, Event::Cause::illness);
    }
    f.done();
    return e;
}

Prior prior_from(const Json& json) {
    Prior p;
    Fields f(json, "prior");
    if (!f.text("status", "").empty()) p.status = f.word("status", {"none", "dibao", "tekun"}, Prior::Status::none);
    p.reason = Prior::Reason::other;
    if (!f.text("reason", "").empty() && f.word("reason", {"none", "employment", "transfer", "other"}, 0) == 1) p.reason = Prior::Reason::employment;  // the only one the law asks about
    p.months_since_exit = static_cast<int>(f.whole("months_since_exit", 0, 1200, 0));
    p.dibao = f.yuan("dibao", Fen{0});
    p.monitored = f.flag("monitored", false);
    f.done();
    return p;
}

ParameterValue value_from(const Json& json, const std::string& name) {
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_integer()) {
        for (const ParameterInfo& info : parameter_table())
            if (info.name == name && info.kind == ParameterInfo::Kind::yuan) return json.dump();
        return json.get<std::int64_t>();
    }
    if (json.is_string()) return json.get<std::string>();
    if (json.is_array()) {
        std::vector<std::int64_t> items;
        for (const Json& item : json) {
            if (!item.is_number_integer()) throw InputError("params." + name, "must be a list of whole numbers");
            items.push_back(item.get<std::int64_t>());
        }
        return items;
    }
    throw InputError("params." + name, json.dump() + " is neither a switch, a whole number, a word nor a list");
}

void apply(Policy& policy, Fen& guidance, const Json& params, const std::string& prefix = "") {
    for (const auto& [key, value] : params.items()) {
        const std::string name = prefix + key;
        if (value.is_object()) {
            apply(policy, guidance, value, name + '.');
        } else if (name == "guidance") {
            Fields f(params, "params");
            guidance = f.yuan("guidance", Fen{0});
        } else if (name == "gradual_profile_pct" && value == "flat") {
            policy.gradual_profile_pct.clear();
        } else if (const Wording fault = set_parameter(policy, name, value_from(value, name)); !fault.empty()) {
            throw InputError("params", fault);
        }
    }
}

const char* status_word(PersonStatus s) {
    constexpr const char* words[] = {"out", "orphan", "tekun", "dibao_single", "none", "dibao", "dibao_gradual", "edge", "rigid", "monitored"};
    return words[static_cast<std::size_t>(s)];
}

Json answer(const Json& line) {
    Fields f(line, "");
    // Columns of the example table that are for people or for checking.
    f.ignore({"id", "county_zh", "residence", "rule_ref", "expected_category", "expected_individual", "dibao", "supplement", "tekun_basic",
              "tekun_care", "living_subsidy", "nursing_subsidy", "temporary"});
    Standards s;
    s.dibao = f.yuan("standard");
    Policy policy;
    apply(policy, s.guidance, object_or_empty(f, "params"));
    const Fen effective = std::max(s.dibao, s.guidance);  // what is not said is the standard that applies; a floor_mode of error is told below
    s.dibao_prev = f.yuan("standard_prev", effective);
    s.urban = f.yuan("urban_standard", effective);
    s.min_wage_prev = f.yuan("min_wage_prev", Fen{0});
    s.pcdi = f.yuan("last_year_pcdi");
    const std::string month_text = f.text("month", "");
    std::optional<Month> month;
    if (!month_text.empty()) month = month_of(f, "month", month_text);
    std::vector<Member> members;
    const Json* list = f.find("members");
    if (!list || !list->is_array() || list->empty()) f.fail("\"members\" must be a list of at least one member");
    if (list->size() > static_cast<std::size_t>(max_members)) f.fail("a family of " + std::to_string(list->size()) + " is over the most, 32 members");
    for (std::size_t i = 0; i < list->size(); ++i) members.push_back(member_from((*list)[i], i, month));
    Household h;
    h.members = members;
    h.essential_spending_12m = f.yuan("essential_spending_12m", Fen{0});
    h.income_12m = f.yuan("income_12m", Fen{0});
    if (!f.find("assets_ok")) f.fail("\"assets_ok\" is missing (true or false)");
    h.assets_ok = f.flag("assets_ok", false);
    h.event = event_from(object_or_empty(f, "event"));
    h.prior = prior_from(object_or_empty(f, "prior"));
    f.done();

    const Decision d = decide(h, s, policy);
    Json out;
    out["id"] = line.contains("id") ? line["id"] : Json();
    out["category"] = category_labels[static_cast<std::size_t>(d.category)];
    out["individual"] = Json::array();
    for (std::size_t i = 0; i < members.size(); ++i) out["individual"].push_back(status_word(d.status[i]));
    for (std::size_t p = 0; p < programme_labels.size(); ++p)
        out["pay"][std::string(programme_labels[p])] = yuan_text(d.pay.by_programme[p]);
    out["why"] = Json::array();
    for (const Reason& r : reasons(h, s, policy, d)) out["why"].push_back({{"rule", r.rule}, {"source", r.source}});
    return out;
}

constexpr std::size_t most_bytes = 1u << 20;

/// Reads a line; of one that is too long only so much that `assess_line` refuses it.
bool read_line(std::istream& in, std::string& line) {
    line.clear();
    std::streambuf& buffer = *in.rdbuf();
    for (int c = buffer.sbumpc(); c != std::char_traits<char>::eof(); c = buffer.sbumpc()) {
        if (c == '\n') return true;
        if (line.size() <= most_bytes) line += static_cast<char>(c);
    }
    in.setstate(std::ios::eofbit);
    return !line.empty();
}

}  // namespace

std::string assess_line(const std::string& text, bool& ok) {
    Json id;
    ok = false;
    const auto bad = [&](const std::string& what) {
        return Json{{"id", id}, {"error", what}}.dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    try {
        if (text.size() > most_bytes) return bad("the line is over 1 MiB, the most a line may have");
        const Json line = Json::parse(text, [](int depth, Json::parse_event_t, Json&) {
            // Deep nesting would exhaust the stack where values are copied or printed.
            if (depth > 16) throw InputError("", "the line is nested over 16 levels deep");
            return true;
        });
        if (line.is_object() && line.contains("id")) id = line["id"];
        if (id.is_structured()) {
            id = {};
            return bad("\"id\" must be text or a number");
        }
        Json out = answer(line);
        ok = true;
        return out.dump();
    } catch (const InputError& e) {
        const Fault& fault = e.faults().front();
        return bad((fault.where.empty() ? "" : fault.where + ": ") + fault.what.en);
    } catch (const nlohmann::json::exception& e) {
        return bad(std::string("not JSON: ") + e.what());
    }
}

int assess_stream(std::istream& in, std::ostream& out) {
    int code = 0;
    for (std::string line; read_line(in, line);) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        bool ok = false;
        out << assess_line(line, ok) << '\n';
        if (!ok) code = 2;
    }
    out.flush();
    return code;
}

}  // namespace doudi::cli
