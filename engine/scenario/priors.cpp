#include "scenario/priors.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace doudi {

int assumption_called(const std::string& name) {
    for (std::size_t i = 0; i < assumption_count; ++i)
        if (assumption_table[i].name == name) return static_cast<int>(i);
    return -1;
}

bool read_prior(const Source& source, const std::string& name, const toml::node& node, Prior& prior, std::vector<Fault>& faults) {
    const auto& info = assumption_table[static_cast<std::size_t>(assumption_called(name))];
    const std::size_t before = faults.size();
    const auto fail = [&](const toml::node& at, Wording what) { faults.push_back(fault_at(source, at.source(), std::move(what))); };
    const auto in_range = [&](const toml::node& at, const char* key, double value) {
        if (!(value >= info.low && value <= info.high))
            fail(at, both("{}: {} = {} is outside {} to {}", "{}：{} = {} 超出允许范围（{} 至 {}）", name, key, value, info.low, info.high));
    };
    if (const auto number = node.value<double>(); number && !node.is_boolean()) {
        in_range(node, "value", *number);
        prior = {Prior::Kind::fixed, *number, 0, 0, 0, "fixed in " + source.name, "set by the user", {}, "在 " + source.name + " 中固定"};
        return faults.size() == before;
    }
    const toml::table* t = node.as_table();
    if (!t) {
        fail(node, both("{} must be a number or a prior, such as {{ prior = \"beta\", mean = 0.6, sd = 0.05, why = \"...\" }}", "{} 应为数值或先验，例如 {{ prior = \"beta\", mean = 0.6, sd = 0.05, why = \"...\" }}", name));
        return false;
    }
    const std::vector<std::string> known{"prior", "mean", "sd", "low", "high", "value", "evidence", "why", "why_zh", "indicators"};
    for (const auto& [key, value] : *t)
        if (std::find(known.begin(), known.end(), key.str()) == known.end())
            faults.push_back(fault_at(source, key.source(), both("{}: unknown key \"{}\"{}", "{}：未知的键 \"{}\"{}", name, key.str(), nearest(key.str(), known))));
    const auto number = [&](const char* key) {
        const toml::node* n = t->get(key);
        const auto value = n && (n->is_integer() || n->is_floating_point()) ? n->value<double>() : std::optional<double>{};
        if (!value || !std::isfinite(*value)) {
            fail(n ? *n : node, both("{}: \"{}\" must be a number", "{}：\"{}\" 应为数值", name, key));
            return std::numeric_limits<double>::quiet_NaN();
        }
        return *value;
    };
    const auto text = [&](const char* key) { return t->get(key) ? t->get(key)->value_or(std::string()) : std::string(); };
    const std::vector<std::string> kinds{"fixed", "normal", "lognormal", "beta", "uniform"};
    const std::string kind = text("prior");
    const auto place = std::find(kinds.begin(), kinds.end(), kind);
    if (place == kinds.end()) {
        fail(t->get("prior") ? *t->get("prior") : node, both("{}: prior = \"{}\" is none of fixed, normal, lognormal, beta, uniform{}", "{}：prior = \"{}\" 应为 fixed、normal、lognormal、beta、uniform 之一{}", name, kind, nearest(kind, kinds)));
        return false;
    }
    Prior p;
    p.kind = static_cast<Prior::Kind>(place - kinds.begin());
    if (p.kind == Prior::Kind::fixed) {
        p.mean = number("value");
        if (std::isfinite(p.mean)) in_range(*t->get("value"), "value", p.mean);
    } else if (p.kind == Prior::Kind::uniform) {
        p.low = number("low");
        p.high = number("high");
        p.mean = (p.low + p.high) / 2;
        if (std::isfinite(p.low)) in_range(*t->get("low"), "low", p.low);
        if (std::isfinite(p.high)) in_range(*t->get("high"), "high", p.high);
        if (p.low > p.high) fail(node, both("{}: low is over high", "{}：low 大于 high", name));
    } else {
        p.mean = number("mean");
        p.sd = number("sd");
        if (std::isfinite(p.mean)) in_range(*t->get("mean"), "mean", p.mean);
        if (p.sd < 0) fail(*t->get("sd"), both("{}: sd is negative", "{}：sd 为负数", name));
        if (p.sd == 0) p.kind = Prior::Kind::fixed;
        if (p.kind == Prior::Kind::lognormal && p.mean <= 0) fail(node, both("{}: a lognormal needs a mean over 0", "{}：lognormal 的 mean 应大于 0", name));
        if (p.kind == Prior::Kind::beta && (p.mean <= 0 || p.mean >= 1 || p.sd * p.sd >= p.mean * (1 - p.mean)))
            fail(node, both("{}: no beta distribution has mean {} and sd {} (the sd must be under {:.3g})", "{}：不存在 mean 为 {}、sd 为 {} 的 beta 分布（sd 应小于 {:.3g}）", name, p.mean, p.sd, std::sqrt(std::max(0.0, p.mean * (1 - p.mean)))));
    }
    p.why = text("why");
    p.why_zh = text("why_zh");
    p.evidence = text("evidence");
    if (const toml::node* rows = t->get("indicators")) {
        const toml::array* list = rows->as_array();
        if (!list) fail(*rows, both("{}: indicators must be a list of key@year", "{}：indicators 应为 key@year 的列表", name));
        else
            for (const toml::node& item : *list) p.indicators.push_back(item.value_or(std::string()));
    }
    if (p.why.empty()) fail(node, both("{}: \"why\" is missing; say where the belief comes from", "{}：缺少 \"why\"；请写明该假设的依据", name));
    if (faults.size() != before) return false;
    prior = p;
    return true;
}

}  // namespace doudi
