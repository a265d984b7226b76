#pragma once
#include "base/error.hpp"
#include "base/money.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace doudi::cli {

using Json = nlohmann::ordered_json;

/// Reads the fields of one object, and in the end refuses those nobody asked for.
class Fields {
public:
    Fields(const Json& object, std::string place) : object_(object), place_(std::move(place)) {
        if (!object_.is_object()) fail("must be an object");
    }

    [[noreturn]] void fail(const std::string& what) const { throw InputError(place_, what); }

    const Json* find(const std::string& key) {
        known_.insert(key);
        const auto it = object_.find(key);
        return it == object_.end() || it->is_null() ? nullptr : &*it;
    }

    Fen yuan(const std::string& key, std::optional<Fen> otherwise = {}) {
        const Json* v = find(key);
        if (otherwise && (!v || (v->is_string() && v->get_ref<const std::string&>().empty()))) return *otherwise;
        if (!v) fail("\"" + key + "\" is missing (yuan as decimal text, such as \"770.00\")");
        if (v->is_number_integer()) return whole(key, 0, limit / 100) * 100;
        const auto fen = v->is_string() ? parse_yuan(v->get_ref<const std::string&>()) : std::optional<Fen>{};
        if (!fen) fail("\"" + key + "\" = " + v->dump() + " is not an amount in yuan with at most two decimals, such as \"770.00\"");
        if (*fen < 0) fail("\"" + key + "\" = " + v->dump() + " is negative");
        if (*fen > limit) fail("\"" + key + "\" = " + v->dump() + " is over 10,000,000,000 yuan");
        return *fen;
    }

    std::int64_t whole(const std::string& key, std::int64_t low, std::int64_t high, std::optional<std::int64_t> otherwise = {}) {
        const Json* v = find(key);
        if (!v && otherwise) return *otherwise;
        if (!v) fail("\"" + key + "\" is missing (a whole number)");
        if (!v->is_number_integer()) fail("\"" + key + "\" = " + v->dump() + " is not a whole number");
        if (v->is_number_unsigned() && v->get<std::uint64_t>() > static_cast<std::uint64_t>(high))
            fail("\"" + key + "\" = " + v->dump() + " is outside " + std::to_string(low) + " to " + std::to_string(high));
        const auto value = v->get<std::int64_t>();
        if (value < low || value > high)
            fail("\"" + key + "\" = " + v->dump() + " is outside " + std::to_string(low) + " to " + std::to_string(high));
        return value;
    }

    bool flag(const std::string& key, bool otherwise) {
        const Json* v = find(key);
        if (!v) return otherwise;
        if (v->is_boolean()) return v->get<bool>();
        for (const bool value : {false, true})
            if (*v == static_cast<int>(value) || *v == (value ? "1" : "0")) return value;
        fail("\"" + key + "\" = " + v->dump() + " is not true or false");
    }

    std::string text(const std::string& key, const std::string& otherwise) {
        const Json* v = find(key);
        if (!v) return otherwise;
        if (!v->is_string()) fail("\"" + key + "\" = " + v->dump() + " is not text");
        return v->get<std::string>();
    }

    /// Place of the word among `words`.
    template <class Enum>
    Enum word(const std::string& key, const std::vector<std::string>& words, Enum otherwise) {
        const Json* v = find(key);
        if (!v) return otherwise;
        const std::string given = text(key, "");
        for (std::size_t i = 0; i < words.size(); ++i)
            if (words[i] == given) return static_cast<Enum>(i);
        std::string list;
        for (const std::string& w : words) list += (list.empty() ? "" : ", ") + w;
        fail("\"" + key + "\" = \"" + given + "\" is none of " + list + did_you_mean(given, words));
    }

    void ignore(std::initializer_list<const char*> keys) { known_.insert(keys.begin(), keys.end()); }

    void done() const {
        for (const auto& [key, value] : object_.items())
            if (!known_.contains(key)) fail("unknown field \"" + key + '"' + did_you_mean(key, std::vector<std::string>(known_.begin(), known_.end())));
    }

private:
    static constexpr Fen limit = 1'000'000'000'000;  // 10^10 yuan: products with 12, 32 members and 10,000 stay in int64
    const Json& object_;
    std::string place_;
    std::set<std::string> known_;
};

}  // namespace doudi::cli
